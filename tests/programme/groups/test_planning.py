"""Groups planned from a template, and what becomes of their sessions afterwards."""

from __future__ import annotations

from datetime import date, time, timedelta
from uuid import uuid4

import pytest

from casewall.programme.groups import actions
from casewall.programme.groups.models import Group, GroupFacilitator, GroupMember
from casewall.programme.groups.planning.actions import (
    GroupPlan,
    add_room,
    add_session,
    change_facilitators,
    close_room,
    end_group,
    extend_group,
    move_session,
)
from casewall.programme.groups.planning.lists import Deliverable, deliverables, facilitation_of
from casewall.programme.groups.planning.rules import Entry, closed_days
from casewall.programme.groups.rules import Mark
from casewall.programme.registers.actions import record_register
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.sides import Role
from tests.people import add_colleague
from tests.programme.conftest import TODAY, World
from tests.programme.groups.conftest import COMPONENT, Planner, definition

NINE = date(2036, 12, 2)


def test_a_group_follows_the_schedule_of_its_template(planner: Planner) -> None:
    group = planner.group()
    template = planner.template().template
    planned = template.sessions_of(COMPONENT)
    sessions = planner.sessions(group)
    assert [(s.number, s.module, s.title, s.minutes) for s in sessions] == [
        (p.number, p.module, p.title, template.minutes_of(p)) for p in planned]
    assert {s.held_on.weekday() for s in sessions} == {TODAY.weekday()}
    assert {s.begins_at for s in sessions} == {time(17, 30)}
    assert (group.entry, group.weekdays, group.least, group.most) == ("closed", "1", 3, 8)
    assert (group.service, group.component, group.compartment) == (
        template.service, COMPONENT, planner.world.compartment())


def test_what_the_planner_writes_comes_before_the_template(planner: Planner) -> None:
    group = planner.group(least=2, most=5, language="ar", weekdays=(1, 3))
    assert (group.least, group.most, group.language, group.weekdays) == (2, 5, "ar", "1,3")
    assert [s.held_on.weekday() for s in planner.sessions(group)][:4] == [1, 3, 1, 3]


def test_holidays_and_closed_weeks_are_left_out(planner: Planner) -> None:
    group = planner.group(starts_on=date(2036, 12, 4), weekdays=(3,),
                          closed=closed_days("1.1.2037 to 8.1.2037"))
    days = [s.held_on for s in planner.sessions(group)]
    assert days[:4] == [date(2036, 12, 4), date(2036, 12, 11), date(2036, 12, 18),
                        date(2037, 1, 15)]
    assert len(days) == 20


def test_a_rolling_group_goes_round_its_schedule(planner: Planner) -> None:
    group = planner.group(entry=Entry.ROLLING, until=TODAY + timedelta(weeks=52))
    sessions = planner.sessions(group)
    assert len(sessions) > 45
    titles = [s.title for s in sessions]
    assert titles[20:40] == titles[:20]
    with pytest.raises(Refused, match="write that day"):
        planner.group("Another", entry=Entry.ROLLING)


def test_sent_twice_is_one_group(planner: Planner) -> None:
    form = uuid4()
    assert planner.group(form=form) == planner.group(form=form)
    assert len(planner.world.rows(Group)) == 1
    assert len(planner.sessions(planner.world.rows(Group)[0])) == 20


def test_a_group_stays_on_its_version_of_the_template(planner: Planner) -> None:
    group = planner.group(entry=Entry.ROLLING, until=TODAY + timedelta(weeks=2))
    changed = planner.install(definition(minutes=90))
    assert planner.again(group).template_id != changed.pk
    extend_group(group=group, until=TODAY + timedelta(weeks=4), by=planner.by)
    assert {s.minutes for s in planner.sessions(group)} == {120}
    later = planner.group("New group", begins_at=time(12))
    assert later.template_id == changed.pk
    assert {s.minutes for s in planner.sessions(later)} == {90}


def test_only_components_that_groups_deliver_of_templates_in_use_are_offered(
        planner: Planner, world: World) -> None:
    planner.install(definition(minutes=90))
    with acting(world.manager):
        offered = deliverables(world.manager)
    assert [(one.component.id, one.version.version) for one in offered] == [(COMPONENT, 2)]
    with acting(world.staff[Role.REFERRER]):
        assert deliverables(world.staff[Role.REFERRER]) == []


