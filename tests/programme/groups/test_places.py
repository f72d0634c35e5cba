"""Places in groups, who cannot be placed together, and when a client can come."""

from __future__ import annotations

import threading
from datetime import time, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connections

from casewall.programme.cases.actions import move_case
from casewall.programme.cases.models import Case
from casewall.programme.cases.rules import ExitReason, Stage
from casewall.programme.courses.models import Course
from casewall.programme.groups import actions
from casewall.programme.groups.lists import (
    can_come_words,
    kept_apart,
    shared_groups,
    waiting_for,
)
from casewall.programme.groups.models import Availability, Group, GroupMember, NonAssociation
from casewall.programme.groups.planning.actions import end_group
from casewall.programme.groups.planning.rules import APART, Entry
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.sides import Role, Viewer
from tests.programme.conftest import TODAY, World
from tests.programme.groups.conftest import Planner, definition


@pytest.fixture
def group(planner: Planner) -> Group:
    """A closed group of the counselling course that begins today."""
    return planner.group()


def places(world: World, group: Group) -> set[object]:
    return {row.case_id for row in world.rows(GroupMember, group=group, left_on=None)}


def test_a_place_begins_the_course_on_the_groups_version(planner: Planner, group: Group) -> None:
    planner.install(definition(minutes=90))
    case = planner.signed()
    planner.place(group, case)
    [course] = planner.world.rows(Course, case=case)
    assert course.template_id == group.template_id
    again = planner.world.again(case)
    assert (again.next_action, again.next_action_on) == ("first_session", TODAY)


def test_the_same_form_is_one_place_and_another_is_refused(planner: Planner, group: Group
                                                           ) -> None:
    case, form = planner.signed(), uuid4()
    assert planner.place(group, case, form=form) == planner.place(group, case, form=form)
    with pytest.raises(Refused, match="This client has a place in “Tuesday group” already"):
        planner.place(group, case)
    assert len(planner.world.rows(GroupMember, case=case)) == 1


def test_nobody_has_two_places_for_the_same_work(planner: Planner, group: Group) -> None:
    case = planner.signed()
    member = planner.place(group, case)
    other = planner.group("Morning group", begins_at=time(9))
    with pytest.raises(Refused, match="a place in “Tuesday group” already, which delivers the "
                                      "same"):
        planner.place(other, case)
    actions.leave_group(member=member, on=TODAY, by=planner.by)
    planner.place(other, case, TODAY + timedelta(days=1), late_because="Works in the evenings now")


def test_who_left_can_come_back_and_both_places_are_kept(planner: Planner) -> None:
    group = planner.group(entry=Entry.ROLLING, until=TODAY + timedelta(weeks=30))
    case = planner.signed()
    first = planner.place(group, case)
    actions.leave_group(member=first, on=TODAY + timedelta(weeks=1), by=planner.by)
    planner.place(group, case, TODAY + timedelta(weeks=4))
    rows = planner.world.rows(GroupMember, case=case)
    assert sorted((row.joined_on, row.left_on is None) for row in rows) == [
        (TODAY, False), (TODAY + timedelta(weeks=4), True)]
    with acting(planner.by):
        on = {weeks: [m.case_id for m in actions.members_on(
            group, TODAY + timedelta(weeks=weeks), planner.by)] for weeks in (0, 2, 5)}
    assert on == {0: [case.pk], 2: [], 5: [case.pk]}
    with pytest.raises(Refused, match="it cannot end before that"):
        actions.leave_group(member=first, on=TODAY - timedelta(days=1), by=planner.by)


def test_a_full_group_takes_nobody(planner: Planner) -> None:
    group = planner.group(most=2)
    one, two, three = (planner.signed(name) for name in ("Anders", "Bo", "Carl"))
    member = planner.place(group, one)
    planner.place(group, two, TODAY)
    with pytest.raises(Refused, match="“Tuesday group” is full: 2 of 2 places are taken"):
        planner.place(group, three)
    actions.leave_group(member=member, on=TODAY - timedelta(days=0), by=planner.by)
    with pytest.raises(Refused, match="full"):
        planner.place(group, three, TODAY)
    planner.place(group, three, TODAY + timedelta(days=1), late_because="A chair is free")


