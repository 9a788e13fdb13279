"""The studio's identity provider by OpenID Connect: the authorization code flow with PKCE, and what is believed of its answer."""

import json
from dataclasses import asdict, dataclass
from secrets import token_urlsafe
from typing import Any

from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import get_well_known_url
from django.conf import settings
from django.utils.crypto import constant_time_compare
from joserfc import jwk, jwt
from joserfc.errors import InvalidKeyIdError

from people.providers.documents import Unreachable, document
from people.providers.identities import JOURNEY_LIFETIME, AddressRefused, Identity, IdentityRefused
from people.rules.spent_proofs import spend_once

CLOCKS = 60  # seconds by which the clocks of both sides may differ
# Signatures by the provider's private key; a secret that both sides know proves nothing, and `none` even less.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
WELL_KNOWN = "/.well-known/"


@dataclass(frozen=True)
class Journey:
    """What a browser keeps while somebody is at the identity provider, and must bring back."""

    state: str
    nonce: str
    verifier: str


def callback() -> str:
    """The address to which the identity provider sends people back."""
    return f"{settings.DOMAIN_PROTOCOL}://{settings.DOMAIN_NAME}/api/auth/oidc/callback"


def provider() -> dict[str, Any]:
    """What the identity provider publishes of itself. Raises Unreachable."""
    address = settings.OIDC_DISCOVERY_URL
    found = parsed(document(address if WELL_KNOWN in address else get_well_known_url(address, external=True)))
    if not all(isinstance(found.get(name), str) for name in ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")):
        raise Unreachable("OIDC_DISCOVERY_URL describes no OpenID provider")
    return found


def parsed(content: bytes) -> dict[str, Any]:
    """The JSON object of a document. Raises Unreachable."""
    try:
        found = json.loads(content)
    except ValueError:
        raise Unreachable("the OpenID provider publishes no JSON") from None
    if not isinstance(found, dict):
        raise Unreachable("the OpenID provider publishes no JSON object")
    return found


def way_to_prove(described: dict[str, Any]) -> str:
    """How this server proves to the provider who it is: with its secret, in the header unless the provider wants it in the form."""
    if not settings.OIDC_CLIENT_SECRET:
        return "none"
    known = described.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    return next((way for way in ("client_secret_basic", "client_secret_post") if way in known), "client_secret_basic")


def client(described: dict[str, Any]) -> OAuth2Session:
    """This server's side of the protocol."""
    return OAuth2Session(
        client_id=settings.OIDC_CLIENT_ID,
        client_secret=settings.OIDC_CLIENT_SECRET or None,
        token_endpoint_auth_method=way_to_prove(described),
        scope=settings.OIDC_SCOPES,
        redirect_uri=callback(),
        code_challenge_method="S256",
        default_timeout=settings.IDENTITY_TIMEOUT,
    )


def set_out() -> tuple[str, dict[str, str]]:
    """Where somebody is sent to say who they are, and what their browser keeps meanwhile. Raises Unreachable."""
    journey = Journey(token_urlsafe(32), token_urlsafe(32), token_urlsafe(48))
    described = provider()
    address, _ = client(described).create_authorization_url(
        described["authorization_endpoint"], state=journey.state, nonce=journey.nonce, code_verifier=journey.verifier
    )
    return str(address), asdict(journey)


def read_answer(query: dict[str, str], kept: dict[str, str] | None) -> Identity:
    """Who somebody is by the parameters that they brought back; each journey counts once. Raises IdentityRefused, Unreachable."""
    try:
        journey = Journey(**(kept or {}))
    except TypeError:
        raise IdentityRefused("nobody set out from this browser") from None
    if not constant_time_compare(query.get("state", ""), journey.state):
        raise IdentityRefused("the answer is to somebody else's request")
    if not query.get("code"):
        raise IdentityRefused(f"the provider answered {query.get('error', 'nothing')[:80]!r}")
    described = provider()
    if query.get("iss", described["issuer"]) != described["issuer"]:
        raise IdentityRefused("the answer is of another provider")
    if not spend_once("oidc", journey.state, lifetime=JOURNEY_LIFETIME):
        raise IdentityRefused("the answer was used before")
    tokens = exchanged(described, query["code"], journey)
    claims = checked_claims(described, tokens, journey)
    return identity_of(described, {**user_info(described, tokens, claims), **claims})


def exchanged(described: dict[str, Any], code: str, journey: Journey) -> dict[str, Any]:
    """The tokens that the provider gives for a code. Raises IdentityRefused."""
    try:
        tokens = client(described).fetch_token(described["token_endpoint"], code=code, code_verifier=journey.verifier)
    except Exception as failure:  # the library's own, of the transport, of parsing
        raise IdentityRefused(f"no token for the code: {type(failure).__name__}") from None
    if not isinstance(tokens.get("id_token"), str):
        raise IdentityRefused("no id_token for the code")
    return dict(tokens)


def checked_claims(described: dict[str, Any], tokens: dict[str, Any], journey: Journey) -> dict[str, Any]:
    """The claims of an id_token that the provider signed for this server and this journey. Raises IdentityRefused."""
    try:
        token = decoded(described, tokens["id_token"])
        claims = CodeIDToken(
            token.claims,
            token.header,
            options={
                "iss": {"essential": True, "value": described["issuer"]},
                "aud": {"essential": True, "value": settings.OIDC_CLIENT_ID},
            },
            params={"nonce": journey.nonce, "client_id": settings.OIDC_CLIENT_ID, "access_token": tokens.get("access_token")},
        )
        claims.validate(leeway=CLOCKS)
    except Unreachable:
        raise
    except Exception as failure:  # the libraries' own, and of parsing
        raise IdentityRefused(f"id_token: {type(failure).__name__} {str(failure)[:100]!r}") from None
    if not isinstance(claims["sub"], str) or not claims["sub"] or len(claims["sub"]) > 255:
        raise IdentityRefused("id_token: no usable sub")
    return dict(claims)


def decoded(described: dict[str, Any], id_token: str) -> jwt.Token:
    """The id_token with its signature checked. A key that is not known makes the keys be read again: providers change them."""
    told = described.get("id_token_signing_alg_values_supported") or ["RS256"]
    algorithms = [name for name in ALGORITHMS if name in told]
    try:
        return jwt.decode(id_token, keys(described), algorithms=algorithms)
    except InvalidKeyIdError:
        return jwt.decode(id_token, keys(described, fresh=True), algorithms=algorithms)


def keys(described: dict[str, Any], *, fresh: bool = False) -> jwk.KeySet:
    """The provider's public keys. Raises Unreachable."""
    found: Any = parsed(document(described["jwks_uri"], fresh=fresh))
    public = [key for key in found.get("keys", []) if isinstance(key, dict) and key.get("kty") in ("RSA", "EC", "OKP")]
    return jwk.KeySet.import_key_set({"keys": public})


def user_info(described: dict[str, Any], tokens: dict[str, Any], claims: dict[str, Any]) -> dict[str, Any]:
    """What the provider tells beside the id_token where that has no address. Raises IdentityRefused, Unreachable."""
    address = described.get("userinfo_endpoint")
    if settings.OIDC_EMAIL_CLAIM in claims or not isinstance(address, str):
        return {}
    session = OAuth2Session(token=tokens, default_timeout=settings.IDENTITY_TIMEOUT)
    try:
        found = session.get(address).json()
    except (OSError, ValueError):
        raise Unreachable("the OpenID provider tells nothing about the person") from None
    if not isinstance(found, dict) or found.get("sub") != claims["sub"]:
        raise IdentityRefused("userinfo speaks of somebody else")
    return found


def identity_of(described: dict[str, Any], claims: dict[str, Any]) -> Identity:
    """The identity of these claims. Raises IdentityRefused with words for the person where their address is the trouble."""
    email = claims.get(settings.OIDC_EMAIL_CLAIM)
    if not isinstance(email, str) or not email.strip():
        raise AddressRefused("No email claim returned by the provider.")
    verified = claims.get("email_verified")
    is_told = verified is True or str(verified).lower() == "true"
    is_denied = verified is not None and not is_told
    if is_denied or (settings.OIDC_REQUIRE_EMAIL_VERIFIED and not is_told):
        raise AddressRefused("Email address is not verified.")
    columns = {"first_name": settings.OIDC_GIVEN_NAME_CLAIM, "last_name": settings.OIDC_FAMILY_NAME_CLAIM}
    values = {column: claims[name] for column, name in columns.items() if isinstance(claims.get(name), str)}
    return Identity(kind="oidc", issuer=described["issuer"], subject=claims["sub"], email=email.strip(), values=values)
