"""Signatures, releases and texts: the rules as tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from casewall.programme.agreements import rules
from casewall.programme.agreements.rules import Block, How, Scope, Signed

START = date(2026, 3, 3)
END = date(2026, 9, 1)


@dataclass
class Release:
    """What decides how long a release holds."""

    starts_on: date = START
    expires_on: date | None = None
    withdrawn_on: date | None = None


@pytest.mark.parametrize(("release", "on", "discharged_on", "holds"), [
    (Release(), START - timedelta(days=1), None, False),
    (Release(), START, None, True),
    (Release(), START + timedelta(days=4000), None, True),
    (Release(), END + timedelta(days=90), END, True),
    (Release(), END + timedelta(days=91), END, False),
    (Release(expires_on=END), END, None, True),
    (Release(expires_on=END), END + timedelta(days=1), None, False),
    (Release(expires_on=END), START + timedelta(days=100), START, True),
    (Release(withdrawn_on=END), END - timedelta(days=1), None, True),
    (Release(withdrawn_on=END), END, None, False),
    (Release(withdrawn_on=START), START, None, False),
])
def test_how_long_a_release_holds(release: Release, on: date, discharged_on: date | None,
                                  holds: bool) -> None:
    assert rules.is_valid(release, on, discharged_on) is holds


PATH = "M10 20 L12 25 L30 40 M5 5 L6 7"


@pytest.mark.parametrize(("signed", "sentence"), [
    (Signed(How.SCREEN), "did not arrive"),
    (Signed(How.SCREEN, path="M1 2"), "did not arrive"),
    (Signed(How.SCREEN, path='M1 2 L3 4 L5 6" onload="x'), "did not arrive"),
    (Signed(How.TYPED, name="  "), "type the name"),
    (Signed(How.SCREEN, path=PATH), "It can be signed"),
    (Signed(How.TYPED, name="Anders Opdigtet"), "It can be signed"),
    (rules.on_paper(), "It can be signed"),
])
def test_what_counts_as_a_signature(signed: Signed, sentence: str) -> None:
    decision = rules.may_sign(signed, limits_explained=True)
    assert sentence in decision.reason
    assert bool(decision) is (sentence == "It can be signed")
    assert not rules.may_sign(signed, limits_explained=False)


@pytest.mark.parametrize(("path", "is_one"), [
    (PATH, True), ("M0 0 L-3 9 L4 4", True), ("", False), ("M1 2 L3", False),
    ("M1.5 2 L3 4 L5 6", False), ("L1 2 L3 4", False), ("M1 2 L3 4", False),
    ("M1 1" + " L1 1" * 5000, False),
])
def test_a_path_is_moves_and_lines_in_whole_pixels(path: str, is_one: bool) -> None:
    assert rules.is_path(path) is is_one


def test_a_release_says_what_may_be_told_and_ends_after_it_begins() -> None:
    scope = (Scope.ATTENDANCE,)
    assert rules.release_fits(START, None, scope)
    assert rules.release_fits(START, START, scope)
    assert "before it begins" in rules.release_fits(START, START - timedelta(days=1), scope).reason
    assert "a release of everything is none" in rules.release_fits(START, END, ()).reason


def test_a_release_is_taken_back_once_and_not_before_it_begins() -> None:
    assert rules.may_withdraw(START, None, START)
    assert "already" in rules.may_withdraw(START, END, END).reason
    assert "from that day" in rules.may_withdraw(START, None, START - timedelta(days=1)).reason


@pytest.mark.parametrize(("body", "blocks"), [
    ("One\nline\n\nAnother", [Block("paragraph", ("One line",)), Block("paragraph", ("Another",))]),
    ("# Head\nText\r\nmore", [Block("heading", ("Head",)), Block("paragraph", ("Text more",))]),
    ("# Head\n\n- a\n- b", [Block("heading", ("Head",)), Block("list", ("a", "b"))]),
    ("Lead:\n- a", [Block("paragraph", ("Lead:",)), Block("list", ("a",))]),
    ("# Head\n- a\n- b\nafter", [Block("heading", ("Head",)), Block("list", ("a", "b")),
                                 Block("paragraph", ("after",))]),
    ("  \n\n \n", []),
])
def test_the_pieces_of_a_text(body: str, blocks: list[Block]) -> None:
    assert list(rules.blocks_of(body)) == blocks


def test_versions_of_a_service_begin_with_two() -> None:
    assert rules.next_version([]) == 2
    assert rules.next_version([3, 2]) == 4
