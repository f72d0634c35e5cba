"""A security key in software: answers what a site asks for, as a browser hands it on."""

from __future__ import annotations

import hashlib
import json
import secrets
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
)

ORIGIN = "http://localhost"
PRESENT = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV


def asked(page: bytes) -> dict[str, Any]:
    """What a page of the site asks a key for."""
    text = page.decode()
    assert text.count("data-casewall-passkey=") == 1
    quoted = text.split('data-casewall-passkey="', 1)[1].split('"', 1)[0]
    return dict(json.loads(unescape(quoted))["publicKey"])


class SecurityKey:
    """One credential. `origin` is the page that the browser says it answered to."""

    def __init__(self) -> None:
        self.secret = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(32)

    def _told(self, kind: str, options: Any, origin: str, **more: Any) -> bytes:
        return json.dumps({"type": kind, "challenge": options["challenge"], "origin": origin,
                           "crossOrigin": False, **more}).encode()

    def _data(self, origin: str, credential: Any = None, host: str = "") -> AuthenticatorData:
        name = host or str(urlsplit(origin).hostname)
        flags = PRESENT | (AuthenticatorData.FLAG.AT if credential else 0)
        return AuthenticatorData.create(
            hashlib.sha256(name.encode()).digest(), flags, 1, credential or b"")

    def _answer(self, response: dict[str, bytes]) -> str:
        return json.dumps({
            "id": websafe_encode(self.id), "rawId": websafe_encode(self.id), "type": "public-key",
            "clientExtensionResults": {},
            "response": {key: websafe_encode(value) for key, value in response.items()},
        })  # fmt: skip

    def made(self, options: dict[str, Any], origin: str = ORIGIN, **more: Any) -> str:
        """The answer to a page that sets up a key."""
        public = ES256.from_cryptography_key(self.secret.public_key())
        credential = AttestedCredentialData.create(Aaguid(bytes(16)), self.id, public)
        kept = AttestationObject.create("none", self._data(origin, credential), {})
        return self._answer({"attestationObject": bytes(kept), "clientDataJSON": self._told(
            "webauthn.create", options, origin, **more)})

    def used(
        self, options: dict[str, Any], origin: str = ORIGIN, host: str = "", **more: Any
    ) -> str:
        """The answer to a page that asks for a key."""
        told = self._told("webauthn.get", options, origin, **more)
        data = self._data(origin, host=host)
        signature = self.secret.sign(
            data + hashlib.sha256(told).digest(), ec.ECDSA(hashes.SHA256()))
        assert websafe_decode(options["challenge"])
        return self._answer(
            {"authenticatorData": bytes(data), "signature": signature, "clientDataJSON": told})
