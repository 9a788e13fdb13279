"""A security key made of software: it answers what a browser asks keys (WebAuthn), with one ES256 credential."""

import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from struct import pack

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256

PRESENT, WITH_KEY = b"\x01", b"\x41"


def b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


class SecurityKey:
    """`register` and `sign` take the options that the server sent, and give what the browser sends back."""

    def __init__(self, origin="http://localhost:8000", rp_id="localhost"):
        self.origin, self.rp_id = origin, rp_id
        self.credential_id = os.urandom(32)
        self.private_key = ec.generate_private_key(ec.SECP256R1())
        self.count = 0

    def client_data(self, kind, challenge):
        return json.dumps({"type": f"webauthn.{kind}", "challenge": challenge, "origin": self.origin}).encode()

    def authenticator_data(self, flags):
        return sha256(self.rp_id.encode()).digest() + flags + pack(">I", self.count)

    def envelope(self, **response):
        name = b64(self.credential_id)
        return {"id": name, "rawId": name, "type": "public-key", "response": {k: b64(v) for k, v in response.items()}}

    def register(self, options):
        assert {"type": "public-key", "alg": -7} in options["pubKeyCredParams"]
        public = cbor.encode(ES256.from_cryptography_key(self.private_key.public_key()))
        data = self.authenticator_data(WITH_KEY) + bytes(16) + pack(">H", 32) + self.credential_id + public
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        return self.envelope(clientDataJSON=self.client_data("create", options["challenge"]), attestationObject=attestation)

    def sign(self, options):
        assert b64(self.credential_id) in [key["id"] for key in options["allowCredentials"]]
        assert len(urlsafe_b64decode(options["challenge"] + "==")) >= 16
        self.count += 1
        client_data, data = self.client_data("get", options["challenge"]), self.authenticator_data(PRESENT)
        signature = self.private_key.sign(data + sha256(client_data).digest(), ec.ECDSA(hashes.SHA256()))
        return self.envelope(clientDataJSON=client_data, authenticatorData=data, signature=signature)
