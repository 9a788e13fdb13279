"""Starts a server with an empty folder, holds its answers against recordings, and lets the number of right ones only rise.

    conformance.py RECORDINGS WORK_FOLDER [--raise]

`conformance-floor.json` beside this file has the number of right answers by scenario that must be reached; `--raise` writes
what this run reached. Steps decided otherwise stand in `deviations.tsv`, a pattern and a reason a line.
"""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import date, timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
FLOOR = HERE / "conformance-floor.json"
RESULT = re.compile(r"^(\w+): (\d+) of (\d+)\b", re.M)
PATIENCE = 120


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_server(folder: Path, port: int) -> subprocess.Popen:
    """The server on an empty folder, once it answers."""
    folder.mkdir(parents=True)
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    environment = {
        **kept,
        "DATA_DIR": str(folder),
        "ADMIN_EMAIL": "admin@example.com",
        "ADMIN_PASSWORD": "mysecretpassword",
        "BCRYPT_LOG_ROUNDS": "4",
        "ENABLE_JOB_QUEUE": "false",  # the recordings were made while movies were encoded within their upload
    }
    command = [sys.executable, "manage.py", "serve", "--host", "127.0.0.1", "--port", str(port)]
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(command, cwd=HERE.parent, env=environment, stdout=log, stderr=subprocess.STDOUT)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5)
            return server
        except urllib.error.HTTPError:
            return server
        except OSError:
            time.sleep(0.2)
    server.kill()
    sys.exit("The server did not start:\n" + (folder / "server.log").read_text())


def of_today(value: Any) -> Any:
    """A recorded answer as it would be today: rows made on the day, which recordings name `<today>`, end on the next one."""
    if isinstance(value, list):
        return [of_today(part) for part in value]
    if not isinstance(value, dict):
        return value
    row = {name: of_today(part) for name, part in value.items()}
    if row.get("start_date") == "<today>" and "end_date" in row:
        row["end_date"] = str(date.today() + timedelta(days=1))
    return row


def replay(recordings: Path, port: int, folder: Path) -> dict[str, int]:
    """The number of right answers by scenario."""
    golden = folder / "golden"
    golden.mkdir()
    for path in (recordings / "golden").iterdir():
        (golden / path.name).write_text(json.dumps(of_today(json.loads(path.read_text()))))
    base = f"http://127.0.0.1:{port}"
    command = [sys.executable, str(recordings / "conform.py"), "check", "--base", base, "--json", str(folder / "failing.json")]
    command += ["--golden", str(golden), "--deviations", str(HERE / "deviations.tsv")]
    output = subprocess.run(command, capture_output=True, text=True, timeout=1800).stdout
    print(output)
    return {name: int(passed) for name, passed, _ in RESULT.findall(output)}


def main() -> None:
    """Exits with a message when an answer that was right is so no more."""
    recordings, folder = Path(sys.argv[1]), Path(sys.argv[2])
    port = free_port()
    server = start_server(folder, port)
    try:
        reached = replay(recordings, port, folder)
    finally:
        server.terminate()
        server.wait(20)
    floor = json.loads(FLOOR.read_text())
    if "--raise" in sys.argv:
        risen = {name: max(passed, floor.get(name, 0)) for name, passed in reached.items()}
        FLOOR.write_text(json.dumps(risen, indent=2, sort_keys=True) + "\n")
    missing = [f"{name}: {reached.get(name, 0)}, not {least}" for name, least in floor.items() if reached.get(name, 0) < least]
    if missing or not reached:
        sys.exit("Fewer right answers than before: " + "; ".join(missing or ["the recordings could not be replayed"]))


if __name__ == "__main__":
    main()
