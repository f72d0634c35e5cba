"""Rules of partner support. Source: field guide, sections 3.5, 3.6 and 3.11."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

from casewall.wall.decide import Decision

CAVEAT = (
    "What he or she does on the programme says nothing about your safety; "
    "completion guarantees nothing."
)
"""Stands beside every programme fact that a partner is told. Field guide, section 3.5."""


class Contact(StrEnum):
    """Where contact with a partner stands. Each is something else than the others.

    *Unsafe* is a judgement of a worker, never a failed attempt; *declined* was said by her or
    him, and the door stays open.
    """

    NOT_TRIED = "not_tried"
    NOT_REACHED = "not_reached"
    UNSAFE = "unsafe"
    DECLINED = "declined"
    ENGAGED = "engaged"


class Outcome(StrEnum):
    """What came of one attempt."""

    NO_ANSWER = "no_answer"
    UNSAFE_TO_CONTACT = "unsafe_to_contact"
    DECLINED = "declined"
    SPOKE = "spoke"


class Channel(StrEnum):
    """A way of reaching a partner. Each is safe or not by itself."""

    CALL = "call"
    TEXT = "text"
    EMAIL = "email"
    LETTER = "letter"
    IN_PERSON = "in_person"


class Wave(StrEnum):
    """When a scale was answered."""

    BEFORE = "before"
    AFTER = "after"
    FOLLOW_UP = "follow_up"


class NotAnswered(StrEnum):
    """Why a due scale was not answered. Silence is never safety."""

    NOT_ASKED = "not_asked"
    NOT_REACHED = "not_reached"
    PREFERRED_NOT_TO = "preferred_not_to"
    UNSAFE_TO_ASK = "unsafe_to_ask"


class Purpose(StrEnum):
    """Why somebody looks at a partner's phone, e-mail and address. Kept in the audit."""

    TO_CONTACT = "to_contact"
    TO_SEND_A_LETTER = "to_send_a_letter"
    TO_CORRECT_THEM = "to_correct_them"
    SAFEGUARDING = "safeguarding"


class Mode(StrEnum):
    """How a scale was answered. It changes what people say, so it is stored."""

    TELEPHONE = "telephone"
    FACE_TO_FACE = "face_to_face"
    ALONE_ON_PAPER = "alone_on_paper"
    ALONE_ON_A_SCREEN = "alone_on_a_screen"


class Present(StrEnum):
    """Who else was there when a scale was answered."""

    NOBODY = "nobody"
    CHILDREN = "children"
    INTERPRETER = "interpreter"
    SOMEBODY_ELSE = "somebody_else"
    CLIENT = "client"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True, slots=True)
class Appointment:
    """One wave of a service's schedule: so many days after an event, within a window."""

    wave: Wave
    counted_from: str
    days: int
    window_days: int


@dataclass(frozen=True, slots=True)
class DueWave:
    """A wave that should be asked now. It is late when `until` has passed."""

    wave: Wave
    due_on: date
    until: date


def waves_due(
    schedule: Iterable[Appointment],
    events: Mapping[str, date | None],
    done: Iterable[Wave],
    today: date,
) -> tuple[DueWave, ...]:
    """The waves that are due and not yet asked, in the order of the schedule.

    `events` holds the days of the events that the schedule counts from; what has not happened
    makes nothing due. A wave stays due after its window: late answers count as late, not as none.
    """
    answered = set(done)
    due = []
    for one in schedule:
        start = events.get(one.counted_from)
        if start is None or one.wave in answered:
            continue
        due_on = start + timedelta(days=one.days)
        if due_on <= today:
            due.append(DueWave(one.wave, due_on, due_on + timedelta(days=one.window_days)))
    return tuple(due)


def contact_after(now: Contact, outcome: Outcome) -> Contact:
    """The contact status after one more attempt.

    A failed attempt changes only *not tried*; a judgement of danger, or her or his own word,
    always counts.
    """
    if outcome is Outcome.NO_ANSWER:
        return Contact.NOT_REACHED if now is Contact.NOT_TRIED else now
    return _AFTER[outcome]


_AFTER = {
    Outcome.SPOKE: Contact.ENGAGED,
    Outcome.DECLINED: Contact.DECLINED,
    Outcome.UNSAFE_TO_CONTACT: Contact.UNSAFE,
}

RETRY_DAYS = 2
"""Calendar days until the next attempt. Default of ours."""


def next_contact_on(contact: Contact, on: date) -> date | None:
    """When somebody should try again: not while contact is unsafe or was declined."""
    if contact in (Contact.NOT_TRIED, Contact.NOT_REACHED):
        return on + timedelta(days=RETRY_DAYS)
    return None


REVIEW_DAYS = 28
"""Calendar days after which a channel's safety must be asked about again. Default of ours."""


def next_review(confirmed_on: date, planned: date | None) -> date:
    """When a channel that was confirmed today must be asked about again."""
    usual = confirmed_on + timedelta(days=REVIEW_DAYS)
    return usual if planned is None else max(usual, planned)


def add_working_days(start: date, days: int) -> date:
    """The day that lies `days` working days (Monday to Friday) after `start`."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        if day.weekday() < 5:
            days -= 1
    return day


def may_use(
    channel: Channel,
    *,
    is_safe: bool | None,
    confirmed_on: date | None,
    review_on: date | None,
    from_time: time | None,
    to_time: time | None,
    today: date,
    now: time,
) -> Decision:
    """Whether a channel may be used now. The default is *not safe*; a stale plan is not safe."""
    if not is_safe:
        return Decision(False, f"{_name(channel)} is not confirmed safe.")
    if confirmed_on is None:
        return Decision(False, f"{_name(channel)}: nobody has confirmed that it is safe.")
    if review_on is not None and review_on < today:
        return Decision(
            False,
            f"{_name(channel)} was confirmed on {confirmed_on:%-d %B %Y}, and "
            f"its review on {review_on:%-d %B %Y} is overdue.",
        )
    if from_time is not None and to_time is not None and not from_time <= now <= to_time:
        return Decision(
            False, f"{_name(channel)} is safe only from {from_time:%H:%M} to {to_time:%H:%M}."
        )
    return Decision(True, f"{_name(channel)} is confirmed safe for this hour.")


def _name(channel: Channel) -> str:
    return channel.value.replace("_", " ").capitalize()
