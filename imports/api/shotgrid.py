"""The routes by which ShotGrid's entries come in and go."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from core.api.converters import is_uuid
from core.api.parsers import Unreadable, is_json
from core.api.renderers import json_array
from core.api.views import ApiViewSet
from core.errors import NOT_JSON, NotFound, Refusal
from imports.models import DataImportError
from imports.readers import DATA_IMPORT_ERROR
from imports.rules.records import API, Origin
from imports.rules.shotgrid.base import PageImport
from imports.rules.shotgrid.entries import LARGEST
from imports.rules.shotgrid.errors import log_error, strike_error
from imports.rules.shotgrid.kinds import IMPORTS
from imports.rules.shotgrid.removal import remove_by_shotgun_id, remove_connection
from people.permissions import is_admin

NO_ID = 'The ShotGrid id of what was removed is expected, as {"id": 123}.'


def body_of(request: Request) -> Any:
    """The JSON value that was sent. Raises what the API answers to anything else."""
    if not is_json(request):
        raise Unreadable(NOT_JSON, 415)
    return request.data


class ShotGridViewSet(ApiViewSet):
    """`/import/shotgun/<kind>`: an array of ShotGrid's entries, stored whole or not at all; answers the rows that they became."""

    access = dict.fromkeys(
        (
            *("persons", "projects", "episodes", "sequences", "scenes", "shots", "assets", "steps", "status"),
            *("tasks", "versions", "notes", "connections"),
        ),
        is_admin,
    )

    def answer(self, request: Request, kind: str) -> Any:
        """Imports the page that was sent."""
        importer: PageImport = IMPORTS[kind](by=request.user)
        importer.run(body_of(request), origin=Origin(API))
        return json_array(importer.rows())

    def persons(self, request: Request) -> Any:
        """People."""
        return self.answer(request, "persons")

    def projects(self, request: Request) -> Any:
        """Productions."""
        return self.answer(request, "projects")

    def episodes(self, request: Request) -> Any:
        """Episodes."""
        return self.answer(request, "episodes")

    def sequences(self, request: Request) -> Any:
        """Sequences."""
        return self.answer(request, "sequences")

    def scenes(self, request: Request) -> Any:
        """Scenes."""
        return self.answer(request, "scenes")

    def shots(self, request: Request) -> Any:
        """Shots with their casting."""
        return self.answer(request, "shots")

    def assets(self, request: Request) -> Any:
        """Assets, and what is cast in them."""
        return self.answer(request, "assets")

    def steps(self, request: Request) -> Any:
        """Pipeline steps, which are task types here."""
        return self.answer(request, "steps")

    def status(self, request: Request) -> Any:
        """Task statuses."""
        return self.answer(request, "status")

    def tasks(self, request: Request) -> Any:
        """Tasks."""
        return self.answer(request, "tasks")

    def versions(self, request: Request) -> Any:
        """Versions, which are previews here."""
        return self.answer(request, "versions")

    def notes(self, request: Request) -> Any:
        """Notes, which are comments here."""
        return self.answer(request, "notes")

    def connections(self, request: Request) -> Any:
        """People's places in teams; answers the productions."""
        return self.answer(request, "project-connections")


class ShotGridRemovalViewSet(ApiViewSet):
    """`/import/shotgun/remove/<kind>`: what ShotGrid removed, as `{"id": …}`."""

    access = {"remove": is_admin, "remove_connection": is_admin}

    def asked(self, request: Request) -> int:
        """The ShotGrid id that was sent. Raises a refusal."""
        body = body_of(request)
        shotgun_id = body.get("id") if isinstance(body, dict) else None
        if type(shotgun_id) is not int or not 0 <= shotgun_id <= LARGEST:
            raise Refusal(NO_ID)
        return shotgun_id

    def remove(self, request: Request, kind: str) -> Response:
        """Removes a row, unless something needs it."""
        pk, success = remove_by_shotgun_id(kind, self.asked(request), by=request.user)
        return Response({**({"removed_instance_id": str(pk)} if pk is not None else {}), "success": success})

    def remove_connection(self, request: Request) -> Response:
        """Takes a person out of a team."""
        remove_connection(self.asked(request), by=request.user)
        return Response({"success": True})


class ShotGridErrorViewSet(ApiViewSet):
    """`/import/shotgun/errors`: a log book for programs that bring over entries."""

    access = {"list": is_admin, "create": is_admin, "destroy": is_admin}

    def list(self, request: Request) -> Any:
        """What was written down, the oldest first."""
        return json_array(DATA_IMPORT_ERROR.rows(DataImportError.objects.order_by("created_at", "id")))

    def create(self, request: Request) -> Response:
        """Writes something down."""
        error = log_error(body_of(request))
        return Response(DATA_IMPORT_ERROR.one(error.pk), status=201)

    def destroy(self, request: Request, error_id: str) -> Response:
        """Strikes it out."""
        error = DataImportError.objects.filter(pk=error_id).first() if is_uuid(error_id) else None
        if error is None:
            raise NotFound()
        strike_error(error)
        return Response(status=204)