def test_whoever_left_the_programme_takes_no_chair(planner: Planner) -> None:
    group = planner.group(most=1)
    gone = planner.signed()
    planner.place(group, gone)
    move_case(case=planner.world.again(gone), to=Stage.EXITED, on=TODAY,
              reason=ExitReason.MOVED, by=planner.by)
    planner.place(group, planner.signed("Bo"))


def test_a_closed_group_takes_nobody_after_its_first_session_without_a_reason(
        planner: Planner, group: Group) -> None:
    case, late = planner.signed(), TODAY + timedelta(days=1)
    with pytest.raises(Refused, match="nobody joins after the first session"):
        planner.place(group, case, late)
    member = planner.place(group, case, late, late_because=" The court asked for it ")
    [row] = planner.world.rows(GroupMember, pk=member.pk)
    assert row.late_because == "The court asked for it"


def test_only_signed_clients_of_the_service_are_placed(planner: Planner, group: Group) -> None:
    with pytest.raises(Refused, match="has signed the agreement"):
        planner.place(group, planner.world.case(stage=Stage.CONTACTED))
    stranger = planner.signed()
    with acting(planner.by):
        Case.objects.visible_to(planner.by).filter(pk=stranger.pk).update(service="another")
    with pytest.raises(Refused, match="belongs to another service"):
        planner.place(group, stranger)
    with pytest.raises(Refused, match="may not plan a group"):
        actions.place_in_group(group=group, case=planner.signed(), joined_on=TODAY,
                               by=planner.world.staff[Role.FACILITATOR])


def keep(planner: Planner, one: Case, other: Case, by: Viewer | None = None) -> NonAssociation:
    by = by or planner.by
    return actions.keep_apart(one=one, other=other, on=TODAY, by=by,
                              item=uuid4() if by.is_system else None)


@pytest.mark.parametrize("source", [Role.PROGRAMME_MANAGER, Role.PROGRAMME_SYSTEM])
@pytest.mark.parametrize("swap", [False, True])
def test_two_who_are_kept_apart_are_not_placed_together_and_nobody_is_told_why(
        source: Role, swap: bool, planner: Planner, group: Group) -> None:
    one, other = planner.signed("Anders"), planner.signed("Bo")
    pair = (other, one) if swap else (one, other)
    keep(planner, *pair, by=planner.world.staff[source])
    planner.place(group, one)
    with pytest.raises(Refused) as refused:
        planner.place(group, other)
    assert str(refused.value) == APART
    assert places(planner.world, group) == {one.pk}
    planner.place(planner.group("Morning group", begins_at=time(9)), other)


def test_a_place_given_for_later_counts_and_one_that_has_ended_does_not(planner: Planner) -> None:
    group = planner.group(entry=Entry.ROLLING, until=TODAY + timedelta(weeks=30))
    one, other = planner.signed("Anders"), planner.signed("Bo")
    keep(planner, one, other)
    member = planner.place(group, one, TODAY + timedelta(weeks=8))
    with pytest.raises(Refused, match="cannot be placed together"):
        planner.place(group, other, TODAY)
    actions.leave_group(member=member, on=TODAY + timedelta(weeks=9), by=planner.by)
    with pytest.raises(Refused, match="cannot be placed together"):
        planner.place(group, other, TODAY + timedelta(weeks=9))
    planner.place(group, other, TODAY + timedelta(weeks=10))


def test_two_placements_at_the_same_moment_do_not_bring_them_together(
        planner: Planner, group: Group) -> None:
    cases = [planner.signed("Anders"), planner.signed("Bo")]
    keep(planner, *cases)
    answers: list[str] = []
    both = threading.Barrier(2)

    def place(case: Case) -> None:
        try:
            both.wait(timeout=10)
            planner.place(group, case)
            answers.append("placed")
        except Refused as refusal:
            answers.append(str(refusal))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=place, args=(case,)) for case in cases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(answers) == sorted(["placed", APART])
    assert len(places(planner.world, group)) == 1


