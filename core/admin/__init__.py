"""What the back-office pages of every room share: saving through rules, columns, choices that scale, readable JSON."""

from core.admin.base import ReadOnlyAdmin, StudioAdmin, UnlistedAdmin
from core.admin.cells import (
    colored,
    count_of,
    described,
    joined,
    link_to,
    linked,
    list_link,
    named_subject,
    panel,
    picture,
    place_of,
    subject_name,
    swatch,
)
from core.admin.inlines import NewestInline, RowInline
from core.admin.jobs import JobAdmin
from core.admin.saving import with_emptied_keys

__all__ = [
    "JobAdmin",
    "NewestInline",
    "ReadOnlyAdmin",
    "RowInline",
    "StudioAdmin",
    "UnlistedAdmin",
    "colored",
    "count_of",
    "described",
    "joined",
    "link_to",
    "linked",
    "list_link",
    "named_subject",
    "panel",
    "picture",
    "place_of",
    "subject_name",
    "swatch",
    "with_emptied_keys",
]
