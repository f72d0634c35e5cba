"""The local rules of a service, from its definition."""

from __future__ import annotations

from casewall.safety.conferences.rules import DEFAULT
from casewall.services.load import shipped
from casewall.services.schema import Marac, Matac


def marac_of(service: str) -> Marac:
    """The rule of a service's MARAC; the printed national one where it names none."""
    known = shipped().get(service)
    return known.marac if known is not None and known.marac is not None else DEFAULT


def matac_of(service: str) -> Matac | None:
    """The table of a service's tasking meeting; None where it has none."""
    known = shipped().get(service)
    return known.matac if known is not None else None
