"""A case study as a service publishes it, told whole: both people, three children, two files.

A social worker refers a family. The assessment of the client ends in a prognosis that is not
optimistic. Both take up a programme, the partner hers on the other side of the wall. The case is
discussed in meetings and heard at MARAC; the plans of three children change; both files close.
Every document that comes out of it is opened.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from casewall.config.prove.running import dump_of
from casewall.programme.cases.models import Statement
from casewall.programme.cases.rules import Stage
from casewall.programme.referrals.actions import apply_arrivals
from casewall.programme.reports.rules import Kind
from casewall.programme.risk.rules import Level, Rating
from casewall.safety.children.models import PlanStatus
from casewall.safety.children.rules import Plan
from casewall.safety.conferences.models import ConferenceReferral
from casewall.safety.intake.actions import load_file
from casewall.safety.intake.outbox import send_outbox
from casewall.safety.meetings.models import Meeting
from casewall.safety.meetings.rules import Kind as OfMeeting
from casewall.safety.partners.models import PartnerFile
from casewall.safety.pulled.actions import pull
from casewall.safety.rights import actions as rights
from casewall.safety.rights.models import RightsCase
from casewall.safety.rights.rules import Ground, Route, Verdict
from casewall.safety.risk.rules import Level as Joint
from casewall.safety.risk.rules import Occasion
from casewall.services.load import shipped
from casewall.staff.models import system_viewer
from casewall.wall.context import acting, on_side
from casewall.wall.sides import Role, Side, Viewer
from tests.emptying import empty
from tests.people import Staff
from tests.safety.children.conftest import workers
from tests.safety.incidents.test_two_worlds import repeatable
from tests.safety.rights.conftest import NONE
from tests.story.client_half import NOT_OPTIMISTIC, SOCIAL_CARE, ClientHalf
from tests.story.papers import Paper
from tests.story.partner_half import CHILDREN, TO_HIM, PartnerHalf, reply_of
from tests.synthetic.test_living import texts

__all__ = ["repeatable", "workers"]

SERVICE = "dvip"
LONDON = shipped()[SERVICE]
ZONE = ZoneInfo(LONDON.time_zone)
DAY = date(2036, 9, 1)
FRIDAY = 4
FORM = """\
Reference,Referral date,Referral route,Referring agency,Client first name,Client surname,\
Client date of birth,Client phone,Partner first name,Partner surname,Partner phone
A-77,01.09.2036,child_social_care,Ashmere children's social care,Alex,Invented,17.05.1996,\
020 7946 0101,Blake,Imagined,020 7946 0202
"""


class Nobody:
    """The partner's half of a world in which nobody is contacted: nothing is ever done."""

    papers: dict[str, Paper] = {}

    def __getattr__(self, name: str) -> Any:
        return lambda *_, **__: None


class CaseStudy:
    """The family's story: the clock, both halves, and the way between them."""

    def __init__(self, office: Any, colleagues: Any, clock: Any, rng: Random):
        self.rng, self.workers = rng, colleagues
        self.chapter("the referral")
        self.his = ClientHalf(office, "violence-prevention", "Alex", clock, DAY)
        with on_side(Side.SAFETY):
            self.viewers: dict[str, Viewer] = {
                name: worker.as_viewer() for name, worker in colleagues.items()
            }
            self.safety = system_viewer(Role.SAFETY_SYSTEM)
        self.hers: Any = Nobody()

    def chapter(self, name: str) -> None:
        """What the programme draws from here on is the same in every world."""
        self.rng.seed(name)

    def night(self) -> None:
        """What came down is taken in; the safety side pulls, for every case, as every night."""
        apply_arrivals(by=self.his.office.system, services={SERVICE: LONDON}, on=self.his.today)
        self.his.at(22)
        pull(by=self.safety, services={SERVICE: LONDON}, at=datetime.now(ZONE))
        self.his.later(days=1)

    def is_referred(self, folder: Path, *, with_hers: bool) -> None:
        """One row names two people. It is split: two files, on two sides of a wall."""
        source = folder / "referrals.csv"
        source.write_text(FORM, encoding="utf-8")
        load_file(source=source, name=source.name, service=LONDON,
                  by=self.viewers["coordinator"], at=datetime.now(ZONE))
        send_outbox(by=self.safety)
        self.night()
        case = self.his.is_here()
        with acting(self.safety):
            [file] = PartnerFile.objects.visible_to(self.safety)
        if with_hers:
            self.hers = PartnerHalf(self.workers, self.viewers, folder, self.safety, SERVICE, ZONE,
                                    file, case.pk)

    def copy_is_given(self) -> Paper:
        """Two people review each record; the reply leaves on the fixed day."""
        self.his.asks_for_a_copy()
        self.night()
        dpo, manager = self.viewers["officer"], self.viewers["manager"]
        with acting(dpo):
            [request] = RightsCase.objects.visible_to(dpo)
        for by in (dpo, manager):
            for verdict in (Verdict.INCLUDE, Verdict.WITHHOLD):
                rights.confirm_many(request=request, verdict=verdict, by=by)
            with acting(by):
                standing = rights.standing_of(request, by)
            for item in standing.waiting:
                if standing.of_worker(item, by.worker) is None:
                    rights.review(item=item, questions=NONE, verdict=Verdict.WITHHOLD,
                                  ground=Ground.THIRD_PARTY, by=by)
        self.his.later(days=24)
        with acting(dpo):
            [request] = RightsCase.objects.visible_to(dpo)
        return reply_of(rights.release(request=request, route=Route.IN_PERSON,
                                       version=request.version, by=dpo))


