"""The pages of risk: who is answered, what is kept on them, and how a case goes over them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from casewall.measures.definitions import DEFINITIONS
from casewall.measures.schedule import Wave
from casewall.programme.measuring.actions import record_measure
from casewall.programme.measuring.models import MeasureAnswer
from casewall.programme.measuring.rules import Mode, Present
from casewall.programme.risk import actions
from casewall.programme.risk.models import (
    Commission,
    RaisedResult,
    ReportFeedback,
    RiskAssessment,
    RiskEvidence,
)
from casewall.programme.risk.rules import FACTORS, Had, Section, Source, State
from casewall.programme.risk.tools import raise_result, results_of
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.sides import Role
from tests.programme.conftest import TODAY, day_boxes
from tests.programme.risk.conftest import Risk
from tests.programme.risk.test_risk_report import asked, commissioned

Browse = Callable[[Role], Any]
DAY = timedelta(days=1)
MANAGER, ASSESSOR = Role.PROGRAMME_MANAGER, Role.ASSESSOR


def section_form(risk: Risk, row: RiskAssessment, section: Section, **changes: Any
                 ) -> dict[str, Any]:
    typed: dict[str, Any] = {"seen": risk.case.stage, "revision": str(row.revision),
                             "text": "Opdigtet tekst."}
    for factor in FACTORS[section]:
        typed[f"rating-{factor}"] = "absent"
    return {**typed, **changes}


def sources_form(risk: Risk, row: RiskAssessment) -> dict[str, Any]:
    typed: dict[str, Any] = {"seen": risk.case.stage, "revision": str(row.revision)}
    for source in Source:
        typed |= {f"had-{source}": Had.ASKED.value, **day_boxes(f"on-{source}", TODAY)}
    return typed | {"had-client": "had", "had-health": "not_available",
                    "reason-health": "Opdigtet: closed"}


JUDGED = {"level": "very_high", "reasoning": "Opdigtet: so.", "recommendations": "Opdigtet: do.",
          "limits": "Opdigtet: less."}
EVIDENCE = {"source": "police", "how": "document", "what": "Opdigtet: a call-out.",
            "signs": ["weapon"], **day_boxes("held_on", TODAY)}
COMMISSION = {"commissioner": "social_worker", "commissioned_by": "Opdigtet Kommune",
              "contract": "K-1", "price": "1,250.00", "currency": "dkk",
              **day_boxes("asked_on", TODAY), **day_boxes("due_on", TODAY + 20 * DAY)}


def test_an_assessment_goes_over_its_pages_to_its_signature(risk: Risk, browse: Browse) -> None:
    browser, case = browse(ASSESSOR), f"/cases/{risk.case.pk}/"
    assert "Assess the risk" in browser.get(case).content.decode()
    assert browser.get(f"{case}risk/begin/").status_code == 200
    page = browser.post(f"{case}risk/begin/").url
    row, = risk.world.rows(RiskAssessment)
    assert "factors are not rated" in browser.get(page).content.decode()
    sent = browser.post(f"{page}send/", {"revision": "1"}, follow=True).content.decode()
    assert "It cannot be sent yet" in sent
    assert browser.get(f"{page}sources/").status_code == 200
    assert browser.post(f"{page}sources/", sources_form(risk, row)).status_code == 302
    for section in Section:
        row = risk.again(row)
        assert browser.get(f"{page}part/{section}/").status_code == 200
        assert browser.post(f"{page}part/{section}/", section_form(risk, row, section)
                            ).status_code == 302
    row = risk.again(row)
    assert browser.get(f"{page}judgement/").status_code == 200
    assert browser.post(f"{page}judgement/", {**JUDGED, "seen": risk.case.stage,
                                              "revision": str(row.revision)}).status_code == 302
    row = risk.again(row)
    assert "Send to be signed" in browser.get(page).content.decode()
    browser.post(f"{page}send/", {"revision": str(row.revision)})
    assert risk.again(row).state == State.WAITING
    for part in ("sources/", "part/violence/", "judgement/"):
        assert browser.get(f"{page}{part}").status_code == 302
    manager = browse(MANAGER)
    assert "Sign a risk assessment" in manager.get("/").content.decode()
    sign = f"{page}sign/"
    assert "Opdigtet: so." in manager.get(sign).content.decode()
    typed = {"seen": risk.case.stage, "revision": str(risk.again(row).revision)}
    assert manager.post(sign, {**typed, "act": "return"}).status_code == 422
    stale = manager.post(sign, {**typed, "act": "sign", "revision": "1"})
    assert stale.status_code == 422
    assert manager.post(sign, {**typed, "act": "sign"}).status_code == 302
    for section in ("", "contacts", "risk", "attendance"):
        shown = manager.get(f"{case}?show={section}").content.decode()
        assert "Risk: very high, last reviewed 4 March 2036" in shown
    assert "Risk: very high" in manager.get(f"{case}contact/").content.decode()
    assert "Review the risk" in manager.get(f"{case}?show=risk").content.decode()
    assert manager.get(sign).status_code == 302
    assert "Write the risk report" in manager.get(page).content.decode()
    assert "Very high" in manager.get("/risk/").content.decode()


def test_the_level_that_was_disclosed_stands_beside_the_own_one_each_with_its_day(
        risk: Risk, browse: Browse) -> None:
    from casewall.programme.cases.actions import keep_statement

    risk.signed()
    keep_statement(case=risk.case, item=uuid4(), purpose="risk_level", text="Medium",
                   on=TODAY - DAY, by=risk.world.system)
    page = browse(MANAGER).get(f"/cases/{risk.case.pk}/?show=contacts").content.decode()
    assert "Risk: high, last reviewed 4 March 2036" in page
    assert "Risk level, told on 3 March 2036" in page


def test_a_form_that_was_overtaken_shows_both_texts(risk: Risk, browse: Browse) -> None:
    row = risk.begun()
    risk.rated(row, Section.CHILDREN, text="Opdigtet: theirs.", by=risk.manager)
    browser, address = browse(ASSESSOR), f"/risk/{row.pk}/part/children/"
    typed = section_form(risk, row, Section.CHILDREN, text="Opdigtet: mine.")
    answer = browser.post(address, typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Opdigtet: theirs." in page
    assert "Opdigtet: mine." in page
    assert browser.post(address, {**typed, "revision": "2"}).status_code == 302
    assert risk.again(row).children == "Opdigtet: mine."


@pytest.mark.parametrize(("part", "wrong", "says"), [
    ("part/violence", {"rating-weapon": "omitted"}, "Say why this is left out"),
    ("part/violence", {"text": "Opdigtet: she provoked him."}, "pointed out"),
    ("sources", {"had-health": "had", "on-health_day": ""}, "Enter"),
    ("sources", {"reason-health": ""}, "Say why this source cannot be had"),
    ("judgement", {"reasoning": "Opdigtet: she provoked him."}, "pointed out"),
])
def test_what_does_not_fit_is_said_and_kept(
        part: str, wrong: dict[str, Any], says: str, risk: Risk, browse: Browse) -> None:
    row = risk.begun()
    typed = {"part/violence": section_form(risk, row, Section.VIOLENCE),
             "sources": sources_form(risk, row),
             "judgement": {**JUDGED, "seen": risk.case.stage, "revision": "1"}}[part]
    answer = browse(ASSESSOR).post(f"/risk/{row.pk}/{part}/", {**typed, **wrong})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert risk.again(row).revision == 1


def test_evidence_and_a_commission_are_saved_once_by_their_forms(
        risk: Risk, browse: Browse) -> None:
    browser, case = browse(ASSESSOR), f"/cases/{risk.case.pk}/"
    for page, typed, model in ((f"{case}risk/evidence/", EVIDENCE, RiskEvidence),
                               (f"{case}commission/", COMMISSION, Commission)):
        assert browser.get(page).status_code == 200
        sent = {**typed, "seen": risk.case.stage, "form_id": str(uuid4())}
        for _ in range(2):
            assert browser.post(page, sent).status_code == 302
        assert len(risk.world.rows(model)) == 1
    made, = risk.world.rows(Commission)
    assert (made.price, made.currency) == (125_000, "DKK")
    shown = browser.get(f"{case}?show=risk").content.decode()
    assert "DKK 1,250.00" in shown
    assert "Opdigtet: a call-out." in shown
    home = browser.get("/").content.decode()
    assert "Weapon in the risk assessment" in home


@pytest.mark.parametrize(("wrong", "says"), [
    ({"price": "12,5,0"}, "is no amount"),
    ({"currency": ""}, "three capitals"),
    (day_boxes("asked_on", TODAY + DAY), "has not come yet"),
    (day_boxes("due_on", TODAY - DAY), "before it was asked"),
    ({"commissioned_by": ""}, "required"),
])
def test_a_commission_that_is_not_whole_is_not_kept(
        wrong: dict[str, Any], says: str, risk: Risk, browse: Browse) -> None:
    typed = {**COMMISSION, "seen": risk.case.stage, "form_id": str(uuid4()), **wrong}
    answer = browse(ASSESSOR).post(f"/cases/{risk.case.pk}/commission/", typed)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not risk.world.rows(Commission)


def test_a_commission_is_changed_and_taken_back_on_its_pages(risk: Risk, browse: Browse) -> None:
    row, browser = commissioned(risk), browse(ASSESSOR)
    page = f"/commissions/{row.pk}/"
    assert "Opdigtet ret" in browser.get(page).content.decode()
    assert "1250.00" in browser.get(f"{page}change/").content.decode()
    typed = {**COMMISSION, "seen": risk.case.stage, "version": "1"}
    assert browser.post(f"{page}change/", typed).status_code == 302
    stale = browser.post(f"{page}change/", {**typed, "contract": "K-2"})
    assert stale.status_code == 422
    assert 'name="version" value="2"' in stale.content.decode()
    gone = {"seen": risk.case.stage, "version": "2", "note": "Opdigtet: not needed."}
    assert browser.get(f"{page}withdraw/").status_code == 200
    assert browser.post(f"{page}withdraw/", gone).status_code == 302
    assert browser.get(f"{page}change/").status_code == 302
    assert "Opdigtet: not needed." in browser.get(page).content.decode()
    assert "Withdrawn" in browser.get("/commissions/").content.decode()


def _addresses(risk: Risk) -> list[str]:
    row, made, case = risk.begun(), commissioned(risk), f"/cases/{risk.case.pk}/"
    return [f"{case}risk/begin/", f"{case}risk/evidence/", f"{case}commission/",
            f"/risk/{row.pk}/", f"/risk/{row.pk}/sources/", f"/risk/{row.pk}/judgement/",
            *(f"/risk/{row.pk}/part/{one}/" for one in Section),
            f"/commissions/{made.pk}/", f"/commissions/{made.pk}/change/",
            f"/commissions/{made.pk}/withdraw/"]


@pytest.mark.parametrize(("role", "status", "listed"), [
    (Role.FACILITATOR, 404, 200), (Role.REFERRER, 404, 404),
    (Role.PROGRAMME_ADMINISTRATOR, 404, 404), (ASSESSOR, 200, 200), (MANAGER, 200, 200),
])
def test_each_page_is_there_for_whoever_sees_the_case_and_for_nobody_else(
        role: Role, status: int, listed: int, risk: Risk, browse: Browse) -> None:
    browser, addresses = browse(role), _addresses(risk)
    for address in addresses:
        assert browser.get(address).status_code == status, address
        if status == 404:
            assert browser.post(address).status_code in (404, 405), address
    for address in ("/risk/", "/commissions/"):
        assert browser.get(address).status_code == listed
    row, = risk.world.rows(RiskAssessment)
    assert browser.post(f"/risk/{row.pk}/send/").status_code == (404 if status == 404 else 302)
    sign = browser.get(f"/risk/{row.pk}/sign/").status_code
    assert sign == {404: 404, 200: 302 if role is MANAGER else 403}[status]
    assert browser.get(f"/risk/{row.pk}/part/nothing/").status_code == 404


def test_a_worker_writes_down_how_useful_a_report_was(risk: Risk, browse: Browse) -> None:
    row = asked(risk)
    browser, address = browse(MANAGER), f"/report-feedback/{row.pk}/"
    assert browser.get(address).status_code == 200
    sent = {"seen": risk.case.stage, "usefulness": "very_useful"}
    assert browser.post(address, sent).status_code == 302
    assert risk.world.rows(ReportFeedback)[0].told == "paper"
    assert "1 of 1 readers have answered" in browser.get("/commissions/").content.decode()
    assert browse(Role.FACILITATOR).get(address).status_code == 404


def test_lists_and_pages_take_as_many_queries_for_many_records(
        risk: Risk, browse: Browse) -> None:
    browser = browse(MANAGER)

    def queries(address: str) -> int:
        with CaptureQueriesContext(connections["programme"]) as found:
            assert browser.get(address).status_code == 200
        return len(found)

    def more() -> None:
        from casewall.programme.cases.rules import Stage

        case = risk.world.case("Carlo", stage=Stage.SUITABLE)
        risk.signed(case)
        commissioned(risk)
        actions.record_evidence(case=risk.case, source=Source.POLICE, how="phone",
                                held_on=TODAY, what="Opdigtet", signs=[], by=risk.manager)

    pages = ["/risk/", "/commissions/", "/", f"/cases/{risk.case.pk}/?show=risk"]
    risk.signed()
    more()
    before = [queries(page) for page in pages]
    for _ in range(3):
        more()
    assert [queries(page) for page in pages] == before


# --- tools ---------------------------------------------------------------------------------------


@pytest.fixture
def checklist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A checklist that a worker fills in here, whose rule lets judgement raise the result."""
    name, folder = "trial-checklist", tmp_path / "measures" / "trial-checklist" / "1.0.0"
    folder.mkdir(parents=True)
    for ending in (".json", ".scoring.json"):
        written = (DEFINITIONS / f"risk-checklist-24{ending}").read_text(encoding="utf-8")
        held = json.loads(written.replace("risk-checklist-24", name))
        (folder / f"{name}{ending}").write_text(json.dumps(held), encoding="utf-8")
    monkeypatch.setenv("CASEWALL_MEASURES_DIR", str(tmp_path / "measures"))
    return name


