"""How a reader stands to a production and how far it has moved: enough to say in one statement that a board has not changed."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import CharField, Count, Exists, Max, OuterRef, Subquery
from django.db.models.functions import Cast, Concat

from core.sql import Prepared, related_ids
from events.models import ProductionStamp
from events.stamps import STUDIO
from people.models import Person
from production.models import Project, ProjectPersonLink


@dataclass(frozen=True)
class Standing:
    """Whether a production exists, and all that a board of it depends on for one reader."""

    exists: bool
    marks: tuple[Any, ...] = ()

    def tag(self, person: Person, role: str, *asked: Any) -> str:
        """The strong validator of what this reader is answered to this question: 64 hexadecimal digits."""
        return sha256(repr((*self.marks, person.pk, role, asked)).encode()).hexdigest()


def standing_query(project_id: Any, person_id: Any) -> Any:
    """What the marks are read from."""
    link = ProjectPersonLink.objects.order_by().filter(project_id=OuterRef("pk"), person_id=person_id)
    stamps = ProductionStamp.objects.order_by()
    followed = apps.get_model("tasks", "Subscription").objects.order_by().filter(person_id=person_id).values("person")
    subscriptions = followed.annotate(mark=Concat(Count("pk"), Cast(Max("created_at"), CharField()), output_field=CharField()))
    departments = Person.objects.order_by().filter(pk=person_id).annotate(ids=related_ids(Person, "departments"))
    return (
        Project.objects.order_by()
        .filter(pk=project_id)
        .values_list(
            Exists(link),
            Subquery(link.values("role")),
            Subquery(stamps.filter(pk=OuterRef("pk")).values("value")),
            Subquery(stamps.filter(pk=STUDIO).values("value")),
            Subquery(subscriptions.values("mark")),
            Subquery(departments.values("ids")),
        )
    )


STANDING = Prepared(standing_query)


def standing_in(person: Person, project_id: str) -> Standing:
    """The person's standing in a production; afterwards their role there is known without asking again. One SQL statement."""
    rows = STANDING.fetch(project_id, person.pk)[1]
    if not rows:
        return Standing(exists=False)
    is_member, role, *marks = rows[0]
    if not person.is_admin:
        person.__dict__.setdefault("_roles", {})[UUID(project_id)] = (role or person.role) if is_member else None
    return Standing(exists=True, marks=(project_id.lower(), *map(str, marks)))
