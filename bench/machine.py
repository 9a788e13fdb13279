"""What processes cost: CPU time and memory from /proc, and statements from PostgreSQL's log."""

import os
import re
from pathlib import Path

import psycopg2

PROC = Path("/proc")
OTHERS = "datname = %s and application_name <> 'callboard-bench'"
TIDYING = re.compile(r"(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET|SHOW|FETCH|CLOSE|SELECT 1$|SELECT pg_catalog.version)", re.I)


def children_of(pids: set[int]) -> set[int]:
    """The processes and all that descend from them."""
    parents: dict[int, int] = {}
    for entry in PROC.glob("[0-9]*"):
        try:
            parents[int(entry.name)] = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
    found = set(pids)
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def listeners_of(port: int) -> set[int]:
    """The processes that hold the listening socket of a port."""
    lines = [line.split() for name in ("tcp", "tcp6") for line in (PROC / "net" / name).read_text().splitlines()[1:]]
    sockets = {f"socket:[{line[9]}]" for line in lines if line[3] == "0A" and int(line[1].rsplit(":", 1)[1], 16) == port}
    found = set()
    for entry in PROC.glob("[0-9]*"):
        try:
            if any(os.readlink(handle) in sockets for handle in (entry / "fd").iterdir()):
                found.add(int(entry.name))
        except OSError:
            continue
    return found


def cpu_of(pid: int) -> float:
    """Milliseconds that a process has computed, all its threads together."""
    total = 0
    try:
        for thread in (PROC / str(pid) / "task").iterdir():
            total += int((thread / "schedstat").read_text().split()[0])
    except OSError:
        return 0.0
    return total / 1e6


class Processes:
    """The processes of one server, with their CPU time."""

    def __init__(self, ports: list[int], pids: list[int]) -> None:
        self.pids = children_of(set(pids).union(*(listeners_of(port) for port in ports)))
        if not self.pids:
            raise SystemExit(f"Nothing listens on {ports}.")

    def cpu(self) -> float:
        """Milliseconds so far."""
        return sum(map(cpu_of, self.pids))

    def peak_memory(self) -> tuple[float, float]:
        """The largest process's peak and the sum of all peaks, in megabytes."""
        peaks = []
        for pid in self.pids:
            try:
                status = (PROC / str(pid) / "status").read_text()
            except OSError:
                continue
            found = re.search(r"VmHWM:\s+(\d+)", status)
            peaks.append(int(found[1]) / 1024 if found else 0.0)
        return max(peaks, default=0.0), sum(peaks)


class Database:
    """The PostgreSQL database behind a server: what its sessions compute, and how many statements they are asked."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg2.connect(url, application_name="callboard-bench")
        self.connection.autocommit = True
        self.name = self.connection.info.dbname
        self.seen: dict[int, float] = {}

    def ask(self, query: str, *params) -> list[tuple]:
        """Rows of a query."""
        with self.connection.cursor() as cursor:
            cursor.execute(query, params)
            return cursor.fetchall() if cursor.description else []

    def cpu(self) -> float:
        """Milliseconds that the sessions of this database have computed, those that ended since included."""
        sessions = self.ask(f"select pid from pg_stat_activity where {OTHERS}", self.name)
        self.seen.update({pid: cpu_of(pid) for (pid,) in sessions})
        return sum(self.seen.values())

    def log_statements(self, wanted: bool) -> None:
        """Has PostgreSQL write every statement of this database to its log, or stop it; its sessions start afresh."""
        self.ask(f'ALTER DATABASE "{self.name}" ' + ("SET log_statement = 'all'" if wanted else "RESET log_statement"))
        self.ask(f"select pg_terminate_backend(pid) from pg_stat_activity where {OTHERS}", self.name)


class StatementLog:
    """PostgreSQL's log, read from where it ended when one started looking."""

    def __init__(self, path: str) -> None:
        self.path = Path(path)

    def size(self) -> int:
        """Where the log ends now."""
        return self.path.stat().st_size

    def count(self, start: int, database: str) -> int:
        """Statements of a database since then, without those that only open and close transactions or turn a cursor's pages."""
        with self.path.open("rb") as log:
            log.seek(start)
            text = log.read().decode(errors="replace")
        asked = re.findall(rf"@{re.escape(database)} LOG:  (?:statement|execute [^:]*): *(.*)", text)
        return sum(1 for statement in asked if not TIDYING.match(statement.strip()))
