"""How a cohort is put together: invented people, one fact after the other."""

from collections import defaultdict
from datetime import date, timedelta
from random import Random
from typing import Any

from casewall.outcomes.extract import (
    Answer,
    Attendance,
    ChildLink,
    Contract,
    Cost,
    Extract,
    Followed,
    Hearing,
    Incident,
    Link,
    Person,
    ScaleScore,
    Treatment,
)

YEAR = 365
"""The days by which a partner or a client of these cohorts was watched on either side."""


class Gathering:
    """The rows of one invented cohort while it is being made.

    ``seed`` moves only what nothing printed depends on: the days of referral in the period.
    """

    def __init__(self, service: str, first: date, last: date, seed: int) -> None:
        self.service, self.first, self.last = service, first, last
        self._dice = Random(seed)  # noqa: S311  # seeded: the same people again
        self._rows: defaultdict[str, list[Any]] = defaultdict(list)

    def a_day(self) -> date:
        """Some day of the period."""
        return self.first + timedelta(days=self._dice.randrange((self.last - self.first).days + 1))

    def client(self, key: str, **facts: Any) -> Person:
        """A client on the programme side; a man unless the facts say otherwise."""
        return self._person(key, {"side": "programme", "role": "client", "sex": "male", **facts})

    def partner(self, key: str, **facts: Any) -> Person:
        """A partner on the safety side; a woman unless the facts say otherwise."""
        return self._person(key, {"side": "safety", "role": "partner", "sex": "female", **facts})

    def _person(self, key: str, facts: dict[str, Any]) -> Person:
        whole = {"service": self.service, "route": "self", "contact": "engaged", **facts}
        whole.setdefault("referred_on", self.a_day())
        person = Person(key=key, **whole)
        self._rows["persons"].append(person)
        return person

    def link(self, partner: str, client: str) -> None:
        """The two belong to one case."""
        self._rows["links"].append(Link(partner_key=partner, client_key=client))

    def child(self, key: str, role: Any, adult: str) -> None:
        """A child beside an adult."""
        self._rows["children"].append(ChildLink(child_key=key, adult_role=role, adult_key=adult))

    def scored(self, person: Person, scale: str, wave: Any, score: float | None,
               why: str | None = None) -> None:
        """The person's own score at a time point; None with the reason where there is none."""
        self._rows["scales"].append(ScaleScore(
            key=person.key, side=person.side, source=person.role, scale=scale, wave=wave,
            score=score, answered=0 if score is None else 4, items=4, not_answered_reason=why))

    def answered(self, person: Person, item: str, wave: Any, code: str | None) -> None:
        """The person's own answer to an item ``measure-word``; None: asked in vain."""
        self._answer(person.key, person.side, person.role, item, wave, code, None)

    def referrer_answered(self, client: Person, item: str, wave: Any, code: str | None) -> None:
        """What the referrer of a client answered about that client."""
        self._answer(f"r-{client.key}", "programme", "referrer", item, wave, code, client.key)

    def _answer(self, key: str, side: Any, source: Any, item: str, wave: Any, code: str | None,
                about: str | None) -> None:
        measure = "-".join(item.split("-")[:2])
        self._rows["answers"].append(Answer(
            key=key, side=side, source=source, measure=measure, item=item, wave=wave, code=code,
            about_key=about, not_answered_reason=None if code else "no reply"))

    def watched(self, person: Person, source: Any, around: date) -> None:
        """A source was asked about the year before a day and the year after it."""
        self._rows["followed"].append(Followed(
            key=person.key, role=person.role, side=person.side, source=source,
            first_on=around - timedelta(days=YEAR + 1), last_on=around + timedelta(days=YEAR + 1)))

    def incident(self, person: Person, source: Any, on: date, severity: int | None = None) -> None:
        """One incident of physical violence that a source tells of."""
        self._rows["incidents"].append(Incident(
            key=person.key, role=person.role, side=person.side, source=source, form="physical",
            happened_on=on, severity=severity))

    def attended(self, client: Person, sessions: int, minutes: int, planned: int | None = None,
                 first: date | None = None) -> None:
        """So many sessions of so many minutes, one a week, and the planned ones after them
        missed."""
        begins = first or client.started_on or client.referred_on
        for number in range(planned or sessions):
            there = number < sessions
            self._rows["attendance"].append(Attendance(
                client_key=client.key, session_on=begins + timedelta(weeks=number),
                status="attended" if there else "absent_not_accepted",
                minutes_planned=minutes, minutes_attended=minutes if there else 0))

    def treated(self, client: Person, kind: str, outcome: Any) -> None:
        """Another treatment beside the programme."""
        self._rows["treatments"].append(Treatment(
            client_key=client.key, kind=kind, started_on=client.referred_on, outcome=outcome))

    def heard(self, person: Person, forum: Any, on: date, route: str | None = None) -> None:
        """The person's case came before a meeting."""
        self._rows["hearings"].append(Hearing(
            key=person.key, role=person.role, forum=forum, heard_on=on, route=route))

    def contract(self, funder: str, first: date, last: date, pounds: int,
                 persons: int | None = None) -> None:
        """Money in pounds for a period."""
        self._rows["contracts"].append(Contract(
            funder=funder, first_on=first, last_on=last, amount=pounds * 100, currency="GBP",
            persons=persons))

    def cost(self, category: str, amount: int, currency: str, price_year: int,
             included: bool = True) -> None:
        """A line of the ledger, in whole units of the currency."""
        self._rows["costs"].append(Cost(
            category=category, amount=amount * 100, currency=currency, price_year=price_year,
            included=included))

    def whole(self, as_of: date) -> Extract:
        """The cohort, marked as invented."""
        rows = {table: tuple(found) for table, found in self._rows.items()}
        return Extract(service=self.service, as_of=as_of, period_from=self.first,
                       period_to=self.last, invented=True, **rows)
