"""The page of a model: what its list shows, what its form leaves out, and how its rows are described to people."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Expression
from django.http import HttpRequest

from core.admin.choices import StudioFields, described_paths, foreign_key_names
from core.admin.forms import StudioForm
from core.admin.saving import SavesThroughRules

DATES = ("created_at", "updated_at")
MOST_DELETIONS_SHOWN = 200


class StudioAdmin(SavesThroughRules, StudioFields, admin.ModelAdmin):
    """A model's page.

    `large` tables are searched rather than listed wherever others refer to them. `described_by` are the foreign keys that
    `describe` reads. `counts` are annotations of the list. `hidden` columns hold secrets or are the server's own: no page shows
    them. `fixed` columns are chosen once. `takes_along` says that the rule of deletion deals with what refers to the row.
    `sections` group the form's fields by heading; what no section names comes last, so that no column is forgotten.
    `called` is how people name one row and several, where the API's word says less or makes no plural.
    """

    form = StudioForm
    large: ClassVar[bool] = False
    described_by: ClassVar[tuple[str, ...]] = ()
    counts: ClassVar[dict[str, Expression]] = {}
    hidden: ClassVar[tuple[str, ...]] = ()
    fixed: ClassVar[tuple[str, ...]] = ()
    called: ClassVar[tuple[str, str] | None] = None
    takes_along: ClassVar[bool] = False
    sections: ClassVar[tuple[tuple[str | None, tuple[Any, ...]], ...]] = ()
    list_per_page = 50
    show_full_result_count = False
    view_on_site = False
    empty_value_display = "–"

    def __init__(self, model: Any, admin_site: Any) -> None:
        super().__init__(model, admin_site)
        if self.called is not None:
            self.opts.verbose_name, self.opts.verbose_name_plural = self.called

    def describe(self, row: Any) -> str:
        """The row in a few words, as choices and search results show it."""
        return str(row)

    def name_of(self, row: Any) -> str:
        """The row's name where its surroundings are told beside it, as in lists."""
        return self.describe(row)

    # The list

    def get_queryset(self, request: HttpRequest) -> Any:
        """The rows with what their description reads; where they are listed, with what the columns read, and the counts."""
        rows = super().get_queryset(request)
        paths = list(self.described_by)
        place = getattr(request, "resolver_match", None)
        if place is None or not (place.url_name or "").endswith("_changelist"):
            return rows.select_related(*paths) if paths else rows
        paths += self.paths_of_columns(request)
        # Without a name `select_related` would follow every key there is.
        return (rows.select_related(*paths) if paths else rows).annotate(**self.counts)

    def paths_of_columns(self, request: HttpRequest) -> list[str]:
        """The foreign keys that the list's columns show, with what describes the rows at their ends."""
        columns = [str(getattr(column, "path", column)) for column in self.get_list_display(request)]
        keys = set(foreign_key_names(self.model))
        paths = {column for column in columns if column.split("__")[0] in keys} | set(self.list_select_related or ())
        return described_paths(self.admin_site, self.model, sorted(paths))

    # The form

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The dates, what the page says, and of a stored row what is chosen once."""
        declared = (*super().get_readonly_fields(request, obj), *(self.fixed if obj is not None else ()))
        return (*declared, *(name for name in DATES if name not in declared and self.has_column(name)))

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Columns that no page shows."""
        return [*(super().get_exclude(request, obj) or ()), *self.hidden]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The sections, then what they do not name, then the dates."""
        fields = [name for name in self.get_fields(request, obj) if name not in DATES]
        named: list[Any] = []
        for heading, names in self.sections:
            lines = [[name for name in (line if isinstance(line, tuple) else (line,)) if name in fields] for line in names]
            if any(lines):
                named.append((heading, {"fields": [tuple(line) for line in lines if line]}))
        placed = {name for _, options in named for line in options["fields"] for name in line}
        further = [name for name in fields if name not in placed]
        if further:
            named.append(("Further" if placed else None, {"fields": further}))
        if obj is not None and self.has_column("created_at"):
            named.append(("Dates", {"fields": [DATES], "classes": ["dates"]}))
        return named

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **options: Any) -> Any:
        """The page, headed by what describes the row."""
        obj = options.get("obj")
        return super().render_change_form(request, {**context, "subtitle": self.describe(obj) if obj else None}, *args, **options)

    def has_column(self, name: str) -> bool:
        """The model has a column of that name."""
        return any(column.name == name for column in self.opts.concrete_fields)

    # Deleting

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What goes along and what forbids it; long lists are cut."""
        going, counts, _, protecting = super().get_deleted_objects(objs, request)
        if self.takes_along:
            going, protecting = [*going, *protecting], []
        if len(protecting) > MOST_DELETIONS_SHOWN:
            protecting = [*protecting[:MOST_DELETIONS_SHOWN], f"… and {len(protecting) - MOST_DELETIONS_SHOWN} more"]
        # That nobody deletes rows of the server's own by hand does not keep them from going with what they belong to.
        return going[:MOST_DELETIONS_SHOWN], counts, set(), protecting


class ReadOnlyAdmin(StudioAdmin):
    """Rows that the server writes by itself: people look at them, and may delete them where `deletable` says so."""

    deletable: ClassVar[bool] = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds such rows."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes them."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Where the page says so."""
        return self.deletable and super().has_delete_permission(request, obj)


class UnlistedAdmin(StudioAdmin):
    """Links that people edit on the page of what they belong to; their own pages exist, but not in the index."""

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        """None, so that the index leaves the model out."""
        return {}
