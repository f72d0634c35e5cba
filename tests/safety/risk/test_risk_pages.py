"""The pages of joint risk: who has them, what they answer, and the line above every page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casewall.programme.incidents.rules import Kind, Sign, Source
from casewall.safety.incidents import actions as on_incidents
from casewall.safety.pulled.models import PulledCase, PulledProceeding
from casewall.safety.risk import actions
from casewall.safety.risk.models import (
    DangerSignal,
    JointRisk,
    RiskAction,
    RiskReview,
    RiskTrigger,
    VulnerabilityAssessment,
)
from casewall.safety.risk.rules import Level
from casewall.safety.risk.vulnerable.rules import AskedBy, Basis
from casewall.wall.context import acting
from casewall.wall.sides import Role
from tests.people import Staff
from tests.programme.conftest import day_boxes
from tests.safety.incidents.conftest import Told
from tests.safety.pages.conftest import TODAY, Invented, new_file, pulled_case
from tests.safety.risk.conftest import (
    CHILDREN,
    COORDINATOR,
    MANAGER,
    OTHERS,
    SYSTEM,
    WHY,
    WORKER,
    Judge,
    rows,
)

Browser = Callable[[Role], Client]
KEEPS = (WORKER, COORDINATOR, MANAGER)
REVIEW: dict[str, Any] = {
    "level": "high", "occasion": "intake", "sources": ["partner"], "reasons": WHY,
    "plan": "Opdigtet: somebody calls.", "changed": "", "version": "0",
    **day_boxes("on", TODAY),
}  # fmt: skip


def asked(**more: Any) -> dict[str, Any]:
    return {
        "form_id": str(uuid4()), "asked_by": "court", "asker": "Opdigtet Byret",
        **day_boxes("asked_on", TODAY), "consented": "yes", **day_boxes("consent_on", TODAY),
        "basis": "consent", **more,
    }  # fmt: skip


@pytest.fixture
def pages(staff: Staff, world: Invented, judge: Judge, told: Told) -> dict[str, str]:
    """The address of every page, with a record for each."""
    told(signs=[Sign.STRANGULATION])
    judge()
    by = staff[WORKER]
    (signal,) = rows(DangerSignal, by)
    risk = judge.risk()
    assert risk is not None
    action = actions.add_action(risk=risk, what="Opdigtet: call", owner=by.worker, agency="",
                                due_on=TODAY, by=by)  # fmt: skip
    written = _begun(staff, world)
    file = [world.file.pk]
    return {
        "joint-risks": reverse("joint-risks"),
        "client-risk": reverse("client-risk", args=[world.case_id]),
        "danger-signals": reverse("danger-signals"),
        "danger-signal": reverse("danger-signal", args=[signal.pk]),
        "risk-action-new": reverse("risk-action-new", args=[risk.pk]),
        "risk-action": reverse("risk-action", args=[action.pk]),
        "vulnerability": reverse("vulnerability", args=[written.pk]),
        "vulnerability-write": reverse("vulnerability-write", args=[written.pk]),
        **{
            name: reverse(name, args=file)
            for name in ("joint-risk", "risk-review", "risk-trigger", "danger-new",
                         "vulnerability-new")
        },
    }  # fmt: skip


def _begun(staff: Staff, world: Invented) -> VulnerabilityAssessment:
    asked_for = actions.Commissioned(
        asked_by=AskedBy.COURT, asker="Opdigtet Byret", asked_on=TODAY, due_on=None,
        basis=Basis.CONSENT, law="", consented=True, consent_on=TODAY, without_because="",
    )  # fmt: skip
    return actions.begin_vulnerability(file=world.file, asked=asked_for, by=staff[WORKER])


ONLY_GET = ("joint-risks", "client-risk", "joint-risk", "danger-signals")
OF_A_CHILD_S_WORKER = ("danger-signals",)


def test_every_page_is_there_for_its_roles_and_absent_for_the_others(
    browser: Browser, pages: dict[str, str]
) -> None:
    for name, page in pages.items():
        for role in KEEPS:
            answer = browser(role).get(page)
            assert answer.status_code == 200, (name, role)
            assert answer.content.decode().count("<h1") == 1, name
        for role in OTHERS:
            assert browser(role).get(page).status_code == 404, (name, role)
            refused = browser(role).post(page, {})
            assert refused.status_code == (405 if name in ONLY_GET else 404), (name, role)
        child_s = browser(CHILDREN).get(page).status_code
        assert child_s == (200 if name in OF_A_CHILD_S_WORKER else 404), name
        if name not in ONLY_GET and name != "vulnerability":
            wrong = browser(WORKER).post(page, {"sent": "empty"})
            assert wrong.status_code == 422, name
            assert "There is a problem" in wrong.content.decode(), name


def test_a_judgement_is_typed_kept_and_shown_with_its_missing_sources(
    staff: Staff, world: Invented, browser: Browser, told: Told
) -> None:
    told()
    page, own = reverse("risk-review", args=[world.file.pk]), browser(WORKER)
    case, owner = str(world.case_id), str(staff[WORKER].worker)
    sent = {"form_id": str(uuid4()), "case": case, "owner": owner, **REVIEW}
    lacking = own.post(page, {**sent, "plan": ""})
    assert lacking.status_code == 422
    assert "there is a plan" in lacking.content.decode()
    assert WHY in lacking.content.decode()
    for _ in range(2):
        assert own.post(page, sent).status_code == 302
    assert len(rows(RiskReview, staff[WORKER])) == 1
    picture = own.get(reverse("joint-risk", args=[world.file.pk])).content.decode()
    for words in (WHY, "The police: source missing", "Came to 0 of the last 1", "High"):
        assert words in picture
    assert "The partner&#x27;s own account: source missing" not in picture
    stale = own.post(page, {**sent, "form_id": str(uuid4())})
    assert stale.status_code == 422
    assert "Somebody else judged" in stale.content.decode()


def test_triggers_signs_and_actions_are_typed_on_their_pages(
    staff: Staff, world: Invented, browser: Browser, judge: Judge
) -> None:
    own, file = browser(WORKER), [world.file.pk]
    trigger = {"form_id": str(uuid4()), "case": str(world.case_id), "trigger": "pregnancy",
               **day_boxes("on", TODAY), "note": "Opdigtet."}  # fmt: skip
    assert own.post(reverse("risk-trigger", args=file), trigger).status_code == 302
    (kept,) = rows(RiskTrigger, staff[WORKER])
    assert kept.trigger == "pregnancy"
    signs = {"form_id": str(uuid4()), "signs": ["stalking"]}
    assert own.post(reverse("danger-new", args=file), signs).status_code == 302
    (signal,) = rows(DangerSignal, staff[WORKER])
    assert signal.signs == "stalking"
    risk = judge.risk()
    assert risk is not None
    new = reverse("risk-action-new", args=[risk.pk])
    action = {"form_id": str(uuid4()), "what": "Opdigtet: call", "owner": "",
              "agency": "Opdigtet politi", **day_boxes("due_on", TODAY)}  # fmt: skip
    assert own.post(new, {**action, "agency": ""}).status_code == 422
    assert own.post(new, action).status_code == 302
    (row,) = rows(RiskAction, staff[WORKER])
    page = reverse("risk-action", args=[row.pk])
    settled = {"came": "done", "outcome": "Opdigtet.", "version": "1"}
    assert own.post(page, settled).status_code == 302
    assert "Opdigtet politi" in own.get(page).content.decode()
    assert reverse("joint-risk", args=file) in own.get("/").content.decode()
    other = own.get(reverse("joint-risk", args=file) + f"?case={uuid4()}")
    assert other.status_code == 404


def test_the_line_stands_above_every_page_of_the_file_with_orders_and_late_reviews(
    staff: Staff, world: Invented, browser: Browser, judge: Judge
) -> None:
    judge(Level.VERY_HIGH)
    by = staff[WORKER]
    on_incidents.open_proceeding(
        file=world.file, kind=Kind.PROTECTIVE_ORDER, began_on=TODAY,
        until_on=TODAY.replace(month=4), court=None, conditions=None, source=Source.POLICE,
        stated_on=TODAY, by=by,
    )  # fmt: skip
    (case,) = rows(PulledCase, staff[MANAGER], pk=world.case_id)
    with acting(staff[SYSTEM]):
        PulledProceeding(
            compartment=case.compartment, source_version=1, as_of=timezone.now(),
            case_id=case.pk, kind=Kind.BAIL, began_on=TODAY, source=Source.POLICE,
        ).save(force_insert=True)  # fmt: skip
    names = ("partner", "record-contact", "joint-risk", "suffered-new", "ask-disclosure",
             "choose-scale", "child-new", "told", "link-file")  # fmt: skip
    for name in names:
        role = COORDINATOR if name == "link-file" else WORKER
        page = browser(role).get(reverse(name, args=[world.file.pk])).content.decode()
        line = page.split('class="cw-above"')[1].split("</aside>")[0]
        for words in ("Very high", "last review 11 March 2036", "Protective order until 11 April",
                      "Bail"):  # fmt: skip
            assert words in line, (name, words)
    free = browser(WORKER).get(reverse("partner", args=[world.free.pk])).content.decode()
    assert "cw-above" not in free, "nobody has begun a picture of it"
    assert "cw-above" not in browser(WORKER).get("/").content.decode()


def test_the_request_for_a_disclosure_begins_with_the_level_and_no_reason(
    world: Invented, browser: Browser, judge: Judge
) -> None:
    judge(Level.HIGH)
    own = browser(WORKER)
    picture = own.get(reverse("joint-risk", args=[world.file.pk])).content.decode()
    risk = judge.risk()
    assert risk is not None
    page = f"{reverse('ask-disclosure', args=[world.file.pk])}?from=risk:{risk.pk}"
    assert page in picture
    form = own.get(page).content.decode()
    assert "Risk level: high, as of 11 March 2036." in form
    assert WHY not in form
    for wrong in ("risk:no", f"risk:{uuid4()}", "other:1", ""):
        answer = own.get(f"{reverse('ask-disclosure', args=[world.file.pk])}?from={wrong}")
        assert answer.status_code == 200
        assert "Risk level: high" not in answer.content.decode()


@pytest.mark.parametrize("name", ["joint-risks", "danger-signals", "today"])
def test_a_list_asks_the_database_equally_often_however_much_there_is(
    staff: Staff, world: Invented, browser: Browser, told: Told, judge: Judge, name: str
) -> None:
    def asked_often() -> int:
        browser(MANAGER).get(reverse(name))
        with CaptureQueriesContext(connections["safety"]) as seen:
            assert browser(MANAGER).get(reverse(name)).status_code == 200
        return len(seen)

    told(signs=[Sign.WEAPON])
    judge()
    actions.look_for_triggers(by=staff[SYSTEM], at=timezone.now())
    before = asked_often()
    for _ in range(3):
        told(signs=[Sign.STRANGULATION], file=new_file(staff), by=MANAGER)
    actions.look_for_triggers(by=staff[SYSTEM], at=timezone.now())
    assert len(rows(JointRisk, staff[MANAGER])) == 5
    assert asked_often() == before


SECTIONS = {"situation": "Opdigtet.", "violence": "Opdigtet.", "advice": "Opdigtet.",
            "limits": "Opdigtet."}  # fmt: skip


def test_an_assessment_of_vulnerability_is_asked_written_handed_in_and_signed_by_a_second(
    staff: Staff, world: Invented, browser: Browser
) -> None:
    own, manager = browser(WORKER), browser(MANAGER)
    new = reverse("vulnerability-new", args=[world.file.pk])
    without = own.post(new, asked(consented="no", basis="court_order"))
    assert without.status_code == 422
    assert "why it is made without consent" in without.content.decode()
    first = asked()
    for _ in range(2):
        assert own.post(new, first).status_code == 302
    (row,) = rows(VulnerabilityAssessment, staff[WORKER])
    page, args = reverse("vulnerability", args=[row.pk]), [row.pk]
    write = reverse("vulnerability-write", args=args)
    hand_in = reverse("vulnerability-hand-in", args=args)
    sign = reverse("vulnerability-sign", args=args)
    assert "Not written yet" in own.post(hand_in, {"version": "1"}, follow=True).content.decode()
    assert own.post(write, {**SECTIONS, "version": "1"}).status_code == 302
    stale = own.post(write, {**SECTIONS, "needs": "Other.", "version": "1"})
    assert stale.status_code == 422
    assert "Somebody else changed" in stale.content.decode()
    assert own.post(hand_in, {"version": "2"}).status_code == 302
    assert own.get(write).status_code == 404
    assert own.post(sign, {"version": "3"}).status_code == 404, "not a checker's role"
    assert page in manager.get("/").content.decode()
    back = reverse("vulnerability-return", args=args)
    assert manager.post(back, {"because": "", "version": "3"}).status_code == 422
    assert manager.post(back, {"because": "Opdigtet: say who.", "version": "3"}).status_code == 302
    assert "Opdigtet: say who." in own.get(page).content.decode()
    assert own.post(hand_in, {"version": "4"}).status_code == 302
    assert manager.post(sign, {"version": "5"}).status_code == 302
    assert "Signed" in own.get(page).content.decode()
    assert own.post(reverse("vulnerability-again", args=args)).status_code == 302
    newest = max(rows(VulnerabilityAssessment, staff[WORKER]), key=lambda one: one.number)
    assert (newest.number, newest.standing, newest.violence) == (2, "draft", "Opdigtet.")


def test_nobody_signs_what_they_wrote(staff: Staff, world: Invented, browser: Browser) -> None:
    manager = browser(MANAGER)
    new = reverse("vulnerability-new", args=[world.file.pk])
    assert manager.post(new, asked()).status_code == 302
    (row,) = rows(VulnerabilityAssessment, staff[MANAGER])
    args = [row.pk]
    manager.post(reverse("vulnerability-write", args=args), {**SECTIONS, "version": "1"})
    manager.post(reverse("vulnerability-hand-in", args=args), {"version": "2"})
    answer = manager.post(reverse("vulnerability-sign", args=args), {"version": "3"}, follow=True)
    assert "second person" in answer.content.decode()
    coordinator = browser(COORDINATOR)
    coordinator.post(reverse("vulnerability-sign", args=args), {"version": "3"})
    (row,) = rows(VulnerabilityAssessment, staff[MANAGER])
    assert (row.standing, row.signed_by) == ("signed", staff[COORDINATOR].worker)


def test_a_client_without_a_partner_s_file_has_a_page_of_what_was_pulled(
    staff: Staff, browser: Browser, world: Invented, judge: Judge
) -> None:
    alone = pulled_case(staff, "Opdigtet Alene")
    address = reverse("client-risk", args=[alone.pk])
    shown = browser(COORDINATOR).get(address).content.decode()
    assert "Opdigtet Alene" in shown
    assert "No partner's file that you see belongs to this case." in shown
    assert "No incident has been written down. That does not mean that there was none." in shown
    # A partner's worker sees no client whose partner is not the worker's own; absent is alike.
    assert browser(WORKER).get(address).status_code == 404
    assert browser(WORKER).get(reverse("client-risk", args=[uuid4()])).status_code == 404
    linked = browser(WORKER).get(reverse("client-risk", args=[world.case_id])).content.decode()
    assert f"{reverse('joint-risk', args=[world.file.pk])}?case={world.case_id}" in linked
    judge()
    assert WHY not in browser(WORKER).get(
        reverse("client-risk", args=[world.case_id])).content.decode()
