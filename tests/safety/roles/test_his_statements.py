"""What the client says of a partner is kept as his statement; it makes and changes no file."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

import casewall
from casewall.programme.cases.actions import declare_partner
from casewall.safety.partners.models import Partner, PartnerFile, SafeContact
from casewall.safety.pulled.actions import pull
from casewall.safety.pulled.models import PulledDeclaration
from casewall.services.load import shipped
from casewall.wall.context import acting
from casewall.wall.labels import Label
from casewall.wall.sides import Role
from tests.people import SERVICE, Staff
from tests.wall.rows import a_case, a_file

HERS = (Partner, PartnerFile, SafeContact)
SAID = {
    "name": "Benedikte Fiktivsen",
    "contact_details": "+45 20 00 00 99, Opdigtet Vej 99",
    "relation": "current",
}
STATED = date(2026, 3, 3)
PULLED = Path(casewall.__file__).parent / "safety" / "pulled"


def seen(staff: Staff, model: Any) -> list[tuple[Any, ...]]:
    """Every value of the partner's own tables, as the safety manager sees it."""
    by = staff[Role.SAFETY_MANAGER]
    with acting(by):
        return list(model.objects.visible_to(by).order_by("id").values_list())


def declare(staff: Staff, case: Any, **said: Any) -> None:
    declare_partner(
        case=case,
        stated_by="client",
        stated_on=STATED,
        by=staff[Role.PROGRAMME_MANAGER],
        **{**SAID, **said},
    )


def pulled(staff: Staff) -> None:
    pull(by=staff[Role.SAFETY_SYSTEM], services={SERVICE: shipped()[SERVICE]}, at=timezone.now())


@pytest.mark.parametrize("known", [True, False], ids=["known here", "not known here"])
def test_a_declaration_neither_makes_nor_changes_a_partner(staff: Staff, known: bool) -> None:
    if known:
        a_file(staff, phone="+4520000002", address="Opdigtet Vej 1")
    before = {model: seen(staff, model) for model in HERS}
    case = a_case(staff)
    declare(staff, case)
    pulled(staff)
    declare(staff, case, contact_details="+45 20 00 00 98", name="Benedikte F. Fiktivsen")
    pulled(staff)
    assert {model: seen(staff, model) for model in HERS} == before
    by = staff[Role.SAFETY_MANAGER]
    with acting(by):
        rows = PulledDeclaration.objects.visible_to(by)
        assert {(row.stated_by, row.stated_on) for row in rows} == {("client", STATED)}
        assert len(rows) == 2


def test_a_statement_says_whose_it_is_and_stands_in_a_table_of_its_own() -> None:
    labels = PulledDeclaration.labels()
    assert (labels["stated_by"], labels["stated_on"]) == (Label.CODE, Label.DATE)
    assert "partner" not in labels
    assert "file" not in labels


WRITES_HERS = {"Partner", "SafeContact", "open_file", "draft_file", "set_safe_contact",
               "index_partner", "record_contact"}  # fmt: skip


def test_the_pull_has_no_hand_on_a_partner_s_own_record() -> None:
    sources = sorted(path for path in PULLED.rglob("*.py") if "migrations" not in path.parts)
    assert len(sources) > 4
    used = {
        (path.name, node.id if isinstance(node, ast.Name) else node.name)
        for path in sources
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.Name, ast.alias))
    }
    assert {name for _, name in used} & WRITES_HERS == set()
    assert any(name == "PulledDeclaration" for _, name in used)
