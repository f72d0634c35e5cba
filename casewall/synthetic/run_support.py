"""Living the work with partners who are supported now, by the actions of the safety side's apps.

One pass after a script: over a few files of the service, as the invented workers. What it does
is decided by the script's seed and today alone; done twice it is done once.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from uuid import UUID, uuid5

from casewall.safety.bookings.actions import Slot
from casewall.safety.bookings.rules import Channel as Reach
from casewall.safety.partners import actions as partners
from casewall.safety.partners.models import (
    FileLink,
    PartnerContact,
    PartnerFile,
    PartnerTask,
    Reveal,
)
from casewall.safety.partners.rules import Channel, Contact, Outcome, Present, Purpose, Told
from casewall.safety.pulled.actions import leave_stated
from casewall.safety.pulled.first_contacts import STATED
from casewall.safety.pulled.models import PulledDeclaration
from casewall.safety.support import actions as support
from casewall.safety.support.models import SupportPeriod
from casewall.safety.support.rules import (
    PLAN_REVIEW_DAYS,
    SAFETY_REVIEW_DAYS,
    Area,
    Came,
    Doer,
    Handing,
    HelpOutcome,
    Hope,
    Interpreting,
    Level,
    Marked,
    SessionKind,
    Topic,
)
from casewall.services.schema import Service
from casewall.staff.models import system_viewer
from casewall.synthetic import texts
from casewall.synthetic.canary import Canaries
from casewall.synthetic.desk import Desk, Team
from casewall.synthetic.run_children import live_with_children
from casewall.synthetic.run_reaching import live_together, reach
from casewall.synthetic.run_safety import files_of, invented_workers
from casewall.synthetic.run_together import live_together_with_agencies
from casewall.synthetic.run_violence import live_violence, tells
from casewall.synthetic.script import Script, shown
from casewall.wall.context import acting, on_side
from casewall.wall.decide import Refused
from casewall.wall.sides import Role, Side

FILES = 12
"""So many files of a service are worked with."""

STATED_LEFT = 3
"""So many statements of partners still wait for a decision."""

OF_PLAN = "safety_support.safetyplan."
HEADINGS = ("signs", "places", "leaving", "children", "devices", "other")


class SupportLife:
    """Works with the first open files of partners who were reached, in the given order."""

    def __init__(
        self, service: Service, *, files: dict[int, PartnerFile], seed: str, today: date
    ) -> None:
        with on_side(Side.SAFETY):
            self.system = system_viewer(Role.SAFETY_SYSTEM)
        self.service, self.seed, self.today = service, seed, today
        self.canaries = Canaries(seed)
        self.team = Team(
            workers=tuple(invented_workers(Role.PARTNER_WORKER, service)),
            coordinator=invented_workers(Role.COORDINATOR, service)[0],
            manager=invented_workers(Role.SAFETY_MANAGER, service)[0],
            childrens_worker=(
                invented_workers(Role.CHILDRENS_WORKER, service)[0] if service.children else None
            ),
        )
        self.desks = self._desks(files)

    @classmethod
    def of_script(cls, script: Script, service: Service) -> SupportLife:
        """With the files of a script that has been lived, in its order."""
        with on_side(Side.SAFETY):
            system = system_viewer(Role.SAFETY_SYSTEM)
        files = files_of(script, service, system)
        return cls(service, files=files, seed=script.seed, today=date.fromisoformat(script.today))

    def _desks(self, files: dict[int, PartnerFile]) -> list[Desk]:
        by = {worker.worker: worker for worker in self.team.workers}
        with acting(self.system):
            spoken = PartnerContact.objects.for_system("synthetic").filter(outcome=Outcome.SPOKE)
            first: dict[UUID, date] = {}
            for file, at in spoken.order_by("-tried_at").values_list("file_id", "tried_at"):
                first[file] = at.date()
            links = FileLink.objects.for_system("synthetic").filter(ended_on=None)
            cases = dict(links.order_by("-case_id").values_list("file_id", "case_id"))
        found = []
        for who, file in sorted(files.items()):
            if file.is_open and file.contact == Contact.ENGAGED and file.worker in by:
                desk = Desk(
                    service=self.service,
                    team=self.team,
                    file=file,
                    by=by[file.worker],
                    place=len(found),
                    who=who,
                    began=first[file.pk],
                    today=self.today,
                    canaries=self.canaries,
                    random=Random(f"{self.seed}:support:{who}"),
                    case_id=cases.get(file.pk),
                )
                found.append(desk)
        return found[:FILES]

    def run(self) -> int:
        """Live the pass; returns the number of files."""
        with shown(len(self.desks), "Support of partners") as told:
            for desk in self.desks:
                with acting(self.system):
                    support_one(desk)
                    live_with_children(desk)
                    reach(desk)
                    tells(desk)
                told(1)
        with acting(self.system):
            meet_in_group(self.desks)
            live_together(self.desks)
            live_violence(self.desks)
            live_together_with_agencies(self.desks)
            settle_statements(self)
        return len(self.desks)


def support_one(desk: Desk) -> None:
    """A period of support, what was told, needs, plans, sessions and help elsewhere."""
    file, by = desk.file, desk.by
    if not _has_period(desk):
        support.begin_support(file=file, on=desk.began, by=by, form=desk.form("period"))
    told = [Told.THE_PROGRAMME, Told.NO_GUARANTEE, Told.NEED_DO_NOTHING, Told.SUPPORT]
    more = [Told.ATTENDANCE, Told.CONFIDENTIALITY, Told.LATER]
    partners.tell(file=file, items=told + more[: desk.place % 4], on=desk.began, by=by)
    if desk.place % 3 == 0:
        _reveal(desk)
    levels = list(Level)
    areas = [Area.SAFETY, *desk.random.sample([a for a in Area if a is not Area.SAFETY], 4)]
    support.state_needs(
        file=file,
        levels={area: levels[desk.random.randrange(len(levels))] for area in areas},
        on=desk.day(0.1),
        note=desk.text("safety_support.partnerneed.note"),
        by=by,
        form=desk.form("needs"),
    )
    support.state_expectation(
        file=file,
        hope=list(Hope)[desk.place % len(Hope)],
        own_words=desk.text("safety_support.expectation.own_words"),
        caveat_told=True,
        on=desk.day(0.15),
        by=by,
        form=desk.form("expectation"),
    )
    _plan(desk)
    _meet(desk)
    _get_help(desk)


def _has_period(desk: Desk) -> bool:
    with acting(desk.by):
        rows = SupportPeriod.objects.visible_to(desk.by)
        return bool(rows.filter(file=desk.file, ended_on=None).exists())


def _reveal(desk: Desk) -> None:
    with acting(desk.by):
        known = Reveal.objects.visible_to(desk.by).filter(file=desk.file).exists()
    if not known:
        partners.reveal_details(file=desk.file, purpose=Purpose.TO_CONTACT, by=desk.by)


def _plan(desk: Desk) -> None:
    file, by, written_on = desk.file, desk.by, desk.day(0.3)
    support.write_support_plan(
        file=file,
        goals=desk.text("safety_support.supportplan.goals"),
        note=desk.text("safety_support.supportplan.note"),
        written_on=written_on,
        review_on=written_on + timedelta(days=PLAN_REVIEW_DAYS),
        seen=0,
        by=by,
        form=desk.form("support plan"),
    )
    for number, who in enumerate((Doer.PARTNER, Doer.WORKER, Doer.BOTH)):
        step = support.add_step(
            file=file,
            what=desk.text("safety_support.planstep.what"),
            who=who,
            due_on=desk.ahead(7 * number - 5),
            by=by,
            form=desk.form(f"step {number}"),
        )
        if number == 0:
            support.end_step(step=step, on=desk.day(0.9), by=by)
    plan = support.write_safety_plan(
        file=file,
        words={heading: desk.text(OF_PLAN + heading) for heading in HEADINGS},
        agreed=desk.place % 4 != 3,
        written_on=desk.day(0.6),
        review_on=desk.day(0.6) + timedelta(days=SAFETY_REVIEW_DAYS),
        seen=0,
        by=by,
        form=desk.form("safety plan"),
    )
    if desk.place % 2 == 0:
        support.hand_over(plan=plan, how=Handing.SHOWN, by=by, form=desk.form("copy"))


def _session(desk: Desk, day: date, minutes: int, kind: SessionKind) -> support.SessionFacts:
    interpreted = desk.place % 4 == 1
    return support.SessionFacts(
        began_at=desk.at(day, ("10:00", "13:30")[desk.place % 2]),
        kind=kind,
        came=Came.HELD if minutes else Came.PUT_OFF_BY_PARTNER,
        minutes=minutes,
        channel=Channel.IN_PERSON,
        present=Present.INTERPRETER if interpreted and minutes else Present.NOBODY,
        topics=[Topic.SAFETY, Topic.OWN_GOALS] if minutes else (),
        note=desk.text("safety_support.supportsession.note"),
    )


def _meet(desk: Desk) -> None:
    """Two sessions, the second sometimes put off; one is corrected, one has an interpreter."""
    file, by = desk.file, desk.by
    facts = _session(desk, desk.day(0.4), 60, SessionKind.SUPPORT)
    first = support.record_session(file=file, facts=facts, by=by, form=desk.form("session 1"))
    minutes = 0 if desk.place % 5 == 4 else 50
    facts = _session(desk, desk.day(0.8), minutes, SessionKind.SAFETY_PLANNING)
    support.record_session(file=file, facts=facts, by=by, form=desk.form("session 2"))
    if desk.place % 6 == 0:
        support.correct_session(
            session=first,
            facts=_session(desk, desk.day(0.4), 75, SessionKind.SUPPORT),
            reason=desk.text("safety_support.supportsession.reason"),
            by=by,
            form=desk.form("correction"),
        )
    if desk.place % 4 == 1:
        support.record_interpreter(
            file=file,
            used_on=desk.day(0.4),
            language="Arabic",
            who=Interpreting.AGENCY,
            agency=desk.text("safety_support.interpreteruse.agency"),
            reference=desk.text("safety_support.interpreteruse.reference"),
            minutes=60,
            by=by,
            form=desk.form("interpreter"),
        )


def _get_help(desk: Desk) -> None:
    """Help elsewhere for every second partner, and a permission for it."""
    kinds = support.kinds_of_help(desk.service.id)
    if desk.place % 2 or not kinds:
        return
    referral = support.refer_on(
        file=desk.file,
        kind=kinds[desk.place // 2 % len(kinds)],
        agency=desk.text("safety_support.onwardreferral.agency"),
        made_on=desk.day(0.45),
        consent_on=desk.day(0.4),
        note=desk.text("safety_support.onwardreferral.note"),
        by=desk.by,
        form=desk.form("help"),
    )
    if desk.place % 4 == 0 and referral.outcome == HelpOutcome.WAITING:
        support.settle_referral(
            referral=referral,
            outcome=HelpOutcome.BEGAN,
            on=desk.day(0.9),
            version=referral.version,
            by=desk.by,
        )
    support.give_permission(
        file=desk.file,
        information=desk.text("safety_support.permission.information"),
        to_whom=desk.text("safety_support.permission.to_whom"),
        purpose=desk.text("safety_support.permission.purpose"),
        in_writing=desk.place % 4 == 0,
        given_on=desk.day(0.4),
        by=desk.by,
        form=desk.form("permission"),
    )


# --- what several partners share -----------------------------------------------------------------


def meet_in_group(desks: list[Desk]) -> None:
    """One support group with two members of one worker, a meeting that was held, one to come."""
    for by in {desk.by.worker: desk.by for desk in desks}.values():
        own = sorted((d for d in desks if d.by.worker == by.worker), key=lambda d: d.began)
        if len(own) > 1:
            break
    else:
        return
    first = own[0]
    group = support.open_group(
        name="Tuesday table",
        service=first.service.id,
        compartment=first.file.compartment,
        begins_on=first.last - timedelta(days=21),
        by=by,
        form=uuid5(by.worker, f"invented group {first.service.id}"),
    )
    held = first.last - timedelta(days=7)
    members = []
    for desk in own:
        if len(members) == 2:
            break
        try:
            support.add_member(group=group, file=desk.file, on=held - timedelta(days=7), by=by)
        except Refused:  # a party of the same case is in the group already
            continue
        members.append(desk)
    meeting = support.plan_meeting(
        group=group, begins_at=first.at(held, "17:00"), minutes=90, topic=Topic.OWN_GOALS, by=by
    )
    marks = dict(zip((d.file.pk for d in members), (Marked.CAME, Marked.SENT_WORD), strict=False))
    support.mark_meeting(meeting=meeting, marks=marks, seen={}, by=by)
    next_at = first.at(first.ahead(7), "17:00")
    support.plan_meeting(
        group=group,
        begins_at=next_at,
        minutes=90,
        slot=Slot(starts_at=next_at, minutes=90, channel=Reach.VIDEO),
        by=by,
    )


def settle_statements(life: SupportLife) -> None:
    """Most partners who were stated on the programme side are decided about; a few wait."""
    by = life.team.coordinator
    with acting(life.system):
        waiting = PartnerTask.objects.for_system("synthetic").filter(kind=STATED, done_on=None)
        declared = PulledDeclaration.objects.for_system("synthetic").in_bulk(
            list(waiting.values_list("fact_id", flat=True))
        )
    rows = sorted(
        (one for one in declared.values() if one.compartment in by.compartments),
        key=lambda one: (one.stated_on, one.name or "", str(one.id)),
    )
    where, random = "safety_partners.partnertask.note", Random(f"{life.seed}:stated")
    for place, stated in enumerate(rows[:-STATED_LEFT]):
        reason = random.choice(texts.SUPPORT[where])
        leave_stated(
            stated=stated,
            reason=life.canaries.note(where, reason, ["stated", place]),
            on=life.today - timedelta(days=1),
            by=by,
        )
