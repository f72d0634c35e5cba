"""The keys that this process holds, by side.

The programme process holds the programme's keys only. The safety process holds both sides'
field and index keys, since it must recognise whom a declaration names; never the reverse.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as dataclasses_field

from django.conf import settings

from casewall.wall.sides import Side


class KeyNotHeld(RuntimeError):
    """This process does not hold the key of that side, and must not."""


@dataclass(frozen=True, slots=True)
class SideKeys:
    """`field` is a 64-byte AES-SIV key, `index` a 32-byte HMAC key. Neither is ever printed."""

    field: bytes = dataclasses_field(repr=False)
    index: bytes = dataclasses_field(repr=False)


def keys_of(side: Side) -> SideKeys:
    """The field and index keys of a side; raises `KeyNotHeld` where they are not held."""
    keys = settings.CASEWALL_FIELD_KEYS.get(side.value)
    if keys is None:
        raise KeyNotHeld(f"This process does not hold the keys of the {side} side.")
    return SideKeys(field=keys[0], index=keys[1])
