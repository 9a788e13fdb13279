"""Several things at the same instant, each in a thread with a database connection of its own."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

WORKERS = 16


def need_real_connections() -> None:
    """Skips the test on the database in memory, whose threads would share one connection."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite's database in memory has one connection; a live server shows its file at work")


def at_once(calls):
    """What the calls give back, in their order; the first of them begin in the same instant."""
    calls = list(calls)
    start = threading.Barrier(min(WORKERS, len(calls)))

    def run(number, call):
        if number < start.parties:
            start.wait(20)
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        return [waiting.result(120) for waiting in [pool.submit(run, *numbered) for numbered in enumerate(calls)]]
