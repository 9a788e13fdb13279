"""Changing one's password, recovering it, and joining the studio on one's own."""

from typing import Any

from django.conf import settings
from django.http import HttpResponseRedirect
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.access import public
from core.api.parsers import typed_body
from core.api.views import ApiViewSet
from core.errors import NotFound
from people.api.bodies import AskForResetSchema, ChangePasswordSchema, RegistrationSchema, ResetPasswordSchema
from people.api.cookies import forwarded_address
from people.api.throttles import RegistrationThrottle
from people.permissions import is_human
from people.rules import passwords
from people.rules.registration import confirm_registration, register
from people.tokens import session_id_of


class PasswordViewSet(ApiViewSet):
    """`/auth/change-password` and `/auth/reset-password`."""

    access = {"change": is_human, "ask_for_reset": public, "reset": public}

    def change(self, request: Request) -> Response:
        """One's own password; all other sessions end."""
        body = typed_body(request, ChangePasswordSchema)
        passwords.change_own_password(
            request.user,
            old=body.old_password,
            new=body.password,
            confirmation=body.password_2,
            session_id=session_id_of(request.auth),
            ip=forwarded_address(request),
        )
        return Response({"success": True})

    def ask_for_reset(self, request: Request) -> Response:
        """Sends a link, if the address is anybody's; the answer is the same in any case."""
        passwords.ask_for_reset(typed_body(request, AskForResetSchema).email, ip=forwarded_address(request))
        return Response({"success": "Reset token sent"})

    def reset(self, request: Request) -> Response:
        """A new password by the secret that was sent; all sessions end."""
        body = typed_body(request, ResetPasswordSchema)
        passwords.reset_password(email=body.email, token=body.token, new=body.password, confirmation=body.password2)
        return Response({"success": True})


class RegistrationViewSet(ApiViewSet):
    """`/auth/register`, where the studio lets people join on their own."""

    access = {"register": public, "confirm": public}

    def get_throttles(self) -> list[RegistrationThrottle]:
        """Attempts are counted, not clicks on mailed links."""
        return [RegistrationThrottle()] if self.action == "register" else []

    def register(self, request: Request) -> Response:
        """Takes a person on as an artist in no production."""
        if not settings.REGISTRATION_ENABLED:
            raise NotFound()
        body = typed_body(request, RegistrationSchema)
        register(
            email=body.email,
            password=body.password,
            confirmation=body.password_2,
            first_name=body.first_name,
            last_name=body.last_name,
            ip=forwarded_address(request),
        )
        return Response({"registration_success": True}, status=201)

    def confirm(self, request: Request, token: str) -> Any:
        """Opens the account that the mailed link stands for, and leads to the site."""
        confirm_registration(token)
        return HttpResponseRedirect(passwords.site_address(""))
