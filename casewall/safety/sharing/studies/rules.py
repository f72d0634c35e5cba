"""When a case study or a quotation may be published. Pure.

Sources: field guide, requirement 91 (single-case narrative check) and section 3.17; security guide,
section 1.2 (contextual clues that a redaction missed). The least number of possible persons and
the list of rare facts are defaults of ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from casewall.wall.decide import Decision


class AgeBand(StrEnum):
    """Ages as a published text tells them: never an exact age."""

    UNDER_18 = "under_18"
    FROM_18 = "18_to_29"
    FROM_30 = "30_to_44"
    FROM_45 = "45_to_59"
    FROM_60 = "60_and_over"


class Rare(StrEnum):
    """Facts that few people share, by which a neighbour may know somebody."""

    HEALTH = "health"
    OCCUPATION = "occupation"
    COMMUNITY = "community"
    NEWS = "news"
    MANY_CHILDREN = "many_children"
    TWINS = "twins"
    DEATH = "death"
    UNIFORM = "uniform"


class Place(StrEnum):
    """How exactly a text says where it happened."""

    NONE = "none"
    COUNTRY = "country"
    REGION = "region"
    TOWN = "town"


class StudyState(StrEnum):
    """How far a case study has come."""

    DRAFT = "draft"
    APPROVED = "approved"
    PUBLISHED = "published"
    RECALLED = "recalled"


LEAST_POSSIBLE = 10
"""So many persons of the records must fit what a text says of somebody."""


@dataclass(frozen=True, slots=True)
class Given:
    """One person's consent to a publication. `expires_on` is the last day on which it holds."""

    given_on: date
    expires_on: date
    withdrawn_on: date | None = None

    def holds(self, day: date) -> bool:
        """Whether it holds on a day."""
        taken = self.withdrawn_on is not None and self.withdrawn_on <= day
        return self.given_on <= day <= self.expires_on and not taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """A text for publication as the rules take it. `possible` are the persons of the records who
    fit its age band and place; `persons` how many the text is about."""

    persons: int
    consents: Sequence[Given]
    possible: int
    place: Place
    rare: frozenset[Rare] = frozenset()
    changed: str = ""
    told_in_order: bool = False


def reasons_against(study: Study, today: date) -> tuple[str, ...]:
    """Why a text may not be published; nothing where it may."""
    found = []
    holding = sum(one.holds(today) for one in study.consents)
    if holding < max(study.persons, 1):
        found.append(
            f"{holding} of {max(study.persons, 1)} persons in the text consent to its publication "
            "today."
        )
    if study.possible < LEAST_POSSIBLE:
        found.append(
            f"Only {study.possible} persons of the records fit what the text says, and "
            f"{LEAST_POSSIBLE} are the least: make the age or the place wider."
        )
    if study.rare and study.place in (Place.TOWN, Place.REGION):
        found.append("A rare fact with a place lets neighbours know who it is: leave one out.")
    if len(study.rare) > 1:
        found.append("Two rare facts together point to one person: keep one at the most.")
    if study.told_in_order and study.place is Place.TOWN:
        found.append("One family's story told in order, with its town, is known to whoever lived "
                     "there: leave the town out.")  # fmt: skip
    if not study.changed.strip():
        found.append("Write what was changed, so that nobody can be recognised.")
    return tuple(found)


def may_publish(study: Study, is_writer: bool, today: date) -> Decision:
    """Whether a second person may let a text be published."""
    if is_writer:
        return Decision(False, "You wrote this text, so somebody else must approve it.")
    against = reasons_against(study, today)
    if against:
        return Decision(False, " ".join(against))
    return Decision(True, "It may be published.")


def must_recall(state: StudyState, persons: int, consents: Sequence[Given], today: date) -> bool:
    """Whether a published text has lost a consent, so that it is to be taken back."""
    holding = sum(one.holds(today) for one in consents)
    return state is StudyState.PUBLISHED and holding < max(persons, 1)


def band_of(born_on: date, today: date) -> AgeBand:
    """The age band of somebody on a day."""
    age = today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))
    for below, band in ((18, AgeBand.UNDER_18), (30, AgeBand.FROM_18), (45, AgeBand.FROM_30),
                        (60, AgeBand.FROM_45)):  # fmt: skip
        if age < below:
            return band
    return AgeBand.FROM_60
