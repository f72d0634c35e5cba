"""Rules of partner support. Source: field guide, sections 3.5, 3.6 and 3.11."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

from casewall.measures.schedule import Wave as Wave
from casewall.wall.decide import Decision

CAVEAT = (
    "What he or she does on the programme says nothing about your safety; "
    "completion guarantees nothing."
)
"""Stands beside every programme fact that a partner is told. Field guide, section 3.5."""


class Contact(StrEnum):
    """Where contact with a partner stands. Each is something else than the others.

    *Unsafe* is a judgement of a worker, never a failed attempt; *declined* was said by her or
    him, and the door stays open; *may return* was said with it, perhaps with a day.
    """

    NOT_TRIED = "not_tried"
    NOT_REACHED = "not_reached"
    UNSAFE = "unsafe"
    DECLINED = "declined"
    MAY_RETURN = "may_return"
    ENGAGED = "engaged"


class Outcome(StrEnum):
    """What came of one attempt."""

    NO_ANSWER = "no_answer"
    UNSAFE_TO_CONTACT = "unsafe_to_contact"
    DECLINED = "declined"
    MAY_RETURN = "may_return"
    SPOKE = "spoke"


class Relation(StrEnum):
    """What a partner is to the client of a linked case. *New*: it began after the referral."""

    CURRENT = "current"
    FORMER = "former"
    NEW = "new"
    UNKNOWN = "unknown"


class Learned(StrEnum):
    """How a partner became known where no referral and no statement names her or him."""

    OWN_CALL = "own_call"
    OTHER_PARTNER = "other_partner"
    COLLEAGUE = "colleague"
    OTHER_AGENCY = "other_agency"
    PROGRAMME_STATEMENT = "programme_statement"


class Channel(StrEnum):
    """A way of reaching a partner. Each is safe or not by itself."""

    CALL = "call"
    TEXT = "text"
    EMAIL = "email"
    LETTER = "letter"
    IN_PERSON = "in_person"


class Days(StrEnum):
    """On which days a channel may be used."""

    EVERY_DAY = "every_day"
    WORKING_DAYS = "working_days"
    WEEKENDS = "weekends"

    def holds(self, day: date) -> bool:
        """Whether the day is one of them; working days are Monday to Friday."""
        if self is Days.EVERY_DAY:
            return True
        return (day.weekday() < 5) is (self is Days.WORKING_DAYS)


class SafeFor(StrEnum):
    """Who else may see or hear that somebody wrote or called."""

    PARTNER_ONLY = "partner_only"
    NOT_THE_CLIENT = "not_the_client"
    ANYONE_AT_HOME = "anyone_at_home"


class NotAnswered(StrEnum):
    """Why a due scale was not answered. Silence is never safety."""

    NOT_ASKED = "not_asked"
    NOT_REACHED = "not_reached"
    PREFERRED_NOT_TO = "preferred_not_to"
    UNSAFE_TO_ASK = "unsafe_to_ask"
    NO_LANGUAGE = "no_language"


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
    WITH_INTERPRETER = "with_interpreter"
    BY_WORKER = "by_worker"


class Present(StrEnum):
    """Who else was there when a scale was answered."""

    NOBODY = "nobody"
    CHILDREN = "children"
    INTERPRETER = "interpreter"
    SOMEBODY_ELSE = "somebody_else"
    CLIENT = "client"
    NOT_KNOWN = "not_known"


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
    Outcome.MAY_RETURN: Contact.MAY_RETURN,
    Outcome.UNSAFE_TO_CONTACT: Contact.UNSAFE,
}

RETRY_DAYS = 2
"""Calendar days until the next attempt. Default of ours."""


def next_contact_on(contact: Contact, on: date) -> date | None:
    """When somebody should try again: not while contact is unsafe or was declined."""
    if contact in (Contact.NOT_TRIED, Contact.NOT_REACHED):
        return on + timedelta(days=RETRY_DAYS)
    return None


AGAIN = "ask_again"
"""The next step with somebody who declined for now and named a day."""

WAITS = "wait_for_suitable"
"""The next step where a service contacts partners of clients found suitable: it has no day yet."""


def step_after(
    contact: Contact,
    on: date,
    *,
    return_on: date | None = None,
    planned: date | None = None,
    unanswered: bool = False,
) -> tuple[str, date | None]:
    """The next step, and its day, after an attempt on `on` that left contact at `contact`.

    `return_on` is the day that the partner named now; `planned`, one named before. A named day
    that has come without an answer is tried again as any other attempt. `unanswered`: this
    contact was asked for, as for a partner who has come back, and had no answer.
    """
    if contact is Contact.MAY_RETURN:
        named = return_on or planned
        if named is None:
            return "", None
        return AGAIN, named if named > on else on + timedelta(days=RETRY_DAYS)
    if unanswered and contact is not Contact.UNSAFE:
        return "contact", on + timedelta(days=RETRY_DAYS)
    day = next_contact_on(contact, on)
    return ("contact", day) if day else ("", None)


def return_fits(outcome: Outcome, on: date, return_on: date | None) -> Decision:
    """Whether a day of return goes with what came of an attempt."""
    if return_on is None:
        return Decision(True, "No day was named.")
    if outcome is not Outcome.MAY_RETURN:
        return Decision(False, "A day to ask again goes with “Declined now, but may return” only.")
    if return_on <= on:
        return Decision(False, "The day to ask again must come after this contact.")
    return Decision(True, "Somebody will ask again on that day.")


REVIEW_DAYS = 28
"""Calendar days after which a channel's safety must be asked about again. Default of ours."""


