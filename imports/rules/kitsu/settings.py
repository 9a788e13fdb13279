"""What productions say of their people, task types and statuses beside listing them."""

from typing import Any

from core.transactions import whole_step
from events.stamps import touch
from imports.rules.kitsu.values import parser_for, read_value
from production.models import ProjectPersonLink, ProjectTaskStatusLink, ProjectTaskTypeLink

Options = dict[str, dict[str, Any]]
LINKS: dict[str, tuple[Any, str, tuple[str, ...]]] = {
    "team": (ProjectPersonLink, "person_id", ("role",)),
    "task_types": (
        ProjectTaskTypeLink,
        "task_type_id",
        ("priority", "hd_bitrate_compression", "ld_bitrate_compression", "is_client_visible"),
    ),
    "task_statuses": (ProjectTaskStatusLink, "task_status_id", ("priority", "roles_for_board", "is_client_allowed")),
}


@whole_step()
def set_link_options(project_id: Any, name: str, options: Options, *, dry: bool = False) -> int:
    """Bring the options of a production's links in line; how many were otherwise. Raises Unfit for a value that does not fit.

    `options` says by id of the person, task type or status what is known of its link.
    """
    model, column, names = LINKS[name]
    changed = 0
    for link in model.objects.filter(project_id=project_id):
        told = options.get(str(getattr(link, column))) or {}
        otherwise = [field for field in names if field in told and getattr(link, field) != value_of(model, field, told[field])]
        if not otherwise:
            continue
        changed += 1
        for field in otherwise:
            setattr(link, field, value_of(model, field, told[field]))
        if not dry:
            link.save(update_fields=otherwise)
            touch(project_id)
    return changed


def value_of(model: Any, name: str, value: Any) -> Any:
    """The value of a column of a link. Raises Unfit."""
    column = model._meta.get_field(name)
    if value is None:
        return None if column.null else column.get_default()
    return read_value(name, parser_for(column), value)
