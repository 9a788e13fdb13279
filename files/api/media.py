"""The routes that serve the pictures, movies and documents of previews."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from assets.models import Entity
from core.api.access import Scope, check
from core.api.exceptions import answer, with_status
from core.api.views import ApiViewSet
from core.errors import NotFound, Refusal, WrongParameter
from core.json import dumps
from core.sql import Prepared
from files import storage
from files.api.remote import answer_from_afar
from files.api.serving import serve_file
from files.models import PreviewFile
from files.names import DOCUMENT_EXTENSIONS, PICTURE_EXTENSIONS, is_movie
from files.originals import LARGE_FIRST, SMALL_FIRST, movie_path, original_file
from files.rules.missing_tiles import ask_for_tile
from files.rules.naming import download_name
from files.storage import FILES, PICTURES
from people.permissions import may_open_entity

COLUMNS = ["id", "status", "extension", "updated_at", "original_name", "revision", "position", "data", "task_id"]


@check(scoped=True)
def is_shared(person: Any, scope: Scope) -> bool:
    """The preview stands for an entity that other productions may use, and the person is no vendor."""
    return person.role != "vendor" and scope.instance["shared"]


def not_yet(request: Request, pk: UUID) -> HttpResponse:
    """What a client is told while the files are still being made: whoever prefers JSON learns when to come back."""
    if request.get_preferred_type(["image/png", "application/json"]) == "application/json":
        body = dumps({"status": "processing", "preview_file_id": str(pk)})
        return HttpResponse(
            body, status=202, content_type="application/json", headers={"Retry-After": "5", "Cache-Control": "no-store"}
        )
    missing = answer(with_status(Refusal("Preview file was not found."), 404))
    missing["Cache-Control"] = "no-store"
    return missing


def served(pk: Any) -> Any:
    """What serving a preview needs to know of it."""
    shared = Exists(Entity.objects.order_by().filter(preview_file=OuterRef("pk"), is_shared=True))
    scope: dict[str, Any] = {"project_id": F("task__project_id"), "entity_id": F("task__entity_id"), "shared": shared}
    return PreviewFile.objects.order_by().filter(pk=pk).values(*COLUMNS, **scope)


SERVED = Prepared(served)


class PreviewMediaViewSet(ApiViewSet):
    """`/pictures/…/preview-files/<id>`, `/movies/…/preview-files/<id>`."""

    access = {
        **dict.fromkeys(
            ("preview", "document", "tile", "movie", "small_movie", "source", "download", "movie_download"), may_open_entity
        ),
        **dict.fromkeys(("original", "thumbnail", "square"), may_open_entity | is_shared),
    }

    def found(self, pk: UUID) -> dict[str, Any]:
        """The preview's columns that serving needs, once this person may see it. Raises NotFound, Forbidden."""
        names, rows = SERVED.fetch(pk)
        if not rows:
            raise NotFound()
        row = dict(zip(names, rows[0], strict=True))
        self.authorise(Scope(project_id=row["project_id"], entity_id=row["entity_id"], instance=row))
        return row

    def picture(self, request: Request, pk: UUID, prefix: str) -> HttpResponseBase:
        """One variant of the preview's picture."""
        row = self.found(pk)
        if row["status"] == "processing":
            return not_yet(request, pk)
        path = storage.local_file(PICTURES, prefix, pk)
        return serve_file(request, path, content_type="image/png", modified=row["updated_at"])

    def original(self, request: Request, pk: UUID) -> HttpResponseBase:
        """The picture in its own size."""
        return self.picture(request, pk, "original")

    def preview(self, request: Request, pk: UUID) -> HttpResponseBase:
        """The picture at the width of reviews."""
        return self.picture(request, pk, "previews")

    def thumbnail(self, request: Request, pk: UUID) -> HttpResponseBase:
        """The small picture of lists."""
        return self.picture(request, pk, "thumbnails")

    def square(self, request: Request, pk: UUID) -> HttpResponseBase:
        """The small square picture."""
        return self.picture(request, pk, "thumbnails-square")

    def tile(self, request: Request, pk: UUID) -> HttpResponseBase:
        """The frames of a movie in one picture; one that is missing will be there later."""
        row = self.found(pk)
        if row["status"] == "processing":
            return not_yet(request, pk)
        path = storage.local_file(PICTURES, "tiles", pk)
        if path is None and request.method == "GET" and is_movie(row["extension"]) and row["status"] == "ready":
            ask_for_tile(pk)
        return serve_file(request, path, content_type="image/png", modified=row["updated_at"])

    def clip(self, request: Request, pk: UUID, prefixes: tuple[str, ...]) -> HttpResponseBase:
        """The first stored of these versions of the movie."""
        row = self.found(pk)
        if row["status"] == "processing":
            return not_yet(request, pk)
        far = answer_from_afar(request, pk, prefixes)
        return far or serve_file(request, movie_path(pk, prefixes), content_type="video/mp4", modified=row["updated_at"])

    def movie(self, request: Request, pk: UUID) -> HttpResponseBase:
        """The movie in its production's size."""
        return self.clip(request, pk, LARGE_FIRST)

    def small_movie(self, request: Request, pk: UUID) -> HttpResponseBase:
        """The movie for slow connections."""
        return self.clip(request, pk, SMALL_FIRST)

    def source(self, request: Request, pk: UUID) -> HttpResponseBase:
        """The movie as it was uploaded, where the studio keeps that."""
        row = self.found(pk)
        prefixes = (row["data"] or {}).get("movie_prefixes")
        kept = row["status"] != "processing" and isinstance(prefixes, list) and "source" in prefixes
        path = movie_path(pk, ("source",)) if kept else None
        return serve_file(request, path, content_type="video/mp4", modified=row["updated_at"])

    def document(self, request: Request, pk: UUID, extension: str) -> HttpResponseBase:
        """A file that is neither picture nor movie; the extension is not compared with the record's."""
        row = self.found(pk)
        if extension.lower() not in PICTURE_EXTENSIONS | DOCUMENT_EXTENSIONS:
            raise WrongParameter(f"Extension not allowed: {extension}")
        if row["status"] == "processing":
            return not_yet(request, pk)
        is_pdf = extension.lower() == "pdf" and row["extension"] == "pdf"
        return serve_file(
            request,
            storage.local_file(FILES, "previews", pk),
            content_type="application/pdf" if is_pdf else "application/octet-stream",
            modified=row["updated_at"],
            as_attachment=not is_pdf,
        )

    def movie_download(self, request: Request, pk: UUID) -> HttpResponseBase:
        """The same for movies alone."""
        return self.download(request, pk, movies_only=True)

    def download(self, request: Request, pk: UUID, *, movies_only: bool = False) -> HttpResponseBase:
        """The preview's file under the name that tells what it shows."""
        row = self.found(pk)
        if movies_only and row["status"] != "processing" and not is_movie(row["extension"]):
            raise NotFound()
        if row["status"] == "processing":
            return not_yet(request, pk)
        name = download_name(row)
        far = answer_from_afar(request, pk, LARGE_FIRST, filename=name) if is_movie(row["extension"]) else None
        if far is not None:
            return far
        kind, path = original_file(pk, row["extension"])
        return serve_file(request, path, content_type=kind, modified=row["updated_at"], filename=name, as_attachment=True)
