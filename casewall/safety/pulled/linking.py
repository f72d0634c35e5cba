"""Links that a referral makes by itself: never of one person with itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from uuid import UUID, uuid5

from casewall.audit.actions import record
from casewall.safety.partners.models import PartnerFile, PartnerTask
from casewall.wall.sides import Viewer

Pair = tuple[UUID, UUID]
"""A partner's file and a case."""
Check = Callable[[Iterable[Pair]], set[Pair]]
"""Pairs → those in which the partner of the file and the client of the case are one person."""

BLOCKED = "link_blocked"
_CHECKS: dict[str, Check] = {}


def ask_before_linking(check: Check) -> None:
    """Say who knows persons on both sides; said again, it replaces the first."""
    _CHECKS["both parties"] = check


def may_be_linked(pairs: list[Pair], *, on: date, by: Viewer) -> list[Pair]:
    """The pairs that may be linked. Each other one is kept in the audit as *blocked* and becomes
    a task in its file, once."""
    check = _CHECKS.get("both parties")
    refused = check(pairs) if check and pairs else set()
    if refused:
        files = PartnerFile.objects.for_system("pull").in_bulk([file for file, _ in refused])
        for file, case in sorted(refused, key=str):
            _refuse(files[file], case, on, by)
    return [pair for pair in pairs if pair not in refused]


def _refuse(file: PartnerFile, case: UUID, on: date, by: Viewer) -> None:
    own = uuid5(file.pk, f"{BLOCKED} {case}")
    if PartnerTask.objects.for_system("pull").filter(pk=own).exists():
        return
    PartnerTask(
        id=own,
        compartment=file.compartment,
        file=file,
        kind=BLOCKED,
        due_on=on,
        note="The referral names one person on both sides of a case, so nothing was linked. Look "
        "at who does what to whom, and at the records.",
        case_id=case,
    ).save(force_insert=True)
    record(by=by, verb="blocked", thing=file, purpose="both parties")
