"""The codes of this app as people read them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from casewall.safety.sharing.content import HEADINGS
from casewall.safety.sharing.rules import (
    AgencyKind,
    Asked,
    Basis,
    Condition,
    Exported,
    ReportFor,
    ReportState,
    Route,
    Section,
    ShareFor,
)
from casewall.safety.sharing.studies.rules import AgeBand, Place, Rare, StudyState

_SAID_OTHERWISE: dict[type[StrEnum], dict[str, str]] = {
    AgencyKind: {
        "children": "Children's social care",
        "social_care": "Adult social care",
        "health": "Health care",
        "school": "School or day care",
        "substance": "Substance treatment",
        "legal": "Lawyers or legal advice",
        "support": "Another support service",
        "funder": "Funder or commissioner",
    },
    ShareFor: {
        "safety": "To keep somebody safe",
        "safeguarding": "Safeguarding of a child or an adult",
        "support": "Support that was asked for",
        "proceedings": "A proceeding at court",
        "conference": "A conference of agencies about high risk",
        "crime": "To prevent or clear up a crime",
    },
    Basis: {
        "consent": "Consent",
        "vital_interests": "Vital interests: somebody's life is in danger",
        "legal_obligation": "A law obliges us to",
        "public_task": "A public task, under an agreement",
        "safeguarding": "Safeguarding of a child or of an adult at risk",
        "court_order": "An order of a court",
    },
    Condition: {
        "safeguarding": "Safeguarding of children and of individuals at risk",
        "counselling": "Counselling, advice or support in confidence",
        "unlawful_acts": "Preventing or detecting unlawful acts",
        "statutory": "Statutory and government purposes",
        "justice": "Administration of justice",
        "legal_claims": "Legal claims",
    },
    Route: {
        "email": "E-mail",
        "portal": "The agency's secure system",
        "phone": "By phone",
    },
    ReportFor: {
        "court": "For a court",
        "social_worker": "For a social worker",
        "police": "For the police",
        "housing": "For a housing authority",
        "lawyer": "For the person's own lawyer",
        "health": "For health care",
    },
    Section: dict(HEADINGS.items()),
    Asked: {
        "lives": "Does it tell where somebody lives or can be found?",
        "confidence": "Does it tell what was said in confidence?",
        "answered": "Does it tell that somebody answered, or is in contact with us?",
    },
    ReportState: {"draft": "Draft", "checked": "Checked, not yet released"},
    Exported: {"report": "Report", "release": "Figures that were released"},
    AgeBand: {
        "under_18": "Under 18",
        "18_to_29": "18 to 29",
        "30_to_44": "30 to 44",
        "45_to_59": "45 to 59",
        "60_and_over": "60 and over",
    },
    Place: {
        "none": "No place is told",
        "country": "The country",
        "region": "A region",
        "town": "A town or a part of one",
    },
    Rare: {
        "health": "A rare illness or injury",
        "occupation": "An occupation that few have",
        "community": "A small community or language group",
        "news": "Something that was in the news",
        "many_children": "Five or more children",
        "twins": "Twins or more",
        "death": "A death",
        "uniform": "Police, army or another public office",
    },
    StudyState: {"approved": "Approved, not yet published"},
}


def words_of(kind: type[StrEnum], code: str) -> str:
    """A code of one kind in words."""
    text = _SAID_OTHERWISE.get(kind, {}).get(str(code))
    return text or str(code).replace("_", " ").capitalize()


def worded(members: Iterable[Any]) -> list[tuple[str, str]]:
    """Codes with their words, in order: the choices of a question."""
    return [(member.value, words_of(type(member), member)) for member in members]
