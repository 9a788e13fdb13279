"""Asks the advisories about every installed package and fails on a known hole. Where they can't be asked, it says so loudly."""

import json
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

SERVICES = ("pypi", "osv")
PATIENCE = 600  # seconds
SILENT = """
!!! THE ADVISORIES CAN'T BE ASKED FROM HERE: {unasked} OF {total} PACKAGES ARE NOT CHECKED FOR KNOWN HOLES. !!!
!!! Run `make audit` where they can. !!!"""


def told_by(service: str) -> list[dict]:
    """What the advisories of a service say about each package that they know; nothing where the service can't be reached."""
    audit = str(Path(sys.executable).with_name("pip-audit"))
    options = ["--progress-spinner", "off", "--format", "json", "--timeout", "20", "--local", "--vulnerability-service", service]
    try:
        done = subprocess.run([audit, *options], capture_output=True, text=True, timeout=PATIENCE)
        packages = json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        return []
    return [package for package in packages if "skip_reason" not in package]


def main() -> int:
    """1 for a known hole, else 0."""
    checked = {package["name"].lower(): package for service in SERVICES for package in told_by(service)}
    holes = [(package, hole) for package in checked.values() for hole in package["vulns"]]
    for package, hole in holes:
        print(f"{package['name']} {package['version']}: {hole['id']}, fixed in {', '.join(hole['fix_versions']) or 'no version'}")
    total = len({package.name.lower() for package in distributions()})
    if unasked := max(0, total - len(checked)):
        print(SILENT.format(unasked=unasked, total=total))
    print(f"{len(checked)} of {total} packages checked, {len(holes)} known holes")
    return 1 if holes else 0


if __name__ == "__main__":
    sys.exit(main())
