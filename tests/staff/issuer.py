"""An agency's own sign-in on the loopback: OpenID Connect with signed statements, as true ones."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

CLIENT, SECRET = "casewall", "a secret of the client, with: colons & more"


class AgencyIssuer:
    """`signs_in` is what a person does there; `changes` alter the statement before it is signed."""

    def __init__(self) -> None:
        self.key, self.stranger = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        self.codes: dict[str, dict[str, Any]] = {}
        self.address = self.says_it_is = ""
        self.signs_with, self.algorithm = self.key, "ES256"
        self.asked: list[str] = []

    def signs_in(self, address: str, subject: str, **changes: Any) -> dict[str, str]:
        """What the browser brings back from the issuer's page."""
        asked = {key: words[0] for key, words in parse_qs(urlsplit(address).query).items()}
        assert address.startswith(f"{self.address}/authorize?")
        assert (asked["response_type"], asked["scope"]) == ("code", "openid")
        code = f"code-{len(self.codes)}"
        now = int(time.time())
        claims = {"iss": self.address, "sub": subject, "aud": CLIENT, "exp": now + 300,
                  "iat": now, "auth_time": now, "nonce": asked["nonce"]}  # fmt: skip
        self.codes[code] = {**asked, "claims": {
            key: value for key, value in {**claims, **changes}.items() if value is not None}}
        return {"code": code, "state": asked["state"], "iss": self.address}

    def exchanged(self, sent: dict[str, str], login: str) -> dict[str, Any] | None:
        """The answer of the token endpoint; a code counts once, and only with its verifier."""
        kept = self.codes.pop(sent["code"], None)
        pair = base64.b64decode(login.removeprefix("Basic ")).decode()
        digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (kept is None or challenge != kept["code_challenge"]
                or sent["redirect_uri"] != kept["redirect_uri"]
                or not pair.startswith(f"{CLIENT}:") or SECRET in pair):
            return None
        key = "" if self.algorithm == "none" else self.signs_with
        if self.algorithm == "HS256":
            key = "a secret that both sides would have to know"
        return {"id_token": jwt.encode(
            kept["claims"], key, algorithm=self.algorithm, headers={"kid": "one"})}

    def answer(self, path: str) -> dict[str, Any]:
        if path == "/keys":
            public = json.loads(ECAlgorithm.to_jwk(self.key.public_key()))
            return {"keys": [{**public, "kid": "one", "use": "sig"}]}
        return {"issuer": self.says_it_is, "jwks_uri": f"{self.address}/keys",
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token"}


@contextmanager
def running() -> Iterator[AgencyIssuer]:
    """An issuer that answers, until the block ends."""
    issuer = AgencyIssuer()

    class Answers(BaseHTTPRequestHandler):
        def _say(self, found: Any) -> None:
            issuer.asked.append(self.path)
            self.send_response(200 if found is not None else 400)
            self.end_headers()
            self.wfile.write(json.dumps(found or {"error": "invalid_grant"}).encode())

        def do_GET(self) -> None:
            self._say(issuer.answer(self.path))

        def do_POST(self) -> None:
            read = self.rfile.read(int(self.headers["Content-Length"])).decode()
            sent = {key: words[0] for key, words in parse_qs(read).items()}
            self._say(issuer.exchanged(sent, self.headers["Authorization"]))

        def log_message(self, *_: Any) -> None:
            """The tests ask it; nobody reads a log."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        issuer.address = issuer.says_it_is = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield issuer
        server.shutdown()
        thread.join()
