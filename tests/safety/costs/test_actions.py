"""The ledger is kept by a safety manager alone: added, replaced, struck, never edited."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import ProgrammingError

from casewall.safety.costs import actions
from casewall.safety.costs.models import CostLine, FundingContract
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.ids import new_id
from casewall.wall.sides import Role
from tests.people import SERVICE, Staff
from tests.safety.costs.conftest import MANAGER, OTHERS, contract, line


def rows(model: Any, staff: Staff, role: Role = MANAGER) -> list[Any]:
    with acting(staff[role]):
        return list(model.objects.visible_to(staff[role]).order_by("entered_at"))


def standing(model: Any, staff: Staff) -> list[Any]:
    by = staff[MANAGER]
    with acting(by):
        return list(model.standing(model.objects.visible_to(by)))


def add(staff: Staff, **changed: Any) -> CostLine:
    return actions.add_cost(service=SERVICE, entry=line(**changed), by=staff[MANAGER])


def test_a_manager_adds_lines_and_contracts_once(staff: Staff) -> None:
    for model, act, entry in [
        (CostLine, actions.add_cost, line()),
        (FundingContract, actions.add_contract, contract()),
    ]:
        ident = new_id()
        for _ in range(2):
            act(service=SERVICE, entry=entry, by=staff[MANAGER], id=ident)
        [kept] = standing(model, staff)
        assert (kept.pk, kept.amount, kept.entered_by) == (
            ident, entry.amount, staff[MANAGER].worker,
        )  # fmt: skip
    assert actions.services_of(staff[MANAGER]) == [SERVICE]


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_keeps_or_sees_the_ledger(staff: Staff, role: Role) -> None:
    kept = add(staff)
    by = staff[role]
    for act in (
        lambda: actions.add_cost(service=SERVICE, entry=line(), by=by),
        lambda: actions.add_contract(service=SERVICE, entry=contract(), by=by),
        lambda: actions.replace_cost(line=kept, entry=line(), why="x", by=by),
        lambda: actions.strike(row=kept, why="x", by=by),
    ):
        with pytest.raises(Refused, match="may not keep the cost ledger"):
            act()
    assert rows(CostLine, staff, role) == []
    assert len(rows(CostLine, staff)) == 1


def test_a_replaced_line_stays_to_be_read_and_counts_no_more(staff: Staff) -> None:
    old = add(staff)
    new = actions.replace_cost(
        line=old, entry=line(amount=5), why=" Read wrongly ", by=staff[MANAGER]
    )
    assert (new.replaces_id, new.why) == (old.pk, "Read wrongly")
    assert [one.pk for one in standing(CostLine, staff)] == [new.pk]
    assert len(rows(CostLine, staff)) == 2
    with pytest.raises(Refused, match="replaced or struck this line already"):
        actions.replace_cost(line=old, entry=line(), why="Again", by=staff[MANAGER])


def test_a_replacement_sent_twice_is_one(staff: Staff) -> None:
    old, ident = add(staff), new_id()
    for _ in range(2):
        actions.replace_cost(line=old, entry=line(amount=5), why="x", by=staff[MANAGER], id=ident)
    assert len(rows(CostLine, staff)) == 2


def test_a_struck_line_counts_no_more_and_says_why(staff: Staff) -> None:
    old = add(staff)
    gone = actions.strike(row=old, why="Paid by another service", by=staff[MANAGER])
    assert (gone.struck, gone.why) == (True, "Paid by another service")
    assert standing(CostLine, staff) == []
    kept = actions.add_contract(service=SERVICE, entry=contract(), by=staff[MANAGER])
    other = actions.replace_contract(
        contract=kept, entry=contract(persons=9), why="x", by=staff[MANAGER]
    )
    actions.strike(row=other, why="Never signed", by=staff[MANAGER])
    assert standing(FundingContract, staff) == []
    assert len(rows(FundingContract, staff)) == 3


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (lambda by, old: actions.add_cost(service=SERVICE, entry=line(price_year=0), by=by),
         "prices of which year"),
        (lambda by, old: actions.add_contract(service=SERVICE, entry=contract(funder=""), by=by),
         "Say who pays"),
        (lambda by, old: actions.add_cost(service="dvip", entry=line(), by=by),
         "a service in which you do not work"),
        (lambda by, old: actions.strike(row=old, why=" ", by=by), "Say why"),
        (lambda by, old: actions.replace_cost(line=old, entry=line(), why="", by=by), "Say why"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_in_a_sentence(staff: Staff, act, sentence) -> None:
    old = add(staff)
    with pytest.raises(Refused, match=sentence):
        act(staff[MANAGER], old)
    assert len(rows(CostLine, staff)) == 1


def test_a_file_with_one_bad_line_adds_nothing(staff: Staff) -> None:
    with pytest.raises(Refused):
        actions.add_costs(service=SERVICE, entries=[line(), line(amount=0)], by=staff[MANAGER])
    assert rows(CostLine, staff) == []


def test_the_database_lets_nobody_change_a_kept_line(staff: Staff) -> None:
    kept = add(staff)
    kept.amount = 1
    with pytest.raises(ProgrammingError, match="permission denied"), acting(staff[MANAGER]):
        kept.save(update_fields=["amount"])