def test_a_pair_is_kept_once_ended_once_and_kept_again(planner: Planner) -> None:
    one, other = planner.signed("Anders"), planner.signed("Bo")
    first = keep(planner, one, other)
    assert keep(planner, other, one).pk == first.pk
    assert len(planner.world.rows(NonAssociation)) == 1
    actions.end_apart(pair=first, on=TODAY - timedelta(days=3), by=planner.by)
    assert actions.end_apart(pair=first, on=TODAY + timedelta(days=3),
                             by=planner.by).ended_on == TODAY
    again = actions.keep_apart(one=one, other=other, on=TODAY + timedelta(days=5), by=planner.by)
    assert (again.pk, again.made_on, again.ended_on) == (first.pk, TODAY + timedelta(days=5), None)
    actions.end_apart(pair=again, on=TODAY + timedelta(days=9), by=planner.by)
    with pytest.raises(Refused, match="one and the same case"):
        keep(planner, one, one)
    for role in (Role.FACILITATOR, Role.ASSESSOR, Role.PROGRAMME_ADMINISTRATOR):
        by = planner.world.staff[role]
        with pytest.raises(Refused, match="may not say who cannot be placed together"):
            keep(planner, one, other, by=by)
        with pytest.raises(Refused, match="may not say who cannot be placed together"):
            actions.end_apart(pair=first, on=TODAY, by=by)


def kept(planner: Planner, case: Case) -> list[Any]:
    with acting(planner.by):
        return [pair.pk for pair, _ in kept_apart(case, planner.by)]


def test_a_pair_keeps_no_reason_and_no_author(planner: Planner) -> None:
    assert {field.name for field in NonAssociation._meta.get_fields()} == {
        "id", "compartment", "one", "other", "made_on", "ended_on", "item"}


def test_what_arrived_is_ended_by_its_recall_only(planner: Planner) -> None:
    one, other = planner.signed("Anders"), planner.signed("Bo")
    system, item = planner.world.system, uuid4()
    arrived = actions.keep_apart(one=one, other=other, on=TODAY, by=system, item=item)
    own = keep(planner, one, other)
    assert own.pk != arrived.pk
    assert kept(planner, one) == [own.pk]
    actions.end_apart(pair=own, on=TODAY, by=planner.by)
    with pytest.raises(Refused, match="may not take in what arrived"):
        actions.end_apart(pair=arrived, on=TODAY, by=planner.by)
    with acting(planner.by):
        assert actions.kept_from(one.pk, planner.by) == {other.pk}
    assert actions.recall_apart(item=item, on=TODAY, by=system)
    assert not actions.recall_apart(item=uuid4(), on=TODAY, by=system)
    with acting(planner.by):
        assert actions.kept_from(one.pk, planner.by) == set()


def test_only_who_plans_sees_who_is_kept_apart(planner: Planner, group: Group) -> None:
    one, other = planner.signed("Anders"), planner.signed("Bo")
    planner.place(group, one)
    keep(planner, one, other)
    for role in (Role.FACILITATOR, Role.ASSESSOR, Role.REFERRER, Role.PROGRAMME_ADMINISTRATOR):
        viewer = planner.world.staff[role]
        with acting(viewer):
            assert list(NonAssociation.objects.visible_to(viewer)) == []
            assert kept_apart(one, viewer) == []
            assert actions.kept_from(one.pk, viewer) == set()


def test_two_who_share_a_group_already_stay_and_the_page_of_the_pair_says_so(
        planner: Planner, group: Group) -> None:
    one, other = planner.signed("Anders"), planner.signed("Bo")
    planner.place(group, one)
    planner.place(group, other)
    keep(planner, one, other)
    with acting(planner.by):
        [(_, shown)] = kept_apart(one, planner.by)
        shared = shared_groups(one, [shown.pk], planner.by, TODAY)
    assert shared == {other.pk: ["Tuesday group"]}
    assert places(planner.world, group) == {one.pk, other.pk}
    end_group(group=group, on=TODAY, by=planner.by)
    with acting(planner.by):
        assert shared_groups(one, [shown.pk], planner.by, TODAY) == {}


