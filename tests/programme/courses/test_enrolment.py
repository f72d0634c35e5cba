"""The day on which a client was enrolled, and drafts of the forms about a course."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewall.programme.cases.models import Case
from casewall.programme.cases.rules import Stage
from casewall.programme.courses.completion.actions import review_course
from casewall.programme.courses.enrolment.actions import enrol, enrols_from
from casewall.programme.courses.models import CompletionReview, Course, FollowUp
from casewall.programme.courses.rules import ReviewDecision, may_enrol
from casewall.programme.notes.models import ProgrammeDraft
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.sides import Role
from tests.programme.conftest import TODAY, Browse, World, day_boxes
from tests.programme.courses.conftest import Delivery

DAYS = st.dates(date(2034, 1, 1), date(2037, 12, 31))


@pytest.mark.parametrize(
    ("on", "earlier", "words"),
    [
        (TODAY + timedelta(days=1), None, "5 March 2036 has not come yet"),
        (TODAY - timedelta(days=41), None, "on 24 January 2036: the day of enrolment cannot"),
        (TODAY - timedelta(days=9), TODAY - timedelta(days=3), "ended on 1 March 2036: the day"),
    ],
)
def test_a_day_that_cannot_be_true_is_refused(on: date, earlier: date | None, words: str) -> None:
    not_before = TODAY - timedelta(days=40)
    decision = may_enrol(on, today=TODAY, not_before=not_before, earlier_ended_on=earlier)
    assert not decision
    assert words in decision.reason


@given(on=DAYS, today=DAYS, not_before=DAYS, earlier=st.none() | DAYS)
def test_a_day_is_taken_exactly_when_it_lies_between(
    on: date, today: date, not_before: date, earlier: date | None
) -> None:
    said = may_enrol(on, today=today, not_before=not_before, earlier_ended_on=earlier)
    assert bool(said) is (max(not_before, earlier or not_before) <= on <= today)


def test_the_true_day_is_kept_and_another_is_refused(delivery: Delivery, world: World) -> None:
    case = world.case("Bo", "Opdigtet", stage=Stage.AGREEMENT_SIGNED)
    first = enrols_from(case, delivery.manager)
    assert first == case.referred_on
    for day, words in ((TODAY + timedelta(days=1), "not come"), (first - timedelta(1), "before")):
        with pytest.raises(Refused, match=words):
            enrol(case=case, template=delivery.version, on=day, by=delivery.manager)
    course = enrol(
        case=case, template=delivery.version, on=first + timedelta(3), by=delivery.manager
    )
    assert delivery.course(case).enrolled_on == first + timedelta(3) == course.enrolled_on


def test_the_form_asks_for_the_day_and_keeps_what_was_typed(
    delivery: Delivery, world: World, browse: Browse
) -> None:
    case = world.case("Bo", "Opdigtet", stage=Stage.AGREEMENT_SIGNED)
    manager, address = browse(Role.PROGRAMME_MANAGER), f"/cases/{case.pk}/enrol/"
    sent = {"programme": str(delivery.version.pk)}
    for day, words in (
        (TODAY + timedelta(days=2), "6 March 2036 has not come yet"),
        (case.referred_on - timedelta(days=1), "the day of enrolment cannot lie before that"),
    ):
        answer = manager.post(address, {**sent, **day_boxes("on", day)})
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert f'value="{day.day}"' in answer.content.decode()
    day = TODAY - timedelta(days=20)
    assert manager.post(address, {**sent, **day_boxes("on", day)}).status_code == 302
    assert delivery.course(case).enrolled_on == day


@pytest.mark.parametrize(
    ("joined", "kept"),
    [
        (TODAY + timedelta(days=7), TODAY),
        (TODAY - timedelta(days=5), TODAY - timedelta(days=5)),
        (TODAY - timedelta(days=400), TODAY - timedelta(days=40)),
    ],
)
def test_a_place_enrols_on_the_nearest_day_that_can_be_true(
    delivery: Delivery, world: World, joined: date, kept: date
) -> None:
    case = world.case("Bo", "Opdigtet", stage=Stage.AGREEMENT_SIGNED)
    world.member(delivery.group, case, joined)
    assert delivery.course(case).enrolled_on == kept


def test_a_second_course_is_enrolled_after_the_first_has_ended(
    delivery: Delivery, world: World
) -> None:
    case = world.case("Bo", "Opdigtet", stage=Stage.AGREEMENT_SIGNED)
    first = enrol(case=case, template=delivery.version, by=delivery.manager)
    with acting(delivery.manager):
        first.ended_on, first.state = TODAY - timedelta(days=3), "ended"
        first.save()
    world.member(delivery.group, case, TODAY - timedelta(days=20))
    [second] = [one for one in world.rows(Course, case=case) if one.pk != first.pk]
    assert second.enrolled_on == TODAY - timedelta(days=3)
    assert second.counts_from == TODAY - timedelta(days=2)


# --- drafts ------------------------------------------------------------------------------


def _act(delivery: Delivery, case: Case) -> str:
    delivery.mark(3, {case.pk: "x"})
    return str(delivery.acts(case)[0].pk)


def _review(delivery: Delivery, case: Case) -> str:
    review_course(
        course=delivery.course(case),
        held_on=TODAY,
        decision=ReviewDecision.END,
        evidence="Invented",
        ratings={},
        by=delivery.manager,
    )
    [review] = delivery.world.rows(CompletionReview, case=case)
    return str(review.pk)


def _follow_up(delivery: Delivery, case: Case) -> str:
    row = FollowUp(
        compartment=case.compartment,
        case=case,
        course=delivery.course(case),
        months=6,
        due_on=TODAY,
    )
    delivery._add(row)
    return str(row.pk)


def _course(delivery: Delivery, case: Case) -> str:
    return str(delivery.course(case).pk)


PAGES: dict[str, Callable[[Delivery, Case], str]] = {
    "/cases/{}/enrol/": lambda delivery, case: str(case.pk),
    "/courses/{}/review/": _course,
    "/courses/{}/extend/": _course,
    "/courses/{}/break/": _course,
    "/courses/{}/resume/": _course,
    "/courses/{}/level/": _course,
    "/reviews/{}/": _review,
    "/follow-ups/{}/": _follow_up,
    "/acts/{}/done/": _act,
    "/acts/{}/dismiss/": _act,
}


@pytest.mark.parametrize("path", PAGES)
def test_every_form_about_a_course_keeps_a_draft(
    path: str, delivery: Delivery, browse: Browse
) -> None:
    case = delivery.client()
    delivery.attend(case, (1, 2))
    address, manager = path.format(PAGES[path](delivery, case)), browse(Role.PROGRAMME_MANAGER)
    page = manager.get(address).content.decode()
    token = unescape(page.split('data-casewall-draft="')[1].split('"')[0])
    name = next(
        one
        for one in ("reason", "note", "evidence", "exception", "on_day")
        if f'name="{one}"' in page
    )
    typed = "17" if name == "on_day" else "Halvt skrevet"
    saved = manager.post(
        "/drafts/save/",
        {
            "draft": token,
            "fields": json.dumps([[name, typed]]),
            "base": "0",
            "tab": "a",
            "turn": "1",
        },
    )
    assert saved.status_code == 200
    again = manager.get(address).content.decode()
    assert "Your draft" in again
    assert typed in again


def test_a_course_form_that_is_saved_ends_its_draft(
    delivery: Delivery, world: World, browse: Browse
) -> None:
    case = delivery.client()
    delivery.attend(case, (1, 2))
    course, manager = delivery.course(case), browse(Role.PROGRAMME_MANAGER)
    address = f"/courses/{course.pk}/extend/"
    page = manager.get(address).content.decode()
    token = unescape(page.split('data-casewall-draft="')[1].split('"')[0])
    manager.post(
        "/drafts/save/",
        {
            "draft": token,
            "fields": '[["reason", "Ill"]]',
            "base": "0",
            "tab": "a",
            "turn": "1",
        },
    )
    assert len(world.rows(ProgrammeDraft)) == 1
    sent = {
        "version": str(course.version),
        "form_id": str(uuid4()),
        "weeks": "2",
        "reason": "Ill",
    }
    assert manager.post(address, sent).status_code == 302
    assert world.rows(ProgrammeDraft) == []
