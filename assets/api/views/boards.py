"""`…/with-tasks`: whole boards in one answer, in three forms, and nothing at all for whoever has the board already."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from rest_framework.request import Request

from assets.api.views.base import EntityViewSet
from assets.boards.reading import as_array, as_compact, as_lines, board_row, primed, row_texts
from assets.boards.rows import BOARDS, LINKED_CONCEPTS, Question
from assets.boards.validator import Standing, standing_in
from assets.metadata import hidden_keys
from assets.models import Entity
from assets.querysets import ASSET, CONCEPT, EDIT, EPISODE, SCENE, SEQUENCE, SHOT
from core.api.converters import is_uuid
from core.errors import NotFound, WrongParameter
from core.projection import Row
from people.permissions import in_production, may_open_entity, role_in

WITH_VALIDATOR = (ASSET, SHOT)
# What the boards of a kind are asked by; whatever else the query string says counts for nothing.
CRITERIA = {
    **dict.fromkeys((ASSET, SHOT, EDIT), ("id", "project_id", "episode_id")),
    **dict.fromkeys((SEQUENCE, EPISODE, SCENE), ("project_id", "episode_id")),
    CONCEPT: ("id", "project_id"),
}
MASKED = (ASSET, SHOT, EDIT, SEQUENCE, EPISODE)

Answer = HttpResponse | StreamingHttpResponse


def sent(pieces: Iterator[bytes], is_short: bool, **how: Any) -> Answer:
    """A short board in one piece, a long one by and by with flat memory."""
    return HttpResponse(b"".join(pieces), **how) if is_short else StreamingHttpResponse(pieces, **how)


class BoardRoutes(EntityViewSet):
    """The board of a kind, and single rows of it."""

    def with_tasks(self, request: Request) -> Any:
        """The kind's board."""
        asked = self.criteria()
        standing = self.stand(asked)
        role = self.role_for(asked["project_id"])
        headers = self.validators(standing, role, asked)
        if headers and headers["ETag"] in request.headers.get("If-None-Match", ""):
            return HttpResponse(status=304, headers=headers)
        question = Question(self.person, role, only_own=self.only_own, **asked)
        return self.board(self.with_masks(question), headers)

    def criteria(self) -> dict[str, str | None]:
        """What the query string asks for. Raises WrongParameter for malformed ids."""
        asked = {name: self.request.query_params.get(name) for name in CRITERIA[self.kind]}
        for name, value in asked.items():
            word = name == "episode_id" and value in ("all", "main")
            if value is not None and not word and not is_uuid(value):
                raise WrongParameter(f"Invalid UUID format for {name}: {value}")
        return {"entity_id": asked.pop("id", None), "episode_id": None, **asked}

    @property
    def only_own(self) -> bool:
        """The query string asks for the person's own work; boards of places show all."""
        return "assigned_to" in self.request.query_params and "id" in CRITERIA[self.kind]

    def stand(self, asked: dict[str, str | None]) -> Standing:
        """Enters the production of the board. Raises NotFound, Forbidden."""
        if asked["project_id"] is None and self.kind == ASSET:
            if asked["episode_id"] in (None, "all", "main"):
                return Standing(exists=False)
            self.enter(self.episode_of(asked["episode_id"]).project_id, check=in_production)
            return Standing(exists=False)
        standing = standing_in(self.person, asked["project_id"]) if asked["project_id"] else Standing(exists=False)
        if asked["project_id"] and not standing.exists and not self.person.is_admin:
            raise NotFound()
        self.enter(asked["project_id"], check=in_production if self.kind == ASSET else None)
        return standing

    def role_for(self, project_id: str | None) -> str:
        """The role that decides what the board shows."""
        return (project_id and role_in(self.person, project_id)) or self.role_everywhere()

    def validators(self, standing: Standing, role: str, asked: dict[str, str | None]) -> dict[str, str]:
        """The headers that let a client ask again for what changed alone; they are the same for all forms of a board."""
        if self.kind not in WITH_VALIDATOR or not asked["project_id"]:
            return {}
        tag = standing.tag(
            self.person, role, self.kind, self.only_own, *sorted((name, value or "") for name, value in asked.items())
        )
        return {"ETag": f'"{tag}"', "Cache-Control": "private, no-cache"}

    def with_masks(self, question: Question) -> Question:
        """The question with the metadata that stays hidden from a vendor."""
        if question.role != "vendor" or self.kind not in MASKED:
            return question
        hidden = hidden_keys(self.person, self.kind, question.project_id)
        return Question(**{**question.__dict__, "hidden_keys": hidden})

    def board(self, question: Question, headers: dict[str, str]) -> Answer:
        """The answer, row by row, in the form that was asked for."""
        board, params = BOARDS[self.kind], self.request.query_params
        formed = self.kind in WITH_VALIDATOR
        compact, stream = formed and params.get("compact") == "true", formed and params.get("stream") == "true"
        texts, is_short = primed(row_texts(board, question, compact=compact))
        pieces: Iterator[bytes]
        if stream:
            pieces = as_lines(board, texts, compact=compact)
        else:
            pieces = as_compact(board, texts) if compact else as_array(texts)
        form = "application/x-ndjson" if stream else "application/json"
        return sent(pieces, is_short, content_type=form, headers=headers)

    def board_row(self, entity: Entity) -> Row:
        """The entity as its board shows it. Raises NotFound where the board leaves it out."""
        role = role_in(self.person, entity.project_id) or ""
        row = board_row(
            self.kind, entity.pk, Question(self.person, "client" if role == "client" else "", None, str(entity.project_id))
        )
        if row is None:
            raise NotFound()
        return row


class LinkedConceptViewSet(EntityViewSet):
    """`/data/entities/<id>/entities-linked/with-tasks`."""

    kind = CONCEPT
    access = {"linked": may_open_entity}

    def linked(self, request: Request, entity_id: UUID) -> Answer:
        """The concepts about an entity."""
        entity = self.open_any(entity_id)
        rows = Entity.objects.order_by().filter(entity_concept_links=entity.pk)
        texts, is_short = primed(row_texts(LINKED_CONCEPTS, Question(self.person), rows))
        return sent(as_array(texts), is_short, content_type="application/json")
