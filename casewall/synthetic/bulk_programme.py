"""The programme side's script written as rows, many at a time: for large numbers of people.

Writes what `run_programme` would write through the actions (a test compares the two), but dates
the recording of marks and moves to the day on which they happened.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from casewall.programme.agreements.models import Agreement
from casewall.programme.cases.models import (
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
)
from casewall.programme.groups.actions import ENDED
from casewall.programme.groups.models import (
    Attendance,
    Group,
    GroupFacilitator,
    GroupMember,
    Room,
    Session,
)
from casewall.programme.groups.planning.lists import Deliverable
from casewall.programme.groups.planning.rules import weekdays_text
from casewall.programme.groups.rules import (
    COMPLIED,
    PRESENT,
    CancelReason,
    Mark,
    SessionKind,
    SessionState,
    minutes_for,
)
from casewall.services.schema import Service
from casewall.synthetic.bulk_courses import CourseRows
from casewall.synthetic.bulk_told import ToldRows
from casewall.synthetic.calendar import Event
from casewall.synthetic.script import Script, chunks, moment, shown
from casewall.synthetic.words import building_of
from casewall.wall.context import acting
from casewall.wall.ids import new_id
from casewall.wall.sides import Viewer

LEFT_OPEN_DAYS = 10
"""What fell due in the last so many days still waits: acts on absence, the end of a group."""


class ProgrammeRows(CourseRows, ToldRows):
    """Turns each event into the rows that its action would write."""

    MODELS = (
        Case,
        StageMove,
        ContactAttempt,
        Assessment,
        Agreement,
        DeclaredPartner,
        Room,
        Group,
        GroupFacilitator,
        Session,
        GroupMember,
        Attendance,
        *CourseRows.MODELS,
        *ToldRows.MODELS,
    )

    def __init__(self, script: Script, service: Service, *, settles: bool = False) -> None:
        """With `settles`, acts that fell due long ago are done, and groups that are over ended."""
        super().__init__(script, service)
        self.settles = settles
        self.groups: dict[str, Group] = {}
        self.members: dict[tuple[str, int], GroupMember] = {}
        self.booked: dict[int, Assessment] = {}
        self.rooms: dict[str, Room] = {}
        self.number_of: Counter[tuple[int, str]] = Counter()
        with acting(self.system):
            self._read()
            self._read_courses(self.system)

    def _read(self) -> None:
        """What earlier scripts have left open."""
        who_of = {case.pk: who for who, case in self.cases.items()}
        for group in Group.objects.for_system("synthetic").filter(service=self.service.id):
            self.groups[group.name] = group
        sessions = Session.objects.for_system("synthetic").filter(group__service=self.service.id)
        for row in sessions.select_related("group"):
            self.sessions.setdefault(row.group.name, {})[row.number] = row
        for row in GroupMember.objects.for_system("synthetic").select_related("group"):
            if row.case_id in who_of:
                self.members[row.group.name, who_of[row.case_id]] = row
        talks = Session.objects.for_system("synthetic").filter(case__in=list(who_of))
        for case_id, component in talks.values_list("case_id", "component"):
            self.number_of[who_of[case_id], component] += 1
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
            self._catch_up()
            self.rows.write()
        return len(self.script.events)

    def _catch_up(self) -> None:
        """What fell due long before the last event has been done by somebody."""
        if self.settles and self.script.events:
            last = moment(self.script.events[-1]["on"], "12:00", self.service)
            self.settle_acts(last - timedelta(days=LEFT_OPEN_DAYS))
            self._end_groups(timezone.localdate(last) - timedelta(days=LEFT_OPEN_DAYS))

    def _end_groups(self, day: date) -> None:
        """Groups whose last session was before this day, and in which nobody is left, are over."""
        in_use = {
            name
            for (name, who), member in self.members.items()
            if member.left_on is None and Stage(self.cases[who].stage) not in ENDED
        }
        for name, group in self.groups.items():
            last = max(session.held_on for session in self.sessions[name].values())
            if group.is_open and last < day and name not in in_use:
                group.is_open, group.version = False, group.version + 1
                self.rows.say(self.manager, "ended", self.rows.keep(group))

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
        case = self.cases[event["who"]]
        self._moved(case, Stage(event["to"]), on, self._at(event), self.manager, reason)
        if reason is not None:
            self._end_courses(event["who"], on)

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
        held.decided_on = on
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
        agreement = self.rows.keep(
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
        self.rows.say(by, "signed with the client", agreement)

    def _plan_group(self, event: Event, on: date) -> None:
        days = [date.fromisoformat(day) for day in event["days"]]
        version = self.templates[event["template"]]
        place, by = version.compartment, self.manager
        size = version.template.component(event["component"]).group_size
        group = self.rows.keep(
            Group(
                id=new_id(),
                compartment=place,
                name=event["group"],
                service=self.service.id,
                template=version,
                component=event["component"],
                entry=event["entry"],
                language=event["language"],
                starts_on=days[0],
                weekdays=weekdays_text(sorted({day.weekday() for day in days})),
                minutes=event["minutes"],
                begins_at=time.fromisoformat(event["begins_at"]),
                room=self._room_row(event["room"], place),
                least=size.least if size else None,
                most=event["most"],
            )
        )
        self.groups[group.name] = group
        for worker in self._who_run(group.name):
            self.rows.keep(
                GroupFacilitator(id=new_id(), compartment=place, group=group, worker=worker)
            )
        steps = Deliverable(version, version.template.component(group.component)).steps
        self.sessions[group.name] = {
            number: self.rows.keep(
                Session(
                    id=new_id(),
                    compartment=place,
                    group=group,
                    number=number,
                    held_on=day,
                    begins_at=group.begins_at,
                    component=group.component,
                    minutes=steps[(number - 1) % len(steps)].minutes,
                    module=steps[(number - 1) % len(steps)].module,
                    title=steps[(number - 1) % len(steps)].title,
                    room=group.room,
                )
            )
            for number, day in enumerate(days, 1)
        }
        self.rows.say(by, "planned", group)

    def _room_row(self, name: str, place: int) -> Room | None:
        if name and name not in self.rooms:
            self.rooms[name] = self._room_stored(name, place) or self.rows.keep(
                Room(
                    id=new_id(),
                    compartment=place,
                    name=name,
                    building=building_of(name),
                    chairs=14,
                )
            )
        return self.rooms.get(name)

    @staticmethod
    def _room_stored(name: str, place: int) -> Room | None:
        rows = Room.objects.for_system("synthetic")
        found: Room | None = rows.filter(compartment=place, name=name).first()
        return found

    def _one_to_one(self, event: Event, on: date) -> None:
        case, at = self.cases[event["who"]], self._at(event)
        by = self.facilitators[event["who"] % len(self.facilitators)]
        self.number_of[event["who"], event["component"]] += 1
        number = self.number_of[event["who"], event["component"]]
        module, title = self._planned_talk(event, number)
        session = self.rows.keep(
            Session(
                id=new_id(),
                compartment=case.compartment,
                case=case,
                kind=SessionKind.ONE_TO_ONE,
                component=event["component"],
                number=number,
                held_on=on,
                begins_at=time.fromisoformat(event["at"]),
                minutes=event["minutes"],
                worker=by.worker,
                module=module,
                title=title,
            )
        )
        self.rows.say(self.manager, f"planned a {session.kind} session for", case)
        self._write_marks(session, {event["who"]: (event["mark"], 0)}, on, at, by)

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
        marks = {int(who): mark for who, mark in event["marks"].items()}
        self._write_marks(session, marks, on, self._at(event), self.manager)

    def _write_marks(
        self,
        session: Session,
        marks: Mapping[int, Sequence[Any]],
        on: date,
        at: datetime,
        by: Viewer,
    ) -> None:
        for who, (mark, missed) in marks.items():
            case = self.cases[who]
            row = self.rows.keep(
                Attendance(
                    id=new_id(),
                    compartment=case.compartment,
                    session=session,
                    case=case,
                    outcome=mark,
                    attended=Mark(mark) in PRESENT,
                    complied=Mark(mark) in COMPLIED,
                    minutes_late=missed if mark == Mark.LATE else 0,
                    minutes_early=missed if mark == Mark.LEFT_EARLY else 0,
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
            self._after_mark(who, session, row, on, at, by)
        session.state, session.marked_at = SessionState.HELD, at
        session.marked_by, session.version = by.worker, session.version + 1
        self.rows.say(by, "marked the register of", self.rows.keep(session))

    def _cancel(self, event: Event, on: date) -> None:
        session = self.rows.keep(self.sessions[event["group"]][event["number"]])
        session.state, session.version = SessionState.CANCELLED, session.version + 1
        session.cancelled_because = CancelReason.OTHER
        self.rows.say(self.manager, "cancelled", session)
