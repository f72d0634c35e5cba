"""Living the assessment of risk of a few clients, a report that was asked for, and rights.

One pass after a script, over the newest clients whom an assessor or a facilitator sees; done twice
it is done once.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from uuid import UUID, uuid5

from casewall.programme.cases.models import Case
from casewall.programme.reports import actions as documents
from casewall.programme.reports.models import Letterhead
from casewall.programme.reports.rules import Basis, Kind
from casewall.programme.rights import actions as rights
from casewall.programme.rights.rules import (
    About,
    Affected,
    From,
    How,
    Identity,
    Mishap,
    Outcome,
    Right,
)
from casewall.programme.risk import actions as risk
from casewall.programme.risk.commissions.actions import answer_feedback, open_commission
from casewall.programme.risk.models import ReportFeedback, RiskAssessment
from casewall.programme.risk.rules import (
    DANGER,
    FACTORS,
    Factor,
    Had,
    Level,
    Rated,
    Rating,
    Said,
    Section,
    Source,
)
from casewall.programme.risk.rules import How as Heard
from casewall.programme.risk.terms.rules import By, Terms, Usefulness
from casewall.services.schema import Service
from casewall.staff.models import system_viewer
from casewall.synthetic.calendar import working_day
from casewall.synthetic.run_programme import cases_of, invented_workers
from casewall.synthetic.script import Script, moment
from casewall.synthetic.texts import SAYS_INVENTED
from casewall.wall.context import acting, on_side
from casewall.wall.sides import Role, Side, Viewer

CLIENTS = 4
"""So many clients of a service are assessed: two signed, one to sign, one half written."""
LEVELS = (Level.HIGH, Level.MEDIUM, Level.VERY_HIGH, Level.LOW)
TEXTS: dict[Section, tuple[str, ...]] = {
    Section.VIOLENCE: (
        "Two incidents in the last year by the client's own account, three by that of the police. "
        "Both were at night and at home, and objects were thrown in the second.",
        "The client speaks of shouting and of a broken door. The police note one push.",
    ),
    Section.SUBSTANCES: (
        "Drinks at weekends and says that it is less than before. No drugs, by own account.",
        "Sleeps badly since the spring, and has asked the doctor about it.",
    ),
    Section.ATTITUDES: (
        "Calls what happened a quarrel, and names stress at work as its reason. When asked what "
        "it was like for the others, the client was silent for a while, and then spoke of fear.",
        "Sees the own part in the last incident, and less of it in those before.",
    ),
    Section.CHILDREN: (
        "Children were at home during one of the incidents. The client believes they slept.",
        "Speaks warmly of the children, and seldom of what they need.",
    ),
    Section.STRENGTHS: (
        "Came to every talk and on time; works; a brother knows of the referral and supports it.",
        "Wants to be seen as fair, which the group can build on.",
    ),
}
REASONING = (
    "Police and client describe the same pattern, and it has grown more frequent. The prognosis "
    "is guarded: the client came to every talk, and does not yet take responsibility.",
    "Fewer incidents than a year ago, and a plan for hard evenings that has been used twice.",
)
ADVICE = (
    "Group work with a weekly check of the plan. No contact with the children unless somebody "
    "else is there. A review at once if drinking grows, or if an appointment is missed twice."
)
LIMITS = "It rests on two talks and the papers of the police; health care has not answered."


class AssessedLife:
    """Assesses the newest clients of a service, each by an assessor or facilitator who sees it."""

    def __init__(self, script: Script, service: Service, today: date) -> None:
        with on_side(Side.PROGRAMME):
            system = system_viewer(Role.PROGRAMME_SYSTEM)
        self.service, self.today = service, today
        self.manager = invented_workers(Role.PROGRAMME_MANAGER, service)[0]
        self.random = Random(f"{script.seed}:assessed:{service.id}")
        mine = {case.pk for case in cases_of(script, service, system).values()}
        writers = [
            *invented_workers(Role.ASSESSOR, service), *invented_workers(Role.FACILITATOR, service)
        ]  # fmt: skip
        self.writer: dict[UUID, Viewer] = {}
        self.cases: list[Case] = []
        for writer in writers:
            self._takes(writer, mine)

    def _takes(self, writer: Viewer, mine: Collection[UUID]) -> None:
        """What is left to be assessed of the clients whom a writer sees."""
        with acting(writer):
            rows = Case.objects.visible_to(writer).filter(pk__in=mine).exclude(pk__in=self.writer)
            newest = rows.select_related("client").order_by("-referred_on", "pk").distinct()
            for case in newest[: CLIENTS - len(self.cases)]:
                self.writer[case.pk] = writer
                self.cases.append(case)

    def run(self) -> int:
        """Live the pass; returns the number of clients, 0 where it has been lived."""
        if not self.cases or self._is_lived():
            return 0
        for place, case in enumerate(self.cases):
            self._assess(case, place)
        self._report(self.cases[0])
        self._rights(self.cases[-1])
        return len(self.cases)

    def _is_lived(self) -> bool:
        with acting(self.manager):
            rows = RiskAssessment.objects.visible_to(self.manager)
            return bool(rows.filter(case__in=[case.pk for case in self.cases]).exists())

    @property
    def last(self) -> date:
        """The working day before today."""
        day = self.today - timedelta(days=1)
        return day - timedelta(days=max(0, day.weekday() - 4))

    # --- assessments -------------------------------------------------------------------------

    def _assess(self, case: Case, place: int) -> None:
        """One assessment, as far as its place says: the first two signed, the last half written."""
        by = self.writer[case.pk]
        row = risk.begin_assessment(case=case, by=by, form=_form(case, "assessment"))
        risk.record_evidence(
            case=case, source=Source.CLIENT, how=Heard.INTERVIEW, held_on=self.last, signs=[],
            what=TEXTS[Section.ATTITUDES][place % 2] + SAYS_INVENTED, by=by,
            form=_form(case, "evidence"))
        row = risk.save_sources(assessment=row, sources=self._sources(place), by=by,
                                revision=row.revision)
        for number, section in enumerate(Section):
            if place == 3 and number > 1:
                return
            row = risk.save_section(
                assessment=row, section=section, ratings=self._ratings(section), by=by,
                text=TEXTS[section][place % 2] + SAYS_INVENTED, revision=row.revision)
        row = risk.save_judgement(
            assessment=row, level=LEVELS[place], revision=row.revision, by=by,
            reasoning=REASONING[place % 2] + SAYS_INVENTED,
            recommendations=ADVICE + SAYS_INVENTED, limits=LIMITS + SAYS_INVENTED)
        row = risk.send_assessment(assessment=row, revision=row.revision, by=by)
        if place < 2:
            risk.sign_assessment(assessment=row, revision=row.revision, by=self.manager)

    def _sources(self, place: int) -> dict[Source, Said]:
        """The client and the police were had; the others were asked, or cannot be had."""
        missing = {one: Said(Had.ASKED, self.last) for one in Source}
        closed = Said(Had.NOT_AVAILABLE, None, "The programme has closed" + SAYS_INVENTED)
        return missing | {
            Source.CLIENT: Said(Had.HAD, self.last),
            Source.POLICE: Said(Had.HAD, self.last),
            Source.PREVIOUS_PROGRAMME: closed,
        }

    def _ratings(self, section: Section) -> dict[Factor, Rated]:
        """Ratings with reasons; a sign of danger to life is never invented by chance."""
        found = {}
        for factor in FACTORS[section]:
            rating = self.random.choice((Rating.ABSENT, Rating.POSSIBLE, Rating.PRESENT))
            if factor in DANGER:
                rating = Rating.ABSENT
            reason = "Asked about" if rating is Rating.ABSENT else "By the client's own account"
            found[factor] = Rated(rating, reason)
        return found

    # --- the report --------------------------------------------------------------------------

    def _report(self, case: Case) -> None:
        """A court asked for it, with a price and a day; it was issued, and found very useful."""
        court = "Family court of the town" + SAYS_INVENTED
        self._letterhead(case.compartment)
        open_commission(
            case=case, by=self.writer[case.pk], form=_form(case, "commission"),
            terms=Terms(By.COURT, court, "Order 14", 180_000, self.service.currency,
                        working_day(self.last - timedelta(days=30)),
                        self.today + timedelta(days=12)))
        usual = documents.default_entries(case=case, kind=Kind.RISK_REPORT, on=self.today,
                                          by=self.writer[case.pk])
        document = documents.write_document(
            case=case, kind=Kind.RISK_REPORT, language="en", on=self.today,
            by=self.writer[case.pk], form=_form(case, "risk report"),
            entries=replace(usual, basis=Basis.COURT, recipient=usual.recipient or court))
        document = documents.approve_document(
            document=document, version=document.version, nothing_from_others=True,
            by=self.manager)
        documents.issue_document(document=document, version=document.version, on=self.today,
                                 by=self.manager)
        with acting(self.manager):
            rows = ReportFeedback.objects.visible_to(self.manager)
            asked = rows.get(document=document.pk)
        answer_feedback(feedback=asked, usefulness=Usefulness.VERY_USEFUL, by=self.manager,
                        comment="Clear about what was not known" + SAYS_INVENTED)

    def _letterhead(self, compartment: int) -> None:
        """The agency writes on its own paper; one that is kept already stays."""
        with acting(self.manager):
            known = Letterhead.objects.visible_to(self.manager).filter(compartment=compartment)
            if known.exists():
                return
        name = next(one.name for one in self.service.agencies_on(Side.PROGRAMME.value))
        documents.set_letterhead(
            compartment=compartment, version=0, by=self.manager,
            text=f"{name}\n1 Invented Square, second floor\nAn invented agency: nobody answers")

    # --- rights ------------------------------------------------------------------------------

    def _rights(self, case: Case) -> None:
        """A client asks for a copy and complains; a near miss is told."""
        by, day = self.manager, self.last
        asked = rights.take_request(
            case=case, right=Right.ACCESS, received_on=day, how=How.LETTER, by=by,
            identity=Identity.KNOWN, identity_on=day, language="en",
            form=_form(case, "request"))
        rights.collect(request=asked, version=asked.version, by=by)
        complaint = rights.record_complaint(
            about=About.WAITING, came_from=From.CLIENT, received_on=day, case=case, by=by,
            what="Waited three weeks for the first talk" + SAYS_INVENTED,
            form=_form(case, "complaint"))
        complaint = rights.acknowledge_complaint(complaint=complaint, by=by,
                                                 version=complaint.version)
        rights.answer_complaint(
            complaint=complaint, outcome=Outcome.UPHELD, version=complaint.version, by=by,
            answer="We are sorry: two workers were ill" + SAYS_INVENTED,
            learning="First talks have somebody who stands in" + SAYS_INVENTED)
        rights.report_breach(
            mishap=Mishap.WRONG_RECIPIENT, near_miss=True, happened_on=day, by=by,
            what="Two letters were nearly put into one envelope" + SAYS_INVENTED,
            found_at=moment(day.isoformat(), "14:20", self.service),
            affected=Affected(clients=2), form=_form(case, "near miss"))


def _form(case: Case, what: str) -> UUID:
    return uuid5(case.pk, f"invented {what}")
