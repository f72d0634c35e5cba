"""Rules of planning a group: its days, who fits, who may be placed, who leads it.

Pure: no clock, no database. Days and times are those of the clock on the wall of the service.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from casewall.wall.decide import Decision

MOST_SESSIONS = 500
"""Sessions that a group can be planned with at once. More is most often a mistyped year."""
LONGEST_SEARCH = timedelta(days=366 * 5)
"""How far ahead a day without a holiday is looked for."""

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

APART = "This client cannot be placed together with somebody in this group."
"""The same words whatever the source; who, why and since when are said nowhere."""


class Entry(StrEnum):
    """Whether clients may join at any time or only until the first session."""

    ROLLING = "rolling"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Step:
    """One session of the schedule: its module, its title, its minutes."""

    module: str
    title: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Planned:
    """One session on its day. `begins_at` is local time; a change of the clocks leaves it."""

    number: int
    held_on: date
    begins_at: time
    minutes: int
    module: str
    title: str


@dataclass(frozen=True, slots=True)
class Days:
    """The sessions of a plan, and the days on which it would have met but for a reason."""

    sessions: tuple[Planned, ...]
    left_out: tuple[tuple[date, str], ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A group as somebody finds it who would join: `taken` places of `most`, `began_on` its
    first session."""

    name: str
    entry: Entry
    is_open: bool
    began_on: date | None
    most: int | None
    taken: int


@dataclass(frozen=True, slots=True)
class Wishes:
    """When a client can come: weekdays from Monday = 0; none of them: not said."""

    weekdays: frozenset[int] = frozenset()
    earliest: time | None = None
    latest: time | None = None


def plan_days(
    *,
    starts_on: date,
    weekdays: Collection[int],
    begins_at: time,
    steps: Sequence[Step],
    off: Callable[[date], str],
    until: date | None = None,
    first_number: int = 1,
    first_step: int = 0,
) -> Days:
    """The sessions of a group from `starts_on` on these weekdays (Monday = 0).

    Without `until` the schedule runs once; with it, it repeats in a circle up to and including
    that day. `off` gives the reason why nobody meets on a day, or an empty text; such a day is
    left out and the schedule goes on with the next one.
    """
    sessions: list[Planned] = []
    left_out: list[tuple[date, str]] = []
    wanted = MOST_SESSIONS if until else len(steps) - first_step
    for day in _on(weekdays, starts_on, until or starts_on + LONGEST_SEARCH):
        if len(sessions) == wanted:
            break
        reason = off(day)
        if reason:
            left_out.append((day, reason))
            continue
        step = steps[(first_step + len(sessions)) % len(steps)]
        sessions.append(
            Planned(
                number=first_number + len(sessions),
                held_on=day,
                begins_at=begins_at,
                minutes=step.minutes,
                module=step.module,
                title=step.title,
            )
        )
    return Days(tuple(sessions), tuple(left_out))


def _on(weekdays: Collection[int], first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        if day.weekday() in weekdays:
            yield day
        day += timedelta(days=1)


def step_after(steps: Sequence[Step], module: str, title: str) -> int:
    """Where the circle goes on after a session with this module and title.

    After a session that the schedule does not know it begins anew.
    """
    for place, step in enumerate(steps):
        if (step.module, step.title) == (module, title):
            return (place + 1) % len(steps)
    return 0


def may_plan(sessions: Sequence[Planned], zone: str) -> Decision:
    """Whether a plan makes sense at all, with a sentence."""
    if not sessions:
        return Decision(
            False, "There is no day for a session between the first day and the last: look at "
            "the weekdays, the last day and the weeks without sessions."
        )
    if len(sessions) == MOST_SESSIONS:
        return Decision(
            False, f"These are {MOST_SESSIONS} sessions or more: look at the year of the last day."
        )
    for session in sessions:
        decision = time_exists(session.held_on, session.begins_at, zone)
        if not decision:
            return decision
    return Decision(True, "The days can be planned.")


def time_exists(held_on: date, begins_at: time, zone: str) -> Decision:
    """Whether the clock on the wall shows this time on that day, once and only once."""
    local = datetime.combine(held_on, begins_at, ZoneInfo(zone))
    shown = local.astimezone(UTC).astimezone(ZoneInfo(zone))
    if shown.replace(tzinfo=None) == local.replace(tzinfo=None) and (
        local.utcoffset() == local.replace(fold=1).utcoffset()
    ):
        return Decision(True, "The clock shows this time once on that day.")
    return Decision(
        False, f"The clocks change on {_day(held_on)}: {begins_at:%H:%M} does not exist on that "
        "day, or comes twice. Write another time."
    )


_SPAN = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})(?:\s*(?:to|until|-|–)\s*(\S+))?")
_LONGEST_CLOSED = timedelta(days=120)


