"""The codes of incidents and proceedings as people read them, on both sides."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum, StrEnum
from typing import Any

from casewall.programme.incidents.rules import (
    Custody,
    DayOutcome,
    Ended,
    Follows,
    Form,
    Kind,
    Severity,
    Sign,
    Source,
)

_SAID_OTHERWISE: dict[type[Any], dict[str, str]] = {
    Form: {
        "physical": "Physical violence",
        "sexual": "Sexual violence",
        "psychological": "Psychological violence",
        "economic": "Economic violence",
        "control": "Coercive control",
    },
    Severity: {
        "1": "1, slight: frightened or hurt, no injury",
        "2": "2, moderate: a slight injury, or daily life was upset",
        "3": "3, serious: an injury that needed treatment, or fear for life",
        "4": "4, life-threatening",
    },
    Sign: {
        "strangulation": "Strangulation, or hands on the neck",
        "weapon": "A weapon was used or shown",
        "threat_to_kill": "A threat to kill",
        "child_hurt": "A child was hurt",
    },
    Source: {
        "client": "The client",
        "partner": "The partner",
        "police": "The police",
        "worker": "A worker saw or heard it",
        "referrer": "The referrer",
        "agency": "Another agency",
    },
    Kind: {
        "call_out": "Police call-out",
        "family_court": "Family court",
        "criminal": "Criminal court",
    },
    Ended: {
        "no_action": "No further action",
        "ordered": "The court made an order",
        "refused": "The court refused it",
    },
    DayOutcome: {"held": "Held, nothing decided yet"},
    Follows: {
        "not_re_offence": "Not new violence: nothing follows",
        "go_on": "The work goes on",
        "go_on_with_conditions": "The work goes on, with conditions",
        "assess_again": "Assess the client again",
        "suspend": "The client is suspended",
        "end": "The work ends",
        "taken_back": "The incident was taken back",
    },
    Custody: {"other": "Other reasons"},
}


def words_of(kind: type[StrEnum] | type[IntEnum], code: Any) -> str:
    """A code of one kind in words."""
    plain = str(code.value) if isinstance(code, StrEnum | IntEnum) else str(code)
    text = _SAID_OTHERWISE.get(kind, {}).get(plain)
    return text or plain.replace("_", " ").capitalize()


def worded(members: Iterable[Any]) -> list[tuple[str, str]]:
    """Codes with their words, in order: the choices of a question."""
    return [(str(member.value), words_of(type(member), member)) for member in members]


def listed(kind: type[StrEnum], codes: str) -> str:
    """Codes as they are kept in one field, in one line."""
    return "; ".join(words_of(kind, code) for code in split(codes))


def split(codes: str) -> list[str]:
    """Codes as they are kept in one field, as a list."""
    return [code for code in codes.split(",") if code]


def in_order(kind: type[StrEnum], chosen: Iterable[Any]) -> str:
    """Codes as they are kept in one field: in the order of the list, none twice."""
    wanted = {str(one) for one in chosen}
    return ",".join(member for member in kind if member in wanted)
