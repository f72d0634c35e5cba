"""Acts of MARAC and MATAC: each duty refused, sent twice, stale, and who sees what."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

import casewall.safety.conferences as app
import casewall.safety.meetings as meetings_app
from casewall.safety.conferences import actions
from casewall.safety.conferences.harm import harm_known
from casewall.safety.conferences.models import (
    Conference,
    ConferenceAction,
    ConferenceReferral,
    HarmScore,
    Hearing,
    Nomination,
    Research,
    TacticUse,
    TaskingAction,
)
from casewall.safety.conferences.rules import Answer, FlagEnd, Heard
from casewall.safety.conferences.rules import State as ReferralState
from casewall.safety.conferences.tasking import Discharge, Harm, State, Tactic, Trend
from casewall.safety.partners.actions import link_file
from casewall.safety.pulled.models import PulledCase
from casewall.wall.context import acting, on_side
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.flows import FLOWS
from casewall.wall.sides import Role, Side
from tests.people import SERVICE, Staff, add_colleague
from tests.safety.conferences.conftest import (
    COORDINATOR,
    DAY,
    MANAGER,
    SECRET,
    SENT_TO,
    WORKER,
    at_day,
    filled,
    moment,
    rows,
    violence,
)
from tests.safety.pages.conftest import TODAY, Invented, pulled_case

OTHERS = (Role.EVALUATOR, Role.DATA_PROTECTION_OFFICER)


def case_of(staff: Staff, world: Invented) -> PulledCase:
    found: PulledCase
    (found,) = rows(PulledCase, staff[COORDINATOR], pk=world.case_id)
    return found


@pytest.fixture
def nominated(staff: Staff, world: Invented) -> Nomination:
    """The client is nominated by the worker."""
    return actions.nominate(
        case=case_of(staff, world), nominated_by="Opdigtet Politi", reason=SECRET,
        by=staff[WORKER],
    )  # fmt: skip


@pytest.fixture
def accepted(staff: Staff, nominated: Nomination) -> Nomination:
    """The nomination is accepted."""
    return actions.decide_nomination(
        nomination=nominated, accept=True, because="Ja", version=1, by=staff[COORDINATOR]
    )


def test_duties(
    staff: Staff, world: Invented, conference: Conference, heard: Hearing, accepted: Nomination
) -> None:
    case, (referral,) = case_of(staff, world), rows(ConferenceReferral, staff[WORKER])
    refer: list[Callable[[Any], object]] = [
        lambda by: actions.begin_referral(file=world.file, by=by),
        lambda by: actions.keep_referral(referral=referral, filled=filled(), version=1, by=by),
        lambda by: actions.send_referral(referral=referral, sent_to="x", version=1, by=by),
        lambda by: actions.withdraw_referral(referral=referral, because="x", by=by),
        lambda by: actions.nominate(case=case, nominated_by="x", reason="x", by=by),
    ]
    for act in refer:
        for role in OTHERS:
            with pytest.raises(Refused, match="may not refer to a MARAC"):
                act(staff[role])
    keep: list[Callable[[Any], object]] = [
        lambda by: actions.plan_conference(service=SERVICE, held_at=moment(), place="", by=by),
        lambda by: actions.list_referral(conference=conference, referral=referral, by=by),
        lambda by: actions.ask_research(hearing=heard, agency="x", by=by),
        lambda by: actions.keep_hearing(
            hearing=heard, outcome=Heard.ACTIONS, summary="", version=1, by=by
        ),
        lambda by: actions.end_flag(hearing=heard, because=FlagEnd.MOVED, by=by),
        lambda by: actions.add_conference_action(
            hearing=heard, what="x", owner=None, agency="x", due_on=TODAY, by=by
        ),
        lambda by: actions.decide_nomination(
            nomination=accepted, accept=False, because="x", version=1, by=by
        ),
        lambda by: actions.score_nomination(
            nomination=accepted, harm=Harm(None, 0, 0, 0), on=TODAY, by=by
        ),
        lambda by: actions.use_tactic(
            nomination=accepted, tactic=Tactic.SUPPORT, note="x", by=by
        ),
        lambda by: actions.keep_profile(nomination=accepted, text="x", version=1, by=by),
        lambda by: actions.add_tasking_action(
            nomination=accepted, what="x", owner=None, agency="x", due_on=TODAY, by=by
        ),
        lambda by: actions.review_nomination(nomination=accepted, note="x", by=by),
        lambda by: actions.discharge_nomination(
            nomination=accepted, because=Discharge.OTHER, note="x", version=1, by=by
        ),
    ]
    for act in keep:
        for role in (WORKER, Role.CHILDRENS_WORKER, *OTHERS):
            with pytest.raises(Refused, match="may not keep the list"):
                act(staff[role])


def test_a_draft_is_gone_on_with_and_what_was_sent_stays(
    staff: Staff, world: Invented, draft: ConferenceReferral
) -> None:
    by = staff[WORKER]
    assert actions.begin_referral(file=world.file, by=by, form=uuid4()).pk == draft.pk
    with pytest.raises(StaleEdit):
        actions.keep_referral(referral=draft, filled=filled(children=5), version=1, by=by)
    # The same form again changes nothing and is no stale edit.
    again = actions.keep_referral(referral=draft, filled=filled(), version=1, by=by)
    assert again.version == draft.version
    for _ in range(2):
        sent = actions.send_referral(
            referral=draft, sent_to=SENT_TO, version=draft.version, by=by
        )
    assert sent.version == draft.version + 1
    with pytest.raises(Refused, match="stays as it is"):
        actions.keep_referral(referral=sent, filled=filled(), version=sent.version, by=by)
    assert actions.begin_referral(file=world.file, by=by).pk != draft.pk


def test_withdrawing_takes_the_case_off_the_list_unless_it_was_heard(
    staff: Staff, listed: Hearing
) -> None:
    by = staff[WORKER]
    (referral,) = rows(ConferenceReferral, by)
    with pytest.raises(Refused, match="in words"):
        actions.withdraw_referral(referral=referral, because="", by=by)
    after = actions.withdraw_referral(referral=referral, because="Flyttet", by=by)
    assert after.state == ReferralState.WITHDRAWN
    assert [one.heard for one in rows(Hearing, by)] == [Heard.TAKEN_OFF]


def test_what_was_heard_cannot_be_withdrawn(staff: Staff, heard: Hearing) -> None:
    (referral,) = rows(ConferenceReferral, staff[WORKER])
    with pytest.raises(Refused, match="has been heard"):
        actions.withdraw_referral(referral=referral, because="x", by=staff[WORKER])


def test_a_case_is_listed_once_and_put_off_to_another_day(
    staff: Staff, sent: ConferenceReferral, conference: Conference, listed: Hearing
) -> None:
    by = staff[COORDINATOR]
    assert actions.list_referral(conference=conference, referral=sent, by=by).pk == listed.pk
    other = actions.plan_conference(service=SERVICE, held_at=moment(28), place="", by=by)
    with pytest.raises(Refused, match="already"):
        actions.list_referral(conference=other, referral=sent, by=by)
    actions.keep_hearing(hearing=listed, outcome=Heard.PUT_OFF, summary="", version=1, by=by)
    second = actions.list_referral(conference=other, referral=sent, by=by)
    assert second.pk != listed.pk
    with pytest.raises(Refused, match="written down already"):
        actions.ask_research(hearing=listed, agency="x", by=by)


def test_the_same_form_sent_twice_makes_one_of_each(
    staff: Staff, listed: Hearing, accepted: Nomination
) -> None:
    by, form = staff[COORDINATOR], uuid4()
    for _ in range(2):
        actions.plan_conference(service=SERVICE, held_at=moment(3), place="", by=by, form=form)
        actions.ask_research(hearing=listed, agency="Politi", by=by, form=form)
        actions.keep_hearing(hearing=listed, outcome=Heard.ACTIONS, summary="", version=1, by=by)
        actions.add_conference_action(hearing=listed, what="x", owner=None, agency="Politi",
                                      due_on=TODAY, by=by, form=form)  # fmt: skip
        actions.score_nomination(nomination=accepted, harm=Harm(TODAY, 3, 2, 1), on=TODAY, by=by,
                                 form=form)  # fmt: skip
        actions.use_tactic(nomination=accepted, tactic=Tactic.SUPPORT, note="x", by=by, form=form)
        actions.add_tasking_action(nomination=accepted, what="x", owner=None, agency="Politi",
                                   due_on=TODAY, by=by, form=form)  # fmt: skip
        actions.review_nomination(nomination=accepted, note="x", by=by, form=form)
    counts = {model: len(rows(model, by)) for model in (
        Conference, Research, ConferenceAction, HarmScore, TacticUse, TaskingAction,
    )}  # fmt: skip
    assert counts.pop(Conference) == 2
    assert set(counts.values()) == {1}


def test_the_score_falls_with_dates_and_only_then_is_success_a_reason(
    staff: Staff, world: Invented, accepted: Nomination
) -> None:
    by = staff[COORDINATOR]
    for days in (1, 2, 3):
        violence(staff, world, on=TODAY - days * DAY)
    with acting(by):
        known = harm_known(accepted, by, TODAY)
    assert known == Harm(TODAY - DAY, 3, 3, 1)
    first = actions.score_nomination(nomination=accepted, harm=known, on=TODAY, by=by)
    with pytest.raises(Refused, match="do not fall"):
        actions.discharge_nomination(nomination=accepted, because=Discharge.SCORE_FELL,
                                     note="x", version=accepted.version, by=by)  # fmt: skip
    with at_day(200):
        later = TODAY + 200 * DAY
        with acting(by):
            known = harm_known(accepted, by, later)
        second = actions.score_nomination(nomination=accepted, harm=known, on=later, by=by)
        assert second.total < first.total
        with acting(by):
            assert actions.trend_of(accepted, by) is Trend.FELL
        ended = actions.discharge_nomination(
            nomination=accepted, because=Discharge.SCORE_FELL, note="Færre", by=by,
            version=accepted.version,
        )  # fmt: skip
    assert (ended.state, ended.review_on) == (State.DISCHARGED, None)
    with pytest.raises(Refused, match="has ended"):
        actions.score_nomination(nomination=accepted, harm=known, on=TODAY, by=by)
    with pytest.raises(Refused, match="accepted nomination"):
        actions.use_tactic(nomination=accepted, tactic=Tactic.SUPPORT, note="x", by=by)


def test_a_client_is_nominated_once_at_a_time_whoever_nominated(
    staff: Staff, world: Invented, nominated: Nomination
) -> None:
    with pytest.raises(Refused, match="nominated already"):
        actions.nominate(case=case_of(staff, world), nominated_by="x", reason="x",
                         by=staff[MANAGER])  # fmt: skip
    with pytest.raises(Refused, match="Write who nominates"):
        actions.nominate(case=case_of(staff, world), nominated_by=" ", reason="x",
                         by=staff[MANAGER])  # fmt: skip
    actions.decide_nomination(nomination=nominated, accept=False, because="Nej", version=1,
                              by=staff[COORDINATOR])  # fmt: skip
    assert actions.nominate(case=case_of(staff, world), nominated_by="x", reason="x",
                            by=staff[MANAGER]).state == State.NOMINATED  # fmt: skip


def test_a_colleague_sees_neither_case_nor_nomination_of_another_s_file(
    staff: Staff, owner_urls: dict[str, str], world: Invented, heard: Hearing,
    accepted: Nomination,
) -> None:  # fmt: skip
    other = add_colleague(owner_urls, WORKER, "lyngholm-shelter", "other@example.invalid")
    with on_side(Side.SAFETY):
        colleague = other.as_viewer()
    # The colleague works with another partner of the same client.
    link_file(file=world.free, case_id=world.case_id, origin="search", on=TODAY,
              by=staff[COORDINATOR])  # fmt: skip
    given = actions.add_conference_action(
        hearing=heard, what="Ring", owner=colleague.worker, agency="", due_on=TODAY,
        by=staff[COORDINATOR],
    )  # fmt: skip
    for model in (ConferenceReferral, Hearing, Research, Nomination, HarmScore):
        assert not rows(model, colleague), model
        for role in (Role.CHILDRENS_WORKER, *OTHERS):
            assert not rows(model, staff[role]), model
    assert [one.pk for one in rows(ConferenceAction, colleague)] == [given.pk]
    with pytest.raises(Hearing.DoesNotExist), acting(colleague):
        Hearing.objects.visible_to(colleague).get(pk=heard.pk)
    assert rows(Conference, colleague)
    assert not rows(Conference, staff[Role.CHILDRENS_WORKER])


def test_no_flow_and_no_import_leads_from_a_conference_or_a_meeting_to_the_programme() -> None:
    """Nothing of these apps is a flow, and none of their modules can write to the bridge.

    What is for the client's file goes by coordination's request for a disclosure, and by that
    alone: the one module that names it fills in a form.
    """
    told = repr(FLOWS)
    assert "safety_conferences" not in told
    assert "safety_meetings" not in told
    ways_down = ("send_later", "outbox", "id_to_send_down", "release_at_once", "release_due")
    for package in (app, meetings_app):
        for path in Path(str(package.__file__)).parent.rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            named = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
            for node in ast.walk(tree):
                if isinstance(node, ast.ImportFrom):
                    assert node.module != "casewall.safety.coordination.actions", path
                    named |= {node.module or ""} | {one.name for one in node.names}
            assert not [way for way in ways_down if any(way in name for name in named)], path


def test_pulled_cases_without_a_table_cannot_be_nominated(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casewall.safety.conferences.actions.tasking.matac_of", lambda code: None)
    with pytest.raises(Refused, match="no table"):
        actions.nominate(case=pulled_case(staff), nominated_by="x", reason="x",
                         by=staff[COORDINATOR])  # fmt: skip


def test_an_answer_of_research_is_one_row(staff: Staff, listed: Hearing) -> None:
    by = staff[COORDINATOR]
    row = actions.ask_research(hearing=listed, agency="Politi", by=by)
    for _ in range(2):
        kept = actions.keep_research(research=row, answer=Answer.CAME, text="Kendt", version=1,
                                     by=by)  # fmt: skip
    assert kept.version == 2
    with pytest.raises(StaleEdit):
        actions.keep_research(research=row, answer=Answer.NONE, text="", version=1, by=by)
