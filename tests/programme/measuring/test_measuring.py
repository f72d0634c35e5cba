"""What clients and referrers answer: recorded, corrected, silent, due, scored again."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from casewall.measures.definitions import load as load_measure
from casewall.measures.schedule import Wave
from casewall.programme.cases.actions import move_case
from casewall.programme.cases.models import Case, Task
from casewall.programme.cases.rules import Stage
from casewall.programme.measuring import actions
from casewall.programme.measuring.models import EarlierAnswer, MeasureAnswer
from casewall.programme.measuring.rules import Mode, NotAnswered, Present
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.sides import SIDE_OF_ROLE, Role, Side
from tests.programme.conftest import TODAY, World, day_boxes

Browse = Callable[[Role], Any]
REFERRED = TODAY - timedelta(days=40)


@pytest.fixture
def case(world: World) -> Case:
    return world.case(stage=Stage.AGREEMENT_SIGNED)


def answers_of(measure: str) -> dict[str, str | None]:
    """The first answer of each question, and ten where a number is asked for."""
    found: dict[str, str | None] = {}
    for item in load_measure(measure).items:
        if item.options:
            found[item.link_id] = item.options[0].code
        else:
            found[item.link_id] = "10" if item.kind == "integer" else None
    return found


def keep(world: World, case: Case, measure: str = "quality-of-life", **changed: Any
         ) -> MeasureAnswer:
    given: dict[str, Any] = {
        "case": case, "measure": measure, "wave": Wave.FIRST_CONTACT, "answered_on": TODAY,
        "answers": answers_of(measure), "mode": Mode.FACE_TO_FACE, "present": Present.NOBODY,
        "language": "en", "by": world.manager, **changed}
    return actions.record_measure(**given)


def test_answers_stay_raw_and_the_score_is_derived_with_its_versions(
        world: World, case: Case) -> None:
    keep(world, case)
    row, = world.rows(MeasureAnswer, case=case)
    assert json.loads(row.answers)["quality-of-life-rating"] == "10"
    assert (row.score, row.source, row.version) == (10.0, "client", 1)
    assert row.measure_version
    assert row.scorer_version
    assert row.recall
    assert set(row.parts) == {"situation"}


def test_the_same_answers_twice_are_one_and_nothing_is_kept_as_earlier(
        world: World, case: Case) -> None:
    form = uuid4()
    for _ in range(2):
        keep(world, case, form=form)
    assert len(world.rows(MeasureAnswer, case=case)) == 1
    assert world.rows(EarlierAnswer, case=case) == []


def test_a_correction_needs_the_version_that_was_seen_and_keeps_what_stood_before(
        world: World, case: Case) -> None:
    first = keep(world, case)
    other = {**answers_of("quality-of-life"), "quality-of-life-rating": "14"}
    with pytest.raises(StaleEdit, match="Somebody else recorded"):
        keep(world, case, answers=other)
    assert keep(world, case, answers=other, version=first.version).score == 14.0
    earlier, = world.rows(EarlierAnswer, case=case)
    assert (earlier.score, earlier.why) == (10.0, "corrected")
    assert json.loads(earlier.answers)["quality-of-life-rating"] == "10"
    with pytest.raises(StaleEdit):
        keep(world, case, answers=answers_of("quality-of-life"), version=first.version)


def test_an_answer_that_signals_danger_is_a_task_that_day_even_without_a_score(
        world: World, case: Case) -> None:
    row = keep(world, case, "phq-9", answers={"phq-9-9": "3"})
    task, = [task for task in world.rows(Task, case=case) if task.kind == actions.DANGER]
    assert task.due_on == TODAY
    assert row.score is None
    assert row.answered_items == 1
    keep(world, case, "phq-9", answers={"phq-9-9": "3", "phq-9-1": "0"}, version=row.version)
    assert len([t for t in world.rows(Task, case=case) if t.kind == actions.DANGER]) == 1


def test_what_is_missing_is_never_zero(world: World, case: Case) -> None:
    row = keep(world, case, "phq-9", answers={"phq-9-1": "0", "phq-9-2": None})
    assert row.score is None
    assert row.answered_items == 1


@pytest.mark.parametrize(("changed", "says"), [
    ({"answers": {"quality-of-life-rating": "99"}}, "quality-of-life-rating"),
    ({"answers": {"not-a-question": "1"}}, "no question not-a-question"),
    ({"answers": {"quality-of-life-rating": None}}, "No question is answered"),
    ({"answered_on": REFERRED - timedelta(days=1)}, "nothing can have been answered before"),
    ({"measure": "safety", "answers": {"safety-1": "1"}}, "not answered on this side"),
])
def test_what_does_not_fit_is_refused_in_words_and_nothing_is_kept(
        world: World, case: Case, changed: dict[str, Any], says: str) -> None:
    with pytest.raises(Refused, match=says):
        keep(world, case, **changed)
    assert world.rows(MeasureAnswer, case=case) == []


def test_silence_has_its_reason_and_an_answer_later_replaces_it(world: World, case: Case) -> None:
    def silent() -> MeasureAnswer:
        return actions.note_silence(case=case, measure="quality-of-life", wave=Wave.FIRST_CONTACT,
                                    reason=NotAnswered.NOT_REACHED, by=world.manager)
    first = silent()
    assert (silent().pk, first.answered_on, first.score) == (first.pk, None, None)
    row = keep(world, case, version=first.version)
    assert (row.not_answered, row.version) == ("", 2)
    with pytest.raises(Refused, match="answered for this time already"):
        silent()


def test_a_silence_is_not_overwritten_by_one_who_did_not_see_it(world: World, case: Case) -> None:
    common = {"case": case, "measure": "quality-of-life", "wave": Wave.FIRST_CONTACT,
              "by": world.manager}
    first = actions.note_silence(reason=NotAnswered.NOT_ASKED, **common)
    with pytest.raises(StaleEdit):
        actions.note_silence(reason=NotAnswered.NO_LANGUAGE, version=7, **common)
    again = actions.note_silence(reason=NotAnswered.NO_LANGUAGE, version=first.version, **common)
    assert again.not_answered == "no_language"


def test_a_referrer_s_feedback_is_kept_as_the_referrer_s_and_hidden_from_referrers(
        world: World, case: Case) -> None:
    row = keep(world, case, "feedback-referrer", wave=Wave.AFTER)
    assert row.source == "referrer"
    referrer = world.staff[Role.REFERRER]
    with acting(referrer):
        assert list(MeasureAnswer.objects.visible_to(referrer)) == []


@pytest.mark.parametrize("role", [Role.REFERRER, Role.PROGRAMME_ADMINISTRATOR,
                                  Role.PROGRAMME_SYSTEM])
def test_other_roles_record_nothing(world: World, case: Case, role: Role) -> None:
    by = world.staff[role]
    with pytest.raises(Refused, match="may not record a client's answers"):
        keep(world, case, by=by)
    with pytest.raises(Refused, match="may not record a client's answers"):
        actions.note_silence(case=case, measure="phq-2", wave=Wave.BEFORE, by=by,
                             reason=NotAnswered.NOT_ASKED)
    with pytest.raises(Refused, match="may not sign off"):
        actions.score_again(measure="phq-2", by=by)


def test_a_newer_scorer_scores_again_and_the_raw_answers_and_the_old_score_stay(
        world: World, case: Case) -> None:
    row = keep(world, case)
    with acting(world.manager):
        row.scorer_version, row.score = "0", 3.0
        row.save()
    assert actions.score_again(measure="quality-of-life", by=world.manager) == 1
    assert actions.score_again(measure="quality-of-life", by=world.manager) == 0
    now, = world.rows(MeasureAnswer, case=case)
    earlier, = world.rows(EarlierAnswer, case=case)
    assert (now.score, now.version, earlier.score, earlier.scorer_version) == (10.0, 2, 3.0, "0")
    assert (earlier.why, earlier.answers) == ("scored_again", now.answers)


def started(world: World, case: Case, ago: int) -> Case:
    day = TODAY - timedelta(days=ago)
    for stage in (Stage.WAITING, Stage.STARTED):
        case = move_case(case=world.again(case), to=stage, on=max(day, case.stage_on),
                         by=world.manager)
    return world.again(case)


def test_due_measures_stand_on_the_case_on_today_and_in_the_list(
        world: World, browse: Browse) -> None:
    case = world.case(family="Målt", stage=Stage.AGREEMENT_SIGNED,
                      referred_on=TODAY - timedelta(days=10))
    with acting(world.manager):
        case.worker = world.manager.worker
        case.save()
    browser = browse(Role.PROGRAMME_MANAGER)
    page = browser.get(f"/cases/{case.pk}/").content.decode()
    assert "How life is, first contact" in page
    assert "How life is, first contact" in browser.get("/").content.decode()
    listed = browser.get("/measures/due/").content.decode()
    assert "Målt" in listed
    assert "0 of 1" in listed
    assert "Målt" not in browser.get("/measures/due/?wave=after").content.decode()
    keep(world, case)
    keep(world, case, "abuse-used")
    page = browser.get(f"/cases/{case.pk}/").content.decode()
    assert "How life is, first contact</" not in page.split("What happened")[0]
    assert "1 of 1" in browser.get("/measures/due/").content.decode()


def test_the_section_shows_states_scores_change_and_chart(world: World, browse: Browse) -> None:
    case = started(world, world.case(stage=Stage.AGREEMENT_SIGNED,
                                     referred_on=TODAY - timedelta(days=120)), 95)
    keep(world, case, wave=Wave.FIRST_CONTACT, answered_on=TODAY - timedelta(days=110))
    keep(world, case, wave=Wave.MIDDLE,
         answers={**answers_of("quality-of-life"), "quality-of-life-rating": "16"})
    actions.note_silence(case=case, measure="quality-of-life", wave=Wave.BEFORE,
                         reason=NotAnswered.PREFERRED_NOT_TO, by=world.manager)
    page = browse(Role.PROGRAMME_MANAGER).get(f"/cases/{case.pk}/?show=measures").content.decode()
    for words in ("10 of 20", "16 of 20", "Preferred not to answer", "(+6)", "Not due yet",
                  "no published parameters", "<svg", "A change does not say what caused it."):
        assert words in page


def posted(**changed: str) -> dict[str, str]:
    answers = {k: v or "" for k, v in answers_of("quality-of-life").items()}
    return {"form_id": str(uuid4()), "version": "0", "wave": "first_contact",
            **day_boxes("answered_on", TODAY), "mode": "face_to_face", "present": "nobody",
            "language": "en", **answers, **changed}


def test_the_form_keeps_what_was_typed_and_says_what_is_wrong(
        world: World, case: Case, browse: Browse) -> None:
    browser = browse(Role.PROGRAMME_MANAGER)
    place = f"/cases/{case.pk}/measures/quality-of-life/first_contact/"
    wrong = browser.post(place, posted(**{"quality-of-life-rating": "99"}))
    assert wrong.status_code == 422
    assert "99 is out of range" in wrong.content.decode()
    assert 'value="99"' in wrong.content.decode()
    both = posted(**{"quality-of-life-rating--why": "not-asked"})
    assert "take one away" in browser.post(place, both).content.decode()
    assert browser.post(place, posted()).status_code == 302
    stale = browser.post(place, posted(**{"quality-of-life-rating": "7"}))
    assert stale.status_code == 422
    assert "Somebody else recorded" in stale.content.decode()
    assert 'name="version" value="1"' in stale.content.decode()
    again = browser.get(place).content.decode()
    assert "What you save here corrects it" in again
    assert 'value="10"' in again


def test_a_number_that_was_not_asked_and_one_that_was_not_said_stay_apart(
        world: World, case: Case, browse: Browse) -> None:
    browser = browse(Role.PROGRAMME_MANAGER)
    place = f"/cases/{case.pk}/measures/use-days/before/"
    given = {**posted(wave="before"), "use-days-alcohol": "0",
             "use-days-cannabis--why": "prefer-not-to-say", "use-days-opioids--why": "not-asked"}
    assert browser.post(place, given).status_code == 302
    row, = world.rows(MeasureAnswer, case=case)
    kept = json.loads(row.answers)
    assert [kept[f"use-days-{n}"] for n in ("alcohol", "cannabis", "opioids", "other")] == [
        "0", "prefer-not-to-say", "not-asked", None]


def test_silence_is_written_on_its_page(world: World, case: Case, browse: Browse) -> None:
    browser = browse(Role.PROGRAMME_MANAGER)
    place = f"/cases/{case.pk}/measures/phq-9/before/silence/"
    assert browser.get(place).status_code == 200
    assert browser.post(place, {}).status_code == 422
    sent = {"form_id": str(uuid4()), "version": "0", "wave": "before", "reason": "not_reached"}
    assert browser.post(place, sent).status_code == 302
    row, = world.rows(MeasureAnswer, case=case)
    assert row.not_answered == "not_reached"


def test_any_questionnaire_can_be_chosen_and_an_unknown_one_is_not_there(
        world: World, case: Case, browse: Browse) -> None:
    browser = browse(Role.PROGRAMME_MANAGER)
    place = f"/cases/{case.pk}/measures/"
    page = browser.get(place).content.decode()
    assert "AUDIT" in page
    assert "value=\"safety\"" not in page
    sent = browser.post(place, {"measure": "phq-9", "wave": "middle"})
    assert sent["Location"].endswith("/measures/phq-9/middle/")
    assert browser.post(place, {"measure": "nothing"}).status_code == 422
    assert "Risk checklist" not in page
    for missing in ("safety/before/", "risk-checklist-24/before/", "phq-9/someday/",
                    "happiness/before/"):
        assert browser.get(place + missing).status_code == 404


def test_structure_without_wording_says_that_the_wording_is_with_the_licensee(
        case: Case, browse: Browse) -> None:
    page = browse(Role.PROGRAMME_MANAGER).get(f"/cases/{case.pk}/measures/core-10/before/")
    assert "The wording is with the licensee" in page.content.decode()


PAGES = ("/cases/{}/measures/", "/cases/{}/measures/phq-9/before/",
         "/cases/{}/measures/phq-9/before/silence/")


@pytest.mark.parametrize("role", [role for role, side in SIDE_OF_ROLE.items()
                                  if side is Side.PROGRAMME and role.value != "programme_system"])
def test_each_role_of_the_side_sees_the_pages_that_are_its_own(
        world: World, case: Case, browse: Browse, role: Role) -> None:
    browser = browse(role)
    works = role in (Role.PROGRAMME_MANAGER, Role.ASSESSOR)
    for page in PAGES:
        found = browser.get(page.format(case.pk)).status_code
        assert found == 200 if works else found in (403, 404)
        assert browser.get(page.format(uuid4())).status_code in (403, 404)
    due = browser.get("/measures/due/").status_code
    assert due == (200 if works or role is Role.FACILITATOR else 403)
    again = browser.post("/measures/score-again/", {"measure": "phq-9"}).status_code
    assert again == (302 if role is Role.PROGRAMME_MANAGER else 403)


def test_only_a_manager_sees_how_complete_the_answers_are(case: Case, browse: Browse) -> None:
    said = "How complete the answers are"
    assert said in browse(Role.PROGRAMME_MANAGER).get("/measures/due/").content.decode()
    assert said not in browse(Role.ASSESSOR).get("/measures/due/").content.decode()


def test_the_number_of_queries_does_not_grow_with_the_cases(world: World, browse: Browse) -> None:
    browser = browse(Role.PROGRAMME_MANAGER)

    def queries(address: str) -> int:
        with CaptureQueriesContext(connections["programme"]) as seen:
            assert browser.get(address).status_code == 200
        return len(seen)

    world.case(family="En", referred_on=TODAY - timedelta(days=3))
    queries("/measures/due/")
    few = [queries("/measures/due/"), queries("/")]
    for number in range(4):
        case = world.case(family=f"Flere{number}", referred_on=TODAY - timedelta(days=4))
        keep(world, case, wave=Wave.BEFORE)
    assert [queries("/measures/due/"), queries("/")] == few
