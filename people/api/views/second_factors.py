"""Setting up second factors, and taking them away."""

from rest_framework.request import Request
from rest_framework.response import Response

from core.api.access import public
from core.api.parsers import loose_body, typed_body
from core.api.views import ApiViewSet
from core.errors import WrongParameter
from people.api.bodies import EmailCodeSchema, KeyProofSchema, NewKeySchema, ProofSchema, TotpSchema
from people.api.cookies import challenge_of, forwarded_address, is_browser, keep_challenge
from people.api.views.sessions import with_cookies
from people.models import Person
from people.origins import is_foreign
from people.permissions import is_human
from people.rules import second_factors as rules
from people.rules.security_keys import begin_registration, begin_sign_in, read_new_key
from people.rules.sign_in import further_session


def registered(request: Request, enabled: tuple[Person, list[str] | None]) -> Response:
    """The answer once a factor is set up: the first one's recovery codes, and a session that is no longer restricted."""
    person, codes = enabled
    signed_in = further_session(person, skip_2fa_setup=bool(request.auth.get("skip_2fa_setup")))
    tokens = {"access_token": signed_in.access_token, "refresh_token": signed_in.refresh_token}
    response = Response({"otp_recovery_codes": codes, **tokens})
    return with_cookies(response, signed_in, keep=is_browser(request) and not is_foreign(request))


def name_asked_for(request: Request) -> str:
    """The address or desktop login in the query. Raises WrongParameter when there is none."""
    name = (loose_body(request) or {}).get("email")
    if not isinstance(name, str):
        raise WrongParameter("Missing required parameter: email")
    return name


class TotpViewSet(ApiViewSet):
    """`/auth/totp`: codes of an authenticator app."""

    access = {"prepare": is_human, "confirm": is_human, "disable": is_human}

    def prepare(self, request: Request) -> Response:
        """A secret for the app; it counts once a code of it has come back."""
        secret, address = rules.prepare_totp(request.user)
        return Response({"totp_provisionning_uri": address, "otp_secret": secret})

    def confirm(self, request: Request) -> Response:
        """A first code of the app: from now on codes are asked for."""
        return registered(request, rules.confirm_totp(request.user, typed_body(request, TotpSchema).totp))

    def disable(self, request: Request) -> Response:
        """Codes of the app are asked for no longer."""
        rules.disable(request.user, "totp", typed_body(request, ProofSchema).proof(challenge_of(request)))
        return Response({"success": True})


class EmailCodeViewSet(ApiViewSet):
    """`/auth/email-otp`: codes that are sent by e-mail."""

    access = {"send": public, "prepare": is_human, "confirm": is_human, "disable": is_human}

    def send(self, request: Request) -> Response:
        """Sends a code, if the address is of somebody who signs in by such codes; the answer is the same in any case."""
        rules.ask_for_code(name_asked_for(request), ip=forwarded_address(request))
        return Response({"success": True})

    def prepare(self, request: Request) -> Response:
        """Sends a first code."""
        rules.prepare_email_codes(request.user, ip=forwarded_address(request))
        return Response({"success": True})

    def confirm(self, request: Request) -> Response:
        """The first code has arrived: from now on codes are asked for."""
        return registered(request, rules.confirm_email_codes(request.user, typed_body(request, EmailCodeSchema).email_otp))

    def disable(self, request: Request) -> Response:
        """Codes by e-mail are asked for no longer."""
        rules.disable(request.user, "email_otp", typed_body(request, ProofSchema).proof(challenge_of(request)))
        return Response({"success": True})


class SecurityKeyViewSet(ApiViewSet):
    """`/auth/fido`: security keys (WebAuthn)."""

    access = {"ask": public, "prepare": is_human, "confirm": is_human, "disable": is_human}

    def ask(self, request: Request) -> Response:
        """What the keys of whoever signs in are asked."""
        options, challenge = begin_sign_in(name_asked_for(request))
        response = Response(options)
        keep_challenge(response, challenge)
        return response

    def prepare(self, request: Request) -> Response:
        """What a new key is asked."""
        options, challenge = begin_registration(request.user)
        response = Response(options)
        keep_challenge(response, challenge)
        return response

    def confirm(self, request: Request) -> Response:
        """A new key's answer: from now on it opens the account."""
        body = typed_body(request, NewKeySchema)
        key = read_new_key(request.user, body.registration_response, body.device_name, challenge_of(request))
        return registered(request, rules.enable(request.user, "fido", key=key))

    def disable(self, request: Request) -> Response:
        """The named key opens the account no longer."""
        body = typed_body(request, KeyProofSchema)
        rules.disable(request.user, "fido", body.proof(challenge_of(request)), device_name=body.device_name)
        return Response({"success": True})


class RecoveryCodeViewSet(ApiViewSet):
    """`/auth/recovery-codes`."""

    access = {"replace": is_human}

    def replace(self, request: Request) -> Response:
        """New recovery codes; the former ones are void."""
        body = typed_body(request, ProofSchema)
        return Response({"otp_recovery_codes": rules.replace_recovery_codes(request.user, body.proof(challenge_of(request)))})
