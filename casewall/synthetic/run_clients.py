"""Living what clients are asked: measures at their time points, silence, incidents, custody.

One pass after a script, over the newest clients who have started; done twice it is done once.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from uuid import uuid5

from casewall.measures.definitions import Definition
from casewall.measures.definitions import load as load_measure
from casewall.measures.kinds import PREFER_NOT_TO_SAY
from casewall.measures.schedule import Expected, State, Wave
from casewall.programme.cases import actions as on_cases
from casewall.programme.cases.models import Case, Task
from casewall.programme.cases.rules import Stage
from casewall.programme.incidents import actions as incidents
from casewall.programme.incidents.rules import Custody, Form, Kind, Severity, Source
from casewall.programme.measuring import actions as measuring
from casewall.programme.measuring.reading import of_case
from casewall.programme.measuring.rules import Mode, NotAnswered, Present
from casewall.services.schema import Service
from casewall.staff.models import system_viewer
from casewall.synthetic.run_programme import cases_of, invented_workers
from casewall.synthetic.script import Script, shown
from casewall.synthetic.texts import SAYS_INVENTED
from casewall.wall.context import acting, on_side
from casewall.wall.sides import Role, Side

CLIENTS = 16
"""So many clients of a service are asked."""
ASKED = (Stage.STARTED, Stage.MINIMUM_DOSE, Stage.COMPLETED, Stage.FOLLOW_UP)
GRAVE = 20
"""Every twentieth answer to a question about danger to life says something."""
READ_WITHIN = timedelta(days=3)
SILENT = 6
"""Every sixth time point has no answer."""
TOLD = (
    "Shouted and broke a door; the neighbour called.",
    "Wrote forty messages in one evening.",
    "Stood outside the house and would not leave.",
)


class ClientLife:
    """Asks the newest clients of a service who have started."""

    def __init__(self, script: Script, service: Service, today: date) -> None:
        with on_side(Side.PROGRAMME):
            self.system = system_viewer(Role.PROGRAMME_SYSTEM)
        self.by = invented_workers(Role.PROGRAMME_MANAGER, service)[0]
        self.today = today
        self.random = Random(f"{script.seed}:clients:{service.id}")
        found = cases_of(script, service, self.system).items()
        begun = [case for _, case in sorted(found) if case.stage in ASKED]
        begun.sort(key=lambda case: (case.referred_on, str(case.pk)))
        self.cases = begun[-CLIENTS:]

    def run(self) -> int:
        """Live the pass; returns the number of clients."""
        with shown(len(self.cases), "Clients asked") as told:
            for place, case in enumerate(self.cases):
                with acting(self.system):
                    self._ask(case)
                    self._happened(case, place)
                    self._read(case)
                told(1)
        return len(self.cases)

    def _ask(self, case: Case) -> None:
        with acting(self.by):
            every = of_case(case, self.by, self.today).every
        for points in every.values():
            for place, point in enumerate(points):
                if point.due_on is not None and point.due_on <= self.today:
                    self._answer(case, point, place)

    def _answer(self, case: Case, point: Expected, place: int) -> None:
        if point.state in (State.ANSWERED, State.SILENT) or point.due_on is None:
            return
        definition = load_measure(point.measure)
        form = uuid5(case.pk, f"invented {point.measure} {point.wave}")
        if self.random.randrange(SILENT) == 0:
            reason = self.random.choice([NotAnswered.NOT_REACHED, NotAnswered.PREFERRED_NOT_TO])
            measuring.note_silence(
                case=case, measure=point.measure, wave=Wave(point.wave), reason=reason,
                due_on=point.due_on, form=form, by=self.by,
            )  # fmt: skip
            return
        measuring.record_measure(
            case=case, measure=point.measure, wave=Wave(point.wave),
            answered_on=min(self.today, point.due_on + timedelta(days=self.random.randrange(6))),
            answers=self._answers(definition, place), mode=Mode.ALONE_ON_PAPER,
            present=Present.NOBODY, language="en", due_on=point.due_on, form=form, by=self.by,
        )  # fmt: skip

    def _read(self, case: Case) -> None:
        """Somebody has looked into what signalled danger, but for the last days."""
        with acting(self.by):
            tasks = Task.objects.visible_to(self.by).filter(
                case=case, done_on=None, due_on__lt=self.today - READ_WITHIN
            )
            for task in tasks:
                on_cases.finish_task(task=task, on=task.due_on, by=self.by)

    def _answers(self, definition: Definition, place: int) -> dict[str, str | None]:
        """Invented answers that grow a little better from one time point to the next."""
        answers: dict[str, str | None] = {}
        danger = {alert.link_id for alert in definition.alerts}
        for item in definition.items:
            options = [one for one in item.options if one.code != PREFER_NOT_TO_SAY]
            codes = [one.code for one in sorted(options, key=lambda one: one.number or 0)]
            calm = item.link_id in danger and self.random.randrange(GRAVE) > 0
            if item.kind in ("integer", "decimal"):
                low, high = item.at_least or 0, item.at_most or 10
                most = low if calm else max(low, high // (place + 2))
                answers[item.link_id] = str(self.random.randint(low, most))
            elif codes:
                worst = definition.higher_is == "better"
                best_first = codes[::-1] if worst else codes
                most = 1 if calm else max(1, len(best_first) - place)
                answers[item.link_id] = best_first[self.random.randrange(most)]
        return answers

    def _happened(self, case: Case, place: int) -> None:
        """Some clients, or the police, tell of violence; one was locked up for a while."""
        if place % 4 == 0:
            day = case.referred_on - timedelta(days=9)
            incidents.record_incident(
                case=case, forms=[Form.PSYCHOLOGICAL, Form.PHYSICAL], signs=[],
                severity=Severity.MODERATE, source=Source.CLIENT if place % 8 else Source.POLICE,
                happened_on=day, exact=True, told_on=case.referred_on, by=self.by,
                what=TOLD[place % len(TOLD)] + SAYS_INVENTED,
                form=uuid5(case.pk, "invented incident"),
            )  # fmt: skip
        if place == 1:
            last = case.referred_on - timedelta(days=20)
            incidents.record_custody(
                case=case, why=Custody.REMAND, first_on=last - timedelta(days=14), last_on=last,
                source=Source.POLICE, by=self.by, form=uuid5(case.pk, "invented custody"),
            )  # fmt: skip
        if place == 2:
            incidents.open_proceeding(
                case=case, kind=Kind.BAIL, began_on=case.referred_on,
                until_on=self.today + timedelta(days=10), court="Court of the town" + SAYS_INVENTED,
                conditions="Not to go to the street of the home" + SAYS_INVENTED,
                source=Source.POLICE, stated_on=case.referred_on, by=self.by,
                form=uuid5(case.pk, "invented bail"),
            )  # fmt: skip
        incidents.record_asked(
            case=case, source=Source.CLIENT, first_on=case.referred_on, last_on=self.today,
            by=self.by, form=uuid5(case.pk, "invented asked"),
        )  # fmt: skip
