"""The section on courses of a case page, the lists, the forms, and the first page."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casewall.programme.cases.models import Case
from casewall.programme.cases.rules import Stage
from casewall.programme.courses import actions
from casewall.programme.courses.completion.actions import review_course, sign_off
from casewall.programme.courses.models import Act, CompletionReview, Course, CourseChange, FollowUp
from casewall.programme.courses.rules import CourseState, ReviewDecision
from casewall.programme.curriculum.models import TemplateVersion
from casewall.services.load import shipped
from casewall.services.programmes import template_of
from casewall.wall.context import acting
from casewall.wall.sides import Role
from tests.people import SERVICE
from tests.programme.conftest import NOW, TODAY, Browse, World, day_boxes
from tests.programme.courses.conftest import Delivery


@pytest.fixture
def facilitator(browse: Browse) -> Client:
    return browse(Role.FACILITATOR)


@pytest.fixture
def manager(browse: Browse) -> Client:
    return browse(Role.PROGRAMME_MANAGER)


@pytest.fixture
def absent(delivery: Delivery) -> Case:
    """A client who came twice and then missed two sessions."""
    case = delivery.client()
    delivery.attend(case, (1, 2))
    for number in (3, 4):
        delivery.mark(number, {case.pk: "x"})
    return case


def section(browser: Client, case: Case) -> str:
    return browser.get(f"/cases/{case.pk}/?show=course").content.decode()


def queries(browser: Client, address: str) -> int:
    browser.get(address)
    with CaptureQueriesContext(connections["programme"]) as context:
        assert browser.get(address).status_code == 200
    return len(context)


def test_the_section_shows_hours_modules_and_acts(
    delivery: Delivery, absent: Case, facilitator: Client
) -> None:
    page = section(facilitator, absent)
    assert delivery.template.programme.name in page
    assert "2 sessions, 4 hours" in page
    for module in delivery.template.programme.modules:
        assert module.name in page
    assert "Call the client" in page
    assert "An absence that was not accepted" in page
    proposed = len([one for one in delivery.states(absent) if one[2] == "proposed"])
    assert f"Accept all {proposed} proposed acts" in page


def test_one_click_accepts_and_a_second_finds_nothing(
    delivery: Delivery, absent: Case, facilitator: Client
) -> None:
    for words in ("are accepted", "Nothing was left to accept"):
        answer = facilitator.post(f"/cases/{absent.pk}/acts/accept/", follow=True)
        assert words in answer.content.decode()
    assert {state for _, _, state in delivery.states(absent)} == {"accepted"}


def test_a_register_is_accepted_in_one_click_from_the_list(
    delivery: Delivery, absent: Case, facilitator: Client
) -> None:
    session = delivery.sessions[2]
    page = facilitator.get(f"/acts/?session={session.pk}").content.decode()
    assert "Accept all proposed acts of this register" in page
    answer = facilitator.post(f"/sessions/{session.pk}/acts/accept/")
    assert answer["Location"] == f"/acts/?session={session.pk}"
    assert (3, "call", "accepted") in delivery.states(absent)
    assert facilitator.get("/acts/?session=rubbish").status_code == 200
    assert facilitator.get(f"/acts/?session={uuid4()}").status_code == 404


def test_accepting_from_the_list_goes_back_to_it(absent: Case, facilitator: Client) -> None:
    answer = facilitator.post(f"/cases/{absent.pk}/acts/accept/", {"back": "acts"})
    assert answer["Location"] == "/acts/"


def test_an_act_is_done_or_dismissed_through_a_form_that_keeps_what_was_typed(
    delivery: Delivery, absent: Case, browse: Browse
) -> None:
    facilitator = browse(Role.FACILITATOR)
    call = next(act for act in delivery.acts(absent) if act.kind == "call")
    early = facilitator.post(f"/acts/{call.pk}/done/", {"version": call.version, "note": "Rang."})
    assert early.status_code == 422
    assert "falls due on" in early.content.decode()
    assert "Rang." in early.content.decode()
    with time_machine.travel(call.due_at, tick=False):
        answer = browse(Role.FACILITATOR).post(
            f"/acts/{call.pk}/done/", {"version": call.version, "note": "Rang."}
        )
        assert answer["Location"] == f"/cases/{absent.pk}/?show=course"
    facilitator = browse(Role.FACILITATOR)
    assert "Rang." in section(facilitator, absent)
    other = next(act for act in delivery.acts(absent) if act.kind == "letter")
    empty = facilitator.post(f"/acts/{other.pk}/dismiss/", {"version": other.version})
    assert empty.status_code == 422
    assert (
        facilitator.post(
            f"/acts/{other.pk}/dismiss/", {"version": other.version, "reason": "He came by."}
        ).status_code
        == 302
    )
    stale = facilitator.post(f"/acts/{other.pk}/done/", {"version": 1, "note": "Sent."})
    assert "Somebody else decided" in stale.content.decode()
    assert "Sent." in stale.content.decode()
    assert "He came by." in section(facilitator, absent)


def test_hidden_and_absent_look_alike_and_a_duty_is_asked_for(
    delivery: Delivery, absent: Case, browse: Browse, world: World
) -> None:
    course = delivery.course(absent)
    assessor, facilitator = browse(Role.ASSESSOR), browse(Role.FACILITATOR)
    for path in (f"/courses/{course.pk}/review/", f"/courses/{uuid4()}/review/"):
        assert assessor.get(path).status_code == 404
    for path in ("extend", "break", "level"):
        assert facilitator.get(f"/courses/{course.pk}/{path}/").status_code == 403
    assert browse(Role.REFERRER).get("/acts/").content.decode().count("Opdigtet") == 0


def review_form(delivery: Delivery, course: Course, **more: str) -> dict[str, str]:
    criteria = delivery.template.programme.completion.criteria
    return {
        "version": str(course.version),
        "form_id": str(uuid4()),
        **day_boxes("held_on", TODAY),
        **{f"met_{one.id}": "yes" for one in criteria},
        "decision": "complete",
        "evidence": "Talks and the group.",
        **more,
    }


def test_a_course_is_reviewed_signed_off_and_followed_up_on_pages(
    delivery: Delivery, facilitator: Client, manager: Client, browse: Browse, world: World
) -> None:
    case = delivery.client()
    delivery.attend(case, range(1, len(delivery.sessions) + 1))
    course = delivery.course(case)
    address = f"/courses/{course.pk}/review/"
    assert facilitator.get(address).status_code == 200
    lacking = facilitator.post(address, review_form(delivery, course, decision="extend"))
    assert "Say for how many weeks" in lacking.content.decode()
    ahead = review_form(delivery, course) | day_boxes("held_on", TODAY + timedelta(days=1))
    assert "has not come yet" in facilitator.post(address, ahead).content.decode()
    form = review_form(delivery, course)
    for _ in range(2):
        assert facilitator.post(address, form).status_code == 302
    [review] = world.rows(CompletionReview)
    sign = f"/reviews/{review.pk}/"
    assert facilitator.get(sign).status_code == 403
    assert "Sign off a review" in manager.get("/").content.decode()
    page = manager.get(sign).content.decode()
    assert "Required modules not attended" in page
    typed = {"version": str(review.version), "decision": "sign", **day_boxes("on", TODAY)}
    refused = manager.post(sign, typed)
    assert refused.status_code == 422
    assert "needs a reason for the exception" in refused.content.decode()
    unsaid = manager.post(sign, typed | {"decision": "return"})
    assert "Say why the review is returned" in unsaid.content.decode()
    assert manager.post(sign, typed | {"exception": "Ill in the last week."}).status_code == 302
    assert world.again(case).stage == Stage.COMPLETED
    assert manager.get(sign).status_code == 302
    page = section(facilitator, case)
    for words in ("Signed off by", "Ill in the last week.", "After 6 months", "Completed"):
        assert words in page
    talk = next(row for row in world.rows(FollowUp) if row.months == 6)
    with time_machine.travel(NOW + timedelta(days=190), tick=False):
        answer = browse(Role.FACILITATOR).post(
            f"/follow-ups/{talk.pk}/",
            {
                "version": str(talk.version),
                "outcome": "held",
                "note": "Goes well.",
                **day_boxes("held_on", TODAY + timedelta(days=185)),
            },
        )
        assert answer["Location"] == f"/cases/{case.pk}/?show=course"
    assert [row.note for row in world.rows(FollowUp, held_on__isnull=False)] == ["Goes well."]


def test_a_review_can_be_returned_on_its_page(
    delivery: Delivery, facilitator: Client, manager: Client, world: World
) -> None:
    case = delivery.client()
    delivery.attend(case, (1,))
    course = delivery.course(case)
    facilitator.post(f"/courses/{course.pk}/review/", review_form(delivery, course))
    [review] = world.rows(CompletionReview)
    answer = manager.post(
        f"/reviews/{review.pk}/",
        {"version": "1", "decision": "return", "reason": "Too early.", **day_boxes("on", TODAY)},
    )
    assert answer.status_code == 302
    assert "Too early." in section(facilitator, case)


def test_breaks_extensions_and_enrolment_have_pages(
    delivery: Delivery, manager: Client, facilitator: Client, world: World
) -> None:
    case = delivery.client()
    delivery.attend(case, (1,))

    def send(path: str, **typed: str) -> int:
        course = delivery.course(case)
        form = {"version": str(course.version), "form_id": str(uuid4()), **typed}
        assert manager.get(f"/courses/{course.pk}/{path}/").status_code == 200
        return manager.post(f"/courses/{course.pk}/{path}/", form).status_code

    assert send("extend", weeks="2", reason="Ill") == 302
    assert send("extend", weeks="200", reason="Ill") == 422
    first, last = TODAY, TODAY + timedelta(days=6)
    assert (
        send("break", reason="Ill", **day_boxes("first", last), **day_boxes("last", first)) == 422
    )
    assert (
        send("break", reason="Ill", **day_boxes("first", first), **day_boxes("last", last)) == 302
    )
    assert "A break ends" in facilitator.get("/").content.decode()
    assert send("resume", **day_boxes("on", TODAY + timedelta(days=2))) == 302
    page = section(manager, case)
    for words in ("Extension of 2 weeks", "Break until 10 March 2036", "Resumed after a break"):
        assert words in page
    newcomer = world.case("Bo", "Opdigtet", stage=Stage.AGREEMENT_SIGNED)
    assert manager.get(f"/cases/{newcomer.pk}/enrol/").status_code == 200
    assert manager.post(f"/cases/{newcomer.pk}/enrol/").status_code == 422
    assert (
        manager.post(
            f"/cases/{newcomer.pk}/enrol/",
            {"programme": str(delivery.version.pk), **day_boxes("on", TODAY)},
        ).status_code
        == 302
    )
    assert "Not begun" in section(manager, newcomer)


def test_the_first_page_asks_for_what_is_due(
    delivery: Delivery, absent: Case, facilitator: Client
) -> None:
    page = facilitator.get("/").content.decode()
    assert "Decide on an absence" in page
    facilitator.post(f"/cases/{absent.pk}/acts/accept/")
    page = facilitator.get("/").content.decode()
    assert "Decide on an absence" not in page
    assert "Call the client:" in page


def test_the_timeline_tells_of_the_course(
    delivery: Delivery, absent: Case, manager: Client
) -> None:
    page = manager.get(f"/cases/{absent.pk}/").content.decode()
    assert f"Began: {delivery.template.programme.name}" in page
    assert "acts on absence proposed" in page
    assert "Call the client (proposed)" in page


def fill(delivery: Delivery, case: Case, number: int) -> None:
    """Many rows of every kind beside the course of a case."""
    course, by = delivery.course(case), delivery.manager
    with acting(by):
        Act.objects.visible_to(by).bulk_create(
            Act(
                compartment=case.compartment,
                case=case,
                course=course,
                kind="call",
                session=delivery.sessions[0],
                step=f"invented-{n}",
                proposed_at=NOW,
                due_at=NOW,
            )
            for n in range(number)
        )
        Course.objects.visible_to(by).bulk_create(
            Course(
                compartment=case.compartment,
                case=case,
                template=delivery.version,
                state=CourseState.RUNNING,
                enrolled_on=TODAY,
                ended_on=None if n == 0 else TODAY,
            )
            for n in range(1, number)
        )
        CourseChange.objects.visible_to(by).bulk_create(
            CourseChange(
                compartment=case.compartment,
                case=case,
                course=course,
                kind="extension",
                weeks=1,
                from_on=TODAY,
                reason="Invented",
                worker=by.worker,
                recorded_at=NOW,
            )
            for _ in range(number)
        )


@pytest.mark.parametrize("number", [10, 100])
def test_pages_need_the_same_queries_for_any_number_of_acts(
    number: int, delivery: Delivery, manager: Client
) -> None:
    case = delivery.client()
    addresses = ["/acts/", "/courses/", f"/cases/{case.pk}/", f"/cases/{case.pk}/?show=course"]
    delivery.mark(1, {case.pk: "x"})
    before = [queries(manager, address) for address in addresses]
    fill(delivery, case, number)
    assert [queries(manager, address) for address in addresses] == before


def test_the_list_of_courses_needs_the_same_queries_for_one_client_and_for_many(
    delivery: Delivery, manager: Client
) -> None:
    case = delivery.client()
    delivery.attend(case, (1, 2))
    delivery.mark(3, {case.pk: "x"})
    before = queries(manager, "/courses/"), queries(manager, "/acts/")
    for n in range(30):
        delivery.mark(1, {delivery.client(f"Client{n}").pk: "x"})
    assert (queries(manager, "/courses/"), queries(manager, "/acts/")) == before
    for address in ("/courses/", "/acts/"):
        page = manager.get(address).content.decode()
        assert 'rel="next"' in page
        following = page.split('rel="next"')[1].split('href="')[1].split('"')[0]
        second = manager.get(address + following.replace("&amp;", "&")).content.decode()
        assert "Opdigtet" in second
        assert 'rel="next"' not in second
    assert manager.get("/acts/?after=rubbish").status_code == 200
    assert manager.get("/courses/?after=rubbish").status_code == 200


def test_the_part_adds_few_queries_to_a_case_page(
    delivery: Delivery, absent: Case, manager: Client, world: World
) -> None:
    from casewall.programme.courses.part import course_part

    with acting(world.manager):
        for case in (absent, world.case("Quiet", "Opdigtet")):
            with CaptureQueriesContext(connections["programme"]) as context:
                course_part(case, world.manager, TODAY)
            assert len(context) == 3


def test_a_signed_review_is_told_on_the_timeline(
    delivery: Delivery, manager: Client, world: World
) -> None:
    case = delivery.client()
    delivery.attend(case, (1,))
    review = review_course(
        course=delivery.course(case),
        held_on=TODAY,
        evidence="Talks",
        decision=ReviewDecision.EXTEND,
        weeks=2,
        ratings={},
        by=world.staff[Role.FACILITATOR],
    )
    sign_off(review=review, on=TODAY, by=world.manager)
    actions.take_break(
        course=delivery.course(case), first=TODAY, last=TODAY, reason="Ill", by=world.manager
    )
    page = manager.get(f"/cases/{case.pk}/").content.decode()
    assert "Review signed off: extend the course" in page
    assert "Break until 4 March 2036" in page
    assert "On a break" in page


def test_a_level_sets_the_dose_and_can_be_changed(
    delivery: Delivery, manager: Client, world: World
) -> None:
    template = template_of(shipped()["wwp-model"], "four-levels").model_copy(
        update={"service": SERVICE}
    )
    version = TemplateVersion(
        compartment=world.compartment(),
        service=SERVICE,
        code=template.id,
        version=1,
        name=template.programme.name,
        content=template.model_dump_json(),
        installed_at=NOW,
    )
    with acting(world.system):
        version.save(force_insert=True)
    case = world.case("Bo", "Opdigtet", stage=Stage.AGREEMENT_SIGNED)
    first, second = template.programme.levels[:2]
    assert (
        manager.post(
            f"/cases/{case.pk}/enrol/",
            {"programme": f"{version.pk} {first.id}", **day_boxes("on", TODAY)},
        ).status_code
        == 302
    )
    course = delivery.course(case)
    assert course.level == first.id
    assert f"{first.sessions} sessions" in section(manager, case)
    typed = {"version": str(course.version), "form_id": str(uuid4()), "level": second.id}
    address = f"/courses/{course.pk}/level/"
    assert first.name in manager.get(address).content.decode()
    assert manager.post(address, typed).status_code == 422
    for _ in range(2):
        assert manager.post(address, typed | {"reason": "New risk."}).status_code == 302
    assert delivery.course(case).level == second.id
    [change] = world.rows(CourseChange, course=course)
    assert (change.came_from, change.went_to) == (first.id, second.id)
    page = section(manager, case)
    assert f"Change of level: {second.name}" in page
    assert "New risk." in page
