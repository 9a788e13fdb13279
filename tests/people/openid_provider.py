"""An OpenID provider in a process of its own: `python -m tests.people.openid_provider`. It prints its port.

It checks the client's secret, the address that a code was made for and the verifier (PKCE). `POST /wish` says what the next
id_token shall be: further `claims` (null takes one away), `alg`, a `key` that is not the provider's, `userinfo`; `rotate` changes
the provider's key.
"""

import base64
import hashlib
import json
import secrets
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwk, jwt

CLIENT = ("callboard", "a secret of the client")


def text_of(value: dict) -> str:
    """Base64 of a JSON object, as tokens have it."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


class Provider:
    """The provider's keys, the codes that it gave, and what it is to say next."""

    def __init__(self, base: str) -> None:
        self.base, self.codes, self.wish = base, {}, {}
        self.rotate()

    def rotate(self) -> None:
        """A new key takes the place of the former one."""
        self.key = jwk.RSAKey.generate_key(2048, {"kid": secrets.token_hex(4), "use": "sig"})

    def describe(self) -> dict:
        """What it publishes of itself."""
        places = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
        return {
            "issuer": self.base,
            **{f"{name}_endpoint": f"{self.base}/{path}" for name, path in places.items()},
            "jwks_uri": f"{self.base}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "HS256", "none"],
        }

    def authorize(self, query: dict) -> str:
        """Where the browser is sent with a code."""
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state'], 'iss': self.base})}"

    def token(self, form: dict, authorization: str) -> tuple[int, dict]:
        """The tokens for a code."""
        asked = self.codes.pop(form.get("code"), None)
        expected = "Basic " + base64.b64encode(":".join(CLIENT).encode()).decode()
        verifier = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if (
            asked is None
            or authorization != expected
            or form["redirect_uri"] != asked["redirect_uri"]
            or asked["code_challenge_method"] != "S256"
            or base64.urlsafe_b64encode(verifier).rstrip(b"=").decode() != asked["code_challenge"]
        ):
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "an access token", "token_type": "Bearer", "id_token": self.id_token(asked)}

    def id_token(self, asked: dict) -> str:
        """The id_token as it is wished for."""
        moment = int(time.time())
        claims = {"iss": self.base, "aud": CLIENT[0], "sub": "7", "nonce": asked["nonce"], "iat": moment, "exp": moment + 300}
        claims |= {"email": "ada@studio.example", "email_verified": True, "given_name": "Ada", "family_name": "Lovelace"}
        claims = {name: value for name, value in (claims | self.wish.get("claims", {})).items() if value is not None}
        algorithm = self.wish.get("alg", "RS256")
        if algorithm == "none":
            return f"{text_of({'alg': 'none'})}.{text_of(claims)}."
        key = self.key
        if algorithm == "HS256":  # the provider's public key taken for a shared secret
            key = jwk.OctKey.import_key(self.key.as_pem(private=False))
        if self.wish.get("key") == "foreign":
            key = jwk.RSAKey.generate_key(2048)
        return jwt.encode({"alg": algorithm, "kid": self.key.kid}, claims, key, algorithms=[algorithm])


def serve() -> None:
    """Answers until it is ended."""

    class Handler(BaseHTTPRequestHandler):
        def reply(self, value: dict, status: int = 200) -> None:
            content = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            if parts.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorize(query))
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            pages = {
                "/.well-known/openid-configuration": provider.describe,
                "/jwks": lambda: {"keys": [provider.key.as_dict(private=False)]},
                "/userinfo": lambda: provider.wish.get("userinfo", {}),
            }
            self.reply(pages[parts.path]() if parts.path in pages else {}, 200 if parts.path in pages else 404)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if self.path == "/wish":
                provider.wish = json.loads(body)
                if provider.wish.get("rotate"):
                    provider.rotate()
                self.reply({})
            else:
                form = {name: values[0] for name, values in parse_qs(body).items()}
                status, answer = provider.token(form, self.headers.get("Authorization", ""))
                self.reply(answer, status)

        def log_message(self, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        provider = Provider(f"http://127.0.0.1:{server.server_port}")
        print(server.server_port, flush=True)
        server.serve_forever()


if __name__ == "__main__":
    serve()
