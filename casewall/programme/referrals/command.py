"""`casewall arrivals`: one round of the programme side's background work."""

from __future__ import annotations

from django.utils import timezone

from casewall.programme.referrals.actions import apply_arrivals
from casewall.services.load import shipped
from casewall.services.schema import Service
from casewall.staff.actions import installed_codes
from casewall.staff.models import system_viewer
from casewall.wall.context import on_side
from casewall.wall.sides import Role, Side, Viewer


def installed_services() -> dict[str, Service]:
    """The definitions of the services that are set up on this side."""
    known = shipped()
    return {code: known[code] for code in installed_codes(Side.PROGRAMME) if code in known}


def one_round(by: Viewer, services: dict[str, Service]) -> str:
    """Take in what arrived. Returns a line about it."""
    taken = apply_arrivals(by=by, services=services, on=timezone.localdate())
    return f"{taken} arrivals taken in."


def arrivals(arguments: list[str]) -> int:
    """Run one round and say what it did."""
    with on_side(Side.PROGRAMME):
        by = system_viewer(Role.PROGRAMME_SYSTEM)
    print(one_round(by, installed_services()))
    return 0
