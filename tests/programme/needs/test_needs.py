"""Needs, declared families, help elsewhere and safeguarding referrals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from casewall.programme.cases.models import Case
from casewall.programme.needs import actions
from casewall.programme.needs.models import (
    Circumstances,
    DeclaredChild,
    FamilyStatement,
    Need,
    OnwardReferral,
    SafeguardingReferral,
    ViolenceHistory,
)
from casewall.programme.needs.rules import (
    Concern,
    Declared,
    Help,
    HelpOutcome,
    Level,
    Lives,
    NeedKind,
    Of,
    SafeguardingOutcome,
    Since,
    in_words,
    months_fit,
    number_fits,
)
from casewall.programme.needs.words import words_of
from casewall.services.circumstance_rules import age_band as band_at
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.sides import Role
from tests.programme.conftest import TODAY, World, day_boxes

Browse = Callable[[Role], Any]
STATED = {"stated_by": "client", "stated_on": TODAY}


@pytest.mark.parametrize(("answer", "number", "words"), [
    (Declared.NONE, None, "none"),
    (Declared.NOT_SAID, None, "not said"),
    (Declared.SOME, 3, "3"),
    (Declared.SOME, None, "some, number not said"),
])
def test_none_and_not_said_are_two_answers(answer: Declared, number: int | None, words: str
                                           ) -> None:
    assert number_fits(answer, number)
    assert in_words(answer, number) == words


@pytest.mark.parametrize(("answer", "number", "says"), [
    (Declared.NONE, 2, "goes with “some” only"),
    (Declared.NOT_SAID, 1, "goes with “some” only"),
    (Declared.SOME, 0, "one or more"),
    (Declared.SOME, 41, "more than 40"),
])
def test_a_number_that_does_not_fit_is_refused_in_words(
        answer: Declared, number: int, says: str) -> None:
    decision = number_fits(answer, number)
    assert not decision
    assert says in decision.reason


def test_every_code_has_words_of_its_own_kind() -> None:
    assert words_of(NeedKind, "work") == "Work or education"
    assert words_of(Help, "social") == "Social"


@pytest.fixture
def case(world: World) -> Case:
    return world.case()


def test_a_number_is_kept_as_stated_and_an_earlier_one_stays(world: World, case: Case) -> None:
    for day, answer, number in ((2, Declared.NOT_SAID, None), (1, Declared.SOME, 2)):
        actions.state_family(case=case, of=Of.CHILDREN, answer=answer, number=number,
                             stated_by="client", stated_on=TODAY - timedelta(days=day),
                             by=world.manager)
    assert len(world.rows(FamilyStatement, case=case)) == 2
    with pytest.raises(Refused, match="goes with “some” only"):
        actions.state_family(case=case, of=Of.PARTNERS, answer=Declared.NONE, number=1,
                             by=world.manager, **STATED)


def test_the_same_form_twice_is_one_child(world: World, case: Case) -> None:
    form = uuid4()
    for _ in range(2):
        actions.declare_child(case=case, name="Opdigtet Barn", born_on=date(2030, 2, 1),
                              lives=Lives.SHARED, sees_client=True, form=form, by=world.manager,
                              **STATED)
    child, = world.rows(DeclaredChild, case=case)
    assert (child.name, child.born_on) == ("Opdigtet Barn", "2030-02-01")


def test_the_newest_level_of_a_need_holds_and_nothing_asked_is_not_none(
        world: World, case: Case, browse: Browse) -> None:
    form = uuid4()
    for _ in range(2):
        actions.state_needs(case=case, levels={NeedKind.ALCOHOL: Level.SOME}, form=form,
                            stated_by="client", stated_on=TODAY - timedelta(days=1),
                            by=world.manager)
    actions.state_needs(case=case, levels={NeedKind.ALCOHOL: Level.SERIOUS,
                                           NeedKind.DEBTS: Level.NOT_KNOWN},
                        by=world.manager, **STATED)
    assert len(world.rows(Need, case=case)) == 3
    with pytest.raises(Refused, match="nothing to save"):
        actions.state_needs(case=case, levels={}, by=world.manager, **STATED)
    page = browse(Role.PROGRAMME_MANAGER).get(f"/cases/{case.pk}/?show=needs").content.decode()
    assert "Serious need: alcohol" in page
    assert page.count("Not asked yet") == len(NeedKind) - 2


def test_what_came_of_help_elsewhere_is_asked_for_until_it_is_known(
        world: World, case: Case, browse: Browse) -> None:
    made = actions.refer_on(case=case, kind=Help.SUBSTANCE, agency="Rusmiddelcenter (opdigtet)",
                            made_on=TODAY - timedelta(days=28), by=world.manager)
    manager = browse(Role.PROGRAMME_MANAGER)
    assert "Ask what came of a referral elsewhere" in manager.get("/").content.decode()
    began = actions.settle_onward(referral=made, outcome=HelpOutcome.BEGAN, on=TODAY, version=1,
                                  note="First talk", by=world.manager)
    assert began.ask_on == TODAY + timedelta(days=28)
    with pytest.raises(StaleEdit):
        actions.settle_onward(referral=made, outcome=HelpOutcome.LEFT, on=TODAY, version=1,
                              by=world.manager)
    ended = actions.settle_onward(referral=made, outcome=HelpOutcome.COMPLETED, on=TODAY,
                                  version=2, by=world.manager)
    assert (ended.ask_on, ended.note) == (None, "First talk")
    with pytest.raises(Refused, match="cannot be dated before"):
        actions.settle_onward(referral=ended, outcome=HelpOutcome.LEFT, version=3,
                              on=TODAY - timedelta(days=60), by=world.manager)


def test_a_safeguarding_referral_waits_for_the_authority(world: World, case: Case) -> None:
    made = actions.refer_safeguarding(case=case, concern=Concern.CHILD_HARM, made_on=TODAY,
                                      made_to="Børn og unge (opdigtet)", reason="He shouted.",
                                      client_told=True, by=world.manager)
    assert made.ask_on == TODAY + timedelta(days=7)
    waits = actions.settle_safeguarding(referral=made, outcome=SafeguardingOutcome.WAITING,
                                        on=TODAY, version=1, by=world.manager)
    assert waits.ask_on == TODAY + timedelta(days=7)
    done = actions.settle_safeguarding(referral=made, outcome=SafeguardingOutcome.PLAN, on=TODAY,
                                       version=2, by=world.manager)
    assert done.ask_on is None


FORMS: dict[str, tuple[dict[str, Any], Any, str]] = {
    "family": ({"of": "children", "answer": "some", "number": "2"}, FamilyStatement, "family"),
    "child": ({"name": "Opdigtet Barn", "lives": "shared", "sees_client": "yes"},
              DeclaredChild, "family"),
    "needs": ({"alcohol": "some", "work": "none"}, Need, "needs"),
    "violence": ({"since": "one_to_five", "months": "30",
                  "kinds": ["physical", "threats"], "convicted": "no",
                  "earlier_help": "None before"}, ViolenceHistory, "needs"),
    "circumstances": ({"area": "hejlskov", "employment": "looking"}, Circumstances, "needs"),
    "onward": ({"kind": "legal", "agency": "Retshjælp (opdigtet)"}, OnwardReferral, "needs"),
    "safeguarding": ({"concern": "child_harm", "made_to": "Børn og unge (opdigtet)",
                      "reason": "He shouted.", "client_told": "no"},
                     SafeguardingReferral, "family"),
}


def _posted(case: Case, typed: dict[str, Any]) -> dict[str, Any]:
    return {"seen": case.stage, "form_id": str(uuid4()), "stated_by": "client",
            **day_boxes("stated_on", TODAY), **day_boxes("made_on", TODAY), **typed}


@pytest.mark.parametrize("page", FORMS)
def test_each_form_saves_and_comes_back_to_its_section(
        page: str, world: World, case: Case, browse: Browse) -> None:
    typed, model, section = FORMS[page]
    browser = browse(Role.PROGRAMME_MANAGER)
    address = f"/cases/{case.pk}/{page}/"
    assert browser.get(address).status_code == 200
    answer = browser.post(address, _posted(case, typed))
    assert answer.status_code == 302, answer.content.decode()
    assert answer.url == f"/cases/{case.pk}/?show={section}"
    assert world.rows(model, case=case)
    assert browser.get(answer.url).status_code == 200


@pytest.mark.parametrize("page", FORMS)
def test_an_incomplete_form_keeps_what_was_typed(
        page: str, world: World, case: Case, browse: Browse) -> None:
    typed, model, _ = FORMS[page]
    ahead = {**day_boxes("stated_on", TODAY + timedelta(days=3)),
             **day_boxes("made_on", TODAY + timedelta(days=3))}
    answer = browse(Role.PROGRAMME_MANAGER).post(
        f"/cases/{case.pk}/{page}/", {**_posted(case, typed), **ahead})
    assert answer.status_code == 422
    assert "has not come yet" in answer.content.decode()
    assert not world.rows(model, case=case)


def test_outcomes_are_recorded_on_pages_and_a_stale_one_is_shown(
        world: World, case: Case, browse: Browse) -> None:
    made = actions.refer_on(case=case, kind=Help.SOCIAL, agency="Kommunen (opdigtet)",
                            made_on=TODAY, by=world.manager)
    browser = browse(Role.PROGRAMME_MANAGER)
    address = f"/onward/{made.pk}/outcome/"
    typed = {"outcome": "began", "version": "1", **day_boxes("on", TODAY)}
    assert browser.get(address).status_code == 200
    assert browser.post(address, typed).status_code == 302
    again = browser.post(address, {**typed, "outcome": "left"})
    assert again.status_code == 422
    assert "Somebody else recorded an outcome" in again.content.decode()
    assert 'name="version" value="2"' in again.content.decode()
    protect = actions.refer_safeguarding(case=case, concern=Concern.UNBORN_CHILD, made_on=TODAY,
                                         made_to="Kommunen", reason="Said.", client_told=False,
                                         by=world.manager)
    answer = browser.post(f"/safeguarding/{protect.pk}/outcome/",
                          {"outcome": "plan", "version": "1", **day_boxes("on", TODAY)})
    assert answer.status_code == 302
    ahead = browser.post(address, {**typed, "version": "2",
                                   **day_boxes("on", TODAY + timedelta(days=1))})
    assert ahead.status_code == 422


@pytest.mark.parametrize(("role", "status"), [
    (Role.FACILITATOR, 404), (Role.REFERRER, 404), (Role.PROGRAMME_ADMINISTRATOR, 404),
    (Role.ASSESSOR, 200),
])
def test_who_does_not_see_the_case_finds_no_form(
        role: Role, status: int, case: Case, browse: Browse) -> None:
    for page in FORMS:
        assert browse(role).get(f"/cases/{case.pk}/{page}/").status_code == status


def test_a_section_takes_as_many_queries_for_many_records(
        world: World, case: Case, browse: Browse) -> None:
    browser = browse(Role.PROGRAMME_MANAGER)

    def queries(section: str) -> int:
        with CaptureQueriesContext(connections["programme"]) as found:
            assert browser.get(f"/cases/{case.pk}/?show={section}").status_code == 200
        return len(found)

    before = [queries("needs"), queries("family")]
    for _ in range(20):
        actions.refer_on(case=case, kind=Help.LEGAL, agency="A", made_on=TODAY, by=world.manager)
        actions.declare_child(case=case, name=None, born_on=None, lives=Lives.NOT_SAID,
                              sees_client=None, by=world.manager, **STATED)
    assert [queries("needs"), queries("family")] == before


@pytest.mark.parametrize(("since", "months", "says"), [
    (Since.NOT_SAID, 4, "goes with a duration only"),
    (Since.UNDER_A_YEAR, 12, "is 0 to 11 months"),
    (Since.ONE_TO_FIVE, 11, "is 12 to 71 months, not 11"),
    (Since.OVER_TEN, 961, "is 120 to 960 months"),
])
def test_months_that_contradict_the_duration_are_refused(
        since: Since, months: int, says: str) -> None:
    assert says in months_fit(since, months).reason
    assert not months_fit(since, months)
    assert months_fit(since, None)
    assert months_fit(Since.SIX_TO_TEN, 72)


def test_a_wrong_history_of_violence_says_where_and_keeps_the_rest(
        world: World, case: Case, browse: Browse) -> None:
    typed = {**FORMS["violence"][0], "months": "3"}
    answer = browse(Role.PROGRAMME_MANAGER).post(
        f"/cases/{case.pk}/violence/", _posted(case, typed))
    assert answer.status_code == 422
    assert "is 12 to 71 months, not 3" in answer.content.decode()
    assert "None before" in answer.content.decode()
    assert not world.rows(ViolenceHistory, case=case)


@pytest.mark.parametrize(("wrong", "says"), [
    ({"area": "atlantis"}, "Select a valid choice"),
    ({"area": "", "employment": ""}, "nothing to save"),
])
def test_circumstances_that_cannot_be_kept_get_a_sentence(
        wrong: dict[str, str], says: str, world: World, case: Case, browse: Browse) -> None:
    typed = {**FORMS["circumstances"][0], **wrong}
    answer = browse(Role.PROGRAMME_MANAGER).post(
        f"/cases/{case.pk}/circumstances/", _posted(case, typed))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not world.rows(Circumstances, case=case)


def test_the_age_band_follows_the_date_of_birth_where_that_is_known(
        world: World, case: Case, browse: Browse) -> None:
    browser = browse(Role.PROGRAMME_MANAGER)
    address = f"/cases/{case.pk}/circumstances/"
    for born, band in (("1990-01-01", band_at(date(1990, 1, 1), case.referred_on)), (None, "")):
        with acting(world.manager):
            client = case.client
            client.born_on = born
            client.save()
        assert ('name="age_band"' in browser.get(address).content.decode()) is (born is None)
        said = actions.state_circumstances(case=case, area="", employment="employed",
                                           by=world.manager, **STATED)
        assert said.age_band == band
    said = actions.state_circumstances(case=case, area="", employment="employed",
                                       age_band="55-64", by=world.manager, **STATED)
    assert said.age_band == "55-64"
    shown = browser.get(f"/cases/{case.pk}/?show=needs").content.decode()
    assert "55 to 64" in shown
