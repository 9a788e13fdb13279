"""A SAML identity provider of pysaml2's own making, in a process of its own: `python -m tests.people.saml_provider FOLDER`.

It prints its port. `GET /metadata` is what it publishes; `POST /answer` takes what to say, as JSON, and gives a `SAMLResponse`;
`POST /request` takes the studio's metadata and the query by which somebody was sent here, as JSON, and gives the request's id where
its signature is good, else nothing. FOLDER holds the studio's key and certificate then, `service`, and those of a `stranger`.
"""

import base64
import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.config import IdPConfig, SPConfig
from saml2.metadata import entity_descriptor
from saml2.response import IncorrectlySigned
from saml2.saml import NAME_FORMAT_BASIC, NAMEID_FORMAT_EMAILADDRESS, NameID
from saml2.server import Server

from tests.people.certificates import make_key

SITE = "http://kitsu.studio.example"
AUTHENTICATED = {"class_ref": "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport", "authn_auth": "studio"}


def describe_service(site: str) -> str:
    """The metadata of the studio's server."""
    config = SPConfig()
    answers = {"assertion_consumer_service": [(f"{site}/api/auth/saml/sso", BINDING_HTTP_POST)]}
    config.load({"entityid": f"{site}/api/auth/saml/login", "service": {"sp": {"endpoints": answers}}})
    return str(entity_descriptor(config))


def make_provider(base: str, files: tuple[str, str], *, name: str = "idp", minutes: int = 5, service: str | None = None) -> Server:
    """A provider of that name; what it says is good for so many minutes.

    Where it is given a service's metadata, it wants signed requests.
    """
    config = IdPConfig()
    config.load(
        {
            "entityid": f"{base}/{name}",
            "key_file": files[0],
            "cert_file": files[1],
            "metadata": {"inline": [service or describe_service(SITE), describe_service("https://other.example")]},
            "service": {
                "idp": {
                    "want_authn_requests_signed": service is not None,
                    "endpoints": {"single_sign_on_service": [(f"{base}/sso", BINDING_HTTP_REDIRECT)]},
                    "policy": {"default": {"lifetime": {"minutes": minutes}, "name_form": NAME_FORMAT_BASIC}},
                }
            },
        }
    )
    return Server(config=config)


class Provider:
    """The provider, and those whom nobody should believe."""

    def __init__(self, base: str, folder: Path) -> None:
        own, foreign = make_key(folder, "own"), make_key(folder, "foreign")
        self.base, self.files = base, own
        self.readers = {name: Path(make_key(folder, name)[1]).read_text() for name in ("service", "stranger")}
        self.servers = {
            "own": make_provider(base, own),
            "expired": make_provider(base, own, minutes=-5),
            "endless": make_provider(base, own, minutes=60 * 24 * 30),
            "foreign": make_provider(base, foreign, name="foreign"),
            "forger": make_provider(base, foreign),
        }
        self.metadata = str(entity_descriptor(self.servers["own"].config)).encode()

    def answer(self, wish: dict) -> bytes:
        """A `SAMLResponse` as it is wished for."""
        response = self.servers[wish.get("server", "own")].create_authn_response(
            wish.get("attributes", {}),
            in_response_to=wish.get("in_response_to"),
            destination=wish.get("destination", f"{SITE}/api/auth/saml/sso"),
            sp_entity_id=wish.get("audience", f"{SITE}/api/auth/saml/login"),
            name_id=NameID(format=NAMEID_FORMAT_EMAILADDRESS, text=wish["email"]),
            authn=AUTHENTICATED,
            sign_assertion=wish.get("signed", True),
            sign_response=wish.get("envelope_signed", False),
            encrypt_assertion="sealed_for" in wish,
            encrypt_cert_assertion=self.readers.get(wish.get("sealed_for")),
        )
        return base64.b64encode(str(response).encode())

    def read_request(self, sent: dict) -> bytes:
        """The id of a request whose signature is good by the studio's metadata; nothing for any other."""
        server = make_provider(self.base, self.files, service=sent["metadata"])
        query = {name.lower(): value for name, value in sent["query"].items()}
        try:
            signature = {name: query.get(name) for name in ("sigalg", "signature")}
            return server.parse_authn_request(query["samlrequest"], BINDING_HTTP_REDIRECT, **signature).message.id.encode()
        except IncorrectlySigned:
            return b""


def serve(folder: Path) -> None:
    """Answers until it is ended."""

    class Handler(BaseHTTPRequestHandler):
        def reply(self, content: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_GET(self) -> None:
            self.reply(provider.metadata)

        def do_POST(self) -> None:
            sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.reply(provider.read_request(sent) if self.path == "/request" else provider.answer(sent))

        def log_message(self, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        provider = Provider(f"http://127.0.0.1:{server.server_port}", folder)
        print(server.server_port, flush=True)
        server.serve_forever()


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
