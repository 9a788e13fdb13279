"""Signing in to desktop applications and scripts by way of the browser (PKCE)."""

from rest_framework.request import Request
from rest_framework.response import Response

from core.api.access import public
from core.api.parsers import typed_body
from core.api.views import ApiViewSet
from people.api.bodies import AppCodeSchema, AppTokenSchema
from people.api.cookies import client_address
from people.api.views.sessions import signed_in_answer
from people.permissions import is_human
from people.rules.app_login import new_app_code, spend_app_code
from people.rules.sign_in import start_session
from people.tokens import session_id_of


class AppLoginViewSet(ApiViewSet):
    """`/auth/app-login/…`."""

    access = {"code": is_human, "token": public}

    def code(self, request: Request) -> Response:
        """A code for the application that opened the browser."""
        code = new_app_code(
            request.user,
            challenge=typed_body(request, AppCodeSchema).code_challenge,
            session_id=session_id_of(request.auth),
            skip_2fa_setup=bool(request.auth.get("skip_2fa_setup")),
        )
        return Response({"code": code}, status=201)

    def token(self, request: Request) -> Response:
        """Opens a session for the application that shows the code and its own secret."""
        body = typed_body(request, AppTokenSchema)
        spent = spend_app_code(body.code, verifier=body.code_verifier)
        address = client_address(request)
        signed_in = start_session(spent.person, origin="script", ip_address=address, skip_2fa_setup=spent.skip_2fa_setup)
        return Response(signed_in_answer(signed_in))
