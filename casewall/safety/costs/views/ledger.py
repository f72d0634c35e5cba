"""The ledger, the contracts, and a file of ledger lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from casewall.audit.actions import record
from casewall.outcomes.costs import Money, per_week, shipped_unit_costs
from casewall.safety.costs import actions, forms
from casewall.safety.costs.importing import read_lines
from casewall.safety.costs.models import CostLine, FundingContract, LedgerRow
from casewall.safety.reading import found, must
from casewall.services.load import shipped
from casewall.staff.requests import SignedInRequest
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty
from casewall.wall.sides import Viewer

form_page = require_http_methods(["GET", "HEAD", "POST"])
PROBLEMS_SHOWN = 100
COST_COLUMNS = [
    "Category",
    ("Amount", "number"),
    ("Price year", "number"),
    "Counted",
    "Period",
    "Source",
]
CONTRACT_COLUMNS = ["Who pays", ("Amount", "number"), ("A week", "number"), "Period", "For"]
UNIT_COLUMNS = [
    "What",
    ("Cost", "number"),
    "Of one",
    ("Price year", "number"),
    "Where",
    "Who bears it",
]


@require_safe
def costs(request: SignedInRequest) -> HttpResponse:
    """What stands in the ledger and which contracts run, with what the figures count."""
    viewer = request.viewer
    must(viewer, Duty.KEEP_COSTS)
    lines = CostLine.standing(CostLine.objects.visible_to(viewer)).order_by(
        "service", "-first_on", "category", "id"
    )
    contracts = FundingContract.standing(FundingContract.objects.visible_to(viewer)).order_by(
        "service", "-first_on", "funder", "id"
    )
    lines, contracts = list(lines), list(contracts)
    record(by=viewer, verb="listed", kind="costline")
    return render(request, "costs/costs.html", {
        "services": [_service(code, label, lines, contracts)
                     for code, label in _services(viewer)],
        "cost_columns": COST_COLUMNS,
        "contract_columns": CONTRACT_COLUMNS,
        "unit_columns": UNIT_COLUMNS,
        "unit_rows": [{"cells": [one.says, _plain(one.cost), one.per, one.cost.price_year,
                                 one.geography, one.perspective]}
                      for one in shipped_unit_costs().values()],
    })  # fmt: skip


def _service(
    code: str, label: str, lines: list[CostLine], contracts: list[FundingContract]
) -> dict[str, Any]:
    own = [one for one in lines if one.service == code]
    return {
        "label": label,
        "totals": _totals(own),
        "cost_rows": [{"url": reverse("cost", args=[one.pk]), "cells": [
            one.category.replace("_", " ").capitalize(), _plain(_money(one)), one.price_year,
            "yes" if one.included else "no, left out", _period(one), one.source]}
            for one in own],
        "contract_rows": [{"url": reverse("contract", args=[one.pk]), "cells": [
            one.funder, _plain(_money(one)), _plain(_weekly(one)), _period(one),
            _for_whom(one)]} for one in contracts if one.service == code],
    }  # fmt: skip


def _totals(lines: list[CostLine]) -> list[str]:
    """What is counted, by period, currency and price year: others are never added up."""
    sums: dict[tuple[Any, ...], int] = {}
    for one in lines:
        if one.included:
            key = (one.first_on, one.last_on, one.currency, one.price_year)
            sums[key] = sums.get(key, 0) + one.amount
    said = []
    for (first, last, currency, year), amount in sorted(sums.items()):
        total = Money.of_hundredths(amount, currency, year)
        said.append(
            f"{total}, counted for {first:%-d %B %Y} to {last:%-d %B %Y}: "
            f"{_plain(per_week(total, first, last))} a week."
        )
    return said


def _money(row: LedgerRow) -> Money:
    year = getattr(row, "price_year", row.first_on.year)
    return Money.of_hundredths(row.amount, row.currency, year)


def _weekly(row: LedgerRow) -> Money:
    return per_week(_money(row), row.first_on, row.last_on)


def _plain(money: Money) -> str:
    return f"{money.currency} {money.rounded():,.2f}"


def _period(row: LedgerRow) -> str:
    return f"{row.first_on:%-d %b %Y} to {row.last_on:%-d %b %Y}"


def _for_whom(one: FundingContract) -> str:
    persons = f"{one.persons} persons" if one.persons else ""
    return ", ".join(part for part in (one.area, persons) if part) or "not said"


def _services(viewer: Viewer) -> list[tuple[str, str]]:
    known = shipped()
    return [
        (code, known[code].name if code in known else code) for code in actions.services_of(viewer)
    ]


@form_page
def add_cost(request: SignedInRequest) -> HttpResponse:
    """A new line of the ledger."""
    form = forms.CostForm(request.POST or None, services=_services(request.viewer))
    return _answer(
        request,
        form,
        "Add a line to the ledger",
        lambda given: actions.add_cost(
            service=given["service"], entry=form.entry, by=request.viewer, id=given["form_id"]
        ),
    )


@form_page
def add_contract(request: SignedInRequest) -> HttpResponse:
    """A new contract."""
    form = forms.ContractForm(request.POST or None, services=_services(request.viewer))
    return _answer(
        request,
        form,
        "Add a contract",
        lambda given: actions.add_contract(
            service=given["service"], entry=form.entry, by=request.viewer, id=given["form_id"]
        ),
    )


@form_page
def cost(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One line: replace it, or go on to striking it."""
    line = _row(request, CostLine, pk)
    initial = {
        **_shown(line),
        "category": line.category,
        "price_year": line.price_year,
        "included": "yes" if line.included else "no",
        "note": line.note,
    }
    form = forms.CostForm(request.POST or None, services=[], replaces=True, initial=initial)
    return _answer(
        request,
        form,
        "Replace a line of the ledger",
        lambda given: actions.replace_cost(
            line=line, entry=form.entry, why=given["why"], by=request.viewer, id=given["form_id"]
        ),
        row=line,
        strike="cost-strike",
    )


