"""What the agencies of a case do together on one invented partner's file, as the actions make it.

A judgement of risk with its plan, a case meeting, a MARAC referral and its hearing, an agency with
a share and a report, a request, a complaint, a breach and a restricted file.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.test import override_settings
from django.utils import timezone

from casewall.programme.rights.rules import (
    About,
    Affected,
    Because,
    From,
    How,
    Identity,
    Mishap,
    Right,
)
from casewall.safety.children.models import Child
from casewall.safety.conferences import actions as conferences
from casewall.safety.conferences.rules import Consent, Ground, Heard
from casewall.safety.meetings import actions as meetings
from casewall.safety.meetings.models import AgendaItem
from casewall.safety.meetings.rules import For, Kind, Presence
from casewall.safety.partners.danger import Danger
from casewall.safety.partners.models import PartnerFile
from casewall.safety.rights import actions as rights
from casewall.safety.risk import actions as risk
from casewall.safety.risk.models import JointRisk
from casewall.safety.risk.rules import Level, Occasion, SourceOf
from casewall.safety.risk.vulnerable.rules import AskedBy
from casewall.safety.risk.vulnerable.rules import Basis as OnBasis
from casewall.safety.sharing import actions as sharing
from casewall.safety.sharing.actions.reports import Written
from casewall.safety.sharing.actions.shares import Terms
from casewall.safety.sharing.actions.studies import Text
from casewall.safety.sharing.rules import (
    AgencyKind,
    Basis,
    ReportFor,
    Route,
    Section,
    ShareFor,
)
from casewall.safety.sharing.studies.rules import Place
from casewall.wall.sides import Role
from tests.people import SERVICE

if TYPE_CHECKING:
    from casewall.programme.cases.models import Case
    from tests.browser.world import World

WORDS = (
    "Invented. It has grown worse since the summer: three calls to the police, and the children "
    "were at home each time."
)


def worked_on_together(
    world: World, file: PartnerFile, second: PartnerFile, case: Case
) -> None:
    """Fill the file, which is the partner worker's own and linked to the case."""
    _judged(world, file, case)
    with override_settings(ROOT_URLCONF="casewall.config.urls.safety"):
        # What comes onto an agenda is told with its address.
        _met_about(world, file)
    _heard(world, file)
    _shared(world, file)
    _asked_for(world, file, second)


def _judged(world: World, file: PartnerFile, case: Case) -> None:
    """A judgement with an open action, a sign that waits, one that was acted on, an assessment."""
    by, today = world.staff[Role.PARTNER_WORKER], world.today
    known: list[JointRisk] = world.stored(Role.COORDINATOR, JointRisk, file=file, case_id=case.pk)
    said = risk.Judgement(
        level=Level.HIGH,
        occasion=Occasion.INTAKE,
        reasons=WORDS,
        plan="Invented. Somebody calls each day until Friday.",
        sources=[SourceOf.PARTNER, SourceOf.POLICE],
        owner=by.worker,
    )
    risk.review_risk(
        file=file,
        case_id=case.pk,
        said=said,
        on=today,
        version=known[0].version if known else 0,
        by=by,
    )
    (now,) = world.stored(Role.COORDINATOR, JointRisk, file=file, case_id=case.pk)
    risk.add_action(
        risk=now, what="Change the lock", owner=by.worker, agency=None,
        due_on=today + timedelta(days=3), by=by,
    )  # fmt: skip
    risk.raise_by_hand(file=file, signs=[Danger.STRANGULATION], by=by)
    asked = risk.Commissioned(
        asked_by=AskedBy.COURT, asker="Invented court", asked_on=world.ago(3),
        due_on=today + timedelta(days=20), basis=OnBasis.CONSENT, law="", consented=True,
        consent_on=world.ago(3), without_because="",
    )  # fmt: skip
    risk.begin_vulnerability(file=file, asked=asked, by=by)


def _met_about(world: World, file: PartnerFile) -> None:
    """A meeting of this hour with a decision, an action and an extract, and one that comes."""
    by, worker = world.staff[Role.COORDINATOR], world.staff[Role.PARTNER_WORKER]
    held: Any = meetings.plan_meeting(
        service=SERVICE, kind=Kind.REGULAR, held_at=timezone.now() + timedelta(minutes=1), by=by
    )
    items = world.stored(Role.COORDINATOR, AgendaItem, meeting=held, file=file)
    item = items[0] if items else meetings.add_item(meeting=held, file=file, why=WORDS, by=by)
    meetings.record_attendance(
        meeting=held, name="Invented Officer", agency="Police", presence=Presence.PRESENT, by=by
    )
    meetings.begin(meeting=held, by=by)
    meetings.keep_item(
        item=item, discussion=WORDS, decision="Invented. The police drive by.",
        version=item.version, by=by,
    )  # fmt: skip
    meetings.add_action(
        item=item, what="Ask the school", owner=worker.worker, agency="",
        due_on=world.today, by=by,
    )  # fmt: skip
    (child,) = world.stored(Role.COORDINATOR, Child, pk=world.child)
    meetings.write_extract(
        item=item, whom=For.CHILD, child=child, text="Invented. Fetched from school.", by=by
    )
    meetings.keep_minutes(meeting=held, text=WORDS, number=0, by=by)
    meetings.plan_meeting(
        service=SERVICE, kind=Kind.REGULAR, held_at=world.moment(-7), by=by
    )


