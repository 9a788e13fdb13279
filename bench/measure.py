#!/usr/bin/env python3
"""Measures two servers of the same API with the same rows, request by request, in turns.

    python bench/measure.py --a URL --a-database URL --b URL --b-database URL [--log FILE] [NAME ...]

Prints a Markdown table: of each request the median, the 95th percentile and the minimum (ms), the CPU time of the API processes
and of the database's sessions (ms per request, the figures to trust on a busy machine), bytes, and SQL statements when --log
names PostgreSQL's log. NAMEs choose the requests that contain them. Both servers must be on this machine.
"""

import argparse
import statistics
import sys
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from machine import Database, Processes, StatementLog
from operations import Operation, Server, World, add_picture, reads, writes

WARM_UP, FEWEST, SECONDS, PATIENCE = 3, 5, 3.0, 10.0


@dataclass
class Side:
    """One of the two servers, with what it runs on."""

    server: Server
    processes: Processes
    database: Database | None


@dataclass
class Result:
    """What one request took on one server."""

    status: int = 0
    size: int = 0
    times: list[float] = field(default_factory=list)
    cpu: float = 0.0
    database_cpu: float = 0.0
    statements: int | None = None

    def per_request(self, total: float) -> float:
        """The share of one request."""
        return total / max(1, len(self.times))


def once(side: Side, operation: Operation, result: Result) -> None:
    """Sends the request once and takes down how long it took."""
    method, path, options = operation.make(side.server)
    start = time.perf_counter()
    answer = side.server.send(method, path, who=operation.who, **options)
    result.times.append((time.perf_counter() - start) * 1000)
    result.status, result.size = answer.status_code, len(answer.content)


def measure(sides: list[Side], operation: Operation) -> list[Result]:
    """The request on both servers, in turns, until both have worked for three seconds, one for ten, or often enough."""
    for side in sides:
        for _ in range(WARM_UP):
            once(side, operation, Result())
    results = [Result() for _ in sides]
    for side, result in zip(sides, results, strict=True):
        result.cpu, result.database_cpu = -side.processes.cpu(), -(side.database.cpu() if side.database else 0)
    for turn in range(operation.most - WARM_UP):
        for side, result in zip(sides, results, strict=True):
            once(side, operation, result)
        spent = [sum(result.times) / 1000 for result in results]
        if turn + 1 >= FEWEST and (min(spent) > SECONDS or max(spent) > PATIENCE):
            break
    time.sleep(0.05)  # what a server does after its answer counts as well
    for side, result in zip(sides, results, strict=True):
        result.cpu += side.processes.cpu()
        result.database_cpu += side.database.cpu() if side.database else 0
    return results


def count_statements(sides: list[Side], operations: list[Operation], log: StatementLog) -> dict[str, list[int]]:
    """The statements of each request on both servers, from PostgreSQL's log. Their sessions with the database start afresh."""
    counts: dict[str, list[int]] = {operation.name: [] for operation in operations}
    for side in sides:
        if side.database is None:
            continue
        side.database.log_statements(True)
        for _ in range(20):  # every process opens its session anew, which may cost the first request
            for who in side.server.sessions:
                side.server.send("GET", "/data/persons", who=who)
        for operation in operations:
            operation.forget()
            once(side, operation, Result())
            time.sleep(0.02)
            start = log.size()
            once(side, operation, Result())
            time.sleep(0.15)
            counts[operation.name].append(log.count(start, side.database.name))
        side.database.log_statements(False)
    return counts


def table(results: dict[str, list[Result]]) -> str:
    """The Markdown table."""
    lines = [
        "| request | status | A median | p95 | min | API cpu | DB cpu | SQL | bytes "
        "| B median | min | API cpu | DB cpu | SQL | bytes | cpu A/B |",
        "|---|---|" + "--:|" * 14,
    ]
    for name, (a, b) in results.items():
        cells = [name, str(a.status) if a.status == b.status else f"{a.status} / {b.status}"]
        for result, with_p95 in ((a, True), (b, False)):
            ordered = sorted(result.times)
            p95 = [f"{ordered[int(len(ordered) * 0.95)]:.1f}"] if with_p95 else []
            cells += [f"{statistics.median(ordered):.1f}", *p95, f"{ordered[0]:.1f}"]
            cells += [f"{result.per_request(result.cpu):.1f}", f"{result.per_request(result.database_cpu):.1f}"]
            cells += ["" if result.statements is None else str(result.statements), f"{result.size:,}"]
        both = [r.per_request(r.cpu + r.database_cpu) for r in (a, b)]
        lines.append(f"| {' | '.join(cells)} | {both[0] / both[1] if both[1] else 0:.2f} |")
    return "\n".join(lines)


def side_of(options: argparse.Namespace, letter: str) -> Side:
    """A server as the options name it."""
    base = getattr(options, letter).rstrip("/")
    ports = [urlsplit(base).port or 80, *getattr(options, f"{letter}_also")]
    url = getattr(options, f"{letter}_database")
    side = Side(Server(base), Processes(ports, getattr(options, f"{letter}_pid")), Database(url) if url else None)
    for who in ("admin", "user"):
        side.server.sign_in(who)
    return side


def options_of() -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for letter in "ab":
        parser.add_argument(f"--{letter}", required=True, metavar="URL")
        parser.add_argument(f"--{letter}-database", metavar="URL", help="its PostgreSQL database")
        parser.add_argument(f"--{letter}-pid", type=int, action="append", default=[], help="a further process of it")
        parser.add_argument(f"--{letter}-also", type=int, action="append", default=[], metavar="PORT", help="a further port")
    parser.add_argument("--log", metavar="FILE", help="PostgreSQL's log (log_line_prefix with %%u@%%d): count statements")
    parser.add_argument("names", nargs="*", metavar="NAME")
    return parser.parse_args()


def main() -> int:
    """Measures and prints."""
    options = options_of()
    sides = [side_of(options, letter) for letter in "ab"]
    world = World(sides[1].server)
    for side in sides:
        try:
            add_picture(side.server, world)
        except Exception as failure:  # noqa: BLE001 a server without pictures can still be measured
            print(f"No picture on {side.server.base}: {failure}", file=sys.stderr)
    operations = [o for o in reads(world) + writes(world) if not options.names or any(n in o.name for n in options.names)]
    results = {}
    for operation in operations:
        results[operation.name] = measure(sides, operation)
        print(operation.name, *(f"{statistics.median(r.times):.1f} ms" for r in results[operation.name]), file=sys.stderr)
    if options.log:
        for name, counts in count_statements(sides, operations, StatementLog(options.log)).items():
            for result, number in zip(results[name], counts, strict=False):
                result.statements = number
    print(table(results))
    for letter, side in zip("AB", sides, strict=True):
        largest, total = side.processes.peak_memory()
        print(
            f"\n{letter} = {side.server.base}: peak memory {largest:.0f} MB in the largest process, {total:.0f} MB in all of them."
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