def told(story: CaseStudy, folder: Path, *, with_hers: bool) -> tuple[ClientHalf, Any, Paper]:
    """The whole story. Without her, every line that begins with `hers` does nothing."""
    story.is_referred(folder, with_hers=with_hers)
    his, hers = story.his, story.hers

    # A social worker commissions an expert's assessment. She is called the same week.
    story.chapter("the assessment")
    his.agrees_to_be_assessed()
    his.is_commissioned()
    hers.is_reached()
    hers.names_three_children()
    hers.tells_of_violence()

    # What is known to the programme is assessed from its own sources. Four of seven are missing.
    story.chapter("the report")
    his.later(days=14).is_assessed(
        Level.HIGH, NOT_OPTIMISTIC, physical=Rating.PRESENT, denial=Rating.PRESENT,
        child_sees=Rating.PRESENT, escalation=Rating.POSSIBLE,
    )  # fmt: skip
    his.is_written_to(Kind.RISK_REPORT)
    story.night()

    # Above, both accounts are looked at together: it is graver than either side alone knew.
    hers.risk_is_judged(Joint.VERY_HIGH, Occasion.INTAKE)
    hers.makes_plans()
    heard = hers.is_referred_to_marac()
    hers.is_discussed()
    hers.he_is_told_of_the_decision()
    story.chapter("the agreement")
    his.later(days=3).signs_the_agreement("en")
    his.waits_for_a_place()
    hers.is_heard(heard)
    hers.social_care_gets_a_report()
    hers.what_was_approved_is_sent()
    story.night()

    # Both undertake programmes: Fridays in a group for him, talks with her worker for her.
    story.chapter("the programme")
    his.group_is_planned("violence-prevention", starts_on=date(2036, 10, 17), at=time(18),
                         weekdays=(FRIDAY,))
    his.joins(date(2036, 10, 17))
    his.is_handed_to_the_facilitator()
    his.attends(4)
    hers.meets_her_worker()
    story.chapter("two absences")
    his.stays_away()
    his.stays_away()
    his.acts_are_accepted()
    his.later(days=4).is_written_to(Kind.MISSED_SESSION)
    story.night()

    # Her risk is looked at again. The eldest's plan changes first.
    hers.meets_her_worker()
    hers.risk_is_judged(Joint.HIGH, Occasion.TRIGGER)
    hers.plan_becomes("Wren", Plan.CHILD_IN_NEED)
    story.chapter("the second half")
    his.attends_the_rest()
    his.is_assessed(Level.MEDIUM, "Fewer arguments; three sources agree.", denial=Rating.POSSIBLE)
    his.is_written_to(Kind.RISK_REPORT)
    his.risk_reports_are_useful()
    his.is_written_to(Kind.ATTENDANCE_REPORT, since=DAY, until=his.today)
    story.night()

    # He completes; the plans of all three children have changed; the last meeting closes it.
    story.chapter("the end")
    his.is_signed_off(his.is_reviewed())
    his.is_written_to(Kind.CERTIFICATE)
    his.is_written_to(Kind.COMPLETION_NOTICE)
    his.moves(Stage.FOLLOW_UP)
    his.moves(Stage.CLOSED)
    story.night()
    hers.plan_becomes("Wren", Plan.NONE)
    hers.plan_becomes("Robin", Plan.CHILD_IN_NEED)
    hers.plan_becomes("Lark", Plan.EARLY_HELP)
    hers.risk_is_judged(Joint.MEDIUM, Occasion.MEETING)
    hers.is_discussed(OfMeeting.CLOSURE)
    hers.support_ends()

    # Weeks later he asks for a copy of his record.
    story.chapter("the copy")
    his.later(days=30)
    return his, hers, story.copy_is_given()


