"""The routes of a production's team and of its preview account."""

from typing import Any
from uuid import UUID

from django.db.models import F
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.parsers import typed_body
from core.api.renderers import json_array
from people import readers as people
from people.models import Person
from people.permissions import in_production, manages_production, role_in
from production.api.bodies import MemberRole, Membership, PreviewAccountState
from production.api.views.base import ProductionViewSet
from production.readers import PROJECT
from production.rules import preview_accounts
from production.rules.team import give_role, join_team, leave_team


class TeamViewSet(ProductionViewSet):
    """`/data/projects/<id>/team`."""

    access = {
        "members": in_production,
        "join": manages_production,
        "give_role": manages_production,
        "leave": manages_production,
    }

    def members(self, request: Request, project_id: UUID) -> Any:
        """The people of the team in the form that the caller's role here may see, each with the role given here."""
        self.enter(project_id)
        role = role_in(request.user, project_id)
        if role in ("admin", "manager"):
            reader, relations = people.PERSON, True
        else:
            reader, relations = people.PERSON_FOR_CLIENTS if role == "client" else people.PERSON_MINIMAL, False
        team = Person.objects.order_by().filter(team_links__project_id=project_id)
        query = reader.query(team, relations=relations, _project_role=F("team_links__role"))
        more: dict[str, Any] = {"departments": []} if reader is people.PERSON_MINIMAL else {}
        return json_array({**row, **more} for row in reader.shape(query))

    def join(self, request: Request, project_id: UUID) -> Response:
        """A further member, or a member's role."""
        project = self.project(project_id)
        body = typed_body(request, Membership)
        join_team(project, body.person_id, role=body.role, by=request.user)
        return Response(PROJECT.one(project.pk, relations=False), status=201)

    def give_role(self, request: Request, project_id: UUID, person_id: str) -> Response:
        """A member's role here."""
        project = self.project(project_id)
        role = typed_body(request, MemberRole).role
        give_role(project, person_id, role=role, by=request.user)
        return Response({"project_id": str(project.pk), "person_id": person_id, "role": role})

    def leave(self, request: Request, project_id: UUID, person_id: UUID) -> Response:
        """One member less."""
        leave_team(self.project(project_id), person_id, by=request.user)
        return Response(status=204)


def shown(account: Person) -> dict[str, Any]:
    """A preview account as managers see it, the end of its hour with its fraction."""
    until = account.preview_open_until
    return {
        "id": str(account.pk),
        "email": account.email,
        "full_name": account.full_name,
        "preview_open_until": until and until.isoformat(timespec="microseconds"),
    }


class PreviewAccountViewSet(ProductionViewSet):
    """`/data/projects/<id>/preview-account`."""

    access = dict.fromkeys(("read", "renew", "switch", "close"), manages_production)

    def read(self, request: Request, project_id: UUID) -> Response:
        """The account, or null."""
        self.enter(project_id, known=False)
        account = preview_accounts.account_of(project_id)
        return Response(account and shown(account))

    def renew(self, request: Request, project_id: UUID) -> Response:
        """The account with a new password in clear."""
        account, password = preview_accounts.renew_account(self.project(project_id), by=request.user)
        return Response({**shown(account), "password": password}, status=201)

    def switch(self, request: Request, project_id: UUID) -> Response:
        """Opens the account for an hour, or closes it."""
        project = self.project(project_id)
        state = typed_body(request, PreviewAccountState)
        return Response(shown(preview_accounts.open_account(project, is_open=state.is_open)))

    def close(self, request: Request, project_id: UUID) -> Response:
        """Deletes the account."""
        preview_accounts.close_account(self.project(project_id), by=request.user)
        return Response(status=204)
