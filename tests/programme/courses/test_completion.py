"""Reviews, their sign-off by somebody else, and the follow-up talks."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from casewall.programme.cases.models import Case
from casewall.programme.cases.rules import Stage
from casewall.programme.courses.completion.actions import (
    Rating,
    hold_follow_up,
    return_review,
    review_course,
    sign_off,
)
from casewall.programme.courses.models import CompletionReview, CriterionRating, FollowUp
from casewall.programme.courses.rules import (
    CourseState,
    FollowUpOutcome,
    Met,
    ReviewDecision,
    add_months,
)
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.sides import Role, Viewer
from tests.programme.conftest import TODAY, World
from tests.programme.courses.conftest import Delivery


@pytest.fixture
def facilitator(world: World) -> Viewer:
    return world.staff[Role.FACILITATOR]


def all_met(delivery: Delivery, **other: Met) -> dict[str, Rating]:
    """Every criterion met, but those that are named (underscores for hyphens)."""
    return {
        one.id: Rating(other.get(one.id.replace("-", "_"), Met.YES), "Seen in the group")
        for one in delivery.template.programme.completion.criteria
    }


def reviewed(
    delivery: Delivery,
    case: Case,
    by: Viewer,
    *,
    ratings: dict[str, Rating] | None = None,
    decision: ReviewDecision = ReviewDecision.COMPLETE,
    weeks: int | None = None,
) -> CompletionReview:
    return review_course(
        course=delivery.course(case),
        held_on=TODAY,
        decision=decision,
        evidence="Talks with the client and the group.",
        weeks=weeks,
        by=by,
        ratings=all_met(delivery) if ratings is None else ratings,
    )


@pytest.fixture
def done(delivery: Delivery) -> Case:
    """A client who attended the whole schedule of the group."""
    case = delivery.client()
    delivery.attend(case, range(1, len(delivery.sessions) + 1))
    delivery.one_to_ones(case)
    return delivery.world.again(case)


def test_a_signed_completion_ends_the_course_moves_the_case_and_plans_follow_ups(
    delivery: Delivery, done: Case, facilitator: Viewer, world: World
) -> None:
    review = reviewed(delivery, done, facilitator)
    assert world.again(done).stage == Stage.MINIMUM_DOSE
    for _ in range(2):
        review = sign_off(review=review, on=TODAY, by=delivery.manager)
    course = delivery.course(done)
    assert (course.state, course.ended_on) == (CourseState.COMPLETED, TODAY)
    assert world.again(done).stage == Stage.COMPLETED
    talks = sorted(world.rows(FollowUp, case=done), key=lambda row: row.months)
    assert [(row.months, row.due_on) for row in talks] == [
        (6, add_months(TODAY, 6)),
        (12, add_months(TODAY, 12)),
    ]
    assert (review.signed_by, review.dose_met, review.exception) == (
        delivery.manager.worker,
        True,
        None,
    )
    assert review.sessions_attended == len(delivery.template.programme.schedule)


def test_nobody_signs_the_own_review(delivery: Delivery, done: Case) -> None:
    review = reviewed(delivery, done, delivery.manager)
    with pytest.raises(Refused, match="Somebody else must sign off"):
        sign_off(review=review, on=TODAY, by=delivery.manager)
    assert delivery.course(done).state == CourseState.RUNNING


def test_a_facilitator_reviews_and_does_not_sign(
    delivery: Delivery, done: Case, facilitator: Viewer, world: World
) -> None:
    review = reviewed(delivery, done, facilitator)
    with pytest.raises(Refused, match="may not sign off"):
        sign_off(review=review, on=TODAY, by=facilitator)
    with pytest.raises(Refused, match="may not review"):
        reviewed(delivery, done, world.staff[Role.ASSESSOR])


@pytest.mark.parametrize("rating", [Met.PARTLY, Met.NO, Met.NOT_KNOWN])
def test_a_criterion_that_is_not_met_needs_an_exception_with_its_reason(
    rating: Met, delivery: Delivery, done: Case, facilitator: Viewer
) -> None:
    needed = next(one for one in delivery.template.programme.completion.criteria if one.required)
    review = reviewed(
        delivery,
        done,
        facilitator,
        ratings=all_met(delivery, **{needed.id.replace("-", "_"): rating}),
    )
    with pytest.raises(Refused, match="needs a reason for the exception"):
        sign_off(review=review, on=TODAY, by=delivery.manager)
    review = sign_off(review=review, on=TODAY, by=delivery.manager, exception="He moved for work.")
    assert review.exception == "He moved for work."
    assert delivery.course(done).state == CourseState.COMPLETED


def test_a_criterion_that_nobody_rated_is_not_known(
    delivery: Delivery, done: Case, facilitator: Viewer, world: World
) -> None:
    review = reviewed(delivery, done, facilitator, ratings={})
    assert {row.met for row in world.rows(CriterionRating, review=review)} == {Met.NOT_KNOWN}
    with pytest.raises(Refused, match="not known"):
        sign_off(review=review, on=TODAY, by=delivery.manager)


def test_a_dose_that_was_corrected_after_the_review_is_counted_again(
    delivery: Delivery, done: Case, facilitator: Viewer
) -> None:
    review = reviewed(delivery, done, facilitator)
    for number in range(1, len(delivery.sessions)):
        delivery.mark(number, {done.pk: "e"})
    with pytest.raises(Refused, match="minimum dose"):
        sign_off(review=review, on=TODAY, by=delivery.manager)


def test_a_returned_review_is_followed_by_another(
    delivery: Delivery, done: Case, facilitator: Viewer
) -> None:
    review = reviewed(delivery, done, facilitator)
    with pytest.raises(Refused, match="waits for its sign-off already"):
        reviewed(delivery, done, facilitator)
    with pytest.raises(Refused, match="Say why"):
        return_review(review=review, reason="", by=delivery.manager)
    for _ in range(2):
        returned = return_review(review=review, reason="Where is the plan?", by=delivery.manager)
    assert (returned.returned_because, returned.version) == ("Where is the plan?", 2)
    with pytest.raises(StaleEdit):
        sign_off(review=review, on=TODAY, by=delivery.manager, version=1)
    with pytest.raises(Refused, match="was returned"):
        sign_off(review=review, on=TODAY, by=delivery.manager)
    second = reviewed(delivery, done, facilitator)
    sign_off(review=second, on=TODAY, by=delivery.manager)
    with pytest.raises(Refused, match="signed off already"):
        return_review(review=second, reason="Too late", by=delivery.manager)


def test_the_same_form_twice_is_one_review(
    delivery: Delivery, done: Case, facilitator: Viewer
) -> None:
    form = uuid4()
    first, second = (
        review_course(
            course=delivery.course(done),
            held_on=TODAY,
            evidence="Talks",
            form=form,
            decision=ReviewDecision.COMPLETE,
            ratings={},
            by=facilitator,
        )
        for _ in range(2)
    )
    assert first.pk == second.pk


def test_a_review_says_what_it_rests_on_and_knows_its_criteria(
    delivery: Delivery, done: Case, facilitator: Viewer, world: World
) -> None:
    with pytest.raises(Refused, match="rests on"):
        review_course(
            course=delivery.course(done),
            held_on=TODAY,
            evidence=" ",
            by=facilitator,
            decision=ReviewDecision.COMPLETE,
            ratings={},
        )
    with pytest.raises(Refused, match="no criterion “luck”"):
        reviewed(delivery, done, facilitator, ratings={"luck": Rating(Met.YES)})
    assert world.rows(CompletionReview) == []


def test_a_signed_extension_extends_and_a_signed_end_ends(
    delivery: Delivery, done: Case, facilitator: Viewer, world: World
) -> None:
    with pytest.raises(Refused, match="one week at the least"):
        reviewed(delivery, done, facilitator, decision=ReviewDecision.EXTEND)
    review = reviewed(delivery, done, facilitator, decision=ReviewDecision.EXTEND, weeks=3)
    sign_off(review=review, on=TODAY, by=delivery.manager)
    course = delivery.course(done)
    assert (course.extra_weeks, course.ended_on) == (3, None)
    review = reviewed(delivery, done, facilitator, decision=ReviewDecision.END)
    with pytest.raises(Refused, match="cannot be signed off before that"):
        sign_off(review=review, on=TODAY - timedelta(days=1), by=delivery.manager)
    sign_off(review=review, on=TODAY, by=delivery.manager)
    assert delivery.course(done).state == CourseState.ENDED
    assert world.again(done).stage == Stage.MINIMUM_DOSE
    assert world.rows(FollowUp) == []
    with pytest.raises(Refused, match="The course ended on 4 March 2036"):
        reviewed(delivery, done, facilitator)


def test_a_follow_up_is_recorded_once_and_can_be_put_right(
    delivery: Delivery, done: Case, facilitator: Viewer, world: World
) -> None:
    sign_off(review=reviewed(delivery, done, facilitator), on=TODAY, by=delivery.manager)
    talk = next(row for row in world.rows(FollowUp) if row.months == 6)
    held = TODAY + timedelta(days=180)

    def hold(outcome: FollowUpOutcome, day: date, version: int | None = None) -> FollowUp:
        return hold_follow_up(
            follow_up=talk,
            held_on=day,
            outcome=outcome,
            note="By phone.",
            by=facilitator,
            version=version,
        )

    for _ in range(2):
        found = hold(FollowUpOutcome.NOT_REACHED, held, talk.version)
    assert (found.version, found.worker) == (2, facilitator.worker)
    with pytest.raises(StaleEdit):
        hold(FollowUpOutcome.HELD, held, talk.version)
    with pytest.raises(Refused, match="comes after that"):
        hold(FollowUpOutcome.HELD, TODAY - timedelta(days=1))
    assert hold(FollowUpOutcome.HELD, held, 2).outcome == FollowUpOutcome.HELD
