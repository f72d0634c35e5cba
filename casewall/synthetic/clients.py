"""The life of a client on the programme, as dated events. Pure, from a seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from casewall.synthetic import texts
from casewall.synthetic.calendar import (
    Event,
    Group,
    Timetable,
    event,
    hour,
    later,
    on_holiday,
    working_day,
)
from casewall.synthetic.families import Family, Party
from casewall.synthetic.telling import Circumstances, told_at_assessment

LEFT_BECAUSE = {
    "withdrew": 11,
    "removed_attendance": 8,
    "new_violence": 4,
    "custody": 2,
    "moved": 2,
}
NEVER_STARTED_BECAUSE = {"withdrew": 4, "moved": 1, "custody": 1}
_MARKS = {
    "attended": 80,
    "late": 6,
    "left_early": 2,
    "not_participating": 1,
    "absent_accepted": 6,
    "absent_not_accepted": 5,
}


def invented(text: str) -> str:
    """A note that says that it is invented."""
    return text + texts.SAYS_INVENTED


TALK_TIMES = ("09:00", "11:00", "13:00", "15:00")
"""When talks one-to-one begin; each takes two hours at the most."""


@dataclass(frozen=True, slots=True)
class Way:
    """One programme template as clients walk it: its groups, and its talks one-to-one.

    `sessions` are those that a client sits in a group (0: the programme has none), `alone` the
    one-to-one components as (code, talks, minutes), `share` how often clients take this way.
    `diary` holds the talks of everybody, so that nobody is at two of them at once.
    """

    template: str
    timetable: Timetable
    sessions: int
    alone: tuple[tuple[str, int, int], ...] = ()
    level: str = ""
    language: str = ""
    share: float = 1.0
    diary: set[tuple[date, str]] = field(default_factory=set)

    def slot(self, day: date) -> tuple[date, str]:
        """The first free time for a talk on this day or after it, taken by asking."""
        while True:
            by_day = any(
                group.begins_at < "16:00" and day.weekday() in group.weekdays
                for group in self.timetable.groups
            )
            for at in () if by_day or on_holiday(day) else TALK_TIMES:
                if (day, at) not in self.diary:
                    self.diary.add((day, at))
                    return day, at
            day = working_day(day + timedelta(days=1))


class ClientLife:
    """Writes down what happens to one client, step after step.

    `rich`: with needs, declared children and help elsewhere, as workers write them down; with
    `circumstances`, the client tells those.
    """

    def __init__(
        self,
        seed: str,
        who: int,
        family: Family,
        ways: Sequence[Way],
        *,
        rich: bool = False,
        circumstances: Circumstances | None = None,
    ) -> None:
        assert family.client is not None  # noqa: S101  # for the type checker
        self.random = Random(f"{seed}:client:{family.number}")
        self.who, self.family, self.party = who, family, family.client
        self.ways, self.rich, self.circumstances = ways, rich, circumstances
        self.events: list[Event] = []

    def _add(self, on: date, at: str, do: str, **more: object) -> None:
        self.events.append(event(on, at, do, who=self.who, **more))

    def tell(self) -> list[Event]:
        """Every event of this client's way, whether or not it lies in the future."""
        match self.party.course:
            case "declined":
                day = self._tries(self.random.randint(0, 2))
                self._contact(day, "declined", texts.CLIENT_DECLINED)
                self._exit(day, "declined")
            case "not_reached":
                day = self._tries(self.random.randint(3, 5))
                self._exit(later(self.random, day, 7, 21), "not_reached")
            case _:
                self._comes()
        return self.events

    def _tries(self, times: int) -> date:
        """So many attempts that reach nobody; returns a day for the next one."""
        day = later(self.random, self.family.referred_on, 1, 3)
        for _ in range(times):
            outcome = self.random.choice(["no_answer", "no_answer", "message_left"])
            self._contact(day, outcome, texts.CLIENT_NO_ANSWER)
            day = later(self.random, day, 2, 6)
        return day

    def _contact(self, day: date, outcome: str, notes: tuple[str, ...]) -> None:
        random = self.random
        route = random.choices(["phone", "letter", "text", "visit"], [80, 8, 8, 4])[0]
        if outcome in ("declined", "spoke"):
            route = "phone"
        note = invented(random.choice(notes)) if random.random() < 0.5 else None
        self._add(day, hour(random, 9, 17), "contact", route=route, outcome=outcome, note=note)

    def _exit(self, day: date, reason: str) -> None:
        self._add(day, "18:00", "move", to="exited", reason=reason)

    def _comes(self) -> None:
        random = self.random
        spoke = self._tries(random.choices([0, 1, 2, 3], [50, 28, 15, 7])[0])
        self._contact(spoke, "spoke", texts.CLIENT_CALL)
        if self.party.course == "withdrew":
            self._exit(later(random, spoke, 5, 25), "withdrew")
            return
        booked = later(random, spoke, 0, 5)
        held = later(random, booked, 5, 16)
        at = hour(random, 9, 15)
        self._add(booked, "17:50", "book", booked_for=f"{held.isoformat()}T{at}")
        self._declares(held)
        if self.rich:
            self.events += told_at_assessment(self.random, self.who, held, self.family.children)
        if self.circumstances:
            self.events += self.circumstances.of_client(self.who, held)
        suitable = self.party.course != "unsuitable"
        notes = texts.ASSESSMENT if suitable else texts.NOT_SUITABLE
        self._add(
            held,
            "16:45",
            "decide",
            decision="suitable" if suitable else "not_suitable",
            note=invented(random.choice(notes)),
        )
        if suitable:
            self._signs(later(random, held, 4, 14))

    def _declares(self, day: date) -> None:
        """Clients state partners, or do not; a new one is known by this statement only."""
        random = self.random
        for partner in self.family.partners:
            if random.random() < 0.6:
                self._declare(day, partner)
        if random.random() < 0.08:
            self._add(
                day,
                "16:30",
                "declare",
                name=None,
                relation="current",
                contact_details=None,
                stated_by="client",
            )

    def _declare(self, day: date, partner: Party) -> None:
        name = partner.person.full_name
        if self.random.random() < 0.15:
            name = name.replace("ø", "oe").replace("å", "aa")
        phone = partner.person.phone if self.random.random() < 0.4 else ""
        self._add(
            day,
            "16:30",
            "declare",
            name=name,
            relation=partner.relation,
            contact_details=phone or None,
            stated_by="client",
        )

    def _signs(self, signed: date) -> None:
        random = self.random
        self._add(signed, hour(random, 9, 15), "sign", language=self.party.person.language)
        if self.party.course == "never_started":
            self._exit(
                later(random, signed, 10, 40),
                random.choices(list(NEVER_STARTED_BECAUSE), list(NEVER_STARTED_BECAUSE.values()))[
                    0
                ],
            )
            return
        self._takes(self._way(), signed)

    def _way(self) -> Way:
        """A programme in the client's language where there is one, else any other."""
        language = self.party.person.language
        own = [way for way in self.ways if way.language == language]
        some = own or [way for way in self.ways if not way.language]
        return self.random.choices(some, [way.share for way in some])[0]

    def _takes(self, way: Way, signed: date) -> None:
        """Wait for a chair, or begin the talks, and go on to whatever end there is."""
        random = self.random
        if not way.sessions:
            self._enrols(way, working_day(signed + timedelta(days=1)))
            begun = later(random, signed, 5, 20)
            talks = self._talks(way, begun, date.max)
            self._ends(way, [date.fromisoformat(talk["on"]) for talk in talks], talks)
            return
        seat = way.timetable.seat(signed + timedelta(days=3), way.sessions)
        if seat is None or (seat[0].day(seat[1][0]) - signed).days > 14:
            self._add(signed, "17:00", "move", to="waiting")
        if seat is None:
            return
        group, numbers = seat
        first = group.day(numbers[0])
        placed = working_day(signed + timedelta(days=1))
        group.placed_from = min(placed, group.placed_from or placed)
        self._enrols(way, placed)
        self._add(
            placed,
            "09:00",
            "place",
            group=group.name,
            joined_on=first.isoformat(),
        )
        if self.party.course == "left":
            came = random.randint(2, max(2, way.sessions - 4))
            missed = min(random.randint(1, 3), way.sessions - came)
            way.timetable.give_back(group, numbers[came + missed :])
            self._attends(way, group, numbers[:came])
            for number in numbers[came : came + missed]:
                way.timetable.mark(group, number, self.who, "absent_not_accepted")
            last = later(random, group.day(numbers[came + missed - 1]), 2, 6)
            self.events += self._talks(way, first + timedelta(days=2), last - timedelta(days=1))
            self._exit(last, random.choices(list(LEFT_BECAUSE), list(LEFT_BECAUSE.values()))[0])
            self._add(last, "18:15", "leave", group=group.name)
        else:
            self._attends(way, group, numbers)
            days = [group.day(n) for n in numbers]
            self.events += self._talks(way, first + timedelta(days=2), days[-1])
            self._completes(days)
            self._add(days[-1], "20:30", "leave", group=group.name)

    def _enrols(self, way: Way, day: date) -> None:
        if way.template:
            self._add(day, "08:55", "enrol", template=way.template, level=way.level)

    def _talks(self, way: Way, first: date, before: date) -> list[Event]:
        """The one-to-one talks from a day on, spread over the course; none on `before` or later."""
        random, found = self.random, []
        spread = 7 if not way.sessions else max(7, way.sessions * 7 // (len(way.alone) * 4 + 1))
        for component, talks, minutes in way.alone:
            day = working_day(first)
            for number in range(1, talks + 1):
                day, at = way.slot(day)
                if day >= before:
                    break
                mark = "attended" if random.random() < 0.88 else "absent_accepted"
                found.append(
                    event(
                        day,
                        at,
                        "one_to_one",
                        who=self.who,
                        component=component,
                        number=number,
                        minutes=minutes,
                        mark="attended" if number == 1 else mark,
                    )
                )
                day = working_day(day + timedelta(days=spread))
        return found

    def _ends(self, way: Way, days: list[date], talks: list[Event]) -> None:
        """The end of a course that has talks only."""
        random = self.random
        if self.party.course == "left":
            came = random.randint(2, max(2, len(talks) - 4))
            self.events += talks[:came]
            last = later(random, days[came - 1], 5, 12)
            self._exit(last, random.choices(list(LEFT_BECAUSE), list(LEFT_BECAUSE.values()))[0])
            return
        self.events += talks
        self._completes(days)

    def _attends(self, way: Way, group: Group, numbers: list[int]) -> None:
        for place, number in enumerate(numbers):
            mark = self.random.choices(list(_MARKS), list(_MARKS.values()))[0]
            if place == 0:
                mark = "attended"
            missed = self.random.choice([10, 15, 20, 30]) if mark in ("late", "left_early") else 0
            way.timetable.mark(group, number, self.who, mark, missed)

    def _completes(self, days: list[date]) -> None:
        """The review with its sign-off, the end of the case, and talks after 6 and 12 months."""
        self._add(days[-1], "20:15", "complete", evidence=invented(texts.REVIEWED))
        follow_up = later(self.random, days[-1], 184, 195)
        self._add(follow_up, "10:00", "move", to="follow_up")
        self._follows_up(follow_up, 6, [70, 22, 8])
        self._add(later(self.random, follow_up, 7, 28), "15:00", "move", to="closed")
        self._follows_up(later(self.random, days[-1], 366, 380), 12, [58, 32, 10])

    def _follows_up(self, day: date, months: int, shares: list[int]) -> None:
        outcome = self.random.choices(["held", "not_reached", "declined"], shares)[0]
        self._add(day, "10:30", "follow_up", months=months, outcome=outcome)
