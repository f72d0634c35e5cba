"""What a pulled change means for the partner's worker. Source: field guide, sections 3.5, 3.12."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from casewall.services.schema import STAGES

NOTICE_OF_STAGE = {
    "suitable": "tell_accepted",
    "started": "tell_started",
    "completed": "tell_completed",
    "exited": "tell_left",
    "withdrawn": "tell_withdrawn",
    "deferred": "tell_deferred",
    "suspended": "tell_suspended",
    "returned": "tell_returned",
}
"""Stages that a linked partner is told of; completing guarantees nothing, and leaving raises
risk."""

NOTICE_OF_DECISION = {
    "not_suitable": "tell_refused",
    "passed_on": "tell_passed_on",
    "deferred": "tell_deferred",
}
"""Decisions of an assessment that a linked partner is told of, beside the stages: a refusal is a
safety event (Washington WAC 388-60B-0325: notice of acceptance and of denial)."""

ABSENCE = "absent_not_accepted"

DROPPED_OUT = frozenset(
    {
        "declined",
        "withdrew",
        "not_taking_part",
        "removed_attendance",
        "removed_conduct",
        "new_violence",
    }
)
"""Reasons for leaving that are a drop-out or a removal: told at once, since risk rises then."""

AT_ONCE = frozenset(
    {
        "tell_safeguarding",
        "tell_refused",
        "tell_dropped_out",
        "tell_suspended",
        "tell_mark_corrected",
        "tell_danger",
    }
)
"""Notices that are due on the day of the pull; an absence is due within hours, the others within
the notice clock of the service."""

BY_THE_HOUR = frozenset({"tell_absent", "tell_incident", "tell_risk"})
"""Notices whose clock runs in hours from the pull."""

ENDED = frozenset({"exited", "closed", "withdrawn"})
"""Stages of a case that is over. One that is taken up again is news."""


PAUSES = frozenset({"deferred", "suspended", "returned"})


def notice_for(before: str | None, after: str, exit_reason: str = "") -> str | None:
    """The task that a move of a linked case makes for the partner's worker, if any.

    Of several stages that were passed since the last pull, the furthest that is told counts. An
    exit after a refusal is told as the refusal (`notice_of_decision`), once.
    """
    if before == after:
        return None
    if before in ENDED and after not in ENDED:
        return "tell_reopened"
    if before in PAUSES and after in STAGES and after != "suitable":
        return "tell_reopened"
    if after == "exited" and exit_reason == "unsuitable":
        return None
    if after == "exited" and exit_reason in DROPPED_OUT:
        return "tell_dropped_out"
    if before in STAGES and after in STAGES:
        passed = STAGES[STAGES.index(before) + 1 : STAGES.index(after) + 1]
        told = [NOTICE_OF_STAGE[stage] for stage in passed if stage in NOTICE_OF_STAGE]
        return told[-1] if told else None
    return NOTICE_OF_STAGE.get(after)


def notice_of_decision(decision: str) -> str | None:
    """The task that a decision of an assessment makes for the partner's worker, if any."""
    return NOTICE_OF_DECISION.get(decision)


RECENT_DAYS = 30
"""An incident without a sign of danger is told where it happened so shortly before it was told.
Default of ours: an older one belongs to the history that an assessment asks for."""

OWN_LEVELS = ("low", "medium", "high", "very_high")
"""The levels of the programme's own assessment, the least first."""


def notice_of_incident(
    signs: str, happened_on: date, told_on: date, taken_back: bool
) -> str | None:
    """The task that an incident makes which the programme was told of. Field guide, section 3.6:
    disclosed violence, threats and weapons are told to the partner's worker immediately."""
    if taken_back:
        return None
    if signs:
        return "tell_danger"
    return "tell_incident" if (told_on - happened_on).days <= RECENT_DAYS else None


def own_order(level: str) -> int:
    """The programme's levels to sort by; 0 for none, and for a word that is not known here."""
    return OWN_LEVELS.index(level) + 1 if level in OWN_LEVELS else 0


def own_is_raised(before: str, after: str) -> bool:
    """Whether a signed level of the programme is news for a partner's worker.

    A first one is from *high* on; a later one where it is above the one before.
    """
    if not before:
        return own_order(after) >= own_order("high")
    return own_order(after) > own_order(before)


