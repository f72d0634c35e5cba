"""The codes of this app as people read them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from casewall.safety.support.rules import (
    LEVEL_WORDS,
    Area,
    Came,
    Doer,
    EndReason,
    Handing,
    HelpOutcome,
    Hope,
    Interpreting,
    Level,
    Marked,
    SessionKind,
    Topic,
)

# By kind and code, since codes of two kinds may be the same word.
_SAID_OTHERWISE: dict[type[StrEnum], dict[str, str]] = {
    Area: {
        "safety": "Safety at home and outside",
        "work": "Work or education",
        "substances": "Alcohol or drugs",
        "legal": "Law, orders and court",
        "immigration": "Residence permit",
        "social_support": "People to turn to",
    },
    Level: {code.value: words.capitalize() for code, words in LEVEL_WORDS.items()},
    Hope: {
        "no_change": "That nothing changes",
        "some_change": "That some things change",
        "violence_ends": "That the violence ends",
        "no_wish_to_say": "Preferred not to say",
    },
    Doer: {"partner": "The partner", "worker": "The worker"},
    SessionKind: {
        "crisis": "Crisis: something has just happened",
        "advocacy": "Speaking to others for the partner",
        "accompanied": "Going along, for example to court",
        "review": "Looking at the plan together",
    },
    Topic: {
        "the_programme": "What the client does on the programme",
        "child_contact": "The client's contact with children",
        "support_network": "People to turn to",
    },
    Came: {"put_off_by_partner": "Put off by the partner"},
    Marked: {
        "part": "Came for a part",
        "sent_word": "Did not come, sent word",
        "no_word": "Did not come, no word",
    },
    Handing: {
        "shown": "Shown only; no copy was given",
        "read_out": "Read out; no copy was given",
        "in_hand": "A copy was put in the partner's hand",
        "letter": "Sent by letter",
        "email": "Sent by e-mail",
    },
    Interpreting: {
        "agency": "An interpreter of an agency",
        "family": "A member of the partner's family",
        "friend": "A friend or neighbour",
        "child": "A child",
        "clients_relative": "A relative of the client",
    },
    HelpOutcome: {"not_accepted": "Not accepted there"},
    EndReason: {
        "goals_reached": "What the partner wanted was reached",
        "time_is_up": "The planned time is up",
        "declined_further": "The partner wants no more for now",
        "not_reached": "Nobody could reach the partner",
        "died": "The partner has died",
    },
}

LINKS = {"substance": "Alcohol or drugs"}
LEVEL_COLOURS = {
    Level.SERIOUS: "red",
    Level.SOME: "orange",
    Level.NONE: "grey",
    Level.NOT_KNOWN: "yellow",
    Level.PREFERRED_NOT_TO: "yellow",
}


def words_of(kind: type[StrEnum], code: str) -> str:
    """A code of one kind in words."""
    text = _SAID_OTHERWISE.get(kind, {}).get(str(code))
    return text or str(code).replace("_", " ").capitalize()


def worded(members: Iterable[Any]) -> list[tuple[str, str]]:
    """Codes with the words that people read."""
    return [(member.value, words_of(type(member), member)) for member in members]


def link_words(kind: str) -> str:
    """A kind of help elsewhere, as service definitions name it, in words."""
    return LINKS.get(kind) or kind.replace("_", " ").capitalize()
