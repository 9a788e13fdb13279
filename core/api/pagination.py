"""Paging: the envelope that lists answer with when `page` is asked for."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from core.api.values import is_true
from core.errors import WrongParameter

NEWEST_FIRST = ("-updated_at", "-created_at", "id")
FURTHEST = 2**31


def number(params: Any, name: str, default: int) -> int:
    """A whole number of the query string. Raises WrongParameter when it is none."""
    if name not in params:
        return default
    try:
        return max(-FURTHEST, min(FURTHEST, int(params.getlist(name)[0])))
    except ValueError:
        raise WrongParameter(f"{name} must be an integer.") from None


@dataclass(frozen=True)
class ListOptions:
    """What a list was asked for beside its filters."""

    page: int
    limit: int
    relations: bool
    only: set[str] | None

    @classmethod
    def of(cls, params: Any, *, relations: bool = False) -> "ListOptions":
        """Reads the query string. `relations` is the default where it says nothing."""
        page = number(params, "page", -1)
        limit = number(params, "limit", settings.NB_RECORDS_PER_PAGE) or settings.NB_RECORDS_PER_PAGE
        if page > -1 and limit < 0:
            raise WrongParameter("limit must be a positive integer.")
        wanted = {name.strip() for name in params.get("fields", "").split(",") if name.strip()}
        with_relations = is_true(params["relations"]) if "relations" in params else relations
        return cls(page, limit, with_relations, wanted | {"id", "type"} if wanted else None)

    @property
    def is_paged(self) -> bool:
        """A page was asked for."""
        return self.page > -1

    def envelope(self, rows: Any, total: int) -> dict[str, Any]:
        """The page with what clients need to turn it."""
        return {
            "data": rows,
            "total": total,
            "nb_pages": -(-total // self.limit),
            "limit": self.limit,
            "offset": (self.page - 1) * self.limit,
            "page": self.page,
        }

    def slice(self, queryset: Any) -> Any:
        """The page's part of a queryset; page 0 and pages past the end are empty."""
        if self.page < 1:
            return queryset.none()
        return queryset[(self.page - 1) * self.limit : self.page * self.limit]
