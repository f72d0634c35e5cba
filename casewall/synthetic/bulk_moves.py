"""A script of the programme side as rows: what all its parts share."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from casewall.programme.cases.models import Case, StageMove
from casewall.programme.cases.rules import ExitReason, Stage, may_move, next_action
from casewall.services.schema import Service
from casewall.synthetic.calendar import Event
from casewall.synthetic.rows import Rows
from casewall.synthetic.run_programme import ProgrammeLife
from casewall.synthetic.script import Script, moment
from casewall.wall.decide import Refused
from casewall.wall.ids import new_id
from casewall.wall.sides import Viewer


class LifeAsRows(ProgrammeLife):
    """Collects the rows of `MODELS`, in the order in which they depend on each other."""

    MODELS: ClassVar[tuple[Any, ...]] = ()

    def __init__(self, script: Script, service: Service) -> None:
        super().__init__(script, service)
        self.rows = Rows(self.MODELS)

    def _moved(
        self,
        case: Case,
        to: Stage,
        on: date,
        at: datetime,
        by: Viewer,
        reason: ExitReason | None = None,
    ) -> None:
        decision = may_move(Stage(case.stage), to, reason)
        if not decision or on < case.stage_on:
            raise Refused(f"{decision.reason} ({on}, after {case.stage_on})")
        self.rows.keep(
            StageMove(
                id=new_id(),
                compartment=case.compartment,
                case=case,
                came_from=case.stage,
                went_to=to,
                moved_on=on,
                recorded_at=at,
                worker=by.worker,
                reason=reason or "",
            )
        )
        case.stage, case.stage_on, case.exit_reason = to, on, reason or ""
        case.next_action, case.next_action_on = next_action(to, on)
        case.version += 1
        self.rows.keep(case)
        self.rows.say(by, f"moved to {to}", case)

    def _at(self, event: Event) -> datetime:
        return moment(event["on"], event["at"], self.service)
