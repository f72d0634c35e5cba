"""What the programme side does in every world alike."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any


class Programme:
    """The acts of the programme side; no act takes anything from the world but the day."""

    def __init__(self) -> None:
        from casewall.services.load import shipped
        from casewall.staff.models import Worker
        from casewall.wall.context import on_side
        from casewall.wall.sides import Role, Side

        self.services = {"intervention-centre": shipped()["intervention-centre"]}
        self.workers = {}
        with on_side(Side.PROGRAMME):
            for worker in Worker.objects.exclude(role=Role.PROGRAMME_SYSTEM):
                self.workers[worker.role] = worker
            from casewall.staff.models import system_viewer

            self.system = system_viewer(Role.PROGRAMME_SYSTEM)
            self.viewers = {role: w.as_viewer() for role, w in self.workers.items()}

    def arrivals(self, now: datetime, **_: Any) -> Any:
        from casewall.programme.referrals.actions import apply_arrivals

        return apply_arrivals(by=self.system, services=self.services, on=now.date())

    def _cases(self, viewer: Any) -> list[Any]:
        from casewall.programme.cases.models import Case
        from casewall.wall.context import acting

        with acting(viewer):
            cases = list(Case.objects.visible_to(viewer).select_related("client"))
        return sorted(cases, key=lambda case: (case.client.family_name, case.client.given_name))

    def contact(self, now: datetime, **_: Any) -> Any:
        from casewall.programme.cases import actions, rules

        by = self.viewers["assessor"]
        for n, case in enumerate(self._cases(by)):
            outcome = rules.Outcome.NO_ANSWER if n % 3 == 2 else rules.Outcome.SPOKE
            actions.record_contact(
                case=case,
                tried_at=now,
                route=rules.Route.PHONE,
                outcome=outcome,
                by=by,
                note=f"Note {n} of the programme.",
            )
        return "ok"

    def assess(self, now: datetime, **_: Any) -> Any:
        from casewall.programme.agreements.actions import sign_agreement
        from casewall.programme.cases import actions, rules

        by = self.viewers["assessor"]
        for n, case in enumerate(self._cases(by)):
            if case.stage != "contacted":
                continue
            booked = actions.book_assessment(case=case, booked_for=now, on=now.date(), by=by)
            fits = rules.Suitability.NOT_SUITABLE if n == 0 else rules.Suitability.SUITABLE
            actions.decide_suitability(assessment=booked, held_on=now.date(), decision=fits, by=by)
            if n:
                sign_agreement(
                    case=case, signed_on=now.date(), text_version="1", language="da", by=by
                )
        return "ok"

    def group(self, now: datetime, **_: Any) -> Any:
        from casewall.programme.groups import actions, rules
        from casewall.programme.groups.models import Session
        from casewall.programme.registers.actions import record_register
        from casewall.staff.actions import compartment_for
        from casewall.wall.context import acting
        from casewall.wall.sides import Side

        by, leads = self.viewers["programme_manager"], self.viewers["facilitator"]
        cases = [c for c in self._cases(by) if c.stage == "agreement_signed"]
        group = actions.plan_group(
            name="Monday group",
            service="intervention-centre",
            component="counselling-group",
            starts_on=now.date(),
            begins_at=time(18),
            minutes=120,
            sessions=3,
            facilitators=[leads.worker],
            by=by,
            compartment=compartment_for(side=Side.PROGRAMME, service="intervention-centre"),
        )
        for case in cases:
            actions.place_in_group(group=group, case=case, joined_on=now.date(), by=by)
        with acting(leads):
            session = Session.objects.visible_to(leads).order_by("number").first()
        marks = {
            c.pk: (rules.Mark.ABSENT_NOT_ACCEPTED if n % 4 == 3 else rules.Mark.ATTENDED, 0)
            for n, c in enumerate(cases)
        }
        record_register(session=session, marks=marks, by=leads)
        return "ok"

    def crawl(self, now: datetime, terms: list[str], into: str, **_: Any) -> int:
        """Every page, as every role and as nobody, into a file with a line for each request."""
        from casewall.config.prove.crawl import crawl

        return crawl(self.workers, terms, into)

    def look(self, now: datetime, terms: list[str], into: str, **_: Any) -> int:
        """A few pages only, for leaks that show wherever one looks."""
        from casewall.config.prove.crawl import look

        return look(self.workers, terms, into)
