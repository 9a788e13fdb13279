"""What must hold of the configuration of signing in before anybody is let in."""

import shutil
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def sign_on_is_configured(**kwargs: Any) -> list[CheckMessage]:
    """Single sign-on has all that it needs where it is turned on."""
    found: list[CheckMessage] = []
    if settings.SAML_ENABLED:
        if not settings.SAML_METADATA_URL:
            found.append(Error("SAML_ENABLED needs SAML_METADATA_URL.", id="people.E001"))
        if shutil.which("xmlsec1") is None:
            hint = "Install the system's package xmlsec1."
            found.append(Error("SAML_ENABLED needs the program xmlsec1 on the PATH.", hint=hint, id="people.E002"))
    if settings.OIDC_ENABLED and not (settings.OIDC_DISCOVERY_URL and settings.OIDC_CLIENT_ID):
        found.append(Error("OIDC_ENABLED needs OIDC_DISCOVERY_URL and OIDC_CLIENT_ID.", id="people.E003"))
    if settings.LDAP_SSL and settings.LDAP_STARTTLS:
        found.append(Error("LDAP_SSL and LDAP_STARTTLS exclude each other.", id="people.E004"))
    return found
