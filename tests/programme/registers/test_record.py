"""What is written about a session after its register, and the log of visitors."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from casewall.programme.cases.models import Case
from casewall.programme.cases.rules import Stage
from casewall.programme.groups.models import Attendance, Session, Visitor
from casewall.programme.groups.rules import Homework, Mark, VisitPurpose
from casewall.programme.registers import actions
from casewall.programme.registers.actions import PersonRecord, SessionRecord
from casewall.wall.decide import Refused
from casewall.wall.sides import Role
from tests.programme.conftest import TODAY, Browse, World, day_boxes
from tests.programme.registers.boxes import boxes_of


@pytest.fixture
def facilitator(browse: Browse) -> Client:
    return browse(Role.FACILITATOR)


@pytest.fixture
def held(world: World) -> tuple[Session, Case, Case]:
    """A marked session: one client came, one did not."""
    group = world.group()
    came, away = (world.case(name, "Opdigtet", stage=Stage.AGREEMENT_SIGNED)
                  for name in ("Anders", "Bo"))
    for case in (came, away):
        world.member(group, case)
    session = world.rows(Session, number=1)[0]
    actions.record_register(session=session, by=world.staff[Role.FACILITATOR], marks={
        came.pk: (Mark.ATTENDED, 0), away.pk: (Mark.ABSENT_ACCEPTED, 0)})
    return world.rows(Session, number=1)[0], came, away


def at(session: Session, what: str = "record") -> str:
    return f"/sessions/{session.pk}/{what}/"


def page_of(browser: Client, session: Session) -> dict[str, str]:
    return boxes_of(browser.get(at(session)).content.decode())


def mark_of(world: World, case: Case) -> Attendance:
    return next(mark for mark in world.rows(Attendance) if mark.case_id == case.pk)


def test_a_record_keeps_what_was_typed_of_each_client_and_of_the_whole(
        facilitator: Client, world: World, held: tuple[Session, Case, Case]) -> None:
    session, came, away = held
    page = page_of(facilitator, session)
    assert f"participation-{away.pk}" not in page, "whoever was absent took no part"
    assert facilitator.post(at(session), {
        **page, f"participation-{came.pk}": "3", f"homework-{came.pk}": "partly",
        f"disclosed-{came.pk}": "Invented disclosure æøå", f"remark-{away.pk}": "Called in",
        "debrief": "Went well", "deviation": "Shorter"}).status_code == 302
    mark = mark_of(world, came)
    assert (mark.participation, mark.homework, mark.disclosed, mark.remark) == (
        3, "partly", "Invented disclosure æøå", None)
    assert mark_of(world, away).remark == "Called in"
    stored, = world.rows(Session, pk=session.pk)
    assert (stored.debrief, stored.deviation, stored.version) == ("Went well", "Shorter", 3)
    again = page_of(facilitator, session)
    assert again[f"participation-{came.pk}"] == "3"
    # Nothing changed: nothing is written.
    assert facilitator.post(at(session), again).status_code == 302
    assert world.rows(Session, pk=session.pk)[0].version == 3
    assert mark_of(world, came).version == mark.version


def test_an_empty_record_is_quick_and_harmless(
        facilitator: Client, world: World, held: tuple[Session, Case, Case]) -> None:
    session, came, _ = held
    page = page_of(facilitator, session)
    assert facilitator.post(at(session), page).status_code == 302
    assert mark_of(world, came).version == 1


def test_two_who_write_about_different_clients_both_stand(
        facilitator: Client, browse: Browse, world: World,
        held: tuple[Session, Case, Case]) -> None:
    session, came, away = held
    other = browse(Role.PROGRAMME_MANAGER)
    mine, theirs = page_of(facilitator, session), page_of(other, session)
    assert other.post(at(session), {**theirs, f"remark-{away.pk}": "Theirs"}).status_code == 302
    assert facilitator.post(at(session), {**mine, f"remark-{came.pk}": "Mine", "debrief": "Mine"}
                            ).status_code == 302
    assert (mark_of(world, came).remark, mark_of(world, away).remark) == ("Mine", "Theirs")
    assert world.rows(Session, pk=session.pk)[0].debrief == "Mine"


def test_a_stale_record_shows_both_texts_and_keeps_the_rest(
        facilitator: Client, browse: Browse, world: World,
        held: tuple[Session, Case, Case]) -> None:
    session, came, away = held
    other = browse(Role.PROGRAMME_MANAGER)
    mine, theirs = page_of(facilitator, session), page_of(other, session)
    other.post(at(session), {**theirs, f"remark-{came.pk}": "Their remark",
                             "debrief": "Their debrief"})
    response = facilitator.post(at(session), {
        **mine, f"remark-{came.pk}": "My remark", f"remark-{away.pk}": "Kept at once",
        "debrief": "My debrief"})
    page = response.content.decode()
    assert response.status_code == 422
    for text in ("Their remark", "Their debrief", "My remark", "My debrief", "Both texts are"):
        assert text in page
    assert (mark_of(world, came).remark, mark_of(world, away).remark) == (
        "Their remark", "Kept at once")
    assert facilitator.post(at(session), boxes_of(page)).status_code == 302
    assert mark_of(world, came).remark == "My remark"
    assert world.rows(Session, pk=session.pk)[0].debrief == "My debrief"


def test_a_record_waits_for_the_register(facilitator: Client, world: World) -> None:
    world.member(world.group(), world.case(stage=Stage.AGREEMENT_SIGNED))
    session = world.rows(Session, number=1)[0]
    response = facilitator.get(at(session), follow=True)
    assert response.redirect_chain[-1][0] == at(session, "register")
    assert "Mark the register first" in response.content.decode()
    with pytest.raises(Refused, match="Mark the register first"):
        actions.keep_record(session=session, whole=SessionRecord(), people={}, by=world.manager)


def test_nobody_takes_part_in_a_session_that_was_missed(
        world: World, held: tuple[Session, Case, Case]) -> None:
    session, _, away = held
    outsider = world.case("Carsten", "Digt")
    for case, sentence in ((away, "took no part"), (outsider, "not marked in the register")):
        with pytest.raises(Refused, match=sentence):
            actions.keep_record(session=session, whole=SessionRecord(), by=world.manager,
                                people={case.pk: PersonRecord(homework=Homework.DONE)})


@pytest.mark.parametrize(("changed", "sentence"), [
    ({"participation": "5"}, "Participation"), ({"homework": "eaten"}, "Homework"),
    ({"disclosed": "x" * 4001}, "What the client disclosed"),
])
def test_a_wrong_record_loses_nothing(
        changed: dict[str, str], sentence: str, facilitator: Client, world: World,
        held: tuple[Session, Case, Case]) -> None:
    session, came, away = held
    typed = {f"{name}-{came.pk}": value for name, value in changed.items()}
    response = facilitator.post(at(session), {
        **page_of(facilitator, session), f"remark-{away.pk}": "Still here", **typed})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert "Still here" in response.content.decode()
    assert mark_of(world, away).remark is None


# --- visitors -------------------------------------------------------------------------------------


def visitor(**changed: Any) -> dict[str, Any]:
    return {"form_id": "00000000-0000-4000-8000-0000000000aa", "name": "Vera Opdigtet",
            "organisation": "Invented university", "purpose": "observer",
            "signed_on_day": "", "signed_on_month": "", "signed_on_year": "", **changed}


def test_a_visitor_is_logged_once_and_signs(facilitator: Client, world: World,
                                            held: tuple[Session, Case, Case]) -> None:
    session = held[0]
    for _ in range(2):
        assert facilitator.post(at(session, "visitors"), visitor()).status_code == 302
    row, = world.rows(Visitor)
    assert (row.name, row.organisation, row.purpose, row.signed_on) == (
        "Vera Opdigtet", "Invented university", "observer", None)
    page = facilitator.get(at(session, "visitors")).content.decode()
    assert "Confidentiality not signed yet" in page
    for _ in range(2):
        assert facilitator.post(f"/visitors/{row.pk}/signed/").status_code == 302
    assert world.rows(Visitor)[0].signed_on == TODAY
    assert "Confidentiality signed on 4 March 2036" in facilitator.get(
        at(session, "visitors")).content.decode()


@pytest.mark.parametrize(("changed", "sentence"), [
    ({"name": ""}, "Name"), ({"purpose": "spy"}, "Why they came"),
    (day_boxes("signed_on", TODAY + timedelta(days=1)), "has not come yet"),
])
def test_a_wrong_visitor_says_what_is_wrong(
        changed: dict[str, str], sentence: str, facilitator: Client, world: World,
        held: tuple[Session, Case, Case]) -> None:
    response = facilitator.post(at(held[0], "visitors"), visitor(**changed))
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert "Invented university" in response.content.decode()
    assert world.rows(Visitor) == []


def test_nobody_visits_a_cancelled_session_and_only_who_marks_may_log(
        browse: Browse, world: World, held: tuple[Session, Case, Case]) -> None:
    later = world.rows(Session, number=2)[0]
    actions.cancel_session(session=later, by=world.manager)
    response = browse(Role.PROGRAMME_MANAGER).post(at(later, "visitors"), visitor())
    assert response.status_code == 422
    assert "nobody visited it" in response.content.decode()
    row = actions.add_visitor(session=held[0], name="Vera", organisation="", by=world.manager,
                              purpose=VisitPurpose.TRAINEE, signed_on=None)
    assessor = browse(Role.ASSESSOR)
    for path in (at(held[0], "visitors"), at(held[0])):
        assert assessor.get(path).status_code == 404
    assert assessor.post(f"/visitors/{row.pk}/signed/").status_code == 404
