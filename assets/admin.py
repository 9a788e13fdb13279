"""Back-office pages of everything that is made in a production: assets, shots and the rest, and what is cast in what."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest

from assets.models import AssetInstance, Entity, EntityLink, EntityVersion
from assets.querysets import ASSET, CONCEPT, EDIT, EPISODE, SCENE, SEQUENCE, SHOT
from assets.rules.announcing import kind_of, stem_of
from assets.rules.castings import hold_entities, remove_link, settle
from assets.rules.deletion import delete_row
from assets.rules.updating import update_entity
from core.admin import (
    NewestInline,
    ReadOnlyAdmin,
    RowInline,
    StudioAdmin,
    count_of,
    joined,
    linked,
    list_link,
    picture,
    with_emptied_keys,
)
from core.api.converters import is_uuid
from core.rules import create_row
from core.transactions import whole_step

TASK = apps.get_model("tasks", "Task")
KINDS = (ASSET, SHOT, SEQUENCE, EPISODE, SCENE, EDIT, CONCEPT)


class KindFilter(admin.SimpleListFilter):
    """Assets, or one of the kinds that are named like their entity type."""

    title = parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(kind.lower(), f"{kind}s") for kind in KINDS]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        chosen = next((kind for kind in KINDS if kind.lower() == self.value()), None)
        return queryset.of_kind(chosen) if chosen else queryset


class PlaceFilter(admin.SimpleListFilter):
    """What stands in one place of the chosen production. Without a production there are too many places to list."""

    kind = ""
    paths: tuple[str, ...] = ()

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        project_id = request.GET.get("project__id__exact")
        if not is_uuid(project_id):
            return []
        places = Entity.objects.of_kind(self.kind).filter(project=project_id).order_by("parent__name", "name")
        return [(str(pk), " / ".join(filter(None, names))) for pk, *names in places.values_list("pk", "parent__name", "name")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        place = self.value()
        return queryset.filter(Q(*((path, place) for path in self.paths), _connector=Q.OR)) if is_uuid(place) else queryset


class SequenceFilter(PlaceFilter):
    title = parameter_name = "sequence"
    kind = SEQUENCE
    paths = ("parent",)


class EpisodeFilter(PlaceFilter):
    title = parameter_name = "episode"
    kind = EPISODE
    paths = ("parent", "parent__parent", "source")


class TaskInline(RowInline):
    model = TASK
    fields = ("task_type", "task_status", "start_date", "due_date", "estimation")
    show_change_link = True
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class CastingInline(RowInline):
    model = EntityLink
    fk_name = "entity_in"
    fields = ("entity_out", "nb_occurences", "label")
    verbose_name, verbose_name_plural = "asset", "Cast here"


class CastInInline(RowInline):
    model = EntityLink
    fk_name = "entity_out"
    fields = ("entity_in", "nb_occurences", "label")
    verbose_name, verbose_name_plural = "place", "Cast in"


class VersionInline(NewestInline):
    model = EntityVersion
    fields = ("name", "person", "created_at")
    readonly_fields = fields
    verbose_name_plural = "Former states"


@admin.register(Entity)
class EntityAdmin(StudioAdmin):
    called = ("asset, shot or other entity", "assets, shots and other entities")
    large = True
    list_display = (
        "name",
        "thumbnail",
        linked("project"),
        "entity_type",
        linked("parent"),
        "status",
        "nb_frames",
        "canceled",
        "tasks",
        "updated_at",
    )
    list_filter = (KindFilter, "project", SequenceFilter, EpisodeFilter, "entity_type", "status", "canceled", "is_shared")
    list_select_related = ("project", "entity_type", "parent", "preview_file")
    search_fields = ("name", "code", "parent__name")
    ordering = ("project__name", "name")
    inlines = (TaskInline, CastingInline, CastInInline, VersionInline)
    readonly_fields = ("thumbnail", "contents", "preview_file", "nb_entities_out", "shotgun_id", "creator")
    described_by = ("project", "parent")
    counts = {"n_tasks": count_of(TASK, "entity")}
    sections = (
        (None, ("name", "code", "project", "entity_type", "parent", "source", "description", "thumbnail", "contents")),
        ("State", ("status", "canceled", "ready_for", "is_casting_standby", "is_shared")),
        ("Form", ("nb_frames", "data")),
    )

    fixed = ("project",)

    def create_by_rule(self, values: dict[str, Any], relations: dict[str, Any], *, by: Any) -> Entity:
        values = {**values, "created_by": by.pk}
        return create_row(Entity, values, relations=relations, by=by, stem=stem_of(kind_of(Entity(**values))))

    def update_by_rule(self, row: Entity, values: dict[str, Any], relations: dict[str, Any], *, by: Any) -> Entity:
        return update_entity(row.pk, with_emptied_keys(values, row), relations=relations, by=by)

    def delete_by_rule(self, row: Entity, *, by: Any) -> None:
        delete_row(row, by=by)

    def describe(self, entity: Entity) -> str:
        return " / ".join(part.name for part in (entity.project, entity.parent, entity) if part is not None)

    def name_of(self, row: Entity) -> str:
        return " / ".join(part.name for part in (row.parent, row) if part is not None)

    @admin.display(description="picture")
    def thumbnail(self, entity: Entity) -> str:
        return picture("preview-files", entity.preview_file, exists=entity.preview_file_id, text=entity.name)

    @admin.display(description="tasks", ordering="n_tasks")
    def tasks(self, entity: Any) -> str:
        return list_link(TASK, entity.n_tasks, entity__id__exact=entity.pk)

    @admin.display(description="contents")
    def contents(self, entity: Entity) -> str:
        if entity._state.adding:
            return self.empty_value_display
        links = [
            list_link(Entity, "What is in it", parent__id__exact=entity.pk),
            list_link(TASK, "Tasks", entity__id__exact=entity.pk),
            list_link(apps.get_model("files", "OutputFile"), "Output files", entity__id__exact=entity.pk),
            list_link(apps.get_model("files", "WorkingFile"), "Working files", entity__id__exact=entity.pk),
        ]
        return joined(links)


@admin.register(EntityLink)
class EntityLinkAdmin(StudioAdmin):
    called = ("casting", "castings")
    list_display = (linked("entity_out", "asset"), linked("entity_in", "cast in"), "nb_occurences", "label", "updated_at")
    list_display_links = ("updated_at",)
    list_filter = ("entity_in__project", "label")
    search_fields = ("entity_in__name", "entity_out__name", "label")
    described_by = ("entity_in", "entity_out")
    fixed = ("entity_in", "entity_out")

    @whole_step()
    def create_by_rule(self, values: dict[str, Any], relations: dict[str, Any], *, by: Any) -> EntityLink:
        (entity,) = hold_entities([values["entity_in_id"]])
        link = super().create_by_rule(values, relations, by=by)
        settle(entity, [link.entity_out_id], [], by=by)
        return link

    @whole_step()
    def update_by_rule(self, row: EntityLink, values: dict[str, Any], relations: dict[str, Any], *, by: Any) -> EntityLink:
        if {"entity_in_id", "entity_out_id"} & set(values):  # another asset, or another place, took this line
            kept = {name: getattr(row, name) for name in ("entity_in_id", "entity_out_id", "nb_occurences", "label", "data")}
            remove_link(row, by=by)
            return self.create_by_rule({**kept, **values}, relations, by=by)
        return super().update_by_rule(row, values, relations, by=by)

    def delete_by_rule(self, row: EntityLink, *, by: Any) -> None:
        remove_link(row, by=by)

    def describe(self, link: EntityLink) -> str:
        return f"{link.entity_out.name} in {link.entity_in.name}"


@admin.register(AssetInstance)
class AssetInstanceAdmin(StudioAdmin):
    large = True
    list_display = ("describe", linked("asset"), "number", linked("scene"), linked("target_asset"), "active")
    list_filter = ("asset__project", "active")
    search_fields = ("name", "asset__name", "scene__name")
    described_by = ("asset",)

    @admin.display(description="instance", ordering="name")
    def describe(self, instance: AssetInstance) -> str:
        return instance.name or f"{instance.asset.name} {instance.number or ''}".strip()


@admin.register(EntityVersion)
class EntityVersionAdmin(ReadOnlyAdmin):
    called = ("former state", "former states")
    list_display = ("name", linked("entity"), linked("person", order="person__last_name"), "created_at")
    list_filter = ("entity__project", "created_at")
    search_fields = ("name", "entity__name")
    ordering = ("-created_at",)
