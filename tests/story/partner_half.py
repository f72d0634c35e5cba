"""The partner's half of the case study: support, children, joint risk, meetings, MARAC, reports.

Every free text holds a word of its own that stands nowhere else. Where such a word turns up tells
which record it came from.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.test import override_settings
from django.urls import reverse

from casewall.programme.incidents.rules import Form, Kind, Severity, Sign
from casewall.programme.incidents.rules import Source as ToldBy
from casewall.safety.children import actions as on_children
from casewall.safety.children.models import Child
from casewall.safety.children.rules import Plan, Relationship
from casewall.safety.conferences import actions as marac
from casewall.safety.conferences.models import ConferenceReferral, Hearing
from casewall.safety.conferences.rules import Answer, Consent, Ground, Heard
from casewall.safety.coordination import actions as disclosures
from casewall.safety.coordination.models import Disclosure
from casewall.safety.coordination.rules import Ground as Given
from casewall.safety.coordination.rules import Purpose
from casewall.safety.incidents import actions as incidents
from casewall.safety.incidents.rules import Suffered
from casewall.safety.intake.outbox import send_outbox
from casewall.safety.meetings import actions as meetings
from casewall.safety.meetings.models import AgendaItem, Meeting
from casewall.safety.meetings.rules import For, Presence
from casewall.safety.meetings.rules import Kind as OfMeeting
from casewall.safety.partners import actions as files
from casewall.safety.partners.models import PartnerFile
from casewall.safety.partners.rules import Channel, Outcome, Present
from casewall.safety.risk import actions as joint
from casewall.safety.risk.models import DangerSignal, JointRisk
from casewall.safety.risk.rules import Level, Occasion, SourceOf
from casewall.safety.sharing import actions as sharing
from casewall.safety.sharing.actions.reports import Written, file_of
from casewall.safety.sharing.actions.shares import Terms
from casewall.safety.sharing.rules import (
    AgencyKind,
    Asked,
    Basis,
    ReportFor,
    Section,
    ShareFor,
)
from casewall.safety.support import actions as support
from casewall.safety.support.models import SupportPeriod
from casewall.safety.support.rules import Came, Doer, EndReason, SessionKind, Topic
from casewall.staff.models import Worker
from casewall.wall.context import acting
from casewall.wall.sides import Side, Viewer
from tests.people import signed_in, site_settings
from tests.story.papers import Paper, opened

CHILDREN = (("Wren", 11), ("Robin", 8), ("Lark", 3))
"""The three children, with their ages."""

PLAN = ("signs", "places", "leaving", "children", "devices", "other")
"""The headings of a safety plan."""

TO_HIM = "Comes to talks alone for now, and is met by two workers."
"""What of a meeting may be disclosed: a decision about the programme, not a fact about her."""


@dataclass
class Planted:
    """Gives every text a word of its own, and remembers where it was planted."""

    words: dict[str, str] = field(default_factory=dict)

    def __call__(self, where: str) -> str:
        word = self.words.setdefault(where, f"brambling{len(self.words):02d}q")
        return f"Invented: she said {word}, and asked that nobody repeats it."

    def in_(self, text: str) -> set[str]:
        """Where the words come from that stand in a text."""
        return {where for where, word in self.words.items() if word in text}


@dataclass
class PartnerHalf:
    """What the safety side does, by its workers; keeps every file that it makes in `papers`."""

    workers: dict[str, Worker]
    viewers: dict[str, Viewer]
    folder: Path
    system: Viewer
    service: str
    zone: ZoneInfo
    file: PartnerFile
    case_id: UUID
    plant: Planted = field(default_factory=Planted)
    papers: dict[str, Paper] = field(default_factory=dict)
    children: list[Child] = field(default_factory=list)

    # --- looking ------------------------------------------------------------------------------

    @property
    def worker(self) -> Viewer:
        return self.viewers["partner"]

    @property
    def coordinator(self) -> Viewer:
        return self.viewers["coordinator"]

    @property
    def now(self) -> datetime:
        return datetime.now(self.zone)

    @property
    def today(self) -> date:
        return self.now.date()

    def rows(self, model: Any, **having: Any) -> list[Any]:
        with acting(self.coordinator):
            return list(model.objects.visible_to(self.coordinator).filter(**having))

    @property
    def risk(self) -> JointRisk:
        [found] = self.rows(JointRisk, file=self.file)
        return found  # type: ignore[no-any-return]

    # --- support ------------------------------------------------------------------------------

    def is_reached(self) -> None:
        """She answers, says which way is safe, and takes support up."""
        files.take_file(file=self.file, by=self.worker)
        files.record_contact(file=self.file, tried_at=self.now, channel=Channel.CALL,
                             outcome=Outcome.SPOKE, still_safe=True,
                             note=self.plant("note of a contact"), by=self.worker)
        files.set_safe_contact(file=self.file, channel=Channel.CALL, is_safe=True,
                               confirmed_on=self.today, review_on=None, from_time=time(9),
                               to_time=time(11), note=self.plant("safe contact"),
                               call_as="The library", by=self.worker)
        support.begin_support(file=self.file, on=self.today, by=self.worker)

    def tells_of_violence(self) -> None:
        """An incident nobody else knows of: a sign of danger, and a task at once."""
        incidents.record_suffered(
            file=self.file, suffered_by=Suffered.PARTNER, forms=[Form.PHYSICAL, Form.CONTROL],
            signs=[Sign.STRANGULATION], severity=Severity.SERIOUS, source=ToldBy.PARTNER,
            happened_on=self.today - timedelta(days=9), exact=True, told_on=self.today,
            what=self.plant("incident"), by=self.worker)
        [signal] = self.rows(DangerSignal, file=self.file, acknowledged_at=None)
        joint.acknowledge(signal=signal, done=self.plant("what was done about danger"),
                          by=self.worker)

    def makes_plans(self) -> None:
        """A support plan and a safety plan, in her words."""
        support.write_support_plan(
            file=self.file, goals=self.plant("support plan"), note=None, written_on=self.today,
            review_on=self.today + timedelta(days=60), seen=0, by=self.worker)
        support.write_safety_plan(
            file=self.file, words={one: self.plant(f"safety plan, {one}") for one in PLAN},
            agreed=True, written_on=self.today, review_on=self.today + timedelta(days=30), seen=0,
            by=self.worker)
        support.add_step(file=self.file, what=self.plant("step of a plan"), who=Doer.BOTH,
                         due_on=self.today + timedelta(days=14), by=self.worker)

    def meets_her_worker(self) -> None:
        support.record_session(
            file=self.file, by=self.worker,
            facts=support.SessionFacts(
                began_at=self.now, kind=SessionKind.SUPPORT, came=Came.HELD, minutes=60,
                channel=Channel.CALL, present=Present.NOBODY,
                topics=[Topic.SAFETY, Topic.CHILDREN],
                note=self.plant(f"session of {self.today}")),
        )  # fmt: skip

    # --- the children -------------------------------------------------------------------------

    def names_three_children(self) -> None:
        """Each child once, linked to both adults, under a protection plan."""
        for name, age in CHILDREN:
            child = on_children.record_child(
                person=on_children.Person(
                    given_name=name, family_name="Invented",
                    born_on=self.today.replace(year=self.today.year - age),
                    school=self.plant(f"school of {name}")),
                service=self.service, compartment=self.file.compartment, on=self.today,
                file=self.file, relationship=Relationship.PARENT,
                clients=[(self.case_id, Relationship.PARENT)], by=self.worker)
            self.children.append(child)
            self.plan_becomes(name, Plan.PROTECTION_PLAN)

    def plan_becomes(self, name: str, plan: Plan) -> None:
        place = [one for one, _ in CHILDREN].index(name)
        on_children.record_plan(child=self.children[place], plan=plan, since=self.today,
                                agency=self.plant(f"agency of the plan of {name}"),
                                by=self.worker)

    # --- risk that both sides know of together ----------------------------------------------

    def risk_is_judged(self, level: Level, occasion: Occasion) -> None:
        joint.review_risk(
            file=self.file, case_id=self.case_id, on=self.today, version=self.risk.version,
            by=self.worker,
            said=joint.Judgement(
                level=level, occasion=occasion, reasons=self.plant(f"reasons for {level}"),
                plan=self.plant(f"plan for {level}"), changed=self.plant(f"change to {level}"),
                sources=[SourceOf.PARTNER, SourceOf.CLIENT, SourceOf.POLICE]),
        )  # fmt: skip

    # --- case meetings ------------------------------------------------------------------------

    def is_discussed(self, kind: OfMeeting = OfMeeting.REGULAR) -> AgendaItem:
        """A case meeting with its agenda, attendance, minutes, an action and extracts."""
        by = self.coordinator
        with site_settings(Side.SAFETY):
            meeting: Meeting = meetings.plan_meeting(service=self.service, kind=kind,
                                                     held_at=self.now, by=by)
        [item] = self.rows(AgendaItem, meeting=meeting, file=self.file)
        meetings.record_attendance(meeting=meeting, name="Invented colleague", agency="Support",
                                   presence=Presence.PRESENT, by=by)
        meetings.begin(meeting=meeting, by=by)
        item = meetings.keep_item(item=item, discussion=self.plant(f"minutes, {kind}"),
                                  decision=self.plant(f"decision, {kind}"),
                                  version=item.version, by=by)
        meetings.add_action(item=item, what=self.plant(f"action of the meeting, {kind}"),
                            owner=self.worker.worker, agency="", by=by,
                            due_on=self.today + timedelta(days=7))
        meetings.write_extract(item=item, whom=For.PARTNER, by=by,
                               text=self.plant(f"extract for her file, {kind}"))
        if kind is OfMeeting.REGULAR:
            meetings.write_extract(item=item, whom=For.CLIENT, text=TO_HIM,
                                   case_id=self.case_id, by=by)
        meetings.close(meeting=meeting, by=by)
        return item

    def he_is_told_of_the_decision(self) -> Disclosure:
        """The extract for his file leaves as a disclosure: two approve, and the slot sends it."""
        asked = disclosures.ask(
            file=self.file, case_id=self.case_id, purpose=Purpose.MEETING_ACTION, text=TO_HIM,
            ground=Given.RECORDED_OVERRIDE, override_reason=self.plant("reason of a disclosure"),
            other_sources=2, by=self.worker, at=self.now)
        for by in (self.coordinator, self.viewers["other"]):
            disclosures.approve(disclosure=asked, by=by, at=self.now)
        return asked

    def what_was_approved_is_sent(self) -> int:
        sent = disclosures.release_due(by=self.system, at=self.now)
        send_outbox(by=self.system)
        return sent

    # --- MARAC --------------------------------------------------------------------------------

    def is_referred_to_marac(self) -> ConferenceReferral:
        """The form fills itself from the records; she consents."""
        row = marac.begin_referral(file=self.file, by=self.worker)
        answers = marac.answers_of(row) | {"gp": self.plant("general practitioner")}
        row = marac.keep_referral(
            referral=row, version=row.version, by=self.worker,
            filled=marac.Filled(
                answers=answers, judgement=self.plant("judgement for MARAC"), high_risk=True,
                children=3, consent=Consent.NOT_SAFE_TO_ASK, ground=Ground.VITAL_INTERESTS,
                ground_reason=self.plant("ground for MARAC")),
        )  # fmt: skip
        return marac.send_referral(referral=row, sent_to="Ashmere MARAC office",
                                   version=row.version, by=self.worker)

    def is_heard(self, referral: ConferenceReferral) -> Hearing:
        """The conference: research, the hearing, an action and a flag for twelve months."""
        by = self.coordinator
        day = marac.plan_conference(service=self.service, held_at=self.now, place="", by=by)
        hearing = marac.list_referral(conference=day, referral=referral, by=by)
        research = marac.ask_research(hearing=hearing, agency="Invented police", by=by)
        marac.keep_research(research=research, answer=Answer.CAME, version=research.version,
                            text=self.plant("what the police know"), by=by)
        hearing = marac.keep_hearing(hearing=hearing, outcome=Heard.ACTIONS,
                                     summary=self.plant("summary of the hearing"),
                                     version=hearing.version, by=by)
        marac.add_conference_action(hearing=hearing, what=self.plant("action of MARAC"),
                                    owner=self.worker.worker, agency="", by=by,
                                    due_on=self.today + timedelta(days=3))
        return hearing

    # --- what leaves this side ----------------------------------------------------------------

    def social_care_gets_a_report(self) -> None:
        """A report that the client will receive: every section is asked about, and two agree."""
        incidents.open_proceeding(
            file=self.file, kind=Kind.PROTECTIVE_ORDER, began_on=self.today, until_on=None,
            court=self.plant("court"), conditions=self.plant("conditions of an order"),
            source=ToldBy.POLICE, stated_on=self.today, by=self.worker)
        sections = [Section.SUPPORT, Section.ORDERS, Section.ASSESSMENT, Section.RECOMMENDATIONS]
        words = {Section.ASSESSMENT: "Takes part in support and keeps every appointment.",
                 Section.RECOMMENDATIONS: "Support goes on for as long as it is wanted."}
        row = sharing.write_report(
            file=self.file, by=self.worker,
            written=Written(
                addressed_to=ReportFor.SOCIAL_WORKER, recipient="Ashmere social care",
                named="B. I.", basis=Basis.SAFEGUARDING, consented=False, sections=sections,
                words=words),
        )  # fmt: skip
        row = sharing.approve_report(
            report=row, answers={one: dict.fromkeys(Asked, False) for one in sections},
            accepted={}, overlaps_seen=False, version=row.version, by=self.coordinator)
        row = sharing.release_report(report=row, version=row.version, by=self.coordinator)
        agency = sharing.keep_agency(service=self.service, compartment=self.file.compartment,
                                     name="Ashmere social care", kind=AgencyKind.CHILDREN,
                                     by=self.coordinator)
        sharing.share(
            agency=agency, file=self.file, by=self.worker,
            terms=Terms(person="Duty desk", purpose=ShareFor.SAFEGUARDING,
                        basis=Basis.SAFEGUARDING, consented=False, document=row,
                        without_because=self.plant("reason of a share"), shared_on=self.today,
                        expires_on=self.today + timedelta(days=90)),
        )  # fmt: skip
        with acting(self.coordinator):
            for ending in ("pdf", "docx"):
                content = file_of(row, ending, self.coordinator)
                assert content is not None
                self.papers[f"safety report.{ending}"] = opened(ending, content)

    def page(self, name: str, address: str, of: UUID) -> Paper:
        """A page to print, as the coordinator's browser gets it. It is for agencies, never him."""
        with site_settings(Side.SAFETY), override_settings(
            STATIC_ROOT=self.folder, ALLOWED_HOSTS=["testserver"], CASEWALL_SEARCH_URL="",
            CASEWALL_NAVIGATION=[]
        ):  # fmt: skip
            answer = signed_in(self.workers["coordinator"]).get(reverse(address, args=[of]))
        assert answer.status_code == 200
        return opened(name, answer.content)

    # --- the end ------------------------------------------------------------------------------

    def support_ends(self) -> None:
        """Her goals are reached; her file is closed on her own day, not on his."""
        [period] = self.rows(SupportPeriod, file=self.file, ended_on=None)
        support.end_support(period=period, on=self.today, reason=EndReason.GOALS_REACHED,
                            version=period.version, note=self.plant("end of support"),
                            closes_file=True, by=self.worker)


def reply_of(row: Any) -> Paper:
    """The reply to a request, as it left."""
    return opened("reply", base64.b64decode(row.content))
