"""The beginning of a client's way: the story's calendar, the case, all until the agreement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Self
from uuid import uuid4
from zoneinfo import ZoneInfo

from time_machine import Traveller

from casewall.programme.agreements.actions import Terms, release, sign_agreement
from casewall.programme.agreements.models import Release
from casewall.programme.agreements.rules import Ground, Purpose, Recipient, Scope, on_paper
from casewall.programme.assessments.actions import (
    answers_of,
    check_eligibility,
    decide,
    finding_of,
    newest_check,
)
from casewall.programme.assessments.load import rules_of
from casewall.programme.assessments.rules import Answer, Choice, Finding
from casewall.programme.cases import actions as on_cases
from casewall.programme.cases.models import Assessment, Case, StageMove
from casewall.programme.cases.reasons import ExitReason, PauseReason, ReopenReason
from casewall.programme.cases.rules import Outcome, Route, Stage, Suitability
from casewall.programme.courses.models import Course
from casewall.programme.courses.reading import Progress, progress_of
from casewall.programme.curriculum.actions import install_templates
from casewall.programme.curriculum.models import TemplateVersion
from casewall.programme.groups.actions import state_availability
from casewall.programme.needs.actions import declare_child, refer_on, state_family
from casewall.programme.needs.models import DeclaredChild, OnwardReferral
from casewall.programme.needs.rules import Declared, Help, Lives, Of
from casewall.services.programmes import Programme
from casewall.services.schema import Service
from casewall.staff.actions import compartment_for
from casewall.wall.context import acting
from casewall.wall.sides import Side, Viewer


@dataclass(frozen=True, slots=True)
class Office:
    """A service on the programme side, with one invented worker of each role."""

    service: Service
    system: Viewer
    assessor: Viewer
    facilitator: Viewer
    manager: Viewer


class Beginning:
    """One client, whom the story calls by the given name: the calendar, the case, the agreement."""

    def __init__(
        self, office: Office, programme: str, name: str, clock: Traveller, today: date
    ) -> None:
        self.office, self.name, self.clock = office, name, clock
        self.service = office.service
        self.programme: Programme = office.service.programme(programme)
        self.assessor, self.facilitator = office.assessor, office.facilitator
        self.manager = office.manager
        self.zone = ZoneInfo(office.service.time_zone)
        self.today = today
        self.at(9)
        install_templates(service=office.service, by=office.system)
        [self.version] = self.rows(TemplateVersion, code=programme, service=office.service.id)

    # --- the clock, and looking --------------------------------------------------------------

    def at(self, hour: int) -> datetime:
        """Let it be this hour of the story's day."""
        moment = datetime.combine(self.today, time(hour), self.zone)
        self.clock.move_to(moment)
        return moment

    def later(self, days: int) -> Self:
        """So many days later, in the morning."""
        self.today += timedelta(days=days)
        self.at(9)
        return self

    def rows(self, model: Any, **having: Any) -> list[Any]:
        """Stored rows as the manager sees them."""
        with acting(self.manager):
            return list(model.objects.visible_to(self.manager).filter(**having))

    def row(self, model: Any) -> Any:
        """The one stored row of a kind that belongs to the case."""
        [found] = self.rows(model, case=self.case)
        return found

    @property
    def now(self) -> Case:
        """The case as it stands now."""
        [found] = self.rows(Case, pk=self.case.pk)
        return found  # type: ignore[no-any-return]

    @property
    def stage(self) -> Stage:
        return Stage(self.now.stage)

    @property
    def stages(self) -> list[str]:
        """Every stage that the case came to, in its order."""
        moves = sorted(self.rows(StageMove, case=self.case), key=lambda move: move.recorded_at)
        return [move.went_to for move in moves]

    def reached(self, stage: Stage) -> date:
        """The day on which the case came to a stage first."""
        moves = self.rows(StageMove, case=self.case, went_to=stage)
        day: date = min(move.moved_on for move in moves)
        return day

    @property
    def course(self) -> Course:
        course: Course = self.row(Course)
        return course

    @property
    def progress(self) -> Progress:
        """How far the course has come, as its facilitator sees it."""
        with acting(self.facilitator):
            course = Course.objects.visible_to(self.facilitator).get(case=self.case)
            return progress_of([course], self.facilitator)[course.pk]

    # --- before the course -------------------------------------------------------------------

    def is_referred(self, *, route: str, by: str = "", language: str = "") -> None:
        self.case = on_cases.open_case(
            slots={
                "id": str(uuid4()),
                "received_on": self.today.isoformat(),
                "route": route,
                "referrer_agency": by,
                "given_name": self.name,
                "family_name": "Invented",
                "language": language,
            },
            service=self.service.id,
            compartment=compartment_for(side=Side.PROGRAMME, service=self.service.id),
            prefix=self.service.phone_prefix,
            by=self.office.system,
        )

    def _is_tried(self, outcome: Outcome) -> None:
        on_cases.record_contact(
            case=self.case,
            tried_at=self.at(10),
            route=Route.PHONE,
            outcome=outcome,
            by=self.assessor,
        )

    def does_not_answer(self) -> None:
        self._is_tried(Outcome.NO_ANSWER)

    def is_reached(self) -> None:
        self._is_tried(Outcome.SPOKE)

    def gets_an_appointment(self, days: int) -> None:
        self.assessment: Assessment = on_cases.book_assessment(
            case=self.case,
            booked_for=self.at(11) + timedelta(days=days),
            on=self.today,
            by=self.assessor,
        )

    def is_asked_about_eligibility(self, **other: Answer) -> Finding:
        """Go through the rules; every answer is the good one but those that are named."""
        rules = rules_of(self.service.id).rules
        assert set(other) <= {rule.id.replace("-", "_") for rule in rules}
        good = {rule.id: Answer.YES if rule.yes == "passes" else Answer.NO for rule in rules}
        with acting(self.assessor):
            before = newest_check(self.case, self.assessor)
        check_eligibility(
            case=self.case,
            answers=good | {name.replace("_", "-"): answer for name, answer in other.items()},
            checked_on=self.today,
            seen=before.version if before else 0,
            by=self.assessor,
        )
        with acting(self.assessor):
            check = newest_check(self.case, self.assessor)
            assert len(answers_of(check, self.assessor)) == len(rules)
            found = finding_of(self.case, check, self.assessor)
        assert found is not None
        return found

    def is_found(
        self, decision: Suitability, *, review_on: date | None = None, **said: Any
    ) -> Assessment:
        return decide(
            assessment=self.assessment,
            held_on=self.today,
            choice=Choice(decision, **said),
            review_on=review_on,
            by=self.assessor,
        )

    def declares_a_partner_and_a_child(self) -> None:
        """Kept as stated: a name, an age, nothing that is looked up."""
        said: Any = {"stated_by": "client", "stated_on": self.today, "by": self.assessor}
        state_family(case=self.case, of=Of.PARTNERS, answer=Declared.SOME, number=1, **said)
        on_cases.declare_partner(
            case=self.case,
            name="Benny Invented",
            relation="partner",
            contact_details=None,
            **said,
        )
        state_family(case=self.case, of=Of.CHILDREN, answer=Declared.SOME, number=1, **said)
        declare_child(
            case=self.case,
            name="Charlie Invented",
            born_on=date(self.today.year - 7, 5, 4),
            lives=Lives.WITH_OTHER_PARENT,
            sees_client=True,
            **said,
        )
        assert self.row(DeclaredChild).name == "Charlie Invented"

    def is_referred_on(self, kind: Help, agency: str) -> OnwardReferral:
        return refer_on(
            case=self.case, kind=kind, agency=agency, made_on=self.today, by=self.assessor
        )

    def signs_the_agreement(self, language: str) -> None:
        sign_agreement(
            case=self.case,
            signed_on=self.today,
            text_version="1",
            language=language,
            signed=on_paper(filed="Folder 3", witness="A colleague"),
            by=self.assessor,
        )

    def releases_to(self, recipient: Recipient, agency: str) -> Release:
        return release(
            case=self.case,
            terms=Terms(
                recipient=recipient,
                recipient_name=agency,
                purpose=Purpose.REPORT_TO_REFERRER,
                scope=(Scope.ATTENDANCE, Scope.COMPLETION),
                ground=Ground.VOLUNTARY,
                starts_on=self.today,
            ),
            signed=on_paper(),
            by=self.assessor,
        )

    def can_come(self, weekdays: Iterable[int], earliest: time, language: str) -> None:
        state_availability(
            case=self.case,
            weekdays=weekdays,
            earliest=earliest,
            latest=None,
            language=language,
            stated_on=self.today,
            by=self.assessor,
        )

    def moves(self, to: Stage, **why: Any) -> Case:
        """Somebody moves the case by hand; the manager sees it at every stage."""
        return on_cases.move_case(case=self.case, to=to, on=self.today, by=self.manager, **why)

    def waits_for_a_place(self) -> None:
        self.moves(Stage.WAITING)

    def has_signed(self, *, route: str, by: str = "", language: str = "en") -> None:
        """From the referral to the agreement without anything remarkable, in two weeks."""
        self.is_referred(route=route, by=by, language=language)
        self.later(days=2).is_reached()
        self.later(days=1).gets_an_appointment(days=5)
        found = self.later(days=5).is_asked_about_eligibility()
        assert found.suggested is Suitability.SUITABLE
        self.is_found(Suitability.SUITABLE)
        self.declares_a_partner_and_a_child()
        self.later(days=6).signs_the_agreement(language)

    # --- leaving, and coming back ------------------------------------------------------------

    def leaves(self, reason: ExitReason, **said: Any) -> Case:
        return self.moves(Stage.EXITED, reason=reason, **said)

    def pauses(self, stage: Stage, reason: PauseReason, *, until: date | None = None) -> Case:
        return self.moves(stage, reason=reason, until=until)

    def is_taken_up_again(self, to: Stage, reason: ReopenReason) -> Case:
        return on_cases.reopen_case(
            case=self.case, to=to, on=self.today, reason=reason, by=self.manager
        )
