"""The routes of concepts and of their folders."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from assets.api.bodies import ConceptFolderSchema, MoveConceptsSchema, NewConceptSchema
from assets.api.views.base import EntityViewSet
from assets.api.views.boards import BoardRoutes
from assets.api.views.deletion import MAY_DELETE, DeletionRoutes
from assets.querysets import CONCEPT, CONCEPT_FOLDER
from assets.readers import ENTITIES
from assets.rules.creation import create_concept, create_concept_folder
from assets.rules.deletion import delete_folder
from assets.rules.updating import move_concepts, rename_folder
from core.api.parsers import typed_body
from people.permissions import in_production, is_no_client, is_no_vendor, may_open_entity, supervises_production

INSIDERS = in_production & is_no_vendor & is_no_client


class ConceptViewSet(BoardRoutes, DeletionRoutes, EntityViewSet):
    """`/data/concepts`, and the concepts of a production."""

    kind = CONCEPT
    access = {
        "list": INSIDERS,
        "with_tasks": INSIDERS,
        "of_production": INSIDERS,
        "retrieve": may_open_entity & is_no_client,
        "destroy": MAY_DELETE,
        "make": INSIDERS,
        "move": supervises_production,
    }

    def list(self, request: Request) -> Any:
        """Concepts by criteria."""
        return self.answer_criteria()

    def of_production(self, request: Request, project_id: UUID) -> Any:
        """All concepts of a production."""
        return self.answer_production(project_id)

    def retrieve(self, request: Request, concept_id: UUID) -> Response:
        """A concept with its tasks and relation lists."""
        concept = self.open(concept_id)
        return Response({**self.board_row(concept), **ENTITIES[CONCEPT].one(concept.pk)})

    def make(self, request: Request, project_id: UUID) -> Response:
        """Makes a concept."""
        body = typed_body(request, NewConceptSchema)
        linked = [self.path_id(link["id"]) for link in body.entity_concept_links]
        values = {"name": body.name, "description": body.description, "data": body.data}
        return self.made(project_id, create_concept, folder_id=body.parent_id, linked_ids=linked, **values)

    def move(self, request: Request, project_id: UUID) -> Response:
        """Moves concepts into a folder, or out of any."""
        self.enter(project_id, known=True)
        body = typed_body(request, MoveConceptsSchema)
        return Response(move_concepts(project_id, body.concept_ids, body.concept_folder_id, by=self.person))


class ConceptFolderViewSet(EntityViewSet):
    """`/data/concept-folders`, and the folders of a production."""

    kind = CONCEPT_FOLDER
    access = {
        "of_production": INSIDERS,
        "make": supervises_production,
        "update": supervises_production,
        "destroy": supervises_production,
    }

    def of_production(self, request: Request, project_id: UUID) -> Any:
        """All folders of a production."""
        return self.answer_production(project_id)

    def make(self, request: Request, project_id: UUID) -> Response:
        """Makes a folder."""
        return self.made(project_id, create_concept_folder, **typed_body(request, ConceptFolderSchema).model_dump())

    def update(self, request: Request, folder_id: UUID) -> Response:
        """Renames a folder."""
        folder = self.open(folder_id)
        rename_folder(folder.pk, typed_body(request, ConceptFolderSchema).name, by=self.person)
        return Response(ENTITIES[CONCEPT_FOLDER].one(folder.pk, relations=False))

    def destroy(self, request: Request, folder_id: UUID) -> Response:
        """Deletes a folder; its concepts stay."""
        delete_folder(self.open(folder_id).pk, by=self.person)
        return Response(status=204)