def filled_in(risk: Risk, measure: str, answers: dict[str, str]) -> MeasureAnswer:
    return record_measure(
        case=risk.case, measure=measure, wave=Wave("before"), answered_on=TODAY, answers=answers,
        mode=Mode.BY_WORKER, present=Present.NOBODY, language="en", by=risk.assessor)


def yes(name: str, number: int) -> dict[str, str]:
    return {f"{name}-{one}": "yes" if one <= number else "no" for one in range(1, 25)}


def test_a_checklist_has_its_own_rule_and_is_raised_only_upward_with_a_reason(
        risk: Risk, checklist: str, browse: Browse) -> None:
    row = filled_in(risk, checklist, yes(checklist, 11))
    with acting(risk.assessor):
        result, = results_of(risk.case, risk.assessor)
    assert (result.words, result.may_be_raised) == ("11 of 24 (10 to 13)", True)
    with pytest.raises(Refused, match="its reason in words"):
        raise_result(answer=row, reason=" ", version=row.version, by=risk.assessor)
    with pytest.raises(StaleEdit):
        raise_result(answer=row, reason="x", version=9, by=risk.assessor)
    with pytest.raises(Refused, match="may not"):
        raise_result(answer=row, reason="x", version=1, by=risk.world.staff[Role.REFERRER])
    browser, address = browse(ASSESSOR), f"/measure-answers/{row.pk}/raise/"
    assert "never lower it" in browser.get(address).content.decode()
    sent = {"seen": risk.case.stage, "version": str(row.version), "reason": "Opdigtet: grave."}
    for _ in range(2):
        assert browser.post(address, sent).status_code == 302
    assert len(risk.world.rows(RaisedResult)) == 1
    page = browser.get(f"/cases/{risk.case.pk}/?show=risk").content.decode()
    assert "Raised to high on 4 March 2036: Opdigtet: grave." in page


def test_what_is_high_by_its_own_rule_has_nothing_to_raise(risk: Risk, checklist: str) -> None:
    row = filled_in(risk, checklist, yes(checklist, 14))
    with acting(risk.assessor):
        assert not results_of(risk.case, risk.assessor)[0].may_be_raised
    with pytest.raises(Refused, match="high by its own rule"):
        raise_result(answer=row, reason="x", version=row.version, by=risk.assessor)


def test_a_structured_judgement_has_no_total_and_is_not_raised(
        risk: Risk, browse: Browse) -> None:
    row = filled_in(risk, "judgement-15", {"judgement-15-1-recent": "present",
                                           "judgement-15-priority": "high"})
    assert row.score is None
    with acting(risk.assessor):
        result, = results_of(risk.case, risk.assessor)
    assert result.words == "2 of 33 ratings given; there is no total"
    with pytest.raises(Refused, match="says nothing about overriding"):
        raise_result(answer=row, reason="x", version=row.version, by=risk.assessor)
    assert browse(ASSESSOR).get(f"/measure-answers/{row.pk}/raise/").status_code == 404