def is_absence(outcome: str) -> bool:
    """Whether a mark means: tell the partner before anyone contacts the client."""
    return outcome == ABSENCE


def notice_of_mark(before: str | None, after: str) -> str | None:
    """The task that a mark makes. An absence that was told and then corrected is told as well."""
    if is_absence(after):
        return "tell_absent"
    if before is not None and is_absence(before):
        return "tell_mark_corrected"
    return None


@dataclass(frozen=True, slots=True)
class Way:
    """How far a course is, as pulled. Days are None where nobody has set them."""

    state: str
    level: str = ""
    began_on: date | None = None
    ends_by: date | None = None
    ended_on: date | None = None


def notice_of_course(before: Way | None, after: Way) -> str | None:
    """The task that a change of a course makes: a break, its end, or another level.

    A break comes before a level that changes with it: one task says that there is news.
    """
    if after.state == "on_break" and (before is None or before.state != "on_break"):
        return "tell_break"
    if before is not None and before.state == "on_break" and after.state == "running":
        return "tell_back"
    if before is not None and before.level and before.level != after.level:
        return "tell_level"
    return None


def midpoint(way: Way) -> date | None:
    """The day half of the way from the beginning to the planned end; None for an ended course.

    Source: North Carolina 01 NCAC 17 .0705 (notice at enrolment, half-way and end).
    """
    if way.ended_on is not None or way.began_on is None or way.ends_by is None:
        return None
    if way.ends_by <= way.began_on:
        return None
    return way.began_on + timedelta(days=(way.ends_by - way.began_on).days // 2)


AT_OR_AFTER_SUITABLE = frozenset(STAGES[STAGES.index("suitable") :])
ACCEPTING = frozenset({"suitable", "suitable_with_conditions"})
"""Decisions of an assessment that accept the client."""


def contact_begins(
    trigger: str, *, stage: str, stage_on: date, referred_on: date, accepted_on: date | None
) -> date | None:
    """The day from which the clock of a partner's first contact counts; None while it waits.

    `trigger` is the service's: *referred*, or *assessed_suitable* (Your Choice contacts partners
    of clients who were assessed as suitable). A withdrawn referral starts no clock.
    """
    if stage == "withdrawn":
        return None
    if trigger == "referred":
        return referred_on
    if accepted_on is not None:
        return accepted_on
    return stage_on if stage in AT_OR_AFTER_SUITABLE else None


@dataclass(frozen=True, slots=True)
class Stated:
    """A partner as stated in a case. `person` is the same for statements of one name."""

    id: UUID
    person: str
    relation: str
    stated_on: date


def to_contact(stated: Iterable[Stated], whom: str) -> list[Stated]:
    """Whom the service contacts: each person once, with the first statement that names her or him.

    `whom` is *every_partner*, or *current_or_latest*: all current and new partners, or else the
    one who was stated last. Unnamed partners of one relation count as one person until a name is
    known.
    """
    ordered = sorted(stated, key=lambda one: (one.stated_on, str(one.id)))
    first: dict[str, Stated] = {}
    latest: dict[str, Stated] = {}
    for one in ordered:
        first.setdefault(one.person, one)
        latest[one.person] = one
    if whom == "every_partner":
        return list(first.values())
    chosen = [p for p, one in latest.items() if one.relation in ("current", "new")]
    if not chosen and ordered:
        chosen = [ordered[-1].person]
    return [first[person] for person in first if person in chosen]


def same_person(one: Collection[str], other: Collection[str]) -> bool:
    """Whether two names, as tokens, are taken for one person's within one case.

    Equal names are; of two different ones, the shorter must have two tokens or more and all of
    them in the other. A given name alone is never enough: rather one contact task too many.
    """
    short, long = sorted((set(one), set(other)), key=len)
    if not short:
        return False
    return short == long or (len(short) > 1 and short <= long)


def number_in_words(answer: str, number: int | None) -> str:
    """A stated number of partners or children; *not said* stays apart from *none*."""
    if answer == "some":
        return str(number) if number is not None else "some, number not said"
    return answer.replace("_", " ")
