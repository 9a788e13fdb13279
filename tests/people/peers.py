"""Peers of the tests in processes of their own, on free ports of the loopback interface."""

import subprocess
import sys
from contextlib import contextmanager

from tests.live import ROOT


@contextmanager
def python_peer(module: str, *arguments: str):
    """The port of a module that is run as a program and prints its port once it answers."""
    command = [sys.executable, "-W", "ignore", "-m", module, *arguments]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline()
        assert line.strip().isdigit(), f"{module} did not start"
        yield int(line)
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()
