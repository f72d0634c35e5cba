"""What follows from a register: beginning, acts, corrections, the minimum dose, queries."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
import time_machine
from django.db import connections
from django.test.utils import CaptureQueriesContext

from casewall.programme.cases.actions import move_case, reopen_case
from casewall.programme.cases.reasons import ExitReason, ReopenReason
from casewall.programme.cases.rules import Stage
from casewall.programme.courses import actions
from casewall.programme.courses.absence import actions as on_absence
from casewall.programme.courses.actions import after_register, enrol
from casewall.programme.courses.lists import acts_waiting
from casewall.programme.courses.models import Act, Course
from casewall.programme.courses.reading import progress_of
from casewall.programme.courses.rules import ActKind, ActState, CourseState
from casewall.programme.curriculum.actions import install_templates
from casewall.programme.curriculum.models import TemplateVersion
from casewall.programme.groups.models import Session
from casewall.programme.groups.rules import SessionState
from casewall.services.load import shipped
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.sides import Role
from tests.people import SERVICE
from tests.programme.conftest import NOW, TODAY, World
from tests.programme.courses.conftest import START, Delivery

# --- enrolling ---------------------------------------------------------------------------


def test_a_client_has_one_open_course_on_a_programme(delivery: Delivery) -> None:
    case = delivery.client()
    again = enrol(case=case, template=delivery.version, by=delivery.manager)
    assert again.pk == delivery.course(case).pk


def test_whoever_is_on_a_version_stays_on_it(delivery: Delivery, world: World) -> None:
    case = delivery.client()
    definition = shipped()[SERVICE]
    first, *others = definition.programmes
    install_templates(
        by=world.system,
        service=definition.model_copy(
            update={"programmes": (first.model_copy(update={"version": 2, "weeks": 9}), *others)}
        ),
    )
    [second] = world.rows(TemplateVersion, code="counselling-course", version=2)
    enrol(case=case, template=second, by=delivery.manager)
    assert delivery.course(case).template.version == 1
    newcomer = world.case("Bo", "Opdigtet", stage=Stage.AGREEMENT_SIGNED)
    assert enrol(case=newcomer, template=second, by=delivery.manager).template_id == second.pk


def test_enrolling_refuses_what_does_not_fit(delivery: Delivery, world: World) -> None:
    case = world.case("Bo", "Opdigtet", stage=Stage.AGREEMENT_SIGNED)
    with pytest.raises(Refused, match="has no level “long”"):
        enrol(case=case, template=delivery.version, level="long", by=delivery.manager)
    with pytest.raises(Refused, match="may not plan a group"):
        enrol(case=case, template=delivery.version, by=world.staff[Role.FACILITATOR])
    move_case(case=case, to=Stage.EXITED, on=TODAY, reason=ExitReason.MOVED, by=delivery.manager)
    with pytest.raises(Refused, match="closed"):
        enrol(case=case, template=delivery.version, by=delivery.manager)


# --- the course and its acts -------------------------------------------------------------


def test_the_first_attendance_begins_the_course(delivery: Delivery) -> None:
    case = delivery.client()
    delivery.mark(1, {case.pk: "x"})
    assert delivery.course(case).state == CourseState.WAITING
    session = delivery.mark(2, {case.pk: "+"})
    course = delivery.course(case)
    assert (course.state, course.began_on) == (CourseState.RUNNING, session.held_on)
    weeks = delivery.template.programme.weeks
    assert course.ends_by == (session.held_on + timedelta(weeks=weeks) if weeks else None)
    delivery.mark(2, {case.pk: "x"})
    course = delivery.course(case)
    assert (course.state, course.began_on, course.ends_by) == (CourseState.WAITING, None, None)


def test_acts_are_proposed_once_with_the_same_interval_for_everybody(delivery: Delivery) -> None:
    cases = [delivery.client(name) for name in ("Anders", "Bo", "Carl")]
    delivery.mark(1, {case.pk: "x" for case in cases})
    for case in cases:
        assert delivery.states(case) == [(1, "call", "proposed")]
    delay = timedelta(hours=delivery.template.contact_delay_hours)
    assert {act.due_at for case in cases for act in delivery.acts(case)} == {NOW + delay}
    with time_machine.travel(NOW + timedelta(hours=3), tick=False):
        delivery.mark(1, {case.pk: "x" for case in cases})
    assert {act.due_at for case in cases for act in delivery.acts(case)} == {NOW + delay}
    assert sum(len(delivery.acts(case)) for case in cases) == 3


def test_a_correction_takes_back_what_was_proposed_and_gives_it_again(delivery: Delivery) -> None:
    case = delivery.client()
    delivery.mark(1, {case.pk: "x"})
    delivery.mark(2, {case.pk: "x"})
    before = delivery.states(case)
    assert {kind for number, kind, _ in before if number == 2} >= {"letter"}
    delivery.mark(2, {case.pk: "+"})
    assert {state for number, _, state in delivery.states(case) if number == 2} == {"withdrawn"}
    assert (1, "call", "proposed") in delivery.states(case)
    delivery.mark(2, {case.pk: "x"})
    assert delivery.states(case) == before


def test_a_decided_act_stands_when_its_mark_is_corrected(delivery: Delivery) -> None:
    case = delivery.client()
    delivery.mark(1, {case.pk: "x"})
    on_absence.accept_acts(case=case, by=delivery.manager)
    delivery.mark(1, {case.pk: "e"})
    assert delivery.states(case) == [(1, "call", "accepted")]


def test_a_cancelled_session_is_nobodys_absence_and_breaks_no_row(delivery: Delivery) -> None:
    case = delivery.client()
    delivery.mark(1, {case.pk: "x"})
    with acting(delivery.manager):
        Session.objects.visible_to(delivery.manager).filter(pk=delivery.sessions[1].pk).update(
            state=SessionState.CANCELLED
        )
    delivery.mark(3, {case.pk: "x"})
    assert (3, "letter", "proposed") in delivery.states(case)


def test_a_catch_up_counts_for_the_dose_and_takes_the_absence_back(delivery: Delivery) -> None:
    case = delivery.client()
    delivery.mark(1, {case.pk: "x"})
    session = delivery.catch_up(case, 1, START + timedelta(days=3))
    assert delivery.states(case) == [(1, "call", "withdrawn")]
    with acting(delivery.manager):
        course = delivery.course(case)
        progress = progress_of([course], delivery.manager)[course.pk]
    assert (progress.attended.sessions, progress.attended.minutes) == (1, 60)
    module = delivery.sessions[0].module
    assert [mark.module for mark in progress.marks if mark.session == session.pk] == [module]
    assert module not in {one.id for one in progress.missing}


def test_what_was_delivered_goes_before_what_was_planned(delivery: Delivery) -> None:
    case = delivery.client()
    other = delivery.template.programme.modules[-1].id
    with acting(delivery.manager):
        Session.objects.visible_to(delivery.manager).filter(pk=delivery.sessions[0].pk).update(
            delivered=other
        )
    delivery.mark(1, {case.pk: "+"})
    with acting(delivery.manager):
        course = delivery.course(case)
        progress = progress_of([course], delivery.manager)[course.pk]
    assert other not in {module.id for module in progress.missing}
    assert delivery.sessions[0].module in {module.id for module in progress.missing}


def enough(delivery: Delivery) -> int:
    """The number of group sessions that make the minimum dose."""
    dose = delivery.template.programme.minimum_dose
    minutes = delivery.sessions[0].minutes
    by_hours = -(-int((dose.hours or 0) * 60) // minutes)
    return max(dose.sessions or 0, by_hours)


def test_the_case_moves_on_when_the_minimum_dose_is_reached(delivery: Delivery) -> None:
    case = delivery.client()
    number = enough(delivery)
    delivery.attend(case, range(1, number))
    assert delivery.world.again(case).stage == Stage.STARTED
    session = delivery.mark(number, {case.pk: "+"})
    case = delivery.world.again(case)
    assert (case.stage, case.stage_on) == (Stage.MINIMUM_DOSE, session.held_on)
    delivery.mark(number, {case.pk: "+"})
    assert delivery.world.again(case).version == case.version


@pytest.mark.parametrize("sign", ["x", "+"])
def test_queries_do_not_grow_with_the_clients(sign: str, delivery: Delivery) -> None:
    cases = [delivery.client(f"Client{n}") for n in range(15)]
    last = enough(delivery) if sign == "+" else 2
    for number in range(1, last):
        delivery.write(delivery.sessions[number - 1], {case.pk: sign for case in cases})
    counted = []
    session = delivery.sessions[last - 1]
    for some in (cases[:3], cases[3:]):
        delivery.write(session, {case.pk: sign for case in some})
        with CaptureQueriesContext(connections["programme"]) as context:
            after_register(session=session, cases=[case.pk for case in some], by=delivery.manager)
        counted.append(len(context))
    assert counted[0] == counted[1] <= 25
    with acting(delivery.manager):
        if sign == "x":
            assert Act.objects.visible_to(delivery.manager).count() >= 15
        else:
            assert all(delivery.world.again(case).stage == Stage.MINIMUM_DOSE for case in cases)


def test_a_facilitator_marks_and_a_stranger_to_the_group_changes_nothing(
    delivery: Delivery, world: World
) -> None:
    case = delivery.client()
    facilitator = world.staff[Role.FACILITATOR]
    delivery.mark(1, {case.pk: "x"}, by=facilitator)
    assert delivery.states(case) == [(1, "call", "proposed")]
    with pytest.raises(Refused, match="may not hold a one-to-one session"):
        delivery.mark(1, {case.pk: "x"}, by=world.staff[Role.REFERRER])


def test_a_case_without_a_course_has_no_acts(delivery: Delivery, world: World) -> None:
    case = world.case("Bo", "Opdigtet", stage=Stage.AGREEMENT_SIGNED)
    delivery.mark(1, {case.pk: "x"})
    assert delivery.acts(case) == []


# --- deciding on acts --------------------------------------------------------------------


def test_one_click_accepts_the_acts_of_a_client_or_of_a_register(
    delivery: Delivery, world: World, owner_urls: dict[str, str]
) -> None:
    anders, bo = delivery.client("Anders"), delivery.client("Bo")
    for number in (1, 2):
        delivery.mark(number, {anders.pk: "x", bo.pk: "x"})
    facilitator = world.staff[Role.FACILITATOR]
    accepted = on_absence.accept_acts(case=anders, by=facilitator)
    assert accepted == len(delivery.acts(anders)) > 1
    assert on_absence.accept_acts(case=anders, by=facilitator) == 0
    assert on_absence.accept_acts(session=delivery.sessions[0], by=facilitator) == 1
    assert {state for number, _, state in delivery.states(bo) if number == 2} == {"proposed"}
    with pytest.raises(Refused, match="may not act on an absence"):
        on_absence.accept_acts(case=bo, by=world.staff[Role.ASSESSOR])
    with pytest.raises(ValueError, match="Say whose acts"):
        on_absence.accept_acts(by=facilitator)
    with psycopg.connect(owner_urls["programme"]) as connection:
        entries = connection.execute(
            "select count(*) from audit_entry where verb = 'accepted' and kind = 'act'"
        )
        assert entries.fetchone() == (accepted + 1,)


def test_accepted_letters_can_be_listed_until_they_are_done(delivery: Delivery) -> None:
    case = delivery.client()
    for number in (1, 2):
        delivery.mark(number, {case.pk: "x"})
    with acting(delivery.manager):
        assert acts_waiting(delivery.manager, ActKind.LETTER) == []
    on_absence.accept_acts(case=case, by=delivery.manager)
    with acting(delivery.manager):
        [letter] = acts_waiting(delivery.manager, ActKind.LETTER)
    assert letter.case.client.full_name == "Anders Opdigtet"
    with time_machine.travel(letter.due_at, tick=False):
        on_absence.mark_done(act=letter, note="Sent.", by=delivery.manager)
    with acting(delivery.manager):
        assert acts_waiting(delivery.manager, ActKind.LETTER) == []


def test_contact_is_not_done_before_it_falls_due(delivery: Delivery) -> None:
    case = delivery.client()
    delivery.mark(1, {case.pk: "x"})
    [call] = delivery.acts(case)
    with (
        time_machine.travel(call.due_at - timedelta(minutes=1), tick=False),
        pytest.raises(Refused, match="falls due on"),
    ):
        on_absence.mark_done(act=call, note="", by=delivery.manager)
    with time_machine.travel(call.due_at, tick=False):
        done = on_absence.mark_done(
            act=call, note="Spoke with him.", by=delivery.manager, version=call.version
        )
        again = on_absence.mark_done(
            act=call, note="Twice", by=delivery.manager, version=call.version
        )
    assert (done.state, done.done_at, done.decided_by) == (
        ActState.DONE,
        call.due_at,
        delivery.manager.worker,
    )
    assert (again.note, again.version) == ("Spoke with him.", done.version)
    with pytest.raises(StaleEdit):
        on_absence.dismiss(act=call, reason="Not needed", by=delivery.manager, version=call.version)
    with pytest.raises(Refused, match="closed already"):
        on_absence.dismiss(act=call, reason="Not needed", by=delivery.manager)


def test_an_act_is_dismissed_with_a_reason_and_not_proposed_again(delivery: Delivery) -> None:
    case = delivery.client()
    delivery.mark(1, {case.pk: "x"})
    [call] = delivery.acts(case)
    with pytest.raises(Refused, match="Give the reason"):
        on_absence.dismiss(act=call, reason=" ", by=delivery.manager)
    for _ in range(2):
        found = on_absence.dismiss(
            act=call, reason="He rang us.", by=delivery.manager, version=call.version
        )
    assert (found.state, found.note, found.version) == ("dismissed", "He rang us.", 2)
    delivery.mark(1, {case.pk: "x"})
    assert delivery.states(case) == [(1, "call", "dismissed")]
    with pytest.raises(Refused, match="dismissed"):
        on_absence.mark_done(act=call, note="", by=delivery.manager)


# --- breaks, extensions, levels ----------------------------------------------------------


def test_absences_in_a_break_are_nobodys_absence(delivery: Delivery) -> None:
    case = delivery.client()
    delivery.mark(1, {case.pk: "+"})
    first = delivery.sessions[1].held_on
    actions.take_break(
        course=delivery.course(case),
        first=first,
        last=first + timedelta(days=8),
        reason="An operation",
        by=delivery.manager,
    )
    delivery.mark(2, {case.pk: "x"})
    delivery.mark(3, {case.pk: "x"})
    assert delivery.acts(case) == []
    delivery.mark(4, {case.pk: "x"})
    assert delivery.states(case) == [(4, "call", "proposed")]


def test_a_break_lengthens_the_course_until_the_client_is_back(delivery: Delivery) -> None:
    case = delivery.client()
    delivery.mark(1, {case.pk: "+"})
    course = delivery.course(case)
    end, form = course.ends_by, uuid4()
    for _ in range(2):
        actions.take_break(
            course=course,
            first=TODAY,
            last=TODAY + timedelta(days=9),
            form=form,
            reason="Work abroad",
            by=delivery.manager,
            version=course.version,
        )
    course = delivery.course(case)
    assert course.state == CourseState.ON_BREAK
    assert end is not None
    assert course.ends_by == end + timedelta(days=10)
    with pytest.raises(Refused, match="already"):
        actions.take_break(
            course=course, first=TODAY, last=TODAY, reason="Again", by=delivery.manager
        )
    with pytest.raises(Refused, match="not on a break"):
        actions.resume(
            course=course, on=TODAY - timedelta(days=1), reason="Back", by=delivery.manager
        )
    actions.resume(
        course=course,
        on=TODAY + timedelta(days=4),
        reason="Back",
        by=delivery.world.staff[Role.FACILITATOR],
    )
    course = delivery.course(case)
    assert (course.state, course.ends_by) == (CourseState.RUNNING, end + timedelta(days=4))
    with pytest.raises(Refused, match="not on a break"):
        actions.resume(
            course=course, on=TODAY + timedelta(days=5), reason="Back", by=delivery.manager
        )


def test_a_break_approved_ahead_begins_on_its_day(delivery: Delivery) -> None:
    case = delivery.client()
    delivery.mark(1, {case.pk: "+"})
    system, ahead = delivery.world.system, TODAY + timedelta(days=7)
    actions.take_break(
        course=delivery.course(case),
        first=ahead,
        last=ahead + timedelta(days=6),
        reason="Work abroad",
        by=delivery.manager,
    )
    assert actions.begin_breaks(by=system, on=ahead - timedelta(days=1)) == 0
    assert delivery.course(case).state == CourseState.RUNNING
    assert actions.begin_breaks(by=system, on=ahead + timedelta(days=2)) == 1
    assert delivery.course(case).state == CourseState.ON_BREAK
    assert actions.begin_breaks(by=system, on=ahead + timedelta(days=2)) == 0
    back = ahead + timedelta(days=3)
    actions.resume(course=delivery.course(case), on=back, reason="Back", by=delivery.manager)
    assert actions.begin_breaks(by=system, on=back) == 0
    with pytest.raises(Refused):
        actions.begin_breaks(by=delivery.manager, on=back)


def test_attendance_after_a_break_ends_it(delivery: Delivery) -> None:
    case = delivery.client()
    delivery.mark(1, {case.pk: "+"})
    day = delivery.sessions[1].held_on
    with time_machine.travel(NOW - (TODAY - day), tick=False):
        actions.take_break(
            course=delivery.course(case),
            first=day,
            last=day + timedelta(days=2),
            reason="Ill",
            by=delivery.manager,
        )
    delivery.mark(2, {case.pk: "+"})
    assert delivery.course(case).state == CourseState.ON_BREAK
    delivery.mark(3, {case.pk: "+"})
    assert delivery.course(case).state == CourseState.RUNNING


def test_changes_are_refused_with_a_sentence(delivery: Delivery, world: World) -> None:
    case = delivery.client()
    course = delivery.course(case)
    with pytest.raises(Refused, match="has not begun"):
        actions.take_break(
            course=course, first=TODAY, last=TODAY, reason="Ill", by=delivery.manager
        )
    delivery.mark(1, {case.pk: "+"})
    with pytest.raises(StaleEdit, match="was changed while this page was open"):
        actions.extend(
            course=course, weeks=1, reason="Ill", by=delivery.manager, version=course.version
        )
    with pytest.raises(Refused, match="Give the reason"):
        actions.extend(course=course, weeks=1, reason="  ", by=delivery.manager)
    most = delivery.template.programme.completion.extension_weeks_most
    assert most is not None
    with pytest.raises(Refused, match=f"extensions of {most} weeks"):
        actions.extend(course=course, weeks=most + 1, reason="Ill", by=delivery.manager)
    with pytest.raises(Refused, match="has no levels"):
        actions.change_level(course=course, level="long", reason="Risk", by=delivery.manager)
    with pytest.raises(Refused, match="may not sign off"):
        actions.extend(course=course, weeks=1, reason="Ill", by=world.staff[Role.FACILITATOR])


def test_an_extension_is_kept_once(delivery: Delivery) -> None:
    case = delivery.client()
    delivery.mark(1, {case.pk: "+"})
    course, form = delivery.course(case), uuid4()
    end = course.ends_by
    for _ in range(2):
        actions.extend(
            course=course,
            weeks=2,
            reason="Ill in spring",
            by=delivery.manager,
            version=course.version,
            form=form,
        )
    course = delivery.course(case)
    assert course.extra_weeks == 2
    assert end is not None
    assert course.ends_by == end + timedelta(weeks=2)


# --- the end -----------------------------------------------------------------------------


def test_an_exit_ends_the_course_and_reopening_the_case_opens_it_again(delivery: Delivery) -> None:
    case = delivery.client()
    delivery.mark(1, {case.pk: "+"})
    delivery.mark(2, {case.pk: "x"})
    case = move_case(
        case=case, to=Stage.EXITED, on=TODAY, reason=ExitReason.WITHDREW, by=delivery.manager
    )
    course = delivery.course(case)
    assert (course.state, course.ended_on) == (CourseState.ENDED, TODAY)
    assert delivery.states(case) == [(2, "call", "withdrawn")]
    reason = next(iter(ReopenReason))
    reopen_case(
        case=case, to=Stage.STARTED, on=TODAY, reason=reason, note="Came back", by=delivery.manager
    )
    course = delivery.course(case)
    assert (course.state, course.ended_on) == (CourseState.RUNNING, None)


def test_a_new_course_begins_from_zero(delivery: Delivery) -> None:
    case = delivery.client()
    delivery.mark(1, {case.pk: "+"})
    assert actions.end_courses(case=case, on=delivery.sessions[1].held_on, by=delivery.manager) == 1
    assert actions.end_courses(case=case, on=TODAY, by=delivery.manager) == 0
    enrol(case=case, template=delivery.version, by=delivery.manager)
    delivery.mark(4, {case.pk: "+"})
    with acting(delivery.manager):
        courses = list(Course.objects.visible_to(delivery.manager).filter(case=case))
        found = progress_of(courses, delivery.manager)
    assert [found[course.pk].attended.sessions for course in courses] == [1, 1]


def test_a_completion_by_hand_is_refused_while_a_course_is_open(delivery: Delivery) -> None:
    case = delivery.client()
    with pytest.raises(Refused, match="review it and have the completion signed off"):
        move_case(case=case, to=Stage.COMPLETED, on=TODAY, by=delivery.manager)
    assert delivery.world.again(case).stage == Stage.STARTED
