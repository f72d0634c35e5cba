"""Invented rows for tests of the wall, made through the actions that workers use."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from casewall.programme.cases.actions import open_case
from casewall.programme.cases.models import Case
from casewall.safety.partners.actions import open_file
from casewall.safety.partners.models import PartnerFile
from casewall.staff.actions import compartment_for
from casewall.wall.sides import Role, Side
from tests.people import SERVICE, Staff


def a_case(staff: Staff, **slots: Any) -> Case:
    """An invented client's case."""
    return open_case(
        slots={"id": str(uuid4()), "received_on": "2026-03-02", "route": "police",
               "given_name": "Aksel", "family_name": "Opdigtet", **slots},
        service=SERVICE, compartment=compartment_for(side=Side.PROGRAMME, service=SERVICE),
        prefix="+45", by=staff[Role.PROGRAMME_SYSTEM])


def a_file(staff: Staff, agency: str = "lyngholm-shelter", **part: Any) -> PartnerFile:
    """An invented partner's file."""
    return open_file(
        part={"given_name": "Benedikte", "family_name": "Fiktivsen", **part},
        service=SERVICE, route="police", referred_on=date(2026, 3, 2), prefix="+45",
        contact_due_days=5, compartment=compartment_for(side=Side.SAFETY, service=SERVICE,
                                                         agency=agency),
        by=staff[Role.COORDINATOR])
