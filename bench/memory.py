"""How much memory a process came to hold, as the kernel counts it for the process alone."""

from pathlib import Path

KILOBYTES_PER_GB = 1 << 20
_MOST = "VmHWM:"


def most_memory_gb() -> float:
    """The most this process has held since its program was started, in GB.

    `getrusage` says no less than what the process held that started this one, which may be far more.
    """
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(_MOST):
            return int(line.removeprefix(_MOST).split()[0]) / KILOBYTES_PER_GB
    raise OSError("the kernel does not tell how much memory this process has held")
