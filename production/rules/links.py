"""The links of a production, or of a template, with their options, each as a whole: storing, changing and dropping one."""

from typing import Any

from core.transactions import whole_step
from people.models import Person
from production.rules.announcements import announce_settings
from production.rules.formats import check_bitrates
from production.rules.templates import announce_template

BITRATES = {"hd_bitrate_compression", "ld_bitrate_compression"}


def announce_owner(link: Any, *, by: Person) -> None:
    """Tell that the production or the template that the link belongs to changed."""
    if hasattr(link, "project_template_id"):
        announce_template(link.project_template, by=by)
    else:
        announce_settings(link.project, by=by)


@whole_step()
def store_link(link: Any, values: dict[str, Any], *, by: Person) -> Any:
    """Store a new link, or the given columns of one. Raises WrongParameter for bitrates that make no sense."""
    if BITRATES & set(values):
        check_bitrates(values, link)
    for name, value in values.items():
        setattr(link, name, value)
    if link._state.adding:
        link.save(force_insert=True)
    else:
        link.save(update_fields=list(values))
    announce_owner(link, by=by)
    return link


@whole_step()
def drop_link(link: Any, *, by: Person) -> None:
    """Take a link away."""
    pk = link.pk
    link.delete()
    link.pk = pk
    announce_owner(link, by=by)
