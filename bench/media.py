#!/usr/bin/env python3
"""Measures how one server serves and takes files, on a studio of `make_demo_studio`.

    python bench/media.py --base URL [--seconds 10] [--upload-mib 1024] [--pid PID]

Prints the times of thumbnails while seven other clients read boards, lists and comments; and how much memory the server's
processes hold at most after reading the middle of a large movie, and after taking it.
"""

import argparse
import random
import statistics
import time
from multiprocessing import Process
from urllib.parse import urlsplit

from machine import Processes
from operations import Server, World, add_picture

CLIENTS = 7
BLOCK = 1024 * 1024


def heavy(world: World, number: int) -> list[str]:
    """What one of the other clients reads, again and again."""
    project = f"project_id={world.project}"
    boards = [f"/data/shots/with-tasks?{project}", f"/data/assets/with-tasks?{project}", f"/data/projects/{world.project}/tasks"]
    lists = [f"/data/tasks/{world.hot_task}/comments", f"/data/projects/{world.project}/news", "/data/user/context"]
    return [boards[number % 3], *lists]


def load(base: str, paths: list[str]) -> None:
    """One client that reads until it is ended."""
    server = Server(base)
    server.sign_in("admin")
    while True:
        for path in paths:
            server.send("GET", path)


def thumbnails_under_load(base: str, world: World, server: Server, seconds: float) -> list[float]:
    """How long thumbnails take, in milliseconds, while the other clients read."""
    others = [Process(target=load, args=(base, heavy(world, number)), daemon=True) for number in range(CLIENTS)]
    for other in others:
        other.start()
    time.sleep(2)
    times = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        start = time.perf_counter()
        server.send("GET", f"/pictures/thumbnails/preview-files/{server.preview_id}.png").raise_for_status()
        times.append((time.perf_counter() - start) * 1000)
        time.sleep(0.01)
    for other in others:
        other.terminate()
    return sorted(times)


class Endless:
    """A multipart body with a file of so many bytes, made as it is sent."""

    def __init__(self, name: str, size: int) -> None:
        self.head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        self.tail = b"\r\n--x--\r\n"
        self.size = size
        self.block = random.Random(1).randbytes(BLOCK)

    def __len__(self) -> int:
        return len(self.head) + self.size + len(self.tail)

    def __iter__(self):
        yield self.head
        for _ in range(self.size // BLOCK):
            yield self.block
        yield self.tail


def upload(server: Server, world: World, name: str, size: int) -> tuple[str, float]:
    """A file of that size as a preview of the studio's first task: its id, and how long it took in seconds."""
    task = world.tasks[0]
    body = {"task_status_id": world.statuses["wfa"], "comment": "Large"}
    comment = server.send("POST", f"/actions/tasks/{task}/comment", json=body).json()
    preview = server.send("POST", f"/actions/tasks/{task}/comments/{comment['id']}/add-preview").json()
    path, headers = f"/pictures/preview-files/{preview['id']}", {"Content-Type": "multipart/form-data; boundary=x"}
    start = time.perf_counter()
    server.send("POST", path, data=Endless(name, size), headers=headers).raise_for_status()
    return preview["id"], time.perf_counter() - start


def read_middle(server: Server, preview_id: str, size: int) -> float:
    """One mebibyte out of the middle of a large file; how long it took in milliseconds."""
    asked = {"Range": f"bytes={size // 2}-{size // 2 + BLOCK - 1}"}
    start = time.perf_counter()
    answer = server.send("GET", f"/pictures/originals/preview-files/{preview_id}.zip", headers=asked)
    assert (answer.status_code, len(answer.content)) == (206, BLOCK)
    return (time.perf_counter() - start) * 1000


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", required=True)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--upload-mib", type=int, default=1024)
    parser.add_argument("--pid", type=int, action="append", default=[], help="a further process of the server")
    options = parser.parse_args()
    server = Server(options.base)
    server.sign_in("admin")
    world = World(server)
    processes = Processes([urlsplit(options.base).port or 80], options.pid)
    if options.upload_mib:
        size = options.upload_mib * BLOCK
        for name in ("large.mov", "large.zip"):
            preview_id, seconds = upload(server, world, name, size)
            peak = processes.peak_memory()[0]
            print(f"{name}, {options.upload_mib} MiB taken in {seconds:.1f} s; largest process {peak:.0f} MB at most")
        took = read_middle(server, preview_id, size)
        print(f"1 MiB out of its middle in {took:.0f} ms; largest process {processes.peak_memory()[0]:.0f} MB at most")
    if options.seconds:
        add_picture(server, world)
        times = thumbnails_under_load(options.base, world, server, options.seconds)
        p95 = times[int(len(times) * 0.95)]
        print(f"thumbnails beside {CLIENTS} clients: {len(times)} read, median {statistics.median(times):.1f} ms, p95 {p95:.1f} ms")


if __name__ == "__main__":
    main()
