"""Assessing who does what to whom: who may, who sees what, twice the same, stale, corrected."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connections

from casewall.safety.roles import actions
from casewall.safety.roles.models import (
    OfAnAssessment,
    RoleAssessment,
    RoleIncident,
    RoleWorking,
)
from casewall.safety.roles.rules import Consequence, Outcome, State
from casewall.wall.context import acting, on_side
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.flows import as_table
from casewall.wall.sides import SIDE_OF_ROLE, Role, Side
from tests.people import Staff, add_colleague
from tests.safety.pages.conftest import TODAY, Invented
from tests.safety.roles.conftest import (
    COORDINATOR,
    INCIDENT,
    MANAGER,
    SECRET,
    WORKER,
    Begin,
    working_of,
)

MATERIAL = (RoleWorking, RoleIncident)
WITHOUT_DUTY = [
    role for role in Role
    if SIDE_OF_ROLE[role] is Side.SAFETY and role not in (WORKER, COORDINATOR, MANAGER)
]  # fmt: skip


def rows(staff: Staff, model: Any, role: Role = MANAGER, **which: Any) -> list[Any]:
    with acting(staff[role]):
        return list(model.objects.visible_to(staff[role]).filter(**which))


def test_from_the_first_word_to_the_sign_off(
    owner_urls: dict[str, str], staff: Staff, world: Invented, begin: Begin
) -> None:
    waiting = begin(waits=True, case_id=world.case_id)
    assert (waiting.state, waiting.asked_on) == (State.WAITING, TODAY)
    assert waiting.due_on > TODAY
    assert (waiting.concluded_a, waiting.concluded_b) == ("", "")
    done = actions.sign_off(assessment=waiting, version=waiting.version, by=staff[COORDINATOR])
    assert (done.concluded_a, done.concluded_b) == ("primary_victim", "primary_perpetrator")
    assert (done.signer, done.state) == (staff[COORDINATOR].worker, State.CONCLUDED)
    with psycopg.connect(owner_urls["safety"]) as connection:
        told = connection.execute("select verb from audit_entry where object_id = %s", [done.pk])
        assert {verb for (verb,) in told} >= {"began", "asked for the sign-off of", "signed off"}


@pytest.mark.parametrize("role", WITHOUT_DUTY)
def test_nobody_else_assesses(staff: Staff, world: Invented, begin: Begin, role: Role) -> None:
    waiting, incident = begin(waits=True), {**INCIDENT}
    by, words = staff[role], {"note": None, "grounds": None}
    nothing: dict[str, Any] = {"signs_a": [], "signs_b": [], "proposed_a": None, "proposed_b": None}
    acts: list[Callable[[], Any]] = [
        lambda: actions.begin_assessment(file=world.file, by=by),
        lambda: actions.add_incident(assessment=waiting, by=by, **incident),
        lambda: actions.strike_incident(incident=RoleIncident(), by=by),
        lambda: actions.write_working(assessment=waiting, version=2, by=by, **words, **nothing),
        lambda: actions.ask_for_sign_off(assessment=waiting, by=by),
        lambda: actions.sign_off(assessment=waiting, version=2, by=by),
        lambda: actions.return_assessment(assessment=waiting, version=2, comment="x", by=by),
        lambda: actions.set_aside(assessment=waiting, by=by),
    ]
    for act in acts:
        with pytest.raises(Refused, match="may not assess who does what to whom"):
            act()


def test_the_author_does_not_sign_and_no_partner_worker_signs(staff: Staff, begin: Begin) -> None:
    waiting = begin(MANAGER, waits=True)
    with pytest.raises(Refused, match="Somebody else signs off"):
        actions.sign_off(assessment=waiting, version=waiting.version, by=staff[MANAGER])
    with pytest.raises(Refused, match="A coordinator or a safety manager signs"):
        actions.sign_off(assessment=waiting, version=waiting.version, by=staff[WORKER])


def test_an_assessment_is_put_to_a_second_worker_with_a_grid_and_a_conclusion(
    staff: Staff, begin: Begin
) -> None:
    made = begin()
    with pytest.raises(Refused, match="at least one incident"):
        actions.ask_for_sign_off(assessment=made, by=staff[WORKER])
    row = actions.add_incident(assessment=made, by=staff[WORKER], **INCIDENT)
    with pytest.raises(Refused, match="what you conclude"):
        actions.ask_for_sign_off(assessment=made, by=staff[WORKER])
    actions.strike_incident(incident=row, by=staff[WORKER])
    actions.strike_incident(incident=row, by=staff[WORKER])
    with pytest.raises(Refused, match="at least one incident"):
        actions.ask_for_sign_off(assessment=made, by=staff[WORKER])


def test_the_same_form_twice_is_one(staff: Staff, begin: Begin) -> None:
    form, row, worker = uuid4(), uuid4(), staff[WORKER]
    made = [begin(id=form) for _ in range(2)]
    assert made[0] == made[1]
    for _ in range(2):
        actions.add_incident(assessment=made[0], by=worker, id=row, **INCIDENT)
    assert [one.pk for one in rows(staff, RoleIncident)] == [row]
    said: dict[str, Any] = {"signs_a": [], "signs_b": [], "note": "Opdigtet.", "grounds": None,
                            "proposed_a": None, "proposed_b": None}  # fmt: skip
    for _ in range(2):
        kept = actions.write_working(assessment=made[0], version=1, by=worker, **said)
        assert kept.version == 2
    with pytest.raises(StaleEdit, match="nothing was overwritten"):
        actions.write_working(
            assessment=made[0], version=1, by=worker, **{**said, "note": "Other."}
        )
    assert working_of(made[0], worker).note == "Opdigtet."


def test_one_at_a_time(staff: Staff, begin: Begin) -> None:
    begin()
    with pytest.raises(Refused, match="is under way"):
        begin(COORDINATOR)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"acts": []}, "at least one thing"),
        ({"consequences": []}, "Say what followed"),
        ({"consequences": [Consequence.NONE, Consequence.POLICE]}, "stand alone"),
        ({"happened_on": TODAY + timedelta(days=1)}, "12 March 2036 has not come yet."),
        ({"what": "  "}, "in words"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(
    staff: Staff, begin: Begin, changed: dict[str, Any], says: str
) -> None:
    made = begin()
    with pytest.raises(Refused, match=says):
        actions.add_incident(assessment=made, by=staff[WORKER], **{**INCIDENT, **changed})
    assert rows(staff, RoleIncident) == []


def test_a_conclusion_that_does_not_fit_and_a_strange_case_are_refused(
    staff: Staff, begin: Begin
) -> None:
    with pytest.raises(Refused, match="not linked to that case"):
        begin(case_id=uuid4())
    with pytest.raises(Refused, match="must be the primary perpetrator"):
        actions.write_working(
            assessment=begin(), version=1, signs_a=[], signs_b=[], note=None, grounds=None,
            proposed_a=Outcome.PRIMARY_VICTIM, proposed_b=Outcome.PRIMARY_VICTIM,
            by=staff[WORKER])  # fmt: skip


def test_what_is_finished_or_waits_is_not_changed(staff: Staff, begin: Begin) -> None:
    waiting = begin(waits=True)
    assert actions.ask_for_sign_off(assessment=waiting, by=staff[WORKER]) == waiting
    with pytest.raises(Refused, match="waits for its sign-off"):
        actions.add_incident(assessment=waiting, by=staff[WORKER], **INCIDENT)
    done = actions.sign_off(assessment=waiting, version=waiting.version, by=staff[MANAGER])
    with pytest.raises(Refused, match="What turns out otherwise is a new one"):
        actions.add_incident(assessment=done, by=staff[WORKER], **INCIDENT)
    with pytest.raises(Refused, match="does not wait"):
        actions.sign_off(assessment=done, version=done.version, by=staff[MANAGER])
    with pytest.raises(Refused, match="cannot be set aside"):
        actions.set_aside(assessment=done, by=staff[MANAGER])


def test_a_returned_assessment_goes_back_with_what_is_missing(staff: Staff, begin: Begin) -> None:
    waiting, by = begin(waits=True), staff[COORDINATOR]
    with pytest.raises(Refused, match="what is missing"):
        actions.return_assessment(assessment=waiting, version=waiting.version, comment=" ", by=by)
    with pytest.raises(StaleEdit, match="Read it again"):
        actions.sign_off(assessment=waiting, version=waiting.version - 1, by=by)
    back = actions.return_assessment(
        assessment=waiting, version=waiting.version, comment="Ask B alone.", by=by
    )
    assert back.state == State.OPEN
    assert working_of(back, staff[WORKER]).comment == "Ask B alone."
    assert rows(staff, RoleWorking, COORDINATOR) == []


def test_an_assessment_that_nobody_goes_on_with_is_set_aside(staff: Staff, begin: Begin) -> None:
    made = begin(ready=True)
    with pytest.raises(Refused, match="Its author or a safety manager"):
        actions.set_aside(assessment=made, by=staff[COORDINATOR])
    for _ in range(2):
        assert actions.set_aside(assessment=made, by=staff[MANAGER]).state == State.SET_ASIDE
    assert begin(COORDINATOR).number == 2
    assert [one.note for one in rows(staff, RoleWorking, WORKER)] == [SECRET]


def test_a_later_correction_opens_nothing_of_an_earlier_one(
    owner_urls: dict[str, str], staff: Staff, begin: Begin
) -> None:
    waiting = begin(MANAGER, waits=True)
    first = actions.sign_off(assessment=waiting, version=waiting.version, by=staff[COORDINATOR])
    with pytest.raises(Refused, match="Say why they are looked at again"):
        begin(WORKER, why="  ")
    second = begin(WORKER, waits=True, why="Opdigtet: a film shows it otherwise.")
    assert rows(staff, RoleAssessment, WORKER) == [first, second]
    for model in MATERIAL:
        assert {row.assessment_id for row in rows(staff, model, WORKER)} == {second.pk}
    before = [(row.pk, row.note) for row in rows(staff, RoleWorking, assessment=first)]
    other = add_colleague(owner_urls, COORDINATOR, "coordination-office", "o@example.invalid")
    with on_side(Side.SAFETY):
        colleague = other.as_viewer()
    with acting(colleague):
        for model in MATERIAL:
            seen = model.objects.visible_to(colleague).values_list("assessment_id", flat=True)
            assert set(seen) == {second.pk}
    actions.sign_off(assessment=second, version=second.version, by=colleague)
    again = rows(staff, RoleAssessment, WORKER, pk=first.pk)[0]
    assert (again.concluded_a, again.version) == (first.concluded_a, first.version)
    assert [(row.pk, row.note) for row in rows(staff, RoleWorking, assessment=first)] == before
    assert {row.assessment_id for row in rows(staff, RoleWorking, COORDINATOR)} == {first.pk}


@pytest.mark.parametrize("role", list(Role))
def test_who_sees_what_once_it_is_signed_off(staff: Staff, begin: Begin, role: Role) -> None:
    waiting = begin(waits=True)
    actions.sign_off(assessment=waiting, version=waiting.version, by=staff[MANAGER])
    sees_files = {WORKER, COORDINATOR, MANAGER, Role.SAFETY_SYSTEM}
    assert bool(rows(staff, RoleAssessment, role)) is (role in sees_files)
    for model in MATERIAL:
        assert bool(rows(staff, model, role)) is (role in sees_files - {COORDINATOR})


def test_no_table_of_it_is_on_the_programme_side_and_no_flow_names_one(
    owner_urls: dict[str, str],
) -> None:
    tables = {model._meta.db_table for model in (RoleAssessment, *OfAnAssessment.__subclasses__())}
    assert len(tables) == 3
    found = {}
    for side, url in owner_urls.items():
        with psycopg.connect(url) as connection:
            said = connection.execute("select relname from pg_class where relname like 'safety_r%'")
            found[side] = {name for (name,) in said} & tables
    assert found == {"programme": set(), "safety": tables}
    assert not any(word in as_table().lower() for word in ("role", "perpetrator", "victim"))
    assert all(model.SIDE is Side.SAFETY for model in (RoleAssessment, *MATERIAL))


def test_prose_is_encrypted_where_it_is_stored(staff: Staff, begin: Begin) -> None:
    begin(ready=True)
    with acting(staff[MANAGER]), connections["safety"].cursor() as cursor:
        cursor.execute("select note, grounds from safety_roles_roleworking")
        stored = [bytes(cell) for row in cursor.fetchall() for cell in row]
    assert len(stored) == 2
    assert not any(b"pdigtet" in cell for cell in stored)