@pytest.fixture
def begin(staff: Staff, offices: Any, workers: Any, repeatable: Random) -> Iterator[Any]:
    """Begins the story, on its first day."""
    with time_machine.travel(datetime.combine(DAY, time(9), ZONE), tick=False) as clock:
        yield lambda: CaseStudy(offices[SERVICE], workers, clock, repeatable)


def test_a_case_study(begin: Any, tmp_path: Path, var: Path) -> None:
    story = begin()
    his, hers, reply = told(story, tmp_path, with_hers=True)

    # The risk report names what is missing and what to expect, as PDF and as Word.
    first = [paper for paper in his.papers if paper.name.startswith("risk_report")][:2]
    for paper in first:
        for words in ("The prognosis is not optimistic", "Source missing", "Social care",
                      "An earlier programme", "Health care", SOCIAL_CARE):
            assert words in paper.text, (words, paper.text)
    assert [paper.name.split(" ")[0] for paper in his.papers[::2]] == [
        "risk_report", "missed_session", "risk_report", "attendance_report", "certificate",
        "completion_notice"]

    # The plans of three children changed, each with its days; both files are closed.
    plans = {}
    for (name, _), child in zip(CHILDREN, hers.children, strict=True):
        rows = hers.rows(PlanStatus, child=child)
        plans[name] = [row.plan for row in sorted(rows, key=lambda row: row.since)]
    assert plans == {
        "Wren": [Plan.PROTECTION_PLAN, Plan.CHILD_IN_NEED, Plan.NONE],
        "Robin": [Plan.PROTECTION_PLAN, Plan.CHILD_IN_NEED],
        "Lark": [Plan.PROTECTION_PLAN, Plan.EARLY_HELP],
    }
    assert his.stage is Stage.CLOSED
    [file] = hers.rows(PartnerFile, pk=hers.file.pk)
    assert file.closed_on is not None

    # Of all that she said, nothing stands in any document that can reach him.
    for paper in (*his.papers, *hers.papers.values(), reply):
        assert hers.plant.in_(paper.text) == set(), paper.name
        for name in ("Blake", "Imagined", "Wren", "Robin", "Lark", "7946 0202"):
            assert name not in paper.text, (paper.name, name)

    assert "Alex" in reply.text

    # They do stand where they belong: on the form for MARAC and in the minutes of the meeting.
    [referral], [first_meeting, _last] = hers.rows(ConferenceReferral), sorted(
        hers.rows(Meeting), key=lambda row: row.held_at)
    marac = hers.page("MARAC form", "marac-print", referral.pk)
    assert {"incident", "general practitioner", "judgement for MARAC"} <= hers.plant.in_(marac.text)
    assert "safety plan, places" not in hers.plant.in_(marac.text)
    minutes = hers.page("minutes", "meeting-print", first_meeting.pk)
    assert {"minutes, regular", "decision, regular"} <= hers.plant.in_(minutes.text)
    assert "incident" not in hers.plant.in_(minutes.text)

    # One thing crossed: the decision of a meeting, which two people approved.
    [statement] = his.rows(Statement)
    assert statement.text == TO_HIM
    system = {Role.PROGRAMME_SYSTEM: his.office.system}
    below = "\n".join(text for _, text in texts(Side.PROGRAMME, system))
    assert NOT_OPTIMISTIC in below
    assert hers.plant.in_(below) == hers.plant.in_(dump_of(var).decode("utf-8", "replace")) == set()
    assert len(hers.plant.words) > 40


@pytest.mark.slow
def test_the_files_are_the_same_bytes_where_nobody_ever_contacted_her(
    begin: Any, tmp_path: Path, owner_urls: dict[str, str]
) -> None:
    """One disclosure came down in the first world. It is in that file; no document shows it."""
    empty(owner_urls.values())
    his, _, reply = told(begin(), tmp_path, with_hers=True)
    assert [row.text for row in his.rows(Statement)] == [TO_HIM]
    empty(owner_urls.values())
    alone, _, given = told(begin(), tmp_path, with_hers=False)
    assert alone.rows(Statement) == []
    for one, other in zip((*his.papers, reply), (*alone.papers, given), strict=True):
        assert (one.name, one.content) == (other.name, other.content)
