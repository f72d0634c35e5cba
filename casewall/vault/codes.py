"""One-time codes: read out, written on paper, typed once; only a fingerprint of them is kept.

Ten characters of an alphabet of thirty are 49 bits. That is short enough to be read out on the
phone, and too short to be hashed quickly: whoever copied the table of fingerprints could try all
codes with a fast hash within a day. So a fingerprint costs a memory-hard function (scrypt,
RFC 7914), salted with the public key of the side, which both the side and the front door know
and which differs between installations. Trying all codes then takes longer than anybody has, and
one guess at the front door costs the guesser as much as an honest person.
"""

from __future__ import annotations

import hashlib
import hmac
from uuid import UUID

from nacl.public import PrivateKey

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No 0, 1, I, L, O or U: nobody has to ask which of two look-alikes is meant."""
LENGTH = 10
LONGEST_TYPED = 60
"""Characters of what was typed that are looked at."""

_COST, _BLOCK, _LANES = 2**14, 8, 1
"""About 16 MB and 40 ms for each fingerprint."""


def new_code(*, secret: str, form: UUID) -> str:
    """The code that a form makes: sent twice it is the same code, and nothing stored makes it.

    `form` is the random number of the form, which is kept nowhere.
    """
    mac = hmac.new(secret.encode(), b"one-time code:" + form.bytes, hashlib.sha256).digest()
    number, letters = int.from_bytes(mac), []
    for _ in range(LENGTH):
        number, place = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[place])
    return "".join(letters)


def in_groups(code: str) -> str:
    """A code as it is shown and read out: two groups of five."""
    return f"{code[:5]} {code[5:]}"


def plain(typed: str) -> str:
    """What was typed without spaces, hyphens and capitals' differences."""
    return "".join(c for c in typed[:LONGEST_TYPED].upper() if c.isascii() and c.isalnum())


def fingerprint(code: str, *, door_key: bytes) -> str:
    """The fingerprint of a code, in hexadecimal; the same effort whatever was typed."""
    return hashlib.scrypt(
        plain(code).encode(),
        salt=b"casewall code:" + door_key,
        n=_COST,
        r=_BLOCK,
        p=_LANES,
        maxmem=64 * 1024 * 1024,
        dklen=32,
    ).hex()


def visit_hash(token: str) -> str:
    """The fingerprint of a visit's token, which is long enough for a fast hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def door_key_of(seal_secret: bytes) -> bytes:
    """The public key that the front door seals with, from the side's own secret key."""
    return bytes(PrivateKey(seal_secret).public_key)
