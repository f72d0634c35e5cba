"""The codes of this app as people read them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from casewall.safety.roles.rules import (
    Act,
    Consequence,
    Fear,
    Injury,
    Outcome,
    Person,
    Setting,
    Sign,
    Source,
    State,
)

# By kind and code, since codes of two kinds may be the same word.
_SAID_OTHERWISE: dict[type[StrEnum], dict[str, str]] = {
    Person: {"a": "Person A", "b": "Person B"},
    Act: {
        "physical": "Physical violence",
        "strangling": "Strangling or stopping the breath",
        "sexual": "Sexual violence or pressure",
        "weapon": "Used or showed a weapon",
        "control": "Controlled what the other may do",
        "degrading": "Degraded or humiliated",
        "isolation": "Kept from other people",
        "money": "Took or withheld money",
        "stalking": "Followed or watched",
        "digital": "By phone or online",
        "property": "Broke things or hurt animals",
        "through_children": "Through the children",
    },
    Setting: {
        "began_it": "Began it",
        "answered": "Answered what the other did",
        "protected": "Protected self or a child",
    },
    Consequence: {
        "changed_habits": "Changed what to say, wear or do",
        "left_home": "Left home, even for a night",
        "lost_contacts": "Lost contact with family or friends",
        "lost_work_or_money": "Lost work or money",
        "health": "Health suffered",
        "children": "Children were affected",
        "police": "Police came",
        "none": "Nothing followed",
    },
    Fear: {"none": "No fear", "some": "Some fear", "strong": "Strong fear",
           "for_life": "Feared for life"},
    Injury: {"none": "No injury", "slight": "Slight injury",
             "needed_treatment": "Injury that needed treatment",
             "life_threatening": "Life-threatening injury"},
    Source: {"person_a": "Person A says so", "person_b": "Person B says so", "police": "Police",
             "health": "Health care", "social_care": "Social care",
             "worker": "A worker saw or heard it"},
    Sign: {
        "vague": "Tells it vaguely",
        "blames": "Blames the other",
        "little_empathy": "Shows little feeling for the other",
        "little_fear": "Shows little fear",
        "aggrieved": "Is aggrieved and certain",
        "detailed": "Tells it in detail",
        "ashamed": "Is ashamed",
        "confused": "Is confused about what happened",
        "afraid": "Is afraid",
        "takes_blame": "Takes the blame",
    },
    Outcome: {"undetermined": "Mutual or undetermined"},
    State: {
        "open": "Under way",
        "waiting": "Waits for a second worker",
        "concluded": "Signed off",
        "set_aside": "Set aside without a conclusion",
    },
}  # fmt: skip


def words_of(kind: type[StrEnum], code: str) -> str:
    """A code of one kind in words."""
    text = _SAID_OTHERWISE.get(kind, {}).get(str(code))
    return text or str(code).replace("_", " ").capitalize()


def worded(kind: type[StrEnum]) -> list[tuple[str, str]]:
    """The codes of one kind with their words, in order: the choices of a question."""
    return [(member.value, words_of(kind, member)) for member in kind]


def listed(kind: type[StrEnum], codes: Iterable[str]) -> str:
    """Several codes of one kind in one line."""
    return "; ".join(words_of(kind, code) for code in codes)
