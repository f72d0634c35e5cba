"""What clients told at the assessment, as rows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from casewall.programme.needs.models import (
    Circumstances,
    DeclaredChild,
    FamilyStatement,
    Need,
    OnwardReferral,
    ViolenceHistory,
)
from casewall.programme.needs.rules import ASK_AGAIN_DAYS, OPEN_HELP, HelpOutcome
from casewall.services.circumstance_rules import age_band
from casewall.services.schema import Service
from casewall.synthetic.bulk_moves import LifeAsRows
from casewall.synthetic.calendar import Event
from casewall.synthetic.script import Script
from casewall.wall.ids import new_id


class ToldRows(LifeAsRows):
    """The events of `telling` as the rows that the actions of `needs` would write."""

    MODELS = (Need, Circumstances, ViolenceHistory, FamilyStatement, DeclaredChild,
              OnwardReferral)  # fmt: skip

    def __init__(self, script: Script, service: Service) -> None:
        super().__init__(script, service)
        self.onward: dict[tuple[int, str], OnwardReferral] = {}

    def _stated(self, model: Any, event: Event, on: date, verb: str, **fields: Any) -> None:
        case = self.cases[event["who"]]
        self.rows.keep(
            model(
                id=new_id(),
                compartment=case.compartment,
                case=case,
                stated_by="client",
                stated_on=on,
                **fields,
            )
        )
        self.rows.say(self.assessor, verb, case)

    def _needs(self, event: Event, on: date) -> None:
        case = self.cases[event["who"]]
        for kind, level in event["levels"].items():
            self.rows.keep(
                Need(
                    id=new_id(),
                    compartment=case.compartment,
                    case=case,
                    kind=kind,
                    level=level,
                    stated_by="client",
                    stated_on=on,
                    recorded_at=self._at(event),
                    worker=self.assessor.worker,
                )
            )
        self.rows.say(self.assessor, "kept needs in", case)

    def _violence(self, event: Event, on: date) -> None:
        self._stated(
            ViolenceHistory,
            event,
            on,
            "kept a history in",
            since=event["since"],
            months=event["months"],
            kinds=",".join(event["kinds"]),
            earlier_partners=event["earlier_partners"],
            convicted=event["convicted"],
            recorded_at=self._at(event),
            worker=self.assessor.worker,
        )

    def _lives(self, event: Event, on: date) -> None:
        case = self.cases[event["who"]]
        born = case.client.born_on
        self._stated(
            Circumstances,
            event,
            on,
            "kept circumstances in",
            area=event["area"],
            employment=event["employment"],
            age_band=age_band(date.fromisoformat(born), case.referred_on) if born else "",
            recorded_at=self._at(event),
            worker=self.assessor.worker,
        )

    def _family(self, event: Event, on: date) -> None:
        self._stated(
            FamilyStatement,
            event,
            on,
            "kept a declaration in",
            of=event["of"],
            answer=event["answer"],
            number=event["number"],
        )

    def _child(self, event: Event, on: date) -> None:
        self._stated(
            DeclaredChild,
            event,
            on,
            "kept a declaration in",
            born_on=event["born_on"],
            lives=event["lives"],
            sees_client=event["sees_client"],
        )

    def _onward(self, event: Event, on: date) -> None:
        case = self.cases[event["who"]]
        self.onward[event["who"], event["help"]] = self.rows.keep(
            OnwardReferral(
                id=new_id(),
                compartment=case.compartment,
                case=case,
                kind=event["help"],
                agency=event["agency"],
                made_on=on,
                ask_on=on + timedelta(days=ASK_AGAIN_DAYS),
                worker=self.manager.worker,
            )
        )
        self.rows.say(self.manager, "referred on", case)

    def _settle(self, event: Event, on: date) -> None:
        row = self.rows.keep(self.onward[event["who"], event["help"]])
        outcome = HelpOutcome(event["outcome"])
        row.outcome, row.outcome_on = outcome, on
        row.ask_on = on + timedelta(days=ASK_AGAIN_DAYS) if outcome in OPEN_HELP else None
        row.version += 1
        self.rows.say(self.manager, "settled a referral of", self.cases[event["who"]])
