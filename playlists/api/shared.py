"""The routes of shared playlists: for whoever has the link, with its password where it has one. No account is asked for.

The password comes as the query's `password` or in the header `X-Share-Password`. Who has shown it gets a cookie that stands
for it for some hours, so that pictures and movies need no secret in their addresses.
"""

from typing import Any
from uuid import UUID

from django.conf import settings
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.access import public
from core.api.exceptions import with_status
from core.api.parsers import typed_body
from core.api.views import ApiViewSet
from core.errors import TOO_LARGE, Forbidden, NotFound, Refusal
from files import storage
from files.api.attachments import serve_attachment
from files.api.serving import serve_file
from files.api.uploaded import uploads_of
from files.models import AttachmentFile
from files.readers import PREVIEW_FILE
from files.storage import PICTURES
from people.models import Person
from people.origins import is_foreign
from playlists.api.bodies import GuestAct, GuestAnnotations, GuestComment, GuestEdit, PerhapsGuestAct, Visitor
from playlists.models import PlaylistShareLink
from playlists.readers import GUEST
from playlists.rules import guests
from playlists.rules.doors import TICKET_LIFETIME, enter, ticket_for
from playlists.rules.share_links import Said
from playlists.shared import shared_context, shared_playlist
from playlists.shared_comments import comment_row, created_row, is_heard, readable_comments, shared_conversation

COOKIE, HEADER = "share_ticket", "X-Share-Password"
# The server answers with and without /api before its routes: the browser needs a cookie for each.
PATHS = {COOKIE: "/shared/playlists/", f"{COOKIE}_api": "/api/shared/playlists/"}
READING = ("GET", "HEAD", "OPTIONS")


class SharedRoutes(ApiViewSet):
    """Routes below `/shared/playlists/<token>`: the token of the path opens the link before anything else is looked at."""

    link: PlaylistShareLink
    token = ""
    proven = False

    def dispatch(self, request: Any, *args: Any, token: str = "", **kwargs: Any) -> Any:
        """Takes the token out of what the actions are given."""
        self.token = token
        return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Opens the link. Raises NotFound, and Forbidden for a foreign page that would act by the browser's cookie."""
        super().initial(request, *args, **kwargs)
        if self.action == "metadata":
            return
        password = request.headers.get(HEADER) or request.query_params.get("password") or ""
        tickets = [request.COOKIES[name] for name in PATHS if name in request.COOKIES]
        self.link, self.proven = enter(self.token, password=password, tickets=tickets)
        if self.link.password and not self.proven and request.method not in READING and is_foreign(request):
            raise Forbidden()

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Gives the browser a ticket in exchange for the password."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        if self.proven:
            ticket, age = ticket_for(self.link), int(TICKET_LIFETIME.total_seconds())
            options: dict[str, Any] = {"httponly": True, "samesite": "Strict", "secure": settings.SESSION_COOKIE_SECURE}
            for name, path in PATHS.items():
                answer.set_cookie(name, ticket, max_age=age, path=path + self.token, **options)
        return answer


