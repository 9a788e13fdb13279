"""Becomes another program, under limits that the program can't lift; ends with the process that asked for it.

Run as a script, in a Python without further packages: `launcher.py BYTES SECONDS PARENT PROGRAM ARGUMENT…`.
"""

import ctypes
import os
import resource
import signal
import sys

PR_SET_PDEATHSIG = 1
NICENESS = 5


def limit(memory: int, seconds: int) -> None:
    """At most so many bytes of memory and seconds of computing; no core dumps; people's requests come first."""
    for kind, most in (
        (resource.RLIMIT_DATA, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hardest = resource.getrlimit(kind)
        allowed = most if hardest == resource.RLIM_INFINITY else min(most, hardest)
        resource.setrlimit(kind, (allowed, allowed))
    os.nice(NICENESS)


def end_with(parent: int) -> None:
    """Let the system end this process with the one that asked for it, however that ends."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


if __name__ == "__main__":
    limit(int(sys.argv[1]), int(sys.argv[2]))
    end_with(int(sys.argv[3]))
    os.execvp(sys.argv[4], sys.argv[4:])  # noqa: S606 the program that our own code names
