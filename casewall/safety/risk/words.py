"""The codes of joint risk as people read them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from casewall.safety.partners.danger import HeardBy
from casewall.safety.risk.rules import LEVELS, SOURCES, Level, Occasion, SourceOf
from casewall.safety.risk.vulnerable.rules import AskedBy, Basis, Standing

NOT_JUDGED = "Not judged yet"
COLOURS = {
    "": "yellow",
    Level.STANDARD: "grey",
    Level.MEDIUM: "yellow",
    Level.HIGH: "orange",
    Level.VERY_HIGH: "red",
}
OCCASIONS = {
    Occasion.INTAKE: "Intake",
    Occasion.MEETING: "A case meeting",
    Occasion.THREE_MONTHS: "Three months are over",
    Occasion.TRIGGER: "Something happened",
}
HEARD_BY = {
    HeardBy.ANSWER: "An answer, recorded by a worker",
    HeardBy.DEVICE: "An answer on a device",
    HeardBy.CONTACT: "A contact",
    HeardBy.SESSION: "A session",
    HeardBy.INCIDENT: "An incident",
    HeardBy.CHILD_INCIDENT: "An incident of a child",
    HeardBy.CHILD_SESSION: "A session with a child",
    HeardBy.PROGRAMME: "The programme",
    HeardBy.WORKER: "A worker",
}
ASKED_BY = {
    AskedBy.COURT: "A court",
    AskedBy.SOCIAL_WORKER: "A social worker",
    AskedBy.OTHER: "Somebody else",
}
BASES = {
    Basis.CONSENT: "The partner's consent",
    Basis.COURT_ORDER: "An order of a court",
    Basis.CHILD_PROTECTION: "The law on protecting children",
    Basis.LEGAL_DUTY: "Another legal duty",
}
STANDINGS = {
    Standing.DRAFT: ("Draft", "yellow"),
    Standing.WAITING: ("Waits for a second person", "orange"),
    Standing.SIGNED: ("Signed", "green"),
    Standing.SUPERSEDED: ("Superseded", "grey"),
}


def level_words(level: str) -> str:
    """A level in a word, or that nobody has judged."""
    return LEVELS[Level(level)][0] if level else NOT_JUDGED


def level_tag(level: str) -> tuple[str, str]:
    """A level as a word in its colour."""
    return level_words(level), COLOURS[Level(level) if level else ""]


def level_choices() -> list[tuple[str, str]]:
    """The levels with what each means, the least first."""
    return [(one.value, f"{word}: {meaning}") for one, (word, meaning) in LEVELS.items()]


def sources_words(codes: Iterable[str]) -> str:
    """Sources in one line, in order."""
    wanted = set(codes)
    return "; ".join(SOURCES[one] for one in SourceOf if one.value in wanted)


def day(on: date) -> str:
    """A day as people write it."""
    return f"{on:%-d %B %Y}"