def closed_days(text: str) -> dict[date, str]:
    """The days in lines such as `22.12.2036 to 2.1.2037` or `5.6.2037`, each with its reason.

    Raises `ValueError` with a sentence that names the line.
    """
    found: dict[date, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            first, last = _span(line.strip(), number)
            found |= dict.fromkeys(days_between(first, last), "No sessions, as planned")
    return found


def may_close(
    first: date, last: date, *, today: date, known: Iterable[tuple[date, date]]
) -> Decision:
    """Whether a service can be closed between two days, both included, with a sentence.

    `known` are the days on which it is closed already.
    """
    if last < first:
        return Decision(False, f"The last day comes after the first, which is {_day(first)}.")
    if last - first > _LONGEST_CLOSED:
        return Decision(
            False, f"These are more than {_LONGEST_CLOSED.days} days: look at the year, or close "
            "in parts."
        )
    if last < today:
        return Decision(False, f"{_day(last)} has passed: nothing is planned for then any more.")
    for begin, end in known:
        if first <= end and begin <= last:
            return Decision(
                False, f"The service is closed from {_day(begin)} to {_day(end)} already."
            )
    return Decision(True, "The service can be closed on these days.")


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last, both included."""
    for days in range((last - first).days + 1):
        yield first + timedelta(days=days)


def _span(line: str, number: int) -> tuple[date, date]:
    example = "write it as “22.12.2036 to 2.1.2037”"
    first = _SPAN.fullmatch(line)
    last = _SPAN.fullmatch(first.group(4)) if first and first.group(4) else first
    if first is None or last is None:
        raise ValueError(f"Line {number}, “{line}”, is not a day or two days: {example}.")
    try:
        begin = date(int(first.group(3)), int(first.group(2)), int(first.group(1)))
        end = date(int(last.group(3)), int(last.group(2)), int(last.group(1)))
    except ValueError:
        raise ValueError(
            f"Line {number}, “{line}”: there is no such day in the calendar."
        ) from None
    if not timedelta() <= end - begin <= _LONGEST_CLOSED:
        raise ValueError(
            f"Line {number}, “{line}”: the second day must come after the first, within "
            f"{_LONGEST_CLOSED.days} days."
        )
    return begin, end


def may_place(
    group: Standing,
    *,
    joined_on: date,
    has_place: bool,
    elsewhere: str = "",
    is_kept_apart: bool = False,
    late_because: str = "",
) -> Decision:
    """Whether a client may be given a place, with a sentence.

    `elsewhere` names another group in which the client has a place in the same component. A
    closed group takes nobody after its first session unless a reason is given.
    """
    if has_place:
        return Decision(False, f"This client has a place in “{group.name}” already.")
    if elsewhere:
        return Decision(
            False, f"This client has a place in “{elsewhere}” already, which delivers the same. "
            "End that place first."
        )
    if not group.is_open:
        return Decision(False, f"“{group.name}” has ended, so nobody can be placed in it.")
    if group.most is not None and group.taken >= group.most:
        return Decision(
            False, f"“{group.name}” is full: {group.taken} of {group.most} places are taken."
        )
    if is_kept_apart:
        return Decision(False, APART)
    if (
        group.entry is Entry.CLOSED
        and group.began_on is not None
        and joined_on > group.began_on
        and not late_because.strip()
    ):
        return Decision(
            False, f"“{group.name}” is a closed group that began on {_day(group.began_on)}: "
            "nobody joins after the first session unless you write down why."
        )
    return Decision(True, "There is a place.")


def misfits(
    wishes: Wishes | None, *, weekdays: Iterable[int], begins_at: time, minutes: int
) -> tuple[str, ...]:
    """Why the times of a group do not suit a client, a sentence each; none where they do.

    Nothing is known of a client who has not been asked, so nothing is said.
    """
    if wishes is None:
        return ()
    found = []
    missing = [day for day in sorted(weekdays) if wishes.weekdays and day not in wishes.weekdays]
    if missing:
        found.append(f"Cannot come on {_and([f'{WEEKDAYS[day]}s' for day in missing])}.")
    if wishes.earliest is not None and wishes.earliest > begins_at:
        found.append(f"Can come from {wishes.earliest:%H:%M}.")
    ends = datetime.combine(date.min, begins_at) + timedelta(minutes=minutes)
    if wishes.latest is not None and datetime.combine(date.min, wishes.latest) < ends:
        found.append(f"Can stay until {wishes.latest:%H:%M}.")
    return tuple(found)


def language_misfit(group: str, client: str) -> str:
    """What to say where a client does not speak the group's language; either may be unknown."""
    if not group or not client or group == client:
        return ""
    return f"Speaks {client}; the group is in {group}."


def facilitation(
    *, needed: int | None, mixed_wanted: bool, sexes: Sequence[str | None]
) -> tuple[str, ...]:
    """Warnings about who leads a group, against what the manual asks for. Never a refusal.

    `sexes` has one entry for each facilitator, `None` where the worker has not stated it.
    """
    found = []
    if not sexes:
        found.append("Nobody leads this group yet.")
    if needed is not None and len(sexes) < needed:
        wanted = "1 facilitator" if needed == 1 else f"{needed} facilitators"
        found.append(f"The manual asks for {wanted}; there {_are(len(sexes))}.")
    if mixed_wanted and len(sexes) > 1:
        if None in sexes:
            found.append(
                "The manual asks for facilitators of different sexes. Not every facilitator has "
                "stated it, so this cannot be checked."
            )
        elif len(set(sexes)) == 1:
            found.append("The manual asks for facilitators of different sexes.")
    return tuple(found)


def _are(number: int) -> str:
    return "is 1" if number == 1 else f"are {number}"


def weekdays_in(text: str) -> tuple[int, ...]:
    """Weekdays as they are stored: figures with commas, Monday = 0."""
    return tuple(int(figure) for figure in text.split(",") if figure)


def weekdays_text(weekdays: Iterable[int]) -> str:
    """Weekdays as they are stored."""
    return ",".join(str(day) for day in sorted(set(weekdays)))


def weekday_words(weekdays: Iterable[int]) -> str:
    """Weekdays as people say them: *Mondays and Thursdays*."""
    return _and([f"{WEEKDAYS[day]}s" for day in sorted(weekdays)])


def _and(words: Sequence[str]) -> str:
    return " and ".join([*filter(None, [", ".join(words[:-1])]), *words[-1:]])


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"
