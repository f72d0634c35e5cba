"""Which agencies have a sign-in of their own, as the operator of a site wrote it down.

The file is TOML, a table for each agency, named by the agency's code:

    [vesterlo-treatment]
    name = "Vesterlo Treatment"
    issuer = "https://login.vesterlo.example"
    client_id = "casewall-programme"
    client_secret = "…"
    second_factor = ["mfa", "hwk"]

`second_factor` lists what the issuer says (`amr`, `acr`) when a second factor was used there and
counts here; without it every worker gives the second factor of this site.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

TEXTS = ("name", "issuer", "client_id", "client_secret")
LOOPBACK = frozenset({"127.0.0.1", "localhost"})


@dataclass(frozen=True, slots=True)
class Issuer:
    """One agency's sign-in."""

    agency: str
    name: str
    issuer: str
    client_id: str
    client_secret: str
    second_factor: frozenset[str] = frozenset()


class IssuersError(ValueError):
    """A file of issuers that cannot be used; a sentence with where and what."""


def is_safe(address: str) -> bool:
    """Whether an address may be asked: over TLS, or on this very machine."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        return False
    if not host or parts.username or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)


def read_issuers(place: str) -> dict[str, Issuer]:
    """The issuers in a file by the agency's code; none where no file is named.

    Raises `IssuersError`.
    """
    if not place:
        return {}
    try:
        read = tomllib.loads(Path(place).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise IssuersError(f"The file of issuers {place} cannot be read: {fault}.") from fault
    return {agency: _issuer(agency, table, place) for agency, table in read.items()}


def _issuer(agency: str, table: Any, place: str) -> Issuer:
    where = f"{place}, [{agency}]"
    if not isinstance(table, dict):
        raise IssuersError(f"{where}: write a table, with {', '.join(TEXTS)}.")
    for key in table:
        if key not in (*TEXTS, "second_factor"):
            raise IssuersError(f"{where}: {key} is not known.")
    for key in TEXTS:
        if not isinstance(table.get(key), str) or not table[key].strip():
            raise IssuersError(f"{where}: {key} is missing.")
    if not is_safe(table["issuer"]):
        raise IssuersError(f"{where}: issuer must be an https address.")
    words = table.get("second_factor", [])
    if not isinstance(words, list) or not all(isinstance(one, str) and one for one in words):
        raise IssuersError(f"{where}: second_factor must be a list of words.")
    texts = {key: table[key] for key in TEXTS}
    return Issuer(agency, **texts, second_factor=frozenset(words))