def test_a_component_without_a_schedule_meets_without_subjects(planner: Planner) -> None:
    version = planner.template()
    component = version.template.component(COMPONENT).model_copy(update={"id": "evening"})
    assert [(s.title, s.minutes) for s in Deliverable(version, component).steps] == [("", 120)] * 20
    assert Deliverable(version, component.model_copy(update={"minutes": None})).steps == ()


def test_a_room_is_given_once_at_a_time(planner: Planner, world: World) -> None:
    room = planner.room()
    planner.group(room=room)
    with pytest.raises(Refused) as refused:
        planner.group("Other group", room=room, begins_at=time(18), facilitators=[])
    assert ("Room 2 is taken on 4 March 2036 from 17:30 to 19:30: “Tuesday group”, session 1."
            in str(refused.value))
    assert "And 17 more." in str(refused.value)
    assert [group.name for group in world.rows(Group)] == ["Tuesday group"]
    planner.group("After it", room=room, begins_at=time(19, 30), facilitators=[])
    planner.group("Elsewhere", room=planner.room("Room 3"), begins_at=time(18), facilitators=[])


def test_a_facilitator_is_in_one_place_at_a_time(planner: Planner) -> None:
    planner.group()
    with pytest.raises(Refused, match="Invented facilitator is busy on 4 March 2036 from 17:30 to "
                                      "19:30: “Tuesday group”, session 1"):
        planner.group("Other group", begins_at=time(19))
    planner.group("Other day", starts_on=TODAY + timedelta(days=1))


def test_a_group_outside_a_template_is_held_to_the_same(planner: Planner, world: World) -> None:
    planner.group("Afternoon group", begins_at=time(16))
    world.group()
    with pytest.raises(Refused, match=r"is busy .* “Afternoon group”, session 1"):
        world.group("Another")
    with pytest.raises(Refused, match="at least one session"):
        world.group("Another", sessions=0)


def test_a_cancelled_session_takes_no_room(planner: Planner) -> None:
    group = planner.group()
    end_group(group=group, on=TODAY - timedelta(days=1), by=planner.by)
    planner.group("Other group")


def test_few_or_alike_facilitators_warn_and_never_stop(planner: Planner, world: World,
                                                       owner_urls: dict[str, str]) -> None:
    version = planner.install(definition(facilitators=2, mixed_facilitators_wanted=True))
    delivers = Deliverable(version, version.template.component(COMPONENT))
    one = world.staff[Role.FACILITATOR].worker
    group = planner.group(facilitators=[])
    assert world.rows(GroupFacilitator, group=group) == []
    assert facilitation_of(delivers, []) == (
        "Nobody leads this group yet.", "The manual asks for 2 facilitators; there are 0.")
    assert facilitation_of(delivers, [one]) == (
        "The manual asks for 2 facilitators; there is 1.",)
    assert facilitation_of(None, [one]) == ()
    other = add_colleague(owner_urls, Role.FACILITATOR, "vesterlo-treatment",
                          f"{uuid4()}@example.invalid").pk
    assert "cannot be checked" in facilitation_of(delivers, [one, other])[0]


@pytest.fixture
def rolling(planner: Planner) -> Group:
    """A rolling group of three sessions."""
    return planner.group(entry=Entry.ROLLING, until=TODAY + timedelta(weeks=2))


def test_a_rolling_group_goes_on_where_it_stood(planner: Planner, rolling: Group) -> None:
    planned = planner.template().template.sessions_of(COMPONENT)
    assert extend_group(group=rolling, until=TODAY + timedelta(weeks=4), by=planner.by) == 2
    assert [(s.number, s.title) for s in planner.sessions(rolling)][3:] == [
        (4, planned[3].title), (5, planned[4].title)]
    with pytest.raises(Refused, match="planned up to 1 April 2036 already"):
        extend_group(group=rolling, until=TODAY + timedelta(weeks=4), by=planner.by)
    with pytest.raises(Refused, match="There is no day"):
        extend_group(group=rolling, until=TODAY + timedelta(weeks=4, days=3), by=planner.by)


