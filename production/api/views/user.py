"""The routes of the person who asks: where they work, and all that their client needs to start."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from core.api.renderers import json_array
from core.api.views import ApiViewSet
from people.permissions import is_human
from production.context import context_of, open_projects


class UserViewSet(ApiViewSet):
    """`/data/user/context` and `/data/user/projects/open`."""

    access = {"context": is_human, "open_projects": is_human}

    def context(self, request: Request) -> Response:
        """Everything a user interface needs."""
        return Response(context_of(request.user))

    def open_projects(self, request: Request) -> Any:
        """The caller's open productions."""
        return json_array(open_projects(request.user, request.query_params.get("name")))
