"""Every write to the end of a course: reviews, their sign-off, follow-up talks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.programme.cases.actions import move_case
from casewall.programme.cases.models import Case
from casewall.programme.cases.rules import Stage
from casewall.programme.courses.actions import end_course, extend, locked_course
from casewall.programme.courses.models import (
    CompletionReview,
    Course,
    CriterionRating,
    FollowUp,
)
from casewall.programme.courses.reading import Progress, progress_of
from casewall.programme.courses.rules import (
    CourseState,
    FollowUpOutcome,
    Met,
    ReviewDecision,
    follow_up_days,
    may_extend,
    may_sign_off,
    what_is_missing,
)
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_of_form, new_id
from casewall.wall.sides import Viewer


@dataclass(frozen=True, slots=True)
class Rating:
    """How one criterion was rated, and on what evidence."""

    met: Met
    evidence: str = ""


def review_course(
    *,
    course: Course,
    held_on: date,
    decision: ReviewDecision,
    evidence: str,
    ratings: Mapping[str, Rating],
    by: Viewer,
    weeks: int | None = None,
    version: int | None = None,
    form: UUID | None = None,
) -> CompletionReview:
    """Keep a review of a course: ratings with evidence, and what is proposed.

    Nothing follows from it until somebody else signs it off. A criterion that nobody rated is
    kept as *not known*. One review of a course waits for its sign-off at a time; the same
    `form` sent twice is one review. Raises `Refused` with a sentence.
    """
    require(by, Duty.REVIEW_COURSE)
    if not evidence.strip():
        raise Refused("Say what the decision rests on: it stays in the record.")
    with acting(by):
        own = id_of_form(course.pk, form) if form else new_id()
        known = CompletionReview.objects.visible_to(by).filter(pk=own).first()
        if known is not None:
            return known
        course = locked_course(course, by, version)
        _may_be_reviewed(course, decision, weeks, by)
        progress = _progress(course, by)
        review = CompletionReview(
            id=own,
            compartment=course.compartment,
            case_id=course.case_id,
            course=course,
            held_on=held_on,
            sessions_attended=progress.attended.sessions,
            minutes_attended=progress.attended.minutes,
            dose_met=progress.dose_met,
            modules_missing=len(progress.missing),
            decision=decision,
            evidence=evidence,
            weeks=weeks if decision is ReviewDecision.EXTEND else None,
            worker=by.worker,
        )
        review.save(force_insert=True)
        _keep_ratings(review, progress, ratings, by)
        record(by=by, verb="reviewed", thing=course)
        return review


def _progress(course: Course, by: Viewer) -> Progress:
    return progress_of([course], by)[course.pk]


def _may_be_reviewed(
    course: Course, decision: ReviewDecision, weeks: int | None, by: Viewer
) -> None:
    waiting = CompletionReview.objects.visible_to(by).filter(
        course=course, signed_at=None, returned_at=None
    )
    if waiting.exists():
        raise Refused("A review of this course waits for its sign-off already.")
    if decision is ReviewDecision.EXTEND:
        fits = may_extend(course.template.template, weeks or 0, course.extra_weeks)
        if not fits:
            raise Refused(fits.reason)


def _keep_ratings(
    review: CompletionReview, progress: Progress, ratings: Mapping[str, Rating], by: Viewer
) -> None:
    criteria = progress.template.programme.completion.criteria
    unknown = set(ratings) - {criterion.id for criterion in criteria}
    if unknown:
        raise Refused(f"The programme has no criterion “{min(unknown)}”.")
    CriterionRating.objects.visible_to(by).bulk_create(
        CriterionRating(
            compartment=review.compartment,
            case_id=review.case_id,
            review=review,
            criterion=criterion.id,
            met=rating.met,
            evidence=rating.evidence or None,
        )
        for criterion in criteria
        for rating in [ratings.get(criterion.id, Rating(Met.NOT_KNOWN))]
    )


def _locked_review(review: CompletionReview, by: Viewer, version: int | None) -> CompletionReview:
    found: CompletionReview = (
        CompletionReview.objects.visible_to(by)
        .select_for_update(of=("self",))
        .select_related("course")
        .get(pk=review.pk)
    )
    if version is not None and version != found.version and found.signed_at is None:
        raise StaleEdit(
            "Somebody else worked on this review while you had it open. What you typed is below."
        )
    return found


def missing_for(review: CompletionReview, progress: Progress, by: Viewer) -> tuple[str, ...]:
    """Why the course of a review cannot be completed as things stand now, in sentences."""
    rows = CriterionRating.objects.visible_to(by).filter(review=review)
    ratings = {code: Met(met) for code, met in rows.values_list("criterion", "met")}
    return what_is_missing(
        progress.template,
        attended=progress.attended,
        level=review.course.level,
        missing=progress.missing,
        ratings=ratings,
    )


def sign_off(
    *,
    review: CompletionReview,
    on: date,
    by: Viewer,
    exception: str = "",
    version: int | None = None,
) -> CompletionReview:
    """Sign a review off, and do what it decided.

    Somebody else than the reviewer signs. A completion needs the dose, every required module
    and every required criterion, counted again now, or the reason for an exception. A completed
    course makes its follow-up talks, and moves the case when no other course of it is open.
    Signed twice is signed once.
    """
    require(by, Duty.SIGN_OFF)
    with acting(by):
        review = _locked_review(review, by, version)
        if review.signed_at is not None:
            return review
        if review.returned_at is not None:
            raise Refused("This review was returned; a new one is needed.")
        course = locked_course(review.course, by, None)
        if on < review.held_on:
            raise Refused(
                f"The review was held on {review.held_on:%-d %B %Y}; it cannot be "
                "signed off before that."
            )
        progress = _progress(course, by)
        missing = missing_for(review, progress, by)
        completes = review.decision == ReviewDecision.COMPLETE
        decision = may_sign_off(
            missing if completes else (),
            exception=exception,
            reviewer=review.worker,
            signer=by.worker,
        )
        if not decision:
            raise Refused(decision.reason)
        review.sessions_attended = progress.attended.sessions
        review.minutes_attended = progress.attended.minutes
        review.dose_met, review.modules_missing = progress.dose_met, len(progress.missing)
        review.exception = exception.strip() or None if completes and missing else None
        review.signed_by, review.signed_at = by.worker, timezone.now()
        review.version += 1
        review.save()
        record(by=by, verb="signed off", thing=review)
        _follow_decision(review, course, progress, on, by)
        return review


def _follow_decision(
    review: CompletionReview, course: Course, progress: Progress, on: date, by: Viewer
) -> None:
    match ReviewDecision(review.decision):
        case ReviewDecision.COMPLETE:
            course = end_course(course=course, state=CourseState.COMPLETED, on=on, by=by)
            _plan_follow_ups(course, progress, course.ended_on or on, by)
            _complete_case(course, on, by)
        case ReviewDecision.EXTEND:
            extend(course=course, weeks=review.weeks or 0, reason=review.evidence or "", by=by)
        case ReviewDecision.END:
            end_course(course=course, state=CourseState.ENDED, on=on, by=by)


def _plan_follow_ups(course: Course, progress: Progress, completed_on: date, by: Viewer) -> None:
    FollowUp.objects.visible_to(by).bulk_create(
        FollowUp(
            compartment=course.compartment,
            case_id=course.case_id,
            course=course,
            months=months,
            due_on=day,
        )
        for months, day in follow_up_days(progress.template, completed_on)
    )


def _complete_case(course: Course, on: date, by: Viewer) -> None:
    """Move the case to completed, unless another course of it is still open."""
    case = Case.objects.visible_to(by).get(pk=course.case_id)
    others = Course.objects.visible_to(by).filter(case=case, ended_on=None)
    if Stage(case.stage) in (Stage.STARTED, Stage.MINIMUM_DOSE) and not others.exists():
        move_case(case=case, to=Stage.COMPLETED, on=max(on, case.stage_on), by=by)


def return_review(
    *, review: CompletionReview, reason: str, by: Viewer, version: int | None = None
) -> CompletionReview:
    """Give a review back unsigned, with the reason; the reviewer can hold another."""
    require(by, Duty.SIGN_OFF)
    if not reason.strip():
        raise Refused("Say why the review is returned.")
    with acting(by):
        review = _locked_review(review, by, version)
        if review.signed_at is not None:
            raise Refused("This review is signed off already.")
        if review.returned_at is None:
            review.returned_at, review.returned_because = timezone.now(), reason
            review.version += 1
            review.save()
            record(by=by, verb="returned", thing=review)
        return review


def hold_follow_up(
    *,
    follow_up: FollowUp,
    held_on: date,
    outcome: FollowUpOutcome,
    note: str,
    by: Viewer,
    version: int | None = None,
) -> FollowUp:
    """Record what came of a follow-up talk; recorded twice the same is once."""
    require(by, Duty.REVIEW_COURSE)
    with acting(by):
        found: FollowUp = (
            FollowUp.objects.visible_to(by)
            .select_for_update(of=("self",))
            .select_related("course")
            .get(pk=follow_up.pk)
        )
        if (found.held_on, found.outcome, found.note or "") == (held_on, outcome, note):
            return found
        if version is not None and version != found.version:
            raise StaleEdit(
                "Somebody else recorded this follow-up while you had the page open. "
                "What you typed is below."
            )
        completed_on = found.course.ended_on
        if completed_on is not None and held_on < completed_on:
            raise Refused(
                f"The course was completed on {completed_on:%-d %B %Y}; a follow-up "
                "comes after that."
            )
        found.held_on, found.outcome, found.note = held_on, outcome, note or None
        found.worker, found.version = by.worker, found.version + 1
        found.save()
        record(by=by, verb="followed up", thing=found)
        return found
