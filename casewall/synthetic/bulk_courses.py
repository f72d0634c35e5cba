"""Courses, acts on absence and completion, as the rows that the actions of `courses` write.

Uses the same pure rules: what a register leads to is decided there, once.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from uuid import UUID

from casewall.programme.cases.rules import Stage
from casewall.programme.courses.absence.rules import KnownAct, changes, due_at
from casewall.programme.courses.models import (
    Act,
    CompletionReview,
    Course,
    CriterionRating,
    FollowUp,
)
from casewall.programme.courses.reading import marks_of
from casewall.programme.courses.rules import (
    ActKind,
    ActState,
    CourseState,
    Marked,
    Met,
    ReviewDecision,
    attended_of,
    dose_is_met,
    ends_by,
    follow_up_days,
    least_dose,
    missing_modules,
    what_is_missing,
)
from casewall.programme.groups.models import Attendance, Session
from casewall.synthetic import texts
from casewall.synthetic.bulk_moves import LifeAsRows
from casewall.synthetic.calendar import Event
from casewall.wall.ids import new_id
from casewall.wall.sides import Viewer


class CourseRows(LifeAsRows):
    """The courses of a script. Holds each one's marks and acts while the script is lived."""

    MODELS = (Course, Act, CompletionReview, CriterionRating, FollowUp)

    courses: defaultdict[int, dict[str, Course]]
    marks: defaultdict[UUID, list[Marked]]
    acts: defaultdict[UUID, list[Act]]
    follow_ups: dict[tuple[int, int], FollowUp]

    def _read_courses(self, by: Viewer) -> None:
        """Open courses of earlier scripts, with their marks, acts and follow-up talks."""
        self.courses, self.marks = defaultdict(dict), defaultdict(list)
        self.acts, self.follow_ups = defaultdict(list), {}
        who_of = {case.pk: who for who, case in self.cases.items()}
        stored = [
            course
            for course in Course.objects.for_system("synthetic").select_related("template")
            if course.case_id in who_of
        ]
        for course in stored:
            self.courses[who_of[course.case_id]][course.template.code] = course
        templates = {course.pk: course.template.template for course in stored}
        self.marks.update(marks_of(stored, templates, by))
        for act in Act.objects.for_system("synthetic").filter(course__in=stored):
            self.acts[act.course_id].append(act)
        for row in FollowUp.objects.for_system("synthetic").filter(course__in=stored):
            self.follow_ups[who_of[row.case_id], row.months] = row

    def _enrol(self, event: Event, on: date) -> None:
        case, version = self.cases[event["who"]], self.templates[event["template"]]
        course = self.rows.keep(
            Course(
                id=new_id(),
                compartment=case.compartment,
                case=case,
                template=version,
                level=event["level"],
                enrolled_on=on,
            )
        )
        self.courses[event["who"]][version.code] = course
        self.rows.say(self.manager, "enrolled", course)

    def _planned_talk(self, event: Event, number: int) -> tuple[str, str]:
        """Module and title that the client's course plans for a talk of this number."""
        for course in self.courses[event["who"]].values():
            planned = course.template.template.sessions_of(event["component"])
            if planned:
                talk = planned[(number - 1) % len(planned)]
                return talk.module, talk.title
        return "", ""

    def _course_of(self, who: int, session: Session) -> Course | None:
        """The open course for which a session counts."""
        for course in self.courses[who].values():
            if course.ended_on is None:
                if session.group is not None and session.group.template_id:
                    if session.group.template_id == course.template_id:
                        return course
                elif session.component in course.template.template.programme.components:
                    return course
        return None

    def _after_mark(
        self, who: int, session: Session, mark: Attendance, on: date, at: datetime, by: Viewer
    ) -> None:
        """What a mark leads to: the beginning, acts on absence, the minimum dose."""
        course = self._course_of(who, session)
        if course is None:
            return
        own = self.marks[course.pk]
        own.append(
            Marked(
                session=session.pk,
                held_on=session.held_on,
                attended=mark.attended,
                complied=mark.complied,
                minutes=mark.minutes_attended,
                late=mark.minutes_late > 0,
                module=session.module,
            )
        )
        own.sort(key=lambda one: one.held_on)
        template = course.template.template
        if mark.attended and course.began_on is None:
            course.began_on, course.state = session.held_on, CourseState.RUNNING
            course.ends_by = ends_by(template, course.level, course.began_on, 0, ())
            course.version += 1
        self._propose(who, course, session, at, by)
        enough = dose_is_met(attended_of(own), least_dose(template, course.level))
        if enough and Stage(self.cases[who].stage) is Stage.STARTED:
            case = self.cases[who]
            self._moved(case, Stage.MINIMUM_DOSE, max(session.held_on, case.stage_on), at, by)

    def _propose(
        self, who: int, course: Course, session: Session, at: datetime, by: Viewer
    ) -> None:
        template = course.template.template
        known = [
            KnownAct(act.pk, act.session_id, act.step, ActKind(act.kind), ActState(act.state))
            for act in self.acts[course.pk]
        ]
        found = changes(template, self.marks[course.pk], known, since=[session.pk])
        for session_id, step, kind in found.propose:
            act = self.rows.keep(
                Act(
                    id=new_id(),
                    compartment=course.compartment,
                    case=self.cases[who],
                    course=course,
                    session_id=session_id,
                    step=step,
                    kind=kind,
                    proposed_at=at,
                    due_at=due_at(kind, template, at),
                )
            )
            self.acts[course.pk].append(act)
            self.rows.say(by, "proposed", act)

    def _end_courses(self, who: int, on: date) -> None:
        """The case left: open courses end, and what was only proposed goes with them."""
        for course in self.courses[who].values():
            if course.ended_on is None:
                self._end(course, CourseState.ENDED, on)

    def _end(self, course: Course, state: CourseState, on: date) -> None:
        course.state, course.version = state, course.version + 1
        course.ended_on = max(filter(None, [on, course.began_on]))
        self.rows.keep(course)
        self.rows.say(self.manager, f"{state} the course", course)
        for act in self.acts[course.pk]:
            if act.state == ActState.PROPOSED:
                act.state, act.version = ActState.WITHDRAWN, act.version + 1
                self.rows.say(self.manager, "withdrew", self.rows.keep(act))

    def settle_acts(self, before: datetime) -> None:
        """Let facilitators have done what fell due before a moment: call, letter, notice."""
        for acts in self.acts.values():
            for act in acts:
                if act.state == ActState.PROPOSED and act.due_at < before:
                    by = self.facilitators[0]
                    act.state, act.decided_by = ActState.DONE, by.worker
                    act.decided_at = act.done_at = act.due_at
                    act.version += 1
                    self.rows.say(by, "did", self.rows.keep(act))

    def _complete(self, event: Event, on: date) -> None:
        who, at = event["who"], self._at(event)
        case = self.cases[who]
        course = next(one for one in self.courses[who].values() if one.ended_on is None)
        template, own = course.template.template, self.marks[course.pk]
        attended, missing = attended_of(own), missing_modules(template, own)
        ratings = {one.id: Met.YES for one in template.programme.completion.criteria}
        lacks = what_is_missing(
            template, attended=attended, level=course.level, missing=missing, ratings=ratings
        )
        reviewer = self.facilitators[who % len(self.facilitators)]
        review = self.rows.keep(
            CompletionReview(
                id=new_id(),
                compartment=course.compartment,
                case=case,
                course=course,
                held_on=on,
                sessions_attended=attended.sessions,
                minutes_attended=attended.minutes,
                dose_met=dose_is_met(attended, least_dose(template, course.level)),
                modules_missing=len(missing),
                decision=ReviewDecision.COMPLETE,
                evidence=event["evidence"],
                worker=reviewer.worker,
                signed_by=self.manager.worker,
                signed_at=at,
                exception=texts.EXCEPTION if lacks else None,
                version=2,
            )
        )
        self._rate(review, ratings)
        self.rows.say(reviewer, "reviewed", course)
        self.rows.say(self.manager, "signed off", review)
        self._end(course, CourseState.COMPLETED, on)
        self._plan_follow_ups(who, course)
        self._moved(case, Stage.COMPLETED, max(on, case.stage_on), at, self.manager)

    def _rate(self, review: CompletionReview, ratings: dict[str, Met]) -> None:
        for criterion, met in ratings.items():
            self.rows.keep(
                CriterionRating(
                    id=new_id(),
                    compartment=review.compartment,
                    case=review.case,
                    review=review,
                    criterion=criterion,
                    met=met,
                )
            )

    def _plan_follow_ups(self, who: int, course: Course) -> None:
        assert course.ended_on is not None  # noqa: S101  # for the type checker
        for months, day in follow_up_days(course.template.template, course.ended_on):
            self.follow_ups[who, months] = self.rows.keep(
                FollowUp(
                    id=new_id(),
                    compartment=course.compartment,
                    case=self.cases[who],
                    course=course,
                    months=months,
                    due_on=day,
                )
            )

    def _follow_up(self, event: Event, on: date) -> None:
        row = self.rows.keep(self.follow_ups[event["who"], event["months"]])
        row.held_on, row.outcome = on, event["outcome"]
        row.worker, row.version = self.manager.worker, row.version + 1
        self.rows.say(self.manager, "followed up", row)
