"""The routes of shots."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from assets.api.bodies import AddShotToSceneSchema, NewShotSchema, UpdateShotSchema
from assets.api.views.base import EntityViewSet, relations_wanted
from assets.api.views.boards import BoardRoutes
from assets.api.views.deletion import MAY_DELETE, DeletionRoutes
from assets.models import Entity, EntityVersion
from assets.querysets import ASSET, EPISODE, SCENE, SEQUENCE, SHOT, EntityQuerySet
from assets.readers import ENTITIES, LISTED, SHOT_VERSION, UNTYPED
from assets.rules.creation import check_status, create_shot
from assets.rules.instances import add_to_scene, remove_from_scene
from assets.rules.updating import update_shot
from core.api.parsers import row_body, typed_body
from core.api.renderers import json_array
from core.api.serializers import serializer_for
from core.sql import Casefolded
from people.permissions import in_production, manages_production, may_open_entity

PROTECTED = ("created_by", "shotgun_id", "type", "entities_in", "entities_out", "instance_casting")
SHOT_INPUT = serializer_for(Entity, protected=PROTECTED)


class ShotViewSet(BoardRoutes, DeletionRoutes, EntityViewSet):
    """`/data/shots`, and the shots of productions, sequences, episodes and scenes."""

    kind = SHOT
    access = {
        "list": in_production,
        "with_tasks": in_production,
        "of_production": in_production,
        "of_sequence": in_production,
        "of_episode": may_open_entity,
        "of_scene": may_open_entity,
        "retrieve": may_open_entity,
        "update": manages_production,
        "destroy": MAY_DELETE,
        "make": manages_production,
        "cast": may_open_entity,
        "versions": may_open_entity,
        "add_to_scene": may_open_entity,
        "remove_from_scene": may_open_entity,
    }

    def list(self, request: Request) -> Any:
        """Shots by criteria; `sequence_id` stands for a parent and its production."""
        params = self.without_type()
        forced: dict[str, Any] = {}
        if "sequence_id" in params:
            sequence = self.found(SEQUENCE, params["sequence_id"])
            forced = {"project_id": sequence.project_id, "parent_id": sequence.pk}
        return self.answer_criteria(**forced)

    def listed(self, rows: EntityQuerySet, role: str) -> EntityQuerySet:
        """Shots of sequences, by name in any letter case."""
        return self.own(rows, role).filter(parent__isnull=False).order_by(Casefolded("name"), "name", "id")

    def of_production(self, request: Request, project_id: UUID) -> Any:
        """All shots of a production."""
        return self.answer_production(project_id)

    def of_sequence(self, request: Request, sequence_id: UUID) -> Any:
        """The shots of a sequence, by criteria."""
        sequence = self.found(SEQUENCE, sequence_id)
        return self.answer_criteria(project_id=sequence.project_id, parent_id=sequence.pk)

    def of_episode(self, request: Request, episode_id: UUID) -> Any:
        """The shots of an episode's sequences."""
        episode = self.open(episode_id, kind=EPISODE)
        rows = self.entities().filter(parent__parent_id=episode.pk)
        return self.answer_for(rows, episode.project_id, relations=relations_wanted(request))

    def of_scene(self, request: Request, scene_id: UUID) -> Any:
        """The shots that come from a scene."""
        scene = self.open(scene_id, kind=SCENE)
        return self.answer_for(self.listed(self.entities().filter(source_id=scene.pk), ""), scene.project_id, reader=LISTED[SHOT])

    def retrieve(self, request: Request, shot_id: UUID) -> Response:
        """A shot with its tasks, its place and its relation lists."""
        shot = self.open(shot_id)
        return Response({**self.board_row(shot), **ENTITIES[SHOT].one(shot.pk)})

    def update(self, request: Request, shot_id: UUID) -> Response:
        """Changes a shot; metadata is replaced."""
        shot = self.open(shot_id)
        checked = typed_body(request, UpdateShotSchema).model_dump(mode="json", exclude_unset=True)
        body = {**row_body(request), **checked}
        if "status" in body:
            check_status(body["status"])
        serializer = SHOT_INPUT(shot, data=body)
        serializer.is_valid(raise_exception=True)
        self.refuse_foreign(shot, serializer.columns)
        update_shot(shot.pk, serializer.columns, by=self.person)
        return Response(UNTYPED.one(shot.pk, relations=False))

    def make(self, request: Request, project_id: UUID) -> Response:
        """Makes a shot."""
        return self.made(project_id, create_shot, **typed_body(request, NewShotSchema).model_dump())

    def cast(self, request: Request, shot_id: UUID) -> Any:
        """The assets cast in a shot, canceled ones too."""
        assets = Entity.objects.order_by().of_kind(ASSET).cast_in(self.open(shot_id).pk)
        return json_array(ENTITIES[ASSET].rows(assets))

    def versions(self, request: Request, shot_id: UUID) -> Any:
        """What the shot was, newest first."""
        versions = EntityVersion.objects.filter(entity=self.open(shot_id)).order_by("-created_at", "-id")
        return json_array(SHOT_VERSION.rows(versions))

    def add_to_scene(self, request: Request, scene_id: UUID) -> Response:
        """A shot comes from a scene now."""
        body, scene = typed_body(request, AddShotToSceneSchema), self.open(scene_id, kind=SCENE)
        shot = add_to_scene(scene, body.shot_id, by=self.person)
        return Response(UNTYPED.one(shot.pk, relations=False), status=201)

    def remove_from_scene(self, request: Request, scene_id: UUID, shot_id: UUID) -> Response:
        """A shot comes from a scene no longer."""
        remove_from_scene(self.open(scene_id, kind=SCENE), shot_id, by=self.person)
        return Response(status=204)
