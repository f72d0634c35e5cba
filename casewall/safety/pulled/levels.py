"""The programme's own level of risk: copied, and told where it is higher than before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from casewall.safety.pulled.models import FlowRisk, PulledRisk
from casewall.safety.pulled.rules import own_is_raised
from casewall.safety.pulled.telling import Notice

COPIED = ("case_id", "level", "state", "signed_on", "review_on")
Where = dict[UUID, tuple[int, str]]
"""Case → compartment and service here."""


def changed_levels(where: Where, at: datetime) -> tuple[list[PulledRisk], list[Notice]]:
    """Copies of assessments that are new or say something else, and what is told of them.

    The version of an assessment is its number and does not change while it is written, so that
    rows are compared field by field.
    """
    known = {row.pk: row for row in PulledRisk.objects.for_system("pull")}
    facts = [fact for fact in FlowRisk.objects.for_system("pull") if fact.case_id in where]
    new = [
        PulledRisk(
            id=fact.id,
            compartment=where[fact.case_id][0],
            source_version=fact.version,
            as_of=at,
            **{name: getattr(fact, name) for name in COPIED},
        )
        for fact in facts
        if fact.id not in known or _says(known[fact.id]) != _says(fact)
    ]
    return new, _raised(facts, known)


def _says(row: FlowRisk | PulledRisk) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in COPIED)


def _raised(facts: Iterable[FlowRisk], known: dict[UUID, PulledRisk]) -> list[Notice]:
    """Signed levels that were not known signed before and are above the one before them."""
    notices = []
    last: dict[UUID, str] = {}
    for fact in sorted(facts, key=lambda one: one.version):
        if fact.signed_on is None or not fact.level:
            continue
        was_known = fact.id in known and known[fact.id].signed_on is not None
        if not was_known and own_is_raised(last.get(fact.case_id, ""), fact.level):
            notices.append(
                Notice(fact.case_id, "tell_risk", str(fact.id), fact.signed_on, fact.id)
            )
        last[fact.case_id] = fact.level
    return notices
