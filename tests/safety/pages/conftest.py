"""An invented partner's file, a linked case, and browsers of every role on the safety site."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import time_machine
from django.test import Client, override_settings
from django.utils import timezone

from casewall.safety.partners.actions import link_file, open_file, take_file
from casewall.safety.partners.models import PartnerFile
from casewall.safety.pulled.models import PulledAttendance, PulledCase, PulledDeclaration
from casewall.staff.actions import compartment_for
from casewall.wall.context import acting
from casewall.wall.sides import SIDE_OF_ROLE, Role, Side
from tests.people import SERVICE, Staff, signed_in, site_settings

# Ahead of the clock of the database, which believes a context only until its expiry.
TODAY = date(2036, 3, 11)
NAVIGATION = [
    ("Today", "today"),
    ("Partners", "partners"),
    ("Referrals", "referrals"),
    ("Disclosures", "disclosures"),
    ("Figures", "figures"),
]
PHONE = "+4522334455"
ADDRESS = "Opdigtet Vej 1"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[None]:
    """The settings of the safety site."""
    with (
        site_settings(Side.SAFETY),
        override_settings(
            STATIC_ROOT=tmp_path,
            ALLOWED_HOSTS=["testserver", "127.0.0.1"],
            CASEWALL_SEARCH_URL="search",
            CASEWALL_NAVIGATION=NAVIGATION,
        ),
    ):
        yield


@pytest.fixture
def browser(staff: Staff, site: None) -> Callable[[Role], Client]:
    """A signed-in browser of a role, made once per test."""
    made: dict[Role, Client] = {}

    def of(role: Role) -> Client:
        if role not in made:
            assert SIDE_OF_ROLE[role] is Side.SAFETY
            made[role] = signed_in(staff.workers[role])
        return made[role]

    return of


@dataclass(frozen=True, slots=True)
class Invented:
    """One world: a file of the partner worker, one of nobody, a case linked to the first."""

    file: PartnerFile
    free: PartnerFile
    case_id: UUID


def new_file(
    staff: Staff,
    given: str = "Opdigtet",
    family: str = "Sørensen",
    referred_on: date = TODAY,
    **part: str,
) -> PartnerFile:
    """Open one more invented partner's file in the shelter organisation's compartment."""
    return open_file(
        part={"given_name": given, "family_name": family, **part},
        service=SERVICE,
        route="police",
        referred_on=referred_on,
        prefix="+45",
        contact_due_days=0,
        compartment=compartment_for(side=Side.SAFETY, service=SERVICE, agency="lyngholm-shelter"),
        by=staff[Role.COORDINATOR],
    )


def pulled_case(staff: Staff, name: str = "Opdigtet Klient", **fields: object) -> PulledCase:
    """A case as the pull copies it."""
    system = staff[Role.SAFETY_SYSTEM]
    where = compartment_for(side=Side.SAFETY, service=SERVICE, agency="lyngholm-shelter")
    with acting(system):
        case = PulledCase(
            compartment=where,
            source_version=1,
            as_of=timezone.now(),
            client_id=uuid4(),
            referral_id=uuid4(),
            service=SERVICE,
            route="police",
            referred_on=TODAY,
            stage="started",
            stage_on=TODAY,
            contact="engaged",
            name=name,
            sex="unknown",
            client_version=1,
            **fields,
        )
        case.save(force_insert=True)
        PulledAttendance(
            compartment=where,
            source_version=1,
            as_of=timezone.now(),
            case_id=case.id,
            held_on=TODAY,
            outcome="absent_not_accepted",
            minutes_planned=120,
            minutes_attended=0,
            session_version=1,
        ).save(force_insert=True)
    return case


def stated_partner(
    staff: Staff, case_id: UUID, name: str | None, contact: str | None = None
) -> PulledDeclaration:
    """A partner as stated on the programme side."""
    with acting(staff[Role.SAFETY_SYSTEM]):
        row = PulledDeclaration(
            compartment=compartment_for(
                side=Side.SAFETY, service=SERVICE, agency="lyngholm-shelter"
            ),
            source_version=1,
            as_of=timezone.now(),
            case_id=case_id,
            name=name,
            relation="former",
            contact_details=contact,
            stated_by="client",
            stated_on=TODAY,
        )
        row.save(force_insert=True)
    return row


@pytest.fixture
def world(staff: Staff) -> Invented:
    """Made fresh for each test."""
    file = new_file(
        staff, "Opdigtet", "Sørensen", phone=PHONE, address=ADDRESS, born_on="1985-03-27"
    )
    take_file(file=file, by=staff[Role.PARTNER_WORKER])
    free = new_file(staff, "Påfundet", "Ålborg")
    case = pulled_case(staff)
    link_file(file=file, case_id=case.pk, origin="search", on=TODAY, by=staff[Role.COORDINATOR])
    return Invented(file, free, case.pk)


@pytest.fixture(autouse=True)
def _clock(request: pytest.FixtureRequest) -> Iterator[None]:
    """Half past ten on the invented day: the same hour for every safe-contact plan."""
    moment = datetime.combine(TODAY, time(10, 30), tzinfo=timezone.get_default_timezone())
    with time_machine.travel(moment, tick=True):
        yield
