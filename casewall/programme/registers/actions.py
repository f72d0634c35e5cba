"""Every write to a register: the marks, what is written about a session, who visited it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.programme.cases.actions import move_case
from casewall.programme.cases.rules import Stage
from casewall.programme.courses.actions import after_register
from casewall.programme.groups.models import Attendance, Session, Visitor
from casewall.programme.groups.rules import (
    CancelReason,
    Homework,
    Line,
    Mark,
    Merge,
    SessionState,
    VisitPurpose,
    may_keep,
    merge,
    minutes_for,
    settled,
)
from casewall.programme.registers.lists import Person, codes_of, line_of, people_of
from casewall.programme.registers.rules import fingerprint
from casewall.services.programmes import AttendanceCode
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_of_form, new_id
from casewall.wall.sides import Viewer

Given = Line | tuple[Mark, int]
"""A line of a register; the short form is the mark with the minutes missed at the end it names."""


class Clash(StaleEdit):
    """Two people marked some clients differently. Everything else has been saved.

    `theirs`: case → the mark that somebody else saved meanwhile and that still stands.
    """

    def __init__(self, theirs: dict[UUID, Attendance]):
        self.theirs = theirs
        some = "1 client" if len(theirs) == 1 else f"{len(theirs)} clients"
        super().__init__(
            f"Somebody else marked {some} differently while you had this register open. All other "
            "marks are saved. Look at both below and save once more."
        )


def duty_for(session: Session) -> Duty:
    """The duty that marking, recording or cancelling this session asks for."""
    return Duty.RECORD_ATTENDANCE if session.group_id is not None else Duty.HOLD_SESSION


def record_register(
    *,
    session: Session,
    marks: Mapping[UUID, Given],
    by: Viewer,
    shown: Mapping[UUID, Line | None] | None = None,
) -> Session:
    """Mark a register: case → line. Marks may come in several saves, by several people.

    `shown` is what the page showed when the marks were made (nothing: whatever stands is written
    over). What only one of two people changed is kept. Raises `Clash` after saving the rest where
    both changed the same client's mark to different ones. The first session that a client attends
    is the start of the programme; the courses then look at what follows from the register.
    """
    require(by, duty_for(session))
    with acting(by):
        session = _locked(session, by)
        if not marks:
            raise Refused("Nobody is marked yet, so there is nothing to save.")
        people = {person.case.pk: person for person in people_of(session, by)}
        lines = _settled_lines(session, marks, people, codes_of(session, by))
        clashes: dict[UUID, Attendance] = {}
        changed: list[tuple[Person, Line]] = []
        for case_id, line in lines.items():
            person = people[case_id]
            match _verdict(case_id, line, person.mark, shown):
                case Merge.MINE:
                    changed.append((person, line))
                case Merge.CLASH if person.mark is not None:
                    clashes[case_id] = person.mark
        if changed or session.state == SessionState.PLANNED:
            _write(session, changed, by)
            after_register(session=session, cases=[person.case.pk for person, _ in changed], by=by)
            record(by=by, verb="marked the register of", thing=session)
    if clashes:
        raise Clash(clashes)
    return session


def _locked(session: Session, by: Viewer) -> Session:
    """The session as it stands now, with its group, locked until the transaction ends."""
    rows = Session.objects.visible_to(by).select_for_update(of=("self",))
    return rows.select_related("group__template").get(pk=session.pk)


def _settled_lines(
    session: Session,
    marks: Mapping[UUID, Given],
    people: Mapping[UUID, Person],
    codes: tuple[AttendanceCode, ...],
) -> dict[UUID, Line]:
    """The lines as they are to be kept. Raises `Refused` for one that makes no sense."""
    lines = {}
    for case_id, given in marks.items():
        if case_id not in people:
            raise Refused("Somebody in this register is not in the group on that day.")
        line = given if isinstance(given, Line) else _line(*given)
        line = settled(line, session.minutes, codes)
        decision = may_keep(SessionState(session.state), line, session.minutes, codes)
        if not decision:
            raise Refused(f"{people[case_id].case.client.full_name}: {decision.reason}")
        lines[case_id] = line
    return lines


def _line(mark: Mark, missed: int) -> Line:
    return Line(mark, 0, missed) if mark is Mark.LEFT_EARLY else Line(mark, missed, 0)


def _verdict(
    case_id: UUID, mine: Line, mark: Attendance | None, shown: Mapping[UUID, Line | None] | None
) -> Merge:
    theirs = line_of(mark)
    if shown is None:
        return Merge.THEIRS if mine == theirs else Merge.MINE
    return merge(shown.get(case_id), mine, theirs)


def _write(session: Session, changed: list[tuple[Person, Line]], by: Viewer) -> None:
    """Store the marks in two statements, then the session; start cases that begin with it."""
    now = timezone.now()
    new: list[Attendance] = []
    known: list[Attendance] = []
    for person, line in changed:
        row = person.mark or Attendance(
            compartment=person.case.compartment, session=session, case=person.case, version=0
        )
        (new if person.mark is None else known).append(row)
        row.outcome, row.reason = line.mark, line.reason
        row.attended, row.complied = line.axes
        row.minutes_late, row.minutes_early = line.late or 0, line.early or 0
        row.minutes_attended = minutes_for(line.mark, session.minutes, line.missed)
        row.makes_up_for_id = person.place.makes_up_for_id if person.place else None
        row.makes_up_for_id = row.makes_up_for_id or session.makes_up_for_id
        row.worker, row.recorded_at, row.version = by.worker, now, row.version + 1
    rows = Attendance.objects.visible_to(by)
    rows.bulk_create(new)
    rows.bulk_update(
        known,
        [
            "outcome",
            "reason",
            "attended",
            "complied",
            "minutes_late",
            "minutes_early",
            "minutes_attended",
            "makes_up_for",
            "worker",
            "recorded_at",
            "version",
        ],
    )
    session.state, session.marked_at = SessionState.HELD, now
    session.marked_by, session.version = by.worker, session.version + 1
    session.save()
    for person, line in changed:
        starts = Stage(person.case.stage) in (Stage.AGREEMENT_SIGNED, Stage.WAITING)
        if line.axes[0] and starts:
            move_case(
                case=person.case,
                to=Stage.STARTED,
                by=by,
                on=max(session.held_on, person.case.stage_on),
            )


def cancel_session(
    *, session: Session, by: Viewer, because: CancelReason = CancelReason.OTHER
) -> Session:
    """A session does not take place: nobody is absent from it."""
    require(by, duty_for(session))
    with acting(by):
        session = _locked(session, by)
        if session.state == SessionState.CANCELLED:
            return session
        if Attendance.objects.visible_to(by).filter(session=session).exists():
            raise Refused(
                "This register is marked already; a session that took place cannot be cancelled."
            )
        session.state, session.version = SessionState.CANCELLED, session.version + 1
        session.cancelled_because = because
        session.save()
        record(by=by, verb="cancelled", thing=session)
        return session


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """What is written about one client in one session, beside the mark."""

    participation: int | None = None
    homework: Homework | None = None
    disclosed: str = ""
    remark: str = ""

    @property
    def sign(self) -> str:
        """The fingerprint of this record, as a page carries it."""
        return fingerprint((self.participation, self.homework, self.disclosed, self.remark))


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """What is written about a session as a whole. `delivered` is a module of the template."""

    delivered: str = ""
    deviation: str = ""
    debrief: str = ""

    @property
    def sign(self) -> str:
        """The fingerprint of this record, as a page carries it."""
        return fingerprint((self.delivered, self.deviation, self.debrief))


def record_of(mark: Attendance) -> PersonRecord:
    """What is stored about one client in one session."""
    return PersonRecord(
        mark.participation,
        Homework(mark.homework) if mark.homework else None,
        mark.disclosed or "",
        mark.remark or "",
    )


def record_of_session(session: Session) -> SessionRecord:
    """What is stored about a session as a whole."""
    return SessionRecord(session.delivered, session.deviation or "", session.debrief or "")


class RecordClash(StaleEdit):
    """Two people wrote differently about the same. Everything else has been saved.

    `people`: case → what somebody else saved; `session`: the same of the session, or `None`.
    """

    def __init__(self, people: dict[UUID, Attendance], session: Session | None):
        self.people, self.session = people, session
        super().__init__(
            "Somebody else wrote here while you had this page open. Everything else "
            "is saved. Both texts are below: put them together and save once more."
        )


def keep_record(
    *,
    session: Session,
    whole: SessionRecord,
    people: Mapping[UUID, PersonRecord],
    by: Viewer,
    shown: Mapping[UUID | None, str] | None = None,
) -> Session:
    """Keep what is written after a session, about each client and about the whole.

    `shown` holds the fingerprints of the page (`None`: of the session); see `record_register`.
    Raises `Refused` before the register is marked, `RecordClash` after saving the rest.
    """
    require(by, duty_for(session))
    with acting(by):
        session = _locked(session, by)
        if session.state != SessionState.HELD:
            raise Refused("Mark the register first: this page is about who was there.")
        rows = Attendance.objects.visible_to(by).select_for_update(of=("self",))
        marks = {
            mark.case_id: mark
            for mark in rows.filter(session=session).select_related("case__client")
        }
        changed, clashes = [], {}
        for case_id, mine in people.items():
            if case_id not in marks:
                raise Refused("Somebody on this page is not marked in the register.")
            mark = marks[case_id]
            match _verdict_of(case_id, mine.sign, record_of(mark).sign, shown):
                case Merge.MINE:
                    changed.append(_with_record(mark, mine))
                case Merge.CLASH:
                    clashes[case_id] = mark
        for mark in changed:
            mark.save()  # one by one: each row encrypts its own texts
        own = _verdict_of(None, whole.sign, record_of_session(session).sign, shown)
        if own is Merge.MINE:
            session.delivered, session.deviation = whole.delivered, whole.deviation or None
            session.debrief, session.version = whole.debrief or None, session.version + 1
            session.save()
        if changed or own is Merge.MINE:
            record(by=by, verb="wrote the record of", thing=session)
    if clashes or own is Merge.CLASH:
        raise RecordClash(clashes, session if own is Merge.CLASH else None)
    return session


def _verdict_of(
    key: UUID | None, mine: str, theirs: str, shown: Mapping[UUID | None, str] | None
) -> Merge:
    if shown is None:
        return Merge.THEIRS if mine == theirs else Merge.MINE
    return merge(shown.get(key), mine, theirs)


def _with_record(mark: Attendance, mine: PersonRecord) -> Attendance:
    if not mark.attended and (mine.participation is not None or mine.homework):
        raise Refused("Whoever was absent took no part: only a remark can be written.")
    mark.participation, mark.homework = mine.participation, mine.homework or ""
    mark.disclosed, mark.remark = mine.disclosed or None, mine.remark or None
    mark.version += 1
    return mark


def add_visitor(
    *,
    session: Session,
    name: str,
    organisation: str,
    purpose: VisitPurpose,
    signed_on: date | None,
    by: Viewer,
    form: UUID | None = None,
) -> Visitor:
    """Log somebody who sat in on a session. The same `form` sent twice is one visitor."""
    require(by, duty_for(session))
    with acting(by):
        session = _locked(session, by)
        if session.state == SessionState.CANCELLED:
            raise Refused("This session was cancelled, so nobody visited it.")
        own = id_of_form(session.pk, form) if form else new_id()
        known = Visitor.objects.visible_to(by).filter(pk=own).first()
        if known is not None:
            return known
        visitor = Visitor(
            id=own,
            compartment=session.compartment,
            session=session,
            name=name,
            organisation=organisation or None,
            purpose=purpose,
            signed_on=signed_on,
            worker=by.worker,
        )
        visitor.save(force_insert=True)
        record(by=by, verb="logged a visitor of", thing=session)
        return visitor


def sign_visitor(*, visitor: Visitor, on: date, by: Viewer) -> Visitor:
    """A visitor has signed to keep confidential what was heard; the first day stays."""
    with acting(by):
        visitor = (
            Visitor.objects.visible_to(by)
            .select_for_update(of=("self",))
            .select_related("session")
            .get(pk=visitor.pk)
        )
        require(by, duty_for(visitor.session))
        if visitor.signed_on is None:
            visitor.signed_on = on
            visitor.save()
            record(by=by, verb="noted a signature of", thing=visitor)
        return visitor
