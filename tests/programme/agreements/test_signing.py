"""Agreements, their texts and releases, through the pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casewall.programme.agreements import actions
from casewall.programme.agreements.lists import discharged_on, valid_releases
from casewall.programme.agreements.models import Agreement, AgreementText, Release
from casewall.programme.agreements.rules import (
    Ground,
    How,
    Purpose,
    Recipient,
    Scope,
    Signed,
    on_paper,
)
from casewall.programme.agreements.texts import first_wordings
from casewall.programme.cases import actions as on_cases
from casewall.programme.cases.models import Case
from casewall.programme.cases.reasons import ExitReason
from casewall.programme.cases.rules import Stage
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.sides import Role
from tests.people import SERVICE
from tests.programme.conftest import TODAY, Browse, World, day_boxes

PATH = "M10 20 L12 25 L30 40"


@pytest.fixture
def manager(browse: Browse) -> Client:
    return browse(Role.PROGRAMME_MANAGER)


def send(browser: Client, case: Case, step: str, **typed: Any) -> Any:
    return browser.post(f"/cases/{case.pk}/{step}/", {"seen": case.stage, **typed})


def sign_boxes(**changed: Any) -> dict[str, Any]:
    return {"language": "da", "text_version": "1", "limits_explained": "on", "how": "screen",
            "path": PATH, **day_boxes("signed_on", TODAY), **changed}


def test_the_client_reads_the_text_and_signs_on_the_screen(manager: Client, world: World) -> None:
    case = world.case(stage=Stage.SUITABLE)
    page = manager.get(f"/cases/{case.pk}/agreement/")
    assert "Aftale om at deltage" in page.content.decode()
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    page = manager.get(f"/cases/{case.pk}/agreement/?language=en").content.decode()
    assert "Agreement on taking part" in page
    assert "<style" not in page
    page = manager.get(f"/cases/{case.pk}/agreement/?language=ar").content.decode()
    assert "There is no text in this language yet: the one below is in English." in page
    response = send(manager, case, "agreement", **sign_boxes())
    assert response.status_code == 302
    agreement, = world.rows(Agreement, case=case)
    assert (agreement.how, agreement.signature, agreement.text_version, agreement.language) == (
        "screen", PATH, "1", "da")
    assert agreement.limits_explained is True
    assert world.again(case).stage == Stage.AGREEMENT_SIGNED
    copy = manager.get(f"/agreements/{agreement.pk}/").content.decode()
    assert f'<path d="{PATH}"/>' in copy
    assert "Aftale om at deltage" in copy
    page = manager.get(f"/cases/{case.pk}/?show=agreement").content.decode()
    assert f"/agreements/{agreement.pk}/" in page
    assert "Signed on the screen" in page


def test_a_signature_is_not_stored_in_the_clear(world: World) -> None:
    case = world.case(stage=Stage.SUITABLE)
    actions.sign_agreement(case=case, signed_on=TODAY, text_version="1", language="da",
                           by=world.manager, signed=Signed(How.TYPED, name="Anders Opdigtet"))
    with acting(world.manager), connections["programme"].cursor() as cursor:
        cursor.execute("select typed_name from programme_agreements_agreement")
        stored, = cursor.fetchone()
    assert len(bytes(stored)) > len("Anders Opdigtet")
    assert b"Opdigtet" not in bytes(stored)


@pytest.mark.parametrize(("changed", "sentence"), [
    ({"limits_explained": ""}, "Explain the limits of confidentiality first"),
    ({"path": ""}, "The signature did not arrive"),
    ({"path": "M1 2 <script>"}, "The signature did not arrive whole"),
    ({"how": "typed"}, "Let the client type the name in full"),
    ({"how": "paper"}, "Say where the sheet is kept"),
    ({"how": ""}, "How it is signed"),
    (day_boxes("signed_on", TODAY + timedelta(days=1)), "has not come yet"),
])
def test_a_signature_that_lacks_something_is_refused_and_nothing_typed_is_lost(
        changed: dict[str, str], sentence: str, manager: Client, world: World) -> None:
    case = world.case(stage=Stage.SUITABLE)
    response = send(manager, case, "agreement", **sign_boxes(**{"witness": "B. Vidne", **changed}))
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert "B. Vidne" in response.content.decode()
    assert world.rows(Agreement) == []


def test_a_sheet_of_an_older_print_keeps_its_version(manager: Client, world: World) -> None:
    case = world.case(stage=Stage.SUITABLE)
    typed = sign_boxes(how="paper", filed="Cabinet 2, folder 14", witness="B. Vidne",
                       printed_version="2019-b")
    assert send(manager, case, "agreement", **typed).status_code == 302
    agreement, = world.rows(Agreement, case=case)
    assert (agreement.text_version, agreement.signature, agreement.filed) == (
        "2019-b", None, "Cabinet 2, folder 14")
    copy = manager.get(f"/agreements/{agreement.pk}/").content.decode()
    assert "is on the sheet that was signed" in copy
    assert "Cabinet 2, folder 14" in copy


def test_an_agreement_comes_after_the_explanation_and_before_the_start(world: World) -> None:
    case = world.case(stage=Stage.SUITABLE)
    with pytest.raises(Refused, match="Explain the limits"):
        actions.sign_agreement(case=case, signed_on=TODAY, text_version="1", language="da",
                               by=world.manager, limits_explained=False)
    with pytest.raises(Refused, match="cannot become “started”"):
        on_cases.move_case(case=case, to=Stage.STARTED, on=TODAY, by=world.manager)


def test_a_text_is_changed_by_a_new_version_only(manager: Client, world: World) -> None:
    early = world.case(stage=Stage.AGREEMENT_SIGNED)
    address = f"/agreement-texts/{SERVICE}/da/"
    assert "version 1" in manager.get(address).content.decode()
    typed = {"title": "Ny aftale", "body": "# Først\n\nVi begynder.", "reason": "Shorter",
             "seen": "1"}
    assert manager.post(address, typed).status_code == 302
    stale = manager.post(address, {**typed, "body": "Kept words"})
    assert stale.status_code == 422
    assert "somebody made version 2" in stale.content.decode()
    assert "Kept words" in stale.content.decode()
    assert "Vi begynder." in stale.content.decode()
    assert 'name="seen" value="2"' in stale.content.decode()
    row, = world.rows(AgreementText)
    assert (row.version, row.language, row.title) == (2, "da", "Ny aftale")
    page = manager.get("/agreement-texts/").content.decode()
    assert "Version 2" in page
    case = world.case(stage=Stage.SUITABLE)
    page = manager.get(f"/cases/{case.pk}/agreement/").content.decode()
    assert "Ny aftale" in page
    assert send(manager, case, "agreement", **sign_boxes(text_version="2")).status_code == 302
    copies = [manager.get(f"/agreements/{world.rows(Agreement, case=one)[0].pk}/").content.decode()
              for one in (early, case)]
    assert "Aftale om at deltage" in copies[0]
    assert "Ny aftale" in copies[1]


@pytest.mark.parametrize(("role", "status"), [
    (Role.PROGRAMME_MANAGER, 200), (Role.FACILITATOR, 403),
    (Role.ASSESSOR, 403), (Role.REFERRER, 403),
])
def test_texts_are_kept_by_those_with_the_duty(role: Role, status: int, browse: Browse,
                                               world: World) -> None:
    browser = browse(role)
    assert browser.get("/agreement-texts/").status_code == status
    assert browser.get(f"/agreement-texts/{SERVICE}/da/").status_code == status
    if status == 200:
        for absent in (f"{SERVICE}/xx", "your-choice/en"):
            assert browser.get(f"/agreement-texts/{absent}/").status_code == 404


def release_boxes(**changed: Any) -> dict[str, Any]:
    return {"form_id": str(uuid4()), "recipient": "probation", "recipient_name": "Nordby office",
            "purpose": "supervision", "scope": ["attendance", "completion"],
            "ground": "condition", **day_boxes("starts_on", TODAY), "how": "typed",
            "typed_name": "Anders Opdigtet", "details": "No words of mine", **changed}


def test_a_release_is_recorded_once_shown_and_taken_back(manager: Client, world: World) -> None:
    case = world.case(stage=Stage.AGREEMENT_SIGNED)
    typed = release_boxes()
    for _ in range(2):
        assert send(manager, case, "release", **typed).status_code == 302
    release, = world.rows(Release, case=case)
    assert (release.scope, release.expires_on, release.recipient_name) == (
        "attendance completion", None, "Nordby office")
    page = manager.get(f"/cases/{case.pk}/?show=agreement").content.decode()
    for line in ("Probation: Nordby office", "90 days after the case ends", "Holds",
                 "Attendance; Completion, or how the work ended", "No words of mine"):
        assert line in page
    with acting(world.manager):
        assert valid_releases(case, world.manager, TODAY) == [release]
    address = f"/releases/{release.pk}/withdraw/"
    assert "Nordby office" in manager.get(address).content.decode()
    early = {"seen": case.stage, "note": "", **day_boxes("on", TODAY - timedelta(days=1))}
    refused = manager.post(address, early)
    assert "withdraw it from that day" in refused.content.decode()
    taken = {"seen": case.stage, "note": "Changed his mind", **day_boxes("on", TODAY)}
    assert manager.post(address, taken).status_code == 302
    assert "withdrawn already" in manager.post(address, taken).content.decode()
    with acting(world.manager):
        assert valid_releases(case, world.manager, TODAY) == []
    page = manager.get(f"/cases/{case.pk}/?show=agreement").content.decode()
    assert "Taken back from 4 March 2036" in page
    assert world.rows(Release)[0].version == 2


def test_a_release_runs_out_ninety_days_after_the_case_ended(world: World) -> None:
    case = world.case(stage=Stage.AGREEMENT_SIGNED)
    actions.release(
        case=case, signed=on_paper("folder"), by=world.manager,
        terms=actions.Terms(Recipient.HEALTH, "Clinic", Purpose.TREATMENT, (Scope.NEEDS,),
                            Ground.VOLUNTARY, TODAY - timedelta(days=5)))
    assert discharged_on(case) is None
    on_cases.move_case(case=case, to=Stage.EXITED, on=TODAY, reason=ExitReason.MOVED,
                       by=world.manager)
    case = world.again(case)
    with acting(world.manager):
        for days, many in ((0, 1), (90, 1), (91, 0)):
            day = TODAY + timedelta(days=days)
            assert len(valid_releases(case, world.manager, day)) == many


@pytest.mark.parametrize(("changed", "sentence"), [
    ({"scope": []}, "What may be told"), ({"recipient_name": ""}, "Name of the agency"),
    (day_boxes("expires_on", TODAY - timedelta(days=1)), "before it begins"),
    ({"typed_name": ""}, "Let the client type the name"), ({"ground": ""}, "free to say no"),
])
def test_a_release_that_says_too_little_is_refused(changed: dict[str, Any], sentence: str,
                                                   manager: Client, world: World) -> None:
    case = world.case(stage=Stage.AGREEMENT_SIGNED)
    response = send(manager, case, "release", **release_boxes(**changed))
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert "No words of mine" in response.content.decode()
    assert world.rows(Release) == []


def test_releases_and_copies_are_not_for_the_agency_that_referred(browse: Browse, world: World
                                                                  ) -> None:
    case = world.case(stage=Stage.AGREEMENT_SIGNED)
    with acting(world.manager):
        own = world.again(case)
        own.referrer_worker = world.staff[Role.REFERRER].worker
        own.save()
    agreement, = world.rows(Agreement)
    referrer = browse(Role.REFERRER)
    assert referrer.get(f"/cases/{case.pk}/").status_code == 200
    assert referrer.get(f"/agreements/{agreement.pk}/").status_code == 404
    assert referrer.get(f"/cases/{case.pk}/release/").status_code == 403
    assert "Releases" not in referrer.get(f"/cases/{case.pk}/?show=agreement").content.decode()


def test_the_pages_never_speak_of_the_other_side(manager: Client, world: World) -> None:
    case = world.case(stage=Stage.SUITABLE)
    pages = [manager.get(f"/cases/{case.pk}/{end}").content.decode().lower() for end in (
        "agreement/", "agreement/?language=en", "release/", "eligibility/", "suitability/",
        "pause/", "exit/", "?show=agreement", "?show=eligibility")]
    for page in [*pages, *(text.body.lower() for text in first_wordings().values())]:
        for word in ("safety", "victim", "partner support", "partner worker", "disclos", "joint"):
            assert word not in page


def test_a_case_page_needs_the_same_queries_for_one_release_and_for_many(
        manager: Client, world: World) -> None:
    few, many = (world.case(stage=Stage.AGREEMENT_SIGNED) for _ in range(2))
    for case, times in ((few, 1), (many, 6)):
        for _ in range(times):
            send(manager, case, "release", **release_boxes())

    def count(case: Case) -> int:
        address = f"/cases/{case.pk}/?show=agreement"
        manager.get(address)
        with CaptureQueriesContext(connections["programme"]) as context:
            assert manager.get(address).status_code == 200
        return len(context)

    assert count(few) == count(many)
