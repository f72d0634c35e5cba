"""The programme side's script written as rows, many at a time: for large numbers of people.

Writes what `run_programme` would write through the actions (a test compares the two), but dates
the recording of marks and moves to the day on which they happened.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from casewall.programme.cases.models import (
    Agreement,
    Assessment,
    Case,
    ContactAttempt,
    DeclaredPartner,
    StageMove,
)
from casewall.programme.cases.rules import (
    RETRY_DAYS,
    Contact,
    ExitReason,
    Outcome,
    Stage,
    Suitability,
    contact_after,
    may_move,
    next_action,
)
from casewall.programme.groups.models import (
    Attendance,
    Group,
    GroupFacilitator,
    GroupMember,
    Session,
)
from casewall.programme.groups.rules import PRESENT, Mark, SessionState, minutes_for
from casewall.services.schema import Service
from casewall.synthetic.calendar import Event
from casewall.synthetic.rows import Rows
from casewall.synthetic.run_programme import COMPONENT, ProgrammeLife
from casewall.synthetic.script import Script, chunks, moment, shown
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.ids import new_id
from casewall.wall.sides import Viewer


class ProgrammeRows(ProgrammeLife):
    """Turns each event into the rows that its action would write."""

    def __init__(self, script: Script, service: Service) -> None:
        super().__init__(script, service)
        self.rows = Rows(
            [
                Case,
                StageMove,
                ContactAttempt,
                Assessment,
                Agreement,
                DeclaredPartner,
                Group,
                GroupFacilitator,
                Session,
                GroupMember,
                Attendance,
            ]
        )
        self.groups: dict[str, Group] = {}
        self.members: dict[tuple[str, int], GroupMember] = {}
        self.booked: dict[int, Assessment] = {}
        with acting(self.system):
            self._read()

    def _read(self) -> None:
        """What earlier scripts have left open."""
        who_of = {case.pk: who for who, case in self.cases.items()}
        for group in Group.objects.for_system("synthetic").filter(service=self.service.id):
            self.groups[group.name] = group
        for row in Session.objects.for_system("synthetic").select_related("group"):
            self.sessions.setdefault(row.group.name, {})[row.number] = row
        for row in GroupMember.objects.for_system("synthetic").select_related("group"):
            if row.case_id in who_of:
                self.members[row.group.name, who_of[row.case_id]] = row
        for row in Assessment.objects.for_system("synthetic").filter(decision=""):
            if row.case_id in who_of:
                self.booked[who_of[row.case_id]] = row

    def run(self) -> int:
        """Make and write the rows of the whole script; returns the number of events."""
        with shown(len(self.script.events), "Programme side") as told, acting(self.system):
            for some in chunks(self.script.events):
                for event in some:
                    self._live(event)
                told(len(some))
            self.rows.write()
        return len(self.script.events)

    def _moved(
        self,
        case: Case,
        to: Stage,
        on: date,
        at: datetime,
        by: Viewer,
        reason: ExitReason | None = None,
    ) -> None:
        decision = may_move(Stage(case.stage), to, reason)
        if not decision or on < case.stage_on:
            raise Refused(f"{decision.reason} ({on}, after {case.stage_on})")
        self.rows.keep(
            StageMove(
                id=new_id(),
                compartment=case.compartment,
                case=case,
                came_from=case.stage,
                went_to=to,
                moved_on=on,
                recorded_at=at,
                worker=by.worker,
                reason=reason or "",
            )
        )
        case.stage, case.stage_on, case.exit_reason = to, on, reason or ""
        case.next_action, case.next_action_on = next_action(to, on)
        case.version += 1
        self.rows.keep(case)
        self.rows.say(by, f"moved to {to}", case)

    def _at(self, event: Event) -> datetime:
        return moment(event["on"], event["at"], self.service)

    def _contact(self, event: Event, on: date) -> None:
        case, at, by = self.cases[event["who"]], self._at(event), self.assessor
        outcome = Outcome(event["outcome"])
        self.rows.keep(
            ContactAttempt(
                id=new_id(),
                compartment=case.compartment,
                case=case,
                tried_at=at,
                route=event["route"],
                outcome=outcome,
                worker=by.worker,
                note=event["note"],
            )
        )
        case.contact = contact_after(Contact(case.contact), outcome)
        case.last_contact_on = max(filter(None, [case.last_contact_on, on]))
        if Stage(case.stage) is Stage.REFERRED:
            case.next_action = "contact_again"
            case.next_action_on = on + timedelta(days=RETRY_DAYS)
        case.version += 1
        self.rows.keep(case)
        self.rows.say(by, "recorded contact with", case)
        if outcome is Outcome.SPOKE and Stage(case.stage) is Stage.REFERRED:
            self._moved(case, Stage.CONTACTED, max(on, case.stage_on), at, by)

    def _move(self, event: Event, on: date) -> None:
        reason = ExitReason(event["reason"]) if "reason" in event else None
        self._moved(
            self.cases[event["who"]], Stage(event["to"]), on, self._at(event), self.manager, reason
        )

    def _book(self, event: Event, on: date) -> None:
        case, by = self.cases[event["who"]], self.assessor
        self._moved(case, Stage.ASSESSMENT_BOOKED, on, self._at(event), by)
        day, clock = event["booked_for"].split("T")
        booked_for = moment(day, clock, self.service)
        self.booked[event["who"]] = self.rows.keep(
            Assessment(
                id=new_id(),
                compartment=case.compartment,
                case=case,
                booked_for=booked_for,
                worker=by.worker,
            )
        )
        case.next_action_on = timezone.localdate(booked_for)

    def _decide(self, event: Event, on: date) -> None:
        case, by, at = self.cases[event["who"]], self.assessor, self._at(event)
        held = self.rows.keep(self.booked.pop(event["who"]))
        held.held_on, held.decision, held.note = on, event["decision"], event["note"]
        self._moved(case, Stage.ASSESSED, on, at, by)
        if held.decision == Suitability.SUITABLE:
            self._moved(case, Stage.SUITABLE, on, at, by)
        else:
            self._moved(case, Stage.EXITED, on, at, by, ExitReason.UNSUITABLE)

    def _declare(self, event: Event, on: date) -> None:
        case = self.cases[event["who"]]
        self.rows.keep(
            DeclaredPartner(
                id=new_id(),
                compartment=case.compartment,
                case=case,
                name=event["name"],
                relation=event["relation"],
                contact_details=event["contact_details"],
                stated_by=event["stated_by"],
                stated_on=on,
            )
        )
        self.rows.say(self.assessor, "kept a declaration in", case)

    def _sign(self, event: Event, on: date) -> None:
        case, by = self.cases[event["who"]], self.assessor
        self._moved(case, Stage.AGREEMENT_SIGNED, on, self._at(event), by)
        self.rows.keep(
            Agreement(
                id=new_id(),
                compartment=case.compartment,
                case=case,
                signed_on=on,
                text_version="1",
                language=event["language"],
                worker=by.worker,
            )
        )

    def _plan_group(self, event: Event, on: date) -> None:
        starts_on, place = date.fromisoformat(event["starts_on"]), self.compartment
        group = self.rows.keep(
            Group(
                id=new_id(),
                compartment=place,
                name=event["group"],
                service=self.service.id,
                component=COMPONENT,
                starts_on=starts_on,
                minutes=event["minutes"],
                begins_at=time.fromisoformat(event["begins_at"]),
                room=event["room"],
            )
        )
        self.groups[group.name] = group
        self.rows.keep(
            GroupFacilitator(
                id=new_id(), compartment=place, group=group, worker=self.facilitator.worker
            )
        )
        self.sessions[group.name] = {
            number: self.rows.keep(
                Session(
                    id=new_id(),
                    compartment=place,
                    group=group,
                    number=number,
                    held_on=starts_on + timedelta(weeks=number - 1),
                    minutes=event["minutes"],
                )
            )
            for number in range(1, event["sessions"] + 1)
        }
        self.rows.say(self.manager, "planned", group)

    def _place(self, event: Event, on: date) -> None:
        case, name = self.cases[event["who"]], event["group"]
        joined_on = date.fromisoformat(event["joined_on"])
        self.members[name, event["who"]] = self.rows.keep(
            GroupMember(
                id=new_id(),
                compartment=case.compartment,
                group=self.groups[name],
                case=case,
                joined_on=joined_on,
            )
        )
        coming = [
            s.held_on
            for s in self.sessions[name].values()
            if s.held_on >= joined_on and s.state == SessionState.PLANNED
        ]
        if coming and Stage(case.stage) in (Stage.AGREEMENT_SIGNED, Stage.WAITING):
            case.next_action, case.next_action_on = "first_session", min(coming)
            case.version += 1
            self.rows.keep(case)
        self.rows.say(self.manager, "placed in a group", case)

    def _leave(self, event: Event, on: date) -> None:
        member = self.rows.keep(self.members[event["group"], event["who"]])
        member.left_on = on
        self.rows.say(self.manager, "ended a place of", self.cases[event["who"]])

    def _register(self, event: Event, on: date) -> None:
        session = self.sessions[event["group"]][event["number"]]
        at, by = self._at(event), self.facilitator
        for who, (mark, missed) in event["marks"].items():
            case = self.cases[int(who)]
            self.rows.keep(
                Attendance(
                    id=new_id(),
                    compartment=case.compartment,
                    session=session,
                    case=case,
                    outcome=mark,
                    minutes_attended=minutes_for(Mark(mark), session.minutes, missed),
                    worker=by.worker,
                    recorded_at=at,
                )
            )
            if Mark(mark) in PRESENT and Stage(case.stage) in (
                Stage.AGREEMENT_SIGNED,
                Stage.WAITING,
            ):
                self._moved(case, Stage.STARTED, max(on, case.stage_on), at, by)
        session.state, session.marked_at = SessionState.HELD, at
        session.marked_by, session.version = by.worker, session.version + 1
        self.rows.say(by, "marked the register of", self.rows.keep(session))

    def _cancel(self, event: Event, on: date) -> None:
        session = self.rows.keep(self.sessions[event["group"]][event["number"]])
        session.state, session.version = SessionState.CANCELLED, session.version + 1
        self.rows.say(self.facilitator, "cancelled", session)
