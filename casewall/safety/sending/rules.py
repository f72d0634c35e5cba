"""The one gate before anything that reaches a partner, and the steps of an outgoing message.

Sources: field guide, sections 3.5 and 3.17 (only by the approved safe route, time and cover story;
no voicemail unless cleared; letters and calls that reached the wrong person); requirements 5 to 9.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from casewall.safety.partners.rules import DAYS_IN_WORDS, Channel, Contact, Days, next_review


class Act(StrEnum):
    """Something that reaches a partner. All of them pass `may_send`."""

    CALL = "call"
    VOICEMAIL = "voicemail"
    TEXT = "text"
    EMAIL = "email"
    CALENDAR = "calendar"
    LETTER = "letter"
    IN_PERSON = "in_person"


CHANNEL_OF: dict[Act, Channel] = {
    Act.CALL: Channel.CALL,
    Act.VOICEMAIL: Channel.CALL,
    Act.TEXT: Channel.TEXT,
    Act.EMAIL: Channel.EMAIL,
    Act.CALENDAR: Channel.EMAIL,
    Act.LETTER: Channel.LETTER,
    Act.IN_PERSON: Channel.IN_PERSON,
}
"""The channel whose plan decides about an act."""

QUEUED = frozenset({Act.TEXT, Act.EMAIL, Act.CALENDAR, Act.LETTER})
"""Acts that become an outgoing message and may wait for a safe hour."""

LASTING = frozenset({Act.LETTER, Act.VOICEMAIL, Act.CALENDAR})
"""Acts that leave something at a place which others share, and that nobody can take back."""


class Stop(StrEnum):
    """Why an act is stopped."""

    WITHDRAWN = "withdrawn"
    UNSAFE = "unsafe"
    DECLINED = "declined"
    CLOSED = "closed"
    RESTRICTED = "restricted"
    NO_ADDRESS = "no_address"
    NOT_CONFIRMED = "not_confirmed"
    STALE = "stale"
    WRONG_HOUR = "wrong_hour"
    NO_VOICEMAIL = "no_voicemail"
    NO_CALENDAR = "no_calendar"
    POST_KEEPS_NO_HOURS = "post_keeps_no_hours"
    ADDRESS_CHANGED = "address_changed"
    WORDS_CHANGED = "words_changed"
    TOO_LATE = "too_late"


NEVER = frozenset(
    {
        Stop.WITHDRAWN,
        Stop.NO_ADDRESS,
        Stop.NO_VOICEMAIL,
        Stop.NO_CALENDAR,
        Stop.POST_KEEPS_NO_HOURS,
        Stop.ADDRESS_CHANGED,
        Stop.WORDS_CHANGED,
        Stop.TOO_LATE,
    }
)
"""Stops that nobody overrides for any act: there is nothing to send to, or it is to be written
anew, or a message would be left where the partner has not cleared it."""

SAFETY = frozenset({Stop.UNSAFE, Stop.NOT_CONFIRMED, Stop.STALE})
"""Stops that say: nobody knows that the partner alone will see or hear this."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How one channel may be used; the default is *not safe*."""

    is_safe: bool = False
    confirmed_on: date | None = None
    review_on: date | None = None
    days: Days = Days.EVERY_DAY
    from_time: time | None = None
    to_time: time | None = None
    voicemail: bool = False
    calendar: bool = False

    @property
    def has_hours(self) -> bool:
        """Whether the channel is safe at some hours or on some days only."""
        return self.from_time is not None or self.to_time is not None or self.days != Days.EVERY_DAY


NO_PLAN = Plan()


@dataclass(frozen=True, slots=True)
class Standing:
    """What the gate needs to know of a file. `known` holds the channels that have an address."""

    contact: Contact
    plans: Mapping[Channel, Plan] = field(default_factory=dict)
    known: frozenset[Channel] = frozenset()
    withdrawn: bool = False
    closed: bool = False
    restricted: bool = False


