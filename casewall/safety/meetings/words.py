"""The codes of this app as people read them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Any

from casewall.safety.meetings.rules import For, Kind, Presence, Reason, State

_SAID_OTHERWISE: dict[type[StrEnum], dict[str, str]] = {
    Kind: {
        "regular": "Regular case meeting",
        "high_risk": "Meeting on high risk",
        "closure": "Meeting before a case is closed",
    },
    State: {"planned": "Planned", "held": "Begun", "closed": "Closed"},
    Presence: {"present": "There", "apologies": "Sent apologies", "not_there": "Not there"},
    Reason: {
        "danger": "Sign of danger",
        "risk_changed": "The level of risk changed",
        "violence": "New violence was told",
        "exit": "The client left or was suspended",
        "new_referral": "New referral",
        "two_missed": "Two sessions missed",
        "review_overdue": "A review is overdue",
        "action_overdue": "An action of an earlier meeting is overdue",
        "completion": "The client completed the programme",
        "by_hand": "Put on the agenda by a worker",
    },
    For: {
        "partner": "The partner's file",
        "child": "A child's file",
        "client": "The client's file: only by a disclosure",
    },
}
COLOURS = {
    Reason.DANGER: "red", Reason.RISK_CHANGED: "red", Reason.VIOLENCE: "orange",
    Reason.EXIT: "orange", Reason.NEW_REFERRAL: "blue", Reason.TWO_MISSED: "yellow",
    Reason.REVIEW_OVERDUE: "yellow", Reason.ACTION_OVERDUE: "yellow", Reason.COMPLETION: "green",
    Reason.BY_HAND: "grey",
}  # fmt: skip
STATE_COLOURS = {"planned": "blue", "held": "yellow", "closed": "grey"}


def words_of(kind: type[StrEnum], code: str) -> str:
    """A code of one kind in words."""
    text = _SAID_OTHERWISE.get(kind, {}).get(str(code))
    return text or str(code).replace("_", " ").capitalize()


def worded(members: Iterable[Any]) -> list[tuple[str, str]]:
    """Codes with their words, in order: the choices of a question."""
    return [(member.value, words_of(type(member), member)) for member in members]


def reason_tags(reasons: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Stored reasons as coloured words with their day."""
    return [
        (f"{words_of(Reason, code)}, {date.fromisoformat(on):%-d %B %Y}", COLOURS[Reason(code)])
        for code, on in reasons
    ]
