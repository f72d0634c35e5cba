"""Living what agencies do together: joint risk, a meeting, MARAC, shares, a report, rights.

A handful per service, over the first files of the pass. Done twice it is done once: whatever is
there already is not lived again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone

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
from casewall.safety.conferences import actions as marac
from casewall.safety.conferences.models import ConferenceReferral
from casewall.safety.conferences.rules import Answer, Consent, Ground, Heard, State
from casewall.safety.meetings import actions as meetings
from casewall.safety.meetings.models import AgendaItem, Meeting
from casewall.safety.meetings.rules import For, Kind, Presence
from casewall.safety.partners.danger import Danger
from casewall.safety.rights import actions as rights
from casewall.safety.risk import actions as risk
from casewall.safety.risk.actions.vulnerability import Commissioned
from casewall.safety.risk.models import DangerSignal, JointRisk, RiskReview
from casewall.safety.risk.rules import Level, Occasion, SourceOf, Trigger
from casewall.safety.risk.vulnerable.rules import AskedBy
from casewall.safety.risk.vulnerable.rules import Basis as OnOrder
from casewall.safety.risk.vulnerable.rules import Section as Part
from casewall.safety.sharing import actions as sharing
from casewall.safety.sharing.actions.reports import Written
from casewall.safety.sharing.actions.shares import Terms
from casewall.safety.sharing.models import ExternalAgency, Share
from casewall.safety.sharing.rules import (
    AgencyKind,
    Basis,
    ReportFor,
    Route,
    Section,
    ShareFor,
)
from casewall.synthetic.desk import Desk
from casewall.synthetic.texts_together import MARAC, MEETING, RIGHTS, RISK, SHARING, TOGETHER
from casewall.wall.context import acting
from casewall.wall.sides import Viewer

AGENCIES = (
    ("Housing office", AgencyKind.HOUSING, 300),
    ("Children's social care", AgencyKind.CHILDREN, 30),
)
"""Invented agencies of the directory, and for how many days their agreement still holds."""
LEVELS = (Level.VERY_HIGH, Level.HIGH, Level.MEDIUM, Level.STANDARD)


@dataclass(slots=True)
class Table:
    """Where the agencies sit together about one file: its desk, and what is said at it."""

    desk: Desk
    said: int = 0

    @property
    def by(self) -> Viewer:
        return self.desk.by

    @property
    def coordinator(self) -> Viewer:
        return self.desk.team.coordinator

    def text(self, where: str) -> str:
        """A text for a field, with its canary."""
        self.said += 1
        told = self.desk.random.choice(TOGETHER[where])
        return self.desk.canaries.note(where, told, ["together", self.desk.who, self.said])

    def form(self, what: str) -> UUID:
        return self.desk.form(f"together {what}")


def live_together_with_agencies(desks: Sequence[Desk]) -> None:
    """The whole pass over the files of a service; nothing where it has been lived."""
    tables = [Table(desk) for desk in desks]
    if not tables or _is_lived(tables[0]):
        return
    for place, table in enumerate(tables):
        _judge(table, LEVELS[place % len(LEVELS)])
    first, second = tables[0], tables[-1]
    _review_again(first)
    _plan(first)
    _signals(tables)
    _vulnerability(first, signed=True)
    _conference(second)
    if second is not first:  # a small demonstration may have one file in a service
        _vulnerability(second, signed=False)
        _withdrawn(first)
    _meeting(tables)
    _share(first, _agencies(first))
    _report(first)
    _rights(first)


def _is_lived(table: Table) -> bool:
    with acting(table.coordinator):
        rows = RiskReview.objects.visible_to(table.coordinator)
        return bool(rows.filter(file=table.desk.file).exists())


# --- joint risk ----------------------------------------------------------------------------------


def _picture(table: Table) -> JointRisk | None:
    with acting(table.by):
        rows = JointRisk.objects.visible_to(table.by).filter(file=table.desk.file)
        return rows.filter(case_id=table.desk.case_id).first()


def _judge(table: Table, level: Level, *, changed: str = "", on: date | None = None) -> None:
    now = _picture(table)
    risk.review_risk(
        file=table.desk.file, case_id=table.desk.case_id, on=on or table.desk.day(0.5),
        version=now.version if now else 0, by=table.by,
        said=risk.Judgement(
            level=level, occasion=Occasion.MEETING if changed else Occasion.INTAKE,
            reasons=table.text(RISK + "riskreview.reasons"),
            plan=table.text(RISK + "riskreview.plan"), changed=changed,
            sources=(SourceOf.PARTNER, SourceOf.CLIENT, SourceOf.POLICE)),
        form=table.form(f"review {changed[:10]}"),
    )  # fmt: skip


def _review_again(table: Table) -> None:
    """The gravest picture is looked at again, and its level goes down with a reason."""
    desk = table.desk
    risk.note_trigger(
        file=desk.file, case_id=desk.case_id, trigger=Trigger.SEPARATION, on=desk.day(0.7),
        note=table.text(RISK + "risktrigger.note"), by=table.by, form=table.form("trigger"),
    )  # fmt: skip
    _judge(table, Level.HIGH, changed=table.text(RISK + "riskreview.changed"), on=desk.last)


def _plan(table: Table) -> None:
    """Two actions: one for a worker, done; one for an agency, to come."""
    picture = _picture(table)
    if picture is None:
        raise LookupError("There is no joint picture of this file.")
    what, today = RISK + "riskaction.what", timezone.localdate()
    done = risk.add_action(
        risk=picture, what=table.text(what), owner=table.by.worker, agency=None,
        due_on=today, by=table.by, form=table.form("action 1"))
    risk.settle_action(action=done, outcome=table.text(RISK + "riskaction.outcome"),
                       dropped=False, version=done.version, by=table.by)
    risk.add_action(
        risk=picture, what=table.text(what), owner=None, by=table.by,
        agency=table.text(RISK + "riskaction.agency"), due_on=today + timedelta(days=9),
        form=table.form("action 2"))


def _signals(tables: Sequence[Table]) -> None:
    """Somebody acted on one sign of danger; where none came in, one is raised by hand."""
    first = tables[0]
    risk.raise_by_hand(file=first.desk.file, signs=[Danger.FEAR], by=first.by,
                       form=first.form("sign"))
    with acting(first.by):
        rows = DangerSignal.objects.visible_to(first.by).filter(file=first.desk.file)
        signal = rows.filter(acknowledged_at=None).order_by("raised_at", "id").first()
    if signal is not None:
        risk.acknowledge(signal=signal, done=first.text(RISK + "dangersignal.done"), by=first.by)


def _vulnerability(table: Table, *, signed: bool) -> None:
    """A court asks for an assessment: a second person signs it, or gives it back."""
    where, desk = RISK + "vulnerabilityassessment.", table.desk
    row = risk.begin_vulnerability(
        file=desk.file, by=table.by, form=table.form(f"vulnerability {signed}"),
        asked=Commissioned(
            asked_by=AskedBy.COURT, asker=table.text(where + "asker"), asked_on=desk.day(0.4),
            due_on=desk.today + timedelta(days=20), basis=OnOrder.COURT_ORDER,
            law=table.text(where + "law"), consented=False, consent_on=None,
            without_because=table.text(where + "without_because")),
    )  # fmt: skip
    row = risk.write_vulnerability(
        assessment=row, version=row.version, by=table.by,
        sections={part: table.text(where + part) for part in Part})
    row = risk.hand_in(assessment=row, version=row.version, by=table.by)
    if signed:
        risk.sign_vulnerability(assessment=row, version=row.version, by=table.coordinator)
        return
    risk.return_vulnerability(assessment=row, because=table.text(where + "returned_because"),
                              version=row.version, by=table.coordinator)


# --- MARAC ---------------------------------------------------------------------------------------


def _referral(table: Table) -> ConferenceReferral:
    row = marac.begin_referral(file=table.desk.file, by=table.by, form=table.form("marac"))
    answers = marac.answers_of(row)
    answers["what_happened"] = table.text(MARAC + "conferencereferral.answers")
    return marac.keep_referral(
        referral=row, version=row.version, by=table.by,
        filled=marac.Filled(
            answers=answers, high_risk=True, consent=Consent.NOT_SAFE_TO_ASK,
            judgement=table.text(MARAC + "conferencereferral.judgement"),
            ground=Ground.VITAL_INTERESTS,
            ground_reason=table.text(MARAC + "conferencereferral.ground_reason")),
    )  # fmt: skip


def _conference(table: Table) -> None:
    """Referred, researched and heard yesterday, with two actions and a flag; one is to come."""
    row, desk, by = _referral(table), table.desk, table.coordinator
    row = marac.send_referral(referral=row, version=row.version, by=table.by,
                              sent_to=table.text(MARAC + "conferencereferral.sent_to"))
    held = marac.plan_conference(
        service=desk.service.id, held_at=desk.at(desk.last, "09:00"), place="Town hall, room 2",
        by=by, form=table.form("conference"))
    hearing = marac.list_referral(conference=held, referral=row, by=by)
    research = marac.ask_research(hearing=hearing, by=by, form=table.form("research"),
                                  agency=table.text(MARAC + "research.agency"))
    marac.keep_research(research=research, answer=Answer.CAME, version=research.version, by=by,
                        text=table.text(MARAC + "research.text"))
    hearing = marac.keep_hearing(hearing=hearing, outcome=Heard.ACTIONS, version=hearing.version,
                                 summary=table.text(MARAC + "hearing.summary"), by=by)
    what, today = MARAC + "conferenceaction.what", timezone.localdate()
    done = marac.add_conference_action(
        hearing=hearing, what=table.text(what), owner=table.by.worker, agency="", by=by,
        due_on=today, form=table.form("conference action 1"))
    marac.finish_conference_action(
        action=done, outcome=table.text(MARAC + "conferenceaction.outcome"),
        version=done.version, by=table.by)
    marac.add_conference_action(
        hearing=hearing, what=table.text(what), owner=None, by=by,
        agency=table.text(MARAC + "conferenceaction.agency"),
        due_on=today + timedelta(days=7), form=table.form("conference action 2"))
    marac.plan_conference(
        service=desk.service.id, held_at=desk.at(desk.ahead(13), "09:00"),
        place="Town hall, room 2", by=by, form=table.form("next conference"))


def _withdrawn(table: Table) -> None:
    """A referral that another area took over before it was sent."""
    row = _referral(table)
    if row.state == State.DRAFT:
        marac.withdraw_referral(
            referral=row, by=table.by,
            because=table.text(MARAC + "conferencereferral.withdrawn_because"))


# --- a case meeting ------------------------------------------------------------------------------


def _meeting(tables: Sequence[Table]) -> None:
    """A meeting of today that has begun, with its minutes so far, and the next with its agenda."""
    table, other = tables[0], tables[-1]
    desk, by = table.desk, table.coordinator
    now = timezone.localtime()
    # A minute before midnight there is no minute left of the day on which it can begin.
    last = now.replace(hour=23, minute=59, second=59)
    meeting = meetings.plan_meeting(
        service=desk.service.id, kind=Kind.REGULAR, by=by, form=table.form("meeting"),
        held_at=min(now + timedelta(minutes=1), last))
    for one in (table, other):
        meetings.add_item(meeting=meeting, file=one.desk.file, by=by,
                          why=one.text(MEETING + "agendaitem.why"))
    meetings.begin(meeting=meeting, by=by)
    for place, presence in enumerate((Presence.PRESENT, Presence.APOLOGIES)):
        meetings.record_attendance(
            meeting=meeting, name=table.text(MEETING + "attendee.name"), by=by,
            agency=table.text(MEETING + "attendee.agency"), presence=presence,
            form=table.form(f"attendee {place}"))
    if other is not table:
        item = _item(meeting, other)
        meetings.take_off(item=item, version=item.version, by=by,
                          because=other.text(MEETING + "agendaitem.off_because"))
    _discussed(_item(meeting, table), table)
    meetings.keep_minutes(meeting=meeting, text=table.text(MEETING + "minutes.text"), number=0,
                          by=by)
    meetings.plan_meeting(service=desk.service.id, kind=Kind.REGULAR, by=by,
                          held_at=desk.at(desk.ahead(14), "10:00"), form=table.form("next"))


def _item(meeting: Meeting, table: Table) -> AgendaItem:
    by = table.coordinator
    with acting(by):
        rows = AgendaItem.objects.visible_to(by).filter(meeting=meeting)
        found: AgendaItem = rows.select_related("file__partner").get(file=table.desk.file)
    return found


def _discussed(item: AgendaItem, table: Table) -> None:
    """What was said and decided, two actions, and an extract for the partner's own file."""
    by = table.coordinator
    own = meetings.keep_item(
        item=item, discussion=table.text(MEETING + "agendaitem.discussion"), version=item.version,
        decision=table.text(MEETING + "agendaitem.decision"), by=by)
    what, today = MEETING + "meetingaction.what", timezone.localdate()
    done = meetings.add_action(item=own, what=table.text(what), owner=table.by.worker, agency="",
                               due_on=today, by=by, form=table.form("meeting action 1"))
    meetings.finish_action(action=done, outcome=table.text(MEETING + "meetingaction.outcome"),
                           version=done.version, by=table.by)
    meetings.add_action(
        item=own, what=table.text(what), owner=None, by=by,
        agency=table.text(MEETING + "meetingaction.agency"),
        due_on=today + timedelta(days=7), form=table.form("meeting action 2"))
    meetings.write_extract(item=own, whom=For.PARTNER, text=table.text(MEETING + "extract.text"),
                           by=by, form=table.form("extract"))


