"""Named reads of productions and of what belongs to them."""

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

OPEN = "Open"
CLOSED = "Closed"
# What studio managers find among the open productions: older studios name the status differently.
OPEN_NAMES = (OPEN, "open", "Active")
# Entity types of these names always exist; every other type is a type of assets.
TEMPORAL_TYPES = ("Shot", "Scene", "Sequence", "Episode", "Edit", "Concept", "ConceptFolder")


class ProjectQuerySet(models.QuerySet):
    """Productions, narrowed by words of the studio."""

    def under_way(self) -> "ProjectQuerySet":
        """The open ones."""
        return self.filter(project_status__name=OPEN)

    def of_member(self, person: Any) -> "ProjectQuerySet":
        """Those in whose team the person is; all of them for studio managers."""
        if person.is_admin:
            return self
        links = self.model._meta.get_field("team_links").related_model.objects.order_by()
        return self.filter(Exists(links.filter(project=OuterRef("pk"), person=person)))


class EntityTypeQuerySet(models.QuerySet):
    """Entity types, narrowed by words of the studio."""

    def of_assets(self) -> "EntityTypeQuerySet":
        """The types of assets."""
        return self.exclude(name__in=TEMPORAL_TYPES)


class DescriptorQuerySet(models.QuerySet):
    """Metadata columns, narrowed by who may see them."""

    def visible_as(self, role: str | None, department_ids: Any) -> "DescriptorQuerySet":
        """Those that a role sees in a production: clients what is for them, vendors what is for all or for their departments."""
        if role == "client":
            return self.filter(for_client=True)
        if role == "vendor":
            links = self.model.departments.through.objects.filter(metadatadescriptor=OuterRef("pk"))
            return self.filter(~Exists(links) | Exists(links.filter(department__in=department_ids)))
        return self

    def in_order(self) -> "DescriptorQuerySet":
        """By position, those without one last, then by name."""
        return self.order_by(models.F("position").asc(nulls_last=True), "name")

    def of_columns(self, entity_type: str, task_type_id: Any) -> "DescriptorQuerySet":
        """The columns beside each other: of one kind of entity, or of the tasks of one type."""
        return self.filter(entity_type=entity_type, task_type_id=task_type_id)


class KeptSearchQuerySet(models.QuerySet):
    """Kept searches and their groups, narrowed by who may see them."""

    def visible_to(self, person: Any) -> "KeptSearchQuerySet":
        """A person's own and the shared ones, of open productions or none; those of a department for its members and managers."""
        found = self.filter(Q(person=person) | Q(is_shared=True))
        found = found.filter(Q(project__isnull=True) | Q(project__project_status__name=OPEN))
        if person.role in ("admin", "manager"):
            return found
        return found.filter(Q(department__isnull=True) | Q(department__in=person.departments.values("pk")))
