"""OpenID Connect, the part that this product needs: who signed in at the agency's own issuer.

The authorization code flow with PKCE, state and nonce (OpenID Connect Core 1.0, 3.1; RFC 7636;
RFC 9207). The browser carries a code; this site exchanges it for a signed statement, and believes
of it nothing that it has not checked. No e-mail address or name is read: only the subject counts.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any
from urllib.parse import quote, urlencode

from casewall.staff.issuers import Issuer, is_safe

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
              "EdDSA"]
"""Signatures with a key pair. A shared secret or no signature at all is never believed."""
NEEDED = ["iss", "sub", "aud", "exp", "iat", "nonce"]
LEEWAY = 60
"""Seconds by which two clocks may differ."""
OLDEST = 600
"""Seconds after which a statement, or a sign-in that was begun, is too old."""
LONGEST = 1_000_000
"""Bytes of an answer of the issuer that are read."""
PATIENCE = 10.0


class NotBelieved(Exception):
    """Nobody has been signed in; the reason is for the log of the site, not for the browser."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the issuer says of whoever signed in there: only the subject, how, and when."""

    issuer: str
    subject: str
    ways: frozenset[str]
    at: int | None


class _NoDetour(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **more: Any) -> None:
        return None


_ASKING = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoDetour())


def _fetched(address: str, form: Mapping[str, str] | None = None, login: str = "") -> Any:
    if not is_safe(address):
        raise NotBelieved("an address that is not over TLS")
    sent = urlencode(form).encode() if form is not None else None
    request = urllib.request.Request(  # noqa: S310  # `is_safe` lets http(s) pass only
        address, sent, {"Accept": "application/json"})
    if login:
        request.add_header("Authorization", f"Basic {login}")
    try:
        with _ASKING.open(request, timeout=PATIENCE) as answer:
            read = answer.read(LONGEST + 1)
        if len(read) > LONGEST:
            raise NotBelieved("an answer of the issuer that is too long")
        found = json.loads(read)
    except (OSError, ValueError, urllib.error.URLError) as fault:
        raise NotBelieved(f"the issuer does not answer as it should: {fault}") from fault
    if not isinstance(found, dict):
        raise NotBelieved("an answer of the issuer that is no object")
    return found


def _described(issuer: Issuer) -> dict[str, Any]:
    """The issuer's own description; it must name itself as the operator did."""
    found: dict[str, Any] = _fetched(
        issuer.issuer.rstrip("/") + "/.well-known/openid-configuration")
    if found.get("issuer") != issuer.issuer:
        raise NotBelieved("the description is of another issuer")
    for key in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not isinstance(found.get(key), str) or not is_safe(found[key]):
            raise NotBelieved(f"the description names no safe {key}")
    return found


def begin(issuer: Issuer, back: str, *, again: bool = False) -> tuple[str, dict[str, Any]]:
    """Where the browser goes, and what its session keeps until it comes back to `back`.

    `again` asks the issuer to have the person sign in anew. Raises `NotBelieved`.
    """
    verifier = secrets.token_urlsafe(48)
    kept = {"agency": issuer.agency, "state": secrets.token_urlsafe(32), "at": int(time.time()),
            "nonce": secrets.token_urlsafe(32), "verifier": verifier,
            "again": again}  # fmt: skip
    digest = hashlib.sha256(verifier.encode()).digest()
    asked = {
        "response_type": "code", "scope": "openid", "client_id": issuer.client_id,
        "redirect_uri": back, "state": kept["state"], "nonce": kept["nonce"],
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }  # fmt: skip
    if again:
        asked |= {"prompt": "login", "max_age": "0"}
    at = _described(issuer)["authorization_endpoint"]
    return f"{at}{'&' if '?' in at else '?'}{urlencode(asked)}", kept


def finish(issuer: Issuer, kept: Mapping[str, Any], came: Mapping[str, str], back: str) -> Told:
    """Who has signed in. `kept` must already be gone from the session: it counts once.

    Raises `NotBelieved` for whatever is not as it was asked for.
    """
    if not compare_digest(str(kept.get("state", "")), came.get("state", "")):
        raise NotBelieved("another state than was given out")
    if not 0 <= time.time() - kept["at"] <= OLDEST:
        raise NotBelieved("the sign-in was begun too long ago")
    if came.get("iss", issuer.issuer) != issuer.issuer:
        raise NotBelieved("the answer is of another issuer")
    if not came.get("code"):
        raise NotBelieved(f"the issuer says {came.get('error', 'nothing')[:40]!r}")
    described = _described(issuer)
    given = _fetched(described["token_endpoint"], {
        "grant_type": "authorization_code", "code": came["code"], "redirect_uri": back,
        "code_verifier": kept["verifier"],
    }, _login(issuer))  # fmt: skip
    return _told(issuer, kept, _statement(issuer, described, given.get("id_token")))


def _login(issuer: Issuer) -> str:
    pair = f"{quote(issuer.client_id, safe='')}:{quote(issuer.client_secret, safe='')}"
    return base64.b64encode(pair.encode()).decode()


def _statement(issuer: Issuer, described: Mapping[str, Any], token: Any) -> dict[str, Any]:
    """The claims of a token with a good signature, for us, of this issuer, of now."""
    import jwt  # only a site whose agencies have a sign-in of their own loads it

    try:
        head = jwt.get_unverified_header(token)
        if head.get("alg") not in ALGORITHMS:
            raise NotBelieved("a signature of another kind")
        keys = jwt.PyJWKSet.from_dict(_fetched(described["jwks_uri"])).keys
        mine = [key for key in keys if key.public_key_use in (None, "sig")
                and ("kid" not in head or key.key_id == head["kid"])]
        if len(mine) != 1:
            raise NotBelieved("a key that the issuer has not published")
        return jwt.decode(token, mine[0], algorithms=ALGORITHMS, audience=issuer.client_id,
                          issuer=issuer.issuer, leeway=LEEWAY, options={"require": NEEDED})
    except (jwt.PyJWTError, TypeError, ValueError) as fault:
        raise NotBelieved(f"the statement is not believed: {type(fault).__name__}") from fault


def _told(issuer: Issuer, kept: Mapping[str, Any], claims: Mapping[str, Any]) -> Told:
    if not compare_digest(str(claims["nonce"]).encode(), str(kept["nonce"]).encode()):
        raise NotBelieved("another nonce than was given out")
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", issuer.client_id) != issuer.client_id or (
            several and "azp" not in claims):
        raise NotBelieved("the statement is for somebody else too")
    if claims["iat"] < time.time() - OLDEST:
        raise NotBelieved("the statement is too old")
    subject, at = claims["sub"], claims.get("auth_time")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise NotBelieved("there is no subject")
    if kept["again"] and not (isinstance(at, int) and at >= kept["at"] - LEEWAY):
        raise NotBelieved("nobody has signed in anew")
    said = claims.get("amr")
    ways = {one for one in said if isinstance(one, str)} if isinstance(said, list) else set()
    if isinstance(claims.get("acr"), str):
        ways.add(claims["acr"])
    return Told(issuer.issuer, subject, frozenset(ways), at if isinstance(at, int) else None)
