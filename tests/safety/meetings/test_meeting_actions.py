"""Acts of case meetings: allowed, refused, sent twice, stale; and what each role can see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from casewall.programme.incidents.rules import Form, Severity, Sign, Source
from casewall.safety.incidents.actions import record_suffered
from casewall.safety.incidents.rules import Suffered
from casewall.safety.intake.models import OutboxItem
from casewall.safety.meetings import actions
from casewall.safety.meetings.models import (
    AgendaItem,
    Attendee,
    Extract,
    Meeting,
    MeetingAction,
    Minutes,
)
from casewall.safety.meetings.rules import For, Presence, Reason, State
from casewall.safety.partners.actions import take_file
from casewall.wall.context import on_side
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.sides import Role, Side
from tests.people import Staff, add_colleague
from tests.safety.meetings.conftest import (
    CHILDREN,
    COORDINATOR,
    DAY,
    MANAGER,
    SECRET,
    WORKER,
    Plan,
    noon,
    rows,
)
from tests.safety.pages.conftest import TODAY, Invented, new_file, pulled_case


def violence(staff: Staff, world: Invented, **more: Any) -> None:
    record_suffered(
        file=more.pop("file", world.file), suffered_by=Suffered.PARTNER, forms=[Form.PHYSICAL],
        signs=more.pop("signs", [Sign.STRANGULATION]), severity=Severity.SERIOUS,
        source=Source.PARTNER, happened_on=TODAY, exact=True, told_on=TODAY, what=SECRET,
        by=staff[COORDINATOR],
    )  # fmt: skip


def test_the_agenda_is_built_from_the_records_and_danger_stands_first(
    staff: Staff, world: Invented, plan: Plan
) -> None:
    violence(staff, world)
    other = pulled_case(staff, "Uden Partner")
    items = rows(AgendaItem, staff[COORDINATOR], meeting=plan())
    items.sort(key=lambda item: item.place)
    first, *_rest = items
    assert first.file_id == world.file.pk
    assert first.codes[:2] == [Reason.DANGER, Reason.NEW_REFERRAL]
    # The client without a partner's file is not forgotten, and nobody is there twice.
    assert {item.case_id for item in items if item.case_id} == {other.pk}
    assert {item.file_id for item in items if item.file_id} == {world.file.pk, world.free.pk}


def test_only_coordination_holds_meetings(
    staff: Staff, world: Invented, plan: Plan, meeting: Meeting, item: AgendaItem
) -> None:
    attendee = actions.record_attendance(
        meeting=meeting, name="Opdigtet", agency="", presence=Presence.PRESENT,
        by=staff[MANAGER],
    )  # fmt: skip
    acts: list[Callable[[Any], object]] = [
        lambda by: actions.plan_meeting(
            service=meeting.service, kind=meeting.kind, held_at=noon(1), by=by
        ),
        lambda by: actions.build_agenda(meeting=meeting, by=by),
        lambda by: actions.record_attendance(
            meeting=meeting, name="x", agency="", presence=Presence.PRESENT, by=by
        ),
        lambda by: actions.change_presence(
            attendee=attendee, presence=Presence.APOLOGIES, by=by
        ),
        lambda by: actions.begin(meeting=meeting, by=by),
        lambda by: actions.keep_item(item=item, discussion="", decision="x", version=1, by=by),
        lambda by: actions.keep_minutes(meeting=meeting, text="x", number=0, by=by),
        lambda by: actions.close(meeting=meeting, by=by),
        lambda by: actions.add_action(
            item=item, what="x", owner=None, agency="x", due_on=TODAY, by=by
        ),
        lambda by: actions.write_extract(item=item, whom=For.PARTNER, text="x", by=by),
    ]
    for role in (WORKER, CHILDREN, Role.EVALUATOR, Role.DATA_PROTECTION_OFFICER):
        for act in acts:
            with pytest.raises(Refused, match="may not hold a case meeting"):
                act(staff[role])
    for act in (
        lambda by: actions.add_item(meeting=meeting, file=world.file, why="x", by=by),
        lambda by: actions.take_off(item=item, because="x", version=1, by=by),
        lambda by: actions.put_back(item=item, by=by),
    ):
        for role in (CHILDREN, Role.EVALUATOR):
            with pytest.raises(Refused, match="may not keep the"):
                act(staff[role])


def test_the_same_form_sent_twice_makes_one_of_each(
    staff: Staff, world: Invented, plan: Plan, meeting: Meeting, item: AgendaItem
) -> None:
    by, form = staff[COORDINATOR], uuid4()
    assert plan(form=form).pk == plan(form=form).pk
    for _ in range(2):
        actions.record_attendance(meeting=meeting, name="Opdigtet", agency="Politi",
                                  presence=Presence.PRESENT, by=by, form=form)  # fmt: skip
        actions.add_action(item=item, what="Ring", owner=staff[WORKER].worker, agency="",
                           due_on=TODAY, by=by, form=form)  # fmt: skip
        actions.write_extract(item=item, whom=For.PARTNER, text="Ring", by=by, form=form)
        actions.keep_item(item=item, discussion="", decision="Ring", version=1, by=by)
        actions.keep_minutes(meeting=meeting, text="Kort", number=0, by=by)
    for model in (Attendee, MeetingAction, Extract, Minutes):
        assert len(rows(model, by, meeting=meeting)) == 1, model


def test_a_worker_adds_own_files_takes_off_with_a_reason_and_building_again_respects_it(
    staff: Staff, world: Invented, meeting: Meeting, item: AgendaItem
) -> None:
    by = staff[WORKER]
    with pytest.raises(Refused, match="why"):
        actions.take_off(item=item, because=" ", version=item.version, by=by)
    off = actions.take_off(item=item, because="Talt om i går", version=item.version, by=by)
    actions.build_agenda(meeting=meeting, by=staff[COORDINATOR])
    (after,) = rows(AgendaItem, by, pk=off.pk)
    assert (after.is_off, after.off_because) == (True, "Talt om i går")
    added = actions.add_item(meeting=meeting, file=world.file, why="Hun ringede", by=by)
    assert (added.pk, added.is_off, added.codes[-1]) == (off.pk, False, Reason.BY_HAND)
    actions.build_agenda(meeting=meeting, by=staff[COORDINATOR])
    (after,) = rows(AgendaItem, by, pk=off.pk)
    assert (after.why, after.codes[-1]) == ("Hun ringede", Reason.BY_HAND)
    actions.take_off(item=after, because="Løst", version=after.version, by=by)
    assert not actions.put_back(item=after, by=by).is_off


def test_a_stale_edit_is_refused_and_nothing_is_overwritten(
    staff: Staff, meeting: Meeting, item: AgendaItem
) -> None:
    by = staff[COORDINATOR]
    actions.keep_item(item=item, discussion="A", decision="B", version=item.version, by=by)
    with pytest.raises(StaleEdit):
        actions.keep_item(item=item, discussion="C", decision="", version=item.version, by=by)
    actions.keep_minutes(meeting=meeting, text="A", number=0, by=by)
    with pytest.raises(StaleEdit):
        actions.keep_minutes(meeting=meeting, text="C", number=0, by=by)
    actions.keep_minutes(meeting=meeting, text="C", number=1, by=by)
    assert [one.text for one in rows(Minutes, by, meeting=meeting)].count("A") == 1
    with pytest.raises(StaleEdit):
        actions.take_off(item=item, because="x", version=item.version, by=by)


def test_minutes_close_once_everything_is_decided_and_then_stay_but_actions_go_on(
    staff: Staff, world: Invented, meeting: Meeting, item: AgendaItem
) -> None:
    by = staff[COORDINATOR]
    with pytest.raises(Refused, match="not begun"):
        actions.close(meeting=meeting, by=by)
    actions.begin(meeting=meeting, by=by)
    action = actions.add_action(item=item, what="Ring", owner=staff[WORKER].worker, agency="",
                                due_on=TODAY, by=by)  # fmt: skip
    with pytest.raises(Refused, match="no decision yet"):
        actions.close(meeting=meeting, by=by)
    for one in rows(AgendaItem, by, meeting=meeting):
        actions.keep_item(item=one, discussion="", decision="Set", version=one.version, by=by)
    with pytest.raises(Refused, match="who was there"):
        actions.close(meeting=meeting, by=by)
    actions.record_attendance(meeting=meeting, name="Opdigtet", agency="",
                              presence=Presence.PRESENT, by=by)  # fmt: skip
    closed = actions.close(meeting=meeting, by=by)
    assert closed.state == State.CLOSED
    (found,) = rows(AgendaItem, by, pk=item.pk)
    for act in (
        lambda: actions.keep_item(item=found, discussion="", decision="Nyt",
                                  version=found.version, by=by),
        lambda: actions.keep_minutes(meeting=closed, text="Nyt", number=0, by=by),
        lambda: actions.add_item(meeting=closed, file=world.file, why="Nyt", by=by),
        lambda: actions.build_agenda(meeting=closed, by=by),
    ):  # fmt: skip
        with pytest.raises(Refused, match="closed"):
            act()
    done = actions.finish_action(action=action, outcome="Ringet", version=1, by=staff[WORKER])
    assert done.done_on == TODAY


def test_an_action_belongs_to_somebody_and_only_that_worker_or_coordination_ends_it(
    staff: Staff, world: Invented, item: AgendaItem
) -> None:
    by = staff[COORDINATOR]

    def give(**more: Any) -> MeetingAction:
        given = {"what": "Ring", "owner": None, "agency": "", "due_on": TODAY, **more}
        return actions.add_action(item=item, by=by, **given)

    with pytest.raises(Refused, match="who does it"):
        give()
    with pytest.raises(Refused, match="not both"):
        give(owner=staff[WORKER].worker, agency="Politi")
    with pytest.raises(Refused, match="from the list"):
        give(owner=uuid4())
    with pytest.raises(Refused, match="has passed"):
        give(agency="Politi", due_on=TODAY - DAY)
    with pytest.raises(Refused, match="what is to be done"):
        give(agency="Politi", what=" ")
    for_child = give(owner=staff[CHILDREN].worker)
    of_police = give(agency="Politi")
    with pytest.raises(Refused, match="Only its owner"):
        actions.finish_action(action=of_police, outcome="x", version=1, by=staff[WORKER])
    with pytest.raises(Refused, match="what came of it"):
        actions.finish_action(action=for_child, outcome=" ", version=1, by=staff[CHILDREN])
    assert actions.finish_action(
        action=for_child, outcome="Talt", version=1, by=staff[CHILDREN]
    ).outcome == "Talt"  # fmt: skip
    dropped = actions.finish_action(
        action=of_police, outcome="Ikke nødvendigt", version=1, by=by, dropped=True
    )
    assert dropped.dropped
    # A children's worker sees the own action and nothing else of the meeting.
    assert [one.pk for one in rows(MeetingAction, staff[CHILDREN])] == [for_child.pk]
    for model in (AgendaItem, Attendee, Minutes, Extract):
        assert not rows(model, staff[CHILDREN])


def test_a_partner_worker_sees_items_of_own_files_only(
    staff: Staff, owner_urls: dict[str, str], world: Invented, meeting: Meeting, item: AgendaItem
) -> None:
    hers = new_file(staff, "Anden", "Kollega")
    other = add_colleague(owner_urls, WORKER, "lyngholm-shelter", "other@example.invalid")
    with on_side(Side.SAFETY):
        colleague = other.as_viewer()
    pulled_case(staff, "Uden Partner")
    actions.build_agenda(meeting=meeting, by=staff[COORDINATOR])
    take_file(file=hers, by=colleague)
    actions.record_attendance(meeting=meeting, name=SECRET, agency="",
                              presence=Presence.PRESENT, by=staff[COORDINATOR])  # fmt: skip
    actions.keep_minutes(meeting=meeting, text=SECRET, number=0, by=staff[COORDINATOR])
    seen = rows(AgendaItem, staff[WORKER], meeting=meeting)
    assert {one.file_id for one in seen} == {world.file.pk, world.free.pk}
    assert {one.file_id for one in rows(AgendaItem, colleague)} == {hers.pk, world.free.pk}
    for viewer in (staff[WORKER], colleague):
        # An item of a client without a file would name a stranger; the minutes name everybody.
        assert not [one for one in rows(AgendaItem, viewer) if one.case_id]
        assert not rows(Minutes, viewer)
        assert not rows(Attendee, viewer)
    with pytest.raises(AgendaItem.DoesNotExist):
        actions.take_off(item=item, because="x", version=1, by=colleague)


def test_an_extract_goes_into_one_file_of_its_item_and_never_names_her_to_him(
    staff: Staff, world: Invented, item: AgendaItem
) -> None:
    by = staff[COORDINATOR]

    def write(whom: For, text: str = "Mødes alene", **more: Any) -> Extract:
        return actions.write_extract(item=item, whom=whom, text=text, by=by, **more)

    with pytest.raises(Refused, match="“Sørensen”"):
        write(For.CLIENT, "Sørensen vil ikke se ham", case_id=world.case_id)
    with pytest.raises(Refused, match="Choose a case"):
        write(For.CLIENT, case_id=pulled_case(staff, "En Anden").pk)
    with pytest.raises(Refused, match="Choose a child"):
        write(For.CHILD)
    kept = write(For.CLIENT, case_id=world.case_id)
    assert (kept.case_id, kept.text) == (world.case_id, "Mødes alene")
    assert write(For.PARTNER, "Sørensen vil ikke se ham").case_id is None
    assert not rows(Extract, staff[CHILDREN])


def test_nothing_of_a_meeting_crosses_by_any_act(
    staff: Staff, world: Invented, meeting: Meeting, item: AgendaItem
) -> None:
    system = staff[Role.SAFETY_SYSTEM]
    before = len(rows(OutboxItem, system))
    by = staff[COORDINATOR]
    actions.begin(meeting=meeting, by=by)
    actions.keep_item(item=item, discussion=SECRET, decision=SECRET, version=1, by=by)
    actions.write_extract(item=item, whom=For.CLIENT, text="Mødes alene",
                          case_id=world.case_id, by=by)  # fmt: skip
    actions.add_action(item=item, what=SECRET, owner=None, agency="Politi", due_on=TODAY, by=by)
    assert len(rows(OutboxItem, system)) == before
