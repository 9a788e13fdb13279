"""The routes of edits."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from assets.api.bodies import NewEditSchema
from assets.api.views.base import EntityViewSet, relations_wanted
from assets.api.views.boards import BoardRoutes
from assets.api.views.deletion import DeletionRoutes
from assets.api.views.places import ROUTES
from assets.models import EntityVersion
from assets.querysets import EDIT, EPISODE
from assets.readers import EDIT_VERSION
from assets.rules.creation import create_edit
from core.api.parsers import typed_body
from core.api.renderers import json_array
from people.permissions import may_open_entity


class EditViewSet(BoardRoutes, DeletionRoutes, EntityViewSet):
    """`/data/edits`, and the edits of productions and episodes."""

    kind = EDIT
    access = {**ROUTES, "of_episode": may_open_entity, "versions": may_open_entity}

    def list(self, request: Request) -> Any:
        """Edits by criteria."""
        return self.answer_criteria()

    def of_production(self, request: Request, project_id: UUID) -> Any:
        """All edits of a production."""
        return self.answer_production(project_id)

    def of_episode(self, request: Request, episode_id: UUID) -> Any:
        """The edits of an episode."""
        episode = self.open(episode_id, kind=EPISODE)
        rows = self.entities().filter(parent=episode).order_by("name", "id")
        return self.answer_for(rows, episode.project_id, relations=relations_wanted(request))

    def retrieve(self, request: Request, edit_id: UUID) -> Response:
        """An edit as its board shows it."""
        return Response(self.board_row(self.open(edit_id)))

    def make(self, request: Request, project_id: UUID) -> Response:
        """Makes an edit."""
        return self.made(project_id, create_edit, **typed_body(request, NewEditSchema).model_dump())

    def versions(self, request: Request, edit_id: UUID) -> Any:
        """What the edit was, newest first."""
        versions = EntityVersion.objects.filter(entity=self.open(edit_id)).order_by("-created_at", "-id")
        return json_array(EDIT_VERSION.rows(versions))
