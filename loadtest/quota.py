"""A limit of CPU for processes, by the kernel where it lets us, as Fargate does; else their share is only computed."""
import os
import pathlib

ROOT = pathlib.Path("/sys/fs/cgroup")
PERIOD_MICROS = 100_000
# Over all others on this machine, up to the limit: on Fargate a task's CPU is its own.
WEIGHT_TIMES = 16


class Shares:
    """No limit: what a process takes is compared with what it should have."""

    sentence = "no quota (no cgroup to write to), the share is computed"

    def __init__(self, names):
        pass

    def within(self, _, command):
        return command

    def limit(self, name, vcpus):
        pass

    def free(self):
        pass

    def remove(self):
        pass


class Cgroups:
    """A cgroup a process, of version 1 or 2."""

    sentence = "quota by cgroup"

    def __init__(self, names):
        second = (ROOT / "cgroup.controllers").exists()
        self.file, self.none = ("cpu.max", "max") if second else ("cpu.cfs_quota_us", "-1")
        weight = ("cpu.weight", 100) if second else ("cpu.shares", 1024)
        self.base = ROOT if second else ROOT / "cpu"
        self.folders = {}
        for name in names:
            folder = self.base / f"rollout-load-{os.getpid()}-{name}"
            folder.mkdir()
            self.folders[name] = folder
            (folder / weight[0]).write_text(str(weight[1] * WEIGHT_TIMES))
        self.free()

    def within(self, name, command):
        folder = self.folders.get(name)
        if folder is None:
            return command
        return ["sh", "-c", 'echo $$ > "$0" && exec "$@"', str(folder / "cgroup.procs"), *command]

    def limit(self, name, vcpus):
        (self.folders[name] / self.file).write_text(str(int(vcpus * PERIOD_MICROS)))

    def free(self):
        """Takes the limits away, so that what is under way can end."""
        for folder in self.folders.values():
            (folder / self.file).write_text(self.none)

    def remove(self):
        for folder in self.folders.values():
            try:
                folder.rmdir()
            except OSError:
                pass  # A process of it still ends.


def choose(names):
    """Cgroups where they can be made, else shares."""
    made = Cgroups.__new__(Cgroups)
    try:
        made.__init__(names)
        return made
    except OSError:
        made.remove()
        return Shares(names)
