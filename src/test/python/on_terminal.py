"""Runs a command on a terminal of its own and prints what it prints.

Usage: on_terminal.py COMMAND ARGUMENT...  Ends with the command's exit code.
"""

import os
import pty
import sys


def main():
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp(sys.argv[1], sys.argv[1:])
    while True:
        try:
            said = os.read(terminal, 65536)
        except OSError:
            break  # the command has ended
        if not said:
            break
        os.write(1, said)
    _, status = os.waitpid(pid, 0)
    sys.exit(os.waitstatus_to_exitcode(status) % 256)


main()