@form_page
def contract(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One contract: replace it, or go on to striking it."""
    one = _row(request, FundingContract, pk)
    initial = {**_shown(one), "funder": one.funder, "area": one.area, "persons": one.persons}
    form = forms.ContractForm(request.POST or None, services=[], replaces=True, initial=initial)
    return _answer(
        request,
        form,
        "Replace a contract",
        lambda given: actions.replace_contract(
            contract=one, entry=form.entry, why=given["why"], by=request.viewer, id=given["form_id"]
        ),
        row=one,
        strike="contract-strike",
    )


@form_page
def strike_cost(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Take a line out of every figure."""
    return _strike(request, _row(request, CostLine, pk))


@form_page
def strike_contract(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Take a contract out of every figure."""
    return _strike(request, _row(request, FundingContract, pk))


def _strike(request: SignedInRequest, row: LedgerRow) -> HttpResponse:
    form = forms.StrikeForm(request.POST or None)
    return _answer(
        request,
        form,
        "Strike it out",
        lambda given: actions.strike(row=row, why=given["why"], by=request.viewer),
        row=row,
    )


def _row(request: SignedInRequest, model: Any, pk: UUID) -> Any:
    must(request.viewer, Duty.KEEP_COSTS)
    row = found(model.objects.visible_to(request.viewer), pk)
    record(by=request.viewer, verb="viewed", thing=row)
    return row


def _shown(row: LedgerRow) -> dict[str, Any]:
    return {
        "amount": f"{row.amount / 100:.2f}",
        "currency": row.currency,
        "first_on": row.first_on,
        "last_on": row.last_on,
        "source": row.source,
    }


def _answer(
    request: SignedInRequest,
    form: Any,
    title: str,
    act: Callable[[dict[str, Any]], LedgerRow],
    row: LedgerRow | None = None,
    strike: str = "",
) -> HttpResponse:
    must(request.viewer, Duty.KEEP_COSTS)
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "The ledger is kept.")
            return redirect("costs")
    return render(
        request, "costs/form.html",
        {"form": form, "title": title, "row": row, "says": _says(row),
         "strike": reverse(strike, args=[row.pk]) if row and strike else ""},
        status=422 if request.method == "POST" else 200,
    )  # fmt: skip


def _says(row: LedgerRow | None) -> str:
    if row is None:
        return ""
    name = row.funder if isinstance(row, FundingContract) else row.category.replace("_", " ")
    return f"{name.capitalize()}: {_plain(_money(row))}, {_period(row)}."


@form_page
def load(request: SignedInRequest) -> HttpResponse:
    """Load a file of lines after a trial; one bad row, and nothing is loaded."""
    viewer = request.viewer
    must(viewer, Duty.KEEP_COSTS)
    form = forms.FileForm(request.POST or None, request.FILES or None, services=_services(viewer))
    problems: tuple[str, ...] = ()
    would = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        reading = read_lines(given["file"], given["file"].name)
        problems = reading.problems
        if not problems and given["trial"]:
            would = len(reading.lines)
        elif not problems:
            actions.add_costs(service=given["service"], entries=reading.lines, by=viewer)
            messages.success(request, f"{len(reading.lines)} lines were loaded.")
            return redirect("costs")
    bad = request.method == "POST" and would is None
    return render(
        request, "costs/load.html",
        {"form": form, "problems": problems[:PROBLEMS_SHOWN],
         "more": max(0, len(problems) - PROBLEMS_SHOWN), "would": would},
        status=422 if bad else 200,
    )  # fmt: skip
