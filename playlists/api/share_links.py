"""The routes by which a production's manager handles share links."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from core.api.access import Scope
from core.api.parsers import refuse_nul, typed_body
from core.api.renderers import json_array
from core.api.views import ApiViewSet
from core.errors import NotFound
from playlists.api.bodies import Invitation, NewShareLink
from playlists.models import Playlist, PlaylistShareLink
from playlists.permissions import shares_playlist
from playlists.readers import SHARE_LINK
from playlists.rules.share_links import create_link, invite, revoke_link


class ShareLinkViewSet(ApiViewSet):
    """`/data/playlists/<id>/share`."""

    access = dict.fromkeys(("list", "create", "destroy", "invite"), shares_playlist)

    def playlist(self, pk: UUID) -> Playlist:
        """The playlist, once this person may share it. Raises NotFound, Forbidden."""
        found = Playlist.objects.order_by().filter(pk=pk).first()
        if found is None:
            raise NotFound()
        self.authorise(Scope(project_id=found.project_id, instance=found))
        return found

    def link(self, pk: UUID, token: str, **state: bool) -> PlaylistShareLink:
        """A link to the playlist. Raises NotFound."""
        refuse_nul(token)
        found = self.playlist(pk).share_links.order_by().filter(token=token, **state).first()
        if found is None:
            raise NotFound()
        return found

    def list(self, request: Request, pk: UUID) -> Any:
        """The links that were not taken back, those that ran out included."""
        links = self.playlist(pk).share_links.filter(is_active=True).order_by("created_at", "id")
        return json_array(SHARE_LINK.rows(links))

    def create(self, request: Request, pk: UUID) -> Response:
        """Hands out a link."""
        playlist = self.playlist(pk)
        body = typed_body(request, NewShareLink)
        link = create_link(playlist, **body.model_dump(), by=request.user)
        return Response(SHARE_LINK.one(link.pk), status=201)

    def destroy(self, request: Request, pk: UUID, token: str) -> Response:
        """Takes a link back, and answers it as it is then."""
        link = revoke_link(self.link(pk, token), by=request.user)
        return Response(SHARE_LINK.one(link.pk))

    def invite(self, request: Request, pk: UUID, token: str) -> Response:
        """Sends the link by mail."""
        link = self.link(pk, token, is_active=True)
        body = typed_body(request, Invitation)
        sent = invite(link, emails=body.emails, person_ids=body.person_ids, message=body.message or "", by=request.user)
        return Response({"sent": sent})
