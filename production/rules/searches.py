"""Searches that people keep, and the groups they put them in."""

from collections.abc import Mapping
from typing import Any

from core.api.converters import is_uuid
from core.errors import NotFound, WrongParameter
from core.transactions import whole_step
from people.models import Department, Person
from people.permissions import role_in
from production.models import Project, SearchFilter, SearchFilterGroup

DISAGREE = "A search filter should have the same value for is_shared than its search filter group."


def may_share(person: Person, project_id: Any) -> bool:
    """Only who manages a production shares searches with it."""
    return project_id is not None and role_in(person, project_id) in ("admin", "manager")


def owned(model: Any, pk: Any, person: Person) -> Any:
    """A kept search or group of the person's own; studio managers reach all. Raises NotFound."""
    rows = model.objects.select_for_update(of=("self",)).filter(pk=pk)
    row = (rows if person.is_admin else rows.filter(person=person)).first()
    if row is None:
        raise NotFound()
    return row


def refuse_unknown(values: Mapping[str, Any]) -> None:
    """Raises NotFound for a production, department or group that there is not."""
    known = {"project_id": Project, "department_id": Department, "search_filter_group_id": SearchFilterGroup}
    for name, model in known.items():
        pk = values.get(name)
        if pk is not None and (not is_uuid(str(pk)) or not model._default_manager.filter(pk=pk).exists()):
            raise NotFound()


def refuse_disagreement(group_id: Any, is_shared: bool) -> None:
    """A search and its group are shared or not together. Raises WrongParameter."""
    if group_id is not None and not SearchFilterGroup.objects.filter(pk=group_id, is_shared=is_shared).exists():
        raise WrongParameter(DISAGREE)


@whole_step()
def keep_search(values: Mapping[str, Any], *, by: Person) -> SearchFilter:
    """Keep a search; it is shared only by who may."""
    refuse_unknown(values)
    is_shared = bool(values.get("is_shared")) and may_share(by, values.get("project_id"))
    refuse_disagreement(values.get("search_filter_group_id"), is_shared)
    return SearchFilter.objects.create(**{**values, "is_shared": is_shared}, person=by)


@whole_step()
def change_search(pk: Any, values: Mapping[str, Any], *, by: Person) -> SearchFilter:
    """Change a kept search; null changes nothing, but takes it out of its group."""
    row = owned(SearchFilter, pk, by)
    refuse_unknown(values)
    changes = {name: value for name, value in values.items() if value is not None or name == "search_filter_group_id"}
    share(row, changes, by)
    is_shared = changes.get("is_shared", row.is_shared)
    refuse_disagreement(changes.get("search_filter_group_id", row.search_filter_group_id), is_shared)
    return stored(row, changes)


@whole_step()
def make_group(values: Mapping[str, Any], *, by: Person) -> SearchFilterGroup:
    """Make a group of searches; it is shared only by who may."""
    refuse_unknown(values)
    is_shared = bool(values.get("is_shared")) and may_share(by, values.get("project_id"))
    return SearchFilterGroup.objects.create(**{**values, "is_shared": is_shared}, person=by)


@whole_step()
def change_group(pk: Any, values: Mapping[str, Any], *, by: Person) -> SearchFilterGroup:
    """Change a group; whether it is shared holds for its searches too. Null changes nothing."""
    row = owned(SearchFilterGroup, pk, by)
    refuse_unknown(values)
    changes = {name: value for name, value in values.items() if value is not None}
    share(row, changes, by)
    if "is_shared" in changes:
        row.filters.update(is_shared=changes["is_shared"])
    return stored(row, changes)


@whole_step()
def drop(model: Any, pk: Any, *, by: Person) -> None:
    """Delete a kept search, or a group with its searches."""
    owned(model, pk, by).delete()


def share(row: Any, changes: dict[str, Any], person: Person) -> None:
    """A change of what is shared counts only for who manages the production named in the same breath."""
    if changes.get("is_shared", row.is_shared) != row.is_shared:
        changes["is_shared"] = changes["is_shared"] and may_share(person, changes.get("project_id"))


def stored(row: Any, changes: Mapping[str, Any]) -> Any:
    """The row with its changes saved."""
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(update_fields=list(changes))
    return row