def test_a_closed_group_does_not_go_on_by_itself(planner: Planner) -> None:
    with pytest.raises(Refused, match="add single sessions"):
        extend_group(group=planner.group(), until=TODAY + timedelta(weeks=60), by=planner.by)


def test_one_session_more(planner: Planner, rolling: Group) -> None:
    form = uuid4()
    day = TODAY + timedelta(days=2)
    for _ in range(2):
        made = add_session(group=rolling, held_on=day, begins_at=time(10), minutes=60,
                           module="safety", title="Once more", by=planner.by, form=form)
    assert (made.number, made.title, made.held_on) == (4, "Once more", day)
    assert len(planner.sessions(rolling)) == 4
    with pytest.raises(Refused, match="is busy on 6 March 2036 from 10:00 to 11:00"):
        add_session(group=rolling, held_on=day, begins_at=time(10, 30), minutes=60, by=planner.by)
    with pytest.raises(Refused, match="The clocks change"):
        add_session(group=rolling, held_on=date(2036, 3, 30), begins_at=time(2, 30), minutes=60,
                    by=planner.by)
    with pytest.raises(Refused, match="at least one minute"):
        add_session(group=rolling, held_on=day, begins_at=time(15), minutes=0, by=planner.by)


def test_one_session_moves_and_whoever_begins_with_it_is_expected_then(
        planner: Planner, rolling: Group) -> None:
    session = planner.sessions(rolling)[1]
    case = planner.signed()
    planner.place(rolling, case, session.held_on)
    assert planner.world.again(case).next_action_on == session.held_on
    day, room = session.held_on + timedelta(days=1), planner.room()
    moved = move_session(session=session, held_on=day, begins_at=time(9), room=room,
                         version=session.version, by=planner.by)
    assert (moved.held_on, moved.begins_at, moved.room, moved.number) == (day, time(9), room, 2)
    assert planner.world.again(case).next_action_on == day
    with pytest.raises(StaleEdit, match="Somebody else changed this"):
        move_session(session=session, held_on=TODAY, begins_at=time(9), room=None, version=1,
                     by=planner.by)


def test_a_session_moves_by_a_quarter_of_an_hour_though_it_overlaps_itself(
        planner: Planner, rolling: Group) -> None:
    session = planner.sessions(rolling)[0]
    moved = move_session(session=session, held_on=TODAY, begins_at=time(17, 45), room=None,
                         by=planner.by)
    assert moved.begins_at == time(17, 45)
    with pytest.raises(Refused, match="“Tuesday group”, session 2"):
        move_session(session=session, held_on=TODAY + timedelta(weeks=1), begins_at=time(17),
                     room=None, by=planner.by)


def test_a_session_that_took_place_does_not_move(planner: Planner, rolling: Group) -> None:
    case, session = planner.signed(), planner.sessions(rolling)[0]
    planner.place(rolling, case)
    session = _marked(planner, session, case.pk)
    with pytest.raises(Refused, match="Session 1 is held, so it cannot be moved"):
        move_session(session=session, held_on=TODAY + timedelta(days=1), begins_at=time(9),
                     room=None, by=planner.by)
    with pytest.raises(Refused, match="has a register already"):
        end_group(group=rolling, on=TODAY - timedelta(days=1), by=planner.by)


def _marked(planner: Planner, session, case):  # type: ignore[no-untyped-def]
    from casewall.programme.groups.rules import Line

    return record_register(session=session, marks={case: Line(Mark.ATTENDED)}, by=planner.by)


def test_a_group_ends_with_its_places_and_its_later_sessions(planner: Planner, rolling: Group
                                                             ) -> None:
    member = planner.place(rolling, planner.signed())
    late = planner.place(rolling, planner.signed("Bo"), TODAY + timedelta(weeks=2))
    ended = end_group(group=rolling, on=TODAY + timedelta(days=1), by=planner.by)
    assert not ended.is_open
    assert [s.state for s in planner.sessions(rolling)] == ["planned", "cancelled", "cancelled"]
    left = {row.pk: row.left_on for row in planner.world.rows(GroupMember)}
    assert left == {member.pk: TODAY + timedelta(days=1), late.pk: TODAY + timedelta(weeks=2)}
    for act in (lambda: end_group(group=rolling, on=TODAY, by=planner.by),
                lambda: planner.place(rolling, planner.signed("Carl")),
                lambda: add_session(group=rolling, held_on=TODAY, begins_at=time(8), minutes=60,
                                    by=planner.by)):
        with pytest.raises(Refused, match="“Tuesday group” has ended"):
            act()