def state(planner: Planner, case: Case, **more: object) -> Availability:
    said = {"weekdays": [1], "earliest": None, "latest": None, "language": "", "stated_on": TODAY}
    return actions.state_availability(case=case, by=planner.by, **{**said, **more})  # type: ignore[arg-type]


def test_availability_is_one_row_and_the_newer_word_counts(planner: Planner) -> None:
    case = planner.signed()
    state(planner, case)
    state(planner, case, weekdays=[0, 2], earliest=time(16), version=1)
    [row] = planner.world.rows(Availability, case=case)
    assert (row.weekdays, row.earliest, row.version) == ("0,2", time(16), 2)
    with pytest.raises(StaleEdit, match="Somebody else changed this"):
        state(planner, case, version=1)
    with pytest.raises(StaleEdit):
        state(planner, planner.signed("Bo"), version=1)
    with pytest.raises(Refused, match="the second time must be the later one"):
        state(planner, case, earliest=time(16), latest=time(16))


@pytest.mark.parametrize(("more", "words"), [
    ({}, "Tuesdays"), ({"weekdays": []}, "Any day"),
    ({"earliest": time(16)}, "Tuesdays, from 16:00"),
    ({"latest": time(20), "weekdays": [1, 3]}, "Tuesdays and Thursdays, until 20:00"),
    ({"earliest": time(16), "latest": time(20)}, "Tuesdays, 16:00 to 20:00"),
])
def test_when_a_client_can_come_is_said(more: dict[str, object], words: str, planner: Planner
                                        ) -> None:
    assert can_come_words(state(planner, planner.signed(), **more)) == words
    assert can_come_words(None) == "Not asked yet"


def test_who_waits_is_listed_longest_first_with_what_does_not_fit(planner: Planner) -> None:
    group = planner.group(language="da")
    late = planner.signed("Late", referred_on=TODAY - timedelta(days=3))
    early = planner.signed("Early", language="ar")
    apart = planner.signed("Apart", referred_on=TODAY - timedelta(days=2))
    member = planner.signed("Member")
    planner.place(group, member)
    planner.world.case("Unsigned", "Opdigtet", stage=Stage.SUITABLE)
    keep(planner, apart, member)
    state(planner, late, weekdays=[2])
    with acting(planner.by):
        rows, number = waiting_for(group, planner.by, TODAY)
        few, all_of_them = waiting_for(group, planner.by, TODAY, most=1)
    assert [(row.case.pk, row.fits) for row in rows] == [
        (early.pk, False), (late.pk, False), (apart.pk, False)]
    assert [row.notes for row in rows] == [
        ("Speaks Arabic; the group is in Danish.",), ("Cannot come on Tuesdays.",), (APART,)]
    assert rows[0].since == TODAY - timedelta(days=40)
    assert (number, len(few), all_of_them) == (3, 1, 3)
    state(planner, early, language="da", weekdays=[])
    with acting(planner.by):
        rows, _ = waiting_for(group, planner.by, TODAY)
    assert (rows[0].fits, rows[0].can_come, rows[0].language) == (True, "Any day", "Danish")


def test_every_write_is_audited_without_values(planner: Planner, group: Group,
                                               owner_urls: dict[str, str]) -> None:
    one, other = planner.signed("Anders"), planner.signed("Bo")
    planner.place(group, one, TODAY, late_because="Because of the court")
    keep(planner, one, other)
    state(planner, one)
    with psycopg.connect(owner_urls["programme"]) as connection:
        rows = connection.execute("select verb, purpose from audit_entry").fetchall()
    assert {"planned", "placed in a group", "kept apart",
            "wrote down when somebody can come"} <= {verb for verb, _ in rows}
    assert {purpose for _, purpose in rows} == {""}