# --- agencies, shares, a report --------------------------------------------------------------


def _agencies(table: Table) -> ExternalAgency:
    """A directory with one agreement that holds for long and one that runs out soon."""
    desk, by, where = table.desk, table.coordinator, SHARING + "agencycontact."
    made = []
    for name, kind, days in AGENCIES:
        agency = sharing.keep_agency(
            service=desk.service.id, compartment=desk.file.compartment, kind=kind, by=by,
            name=f"{name} (invented)", form=table.form(name))
        sharing.add_contact(
            agency=agency, by=by, form=table.form(f"desk of {name}"),
            **{part: table.text(where + part) for part in ("name", "phone", "email", "address")})
        sharing.agree(
            agency=agency, what="What keeps a person safe", basis=Basis.PUBLIC_TASK, by=by,
            first_on=desk.today - timedelta(days=300), form=table.form(f"agreement {name}"),
            last_on=timezone.localdate() + timedelta(days=days))
        made.append(agency)
    return made[0]


def _share(table: Table, agency: ExternalAgency) -> None:
    """Two shares without consent: one has a message with its receipt, one is recalled."""
    today = timezone.localdate()
    kept: list[Share] = []
    for name in ("kept", "recalled"):
        terms = Terms(
            person=table.text(SHARING + "share.person"), purpose=ShareFor.HOUSING,
            basis=Basis.VITAL_INTERESTS, consented=False, shared_on=today,
            what=table.text(SHARING + "share.what"), expires_on=today + timedelta(days=60),
            without_because=table.text(SHARING + "share.without_because"))
        kept.append(sharing.share(agency=agency, terms=terms, file=table.desk.file, by=table.by,
                                  form=table.form(f"share {name}")))
    message = sharing.send_message(
        share=kept[0], route=Route.PORTAL, words=table.text(SHARING + "agencymessage.words"),
        sent_on=today, by=table.by, form=table.form("message"))
    sharing.acknowledge(
        message=message, on=today, by=table.by,
        whom=table.text(SHARING + "agencymessage.acknowledged_by"),
        receipt=table.text(SHARING + "agencymessage.receipt"))
    recalled = sharing.recall_share(share=kept[1], version=kept[1].version, by=table.by,
                                    reason=table.text(SHARING + "share.recalled_because"))
    sharing.tell_of_recall(share=recalled, whom=table.text(SHARING + "share.told_whom"),
                           on=today, by=table.by)


