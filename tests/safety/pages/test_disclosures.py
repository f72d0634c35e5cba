"""Pages of disclosures: what is stopped, emergencies, reviews, the list and the counts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casewall.safety.coordination.actions import Agreed, ask, refuse, release_at_once
from casewall.safety.coordination.models import Disclosure, Opened, PartnerPermission
from casewall.safety.coordination.rules import Ground, InDanger, Purpose
from casewall.safety.intake.models import OutboxItem
from casewall.safety.partners.actions import record_contact
from casewall.safety.partners.rules import Channel, Outcome
from casewall.wall.context import acting
from casewall.wall.sides import SIDE_OF_ROLE, Role, Side
from tests.people import Staff
from tests.safety.pages.conftest import TODAY, Invented
from tests.safety.pages.test_recording import day, rows

Browser = Callable[[Role], Client]
WORKER, COORDINATOR, MANAGER = Role.PARTNER_WORKER, Role.COORDINATOR, Role.SAFETY_MANAGER
ROLES = [r for r in Role if SIDE_OF_ROLE[r] is Side.SAFETY and r is not Role.SAFETY_SYSTEM]
NOTE = "He stood outside the swimming hall again on Thursday (invented)."
COPIED = "Mind: stood outside the swimming hall again."


def typed(world: Invented, **changed: str) -> dict[str, str]:
    return {
        "form_id": str(uuid4()),
        "case_id": str(world.case_id),
        "purpose": "statement",
        "text": COPIED,
        "ground": "partner_consent",
        **day("agreed_on"),
        "override_reason": "",
        "other_sources": "2",
        **changed,
    }


def emergency_form(world: Invented, **changed: str) -> dict[str, str]:
    return {
        "form_id": str(uuid4()),
        "case_id": str(world.case_id),
        "in_danger": "child",
        "danger": "A threat was heard an hour ago (invented).",
        "purpose": "safeguarding",
        "text": "Do not hold the session tonight.",
        "agreed_on_day": "",
        "agreed_on_month": "",
        "agreed_on_year": "",
        **changed,
    }


def emergency(staff: Staff, world: Invented, hours_ago: int = 0) -> Disclosure:
    return release_at_once(
        file=world.file,
        case_id=world.case_id,
        purpose=Purpose.SAFEGUARDING,
        text="Do not hold the session tonight.",
        in_danger=InDanger.CHILD,
        danger="A threat was heard an hour ago (invented).",
        by=staff[COORDINATOR],
        at=timezone.now() - timedelta(hours=hours_ago),
    )


def asked(staff: Staff, world: Invented, agreed: bool = False) -> Disclosure:
    return ask(
        file=world.file,
        case_id=world.case_id,
        purpose=Purpose.STATEMENT,
        text="Cannot come on Tuesdays.",
        ground=Ground.PARTNER_CONSENT,
        agreed=Agreed(TODAY) if agreed else None,
        by=staff[WORKER],
        at=timezone.now(),
    )


# --- what was read ---------------------------------------------------------------------------


def test_words_read_on_the_file_s_page_are_stopped_and_pass_with_permission(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    record_contact(
        file=world.file,
        channel=Channel.CALL,
        outcome=Outcome.SPOKE,
        tried_at=timezone.now(),
        still_safe=None,
        note=NOTE,
        by=staff[WORKER],
    )
    worker = browser(WORKER)
    assert NOTE in worker.get(reverse("partner", args=[world.file.pk])).content.decode()
    address = reverse("ask-disclosure", args=[world.file.pk])
    box = 'type="checkbox" name="own_words"'
    assert box not in worker.get(address).content.decode()
    form = typed(world)
    stopped = worker.post(address, form)
    shown = stopped.content.decode()
    assert stopped.status_code == 422
    assert "“stood outside the swimming hall again”" in shown
    assert COPIED in shown
    assert box in shown
    assert rows(staff, Disclosure) == []
    passed = worker.post(address, {**form, "own_words": "on"}, follow=True)
    assert "Nothing has crossed yet." in passed.content.decode()
    [kept] = rows(staff, PartnerPermission)
    assert (kept.words, kept.given_on) == (COPIED, TODAY)


def test_another_mistake_after_the_stop_keeps_the_box_as_it_was_ticked(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    address = reverse("ask-disclosure", args=[world.file.pk])
    answer = browser(WORKER).post(address, typed(world, own_words="on", purpose=""))
    assert answer.status_code == 422
    box = answer.content.decode().split('name="own_words"')[1].split(">")[0]
    assert "checked" in box


@pytest.mark.parametrize("role", [WORKER, COORDINATOR, MANAGER])
def test_opening_a_file_and_a_disclosure_is_noted_for_whoever_opened_it(
    staff: Staff, browser: Browser, world: Invented, role: Role
) -> None:
    one = asked(staff, world)
    for name, pk in (("partner", world.file.pk), ("disclosure", one.pk)):
        assert browser(role).get(reverse(name, args=[pk])).status_code == 200
    with acting(staff[role]):
        noted = Opened.objects.visible_to(staff[role]).values_list("kind", "thing_id", "worker")
        assert set(noted) == {
            ("safety_partners.partnerfile", world.file.pk, staff[role].worker),
            ("safety_coordination.disclosure", one.pk, staff[role].worker),
        }


# --- emergencies -----------------------------------------------------------------------------


def test_an_emergency_is_released_by_its_page_once(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    coordinator = browser(COORDINATOR)
    ask_page = coordinator.get(reverse("ask-disclosure", args=[world.file.pk])).content.decode()
    address = reverse("emergency-disclosure", args=[world.file.pk])
    assert address in ask_page
    form = emergency_form(world)
    for _ in range(2):
        answer = coordinator.post(address, form, follow=True)
        assert "Another worker reviews it within 48 hours." in answer.content.decode()
    [one] = rows(staff, Disclosure)
    assert (one.state, one.in_danger, str(one.pk)) == ("released", "child", form["form_id"])
    assert [item.kind for item in rows(staff, OutboxItem)] == ["disclosure"]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"danger": ""}, "What is the danger"),
        ({"in_danger": ""}, "Who is in danger?"),
        ({"text": ""}, "The words that cross"),
        ({"text": "x" * 501}, "Keep to 500 characters; this has 501."),
        ({"own_words": "on"}, "Write the day on which the partner agreed."),
        ({"agreed_on_day": "11"}, "Enter"),
    ],
)
def test_a_bad_emergency_keeps_what_was_typed(
    staff: Staff, browser: Browser, world: Invented, changed: dict[str, str], sentence: str
) -> None:
    form = emergency_form(world, **changed)
    address = reverse("emergency-disclosure", args=[world.file.pk])
    answer = browser(MANAGER).post(address, form)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert form["danger"] in answer.content.decode()
    assert rows(staff, Disclosure) == []


def test_a_file_without_a_case_has_no_emergency_to_release(
    browser: Browser, world: Invented
) -> None:
    address = reverse("emergency-disclosure", args=[world.free.pk])
    assert "No case is linked" in browser(MANAGER).get(address).content.decode()


def test_the_review_stands_on_the_page_of_the_other_worker_only(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    one = emergency(staff, world, hours_ago=49)
    address = reverse("disclosure", args=[one.pk])
    own = browser(COORDINATOR).get(address).content.decode()
    assert "Whoever released it cannot review it" in own
    assert "Save the review" not in own
    assert "may not review an emergency disclosure" in browser(WORKER).get(address).content.decode()
    other = browser(MANAGER).get(address).content.decode()
    assert "Save the review" in other
    post = reverse("review-disclosure", args=[one.pk])
    empty = browser(MANAGER).post(post, {"upheld": "yes", "note": ""})
    assert empty.status_code == 422
    mine = browser(COORDINATOR).post(post, {"upheld": "yes", "note": "Typed here."})
    assert mine.status_code == 422
    assert "Whoever released it cannot review it" in mine.content.decode()
    done = browser(MANAGER).post(post, {"upheld": "no", "note": "Not needed."}, follow=True)
    assert "The words are taken back." in done.content.decode()
    assert "(late)" in done.content.decode()
    assert "Not needed." in done.content.decode()
    again = browser(MANAGER).post(post, {"upheld": "yes", "note": "Second thoughts."})
    assert again.status_code == 422
    assert "This release has been reviewed already." in again.content.decode()
    assert [item.kind for item in rows(staff, OutboxItem)].count("recall") == 1


def test_upheld_stays_released(staff: Staff, browser: Browser, world: Invented) -> None:
    one = emergency(staff, world)
    done = browser(MANAGER).post(
        reverse("review-disclosure", args=[one.pk]),
        {"upheld": "yes", "note": "It was right."},
        follow=True,
    )
    assert "Reviewed and upheld." in done.content.decode()
    assert rows(staff, Disclosure)[0].state == "released"


def test_the_partner_takes_the_permission_back_with_one_button(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    one = asked(staff, world, agreed=True)
    address = reverse("disclosure", args=[one.pk])
    assert "The partner takes it back</button>" in browser(WORKER).get(address).content.decode()
    done = browser(WORKER).post(reverse("revoke-permission", args=[one.pk]), follow=True)
    assert "Nothing of it goes down." in done.content.decode()
    assert "The partner takes it back</button>" not in done.content.decode()
    without = asked(staff, world)
    refused = browser(WORKER).post(reverse("revoke-permission", args=[without.pk]), follow=True)
    assert "You see no permission" in refused.content.decode()


# --- the list and the counts ---------------------------------------------------------------------


def test_the_list_is_filtered_by_state_and_shows_emergencies_above_all(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    waiting, one = asked(staff, world), asked(staff, world)
    refuse(disclosure=one, reason="Opdigtet.", by=staff[MANAGER])
    quick = emergency(staff, world, hours_ago=49)
    addresses = {
        name: reverse("disclosure", args=[row.pk])
        for name, row in (("waiting", waiting), ("refused", one), ("quick", quick))
    }

    def listed(query: str) -> set[str]:
        shown = browser(MANAGER).get(reverse("disclosures") + query).content.decode()
        return {name for name, address in addresses.items() if address in shown}

    assert listed("") == {"waiting", "refused", "quick"}
    assert listed("?state=asked") == {"waiting"}
    assert listed("?state=refused") == {"refused"}
    assert listed("?state=recalled") == set()
    assert listed("?state=emergency") == {"quick"}
    assert listed("?state=strange") == {"waiting", "refused", "quick"}
    shown = browser(MANAGER).get(reverse("disclosures")).content.decode()
    assert "Released in an emergency, to be reviewed" in shown
    assert "Late" in shown
    assert "to be reviewed" not in browser(WORKER).get(reverse("disclosures")).content.decode()


def test_a_long_list_is_turned_page_by_page_with_the_same_number_of_queries(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connections["safety"]) as kept:
            browser(MANAGER).get(reverse("disclosures") + "?state=asked")
        return len(kept)

    asked(staff, world)
    browser(MANAGER).get(reverse("disclosures"))
    few = queries()
    for _ in range(27):
        asked(staff, world)
    assert queries() == few
    first = browser(MANAGER).get(reverse("disclosures") + "?state=asked").content.decode()
    assert first.count("/disclosures/") - first.count("/disclosures/counts/") >= 25
    after = first.split("?state=asked&amp;after=")[1].split('"')[0]
    second = browser(MANAGER).get(reverse("disclosures") + f"?state=asked&after={after}")
    on_second = {str(row.pk) for row in rows(staff, Disclosure)} & set(
        second.content.decode().replace("/", " ").split()
    )
    assert len(on_second) == 3


def test_the_manager_counts_with_denominators_and_by_time(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    asked(staff, world)
    emergency(staff, world, hours_ago=49)
    release_at_once(
        file=world.file,
        case_id=world.case_id,
        purpose=Purpose.SAFEGUARDING,
        text="Do not hold the session tonight.",
        in_danger=InDanger.CHILD,
        danger="Invented.",
        by=staff[COORDINATOR],
        at=timezone.now() - timedelta(days=100),
    )

    def counts(query: str) -> dict[str, list[str]]:
        page = browser(MANAGER).get(reverse("disclosure-counts") + query).content.decode()
        cells = [
            re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL)
            for row in page.split("<tbody")[1].split("</tr>")
        ]
        plain = [[re.sub(r"<[^>]*>", " ", cell).split() for cell in row] for row in cells if row]
        return {
            " ".join(row[0]): [row[1][-1], " ".join(row[2]).removeprefix("Of how many ")]
            for row in plain
        }

    every = counts("")
    assert every["Asked for"] == ["1", "3 disclosures"]
    assert every["Released at once, in an emergency"] == ["2", "2 released"]
    assert every["Emergency reviewed late, or not yet and late"] == ["2", "2 due for review"]
    assert counts("?days=90")["Released at once, in an emergency"] == ["1", "1 released"]
    assert counts("?days=strange") == every


# --- who finds what ------------------------------------------------------------------------------

GETS = [
    ("emergency-disclosure", {COORDINATOR, MANAGER}),
    ("disclosure-counts", {MANAGER}),
    ("disclosure", {WORKER, COORDINATOR, MANAGER}),
]
POSTS = [
    ("emergency-disclosure", {COORDINATOR, MANAGER}),
    ("review-disclosure", {COORDINATOR, MANAGER}),
    ("revoke-permission", {WORKER, COORDINATOR, MANAGER}),
]


@pytest.mark.parametrize("role", ROLES)
def test_every_page_is_there_for_its_roles_and_not_there_for_the_others(
    staff: Staff, browser: Browser, world: Invented, role: Role
) -> None:
    one = asked(staff, world)
    before = [row.state for row in rows(staff, Disclosure)]

    def address(name: str) -> str:
        of = {"emergency-disclosure": [world.file.pk], "disclosure-counts": []}
        return reverse(name, args=of.get(name, [one.pk]))

    for name, there_for in GETS:
        answer = browser(role).get(address(name))
        assert (name, answer.status_code) == (name, 200 if role in there_for else 404)
    for name, there_for in POSTS:
        answer = browser(role).post(address(name), {})
        assert (name, answer.status_code in (302, 422)) == (name, role in there_for)
        assert (name, answer.status_code == 404) == (name, role not in there_for)
    assert [row.state for row in rows(staff, Disclosure)] == before
