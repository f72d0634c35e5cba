"""The client's half of the case study: assessment of risk, reports, the programme, a request."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from casewall.programme.agreements.actions import Terms as ReleaseTerms
from casewall.programme.agreements.actions import release
from casewall.programme.agreements.rules import Ground, Purpose, Recipient, Scope, on_paper
from casewall.programme.cases.models import Case
from casewall.programme.cases.rules import Suitability
from casewall.programme.reports import actions as documents
from casewall.programme.reports.models import Document
from casewall.programme.reports.rendering import file_of
from casewall.programme.reports.rules import Basis, Kind
from casewall.programme.rights import actions as rights
from casewall.programme.rights.rules import How, Identity, Right
from casewall.programme.risk import actions as risk
from casewall.programme.risk.commissions.actions import answer_feedback, open_commission
from casewall.programme.risk.models import ReportFeedback, RiskAssessment
from casewall.programme.risk.rules import (
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
from casewall.wall.context import acting
from tests.story.papers import Paper, opened
from tests.story.walk import Walk

SOCIAL_CARE = "Ashmere children's social care"
FINDINGS = {
    Section.VIOLENCE: "Three call-outs of the police in two years, each at night.",
    Section.SUBSTANCES: "Drinks at weekends, and says that it is under control.",
    Section.ATTITUDES: "Calls the incidents arguments, and blames them on stress at work.",
    Section.CHILDREN: "Three children were at home during two of the three call-outs.",
    Section.STRENGTHS: "Came to every interview, and is at work.",
}
NOT_OPTIMISTIC = (
    "The prognosis is not optimistic: the violence has grown more frequent, and the client sees "
    "no need to change. Work in a group may hold it; it is not expected to end it soon."
)


class ClientHalf(Walk):
    """What the programme side does; keeps every file that it makes in `papers`."""

    def __init__(self, *told: Any) -> None:
        super().__init__(*told)
        self.papers: list[Paper] = []
        self.writer = self.assessor

    # --- the beginning -----------------------------------------------------------------------

    def is_here(self) -> Case:
        """The client's own part of the referral has come down."""
        [self.case] = self.rows(Case)
        return self.case

    def agrees_to_be_assessed(self) -> None:
        """Reached, met, found suitable with a first talk; social care may read the reports."""
        self.later(days=2).is_reached()
        self.later(days=1).gets_an_appointment(days=4)
        self.later(days=4).is_asked_about_eligibility()
        self.is_found(Suitability.SUITABLE)
        self.releases = release(
            case=self.case, signed=on_paper(), by=self.assessor,
            terms=ReleaseTerms(
                recipient=Recipient.REFERRER, recipient_name=SOCIAL_CARE,
                purpose=Purpose.REPORT_TO_REFERRER, ground=Ground.VOLUNTARY,
                scope=(Scope.ATTENDANCE, Scope.COMPLETION, Scope.ASSESSMENT),
                starts_on=self.today,
            ),
        )  # fmt: skip

    def is_handed_to_the_facilitator(self) -> None:
        """From the start of the group on its facilitator writes; the assessor sees it no more."""
        self.writer = self.facilitator

    # --- the assessment of risk --------------------------------------------------------------

    def is_commissioned(self) -> None:
        """A social worker wants an expert's assessment, with a price and a day."""
        self.commission = open_commission(
            case=self.case, by=self.assessor,
            terms=Terms(By.SOCIAL_WORKER, SOCIAL_CARE, "Contract 7", 180_000, "GBP",
                        self.today, self.today + timedelta(days=42)),
        )  # fmt: skip

    def is_assessed(self, level: Level, judgement: str, **rated: Rating) -> RiskAssessment:
        """Interviews and evidence by source, five parts, a judgement; signed by somebody else."""
        row = risk.begin_assessment(case=self.case, by=self.writer)
        risk.record_evidence(case=self.case, source=Source.CLIENT, how=Heard.INTERVIEW,
                             held_on=self.today, what="Spoke of stress, and of two arguments.",
                             signs=[], by=self.writer)
        sources = {one: Said(Had.HAD, self.today) for one in
                   (Source.CLIENT, Source.REFERRER, Source.POLICE)} | {
            Source.HEALTH: Said(Had.ASKED, self.today),
            Source.SOCIAL_CARE: Said(Had.ASKED, self.today),
            Source.COURT_PAPERS: Said(Had.NOT_AVAILABLE, None, "There are none yet."),
            Source.PREVIOUS_PROGRAMME: Said(Had.NOT_AVAILABLE, None, "It has closed."),
        }
        row = risk.save_sources(assessment=row, sources=sources, revision=row.revision,
                                by=self.writer)
        for section in Section:
            ratings = {one: Rated(Rating.ABSENT, "Asked about") for one in FACTORS[section]} | {
                Factor(name): Rated(rating, "Two sources agree") for name, rating in rated.items()
                if Factor(name) in FACTORS[section]}
            row = risk.save_section(assessment=row, section=section, text=FINDINGS[section],
                                    ratings=ratings, revision=row.revision, by=self.writer)
        row = risk.save_judgement(
            assessment=row, level=level, reasoning=judgement, revision=row.revision,
            recommendations="Weekly contact; no contact with the children unless supervised.",
            limits="No answer from health care; the earlier programme has closed.",
            by=self.writer)
        row = risk.send_assessment(assessment=row, revision=row.revision, by=self.writer)
        return risk.sign_assessment(assessment=row, revision=row.revision, by=self.manager)

    def risk_reports_are_useful(self) -> None:
        """The social worker is asked about each afterwards, and answers on paper."""
        for asked in self.rows(ReportFeedback, void=False, answered_on=None):
            answer_feedback(feedback=asked, usefulness=Usefulness.VERY_USEFUL, comment="",
                            by=self.manager)

    # --- documents ---------------------------------------------------------------------------

    def is_written_to(self, kind: Kind, **entries: Any) -> Document:
        """Write a document, let a second person check it, issue it, and open its files."""
        usual = documents.default_entries(case=self.case, kind=kind, on=self.today,
                                          by=self.writer)
        if usual.basis is None:
            entries = {"basis": Basis.RELEASE, "release": self.releases.pk, **entries}
        document = documents.write_document(
            case=self.case, kind=kind, language="en", on=self.today, by=self.writer,
            entries=replace(usual, **entries))
        document = documents.approve_document(document=document, version=document.version,
                                              nothing_from_others=True, by=self.manager)
        document = documents.issue_document(document=document, version=document.version,
                                            on=self.today, by=self.manager)
        with acting(self.manager):
            for ending in ("pdf", "docx"):
                content = file_of(document, ending, self.manager)
                assert content is not None
                self.papers.append(opened(f"{kind} {document.edition}.{ending}", content))
        return document

    # --- the request for a copy --------------------------------------------------------------

    def asks_for_a_copy(self) -> Any:
        """The client asks to see the own record; every record is copied for the review."""
        asked = rights.take_request(
            case=self.case, right=Right.ACCESS, received_on=self.today, how=How.IN_PERSON,
            identity=Identity.KNOWN, identity_on=self.today, language="en", by=self.manager)
        return rights.collect(request=asked, version=asked.version, by=self.manager)
