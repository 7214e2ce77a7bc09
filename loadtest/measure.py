"""What a process has used: its processor time by kind of thread, its memory, and what its garbage collector's log says."""
import datetime
import os
import pathlib
import re

TICKS = os.sysconf("SC_CLK_TCK")
LOOP, LOG, GC, JIT, REST = "loop", "log", "GC", "JIT", "rest"
KINDS = (LOOP, LOG, GC, JIT, REST)
# The names of threads as Linux cuts them: 15 letters. A worker of nginx or HAProxy is one loop.
NAMES = ((LOOP, ("vert.x-eventloo", "loop-", "reactor-http", "nginx", "haproxy")), (LOG, ("access-log",)),
         (GC, ("GC Thread", "G1 ", "VM Thread", "Reference Handl", "VM Periodic")), (JIT, ("C1 Compiler", "C2 Compiler", "Sweeper")))
PAUSE = re.compile(r"^\[([^\]]+)\].* Pause .* (\d+)([KMG])->(\d+)([KMG])\(.*\) ([\d.]+)ms")
BYTES = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}


def family(pid):
    """A process and its workers."""
    children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [pid] + [each for child in children for each in family(int(child))]


def rss_kb(pid):
    return sum(int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{each}/status").read_text(encoding="ascii"))[1]) for each in family(pid))


def seconds(stat):
    fields = stat.rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def kind(name):
    return next((kind for kind, begins in NAMES if name.startswith(begins)), REST)


class Cpu:
    """The processor time of a process and its workers so far, in seconds: all of it, and by thread."""

    def __init__(self, pid):
        self.all, self.threads = 0.0, {}
        for each in family(pid):
            self.all += seconds(pathlib.Path(f"/proc/{each}/stat").read_text(encoding="ascii"))
            for thread in pathlib.Path(f"/proc/{each}/task").iterdir():
                try:
                    stat = (thread / "stat").read_text(encoding="ascii")
                except OSError:  # It has ended.
                    continue
                self.threads[thread.name] = (kind(stat[stat.index("(") + 1:stat.rindex(")")]), seconds(stat))

    def since(self, before):
        """kind -> seconds, and "cpu" -> all. A thread that has ended in between is among the rest."""
        used = dict.fromkeys(KINDS, 0.0)
        for thread, (name, now) in self.threads.items():
            used[name] += now - before.threads.get(thread, (name, 0.0))[1]
        used["cpu"] = self.all - before.all
        used[REST] += max(0.0, used["cpu"] - sum(used[name] for name in KINDS))
        return used


def collections(log):
    """(time, bytes before, bytes after, milliseconds) of each pause of a log of -Xlog:gc with the decorator time."""
    if not log or not log.exists():
        return []
    found = (PAUSE.match(line) for line in log.read_text(encoding="utf-8").splitlines())
    return [(datetime.datetime.strptime(each[1], "%Y-%m-%dT%H:%M:%S.%f%z").timestamp(), int(each[2]) * BYTES[each[3]], int(each[4]) * BYTES[each[5]],
             float(each[6])) for each in found if each]


def allocated_a_second(pauses, begin, end):
    """Bytes a second between the first collection of a span and its last; 0 = there were not two."""
    within = [each for each in pauses if begin <= each[0] <= end]
    if len(within) < 2:
        return 0.0
    total = sum(now[1] - last[2] for last, now in zip(within, within[1:]))
    return total / (within[-1][0] - within[0][0])


def pause_p90(pauses, begin, end):
    """Milliseconds; 0 = there was none."""
    times = sorted(each[3] for each in pauses if begin <= each[0] <= end)
    return times[max(0, -(-len(times) * 9 // 10) - 1)] if times else 0.0
