"""Rules of appointments of this side, and the guard that keeps the parties apart.

Pure: no clock, no database. Moments are aware datetimes. Source: field guide, requirements 12 and
15; the margin, the hours of work and the notice are defaults of ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from casewall.vault.names import tokens
from casewall.wall.decide import Decision

MARGIN = timedelta(minutes=60)
"""How long before and after a client's appointment the same house stays free of the partner."""
NOTICE = timedelta(hours=24)
"""An appointment that is moved without asking begins no sooner: somebody must say so safely."""
HORIZON = timedelta(days=14)
"""How far ahead a free hour is looked for."""
STEP = timedelta(minutes=30)
OPENS, CLOSES = time(8), time(18)
LONGEST = 480
OFFERED = 4
"""Free hours that a refusal offers."""


class Kind(StrEnum):
    """What an appointment is for. Couple work and mediation are no kinds, and cannot be added by
    anybody who uses the product: the list is closed."""

    FIRST_TALK = "first_talk"
    SUPPORT = "support"
    SAFETY_PLANNING = "safety_planning"
    QUESTIONNAIRE = "questionnaire"
    GOING_ALONG = "going_along"
    CHILD = "child"
    GROUP = "group"
    CHILD_GROUP = "child_group"


class Channel(StrEnum):
    """How it takes place. Only in person can anybody meet anybody."""

    IN_PERSON = "in_person"
    PHONE = "phone"
    VIDEO = "video"


class Where(StrEnum):
    """Where an appointment in person takes place."""

    ROOM = "room"
    ELSEWHERE = "elsewhere"
    HOME = "home"


class State(StrEnum):
    """What became of an appointment. *To move* and *moved* are the guard's: the client was booked
    into the same house after it had been made."""

    PLANNED = "planned"
    TO_MOVE = "to_move"
    MOVED = "moved"
    HELD = "held"
    MISSED = "missed"
    CANCELLED = "cancelled"


LIVE = frozenset({State.PLANNED, State.TO_MOVE, State.MOVED})
"""States in which an appointment takes its hour."""


