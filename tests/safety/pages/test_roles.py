"""Which page is there for whom. Hidden and absent are the same bytes."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from casewall.wall.sides import SIDE_OF_ROLE, Role, Side
from tests.people import Staff, add_colleague, signed_in
from tests.safety.pages.conftest import Invented

ROLES = [
    role for role in Role if SIDE_OF_ROLE[role] is Side.SAFETY and role is not Role.SAFETY_SYSTEM
]
WORKER, COORDINATOR, MANAGER = Role.PARTNER_WORKER, Role.COORDINATOR, Role.SAFETY_MANAGER
OFFICER, EVALUATOR = Role.DATA_PROTECTION_OFFICER, Role.EVALUATOR

PAGES = [
    ("partners", {WORKER, COORDINATOR, MANAGER}),
    ("partner", {WORKER, COORDINATOR, MANAGER}),
    ("record-contact", {WORKER, MANAGER}),
    ("safe-contact", {WORKER, MANAGER}),
    ("scale", {WORKER, MANAGER}),
    ("scale-silence", {WORKER, MANAGER}),
    ("link-file", {COORDINATOR, MANAGER}),
    ("ask-disclosure", {WORKER, COORDINATOR, MANAGER}),
    ("disclosures", {WORKER, COORDINATOR, MANAGER}),
    ("search", {WORKER, COORDINATOR, MANAGER}),
    ("referrals", {COORDINATOR, MANAGER}),
    ("upload-referrals", {COORDINATOR, MANAGER}),
    ("figures", {COORDINATOR, MANAGER, OFFICER, EVALUATOR}),
]


def address(name: str, world: Invented) -> str:
    """The address of a page about the invented file."""
    more = {"safe-contact": ["call"], "scale": ["safety"], "scale-silence": ["safety"]}
    of_a_file = {"partner", "record-contact", "link-file", "ask-disclosure", *more}
    return reverse(name, args=[world.file.pk, *more.get(name, [])] if name in of_a_file else [])


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("name", "there_for"), PAGES)
def test_a_page_is_there_for_its_roles_and_not_there_for_the_others(
    browser: Callable[[Role], Client], world: Invented, role: Role, name: str, there_for: set[Role]
) -> None:
    answer = browser(role).get(address(name, world))
    assert answer.status_code == (200 if role in there_for else 404)


@pytest.mark.parametrize("role", ROLES)
def test_the_home_page_greets_everyone_and_names_nobody_to_those_without_files(
    browser: Callable[[Role], Client], world: Invented, role: Role
) -> None:
    answer = browser(role).get(reverse("today"))
    if role is Role.EVALUATOR:
        assert (answer.status_code, answer["Location"]) == (302, reverse("figures"))
        return
    assert answer.status_code == 200
    named = "Sørensen" in answer.content.decode()
    assert named is (role in {WORKER, COORDINATOR, MANAGER})


def test_a_colleague_s_file_and_no_file_at_all_are_the_same_bytes(
    owner_urls: dict[str, str], staff: Staff, browser: Callable[[Role], Client], world: Invented
) -> None:
    colleague = add_colleague(owner_urls, WORKER, "lyngholm-shelter", f"{uuid4()}@example.invalid")
    other = signed_in(colleague)
    hidden = other.get(reverse("partner", args=[world.file.pk]))
    absent = other.get(reverse("partner", args=[uuid4()]))
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert hidden.content == absent.content
    assert other.get(reverse("partner", args=[world.free.pk])).status_code == 200


def test_nobody_signed_in_sees_the_sign_in_page_only(site: None, world: Invented) -> None:
    for name, _ in PAGES:
        answer = Client().get(address(name, world))
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("account_login"))
