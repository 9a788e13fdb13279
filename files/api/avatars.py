"""The routes of the pictures of persons, productions, the studio, and of preview backgrounds."""

from typing import Any, ClassVar
from uuid import UUID

from rest_framework.exceptions import MethodNotAllowed
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.access import Check, Scope
from core.api.exceptions import with_status
from core.api.views import ApiViewSet
from core.errors import NotFound, Refusal
from files import storage
from files.api.serving import serve_file
from files.api.uploaded import upload_of
from files.rules.avatars import set_avatar
from files.rules.backgrounds import upload_background
from files.storage import PICTURES
from people.models import Organisation, Person
from people.permissions import any_person, in_production, is_admin, is_human, is_themself, manages_production, manages_somewhere
from people.rules.persons import clear_avatar
from production.models import PreviewBackgroundFile, Project
from production.readers import PREVIEW_BACKGROUND_FILE

WITHOUT_EXTENSION = "Upload project thumbnails on the url without extension: /pictures/thumbnails/projects/<project_id>."


class AvatarViewSet(ApiViewSet):
    """`/pictures/thumbnails/<plural>/<id>`: one picture of each row, in the storage under the row's id."""

    model: ClassVar[Any]
    kind: ClassVar[str]
    plural: ClassVar[str]

    def owner(self, pk: UUID) -> Any:
        """Whose picture it is. Raises NotFound."""
        found = self.model.objects.order_by().filter(pk=pk).first()
        if found is None:
            raise NotFound()
        return found

    def scope(self, owner: Any) -> Scope:
        """What checks ask about."""
        return Scope(instance=owner)

    def fetch(self, request: Request, pk: UUID) -> Any:
        """The picture, where there is one."""
        owner = self.owner(pk)
        self.authorise(self.scope(owner))
        path = storage.local_file(PICTURES, "thumbnails", owner.pk) if owner.has_avatar else None
        return serve_file(request, path, content_type="image/png", modified=owner.updated_at)

    def store(self, request: Request, pk: UUID) -> Response:
        """Another picture."""
        owner = self.owner(pk)
        self.authorise(self.scope(owner))
        set_avatar(owner, upload_of(request), kind=self.kind, by=request.user)
        return Response({"thumbnail_path": f"pictures/thumbnails/{self.plural}/{pk}.png"}, status=201)


class PersonAvatarViewSet(AvatarViewSet):
    """Of persons."""

    model, kind, plural = Person, "person", "persons"
    access: ClassVar[dict[str, Check]] = {"fetch": any_person, "store": is_admin | is_themself, "clear": is_human}

    def clear(self, request: Request) -> Response:
        """Takes one's own picture away."""
        clear_avatar(self.owner(request.user.pk), by=request.user)
        return Response(status=204)


class ProjectAvatarViewSet(AvatarViewSet):
    """Of productions."""

    model, kind, plural = Project, "project", "projects"
    access: ClassVar[dict[str, Check]] = {
        "fetch": manages_somewhere | in_production,
        "store": manages_production,
        "refuse_store": any_person,
    }

    def scope(self, owner: Any) -> Scope:
        """The production itself."""
        return Scope(project_id=owner.pk, instance=owner)

    def refuse_store(self, request: Request, pk: UUID) -> Response:
        """Pictures of productions are uploaded at the address without extension."""
        raise with_status(Refusal(WITHOUT_EXTENSION), 405)


class OrganisationAvatarViewSet(AvatarViewSet):
    """Of the studio, which is one: its picture stands at any id."""

    model, kind, plural = Organisation, "organisation", "organisations"
    access: ClassVar[dict[str, Check]] = {"fetch": any_person, "store": is_admin}

    def owner(self, pk: UUID) -> Any:
        """The studio."""
        found = Organisation.objects.order_by("created_at").first()
        if found is None:
            raise NotFound()
        return found


class BackgroundPictureViewSet(ApiViewSet):
    """`/pictures/preview-background-files/<id>`: panoramas and their thumbnails."""

    access = {"store": is_admin, "fetch": any_person, "thumbnail": any_person, "refuse_store": any_person}

    def background(self, pk: UUID) -> PreviewBackgroundFile:
        """The background of the path. Raises NotFound."""
        found = PreviewBackgroundFile.objects.order_by().filter(pk=pk).first()
        if found is None:
            raise NotFound()
        return found

    def store(self, request: Request, pk: UUID) -> Response:
        """Another panorama."""
        upload_background(self.background(pk), upload_of(request), by=request.user)
        return Response(PREVIEW_BACKGROUND_FILE.one(pk, relations=False), status=201)

    def fetch(self, request: Request, pk: UUID, extension: str) -> Any:
        """The panorama."""
        background = self.background(pk)
        if background.extension is None or extension != background.extension:
            raise NotFound()
        path = storage.local_file(PICTURES, "preview-backgrounds", pk)
        name = f"{background.original_name}.{background.extension}"
        kind = "image/vnd.radiance"
        return serve_file(request, path, content_type=kind, modified=background.updated_at, filename=name)

    def thumbnail(self, request: Request, pk: UUID) -> Any:
        """The small picture of it."""
        background = self.background(pk)
        path = storage.local_file(PICTURES, "thumbnails", pk)
        return serve_file(request, path, content_type="image/png", modified=background.updated_at)

    def refuse_store(self, request: Request, pk: UUID) -> Response:
        """Thumbnails are made, not uploaded."""
        raise MethodNotAllowed("POST")
