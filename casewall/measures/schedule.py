"""When a questionnaire is due, and what became of each time it was. Pure: no Django, no clock.

A time point is due so many days after an event of the case, within a window. Clients and partners
have the same time points, each kept on its own side. An answer that did not come stays silence,
with its reason where that is known; it is never a zero, and never safety. Source: field guide,
section 2, and the five time points of the European network's toolkit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from casewall.services.schema import Service


class Wave(StrEnum):
    """The time points: T0 first contact, T1 before, T2 middle, T3 after, T4 follow-up, and six
    and twelve months after the end. In the order in which a person meets them."""

    FIRST_CONTACT = "first_contact"
    BEFORE = "before"
    MIDDLE = "middle"
    AFTER = "after"
    FOLLOW_UP = "follow_up"
    MONTHS_6 = "months_6"
    MONTHS_12 = "months_12"


WAVE_WORDS = {
    Wave.FIRST_CONTACT: "First contact",
    Wave.BEFORE: "Before",
    Wave.MIDDLE: "Middle",
    Wave.AFTER: "After",
    Wave.FOLLOW_UP: "Follow-up",
    Wave.MONTHS_6: "6 months after",
    Wave.MONTHS_12: "12 months after",
}
WAVE_CHOICES = [(wave.value, words) for wave, words in WAVE_WORDS.items()]
"""The time points as a form offers them."""


class State(StrEnum):
    """Where one time point of one measure stands."""

    NOT_DUE = "not_due"
    DUE = "due"
    LATE = "late"
    ANSWERED = "answered"
    SILENT = "silent"
    PASSED = "passed"


STATE_WORDS = {
    State.NOT_DUE: "Not due yet",
    State.DUE: "Due",
    State.LATE: "Late",
    State.ANSWERED: "Answered",
    State.SILENT: "No answer, reason known",
    State.PASSED: "Window passed, no reason known",
}
STATE_COLOURS = {
    State.NOT_DUE: "grey",
    State.DUE: "blue",
    State.LATE: "orange",
    State.ANSWERED: "green",
    State.SILENT: "yellow",
    State.PASSED: "red",
}
TO_ASK = (State.DUE, State.LATE)
"""States in which somebody should ask now."""


@dataclass(frozen=True, slots=True)
class Appointment:
    """One time point of a schedule: so many days after an event, within a window."""

    wave: Wave
    counted_from: str
    days: int
    window_days: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A measure that a service asks of one kind of person, with its time points."""

    measure: str
    schedule: tuple[Appointment, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of one time point: the day of the answer, or the reason for silence."""

    answered_on: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """One time point of one measure for one person.

    `due_on` is None while the event that it is counted from has not happened; `until` is the last
    day of the window. `in_window` says whether an answer came by then, None without an answer or
    a window.
    """

    measure: str
    wave: Wave
    due_on: date | None
    until: date | None
    state: State
    reason: str = ""
    in_window: bool | None = None


def expected(
    asked: Asked,
    events: Mapping[str, date | None],
    kept: Mapping[Wave, Kept],
    today: date,
) -> tuple[Expected, ...]:
    """Every time point of a measure with its day and its state, in the order of the schedule.

    `events` holds the days of the events that the schedule counts from. An unanswered time point
    is *due* within its window and *late* for as long again; it has *passed* after that, and as
    soon as a later time point is due: an answer would then belong to the later one.
    """
    starts = [_day(one, events) for one in asked.schedule]
    found = []
    for one, due_on in zip(asked.schedule, starts, strict=True):
        until = due_on + timedelta(days=one.window_days) if due_on else None
        known = kept.get(one.wave, Kept())
        in_window = known.answered_on <= until if known.answered_on and until else None
        later = [day for day in starts if day and due_on and due_on < day <= today]
        state = _state(one, due_on, until, known, bool(later), today)
        found.append(
            Expected(asked.measure, one.wave, due_on, until, state, known.reason, in_window)
        )
    return tuple(found)


def _day(one: Appointment, events: Mapping[str, date | None]) -> date | None:
    start = events.get(one.counted_from)
    return start + timedelta(days=one.days) if start else None


def _state(
    one: Appointment,
    due_on: date | None,
    until: date | None,
    known: Kept,
    later_is_due: bool,
    today: date,
) -> State:
    if known.answered_on is not None:
        return State.ANSWERED
    if known.reason:
        return State.SILENT
    if due_on is None or until is None or today < due_on:
        return State.NOT_DUE
    if later_is_due or today > until + timedelta(days=one.window_days):
        return State.PASSED
    return State.DUE if today <= until else State.LATE


@dataclass(frozen=True, slots=True)
class Responses:
    """How many answered of those who should have: what stands beside every figure.

    `due` counts every time point whose day has come, and every answer that came before its day.
    `waiting` may still be asked; `passed` cannot, and nobody wrote down why.
    """

    due: int
    answered: int
    in_window: int
    silent: tuple[tuple[str, int], ...]
    waiting: int
    passed: int

    @property
    def rate(self) -> float | None:
        """Answered of due, from 0 to 1; None where nothing was due."""
        return self.answered / self.due if self.due else None


def responses(every: Iterable[Expected]) -> Responses:
    """The response rate of a list, with what is not answered by its reason."""
    states: Counter[State] = Counter()
    reasons: Counter[str] = Counter()
    in_window = 0
    for one in every:
        states[one.state] += 1
        in_window += one.in_window is True
        if one.state is State.SILENT:
            reasons[one.reason] += 1
    return Responses(
        due=sum(states.values()) - states[State.NOT_DUE],
        answered=states[State.ANSWERED],
        in_window=in_window,
        silent=tuple(sorted(reasons.items())),
        waiting=states[State.DUE] + states[State.LATE],
        passed=states[State.PASSED],
    )


def by_wave(every: Iterable[Expected]) -> tuple[tuple[Wave, Responses], ...]:
    """The response rate of each time point that the list has, in their order."""
    lists: dict[Wave, list[Expected]] = {}
    for one in every:
        lists.setdefault(one.wave, []).append(one)
    return tuple((wave, responses(lists[wave])) for wave in Wave if wave in lists)


def asked_of(service: Service | None, party: str, installed: Collection[str]) -> tuple[Asked, ...]:
    """The installed measures that a service asks of a party, with their time points.

    A measure that stands in two blocks has the time points of both; of two entries for one time
    point the first holds. A service without a definition asks nothing.
    """
    schedules: dict[str, dict[Wave, Appointment]] = {}
    for block in service.measures if service else ():
        if block.asked_of != party:
            continue
        for name in block.asks or (block.id,):
            if name in installed:
                known = schedules.setdefault(name, {})
                for due in block.schedule:
                    wave = Wave(due.wave)
                    known.setdefault(
                        wave, Appointment(wave, due.counted_from, due.days, due.window_days)
                    )
    return tuple(
        Asked(name, tuple(known[wave] for wave in Wave if wave in known))
        for name, known in schedules.items()
    )


def not_installed(
    service: Service | None, party: str, installed: Collection[str]
) -> tuple[str, ...]:
    """The measures that a service asks of a party and that are not on this machine yet."""
    named = {
        name: None
        for block in (service.measures if service else ())
        if block.asked_of == party
        for name in block.asks or (block.id,)
    }
    return tuple(name for name in named if name not in installed)
