"""How a view declares who may do what: each action names a check; an action without one is refused."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from rest_framework.permissions import BasePermission

from core.errors import Forbidden


@dataclass
class Scope:
    """What an act is about, as far as it is known: the production, the entity, the row, the body sent."""

    project_id: Any = None
    entity_id: Any = None
    instance: Any = None
    body: dict[str, Any] = field(default_factory=dict)


class Check:
    """A fact about a person that lets them act. Facts combine with `&`, `|` and `~`.

    A `scoped` fact can only be told once the view knows what the act is about; the view then calls `authorise(scope)`.
    `meaning` says in words for whom it holds: `manage.py permissions` prints it.
    """

    def __init__(
        self, name: str, holds: Callable[[Any, Scope], bool], *, scoped: bool = False, public: bool = False, meaning: str = ""
    ) -> None:
        self.name, self.holds, self.scoped, self.public = name, holds, scoped, public
        self.meaning = meaning.strip().rstrip(".") or name

    def __call__(self, person: Any, scope: Scope) -> bool:
        """Whether the fact holds for the person."""
        return self.holds(person, scope)

    def __and__(self, other: "Check") -> "Check":
        return self.joined("and", other, lambda p, s: self(p, s) and other(p, s))

    def __or__(self, other: "Check") -> "Check":
        return self.joined("or", other, lambda p, s: self(p, s) or other(p, s))

    def __invert__(self) -> "Check":
        return Check(f"not {self.name}", lambda p, s: not self(p, s), scoped=self.scoped, meaning=f"not: {self.meaning}")

    def joined(self, word: str, other: "Check", holds: Callable[[Any, Scope], bool]) -> "Check":
        """Both facts as one."""
        meaning = f"{self.meaning} -- {word} -- {other.meaning}"
        return Check(f"({self.name} {word} {other.name})", holds, scoped=self.scoped or other.scoped, meaning=meaning)

    def __repr__(self) -> str:
        return self.name

    def insist(self, person: Any, scope: Scope) -> None:
        """Raises Forbidden unless the fact holds."""
        if not self(person, scope):
            raise Forbidden()


def check(*, scoped: bool = False) -> Callable[[Callable[[Any, Scope], bool]], Check]:
    """Makes a Check of a function `(person, scope) -> bool`, named like it; its docstring is the meaning."""
    return lambda holds: Check(holds.__name__, holds, scoped=scoped, meaning=holds.__doc__ or "")


# For the few doors that ask for no account: signing in, server pages, share links.
public = Check("anybody at all", lambda person, scope: True, public=True)


class DeclaredAccess(BasePermission):
    """Refuses what a view does not declare, and evaluates at once what needs no scope."""

    def has_permission(self, request: Any, view: Any) -> bool:
        """Raises the refusal itself, so that every way in gives the same words."""
        declared = view.declared_check()
        if declared is None:
            raise Forbidden()
        if declared.public:
            return True
        request.user  # noqa: B018 authentication happens here, and raises its own refusal
        if not declared.scoped:
            declared.insist(request.user, Scope())
        return True
