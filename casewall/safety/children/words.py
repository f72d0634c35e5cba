"""The codes of this app as people read them."""

from __future__ import annotations

from enum import StrEnum

from casewall.safety.children.rules import (
    Adult,
    Asked,
    Came,
    Concern,
    ConsentBy,
    EndReason,
    GoalState,
    Need,
    Of,
    Plan,
    ReferralOutcome,
    Relationship,
    Told,
    Work,
)

# By kind and code, since codes of two kinds may be the same word.
_SAID_OTHERWISE: dict[type[StrEnum], dict[str, str]] = {
    Adult: {"partner": "A partner", "client": "The client", "other": "Another adult"},
    Relationship: {"parent_s_partner": "Partner of a parent"},
    Of: {
        "responsibility": "Parental responsibility",
        "lives_with": "The child lives with this adult",
        "contact": "Contact with this adult",
    },
    Plan: {"none": "No plan", "unknown": "Plan not known"},
    Need: {
        "language": "An interpreter or another language",
        "school": "Help at school",
        "sleep": "Sleep or nightmares",
        "loss": "A loss or a separation",
    },
    Work: {"one_to_one": "One-to-one", "group": "In a group"},
    Came: {"away_known": "Away, told us before", "called_off": "We called it off"},
    ConsentBy: {
        "adult": "An adult with parental responsibility",
        "young_adult": "The young adult",
        "authority": "An authority that holds parental responsibility",
    },
    GoalState: {"partly": "Partly reached", "left": "Left aside"},
    EndReason: {
        "child_stopped": "The child did not want to go on",
        "never_began": "The work never began",
        "other_service": "Goes on elsewhere",
        "too_old": "Too old for this service",
        "not_reached": "Could not be reached any more",
    },
    Concern: {
        "harm": "Harm to the child",
        "sees_violence": "The child sees or hears violence",
        "taken_away": "The child may be taken away or abroad",
        "unborn": "A child who is not born yet",
        "own_risk": "The child is a danger to itself or to others",
    },
    Told: {
        "partner": "The partner",
        "child": "The child",
        "other_carer": "Another adult who cares for the child",
        "client": "The client",
    },
    ReferralOutcome: {
        "waiting": "Not decided yet",
        "advice": "Advice was given",
        "assessment": "An assessment was begun",
        "plan": "A plan was made",
        "protection": "Protection was ordered",
        "not_told": "The authority does not say",
    },
    Asked: {"none": "There are none", "some": "There are children", "unknown": "Not known"},
}

_ANSWERS = {
    "part": "part of the time",
    "by_order": "as a court ordered",
    "none": "no contact",
    "unknown": "not known",
}


def words_of(kind: type[StrEnum], code: str) -> str:
    """A code of one kind in words."""
    text = _SAID_OTHERWISE.get(kind, {}).get(str(code))
    return text or str(code).replace("_", " ").capitalize()


def answer_words(answer: str) -> str:
    """An answer about a child and an adult in words."""
    return _ANSWERS.get(answer, answer.replace("_", " "))