class SharedPlaylistViewSet(SharedRoutes):
    """What a link shows, and its guests."""

    access = dict.fromkeys(("retrieve", "context", "greet", "preview", "avatar", "annotate"), public)

    def retrieve(self, request: Request) -> Response:
        """The playlist with its entries and their previews."""
        return Response(shared_playlist(self.link.playlist))

    def context(self, request: Request) -> Response:
        """What a page needs to show it."""
        return Response(shared_context(self.link.playlist.project))

    def greet(self, request: Request) -> Response:
        """Takes a visitor in as a guest."""
        body = typed_body(request, Visitor)
        names = {"first_name": body.first_name or "", "last_name": body.last_name or ""}
        guest, known = guests.greet(self.link, guest_id=body.guest_id, **names)
        return Response(GUEST.one(guest.pk), status=200 if known else 201)

    def preview(self, request: Request, pk: UUID) -> Response:
        """The record of a preview that the playlist shows."""
        guests.shown_preview(self.link, pk)
        return Response(PREVIEW_FILE.one(pk, relations=False))

    def annotate(self, request: Request) -> Response:
        """Merges a guest's drawings into those of a preview."""
        if not self.link.can_comment:
            raise Said(guests.UNDRAWN, 403)
        body = typed_body(request, GuestAnnotations)
        guest = guests.guest_of(self.link, body.guest_id)
        changes = body.model_dump(include={"additions", "updates", "deletions"})
        preview = guests.annotate_as_guest(self.link, guest, body.preview_file_id, changes)
        return Response(PREVIEW_FILE.one(preview.pk, relations=False))

    def avatar(self, request: Request, pk: UUID) -> Any:
        """The picture of somebody whose words the guests read."""
        person = Person.objects.filter(pk=pk, has_avatar=True).first()
        if person is None or not is_heard(self.link, pk):
            raise NotFound()
        path = storage.local_file(PICTURES, "thumbnails", pk)
        return serve_file(request, path, content_type="image/png", modified=person.updated_at)


class SharedCommentViewSet(SharedRoutes):
    """What is said about the tasks of a shared playlist."""

    access = dict.fromkeys(("list", "create", "update", "destroy", "attach", "detach", "attachment"), public)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Some links are to look at alone."""
        super().initial(request, *args, **kwargs)
        if request.method not in READING and not self.link.can_comment:
            raise Said(guests.SILENT, 403)

    def guest(self, body: GuestAct | PerhapsGuestAct) -> Person:
        """The guest who acts. Raises Said."""
        return guests.guest_of(self.link, body.guest_id, "Forbidden")

    def list(self, request: Request) -> Response:
        """The comments that guests may read."""
        return Response(shared_conversation(self.link))

    def create(self, request: Request) -> Response:
        """A guest's comment."""
        body = typed_body(request, GuestComment)
        guest = guests.guest_of(self.link, body.guest_id)
        said = {"task_id": body.task_id, "status_id": body.task_status_id, "text": body.text, "checklist": body.checklist}
        return Response(created_row(guests.comment_as_guest(self.link, guest, **said)), status=201)

    def update(self, request: Request, comment_id: UUID) -> Response:
        """Changes an own comment."""
        body = typed_body(request, GuestEdit)
        values = body.model_dump(exclude={"guest_id"}, exclude_none=True)
        guests.edit_as_guest(self.link, self.guest(body), comment_id, values)
        return Response(comment_row(comment_id))

    def destroy(self, request: Request, comment_id: UUID) -> Response:
        """Deletes an own comment."""
        guests.delete_as_guest(self.link, self.guest(typed_body(request, GuestAct)), comment_id)
        return Response(status=204)

    def attach(self, request: Request, comment_id: UUID) -> Response:
        """Adds files to an own comment."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > settings.SHARE_LINK_UPLOAD:
            raise with_status(Refusal(TOO_LARGE), 413)
        guest = self.guest(typed_body(request, PerhapsGuestAct))
        guests.attach_as_guest(self.link, guest, comment_id, uploads_of(request))
        return Response(comment_row(comment_id), status=201)

    def detach(self, request: Request, comment_id: UUID, attachment_id: UUID) -> Response:
        """Takes a file of an own comment away."""
        guests.detach_as_guest(self.link, self.guest(typed_body(request, PerhapsGuestAct)), comment_id, attachment_id)
        return Response(status=204)

    def attachment(self, request: Request, attachment_id: UUID, file_name: str) -> Any:
        """A file of a comment that guests may read; what a browser could run, it only downloads."""
        known = AttachmentFile.objects.order_by().filter(pk=attachment_id, comment__in=readable_comments(self.link).order_by())
        row = known.values("name", "size", "mimetype", "updated_at").first()
        if row is None:
            raise Said("Attachment not found", 404)
        served = serve_attachment(request, attachment_id, row)
        if served is None:
            raise Said("Attachment not found", 404)
        served.headers.pop("Expires", None)
        served["Cache-Control"] = "no-cache"
        return served
