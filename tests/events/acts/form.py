"""How an act is written down."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.production.ground import filled


@dataclass(frozen=True)
class Told:
    """An event that an act tells: its name, the keys of its payload, whether the log keeps it, and who hears it.

    Written `task:assign task_id person_id` it names its production and that team hears it. `@studio` names none and everybody
    hears it, `@team` names none though a team hears it, `@person` is for one person, `@other` for the team of another
    production, `@managers` for those who saw a production that has gone; `project_id` among the keys names one all the same.
    `unstored` stays out of the log.
    """

    name: str
    keys: frozenset[str]
    stored: bool
    heard_by: str

    @classmethod
    def of(cls, text: str) -> "Told":
        """The event as a line of the table says it."""
        name, *words = text.split()
        heard_by = next((word[1:] for word in words if word.startswith("@")), "")
        keys = {word for word in words if not word.startswith("@") and word != "unstored"}
        if not heard_by:
            keys.add("project_id")
        return cls(name, frozenset(keys), "unstored" not in words, heard_by or "team")

    def __str__(self) -> str:
        named = self.heard_by == "team" and "project_id" in self.keys
        keys = sorted(self.keys - {"project_id"} if named else self.keys)
        return " ".join([self.name, *keys, *([] if named else [f"@{self.heard_by}"]), *([] if self.stored else ["unstored"])])


@dataclass(frozen=True)
class Act:
    """What is done: a request such as `put /data/tasks/{task}` with its body, or a function of the ground; `first` comes before it.

    `by` is the role of the cast that acts.
    """

    does: str | Callable[[Any], Any]
    told: list[Told]
    body: Any = None
    first: Callable[[Any], Any] | None = None
    by: str = "admin"
    name: str = field(default="")

    def do(self, ground: Any) -> Any:
        """Does it; the answer."""
        if callable(self.does):
            return self.does(ground)
        method, path = self.does.split(" ")
        return ground.as_(self.by).request(method, path.format(**ground.named), filled(self.body, ground.named))


def act(does: Any, *told: str, body: Any = None, first: Any = None, by: str = "admin", name: str = "") -> Act:
    """An act of the table."""
    return Act(does, [Told.of(text) for text in told], body, first, by, name or (does if isinstance(does, str) else does.__name__))


def rows_of(
    path: str, stem: str, body: dict[str, Any], row: str = "", *, audience: str = "@studio", change: Any = None
) -> list[Act]:
    """Creation, change and deletion by the generic routes; `row` names one of the ground that can go."""
    told = f"{stem}:{{}} {stem.replace('-', '_')}_id {audience}".rstrip()
    found = [act(f"post {path}", told.format("new"), body=body)]
    if row:
        one = f"{path}/{{{row}}}"
        found += [act(f"put {one}", told.format("update"), body=change or {}), act(f"delete {one}", told.format("delete"))]
    return found
