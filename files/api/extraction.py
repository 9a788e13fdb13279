"""The routes that take frames and tiles out of previews."""

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.http import FileResponse
from rest_framework.request import Request

from core.api.access import Scope
from core.api.parsers import refuse_nul, typed_body
from core.api.views import ApiViewSet
from core.errors import NotFound, WrongParameter
from files import storage
from files.api.bodies import DrawnFrame
from files.api.serving import BLOCK
from files.models import PreviewFile
from files.rules import extraction
from files.rules.naming import download_stem
from people.permissions import manages_production, may_open_entity

WRONG_NUMBER = "Wrong value for parameter frame_number."
SHOWN_ID = 32


def fresh_file(path: Path, name: str, content_type: str, *, as_attachment: bool = False) -> FileResponse:
    """A file made for this answer alone, whose folder may go meanwhile."""
    response = FileResponse(path.open("rb"), content_type=content_type, as_attachment=as_attachment, filename=name)
    response.block_size = BLOCK
    response["Cache-Control"] = "no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    return response


class ExtractionViewSet(ApiViewSet):
    """`/actions/preview-files/<id>/extract-…`."""

    access = {
        **dict.fromkeys(("frame", "drawn_frame", "archive", "pages"), manages_production),
        "tile": may_open_entity,
    }
    acts_on_get = ("tile",)

    def authorised(self, pk: UUID) -> PreviewFile:
        """The preview of the path, once this person may take something out of it. Raises NotFound, Forbidden."""
        preview = PreviewFile.objects.select_related("task__project", "task__entity").filter(pk=pk).first()
        if preview is None:
            raise NotFound()
        task: Any = preview.task
        self.authorise(Scope(project_id=task and task.project_id, entity_id=task and task.entity_id, instance=preview))
        return preview

    def wanted_frame(self) -> int:
        """The frame that the query names, or 0. Raises WrongParameter."""
        given = self.request.query_params.get("frame_number", "0")
        refuse_nul(given)
        try:
            return max(0, min(int(given), 10**9))
        except ValueError:
            raise WrongParameter(WRONG_NUMBER) from None

    def frame(self, request: Request, pk: UUID) -> FileResponse:
        """One frame of a movie."""
        preview, number = self.authorised(pk), self.wanted_frame()
        with storage.work_folder() as folder:
            return shown(pk, number, extraction.frame_of(preview, number, folder))

    def tile(self, request: Request, pk: UUID) -> FileResponse:
        """The frames of a movie in one picture, made anew."""
        preview = self.authorised(pk)
        with storage.work_folder() as folder:
            return shown(pk, "tile", extraction.renew_tile(preview, folder))

    def drawn_frame(self, request: Request, pk: UUID) -> FileResponse:
        """One frame with what was drawn there."""
        preview, number = self.authorised(pk), typed_body(request, DrawnFrame).frame_number
        with storage.work_folder() as folder:
            return shown(pk, number or 1, extraction.annotated_frame(preview, number, folder))

    def archive(self, request: Request, pk: UUID) -> FileResponse:
        """All frames that were drawn on, as ZIP."""
        preview = self.authorised(pk)
        stem = download_stem(preview.pk)
        with storage.work_folder() as folder:
            path = extraction.annotated_archive(preview, stem, folder)
            return fresh_file(path, f"{stem}_annotated_frames.zip", "application/zip", as_attachment=True)

    def pages(self, request: Request, pk: UUID) -> FileResponse:
        """All frames that were drawn on, as PDF."""
        preview = self.authorised(pk)
        with storage.work_folder() as folder:
            path = extraction.annotated_pages(preview, folder)
            name = f"{download_stem(preview.pk)}_annotated_frames.pdf"
            return fresh_file(path, name, "application/pdf", as_attachment=True)


def shown(pk: UUID, what: Any, path: Path) -> FileResponse:
    """A picture made for this answer, under a name of its own."""
    return fresh_file(path, f"{str(pk)[:SHOWN_ID]}_{what}_{uuid4().hex}.png", "image/png")
