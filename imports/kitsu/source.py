"""The server that a studio comes from, read over its public API as a studio manager."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import requests

PAGE = 1000
TRIES = 4
PATIENCE = (10, 300)
BLOCK = 1024 * 1024
BUSY = (429, 502, 503, 504)


class SourceFailed(Exception):
    """The server can't be read, in words for the person at the command line."""


class Unreadable(SourceFailed):
    """One address of it can't: `status` is its answer's, 0 when there was none."""

    def __init__(self, path: str, status: int) -> None:
        super().__init__(f"{path} answers {status}" if status else f"{path} does not answer")
        self.status = status


@dataclass
class Source:
    """A server by its address (where its API begins), and who asks: a token, or an e-mail address and a password."""

    address: str
    email: str | None = None
    password: str | None = None
    token: str | None = None
    page: int = PAGE
    tries: int = TRIES
    pause: float = 1.0
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.address = self.address.rstrip("/")
        adapter = requests.adapters.HTTPAdapter(pool_maxsize=64)
        for scheme in ("http://", "https://"):
            self.session.mount(scheme, adapter)

    # Signing in

    def open(self) -> datetime:
        """Signs in; the present moment by that server's clock. Raises SourceFailed for a wrong server or somebody who may not."""
        if not self.address.startswith(("http://", "https://")):
            raise SourceFailed(f"{self.address} is no address: it begins with http:// or https://.")
        try:
            greeting = self.session.get(self.address + "/", timeout=PATIENCE)
        except requests.RequestException as error:
            raise SourceFailed(f"{self.address} does not answer: {type(error).__name__}.") from error
        if not isinstance(greeted := as_json(greeting), dict) or "api" not in greeted:
            raise SourceFailed(f"{self.address} does not speak the API. Behind the usual web server, it begins at /api.")
        self.sign_in()
        answer = self.ask("/auth/authenticated")
        person = (as_json(answer) or {}).get("user") if answer.status_code == 200 else None
        if not isinstance(person, dict):
            raise SourceFailed(f"{self.address} refuses the token.")
        if person.get("role") != "admin":
            raise SourceFailed(f"{person.get('email')} is no studio manager there, and would see but a part of the studio.")
        said = greeting.headers.get("Date")
        moment = parsedate_to_datetime(said) if said else datetime.now(UTC)
        return moment.astimezone(UTC).replace(tzinfo=None)

    def sign_in(self) -> None:
        """Takes the token, or asks for one. Raises SourceFailed."""
        token = self.token
        if token is None:
            answer = self.session.post(
                self.address + "/auth/login", json={"email": self.email, "password": self.password}, timeout=PATIENCE
            )
            said = as_json(answer)
            token = said.get("access_token") if isinstance(said, dict) else None
            if not token:
                reason = said.get("message") or "" if isinstance(said, dict) else ""
                raise SourceFailed(f"{self.address} does not let {self.email} in. {reason}".strip())
        self.session.headers["Authorization"] = f"Bearer {token}"

    # Asking

    def ask(self, path: str, *, stream: bool = False, **query: Any) -> requests.Response:
        """The answer to a GET; asked again while the server is busy or unreachable, signed in again once when the token ended."""
        renewed, answer = False, None
        for attempt in range(self.tries):
            try:
                answer = self.session.get(self.address + path, params=query, timeout=PATIENCE, stream=stream)
            except requests.RequestException:
                answer = None
            if answer is not None and answer.status_code == 401 and self.token is None and not renewed:
                renewed = True
                self.sign_in()
                continue
            if answer is not None and answer.status_code not in BUSY:
                return answer
            if attempt + 1 < self.tries:
                time.sleep(self.pause * 2**attempt)
        if answer is None:
            raise Unreadable(path, 0)
        return answer

    def get(self, path: str, **query: Any) -> Any:
        """The JSON of an address. Raises Unreadable, and SourceFailed when the token counts no more."""
        answer = self.ask(path, **query)
        if answer.status_code == 401:
            raise SourceFailed(f"{self.address} refuses the token.")
        value = as_json(answer)
        if answer.status_code != 200 or value is None:
            raise Unreadable(path, answer.status_code)
        return value

    def rows(self, path: str, faults: list[str], **query: Any) -> Iterator[tuple[list[Any], int]]:
        """All rows of a list in parts, as `parts` has them: the next one is read while this one is worked on."""
        parts = self.parts(path, faults, **query)
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(next, parts, None)
            while (part := waiting.result()) is not None:
                waiting = pool.submit(next, parts, None)
                yield part

    def parts(self, path: str, faults: list[str], **query: Any) -> Iterator[tuple[list[Any], int]]:
        """All rows of a list in parts, each with how many there are in all.

        Where a page can't be read, as for a row that is broken over there, it is read in smaller ones; what remains unreadable is
        noted in `faults`.
        """
        at, total = 0, None
        while total is None or at < total:
            try:
                rows, total = self.part(path, at, self.page, **query)
            except Unreadable as failure:
                if failure.status < 500:
                    raise
                rows, total = self.in_pieces(path, at, self.page, faults, total, **query)
            yield rows, total
            at += self.page
            if self.is_whole(path):
                return

    def is_whole(self, path: str) -> bool:
        """Lists that the server never pages."""
        return path in self.__dict__.setdefault("_whole", set())

    def part(self, path: str, at: int, size: int, **query: Any) -> tuple[list[Any], int]:
        """Rows from a place on, and how many there are. Servers that have a limit of their own are asked page by page."""
        value = self.get(path, page=at // size + 1, limit=size, relations="true", **query)
        if isinstance(value, list):
            self.__dict__.setdefault("_whole", set()).add(path)
            return value, len(value)
        rows, total, limit = value.get("data"), value.get("total"), value.get("limit", size)
        if not isinstance(rows, list) or not isinstance(total, int):
            raise Unreadable(path, 200)
        if limit != size and len(rows) < min(size, total - at):  # it has pages of its own size
            first = at // limit
            for number in range(first + 1, first + size // limit):
                more = self.get(path, page=number + 1, limit=size, relations="true", **query)["data"]
                rows += more
                if not more:
                    break
        return rows, total

    def in_pieces(self, path: str, at: int, size: int, faults: list[str], total: int | None, **query: Any) -> tuple[list[Any], int]:
        """The same rows in smaller and smaller pages, without those that can't be read even alone."""
        if size == 1:
            faults.append(f"{path}: row {at + 1} of the list can't be read there")
            return [], total or 0
        found: list[Any] = []
        piece = max(1, size // 10)
        for start in range(at, at + size, piece):
            if total is not None and start >= total:
                break
            try:
                rows, total = self.part(path, start, piece, **query)
            except Unreadable as failure:
                if failure.status < 500:
                    raise
                rows, total = self.in_pieces(path, start, piece, faults, total, **query)
            found += rows
        return found, total if total is not None else at + len(found)

    def download(self, path: str, goal: Path) -> bool:
        """Writes a file; false when the server has none. Raises Unreadable for one that does not come whole."""
        for attempt in range(self.tries):
            answer = self.ask(path, stream=True)
            with answer:
                if answer.status_code in (400, 404):
                    return False
                if answer.status_code == 200 and write_whole(answer, goal):
                    return True
            if answer.status_code not in (200, 500):
                break
            if attempt + 1 < self.tries:
                time.sleep(self.pause)
        raise Unreadable(path, answer.status_code)


def as_json(answer: requests.Response) -> Any:
    """The JSON of an answer, or None."""
    try:
        return answer.json()
    except ValueError:
        return None


def write_whole(answer: requests.Response, goal: Path) -> bool:
    """Writes an answer's body to a file, as it comes; whether all of it came."""
    told = answer.headers.get("Content-Length") if "Content-Encoding" not in answer.headers else None
    size = 0
    try:
        with goal.open("wb") as file:
            for block in answer.iter_content(BLOCK):
                size += file.write(block)
    except requests.RequestException:
        return False
    return told is None or size == int(told)
