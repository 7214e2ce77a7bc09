"""Runs a command on a terminal of its own: what comes on stdin is typed, what it prints is printed.

Usage: on_terminal.py COMMAND ARGUMENT...  Ends with the command's exit code.
"""

import os
import pty
import select
import sys


def main():
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp(sys.argv[1], sys.argv[1:])
    typing = True
    while True:
        watched = [terminal, 0] if typing else [terminal]
        ready, _, _ = select.select(watched, [], [])
        if terminal in ready:
            try:
                said = os.read(terminal, 65536)
            except OSError:
                break  # the command has ended
            if not said:
                break
            os.write(1, said)
        if 0 in ready:
            typed = os.read(0, 4096)
            if typed:
                os.write(terminal, typed)
            else:
                typing = False
    _, status = os.waitpid(pid, 0)
    sys.exit(os.waitstatus_to_exitcode(status) % 256)


main()
