"""All shipped services on the programme side, with invented workers, for the stories."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import psycopg
import pytest
import time_machine

from casewall.services.load import shipped
from casewall.services.schema import Service
from casewall.staff.actions import add_worker, install_service
from casewall.staff.models import Compartment, Membership, system_viewer
from casewall.wall.context import on_side
from casewall.wall.sides import Role, Side, Viewer
from tests.people import SERVICE, Staff
from tests.people import _as_owner as as_owner
from tests.story.beginning import Office
from tests.story.walk import Walk

ROLES = (Role.ASSESSOR, Role.FACILITATOR, Role.PROGRAMME_MANAGER)
MAIL = "story.invalid"


def _open_office(service: Service) -> Office:
    """Set a service up on the programme side, with a worker of each role for all its agencies."""
    agencies = [(one.id, one.name) for one in service.agencies_on(Side.PROGRAMME.value)]
    install_service(side=Side.PROGRAMME, code=service.id, name=service.name, agencies=agencies)
    workers = {role: _hire(role, service, agencies[0][0]) for role in ROLES}
    return Office(
        service=service,
        system=system_viewer(Role.PROGRAMME_SYSTEM),
        assessor=workers[Role.ASSESSOR],
        facilitator=workers[Role.FACILITATOR],
        manager=workers[Role.PROGRAMME_MANAGER],
    )


def _hire(role: Role, service: Service, agency: str) -> Viewer:
    worker = add_worker(
        side=Side.PROGRAMME,
        email=f"{role.value}.{service.id}@{MAIL}",
        name=f"Invented {role.value.replace('_', ' ')}",
        role=role,
        agency=agency,
        services=[service.id],
        password=None,
        invented=True,
    )
    Membership.objects.bulk_create(
        [
            Membership(worker=worker, compartment=one)
            for one in Compartment.objects.filter(
                service=service.id, sensitivity=Compartment.STANDARD
            )
        ],
        ignore_conflicts=True,
    )
    return worker.as_viewer()


def _close_offices(url: str, services: list[str], agencies: list[str]) -> None:
    """Take away again what the stories set up, so that other tests find one service."""
    theirs = f"select id from staff_worker where right(email, {len(MAIL)}) = '{MAIL}'"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            f"delete from staff_membership where worker_id in ({theirs}) or compartment_id in "
            "(select number from staff_compartment where service_id = any(%s))",
            [services],
        )
        connection.execute(f"delete from staff_worker where id in ({theirs})")
        connection.execute("delete from staff_compartment where service_id = any(%s)", [services])
        connection.execute("delete from staff_service where code = any(%s)", [services])
        connection.execute("delete from staff_agency where code = any(%s)", [agencies])


@pytest.fixture(scope="module")
def offices(staff_once: Staff, owner_urls: dict[str, str]) -> Iterator[dict[str, Office]]:
    """An office for every shipped service; those that are new are closed after the module."""
    new = {code: service for code, service in shipped().items() if code != SERVICE}
    danish = shipped()[SERVICE]
    home = Office(
        service=danish,
        system=staff_once[Role.PROGRAMME_SYSTEM],
        assessor=staff_once[Role.ASSESSOR],
        facilitator=staff_once[Role.FACILITATOR],
        manager=staff_once[Role.PROGRAMME_MANAGER],
    )
    with as_owner(owner_urls), on_side(Side.PROGRAMME):
        opened = {code: _open_office(service) for code, service in new.items()}
    yield {SERVICE: home, **opened}
    known = {one.id for one in danish.agencies_on(Side.PROGRAMME.value)}
    agencies = {a.id for s in new.values() for a in s.agencies_on(Side.PROGRAMME.value)} - known
    _close_offices(owner_urls["programme"], list(new), sorted(agencies))


Tell = Callable[..., Walk]


@pytest.fixture
def tell(staff: Staff, offices: dict[str, Office]) -> Iterator[Tell]:
    """Begin a story: service, programme, the client's given name, and the day of the referral.

    The clock goes with the story. It stays ahead of the clock of the database, which believes a
    worker only for a while.
    """
    with time_machine.travel(datetime(2036, 1, 1, 9, tzinfo=ZoneInfo("Europe/Berlin"))) as clock:

        def begin(service: str, programme: str, name: str, today: date) -> Walk:
            return Walk(offices[service], programme, name, clock, today)

        yield begin
