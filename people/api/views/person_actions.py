"""What a studio manager does with a person's account, and a person's arrivals at their desk."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from core.api.access import Scope
from core.api.parsers import typed_body
from core.api.renderers import json_array
from core.api.views import ApiViewSet
from core.models import now
from people import readers
from people.api.bodies import ArrivalSchema, DepartmentSchema, PasswordOfPersonSchema
from people.api.cookies import client_address, forwarded_address
from people.models import DesktopLoginLog
from people.permissions import is_admin, is_themself, manages_somewhere
from people.rules import passwords
from people.rules import persons as rules
from people.rules.desks import note_arrival
from people.tokens import session_id_of


class AccountViewSet(ApiViewSet):
    """`/actions/persons/<id>/…`."""

    access = dict.fromkeys(
        (
            *("invite", "reset_password_link", "change_password", "disable_second_factors"),
            *("add_department", "remove_department", "clear_avatar"),
        ),
        is_admin,
    )
    acts_on_get = ("invite",)

    def invite(self, request: Request, person_id: UUID) -> Response:
        """Sends the link by which the person chooses their first password."""
        passwords.invite(rules.person_of(person_id, human=True), by=request.user)
        return Response({"success": True, "message": "Email sent"})

    def reset_password_link(self, request: Request, person_id: UUID) -> Response:
        """A link to hand over, by which the person chooses a new password."""
        link = passwords.reset_link(rules.person_of(person_id, human=True), by=request.user)
        return Response({"reset_password_link": link})

    def change_password(self, request: Request, person_id: UUID) -> Response:
        """Gives the person another password."""
        person = rules.person_of(person_id, human=True)
        body = typed_body(request, PasswordOfPersonSchema)
        address = forwarded_address(request)
        session = session_id_of(request.auth)
        passwords.choose_password_of(person, body.password, by=request.user, session_id=session, ip=address)
        return Response({"success": True})

    def disable_second_factors(self, request: Request, person_id: UUID) -> Response:
        """Lets a person in again who lost their second factor."""
        person = rules.person_of(person_id, human=True)
        rules.disable_second_factors(person, by=request.user, ip=client_address(request))
        return Response({"success": True})

    def add_department(self, request: Request, person_id: UUID) -> Response:
        """Makes the person a member of a department."""
        person = rules.person_of(person_id)
        rules.add_department(person, typed_body(request, DepartmentSchema).department_id, by=request.user)
        return Response(readers.PERSON.one(person.pk), status=201)

    def remove_department(self, request: Request, person_id: UUID, department_id: UUID) -> Response:
        """Ends the person's membership in a department."""
        rules.remove_department(rules.person_of(person_id), department_id, by=request.user)
        return Response(status=204)

    def clear_avatar(self, request: Request, person_id: UUID) -> Response:
        """Takes the person's picture away."""
        rules.clear_avatar(rules.person_of(person_id), by=request.user)
        return Response(status=204)


class DesktopLoginViewSet(ApiViewSet):
    """`/data/persons/<id>/desktop-login-logs`."""

    access = {"list": is_themself | manages_somewhere, "create": is_themself | is_admin}

    def list(self, request: Request, person_id: UUID) -> Any:
        """A person's arrivals, latest first."""
        person = rules.person_of(person_id)
        self.authorise(Scope(instance=person))
        return json_array(readers.DESKTOP_LOGIN_LOG.rows(DesktopLoginLog.objects.filter(person=person).order_by("-date", "-id")))

    def create(self, request: Request, person_id: UUID) -> Response:
        """Notes an arrival."""
        body = typed_body(request, ArrivalSchema)
        person = rules.person_of(person_id)
        self.authorise(Scope(instance=person))
        log = note_arrival(person, body.date or now(), by=request.user)
        return Response(readers.DESKTOP_LOGIN_LOG.one(log.pk), status=201)
