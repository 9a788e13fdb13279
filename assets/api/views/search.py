"""`/data/search`: assets, shots and people by words."""

from typing import Any
from uuid import UUID

from django.db.models import Expression, F, Q, QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from assets.api.bodies import SearchSchema
from assets.metadata import hidden_keys, masked
from assets.models import Entity
from assets.querysets import ASSET, SHOT, assigned_tasks
from assets.search.finding import Question, in_order, searched_texts
from core.api.parsers import typed_body
from core.api.views import ApiViewSet
from core.json import loads
from core.projection import Projection, Row
from core.sql import AsText
from people.models import Person
from people.permissions import open_project_ids, within_own_productions
from people.readers import list_form
from production.models import Project

SHORTEST_QUESTION = 3
AROUND: dict[str, Expression | F] = {
    "project_name": F("project__name"),
    "preview_file_extension": F("preview_file__extension"),
}
FOUND = {
    ASSET: Projection(Entity, type=ASSET, computed={**AROUND, "asset_type_name": F("entity_type__name")}),
    SHOT: Projection(
        Entity,
        type=SHOT,
        computed={
            **AROUND,
            "sequence_name": F("parent__name"),
            "episode": F("parent__parent__name"),
            "episode_id": AsText("parent__parent_id"),
        },
    ),
}
KINDS = {"assets": ASSET, "shots": SHOT}


class SearchViewSet(ApiViewSet):
    """`/data/search`."""

    access = {"search": within_own_productions}

    def search(self, request: Request) -> Response:
        """What has the words asked for, in each index that is asked."""
        body = typed_body(request, SearchSchema)
        if len(body.query) < SHORTEST_QUESTION:
            return Response({})
        question = Question(body.query, body.limit, body.offset)
        names = list(dict.fromkeys(name for name in body.index_names if name in (*KINDS, "persons")))
        return Response(
            {
                name: self.people(question) if name == "persons" else self.entities(question, KINDS[name], body.project_id)
                for name in names
            }
        )

    def entities(self, question: Question, kind: str, project_id: UUID | None) -> list[Row]:
        """The entities of a kind, without the metadata that a vendor may not see."""
        person: Any = self.request.user
        hidden = {} if person.is_admin else self.hidden_from(person, kind)
        rows = visible_entities(person, kind, project_id)
        found = question.documents("entity_id", rows, metadata=not hidden)
        entities = FOUND[kind].rows(Entity.objects.order_by().filter(pk__in=[pk for pk, _ in found])) if found else ()
        return [with_matches(row, title, question) for row, title in in_order(found, masked(entities, hidden))]

    def hidden_from(self, person: Person, kind: str) -> dict[str, set[str]]:
        """By production in which the person is a vendor, the metadata that is not for them. One statement per request, or two."""
        productions = person.__dict__.get("_vendor_projects")
        if productions is None:
            found = vendor_links(person).values_list("project_id", flat=True)
            productions = person.__dict__["_vendor_projects"] = set(map(str, found))
        hidden = hidden_keys(person, kind) if productions else {}
        return {project_id: keys for project_id, keys in hidden.items() if project_id in productions}

    def people(self, question: Question) -> list[Row]:
        """People at work, in the form in which this person sees others."""
        person = self.request.user
        people = Person.objects.filter(active=True, is_guest=False, preview_project=None)
        if person.role == "client":
            people = people.filter(team_links__project_id__in=open_project_ids(person))
        found = question.documents("person_id", people)
        form = list_form(person)
        rows = form.rows(Person.objects.order_by().filter(pk__in=[pk for pk, _ in found]), relations=True) if found else ()
        return [{**row, "matched_terms": question.matched({"name": title})} for row, title in in_order(found, rows)]


def vendor_links(person: Person) -> QuerySet[Any]:
    """The team links by which the person is a vendor."""
    as_vendor = Q(role="vendor") | Q(role=None) if person.role == "vendor" else Q(role="vendor")
    return person.team_links.order_by().filter(as_vendor)


def visible_entities(person: Person, kind: str, project_id: UUID | None) -> QuerySet[Any]:
    """The entities of open productions, of one's own unless one manages the studio; a vendor's with a task of theirs."""
    open_projects = Project.objects.order_by().under_way().values("pk") if person.is_admin else open_project_ids(person)
    rows = Entity.objects.order_by().of_kind(kind).filter(project_id__in=open_projects)
    if project_id is not None:
        rows = rows.filter(project_id=project_id)
    if person.is_admin:
        return rows
    return rows.exclude(~assigned_tasks(person), project_id__in=vendor_links(person).values("project_id"))


def with_matches(row: Row, title: str, question: Question) -> Row:
    """An entity with the names of what of it has the words; a shot without an episode has no fields for one."""
    if "episode" in row and row["episode"] is None:
        del row["episode"], row["episode_id"]
    metadata = loads(row["data"]) if row["data"] is not None else {}
    texts = searched_texts(row, title, metadata if isinstance(metadata, dict) else {})
    return {**row, "matched_terms": question.matched(texts)}
