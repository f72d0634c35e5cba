"""The life of a client on the programme, as dated events. Pure, from a seed."""

from __future__ import annotations

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
    working_day,
)
from casewall.synthetic.families import Family, Party

SESSIONS = 20
"""Sessions of the counselling group, as the Danish definition has it."""

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


class ClientLife:
    """Writes down what happens to one client, step after step."""

    def __init__(self, seed: str, who: int, family: Family, timetable: Timetable) -> None:
        assert family.client is not None  # noqa: S101  # for the type checker
        self.random = Random(f"{seed}:client:{family.number}")
        self.who, self.family, self.party = who, family, family.client
        self.timetable = timetable
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
        seat = self.timetable.seat(signed + timedelta(days=3), SESSIONS)
        if seat is None or (seat[0].day(seat[1][0]) - signed).days > 14:
            self._add(signed, "17:00", "move", to="waiting")
        if seat is None:
            return
        group, numbers = seat
        first = group.day(numbers[0])
        self._add(
            working_day(signed + timedelta(days=1)),
            "09:00",
            "place",
            group=group.name,
            joined_on=first.isoformat(),
        )
        if self.party.course == "left":
            came = random.randint(2, SESSIONS - 4)
            missed = random.randint(1, 3)
            self.timetable.give_back(group, numbers[came + missed :])
            self._attends(group, numbers[:came])
            for number in numbers[came : came + missed]:
                self.timetable.mark(group, number, self.who, "absent_not_accepted")
            last = later(random, group.day(numbers[came + missed - 1]), 2, 6)
            self._exit(last, random.choices(list(LEFT_BECAUSE), list(LEFT_BECAUSE.values()))[0])
            self._add(last, "18:15", "leave", group=group.name)
        else:
            self._attends(group, numbers)
            self._completes(group.name, [group.day(n) for n in numbers])

    def _attends(self, group: Group, numbers: list[int]) -> None:
        for place, number in enumerate(numbers):
            mark = self.random.choices(list(_MARKS), list(_MARKS.values()))[0]
            if place == 0:
                mark = "attended"
            missed = self.random.choice([10, 15, 20, 30]) if mark in ("late", "left_early") else 0
            self.timetable.mark(group, number, self.who, mark, missed)

    def _completes(self, name: str, days: list[date]) -> None:
        enough = self.random.randint(13, SESSIONS - 2)
        self._add(days[enough - 1], "20:00", "move", to="minimum_dose")
        self._add(days[-1], "20:15", "move", to="completed")
        self._add(days[-1], "20:30", "leave", group=name)
        follow_up = later(self.random, days[-1], 170, 195)
        self._add(follow_up, "10:00", "move", to="follow_up")
        self._add(later(self.random, follow_up, 7, 28), "15:00", "move", to="closed")
