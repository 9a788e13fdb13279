"""Deleting entities, one by one and many at once."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from assets.api.views.base import EntityViewSet
from assets.models import Entity
from assets.permissions import is_creator
from assets.querysets import ASSET
from assets.rules.deletion import remove_entities, remove_entity
from core.api.access import Scope
from core.api.parsers import id_list_body
from core.api.values import is_true
from people.permissions import manages_production

MAY_DELETE = is_creator | manages_production


class DeletionRoutes(EntityViewSet):
    """DELETE of a kind's entities, for who made them and for managers."""

    def destroy(self, request: Request, **kwargs: Any) -> Response:
        """Cancels an entity with tasks, deletes another; `force` deletes both."""
        entity = self.open(next(iter(kwargs.values())))
        remove_entity(entity.pk, force=is_true(request.query_params.get("force")), by=self.person)
        return Response(status=204)


class ManyDeletionsViewSet(EntityViewSet):
    """`/actions/projects/<id>/delete-entities`."""

    kind = ASSET
    access = {"delete_many": MAY_DELETE}

    def delete_many(self, request: Request, project_id: UUID) -> Response:
        """Cancels or deletes entities of a production, all or none."""
        ids = id_list_body(request)
        self.find_production(project_id)
        for entity in Entity.objects.filter(pk__in=ids):
            self.authorise(Scope(project_id=project_id, entity_id=entity.pk, instance=entity))
        self.authorised = True
        handled = remove_entities(project_id, dict.fromkeys(ids), force=is_true(request.query_params.get("force")), by=self.person)
        return Response(handled)
