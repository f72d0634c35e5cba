"""Incidents, decisions, proceedings and custody on the programme side."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from casewall.programme.cases.models import Case
from casewall.programme.incidents import actions
from casewall.programme.incidents.models import (
    AskedSpan,
    CourtDay,
    CustodySpan,
    Incident,
    IncidentReview,
    Proceeding,
)
from casewall.programme.incidents.reading import newest
from casewall.programme.incidents.rules import (
    Custody,
    DayOutcome,
    Ended,
    Follows,
    Form,
    Kind,
    Severity,
    Sign,
    Source,
)
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.sides import Role
from tests.programme.conftest import TODAY, World, day_boxes

Browse = Callable[[Role], Any]
DAY = timedelta(days=1)
MANAGER = Role.PROGRAMME_MANAGER


@pytest.fixture
def case(world: World) -> Case:
    return world.case()


def told(world: World, case: Case, **changed: Any) -> Incident:
    """An invented incident since the referral, as the client told it."""
    given: dict[str, Any] = {
        "forms": [Form.PHYSICAL], "signs": [], "severity": Severity.MODERATE,
        "source": Source.CLIENT, "happened_on": TODAY - 3 * DAY, "exact": True,
        "told_on": TODAY, "what": "Opdigtet: pushed against a door.", "by": world.manager,
    }
    return actions.record_incident(case=case, **{**given, **changed})


def order(world: World, case: Case, **changed: Any) -> Proceeding:
    given: dict[str, Any] = {
        "kind": Kind.PROTECTIVE_ORDER, "began_on": TODAY - 30 * DAY, "until_on": TODAY + 9 * DAY,
        "court": "Opdigtet ret", "conditions": "Opdigtet: no contact.", "source": Source.POLICE,
        "stated_on": TODAY, "by": world.manager,
    }
    return actions.open_proceeding(case=case, **{**given, **changed})


def test_new_violence_asks_the_manager_within_days_and_danger_today(
        world: World, case: Case) -> None:
    told(world, case)
    told(world, case, signs=[Sign.STRANGULATION], happened_on=TODAY - 400 * DAY)
    told(world, case, happened_on=TODAY - 400 * DAY)
    after, danger = sorted(world.rows(IncidentReview), key=lambda row: row.danger)
    assert (after.re_offence, after.due_on) == (True, TODAY + 3 * DAY)
    assert (danger.re_offence, danger.due_on) == (False, TODAY)


def test_the_same_form_twice_is_one_incident_and_one_question(world: World, case: Case) -> None:
    form = uuid4()
    for _ in range(2):
        told(world, case, form=form)
    assert len(world.rows(Incident)) == len(world.rows(IncidentReview)) == 1


def test_a_partner_is_no_source_on_this_side(world: World, case: Case) -> None:
    with pytest.raises(Refused, match="cannot know"):
        told(world, case, source=Source.PARTNER)
    with pytest.raises(Refused, match="cannot know"):
        order(world, case, source=Source.AGENCY)
    with pytest.raises(Refused, match="at least one form"):
        told(world, case, forms=[])
    assert not world.rows(Incident)


@pytest.mark.parametrize("role", [Role.REFERRER, Role.PROGRAMME_ADMINISTRATOR])
def test_who_does_not_do_the_work_records_nothing(world: World, case: Case, role: Role) -> None:
    by = world.staff[role]
    for act in (lambda: told(world, case, by=by), lambda: order(world, case, by=by)):
        with pytest.raises(Refused, match="may not record an incident"):
            act()


def test_a_correction_supersedes_and_the_earlier_version_stays(world: World, case: Case) -> None:
    first = told(world, case)
    second = told(world, case, corrects=first, severity=Severity.SERIOUS)
    assert [row.pk for row in newest(world.rows(Incident))] == [second.pk]
    review, = world.rows(IncidentReview)
    assert review.incident_id == second.pk
    with pytest.raises(StaleEdit, match="Somebody else corrected"):
        told(world, case, corrects=first)


def test_an_incident_taken_back_closes_the_open_question(world: World, case: Case) -> None:
    first = told(world, case, signs=[Sign.WEAPON])
    gone = actions.take_back(incident=first, by=world.manager)
    assert gone.taken_back
    review, = world.rows(IncidentReview)
    assert (review.follows, review.decided_on) == (Follows.TAKEN_BACK, TODAY)
    with pytest.raises(StaleEdit):
        actions.take_back(incident=gone, by=world.manager)


def test_a_correction_that_says_more_after_a_decision_asks_again(world: World, case: Case) -> None:
    first = told(world, case)
    review, = world.rows(IncidentReview)
    actions.decide_review(review=review, follows=Follows.GO_ON, reason="Opdigtet", version=1,
                          by=world.manager)
    second = told(world, case, corrects=first, severity=Severity.SERIOUS)
    assert len(world.rows(IncidentReview)) == 1
    told(world, case, corrects=second, signs=[Sign.WEAPON])
    assert len(world.rows(IncidentReview, decided_on=None)) == 1


def test_a_decision_is_the_manager_s_with_a_reason_and_once(world: World, case: Case) -> None:
    told(world, case)
    review, = world.rows(IncidentReview)
    given: dict[str, Any] = {"review": review, "follows": Follows.ASSESS_AGAIN, "version": 1}
    with pytest.raises(Refused, match="may not sign off"):
        actions.decide_review(reason="x", by=world.staff[Role.FACILITATOR], **given)
    with pytest.raises(Refused, match="Say in words"):
        actions.decide_review(reason=" ", by=world.manager, **given)
    for _ in range(2):
        kept = actions.decide_review(reason="Opdigtet", by=world.manager, **given)
    assert (kept.version, kept.decided_on) == (2, TODAY)
    with pytest.raises(StaleEdit):
        actions.decide_review(reason="Another", by=world.manager, **given)


def test_a_proceeding_changes_and_ends_past_no_other_s_change(world: World, case: Case) -> None:
    form = uuid4()
    made, again = order(world, case, form=form), order(world, case, form=form)
    assert made.pk == again.pk
    now: dict[str, Any] = {"proceeding": made, "until_on": TODAY + 90 * DAY, "court": None,
                           "conditions": "Opdigtet: 500 metres.", "by": world.manager}
    for _ in range(2):
        kept = actions.change_proceeding(ended_on=None, ended_how=None, version=1, **now)
    assert kept.version == 2
    with pytest.raises(StaleEdit):
        actions.change_proceeding(ended_on=TODAY, ended_how=Ended.LIFTED, version=1, **now)
    with pytest.raises(Refused, match="both, or neither"):
        actions.change_proceeding(ended_on=TODAY, ended_how=None, version=2, **now)
    ended = actions.change_proceeding(ended_on=TODAY, ended_how=Ended.LIFTED, version=2, **now)
    assert ended.ended_how == "lifted"


def test_a_hearing_lies_ahead_and_then_has_an_outcome(world: World, case: Case) -> None:
    made = order(world, case)
    with pytest.raises(Refused, match="cannot be before"):
        actions.set_court_day(proceeding=made, held_on=TODAY - 60 * DAY, at_time=None,
                              source=Source.CLIENT, by=world.manager)
    day = actions.set_court_day(proceeding=made, held_on=TODAY + DAY, at_time=time(9, 30),
                                source=Source.CLIENT, by=world.manager)
    with pytest.raises(Refused, match="has not come yet"):
        actions.settle_court_day(court_day=day, outcome=DayOutcome.HELD, note=None, version=1,
                                 by=world.manager)
    off = actions.settle_court_day(court_day=day, outcome=DayOutcome.CALLED_OFF, note=None,
                                   version=1, by=world.manager)
    assert off.outcome == "called_off"


def test_custody_goes_on_until_somebody_writes_its_end(world: World, case: Case) -> None:
    held = actions.record_custody(case=case, why=Custody.REMAND, first_on=TODAY - 9 * DAY,
                                  last_on=None, source=Source.POLICE, by=world.manager)
    with pytest.raises(Refused, match="before the first"):
        actions.change_custody(custody=held, last_on=TODAY - 10 * DAY, taken_back=False,
                               version=1, by=world.manager)
    out = actions.change_custody(custody=held, last_on=TODAY, taken_back=False, version=1,
                                 by=world.manager)
    assert (out.last_on, out.version) == (TODAY, 2)
    asked = actions.record_asked(case=case, source=Source.POLICE, first_on=TODAY - 30 * DAY,
                                 last_on=TODAY, by=world.manager)
    assert world.rows(AskedSpan) == [asked]


INCIDENT = {"forms_of": ["physical", "threats"], "signs": ["threat_to_kill"], "severity": "3",
            "exact": "yes", "source": "client", "what": "Opdigtet: a threat at the door.",
            **day_boxes("happened_on", TODAY - DAY), **day_boxes("told_on", TODAY)}
FORMS: dict[str, tuple[dict[str, Any], Any]] = {
    "incident": (INCIDENT, Incident),
    "proceeding": ({"kind": "bail", "source": "police", "conditions": "Opdigtet.", "court": "",
                    **day_boxes("began_on", TODAY), **day_boxes("until_on", TODAY + 5 * DAY),
                    **day_boxes("stated_on", TODAY)}, Proceeding),
    "custody": ({"why": "arrest", "source": "police", **day_boxes("first_on", TODAY - DAY),
                 **day_boxes("last_on", TODAY)}, CustodySpan),
    "asked": ({"source": "client", **day_boxes("first_on", TODAY - 30 * DAY),
               **day_boxes("last_on", TODAY)}, AskedSpan),
}


def _sent(case: Case, typed: dict[str, Any]) -> dict[str, Any]:
    return {"seen": case.stage, "form_id": str(uuid4()), **typed}


@pytest.mark.parametrize("page", FORMS)
def test_each_form_saves_once_and_comes_back_to_the_section(
        page: str, world: World, case: Case, browse: Browse) -> None:
    typed, model = FORMS[page]
    browser, address = browse(MANAGER), f"/cases/{case.pk}/{page}/"
    assert browser.get(address).status_code == 200
    sent = _sent(case, typed)
    for _ in range(2):
        answer = browser.post(address, sent)
        assert answer.status_code == 302, answer.content.decode()
        assert answer.url == f"/cases/{case.pk}/?show=incidents"
    assert len(world.rows(model)) == 1
    assert browser.get(answer.url).status_code == 200


@pytest.mark.parametrize(("page", "wrong", "says"), [
    ("incident", {"forms_of": ["physical"]}, "is a threat: choose that form too"),
    ("incident", {"forms_of": []}, "choose at least one answer"),
    ("incident", day_boxes("told_on", TODAY - 9 * DAY), "cannot have happened after that"),
    ("proceeding", {"kind": "charge"}, "Only bail and a protective order"),
    ("proceeding", day_boxes("stated_on", TODAY + DAY), "has not come yet"),
    ("custody", day_boxes("last_on", TODAY - 5 * DAY), "cannot lie before the first"),
    ("asked", day_boxes("last_on", TODAY + DAY), "has not come yet"),
])
def test_what_does_not_fit_is_said_and_kept_on_the_form(
        page: str, wrong: dict[str, Any], says: str, world: World, case: Case, browse: Browse
) -> None:
    typed, model = FORMS[page]
    answer = browse(MANAGER).post(f"/cases/{case.pk}/{page}/", _sent(case, {**typed, **wrong}))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not world.rows(model)


def test_words_that_blame_are_pointed_out_once_and_never_blocked(
        world: World, case: Case, browse: Browse) -> None:
    browser, address = browse(MANAGER), f"/cases/{case.pk}/incident/"
    sent = _sent(case, {**INCIDENT, "what": "Opdigtet: she provoked him."})
    first = browser.post(address, sent)
    assert first.status_code == 422
    page = first.content.decode()
    assert "pointed out" in page
    assert not world.rows(Incident)
    found = re.search(r'name="seen_wording" value="([^"]+)"', page)
    assert found
    assert browser.post(address, {**sent, "seen_wording": found[1]}).status_code == 302
    assert len(world.rows(Incident)) == 1


def test_the_way_of_an_incident_over_its_pages(world: World, case: Case, browse: Browse) -> None:
    browser = browse(MANAGER)
    browser.post(f"/cases/{case.pk}/incident/", _sent(case, INCIDENT))
    made, = world.rows(Incident)
    review, = world.rows(IncidentReview)
    home = browser.get("/").content.decode()
    assert "Decide what follows from a sign of danger" in home
    page = browser.get(f"/cases/{case.pk}/").content.decode()
    assert "Sign of danger: no decision yet" in page
    shown = browser.get(f"/incidents/{made.pk}/").content.decode()
    assert "Opdigtet: a threat at the door." in shown
    correct = f"/incidents/{made.pk}/correct/"
    assert "Opdigtet: a threat at the door." in browser.get(correct).content.decode()
    assert browser.post(correct, _sent(case, {**INCIDENT, "severity": "4"})).status_code == 302
    assert "This version was corrected" in browser.get(f"/incidents/{made.pk}/").content.decode()
    decide = f"/incident-reviews/{review.pk}/"
    assert browser.get(decide).status_code == 200
    version = str(world.rows(IncidentReview)[0].version)
    typed = {"seen": case.stage, "follows": "assess_again", "version": version}
    assert browser.post(decide, typed).status_code == 422
    assert browser.post(decide, {**typed, "reason": "Opdigtet"}).status_code == 302
    late = browser.post(decide, {**typed, "reason": "Another"})
    assert late.status_code == 422
    assert "Somebody else changed this" in late.content.decode()
    assert browser.get(decide).status_code == 302
    assert "sign of danger" not in browser.get("/").content.decode()


def test_an_incident_is_taken_back_by_a_button_and_pressed_twice_once(
        world: World, case: Case, browse: Browse) -> None:
    made = told(world, case)
    browser = browse(MANAGER)
    urls = {browser.post(f"/incidents/{made.pk}/take-back/").url for _ in range(2)}
    assert len(urls) == 1
    assert "written down by mistake" in browser.get(urls.pop()).content.decode()
    again = browser.post(f"/incidents/{world.rows(Incident, taken_back=True)[0].pk}/take-back/")
    assert again.status_code == 302


def test_a_proceeding_s_pages_change_hear_and_settle_it(
        world: World, case: Case, browse: Browse) -> None:
    made = order(world, case)
    browser = browse(MANAGER)
    page = f"/proceedings/{made.pk}/"
    assert "Opdigtet: no contact." in browser.get(page).content.decode()
    hearing = {"form_id": str(uuid4()), "seen": case.stage, "source": "client",
               "at_time": "09:30", **day_boxes("held_on", TODAY + 10 * DAY)}
    assert browser.get(f"{page}hearing/").status_code == 200
    assert browser.post(f"{page}hearing/", hearing).status_code == 302
    day, = world.rows(CourtDay)
    home = browser.get("/").content.decode()
    assert "Hearing at 09:30 (protective order)" in home
    assert "Protective order ends: ask whether it is renewed" in home
    settle = f"/hearings/{day.pk}/outcome/"
    assert browser.get(settle).status_code == 200
    early = browser.post(settle, {"seen": case.stage, "version": "1", "outcome": "decided"})
    assert early.status_code == 422
    assert "has not come yet" in early.content.decode()
    done = browser.post(settle, {"seen": case.stage, "version": "1", "outcome": "called_off"})
    assert done.status_code == 302
    ends = {"seen": case.stage, "version": "1", "ended_how": "lifted",
            **day_boxes("ended_on", TODAY)}
    assert browser.get(f"{page}change/").status_code == 200
    half = browser.post(f"{page}change/", {**ends, "ended_how": ""})
    assert half.status_code == 422
    assert browser.post(f"{page}change/", ends).status_code == 302
    assert "Lifted, 4 March 2036" in browser.get(page).content.decode()
    assert "ask whether it is renewed" not in browser.get("/").content.decode()


def test_custody_is_flagged_and_ended_on_its_page(
        world: World, case: Case, browse: Browse) -> None:
    held = actions.record_custody(case=case, why=Custody.REMAND, first_on=TODAY - 9 * DAY,
                                  last_on=None, source=Source.POLICE, by=world.manager)
    browser = browse(MANAGER)
    assert "In custody since 24 February 2036" in browser.get(f"/cases/{case.pk}/").content.decode()
    address = f"/custody/{held.pk}/change/"
    assert browser.get(address).status_code == 200
    typed = {"seen": case.stage, "version": "1", **day_boxes("last_on", TODAY)}
    assert browser.post(address, typed).status_code == 302
    assert "In custody since" not in browser.get(f"/cases/{case.pk}/").content.decode()


def _addresses(world: World, case: Case) -> list[str]:
    made, ordered = told(world, case), order(world, case)
    day = actions.set_court_day(proceeding=ordered, held_on=TODAY, at_time=None,
                                source=Source.POLICE, by=world.manager)
    held = actions.record_custody(case=case, why=Custody.ARREST, first_on=TODAY, last_on=None,
                                  source=Source.POLICE, by=world.manager)
    return [*(f"/cases/{case.pk}/{page}/" for page in FORMS),
            f"/incidents/{made.pk}/", f"/incidents/{made.pk}/correct/",
            f"/proceedings/{ordered.pk}/", f"/proceedings/{ordered.pk}/change/",
            f"/proceedings/{ordered.pk}/hearing/", f"/hearings/{day.pk}/outcome/",
            f"/custody/{held.pk}/change/"]


@pytest.mark.parametrize(("role", "status"), [
    (Role.FACILITATOR, 404), (Role.REFERRER, 404), (Role.PROGRAMME_ADMINISTRATOR, 404),
    (Role.ASSESSOR, 200),
])
def test_each_page_is_there_for_whoever_sees_the_case_and_for_nobody_else(
        role: Role, status: int, world: World, case: Case, browse: Browse) -> None:
    for address in _addresses(world, case):
        assert browse(role).get(address).status_code == status, address
    review, = world.rows(IncidentReview)
    decide = browse(role).get(f"/incident-reviews/{review.pk}/")
    assert decide.status_code == (403 if status == 200 else 404)


def test_a_case_and_today_take_as_many_queries_for_many_records(
        world: World, case: Case, browse: Browse) -> None:
    browser = browse(MANAGER)

    def queries(address: str) -> int:
        with CaptureQueriesContext(connections["programme"]) as found:
            assert browser.get(address).status_code == 200
        return len(found)

    pages = [f"/cases/{case.pk}/?show=incidents", f"/cases/{case.pk}/", "/"]
    _addresses(world, case)
    before = [queries(page) for page in pages]
    for _ in range(8):
        _addresses(world, case)
    assert [queries(page) for page in pages] == before
