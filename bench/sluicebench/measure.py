"""What a process costs: CPU time without its JIT compiler, and resident memory, from /proc."""
import os

TICK = os.sysconf("SC_CLK_TCK")
# Threads of HotSpot's compilers: their work ends when the JVM is warm.
COMPILERS = ("C1 ", "C2 ", "C1_", "C2_")


def _ticks(stat):
    fields = stat[stat.rindex(")") + 2:].split()
    return int(fields[11]) + int(fields[12])


def _read(path):
    with open(path) as file:
        return file.read()


def _compiling(pid):
    ticks = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        try:
            stat = _read(f"/proc/{pid}/task/{task}/stat")
        except FileNotFoundError:
            continue
        if stat[stat.index("(") + 1:].startswith(COMPILERS):
            ticks += _ticks(stat)
    return ticks


def children(pid):
    """The process and its descendants."""
    found = [pid]
    try:
        for child in _read(f"/proc/{pid}/task/{pid}/children").split():
            found += children(int(child))
    except FileNotFoundError:
        pass
    return found


def cpu_seconds(pid):
    """Seconds of CPU time of a process and its descendants, compiler threads left out."""
    return sum(_ticks(_read(f"/proc/{each}/stat")) - _compiling(each) for each in children(pid)) / TICK


def compiler_seconds(pid):
    """Seconds of CPU time of HotSpot's compiler threads that are alive."""
    return sum(_compiling(each) for each in children(pid)) / TICK


def resident_mib(pid):
    """Resident memory of a process and its descendants; shared pages of workers count once each."""
    total = 0
    for each in children(pid):
        for line in _read(f"/proc/{each}/status").splitlines():
            if line.startswith("VmRSS:"):
                total += int(line.split()[1])
    return total / 1024