def _report(table: Table) -> None:
    """A report to a court: given back once, and waiting for the check “he will receive this”."""
    parts = [Section.SUPPORT, Section.ASSESSMENT]
    row = sharing.write_report(
        file=table.desk.file, by=table.by, form=table.form("report"),
        written=Written(
            addressed_to=ReportFor.COURT, named="A. B.", basis=Basis.COURT_ORDER,
            recipient=table.text(SHARING + "safetyreport.recipient"), consented=False,
            asked_by=table.text(SHARING + "safetyreport.asked_by"), sections=parts,
            words={Section.ASSESSMENT: table.text(SHARING + "safetyreport.content")}),
    )  # fmt: skip
    if row.returned_note is None:
        sharing.return_report(report=row, note=table.text(SHARING + "safetyreport.returned_note"),
                              version=row.version, by=table.coordinator)


# --- rights --------------------------------------------------------------------------------------


def _rights(table: Table) -> None:
    """A partner asks for a copy, somebody complains and is answered, and a near miss is told."""
    desk, by = table.desk, table.by
    day = desk.last
    rights.take_request(
        right=Right.ACCESS, received_on=day, how=How.PHONE, identity=Identity.KNOWN,
        identity_on=day, language="en", file=desk.file, by=by,
        asks=table.text(RIGHTS + "rightscase.asks"), form=table.form("request"))
    complaint = rights.record_complaint(
        about=About.WAITING, came_from=From.PARTNER, received_on=day, file=desk.file,
        what=table.text(RIGHTS + "complaint.what"), by=by, form=table.form("complaint"))
    complaint = rights.acknowledge_complaint(complaint=complaint, version=complaint.version,
                                             by=table.desk.team.manager)
    rights.answer_complaint(
        complaint=complaint, outcome=Outcome.UPHELD, version=complaint.version,
        answer=table.text(RIGHTS + "complaint.answer"), by=table.desk.team.manager,
        learning=table.text(RIGHTS + "complaint.learning"))
    rights.report_breach(
        mishap=Mishap.WRONG_RECIPIENT, near_miss=True, what=table.text(RIGHTS + "breach.what"),
        found_at=desk.at(day, "14:20"), happened_on=day, affected=Affected(partners=2),
        by=by, form=table.form("near miss"))
