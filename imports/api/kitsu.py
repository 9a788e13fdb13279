"""The routes by which rows of another server come in, with their ids."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from assets.readers import ENTITY_LINK, UNTYPED
from core.api.parsers import NOT_JSON, Unreadable, is_json
from core.api.renderers import json_array
from core.api.views import ApiViewSet
from core.errors import WrongParameter
from core.projection import Projection
from core.sql import CHUNK
from files.readers import ATTACHMENT_FILE, PREVIEW_FILE
from imports.rules.kitsu.kinds import ROUTES
from imports.rules.kitsu.routes import import_rows
from people.permissions import any_person
from playlists.models import BuildJob
from playlists.readers import PLAYLIST
from production.readers import METADATA_DESCRIPTOR, MILESTONE, PROJECT, SCHEDULE_ITEM
from tasks.readers import COMMENT, NEWS, NOTIFICATION, SUBSCRIPTION, TASK, TIME_SPENT

LISTS = (PROJECT, UNTYPED, ENTITY_LINK, TASK, COMMENT, PREVIEW_FILE, TIME_SPENT, SUBSCRIPTION, NOTIFICATION, NEWS, PLAYLIST)
MORE = (METADATA_DESCRIPTOR, SCHEDULE_ITEM, MILESTONE, ATTACHMENT_FILE, Projection(BuildJob))
READERS = {reader.model: reader for reader in (*LISTS, *MORE)}
SILENT = ("1", "true", "yes")


class KitsuImportViewSet(ApiViewSet):
    """`/import/kitsu/…`: an array of rows in the API's own form. Of others than studio managers it takes none, silently."""

    access = {"store": any_person}

    def store(self, request: Request, kind: str) -> Any:
        """Stores all rows, or none; `silent=true` tells nobody."""
        if not is_json(request):
            raise Unreadable(NOT_JSON, 415)
        entries = request.data
        if not isinstance(entries, list):
            raise WrongParameter("A list of entities is expected.")
        if not request.user.is_admin:
            return Response([])
        silent = request.query_params.get("silent", "").lower() in SILENT
        stored = import_rows(ROUTES[kind], entries, silent=silent, by=request.user)
        reader = READERS[ROUTES[kind].model]
        parts = (stored[at : at + CHUNK] for at in range(0, len(stored), CHUNK))
        return json_array(row for part in parts for row in reader.some(part, relations=False))
