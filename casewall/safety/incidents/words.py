"""The codes of this app as people read them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from casewall.safety.incidents.rules import (
    Authority,
    Consent,
    EndedBecause,
    Ground,
    Reached,
    Step,
    Suffered,
)

_SAID_OTHERWISE: dict[type[StrEnum], dict[str, str]] = {
    Suffered: {"partner": "The partner", "child": "A child", "both": "The partner and a child"},
    Consent: {
        "not_asked": "Not asked yet",
        "yes": "Yes, the authority may be told",
        "no": "No, it may not be told",
    },
    Ground: {
        "life_in_danger": "Somebody's life is in danger",
        "child_in_danger": "A child is in danger",
        "court_order": "A court has ordered it",
        "law_requires": "A law obliges us to",
    },
    Reached: {
        "told": "The partner was told",
        "not_reached": "The partner was not reached",
        "not_safe": "It was not safe to try further",
    },
    Authority: {
        "social_care": "Social care or child protection",
        "health": "Health care",
        "other": "Another authority",
    },
    EndedBecause: {
        "partner_said_no": "The partner said no, and no law obliges us",
        "known_already": "The authority knows already",
        "no_duty": "No authority needs to know of it",
        "cannot_be_told": "The partner cannot be told safely",
        "taken_back": "The incident was taken back",
    },
    Step: {
        "ask": "Ask the partner whether an authority may be told",
        "decide": "The partner said no: decide whether there is a duty to warn",
        "try": "Try to tell the partner first",
        "tell": "Tell the authority",
        "tell_afterwards": "Tell the partner that the authority was told",
        "done": "Nothing more to do",
    },
}


def words_of(kind: type[StrEnum], code: str) -> str:
    """A code of one kind in words."""
    text = _SAID_OTHERWISE.get(kind, {}).get(str(code))
    return text or str(code).replace("_", " ").capitalize()


def worded(members: Iterable[Any]) -> list[tuple[str, str]]:
    """Codes with their words, in order: the choices of a question."""
    return [(member.value, words_of(type(member), member)) for member in members]