def test_rooms_are_added_once_closed_and_opened_again(planner: Planner) -> None:
    room = planner.room()
    with pytest.raises(Refused, match="There is a room “Room 2” already"):
        planner.room()
    planner.group(room=room)
    with pytest.raises(Refused, match="19 planned sessions are in Room 2, the next of “Tuesday "
                                      "group” on 11 March 2036"):
        close_room(room=room, on=TODAY, by=planner.by)
    other = planner.room("Room 3")
    close_room(room=other, on=TODAY, by=planner.by)
    with pytest.raises(Refused, match="Room 3 is closed from 4 March 2036"):
        planner.group("Late", room=other, begins_at=time(9))
    assert planner.room("Room 3").closed_on is None
    with pytest.raises(Refused, match="in which you do not work"):
        add_room(name="Attic", chairs=None, compartment=-1, by=planner.by)


def test_only_who_plans_groups_plans_them(planner: Planner, world: World, rolling: Group) -> None:
    room, session = planner.room(), planner.sessions(rolling)[0]
    for role in (Role.FACILITATOR, Role.ASSESSOR, Role.PROGRAMME_SYSTEM):
        by = world.staff[role]
        plan = GroupPlan(name="Mine", starts_on=TODAY, begins_at=time(9), entry=Entry.CLOSED)
        for act in (
            lambda: actions.plan_from_template(
                template=planner.template(), component=COMPONENT, plan=plan,  # noqa: B023
                facilitators=[], by=by),  # noqa: B023
            lambda: extend_group(group=rolling, until=NINE, by=by),  # noqa: B023
            lambda: end_group(group=rolling, on=TODAY, by=by),  # noqa: B023
            lambda: move_session(session=session, held_on=TODAY, begins_at=time(9),
                                 room=None, by=by),  # noqa: B023
            lambda: add_session(group=rolling, held_on=TODAY, begins_at=time(9), minutes=9,
                                by=by),  # noqa: B023
            lambda: close_room(room=room, on=TODAY, by=by),  # noqa: B023
            lambda: add_room(name="Attic", chairs=1, compartment=world.compartment(),
                             by=by),  # noqa: B023
        ):
            with pytest.raises(Refused, match="may not plan a group"):
                act()


def test_who_runs_a_group_is_changed_and_who_does_no_more_loses_sight(
    planner: Planner, rolling: Group
) -> None:
    staff, by = planner.world.staff, planner.by
    facilitator = staff[Role.FACILITATOR]
    with acting(facilitator):
        assert Group.objects.visible_to(facilitator).filter(pk=rolling.pk).exists()
    for _ in range(2):
        changed = change_facilitators(group=rolling, workers=[by.worker], on=TODAY, by=by)
        assert changed.version == rolling.version + 1
    with acting(facilitator):
        assert not Group.objects.visible_to(facilitator).filter(pk=rolling.pk).exists()
    with pytest.raises(StaleEdit):
        change_facilitators(
            group=rolling, workers=[facilitator.worker], on=TODAY, by=by, version=rolling.version
        )


def test_a_group_is_run_by_somebody_who_can_and_is_free(planner: Planner, rolling: Group) -> None:
    staff, by = planner.world.staff, planner.by
    with pytest.raises(Refused, match="at least one facilitator"):
        change_facilitators(group=rolling, workers=[], on=TODAY, by=by)
    with pytest.raises(Refused, match="facilitators or managers of this service"):
        change_facilitators(
            group=rolling, workers=[staff[Role.ASSESSOR].worker], on=TODAY, by=by
        )
    planner.group("Other group", facilitators=[by.worker])
    both = [by.worker, staff[Role.FACILITATOR].worker]
    with pytest.raises(Refused, match="is busy on"):
        change_facilitators(group=rolling, workers=both, on=TODAY, by=by)
    with pytest.raises(Refused, match="may not plan a group"):
        change_facilitators(group=rolling, workers=both, on=TODAY, by=staff[Role.FACILITATOR])
