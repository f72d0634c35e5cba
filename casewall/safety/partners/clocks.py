"""How a service counts days and whom it contacts, from its definition."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache

from casewall.programme.groups.planning.days_off import days_off
from casewall.safety.partners.rules import add_working_days
from casewall.services.load import shipped
from casewall.services.schema import Service


@lru_cache(maxsize=32)
def _off(country: str) -> Callable[[date], str]:
    return days_off(country)


def working_days_after(start: date, days: int, service: Service | None) -> date:
    """The day `days` working days after `start`; public holidays of the country do not count."""
    return add_working_days(start, days, _off(service.country) if service else None)


def first_contact_by(start: date, service: str) -> date:
    """The day by which a partner must have been tried, where the clock began on `start`."""
    known = shipped()[service]
    return working_days_after(start, known.clocks.first_contact_working_days, known)


def contacts_when_suitable(service: str) -> bool:
    """Whether this service contacts partners only of clients who were found suitable."""
    known = shipped().get(service)
    return known is not None and known.partner_support.trigger == "assessed_suitable"