class Timed(Protocol):
    """Anything with a beginning and a length in minutes."""

    @property
    def starts_at(self) -> datetime: ...

    @property
    def minutes(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Hour:
    """A beginning and a length."""

    starts_at: datetime
    minutes: int


@dataclass(frozen=True, slots=True)
class Expected:
    """Where and when a linked client is expected. An empty `building` may be any."""

    starts_at: datetime
    minutes: int
    building: str = ""


@dataclass(frozen=True, slots=True)
class Meeting:
    """An appointment of this side as the guard sees it.

    `place` is the house of its room, or what somebody wrote about a place elsewhere; empty at
    the partner's home.
    """

    starts_at: datetime
    minutes: int
    channel: Channel
    place: str = ""

    def at(self, starts_at: datetime) -> Meeting:
        """The same appointment at another hour."""
        return Meeting(starts_at, self.minutes, self.channel, self.place)


def ends_at(one: Timed) -> datetime:
    """The moment at which something ends."""
    return one.starts_at + timedelta(minutes=one.minutes)


def overlaps(one: Timed, other: Timed, margin: timedelta = timedelta()) -> bool:
    """Whether two things share any minute, or less than `margin` lies between them."""
    return one.starts_at < ends_at(other) + margin and other.starts_at < ends_at(one) + margin


def same_building(one: str, other: str) -> bool:
    """Whether two names may mean one house; case, accents, spaces and signs do not count.

    One name within the other counts too (“Mill House, second floor”): what is wrongly taken for
    the same house costs another hour, what is wrongly taken for two houses may cost a life.
    """
    mine, theirs = tokens(one), tokens(other)
    if not mine or not theirs:
        return False
    return "".join(mine) == "".join(theirs) or _within(mine, theirs) or _within(theirs, mine)


def _within(few: Sequence[str], many: Sequence[str]) -> bool:
    spans = range(len(many) - len(few) + 1)
    return any(tuple(many[n : n + len(few)]) == tuple(few) for n in spans)


def meets(meeting: Meeting, expected: Expected) -> bool:
    """Whether this appointment could bring the partner and the client to one place and hour.

    By phone or video nobody meets. Where the programme has not said in which house it expects
    the client, the client may be anywhere, the partner's own street included.
    """
    if meeting.channel is not Channel.IN_PERSON or not overlaps(meeting, expected, MARGIN):
        return False
    return not expected.building.strip() or same_building(meeting.place, expected.building)


def first_meeting(meeting: Meeting, expected: Iterable[Expected]) -> Expected | None:
    """The earliest of the client's appointments that this one is too close to, if any."""
    met = [one for one in expected if meets(meeting, one)]
    return min(met, key=lambda one: one.starts_at, default=None)


@dataclass(frozen=True, slots=True)
class Around:
    """What else is known about an hour: the client's appointments, and hours that are taken.

    `worker` and `room` hold the other appointments of the worker and in the room. `is_blind`
    says that a linked client's appointments cannot be seen by whoever books.
    """

    expected: Sequence[Expected] = ()
    is_blind: bool = False
    worker: Sequence[Timed] = ()
    room: Sequence[Timed] = ()
    room_closed_on: date | None = None


BLIND = (
    "You cannot see where a linked client is expected, so nothing can be booked in person here. "
    "Ask a worker of the agency that supports the partner to book it, or choose the phone."
)


def may_book(meeting: Meeting, around: Around, zone: ZoneInfo) -> Decision:
    """Whether an appointment can take place then and there, with a sentence that says what to do.

    The parties are kept apart first; then comes who is busy.
    """
    if around.is_blind and meeting.channel is Channel.IN_PERSON:
        return Decision(False, BLIND)
    near = first_meeting(meeting, around.expected)
    if near is not None:
        return Decision(False, too_near(near, zone))
    if any(overlaps(meeting, one) for one in around.worker):
        return Decision(False, "The worker has another appointment then. Choose another hour.")
    if any(overlaps(meeting, one) for one in around.room):
        return Decision(False, "The room is taken then. Choose another hour or place.")
    closed = around.room_closed_on
    if closed is not None and meeting.starts_at.astimezone(zone).date() > closed:
        return Decision(
            False, f"The room is out of use after {closed:%-d %B %Y}. Choose another place."
        )
    return Decision(True, "The hour and the place are free.")


def too_near(near: Expected, zone: ZoneInfo) -> str:
    """Why an appointment cannot be beside this one of the client, and what to do."""
    begins, ends = near.starts_at.astimezone(zone), ends_at(near).astimezone(zone)
    when = f"on {begins:%-d %B %Y} from {begins:%H:%M} to {ends:%H:%M}"
    if near.building.strip():
        return (
            f"Choose another hour or place: the linked client is expected in “{near.building}” "
            f"{when}, and nobody of this side comes there from an hour before until an hour after."
        )
    return (
        f"Choose another hour, or the phone: the linked client is expected somewhere {when}, the "
        "programme has not said where, and an hour before and after it nobody meets in person."
    )


def is_possible(meeting: Timed, at: datetime) -> Decision:
    """Whether an appointment makes sense at all: to come, and of a length that people sit."""
    if not 5 <= meeting.minutes <= LONGEST:
        return Decision(False, f"An appointment has from 5 to {LONGEST} minutes.")
    if meeting.starts_at <= at:
        return Decision(False, "This hour has passed. Choose one that is still to come.")
    return Decision(True, "The hour is still to come.")


def place_fits(channel: Channel, where: str, *, has_room: bool, elsewhere: str) -> Decision:
    """Whether the place is said as the channel needs it."""
    if channel is not Channel.IN_PERSON:
        if where or has_room or elsewhere.strip():
            return Decision(False, "By phone or video there is no place: leave it empty.")
    elif where == Where.ROOM and not has_room:
        return Decision(False, "Choose the room.")
    elif where == Where.ELSEWHERE and not elsewhere.strip():
        return Decision(False, "Write where it is, by the name that everybody knows.")
    elif where not in list(Where):
        return Decision(False, "Choose where it takes place.")
    return Decision(True, "The place is said.")


def free_hours(
    meeting: Meeting, around: Around, *, zone: ZoneInfo, after: datetime, most: int = OFFERED
) -> tuple[datetime, ...]:
    """The next hours after `after` at which this appointment could be, at most `most` of them.

    Monday to Friday between OPENS and CLOSES on the clock on the wall of `zone`, HORIZON ahead.
    """
    found: list[datetime] = []
    for starts_at in _starts(meeting.minutes, zone, after):
        if may_book(meeting.at(starts_at), around, zone):
            found.append(starts_at)
            if len(found) == most:
                break
    return tuple(found)


def _starts(minutes: int, zone: ZoneInfo, after: datetime) -> Iterator[datetime]:
    first = after.astimezone(zone).date()
    for days in range(HORIZON.days + 1):
        day = first + timedelta(days=days)
        if day.weekday() > 4:
            continue
        clock = datetime.combine(day, OPENS)
        while clock + timedelta(minutes=minutes) <= datetime.combine(day, CLOSES):
            starts_at = clock.replace(tzinfo=zone)
            if starts_at > after:
                yield starts_at
            clock += STEP


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody as a keyed index knows them: blind tokens of the names, and of the birth date."""

    names: frozenset[object]
    born: frozenset[object]


def same_person(one: Known, other: Known) -> bool:
    """Whether two records of the two sides are of one person.

    The dates of birth must be known and equal, and all names of the shorter record must be in
    the longer one, two of them at least. A name alone is no proof: people share names.
    """
    few, many = sorted((one.names, other.names), key=len)
    return bool(one.born & other.born) and len(few) > 1 and few <= many


def joins_parties(partners: Iterable[Known], clients: Iterable[Known]) -> bool:
    """Whether one of the partners of an item is a client whom the others must not meet.

    `clients` are those of all cases that the files of the item are linked to.
    """
    against = list(clients)
    return any(same_person(partner, client) for partner in partners for client in against)


BOTH_PARTIES = (
    "This is not possible: it would bring both parties together, or the same person would be on "
    "both sides of a case. Nothing was saved; ask the coordinator to look at the records."
)
"""The same words for every such refusal: they do not say who the other person is."""
