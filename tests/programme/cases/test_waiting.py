"""Waiting, going on, reopening and correcting through the pages, and who else acts on a move."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casewall.programme.cases import actions, moves
from casewall.programme.cases.models import Case, StageMove
from casewall.programme.cases.reasons import ExitReason, PauseReason, ReopenReason
from casewall.programme.cases.rules import Stage
from casewall.wall.decide import Refused
from casewall.wall.sides import Role
from tests.programme.conftest import NOW, TODAY, Browse, World, day_boxes

LATER = TODAY + timedelta(days=30)


@pytest.fixture
def manager(browse: Browse) -> Client:
    return browse(Role.PROGRAMME_MANAGER)


def send(browser: Client, case: Case, step: str, **typed: Any) -> Any:
    return browser.post(f"/cases/{case.pk}/{step}/", {"seen": case.stage, **typed})


def test_a_case_is_deferred_until_a_day_and_goes_on(manager: Client, world: World) -> None:
    case = world.case(stage=Stage.AGREEMENT_SIGNED)
    typed = {"why": "deferred not_ready", "note": "Moves house first", **day_boxes("on", TODAY)}
    refused = send(manager, case, "pause", **typed)
    assert refused.status_code == 422
    assert "needs the day on which the case is looked at again" in refused.content.decode()
    assert "Moves house first" in refused.content.decode()
    assert send(manager, case, "pause", **typed, **day_boxes("until", LATER)).status_code == 302
    case = world.again(case)
    assert (case.stage, case.next_action, case.next_action_on) == (
        Stage.DEFERRED, "review_deferral", LATER)
    page = manager.get(f"/cases/{case.pk}/").content.decode()
    assert "Suitable, but not ready, until 3 April 2036" in page
    assert "Moves house first" in page
    page = manager.get(f"/cases/{case.pk}/resume/").content.decode()
    assert "agreement signed" in page
    assert 'value="started"' not in page
    assert send(manager, case, "resume", to="agreement_signed",
                **day_boxes("on", TODAY)).status_code == 302
    case = world.again(case)
    assert (case.stage, case.next_action) == (Stage.AGREEMENT_SIGNED, "place_in_group")
    with pytest.raises(Refused, match="“agreement signed” cannot become “contacted”"):
        actions.move_case(case=case, to=Stage.CONTACTED, on=TODAY, by=world.manager)


def test_a_case_that_waits_cannot_skip_ahead(world: World) -> None:
    case = world.case(stage=Stage.CONTACTED)
    actions.move_case(case=case, to=Stage.SUSPENDED, reason=PauseReason.RECALL, on=TODAY,
                      by=world.manager)
    with pytest.raises(Refused, match="next can be: contacted, deferred, returned, exited"):
        actions.move_case(case=case, to=Stage.STARTED, on=TODAY, by=world.manager)


@pytest.mark.parametrize(("typed", "sentence"), [
    ({"why": ""}, "How and why the case waits"),
    ({"why": "suspended other"}, "needs a note that says which"),
    ({"why": "deferred health", **day_boxes("until", TODAY)}, "must come after that"),
    ({"why": "deferred health", **day_boxes("until", TODAY.replace(year=2046))}, "than a year"),
    ({"why": "deferred recall"}, "deferred recall"),
])
def test_a_pause_that_says_too_little_is_refused(typed: dict[str, str], sentence: str,
                                                 manager: Client, world: World) -> None:
    case = world.case()
    response = send(manager, case, "pause", **{**day_boxes("on", TODAY), **typed})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert world.again(case).stage == Stage.REFERRED


def test_a_transfer_says_to_whom(manager: Client, world: World) -> None:
    case = world.case(stage=Stage.CONTACTED)
    typed = {"reason": "transferred", **day_boxes("on", TODAY)}
    assert send(manager, case, "exit", **typed).status_code == 422
    assert send(manager, case, "exit", **typed, to_whom="Invented service, Nordby"
                ).status_code == 302
    assert "To Invented service, Nordby" in manager.get(f"/cases/{case.pk}/").content.decode()
    with pytest.raises(Refused, match="needs the agency"):
        actions.move_case(case=world.case(), to=Stage.EXITED, on=TODAY, by=world.manager,
                          reason=ExitReason.TRANSFERRED)


def test_a_manager_reopens_a_case_with_a_reason_and_nobody_else_does(
        browse: Browse, manager: Client, world: World) -> None:
    case = world.case(stage=Stage.AGREEMENT_SIGNED)
    actions.move_case(case=case, to=Stage.EXITED, on=TODAY, reason=ExitReason.CUSTODY,
                      by=world.manager)
    case = world.again(case)
    typed = {"to": "agreement_signed", "reason": "released", **day_boxes("on", TODAY)}
    assert send(manager, case, "reopen", **{**typed, "reason": ""}).status_code == 422
    assert send(manager, case, "reopen", **typed).status_code == 302
    case = world.again(case)
    assert (case.stage, case.exit_reason, case.next_action) == (
        Stage.AGREEMENT_SIGNED, "", "place_in_group")
    page = manager.get(f"/cases/{case.pk}/").content.decode()
    assert "Reopened: agreement signed" in page
    assert "Released from custody" in page
    for wrong in (Stage.STARTED, Stage.CONTACTED):
        with pytest.raises(Refused, match="has not ended"):
            actions.reopen_case(case=case, to=wrong, on=TODAY, reason=ReopenReason.CHANGED,
                                by=world.manager)
    with pytest.raises(Refused, match="may not"):
        actions.reopen_case(case=case, to=Stage.CONTACTED, on=TODAY,
                            reason=ReopenReason.CHANGED, by=world.staff[Role.ASSESSOR])
    assert send(browse(Role.ASSESSOR), case, "reopen", **typed).status_code == 403


def test_a_wrong_move_is_put_right_and_both_stay(manager: Client, world: World) -> None:
    case = world.case(stage=Stage.CONTACTED)
    actions.move_case(case=case, to=Stage.EXITED, on=TODAY, reason=ExitReason.DECEASED,
                      by=world.manager)
    case = world.again(case)
    page = manager.get(f"/cases/{case.pk}/correct/").content.decode()
    assert "from “contacted” to “exited”" in page
    assert send(manager, case, "correct", note="", **day_boxes("on", TODAY)).status_code == 422
    assert send(manager, case, "correct", note="Another person of that name",
                **day_boxes("on", TODAY)).status_code == 302
    case = world.again(case)
    assert (case.stage, case.exit_reason, case.stage_on) == (
        Stage.CONTACTED, "", TODAY - timedelta(days=40))
    wrong, = world.rows(StageMove, case=case, went_to="exited")
    correction, = world.rows(StageMove, case=case, kind="correction")
    assert correction.corrects_id == wrong.pk
    page = manager.get(f"/cases/{case.pk}/").content.decode()
    for line in ("Corrected: contacted again", "Corrected later", "Another person of that name"):
        assert line in page
    # The exit no longer stands among the days that matter.
    actions.correct_move(case=case, on=TODAY, note="Nobody was reached", by=world.manager)
    assert world.again(case).stage == Stage.REFERRED
    with pytest.raises(Refused, match="none to correct"):
        actions.correct_move(case=case, on=TODAY, note="Again", by=world.manager)


def test_a_correction_puts_the_reason_of_an_exit_back(world: World) -> None:
    case = world.case(stage=Stage.CONTACTED)
    by = world.manager
    actions.move_case(case=case, to=Stage.EXITED, on=TODAY, reason=ExitReason.MOVED, by=by)
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        actions.reopen_case(case=case, to=Stage.CONTACTED, on=TODAY,
                            reason=ReopenReason.CAME_BACK, by=by)
    with time_machine.travel(NOW + timedelta(minutes=2), tick=False):
        case = actions.correct_move(case=case, on=TODAY, note="The wrong case", by=by)
    assert (case.stage, case.exit_reason) == (Stage.EXITED, "moved")


def test_whoever_listens_acts_in_the_same_transaction(world: World,
                                                      monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moves, "_LISTENERS", {})
    heard: list[tuple[str, str]] = []
    moves.on_move("test", lambda case, move, by: heard.append((case.stage, move.went_to)))
    case = world.case(stage=Stage.CONTACTED)
    assert heard == [("contacted", "contacted")]

    def refuse(*_: Any) -> None:
        raise Refused("Not now.")

    moves.on_move("test", refuse)
    with pytest.raises(Refused, match="Not now"):
        actions.move_case(case=case, to=Stage.EXITED, on=TODAY, reason=ExitReason.MOVED,
                          by=world.manager)
    assert world.again(case).stage == Stage.CONTACTED


def test_an_assessor_still_sees_a_deferred_case(browse: Browse, world: World) -> None:
    case = world.case(stage=Stage.CONTACTED)
    actions.move_case(case=case, to=Stage.DEFERRED, reason=PauseReason.HEALTH, on=TODAY,
                      until=LATER, by=world.manager)
    assert browse(Role.ASSESSOR).get(f"/cases/{case.pk}/").status_code == 200


@pytest.mark.parametrize("step", ["pause", "resume", "reopen", "correct"])
def test_a_form_of_a_move_needs_the_same_queries_however_often_a_case_moved(
        step: str, manager: Client, world: World) -> None:
    def count(case: Case) -> int:
        manager.get(f"/cases/{case.pk}/{step}/")
        with CaptureQueriesContext(connections["programme"]) as context:
            manager.get(f"/cases/{case.pk}/{step}/")
        return len(context)

    few, many = world.case(), world.case(stage=Stage.CONTACTED)
    for n in range(6):
        actions.move_case(case=many, to=Stage.SUSPENDED if n % 2 == 0 else Stage.CONTACTED,
                          reason=PauseReason.RECALL if n % 2 == 0 else None, on=TODAY,
                          by=world.manager)
    for case in (few, many):
        to = Stage.EXITED if step == "reopen" else Stage.SUSPENDED
        actions.move_case(case=case, to=to, on=TODAY, by=world.manager,
                          reason=ExitReason.MOVED if step == "reopen" else PauseReason.RECALL)
    assert count(few) == count(many)