def next_review(confirmed_on: date, planned: date | None) -> date:
    """When a channel that was confirmed today must be asked about again."""
    usual = confirmed_on + timedelta(days=REVIEW_DAYS)
    return usual if planned is None else max(usual, planned)


def add_working_days(start: date, days: int, off: Callable[[date], str] | None = None) -> date:
    """The day that lies `days` working days after `start`.

    Working days are Monday to Friday. `off` says why a day is none, as a public holiday of the
    service's country; it answers with empty text for a day on which people work.
    """
    day = start
    while days > 0:
        day += timedelta(days=1)
        if day.weekday() < 5 and not (off and off(day)):
            days -= 1
    return day


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to reach a partner, as far as the proof of effort needs it."""

    on: date
    channel: Channel
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Effort:
    """What was done to reach a partner: counts by channel, the days, and how the clock was kept.

    `in_time` is None where the service's clock has not begun, or where it still runs and nobody
    has tried.
    """

    attempts: int
    by_channel: tuple[tuple[Channel, int], ...]
    first_on: date | None
    last_on: date | None
    reached_on: date | None
    contact_by: date | None
    in_time: bool | None


ANSWERS = frozenset({Outcome.SPOKE, Outcome.DECLINED, Outcome.MAY_RETURN})
"""Outcomes for which the partner was spoken with, or answered."""


def effort(attempts: Iterable[Attempt], contact_by: date | None, today: date) -> Effort:
    """The proof of effort, also where nobody was reached (Washington WAC 388-60B-0065)."""
    tried = sorted(attempts, key=lambda one: one.on)
    counted = Counter(one.channel for one in tried)
    answered = [one.on for one in tried if one.outcome in ANSWERS]
    first = tried[0].on if tried else None
    if contact_by is None:
        in_time = None
    elif first is not None:
        in_time = first <= contact_by
    else:
        in_time = False if today > contact_by else None
    return Effort(
        attempts=len(tried),
        by_channel=tuple((way, counted[way]) for way in Channel if counted[way]),
        first_on=first,
        last_on=tried[-1].on if tried else None,
        reached_on=answered[0] if answered else None,
        contact_by=contact_by,
        in_time=in_time,
    )


class Told(StrEnum):
    """What every partner is told, also one who declines support. Field guide, section 3.5."""

    THE_PROGRAMME = "the_programme"
    MAY_NOT_WORK = "may_not_work"
    NO_GUARANTEE = "no_guarantee"
    NEED_DO_NOTHING = "need_do_nothing"
    WHERE_THE_CLIENT_STANDS = "where_the_client_stands"
    ATTENDANCE = "attendance"
    THREATS = "threats"
    SUPPORT = "support"
    CONFIDENTIALITY = "confidentiality"
    LATER = "no_now_yes_later"


TOLD_VERSION = 1
"""Version of the list above. A list that changes gets the next number; records keep theirs."""


def telling_fits(items: Collection[Told], outcome: Outcome | None = None) -> Decision:
    """Whether this can have been told: never without the caveat, never where nobody answered.

    `outcome` is that of the contact in which it was told, if it was told in one.
    """
    if not items:
        return Decision(False, "Tick what the partner was told.")
    if outcome is not None and outcome not in ANSWERS:
        return Decision(
            False, "Nobody was reached, so the partner cannot have been told anything. Untick it."
        )
    if Told.NO_GUARANTEE not in items:
        return Decision(
            False,
            "Whatever a partner is told about the programme, completion guarantees nothing. "
            "Say so, and tick it.",
        )
    return Decision(True, "It will be kept with the day and the worker.")


def relation_fits(from_on: date | None, until_on: date | None, today: date) -> Decision:
    """Whether the days of a relationship can be right. Both may be unknown."""
    if from_on is not None and from_on > today:
        return Decision(False, "The relationship cannot begin in the future.")
    if until_on is not None and until_on > today:
        return Decision(False, "The relationship cannot have ended in the future.")
    if from_on is not None and until_on is not None and until_on < from_on:
        return Decision(False, "The relationship cannot end before it began.")
    return Decision(True, "The days fit.")


DAYS_IN_WORDS = {
    Days.EVERY_DAY: "every day",
    Days.WORKING_DAYS: "days from Monday to Friday",
    Days.WEEKENDS: "Saturdays and Sundays",
}


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
    days: Days = Days.EVERY_DAY,
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
    if not days.holds(today):
        return Decision(False, f"{_name(channel)} is safe only on {DAYS_IN_WORDS[days]}.")
    if from_time is not None and to_time is not None and not from_time <= now <= to_time:
        return Decision(
            False, f"{_name(channel)} is safe only from {from_time:%H:%M} to {to_time:%H:%M}."
        )
    return Decision(True, f"{_name(channel)} is confirmed safe for this hour.")


def _name(channel: Channel) -> str:
    return channel.value.replace("_", " ").capitalize()
