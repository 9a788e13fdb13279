"""News: the generic routes, and the feeds of productions and entities."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.views import ResourceViewSet
from core.errors import NotFound, WrongParameter
from core.projection import Row
from people.permissions import (
    in_production,
    is_admin,
    is_no_client,
    is_no_vendor,
    may_open_entity,
    role_in,
    within_own_productions,
)
from production.models import Project
from tasks.api.loading import TaskRoutes, id_parameter, moment_parameter, number_parameter
from tasks.models import News
from tasks.newsfeed import counts, counts_of_productions, items
from tasks.querysets import as_vendor, assigned_to, seen_by
from tasks.readers import NEWS

TRUTHS = {"true": True, "1": True, "on": True, "yes": True, "false": False, "0": False, "off": False, "no": False, "": False}
OF_ENTITY = 2000


class NewsViewSet(ResourceViewSet):
    """`/data/news`."""

    reader = NEWS
    access = dict.fromkeys(("list", "retrieve", "create", "update", "destroy"), is_admin)


class FeedViewSet(TaskRoutes):
    """`/data/projects/<id>/news`, `/data/projects/news`, `/data/entities/<id>/news`."""

    access = {
        "of_project": in_production & is_no_client,
        "of_projects": within_own_productions,
        "one": in_production & is_no_vendor,
        "of_entity": may_open_entity,
    }

    def of_project(self, request: Request, project_id: UUID) -> Response:
        """A page of a production's news; to a vendor, of those about their tasks."""
        project = self.project(project_id)
        news = News.objects.filter(task__project=project)
        if role_in(request.user, project.pk) == "vendor":
            return Response(self.page(self.asked(news.filter(assigned_to(request.user.pk, "task_id")))))
        asked = self.asked(news)
        return Response(self.page(asked, counted=counts_of_productions([project.pk]) if asked is news else None))

    def of_projects(self, request: Request) -> Response:
        """A page of the news of the person's open productions, or of one of them."""
        person = request.user
        news, projects = News.objects.filter(seen_by(person, path="task__")), Project.objects.under_way().of_member(person)
        project_id = id_parameter(request.query_params, "project_id")
        if project_id and projects.filter(pk=project_id).exists():
            news, projects = news.filter(task__project_id=project_id), projects.filter(pk=project_id)
        asked = self.asked(news)
        sees_all = asked is news and (person.is_admin or not person.team_links.filter(as_vendor(person)).exists())
        return Response(self.page(asked, counted=counts_of_productions(projects.order_by().values("pk")) if sees_all else None))

    def asked(self, news: QuerySet[Any]) -> QuerySet[Any]:
        """The news that the query string asks for, as they are where it asks for none in particular. Raises WrongParameter."""
        params = self.request.query_params
        wanted = {
            "task__task_type_id": id_parameter(params, "task_type_id"),
            "comment__task_status_id": id_parameter(params, "task_status_id"),
            "author_id": id_parameter(params, "person_id"),
            "task__entity__parent__parent_id": id_parameter(params, "episode_id"),
            "created_at__gt": moment_parameter(params, "after"),
            "created_at__lt": moment_parameter(params, "before"),
        }
        given: dict[str, Any] = {path: value for path, value in wanted.items() if value}
        if self.only_preview():
            given["preview_file__isnull"] = False
        return news.filter(**given) if given else news

    def only_preview(self) -> bool:
        """News with previews alone are asked for. Raises WrongParameter."""
        text = self.request.query_params.get("only_preview", "").lower()
        if text not in TRUTHS:
            raise WrongParameter("Wrong value for parameter only_preview.")
        return TRUTHS[text]

    def page(self, news: QuerySet[Any], *, counted: tuple[int, dict[str, int]] | None = None, limit: int = 50) -> Row:
        """One page, the newest first, with how many there are by status, where they are not `counted` already."""
        page = number_parameter(self.request.query_params, "page", 1)
        limit = number_parameter(self.request.query_params, "limit", limit)
        total, stats = counted or counts(news)
        return {**envelope(news, total, page, limit, with_previews=self.only_preview()), "stats": stats}

    def one(self, request: Request, project_id: UUID, news_id: UUID) -> Response:
        """One of a production's news."""
        project = self.project(project_id)
        rows = items(News.objects.filter(pk=news_id, task__project=project))
        if not rows:
            raise NotFound()
        return Response(rows[0])

    def of_entity(self, request: Request, entity_id: UUID) -> Response:
        """The newest news of an entity; to a vendor, of those about their tasks."""
        entity = self.entity(entity_id)
        news = News.objects.filter(task__entity=entity)
        if role_in(request.user, entity.project_id) == "vendor":
            news = news.filter(assigned_to(request.user.pk, "task_id"))
        return Response(envelope(news, news.count(), 1, OF_ENTITY))


def envelope(news: QuerySet[Any], total: int, page: int, limit: int, *, with_previews: bool = False) -> Row:
    """A page of news with what clients need to turn it."""
    start = (page - 1) * limit
    shown = news.order_by("-created_at", "-id")[start : start + limit] if start < total else news.none()
    return {
        "data": items(shown, with_previews=with_previews),
        "total": total,
        "nb_pages": -(-total // limit),
        "limit": limit,
        "offset": start,
        "page": page,
    }
