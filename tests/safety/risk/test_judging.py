"""Judging the risk together: allowed, refused, stale, twice; triggers, plan and the clock."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from casewall.programme.incidents.rules import Form, Sign
from casewall.safety.pulled.models import PulledCase, PulledIncident, PulledRisk
from casewall.safety.risk import actions
from casewall.safety.risk.models import (
    DangerSignal,
    JointRisk,
    RiskAction,
    RiskReview,
    RiskTrigger,
)
from casewall.safety.risk.reading import changes_since, overdue_reviews, today_items
from casewall.safety.risk.rules import Level, Trigger
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.sides import Role
from tests.people import Staff
from tests.safety.incidents.conftest import Told
from tests.safety.pages.conftest import TODAY, Invented, new_file
from tests.safety.risk.conftest import (
    CHILDREN,
    COORDINATOR,
    MANAGER,
    OTHERS,
    SYSTEM,
    WORKER,
    Judge,
    as_seen,
    rows,
    said,
)

DAY = timedelta(days=1)


def look(staff: Staff) -> int:
    return actions.look_for_triggers(by=staff[SYSTEM], at=timezone.now())


@pytest.mark.parametrize("role", [WORKER, COORDINATOR, MANAGER])
def test_those_who_keep_joint_risk_judge_it_and_the_clock_runs(
    staff: Staff, judge: Judge, role: Role
) -> None:
    review = judge(by=role)
    risk = judge.risk()
    assert risk is not None
    assert (risk.level, risk.reviewed_on, risk.review_on) == ("high", TODAY, review.review_on)
    assert review.review_on == TODAY.replace(month=6)
    assert review.before == ""
    assert review.sources == "partner,police"


@pytest.mark.parametrize("role", [CHILDREN, *OTHERS])
def test_nobody_else_judges_plans_or_acts_on_a_sign(
    staff: Staff, judge: Judge, world: Invented, role: Role
) -> None:
    judge()
    risk = judge.risk()
    assert risk is not None
    by = staff[role]
    with pytest.raises(Refused, match="may not keep the picture of risk"):
        judge(by=role)
    with pytest.raises(Refused, match="may not keep the picture of risk"):
        actions.add_action(risk=risk, what="x", owner=by.worker, agency="", due_on=TODAY, by=by)
    with pytest.raises(Refused, match="may not keep the picture of risk"):
        actions.note_trigger(file=world.file, case_id=None, trigger=Trigger.RELAPSE, on=TODAY,
                             note=None, by=by)  # fmt: skip
    with pytest.raises(Refused, match="may not pull"):
        actions.look_for_triggers(by=by, at=timezone.now())
    if role is not CHILDREN:
        with pytest.raises(Refused, match="may not record what"):
            actions.raise_by_hand(file=world.file, signs=list(Sign), by=by)  # type: ignore[arg-type]


def test_the_same_form_is_one_judgement_and_a_stale_one_is_refused(
    staff: Staff, judge: Judge
) -> None:
    form = uuid4()
    assert judge(form=form).pk == judge(form=form).pk
    with pytest.raises(StaleEdit, match="Somebody else judged"):
        judge(version=1)
    with pytest.raises(StaleEdit, match="Somebody else judged"):
        judge(version=0)
    assert len(rows(RiskReview, staff[MANAGER])) == 1


def test_a_level_goes_down_only_with_words_and_after_every_sign_was_acted_on(
    staff: Staff, judge: Judge, told: Told
) -> None:
    judge()
    told(signs=[Sign.STRANGULATION])
    with pytest.raises(Refused, match="write what has changed"):
        judge(Level.MEDIUM)
    with pytest.raises(Refused, match="A sign of danger waits"):
        judge(Level.MEDIUM, changed="Opdigtet.")
    (signal,) = rows(DangerSignal, staff[WORKER])
    actions.acknowledge(signal=signal, done="Opdigtet: spoke with the partner.", by=staff[WORKER])
    assert judge(Level.MEDIUM, changed="Opdigtet.").before == "high"


def test_bad_days_and_foreign_cases_are_refused(
    staff: Staff, judge: Judge, world: Invented
) -> None:
    judge()
    with pytest.raises(Refused, match="cannot lie before"):
        judge(on=TODAY - DAY)
    with pytest.raises(Refused, match="at the latest"):
        judge(review_on=TODAY + 200 * DAY)
    with pytest.raises(Refused, match="has not come yet"):
        judge(on=TODAY + DAY)
    with pytest.raises(Refused, match="does not belong"):
        actions.review_risk(file=world.file, case_id=uuid4(), said=said(), on=TODAY, version=0,
                            by=staff[WORKER])  # fmt: skip


def test_a_sign_of_danger_makes_the_review_due_at_once_and_a_judgement_answers_it(
    staff: Staff, judge: Judge, told: Told
) -> None:
    judge()
    told(signs=[Sign.STRANGULATION])
    risk = judge.risk()
    assert risk is not None
    assert (risk.review_on, risk.due_because) == (TODAY, "strangulation")
    assert [one.why for one in as_seen(overdue_reviews, staff[WORKER], TODAY)] == ["Strangulation"]
    judge(changed="Opdigtet.")
    assert all(one.answered_by_id for one in rows(RiskTrigger, staff[WORKER]))
    assert look(staff) == 0, "what was looked at is not found again"
    assert as_seen(overdue_reviews, staff[WORKER], TODAY) == []


def test_after_a_pull_every_open_file_has_a_picture_that_nobody_has_judged(
    staff: Staff, world: Invented
) -> None:
    look(staff)
    look(staff)
    found = {one.file_id: one for one in rows(JointRisk, staff[MANAGER])}
    assert set(found) == {world.file.pk, world.free.pk}
    assert found[world.file.pk].case_id == world.case_id
    assert found[world.free.pk].case_id is None
    assert {one.level for one in found.values()} == {""}
    assert found[world.free.pk].review_on == TODAY + 14 * DAY


def test_records_of_the_programme_trigger_once(
    staff: Staff, world: Invented, judge: Judge
) -> None:
    judge()
    system = staff[SYSTEM]
    (case,) = rows(PulledCase, staff[MANAGER], pk=world.case_id)
    common = {
        "compartment": case.compartment, "source_version": 1, "as_of": timezone.now(),
        "case_id": case.pk,
    }  # fmt: skip
    with acting(system):
        PulledIncident(**common, forms=Form.STALKING, signs="", severity=None, source="client",
                       happened_on=TODAY, exact=True, told_on=TODAY,
                       taken_back=False).save(force_insert=True)  # fmt: skip
        PulledRisk(**common, level="very_high", state="signed",
                   signed_on=TODAY).save(force_insert=True)  # fmt: skip
    assert look(staff) == 3
    assert look(staff) == 0
    assert {one.trigger for one in rows(RiskTrigger, staff[WORKER])} == {
        "stalking", "disclosure", "level_raised"
    }  # fmt: skip
    risk = judge.risk()
    assert risk is not None
    assert risk.review_on == TODAY


def test_a_worker_s_trigger_is_written_once_and_the_review_is_due(
    staff: Staff, world: Invented, judge: Judge
) -> None:
    judge()
    form = uuid4()
    for _ in range(2):
        actions.note_trigger(
            file=world.file, case_id=world.case_id, trigger=Trigger.RELAPSE, on=TODAY,
            note="Opdigtet.", form=form, by=staff[WORKER],
        )  # fmt: skip
    assert len(rows(RiskTrigger, staff[WORKER])) == 1
    (due,) = as_seen(overdue_reviews, staff[COORDINATOR], TODAY)
    assert due.why == "A relapse into alcohol or drugs"
    assert due.level == "high"


def test_an_action_has_one_doer_and_stands_on_the_day_until_it_is_settled(
    staff: Staff, judge: Judge
) -> None:
    judge()
    risk = judge.risk()
    assert risk is not None
    by, form = staff[WORKER], uuid4()
    with pytest.raises(Refused, match="one of them does it"):
        actions.add_action(risk=risk, what="x", owner=by.worker, agency="y", due_on=TODAY, by=by)
    made = [
        actions.add_action(risk=risk, what="Change the lock", owner=None, agency="Opdigtet smed",
                           due_on=TODAY, form=form, by=by)
        for _ in range(2)
    ]  # fmt: skip
    assert made[0].pk == made[1].pk
    items = [one["what"] for one in as_seen(today_items, by, TODAY, TODAY)]
    assert "Change the lock:" in items
    with pytest.raises(Refused, match="Write what was done"):
        actions.settle_action(action=made[0], outcome=" ", dropped=False, version=1, by=by)
    for _ in range(2):
        actions.settle_action(action=made[0], outcome="Done.", dropped=False, version=1, by=by)
    with pytest.raises(StaleEdit):
        actions.settle_action(action=made[0], outcome="Other.", dropped=True, version=1, by=by)
    (row,) = rows(RiskAction, by)
    assert (row.outcome, row.done_on) == ("Done.", TODAY)
    assert "Change the lock:" not in [one["what"] for one in as_seen(today_items, by, TODAY, TODAY)]


def test_the_agenda_hears_of_levels_and_signs_but_of_no_word(
    staff: Staff, judge: Judge, told: Told
) -> None:
    judge(Level.MEDIUM)
    told(signs=[Sign.WEAPON])
    judge(Level.HIGH, reasons="Opdigtet: a knife in the kitchen.")
    changes = as_seen(changes_since, staff[COORDINATOR], TODAY)
    assert {one.kind for one in changes} == {"begun", "level_raised", "danger", "trigger"}
    assert any(one.what == "Level: medium to high" for one in changes)
    assert not any("knife" in one.what for one in changes)
    assert as_seen(changes_since, staff[COORDINATOR], TODAY + DAY) == []
    assert as_seen(changes_since, staff[CHILDREN], TODAY) == []
    assert as_seen(overdue_reviews, staff[CHILDREN], TODAY) == []


def test_another_worker_sees_nothing_of_it(staff: Staff, judge: Judge) -> None:
    judge()
    alone = new_file(staff)
    assert alone.worker is None
    for role in OTHERS:
        for model in (JointRisk, RiskReview):
            assert rows(model, staff[role]) == []