def _heard(world: World, file: PartnerFile) -> None:
    """A referral to a MARAC that is on the list of a conference, with research and an action."""
    by, office = world.staff[Role.PARTNER_WORKER], world.staff[Role.COORDINATOR]
    begun = conferences.begin_referral(file=file, by=by)
    filled = conferences.Filled(
        answers={"name": "Invented partner", "what_happened": WORDS},
        judgement=WORDS, high_risk=True, children=1, consent=Consent.NOT_SAFE_TO_ASK,
        ground=Ground.VITAL_INTERESTS, ground_reason="Invented. The danger is to life.",
    )  # fmt: skip
    kept = conferences.keep_referral(referral=begun, filled=filled, version=begun.version, by=by)
    sent = conferences.send_referral(
        referral=kept, sent_to="Invented office", version=kept.version, by=by
    )
    day = conferences.plan_conference(
        service=SERVICE, held_at=world.moment(0), place="Invented hall", by=office
    )
    listed = conferences.list_referral(conference=day, referral=sent, by=office)
    conferences.ask_research(hearing=listed, agency="Invented health service", by=office)
    heard = conferences.keep_hearing(
        hearing=listed, outcome=Heard.ACTIONS, summary=WORDS, version=listed.version, by=office
    )
    conferences.add_conference_action(
        hearing=heard, what="Check the alarm", owner=None, agency="Police",
        due_on=world.today + timedelta(days=2), by=office,
    )  # fmt: skip


def _shared(world: World, file: PartnerFile) -> None:
    """An agency with a share and a message, a report in draft, and a text for publication."""
    by, office = world.staff[Role.PARTNER_WORKER], world.staff[Role.COORDINATOR]
    agency = sharing.keep_agency(
        service=SERVICE, compartment=file.compartment, name="Invented housing office",
        kind=AgencyKind.HOUSING, by=office,
    )  # fmt: skip
    contact = sharing.add_contact(
        agency=agency, name="Invented Clerk", phone="+45 20 00 00 99", by=office
    )
    sharing.agree(
        agency=agency, what="Names and needs of partners who agree", basis=Basis.CONSENT,
        first_on=world.ago(20), last_on=world.today + timedelta(days=200), by=office,
    )  # fmt: skip
    terms = Terms(
        person="Duty desk", purpose=ShareFor.SAFETY, basis=Basis.CONSENT, consented=True,
        consent_on=world.ago(2), what="Invented. A new lock.", shared_on=world.ago(1),
        expires_on=world.today + timedelta(days=90),
    )  # fmt: skip
    made = sharing.share(agency=agency, terms=terms, file=file, by=by)
    sharing.send_message(
        share=made, route=Route.PHONE, words=WORDS, sent_on=world.ago(1), contact=contact, by=by
    )
    written = Written(
        addressed_to=ReportFor.COURT, recipient="Invented court", named="B. F.",
        basis=Basis.CONSENT, consented=True, consent_on=world.ago(2),
        sections=[Section.SUPPORT, Section.ASSESSMENT],
        words={Section.ASSESSMENT: WORDS},
    )  # fmt: skip
    sharing.write_report(written=written, file=file, by=by)
    text = Text(
        title="Invented title", text=WORDS, is_quotation=False, persons=1,
        changed="Everything.", place=Place.COUNTRY,
    )  # fmt: skip
    sharing.write_study(text=text, service=SERVICE, compartment=file.compartment, by=office)


def _asked_for(world: World, file: PartnerFile, second: PartnerFile) -> None:
    """A request that is gathered, a complaint, a breach, and the second file restricted."""
    by, officer = world.staff[Role.PARTNER_WORKER], world.staff[Role.DATA_PROTECTION_OFFICER]
    request = rights.take_request(
        right=Right.ACCESS, received_on=world.ago(2), how=How.IN_PERSON,
        identity=Identity.KNOWN, identity_on=world.ago(2), language="en", file=file, by=by,
    )  # fmt: skip
    rights.gather(request=request, version=request.version, by=officer)
    rights.record_complaint(
        about=About.WAITING, came_from=From.PARTNER, what=WORDS, received_on=world.ago(1),
        file=file, by=by,
    )  # fmt: skip
    rights.report_breach(
        mishap=Mishap.WRONG_RECIPIENT, near_miss=True, what=WORDS, found_at=timezone.now(),
        affected=Affected(partners=1), by=by,
    )  # fmt: skip
    rights.restrict(file=second, because=Because.ACCURACY, by=by)
