"""Every write to the cost ledger and the contracts: added, replaced or struck, never edited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from casewall.audit.actions import record
from casewall.safety.costs.models import CostLine, FundingContract, LedgerRow
from casewall.safety.costs.rules import ContractEntry, CostEntry, contract_fits, cost_fits
from casewall.staff.models import Compartment
from casewall.wall.context import acting, on_side
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, require
from casewall.wall.ids import new_id
from casewall.wall.sides import Viewer

GONE = "Somebody else has replaced or struck this line already. Look at how the ledger stands now."


def services_of(by: Viewer) -> list[str]:
    """The services whose money this worker can keep."""
    with on_side(by.side):
        rows = Compartment.objects.filter(number__in=by.compartments)
        return sorted(set(rows.values_list("service_id", flat=True)))


def add_cost(*, service: str, entry: CostEntry, by: Viewer, id: UUID | None = None) -> CostLine:
    """Add a line. The same `id` twice is the same line. Raises `Refused` with what to mend."""
    return _added(CostLine, service, entry, by, id)


def add_costs(*, service: str, entries: Sequence[CostEntry], by: Viewer) -> list[CostLine]:
    """Add the lines of a file, all or none."""
    with acting(by):
        return [add_cost(service=service, entry=entry, by=by) for entry in entries]


def add_contract(
    *, service: str, entry: ContractEntry, by: Viewer, id: UUID | None = None
) -> FundingContract:
    """Add a contract. The same `id` twice is the same one."""
    return _added(FundingContract, service, entry, by, id)


def replace_cost(
    *, line: CostLine, entry: CostEntry, why: str, by: Viewer, id: UUID | None = None
) -> CostLine:
    """Put a line in the place of another, which stays to be read and counts no more."""
    return _instead(line, entry, why, by, id)


def replace_contract(
    *,
    contract: FundingContract,
    entry: ContractEntry,
    why: str,
    by: Viewer,
    id: UUID | None = None,
) -> FundingContract:
    """Put a contract in the place of another."""
    return _instead(contract, entry, why, by, id)


def strike(*, row: LedgerRow, why: str, by: Viewer) -> LedgerRow:
    """Take a line or a contract out of every figure; it stays to be read, with the reason."""
    require(by, Duty.KEEP_COSTS)
    _say_why(why)
    with acting(by):
        row = _standing(row, by)
        kept = {
            field.attname: getattr(row, field.attname)
            for field in row._meta.concrete_fields
            if field.attname not in ("id", "replaces_id")
        }
        return _saved(type(row)(**{
            **kept, "id": new_id(), "replaces_id": row.pk, "struck": True, "why": why.strip(),
            "entered_by": by.worker, "entered_at": timezone.now(),
        }), "struck", by)  # fmt: skip


def _added(model: Any, service: str, entry: Any, by: Viewer, id: UUID | None) -> Any:
    require(by, Duty.KEEP_COSTS)
    _check(entry)
    with acting(by):
        known = model.objects.visible_to(by).filter(pk=id).first() if id else None
        if known is not None:
            return known
        return _saved(_row(model, service, _compartment(service, by), entry, by, id), "added", by)


def _instead(row: Any, entry: Any, why: str, by: Viewer, id: UUID | None) -> Any:
    require(by, Duty.KEEP_COSTS)
    _check(entry)
    _say_why(why)
    with acting(by):
        known = type(row).objects.visible_to(by).filter(pk=id).first() if id else None
        if known is not None:
            return known
        row = _standing(row, by)
        new = _row(type(row), row.service, row.compartment, entry, by, id)
        new.replaces_id, new.why = row.pk, why.strip()
        return _saved(new, "replaced", by)


def _check(entry: CostEntry | ContractEntry) -> None:
    decision = cost_fits(entry) if isinstance(entry, CostEntry) else contract_fits(entry)
    if not decision:
        raise Refused(decision.reason)


def _say_why(why: str) -> None:
    if not why.strip():
        raise Refused("Say why, so that whoever reads the ledger later understands it.")


def _standing(row: LedgerRow, by: Viewer) -> Any:
    rows = type(row).objects.visible_to(by)
    found = type(row).standing(rows).filter(pk=row.pk).first()
    if found is None:
        raise Refused(GONE)
    return found


def _compartment(service: str, by: Viewer) -> int:
    rows = Compartment.objects.filter(number__in=by.compartments, service_id=service)
    number: int | None = rows.order_by("number").values_list("number", flat=True).first()
    if number is None:
        raise Refused("This line would belong to a service in which you do not work.")
    return number


def _row(
    model: Any, service: str, compartment: int, entry: Any, by: Viewer, id: UUID | None
) -> Any:
    return model(
        id=id or new_id(), service=service, compartment=compartment, entered_by=by.worker,
        entered_at=timezone.now(), **asdict(entry),
    )  # fmt: skip


def _saved(row: Any, verb: str, by: Viewer) -> Any:
    try:
        with transaction.atomic(using=by.side.value):
            row.save(force_insert=True)
    except IntegrityError as problem:  # two who replaced one line in the same moment
        raise Refused(GONE) from problem
    record(by=by, verb=verb, thing=row)
    return row