@dataclass(frozen=True, slots=True)
class Alternative:
    """An act that is safe now (`opens_at` None), or from a moment on."""

    act: Act
    opens_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate says: every stop with its reason in words, and what would be safe instead."""

    act: Act
    stops: tuple[Stop, ...] = ()
    reasons: tuple[str, ...] = ()
    alternatives: tuple[Alternative, ...] = ()

    def __bool__(self) -> bool:
        return not self.stops

    @property
    def never(self) -> bool:
        """Whether no reason can override it."""
        return any(not may_override(self.act, stop) for stop in self.stops)


def may_override(act: Act, stop: Stop) -> bool:
    """Whether a worker may go on with a reason that the supervisor reads.

    A call, a text or an e-mail goes to a device: in an emergency the danger of silence can be
    greater, and the worker answers for it. A letter, a voicemail or a calendar entry stays at a
    place that others share: a public body left a message on the husband's phone, another posted
    the new address to the old home (field guide, 3.5). No reason makes those safe. Nor do they
    leave a file whose use the partner has restricted: only danger to somebody's life is a reason
    to use such a file, and danger calls.
    """
    if stop in NEVER:
        return False
    return not (act in LASTING and (stop in SAFETY or stop in (Stop.WRONG_HOUR, Stop.RESTRICTED)))


def may_send(act: Act, standing: Standing, at: datetime) -> Verdict:
    """Whether an act may reach a partner at a moment (with its zone), with the safe alternatives.

    Every letter, text, e-mail, call, voicemail, calendar entry and visit asks here; a message
    that was queued asks again at the moment of sending.
    """
    stops = _stops(act, standing, at)
    if not stops:
        return Verdict(act)
    reasons = tuple(reason_for(stop, act, standing) for stop in stops)
    return Verdict(act, stops, reasons, tuple(_alternatives(act, standing, at)))


def _stops(act: Act, standing: Standing, at: datetime) -> tuple[Stop, ...]:
    channel = CHANNEL_OF[act]
    plan = standing.plans.get(channel, NO_PLAN)
    found = [*_stops_of_file(standing)]
    if channel is not Channel.IN_PERSON and channel not in standing.known:
        found.append(Stop.NO_ADDRESS)
    if not plan.is_safe or plan.confirmed_on is None:
        found.append(Stop.NOT_CONFIRMED)
        return tuple(found)
    if is_stale(plan, at.date()):
        found.append(Stop.STALE)
    if act is Act.LETTER and plan.has_hours:
        found.append(Stop.POST_KEEPS_NO_HOURS)
    elif not is_open(plan, at):
        found.append(Stop.WRONG_HOUR)
    if act is Act.VOICEMAIL and not plan.voicemail:
        found.append(Stop.NO_VOICEMAIL)
    if act is Act.CALENDAR and not plan.calendar:
        found.append(Stop.NO_CALENDAR)
    return tuple(found)


def _stops_of_file(standing: Standing) -> Iterable[Stop]:
    if standing.withdrawn:
        yield Stop.WITHDRAWN
    if standing.contact is Contact.UNSAFE:
        yield Stop.UNSAFE
    if standing.contact is Contact.DECLINED:
        yield Stop.DECLINED
    if standing.closed:
        yield Stop.CLOSED
    if standing.restricted:
        yield Stop.RESTRICTED


def is_stale(plan: Plan, today: date) -> bool:
    """Whether safety was confirmed too long ago. A plan without a review day has the usual one."""
    if plan.confirmed_on is None:
        return True
    review_on = plan.review_on or next_review(plan.confirmed_on, None)
    return review_on < today or plan.confirmed_on > today


def is_open(plan: Plan, at: datetime) -> bool:
    """Whether a moment lies in the safe days and hours."""
    if not plan.days.holds(at.date()):
        return False
    if plan.from_time is None or plan.to_time is None:
        return True
    return plan.from_time <= at.time() <= plan.to_time


def opening(plan: Plan, at: datetime) -> tuple[datetime, datetime]:
    """The safe window that is open at a moment, or the next one: its beginning and its end.

    A window never ends later than a day after it begins: a late message is a risk of its own.
    """
    if not plan.has_hours:
        return at, at + timedelta(days=1)
    starts, ends = plan.from_time or time.min, plan.to_time or time(23, 59)
    for ahead in range(8):
        day = at.date() + timedelta(days=ahead)
        begins = datetime.combine(day, starts, at.tzinfo)
        end = datetime.combine(day, ends, at.tzinfo)
        if plan.days.holds(day) and end >= at:
            return max(begins, at), end
    raise AssertionError("Every week has a day of each kind.")


def _alternatives(stopped: Act, standing: Standing, at: datetime) -> Iterable[Alternative]:
    for act in Act:
        stops = _stops(act, standing, at)
        if not stops:
            yield Alternative(act)
        elif stops == (Stop.WRONG_HOUR,):
            plan = standing.plans.get(CHANNEL_OF[act], NO_PLAN)
            yield Alternative(act, opening(plan, at)[0])


NAMES: dict[Act, str] = {
    Act.CALL: "Call",
    Act.VOICEMAIL: "Voicemail",
    Act.TEXT: "Text message",
    Act.EMAIL: "E-mail",
    Act.CALENDAR: "Calendar entry",
    Act.LETTER: "Letter",
    Act.IN_PERSON: "In person",
}

_FIXED: dict[Stop, str] = {
    Stop.WITHDRAWN: "The referral was withdrawn. Nobody may write to or call this partner from "
    "this file.",
    Stop.UNSAFE: "This file says that it is unsafe to make contact.",
    Stop.DECLINED: "The partner declined contact for now.",
    Stop.CLOSED: "This file is closed.",
    Stop.RESTRICTED: "This file is restricted, as the partner asked. Nothing is written to the "
    "partner until a manager lifts the restriction.",
    Stop.NO_VOICEMAIL: "The partner has not said that a message may be left.",
    Stop.NO_CALENDAR: "The partner has not said that an entry may be put into a calendar.",
    Stop.POST_KEEPS_NO_HOURS: "Letters are marked as safe at some hours only, and the post keeps "
    "none.",
    Stop.ADDRESS_CHANGED: "The number or address has been changed since this was written.",
    Stop.WORDS_CHANGED: "The name to use or the code word has been changed since this was written.",
    Stop.TOO_LATE: "Its time passed before it could go.",
}
_MISSING = {
    Channel.CALL: "No phone number is known.",
    Channel.TEXT: "No phone number is known.",
    Channel.EMAIL: "No e-mail address is known.",
    Channel.LETTER: "No address is known.",
}


def reason_for(stop: Stop, act: Act, standing: Standing) -> str:
    """A stop as a sentence for the worker."""
    if stop in _FIXED:
        return _FIXED[stop]
    channel = CHANNEL_OF[act]
    if stop is Stop.NO_ADDRESS:
        return _MISSING[channel]
    plan = standing.plans.get(channel, NO_PLAN)
    name = NAMES[Act(channel.value)]
    if stop is Stop.STALE and plan.confirmed_on is not None:
        return (
            f"{name}: last confirmed safe on {plan.confirmed_on:%-d %B %Y}, and it should have "
            "been asked about again since. Ask the partner first."
        )
    if stop is Stop.WRONG_HOUR:
        return f"{name}: safe only {hours_in_words(plan)}."
    return f"{name}: the partner has not confirmed that this is safe."


def hours_in_words(plan: Plan) -> str:
    """The safe days and hours of a plan, as the end of a sentence."""
    words = [] if plan.days is Days.EVERY_DAY else [f"on {DAYS_IN_WORDS[plan.days]}"]
    if plan.from_time is not None and plan.to_time is not None:
        words.append(f"from {plan.from_time:%H:%M} to {plan.to_time:%H:%M}")
    return " ".join(words) or "at any hour"


# --- an outgoing message ---------------------------------------------------------------------


class State(StrEnum):
    """Where an outgoing message stands.

    *Claimed* is written down before anything leaves the house, and a claimed message is never
    taken up again: if nobody can say whether it went, it is *doubtful*, and a worker finds out.
    """

    QUEUED = "queued"
    CLAIMED = "claimed"
    SENT = "sent"
    STOPPED = "stopped"
    DOUBTFUL = "doubtful"
    RECALLED = "recalled"


MOVES: dict[State, frozenset[State]] = {
    State.QUEUED: frozenset({State.CLAIMED, State.STOPPED, State.RECALLED}),
    State.CLAIMED: frozenset({State.SENT, State.DOUBTFUL, State.RECALLED}),
    State.DOUBTFUL: frozenset({State.SENT}),
    State.SENT: frozenset(),
    State.STOPPED: frozenset(),
    State.RECALLED: frozenset(),
}
"""Every move that a message can make. None leads back to *queued*: at most once."""

DOUBT_AFTER = timedelta(minutes=10)
"""After this long without a word, nobody knows whether a claimed message went. Ours."""

POSTED_WITHIN = timedelta(days=2)
"""The same for a letter that was printed: somebody must say that it was posted. Ours."""


class Next(StrEnum):
    """What to do with a queued message now."""

    SEND = "send"
    WAIT = "wait"
    STOP = "stop"


def next_for(
    *,
    at: datetime,
    not_before: datetime,
    not_after: datetime,
    verdict: Verdict,
    covered: frozenset[Stop] = frozenset(),
    same_address: bool = True,
    same_words: bool = True,
) -> tuple[Next, tuple[Stop, ...]]:
    """What becomes of a queued message at a moment, and why if it is stopped.

    `covered` are the stops that an override named; a stop that came later is none of them. A
    message outside its hours waits for them until `not_after`; anything else stops it for good.
    """
    stops = [stop for stop in verdict.stops if stop not in covered or stop in NEVER]
    if not same_address:
        stops.append(Stop.ADDRESS_CHANGED)
    if not same_words:
        stops.append(Stop.WORDS_CHANGED)
    if at > not_after:
        stops.append(Stop.TOO_LATE)
    if [stop for stop in stops if stop is not Stop.WRONG_HOUR]:
        return Next.STOP, tuple(stops)
    if stops or at < not_before:
        return Next.WAIT, ()
    return Next.SEND, ()


def is_doubtful(act: Act, claimed_at: datetime, at: datetime) -> bool:
    """Whether a claimed message has been silent for too long."""
    return at - claimed_at > (POSTED_WITHIN if act is Act.LETTER else DOUBT_AFTER)
