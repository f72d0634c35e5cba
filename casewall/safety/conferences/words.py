"""The codes of this app as people read them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from casewall.safety.conferences import tasking
from casewall.safety.conferences.rules import (
    Answer,
    Consent,
    Criterion,
    FlagEnd,
    Ground,
    Heard,
    State,
    YesNo,
)

_SAID_OTHERWISE: dict[type[StrEnum], dict[str, str]] = {
    Criterion: {
        "threshold": "The checklist reaches the threshold",
        "judgement": "Professional judgement",
        "escalation": "It happens more often, or worse",
        "repeat": "Repeat: new violence since the last hearing",
        "honour": "Suspected honour-based abuse",
    },
    State: {"draft": "Draft, not sent", "sent": "Sent", "withdrawn": "Withdrawn"},
    Consent: {
        "not_asked": "Not asked yet",
        "yes": "Yes, the partner consents",
        "no": "No",
        "not_safe_to_ask": "It is not safe to ask now",
    },
    Ground: {
        "vital_interests": "Somebody's life or health is in danger",
        "safeguarding": "To protect a child, or an adult at risk",
        "crime": "To prevent or detect a serious crime",
        "public_task": "The law gives this task to the agencies of the conference",
        "court_order": "A court has ordered it",
    },
    Answer: {
        "asked": "Asked, no answer yet",
        "came": "The answer came",
        "none": "Nothing is known there",
    },
    Heard: {
        "listed": "On the list",
        "actions": "Heard, with actions",
        "no_actions": "Heard, no action needed",
        "put_off": "Put off to another conference",
        "taken_off": "Taken off the list, not heard",
    },
    FlagEnd: {
        "expired": "Its months have passed and somebody looked at it",
        "heard_again": "The case was heard again",
        "moved": "The partner moved; the next area was told",
        "died": "The partner has died",
    },
    YesNo: {"prefers_not": "The partner prefers not to say"},
    tasking.State: {
        "nominated": "Nominated",
        "accepted": "Accepted, worked on",
        "not_accepted": "Not accepted",
        "discharged": "Discharged",
    },
    tasking.Tactic: {
        "support": "Support: help that is offered",
        "prevention": "Prevention: making harm harder",
        "diversion": "Diversion: away from harm, towards help",
        "disruption": "Disruption: other lawful pressure",
        "enforcement": "Enforcement: police and courts",
    },
    tasking.Discharge: {
        "score_fell": "The score fell",
        "no_incident": "No incident is known any more",
        "in_custody": "In custody for long",
        "moved_away": "Moved away; the next area was told",
        "managed_elsewhere": "Managed by another board",
        "died": "Died",
        "other": "Another reason",
    },
    tasking.Trend: {
        "first": "First score",
        "fell": "The score has fallen",
        "same": "The score is the same",
        "rose": "The score has risen",
        "not_comparable": "Not comparable: another version of the table",
    },
}
TREND_COLOURS = {"fell": "green", "rose": "red", "same": "yellow"}
HEARD_COLOURS = {"actions": "purple", "no_actions": "grey", "listed": "blue"}

FORM: dict[str, str] = {
    "name": "Name of the partner",
    "aliases": "Other names",
    "born_on": "Date of birth",
    "address": "Address",
    "safe_contact": "Safe way and time of contact",
    "fallback": "Whom to contact if the partner cannot be reached",
    "language": "Language, and interpreter needed",
    "diversity": "What agencies must know to reach the partner well",
    "gp": "General practitioner",
    "client_name": "Name of the person who uses violence",
    "client_born_on": "Date of birth of that person",
    "client_address": "Address of that person",
    "relationship": "Relationship",
    "children": "Children: names, dates of birth, where they live",
    "what_happened": "What happened, when and where",
    "injuries": "Injuries and treatment",
    "police": "Police, proceedings and orders",
    "substances": "Alcohol and drugs, of whom",
    "mental_health": "Mental health and thoughts of suicide, of whom",
    "engagement": "Who works with whom, and whether they come",
    "wishes": "What the partner wants, and is afraid of",
    "before": "Earlier conferences",
}
"""What the form of a referral asks, in its order. Source: field guide, section 3.9."""

LONG = frozenset(
    {"children", "what_happened", "injuries", "police", "substances", "mental_health",
     "engagement", "wishes", "diversity", "safe_contact"}
)  # fmt: skip
"""Answers that need more than a line."""

REFERRED_BY: dict[str, str] = {
    "partner_support": "Partner support",
    "police": "Police",
    "child_social_care": "Child social care",
    "adult_social_care": "Adult social care",
    "health": "Health",
    "housing": "Housing",
    "probation": "Probation",
    "substance_service": "Substance service",
    "mental_health": "Mental health service",
    "education": "Education",
    "voluntary": "Another voluntary agency",
    "programme": "Programme for those who use violence",
    "other": "Another agency",
}
"""Agencies as the national figures group them."""


def words_of(kind: type[StrEnum], code: str) -> str:
    """A code of one kind in words."""
    text = _SAID_OTHERWISE.get(kind, {}).get(str(code))
    return text or str(code).replace("_", " ").capitalize()


def worded(members: Iterable[Any]) -> list[tuple[str, str]]:
    """Codes with their words, in order: the choices of a question."""
    return [(member.value, words_of(type(member), member)) for member in members]
