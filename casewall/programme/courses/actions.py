"""Every write to a course but those of enrolment, absence and completion, which have folders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record, record_many
from casewall.programme.cases.models import Case, StageMove
from casewall.programme.cases.moves import tell
from casewall.programme.cases.rules import MoveKind, Stage, may_move, next_action
from casewall.programme.courses.absence.actions import propose_acts, withdraw_proposals
from casewall.programme.courses.enrolment.actions import enrol as enrol
from casewall.programme.courses.models import Course, CourseChange
from casewall.programme.courses.reading import (
    breaks_among,
    breaks_by_course,
    marks_of,
    templates_of,
)
from casewall.programme.courses.rules import (
    ChangeKind,
    CourseState,
    Marked,
    Span,
    attended_of,
    dose_is_met,
    ends_by,
    least_dose,
    may_break,
    may_change_level,
    may_extend,
)
from casewall.programme.groups.models import Session
from casewall.services.programmes import Template
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_of_form, new_id
from casewall.wall.sides import Viewer


def open_courses(cases: Iterable[UUID], by: Viewer) -> list[Course]:
    """The open courses of these cases, locked in a fixed order until the transaction ends."""
    rows = Course.objects.visible_to(by).filter(case__in=list(cases), ended_on=None)
    return list(rows.select_for_update(of=("self",)).order_by("id"))


def after_register(*, session: Session, cases: Iterable[UUID], by: Viewer) -> None:
    """What follows from the marks of a register for the courses of these cases.

    A first attendance begins a course; the ladder proposes acts, and takes those back for which
    a corrected mark left no ground; a case moves on when the minimum dose is reached. Saving
    the same register again changes nothing. The number of queries does not grow with the cases.
    """
    require(by, Duty.HOLD_SESSION)
    with acting(by):
        courses = open_courses(cases, by)
        if not courses:
            return
        templates = templates_of(courses, by)
        courses = [course for course in courses if course.pk in templates]
        marks = marks_of(courses, templates, by)
        breaks = breaks_by_course(courses, by)
        moved = [
            course
            for course in courses
            if _carry_on(course, templates[course.pk], marks[course.pk], breaks.get(course.pk, ()))
        ]
        if moved:
            Course.objects.visible_to(by).bulk_update(
                moved, ["state", "began_on", "ends_by", "version"]
            )
        propose_acts(
            session=session, courses=courses, templates=templates, marks=marks, breaks=breaks, by=by
        )
        _reach_minimum_dose(courses, templates, marks, session.held_on, by)


def _carry_on(
    course: Course, template: Template, marks: Sequence[Marked], breaks: Sequence[Span]
) -> bool:
    """Begin a course, or let it go on after a break; whether anything changed."""
    came = [mark.held_on for mark in marks if mark.attended]
    before = course.state, course.began_on, course.ends_by
    course.began_on = min(came, default=None)
    course.ends_by = ends_by(template, course.level, course.began_on, course.extra_weeks, breaks)
    if course.state == CourseState.ON_BREAK:
        if came and (not breaks or max(came) > max(span.last for span in breaks)):
            course.state = CourseState.RUNNING
    else:
        course.state = CourseState.RUNNING if came else CourseState.WAITING
    if before == (course.state, course.began_on, course.ends_by):
        return False
    course.version += 1
    return True


def _reach_minimum_dose(
    courses: Sequence[Course],
    templates: dict[UUID, Template],
    marks: dict[UUID, list[Marked]],
    on: date,
    by: Viewer,
) -> None:
    """Move the cases on whose begun courses have all reached their minimum dose."""
    met: dict[UUID, bool] = {}
    for course in courses:
        if course.began_on is not None:
            enough = dose_is_met(
                attended_of(marks[course.pk]), least_dose(templates[course.pk], course.level)
            )
            met[course.case_id] = met.get(course.case_id, True) and enough
    rows = Case.objects.visible_to(by).filter(
        id__in=[case for case, enough in met.items() if enough], stage=Stage.STARTED
    )
    _move_cases(
        list(rows.select_for_update(of=("self",)).order_by("id")), Stage.MINIMUM_DOSE, on, by
    )


def _move_cases(cases: Sequence[Case], to: Stage, on: date, by: Viewer) -> None:
    """Move several cases to a stage, as `move_case` moves one."""
    moving = [case for case in cases if may_move(Stage(case.stage), to)]
    if not moving:
        return
    moves = []
    for case in moving:
        day = max(on, case.stage_on)
        moves.append(
            StageMove(
                compartment=case.compartment,
                case=case,
                came_from=case.stage,
                went_to=to,
                moved_on=day,
                recorded_at=timezone.now(),
                worker=by.worker,
            )
        )
        case.stage, case.stage_on = to, day
        case.next_action, case.next_action_on = next_action(to, day)
        case.version += 1
    StageMove.objects.visible_to(by).bulk_create(moves)
    Case.objects.visible_to(by).bulk_update(
        moving, ["stage", "stage_on", "next_action", "next_action_on", "version"]
    )
    record_many(by=by, verb=f"moved to {to}", things=moving)
    for case, move in zip(moving, moves, strict=True):
        tell(case, move, by)


# --- the end, and what follows from a move of the case -----------------------------------


def follow_case(case: Case, move: StageMove, by: Viewer) -> None:
    """What a move of a case does to its courses (see `cases.moves`).

    An exit ends them; a case taken up again where it stopped has them back. A completion by
    hand is refused while a course is open, since it would pass by the review and its sign-off.
    """
    if move.went_to == Stage.EXITED:
        end_courses(case=case, on=move.moved_on, by=by)
    elif move.came_from == Stage.EXITED and move.kind != MoveKind.MOVE:
        open_again(case=case, by=by)
    elif move.went_to == Stage.COMPLETED and open_courses([case.pk], by):
        raise Refused(
            "A course of this case is open: review it and have the completion signed "
            "off; the case then moves by itself."
        )


def open_again(*, case: Case, by: Viewer) -> int:
    """Open the courses again that ended with the last exit of a case; returns how many."""
    require(by, Duty.MOVE_CASE)
    with acting(by):
        rows = Course.objects.visible_to(by).filter(case=case, state=CourseState.ENDED)
        courses = list(rows.select_for_update(of=("self",)).order_by("id"))
        last = max((course.ended_on for course in courses), default=None)
        going_on = [course for course in courses if course.ended_on == last]
        for course in going_on:
            course.state = CourseState.RUNNING if course.began_on else CourseState.WAITING
            course.ended_on, course.version = None, course.version + 1
            course.save()
            record(by=by, verb="opened again", thing=course)
        return len(going_on)


def end_courses(*, case: Case, on: date, by: Viewer) -> int:
    """End the open courses of a case that leaves the programme; returns how many.

    Acts that were only proposed go with them. Part of the move of the case, in its transaction.
    """
    with acting(by):
        courses = open_courses([case.pk], by)
        if not courses:
            return 0
        require(by, Duty.MOVE_CASE)
        for course in courses:
            end_course(course=course, state=CourseState.ENDED, on=on, by=by)
        return len(courses)


def end_course(*, course: Course, state: CourseState, on: date, by: Viewer) -> Course:
    """Close a course that is locked already: completed or ended."""
    require(by, Duty.MOVE_CASE)
    course.state, course.version = state, course.version + 1
    course.ended_on = max(filter(None, [on, course.began_on]))
    course.save()
    withdraw_proposals(course=course, by=by)
    record(by=by, verb=f"{state} the course", thing=course)
    return course


# --- changes that somebody signs off -----------------------------------------------------


def locked_course(course: Course, by: Viewer, version: int | None) -> Course:
    """The open course as it stands now, locked.

    Raises `StaleEdit` when it changed since `version` was shown, `Refused` when it is over.
    """
    found: Course = (
        Course.objects.visible_to(by)
        .select_for_update(of=("self",))
        .select_related("template")
        .get(pk=course.pk)
    )
    if version is not None and version != found.version:
        raise StaleEdit(
            "The course was changed while this page was open. What you typed is "
            "below; look at the course as it stands now before you save again."
        )
    if found.ended_on is not None:
        raise Refused(f"The course ended on {found.ended_on:%-d %B %Y}.")
    return found


def _known(form: UUID | None, course: Course, by: Viewer) -> CourseChange | None:
    if form is None:
        return None
    rows = CourseChange.objects.visible_to(by)
    found: CourseChange | None = rows.filter(pk=id_of_form(course.pk, form)).first()
    return found


def _change(
    course: Course,
    kind: ChangeKind,
    by: Viewer,
    form: UUID | None,
    *,
    from_on: date,
    reason: str,
    until_on: date | None = None,
    weeks: int | None = None,
    came_from: str = "",
    went_to: str = "",
) -> CourseChange:
    """Store a change and what it does to the length of the course."""
    if not reason.strip():
        raise Refused("Give the reason: it stays in the record.")
    change = CourseChange(
        id=id_of_form(course.pk, form) if form else new_id(),
        compartment=course.compartment,
        case_id=course.case_id,
        course=course,
        kind=kind,
        from_on=from_on,
        until_on=until_on,
        weeks=weeks,
        came_from=came_from,
        went_to=went_to,
        reason=reason,
        worker=by.worker,
        recorded_at=timezone.now(),
    )
    change.save(force_insert=True)
    breaks = breaks_by_course([course], by).get(course.pk, ())
    course.ends_by = ends_by(
        course.template.template, course.level, course.began_on, course.extra_weeks, breaks
    )
    course.version += 1
    course.save()
    record(by=by, verb=f"recorded “{kind}” for", thing=course)
    return change


def extend(
    *,
    course: Course,
    weeks: int,
    reason: str,
    by: Viewer,
    version: int | None = None,
    form: UUID | None = None,
) -> CourseChange:
    """Extend a course by some weeks, within the limit of its template."""
    require(by, Duty.SIGN_OFF)
    with acting(by):
        known = _known(form, course, by)
        if known is not None:
            return known
        course = locked_course(course, by, version)
        decision = may_extend(course.template.template, weeks, course.extra_weeks)
        if not decision:
            raise Refused(decision.reason)
        course.extra_weeks += weeks
        return _change(
            course,
            ChangeKind.EXTENSION,
            by,
            form,
            from_on=timezone.localdate(),
            weeks=weeks,
            reason=reason,
        )


def take_break(
    *,
    course: Course,
    first: date,
    last: date,
    reason: str,
    by: Viewer,
    version: int | None = None,
    form: UUID | None = None,
) -> CourseChange:
    """Approve a break with its last day. Absences in it are nobody's absence.

    Acts that were proposed for such an absence are taken back with the next register.
    """
    require(by, Duty.SIGN_OFF)
    with acting(by):
        known = _known(form, course, by)
        if known is not None:
            return known
        course = locked_course(course, by, version)
        taken = breaks_by_course([course], by).get(course.pk, ())
        decision = may_break(course.template.template, first, last, taken)
        if not decision:
            raise Refused(decision.reason)
        if course.began_on is None or first < course.began_on:
            raise Refused("A break lies within the course; this one has not begun by then.")
        if first <= timezone.localdate() <= last:
            course.state = CourseState.ON_BREAK
        return _change(
            course, ChangeKind.BREAK, by, form, from_on=first, until_on=last, reason=reason
        )


def begin_breaks(*, by: Viewer, on: date) -> int:
    """Show as “on a break” every running course whose approved break has come; returns how many.

    Part of the side's daily work. The end of a break is somebody's word (`resume`), never a date.
    """
    require(by, Duty.APPLY_ARRIVALS)
    with acting(by):
        due = CourseChange.objects.visible_to(by).filter(
            kind=ChangeKind.BREAK, from_on__lte=on, until_on__gte=on
        )
        courses = list(
            Course.objects.visible_to(by)
            .select_for_update(of=("self",))
            .filter(id__in=due.values("course_id"), state=CourseState.RUNNING)
        )
        changes = CourseChange.objects.visible_to(by).filter(
            course__in=courses, kind__in=(ChangeKind.BREAK, ChangeKind.RESUMED)
        )
        taken = breaks_among(changes.order_by("from_on", "id"))
        begun = [c for c in courses if any(b.first <= on <= b.last for b in taken.get(c.pk, ()))]
        for course in begun:
            course.state, course.version = CourseState.ON_BREAK, course.version + 1
            course.save()
        record_many(by=by, verb="began a break of", things=begun)
        return len(begun)


def resume(
    *,
    course: Course,
    on: date,
    reason: str,
    by: Viewer,
    version: int | None = None,
    form: UUID | None = None,
) -> CourseChange:
    """The client is back from a break, early or on time."""
    require(by, Duty.REVIEW_COURSE)
    with acting(by):
        known = _known(form, course, by)
        if known is not None:
            return known
        course = locked_course(course, by, version)
        begun = [
            span for span in breaks_by_course([course], by).get(course.pk, ()) if span.first <= on
        ]
        if not begun or (course.state != CourseState.ON_BREAK and on > begun[-1].last):
            raise Refused(f"The course is not on a break on {on:%-d %B %Y}.")
        course.state = CourseState.RUNNING
        return _change(course, ChangeKind.RESUMED, by, form, from_on=on, reason=reason)


def change_level(
    *,
    course: Course,
    level: str,
    reason: str,
    by: Viewer,
    version: int | None = None,
    form: UUID | None = None,
) -> CourseChange:
    """Put a course at another level of its template; the length and the dose follow."""
    require(by, Duty.SIGN_OFF)
    with acting(by):
        known = _known(form, course, by)
        if known is not None:
            return known
        course = locked_course(course, by, version)
        decision = may_change_level(course.template.template, course.level, level)
        if not decision:
            raise Refused(decision.reason)
        before, course.level = course.level, level
        return _change(
            course,
            ChangeKind.LEVEL,
            by,
            form,
            from_on=timezone.localdate(),
            came_from=before,
            went_to=level,
            reason=reason,
        )
