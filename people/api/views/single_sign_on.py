"""Single sign-on, by SAML or by OpenID Connect."""

from rest_framework.request import Request
from rest_framework.response import Response

from core.api.access import public
from core.api.views import ApiViewSet


class SingleSignOnViewSet(ApiViewSet):
    """`/auth/saml/…` and `/auth/oidc/…`: what this server answers, which has neither."""

    access = {"saml": public, "oidc": public}

    def saml(self, request: Request) -> Response:
        """No identity provider is asked by SAML."""
        return Response({"error": "SAML is not enabled."}, status=400)

    def oidc(self, request: Request) -> Response:
        """No identity provider is asked by OpenID Connect."""
        return Response({"error": "OIDC is not enabled."}, status=400)
