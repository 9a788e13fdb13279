"""The routes of sequences, episodes and scenes: where shots lie."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from assets.api.bodies import NewEpisodeSchema, NewSceneSchema, NewSequenceSchema
from assets.api.views.base import EntityViewSet
from assets.api.views.boards import BoardRoutes
from assets.api.views.deletion import MAY_DELETE, DeletionRoutes
from assets.querysets import EPISODE, SCENE, SEQUENCE, EntityQuerySet
from assets.rules.creation import create_episode, create_scene, create_sequence
from core.api.converters import is_uuid
from core.api.parsers import typed_body
from people.permissions import in_production, is_no_vendor, manages_production, may_open_entity

ROUTES = {
    "list": in_production,
    "with_tasks": in_production,
    "of_production": in_production,
    "retrieve": may_open_entity,
    "destroy": MAY_DELETE,
    "make": manages_production,
}


class SequenceViewSet(BoardRoutes, DeletionRoutes, EntityViewSet):
    """`/data/sequences`, and the sequences of productions and episodes."""

    kind = SEQUENCE
    access = {**ROUTES, "of_episode": in_production}

    def list(self, request: Request) -> Any:
        """Sequences by criteria; `episode_id` stands for a parent and its production."""
        if "episode_id" in request.query_params:
            episode = self.episode_of(request.query_params["episode_id"])
            return self.answer_criteria(project_id=episode.project_id, parent_id=episode.pk)
        return self.answer_criteria()

    def scoped(self, rows: EntityQuerySet, role: str) -> EntityQuerySet:
        """A vendor sees sequences that hold a shot of theirs."""
        return rows.with_shot_of(self.person) if role == "vendor" else rows

    def listed(self, rows: EntityQuerySet, role: str) -> EntityQuerySet:
        """By name."""
        return self.scoped(rows, role).order_by("name", "id")

    def of_production(self, request: Request, project_id: UUID) -> Any:
        """All sequences of a production."""
        return self.answer_production(project_id)

    def of_episode(self, request: Request, episode_id: str) -> Any:
        """The sequences of an episode; what is no id has none."""
        if not is_uuid(episode_id):
            self.authorised = True
            return Response([])
        episode = self.episode_of(episode_id)
        return self.answer_criteria(project_id=episode.project_id, parent_id=episode.pk)

    def retrieve(self, request: Request, sequence_id: UUID) -> Response:
        """A sequence with the names of its production and episode."""
        return self.answer_one(self.open(sequence_id))

    def make(self, request: Request, project_id: UUID) -> Response:
        """Makes a sequence."""
        return self.made(project_id, create_sequence, **typed_body(request, NewSequenceSchema).model_dump())


class EpisodeViewSet(BoardRoutes, DeletionRoutes, EntityViewSet):
    """`/data/episodes`, and the episodes of a production."""

    kind = EPISODE
    access = ROUTES

    def list(self, request: Request) -> Any:
        """Episodes by criteria."""
        return self.answer_criteria()

    def scoped(self, rows: EntityQuerySet, role: str) -> EntityQuerySet:
        """A vendor sees episodes that hold work of theirs."""
        return rows.episode_with_work_of(self.person) if role == "vendor" else rows

    def listed(self, rows: EntityQuerySet, role: str) -> EntityQuerySet:
        """By name."""
        return self.scoped(rows, role).order_by("name", "id")

    def of_production(self, request: Request, project_id: UUID) -> Any:
        """All episodes of a production."""
        return self.answer_production(project_id)

    def retrieve(self, request: Request, episode_id: UUID) -> Response:
        """An episode with the name of its production."""
        return self.answer_one(self.open(episode_id))

    def make(self, request: Request, project_id: UUID) -> Response:
        """Makes an episode."""
        return self.made(project_id, create_episode, **typed_body(request, NewEpisodeSchema).model_dump())


class SceneViewSet(BoardRoutes, DeletionRoutes, EntityViewSet):
    """`/data/scenes`, and the scenes of productions and sequences."""

    kind = SCENE
    access = {
        **ROUTES,
        "list": in_production & is_no_vendor,
        "with_tasks": in_production & is_no_vendor,
        "of_sequence": may_open_entity,
    }

    def list(self, request: Request) -> Any:
        """Scenes of sequences, by criteria."""
        return self.answer_criteria()

    def listed(self, rows: EntityQuerySet, role: str) -> EntityQuerySet:
        """Scenes of sequences, in the order of their making."""
        return self.own(rows, role).filter(parent__isnull=False).order_by("created_at", "id")

    def of_production(self, request: Request, project_id: UUID) -> Any:
        """All scenes of a production."""
        return self.answer_production(project_id)

    def of_sequence(self, request: Request, sequence_id: UUID) -> Any:
        """The scenes of a sequence."""
        sequence = self.open(sequence_id, kind=SEQUENCE)
        return self.answer_for(self.entities().filter(parent=sequence).order_by("name", "id"), sequence.project_id)

    def retrieve(self, request: Request, scene_id: UUID) -> Response:
        """A scene with the names of what holds it. One without a sequence is not found."""
        return self.answer_one(self.open(scene_id))

    def make(self, request: Request, project_id: UUID) -> Response:
        """Makes a scene."""
        return self.made(project_id, create_scene, **typed_body(request, NewSceneSchema).model_dump())
