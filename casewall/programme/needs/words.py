"""The codes of this app as people read them."""

from __future__ import annotations

from enum import StrEnum

from casewall.programme.needs.rules import (
    Concern,
    Help,
    HelpOutcome,
    Lives,
    NeedKind,
    SafeguardingOutcome,
    Since,
    Violence,
)

# By kind and code, since codes of two kinds may be the same word.
_SAID_OTHERWISE: dict[type[StrEnum], dict[str, str]] = {
    NeedKind: {
        "work": "Work or education",
        "residence": "Residence permit",
        "learning": "Reading, writing or learning",
    },
    Since: {
        "one_to_five": "One to five years",
        "six_to_ten": "Six to ten years",
        "over_ten": "Over ten years",
    },
    Violence: {"control": "Controlling behaviour", "of_children": "Violence towards children"},
    Lives: {
        "with_client": "With the client",
        "with_other_parent": "With the other parent",
        "shared": "With each parent in turn",
    },
    Concern: {
        "child_harm": "Harm to a child",
        "child_sees_violence": "A child sees or hears violence",
        "child_neglect": "Neglect of a child",
        "unborn_child": "An unborn child",
        "adult_at_risk": "An adult at risk",
    },
    Help: {"substance": "Alcohol or drugs"},
    HelpOutcome: {"not_accepted": "Not accepted there"},
    SafeguardingOutcome: {
        "plan": "A plan was made",
        "protection": "Protection was ordered",
        "assessment": "An assessment was begun",
    },
}


def words_of(kind: type[StrEnum], code: str) -> str:
    """A code of one kind in words."""
    text = _SAID_OTHERWISE.get(kind, {}).get(str(code))
    return text or str(code).replace("_", " ").capitalize()
