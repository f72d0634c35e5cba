"""One partner's file and who works with it: what every step of invented support starts from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID, uuid5

from casewall.safety.partners.models import PartnerFile
from casewall.services.schema import Service
from casewall.synthetic import texts
from casewall.synthetic.calendar import working_day
from casewall.synthetic.canary import Canaries
from casewall.synthetic.script import moment
from casewall.wall.sides import Viewer

LATELY_DAYS = 42
"""So many days back the steps of support lie at most; it began with the first talk."""


@dataclass(frozen=True, slots=True)
class Team:
    """Who works on this side of a service. Nobody may work with its children."""

    workers: tuple[Viewer, ...]
    coordinator: Viewer
    manager: Viewer
    childrens_worker: Viewer | None


@dataclass(slots=True)
class Desk:
    """A file, its worker and its days.

    `place` is that of the file among those of the pass, `who` the person's number in the script,
    `began` the day of the first talk.
    """

    service: Service
    team: Team
    file: PartnerFile
    by: Viewer
    place: int
    who: int
    began: date
    today: date
    canaries: Canaries
    random: Random
    case_id: UUID | None = None
    _texts: int = field(default=0)

    @property
    def last(self) -> date:
        """The working day before today."""
        day = self.today - timedelta(days=1)
        return day - timedelta(days=max(0, day.weekday() - 4))

    def day(self, share: float) -> date:
        """A working day between the beginning of these weeks (0) and the last one (1)."""
        first = max(self.began, self.last - timedelta(days=LATELY_DAYS))
        ahead = round(share * max(0, (self.last - first).days))
        return max(first, min(working_day(first + timedelta(days=ahead)), self.last))

    def ahead(self, days: int) -> date:
        """A working day so many days from today or soon after."""
        return working_day(self.today + timedelta(days=days))

    def at(self, day: date, clock: str) -> datetime:
        """A moment of a day on the clock of the service."""
        return moment(day.isoformat(), clock, self.service)

    def form(self, what: str) -> UUID:
        """The number of an invented form: what it makes is made once."""
        return uuid5(self.file.pk, f"invented {what}")

    def text(self, where: str) -> str:
        """A text for a field, with its canary."""
        self._texts += 1
        said = self.random.choice(texts.SUPPORT[where])
        return self.canaries.note(where, said, ["support", self.who, self._texts])
