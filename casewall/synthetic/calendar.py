"""Days and groups: when people work, and which group has a free chair. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

CHAIRS = 8
"""Most clients in a group, as the Danish definition has it."""

Event = dict[str, Any]
"""One thing that happens: `on` (ISO day), `at` (HH:MM), `do` (what), and what that needs."""


def event(on: date, at: str, do: str, **more: Any) -> Event:
    """An event of a script, ready to be written as JSON."""
    return {"on": on.isoformat(), "at": at, "do": do, **more}


def working_day(day: date) -> date:
    """This day, or the Monday after it."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def later(random: Random, day: date, least: int, most: int) -> date:
    """A working day about so many calendar days after `day`."""
    return working_day(day + timedelta(days=random.randint(least, most)))


def hour(random: Random, first: int = 9, last: int = 16) -> str:
    """A time of day, on the quarter."""
    return f"{random.randint(first, last):02d}:{random.choice(('00', '15', '30', '45'))}"


def on_holiday(day: date) -> bool:
    """Whether the groups rest: three weeks in July, and around the turn of the year."""
    return (
        (day.month == 7 and 7 <= day.day <= 27)
        or (day.month, day.day) >= (12, 22)
        or (day.month, day.day) <= (1, 2)
    )


def no_day_off(day: date) -> str:
    """Where no holidays are known."""
    return ""


@dataclass(slots=True)
class Group:
    """A group with its weekly time or times, known by its name; sessions are numbered from 1.

    Nobody meets on holidays: `off` says why not on a day. A `closed` group is joined at its first
    session or not at all. `placed_from` is the day on which somebody was first given a place,
    which a group must be planned for. `taken` counts the chairs at each session. `template` and
    `component` are codes of the service's programme template.
    """

    name: str
    starts_on: date
    begins_at: str
    sessions: int
    room: str = ""
    minutes: int = 120
    chairs: int = CHAIRS
    weekdays: tuple[int, ...] = ()
    closed: bool = False
    template: str = ""
    component: str = ""
    language: str = ""
    off: Callable[[date], str] = no_day_off
    placed_from: date | None = None
    taken: Counter[int] = field(default_factory=Counter)
    _days: list[date] = field(default_factory=list)

    def days(self) -> list[date]:
        """The day of every session."""
        if not self._days:
            wanted = self.weekdays or (self.starts_on.weekday(),)
            day = self.starts_on
            while len(self._days) < self.sessions:
                if day.weekday() in wanted and not on_holiday(day) and not self.off(day):
                    self._days.append(day)
                day += timedelta(days=1)
        return self._days

    def day(self, number: int) -> date:
        """The day of a session."""
        return self.days()[number - 1]

    def first_from(self, day: date) -> int:
        """The number of the first session on this day or after it."""
        return bisect_left(self.days(), day) + 1

    def seat(self, earliest: date, wanted: int) -> list[int] | None:
        """So many sessions in a row with a free chair, as soon as there are any.

        A closed group is joined at its first session or not at all.
        """
        held = range(1, self.sessions + 1)
        place = self.first_from(earliest) - 1
        if self.closed and place > 0:
            return None
        while place + wanted <= len(held):
            numbers = list(held[place : place + wanted])
            full = [n for n, number in enumerate(numbers) if self.taken[number] >= self.chairs]
            if not full:
                return numbers
            if self.closed:
                return None
            place += full[-1] + 1
        return None


class Timetable:
    """The groups of a service, who sits in which, and the marks of every register."""

    def __init__(self, groups: Sequence[Group]) -> None:
        self.groups = list(groups)
        self.marks: dict[tuple[str, int], dict[int, tuple[str, int]]] = {}

    def seat(self, earliest: date, sessions: int) -> tuple[Group, list[int]] | None:
        """The group in which a chair is free soonest, and the sessions that a client sits there.

        None where no group has a chair free for so long.
        """
        best: tuple[date, Group, list[int]] | None = None
        for group in self.groups:
            if best is not None and best[0] <= max(earliest, group.starts_on):
                break
            found = group.seat(earliest, sessions)
            if found and (best is None or group.day(found[0]) < best[0]):
                best = (group.day(found[0]), group, found)
        if best is None:
            return None
        _, group, numbers = best
        group.taken.update(numbers)
        return group, numbers

    def mark(self, group: Group, number: int, who: int, mark: str, missed: int = 0) -> None:
        """Put a client's mark into the register of a session."""
        self.marks.setdefault((group.name, number), {})[who] = (mark, missed)

    def give_back(self, group: Group, numbers: Sequence[int]) -> None:
        """Free the chairs of somebody who left early."""
        group.taken.subtract(numbers)

    def _used(self) -> list[Group]:
        """The groups that are planned at all: a closed one needs somebody in it."""
        return [group for group in self.groups if not group.closed or +group.taken]

    def events(self) -> list[Event]:
        """Every session of every group: its register, or that it was cancelled."""
        found = []
        for group in self._used():
            for number in range(1, group.sessions + 1):
                day, marks = group.day(number), self.marks.get((group.name, number))
                about = {"group": group.name, "number": number}
                if marks:
                    found.append(
                        event(
                            day,
                            "19:45",
                            "register",
                            **about,
                            marks={str(who): list(mark) for who, mark in sorted(marks.items())},
                        )
                    )
                else:
                    found.append(event(day, "08:00", "cancel", **about))
        return found

    def plans(self) -> list[Event]:
        """The groups as they are planned, before their first session."""
        return [
            event(
                min(group.starts_on - timedelta(days=21), group.placed_from or date.max),
                "07:00",
                "plan_group",
                group=group.name,
                starts_on=group.starts_on.isoformat(),
                begins_at=group.begins_at,
                minutes=group.minutes,
                days=[day.isoformat() for day in group.days()],
                room=group.room,
                template=group.template,
                component=group.component,
                entry="closed" if group.closed else "rolling",
                most=group.chairs,
                language=group.language,
            )
            for group in self._used()
        ]
