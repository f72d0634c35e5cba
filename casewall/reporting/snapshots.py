"""Which service, which period, which records: what every pack begins with."""

from __future__ import annotations

from datetime import date

from django.conf import settings

from casewall.reporting.extract import Snapshot, build
from casewall.services.load import shipped
from casewall.services.schema import Service


class CannotReport(ValueError):
    """What was asked for cannot be made; says why."""


def service_named(code: str) -> Service:
    """The definition of a service. Raises `CannotReport`, naming those that there are."""
    known = shipped()
    if code not in known:
        raise CannotReport(f"There is no service “{code}”. Known: {', '.join(sorted(known))}.")
    return known[code]


def snapshot_of(service: Service, *, as_of: date, first: date | None = None,
                last: date | None = None) -> Snapshot:
    """The extract of a service for a period; without days, the period of its definition.

    Raises `CannotReport` where the period is reversed, or a day is missing that the definition
    does not give.
    """
    ran = service.period
    first = first or (ran.started_on if ran else None)
    if first is None:
        raise CannotReport(f"The definition of {service.id} says no first day; write --from.")
    last = last or (ran.ended_on if ran and ran.ended_on else as_of)
    if first > last:
        raise CannotReport(f"The period ends on {last}, before it begins on {first}.")
    return build(service, key=settings.CASEWALL_EXTRACT_KEY, period_from=first, period_to=last,
                 as_of=as_of)
