"""The programme site with invented clients, for tests of its pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client, override_settings
from django.utils import timezone

from casewall.programme.agreements.actions import sign_agreement
from casewall.programme.cases import actions as on_cases
from casewall.programme.cases.models import Case
from casewall.programme.cases.rules import Outcome, Route, Stage, Suitability
from casewall.programme.groups import actions as on_groups
from casewall.programme.groups.models import Group
from casewall.services.load import shipped
from casewall.staff.actions import compartment_for, install_service
from casewall.staff.models import Worker
from casewall.wall.context import acting
from casewall.wall.sides import Role, Side
from tests.people import SERVICE, Staff, _as_owner, add_colleague, signed_in, site_settings

# Ahead of the clock of the database, which believes a context only until its expiry.
TODAY = date(2036, 3, 4)
NOW = datetime(2036, 3, 4, 12, 0, tzinfo=timezone.get_fixed_timezone(60))
NAVIGATION = [("Today", "today"), ("Cases", "cases"), ("Groups", "groups")]


@pytest.fixture
def site(staff: Staff, tmp_path: Path) -> Iterator[Staff]:
    """The programme site on an invented Tuesday, at noon."""
    with (time_machine.travel(NOW, tick=False), site_settings(Side.PROGRAMME),
          override_settings(STATIC_ROOT=tmp_path, ALLOWED_HOSTS=["testserver", "127.0.0.1"],
                            CASEWALL_SEARCH_URL="search", CASEWALL_NAVIGATION=NAVIGATION)):
        yield staff


@pytest.fixture(scope="module")
def elsewhere(staff_once: Staff, owner_urls: dict[str, str]) -> dict[str, Worker]:
    """A manager of another agency of the same service, and a facilitator without that group."""
    with _as_owner(owner_urls):
        install_service(side=Side.PROGRAMME, code=SERVICE, name=shipped()[SERVICE].name,
                        agencies=[("elsewhere", "Elsewhere (invented)")])
    return {
        "manager": add_colleague(owner_urls, Role.PROGRAMME_MANAGER, "elsewhere",
                                 "elsewhere.manager@example.invalid"),
        "facilitator": add_colleague(owner_urls, Role.FACILITATOR, "vesterlo-treatment",
                                     "other.facilitator@example.invalid"),
    }


Browse = Callable[[Role], Client]


@pytest.fixture
def browse(site: Staff) -> Browse:
    """A signed-in browser for a role."""
    return lambda role: signed_in(site.workers[role])


class World:
    """Makes invented cases and groups, through the actions that workers use."""

    def __init__(self, staff: Staff):
        self.staff = staff
        self.system = staff[Role.PROGRAMME_SYSTEM]
        self.manager = staff[Role.PROGRAMME_MANAGER]
        self.groups_made = 0

    def compartment(self) -> int:
        return compartment_for(side=Side.PROGRAMME, service=SERVICE)

    def case(self, given: str = "Anders", family: str = "Opdigtet", *,
             stage: Stage = Stage.REFERRED, referred_on: date = TODAY - timedelta(days=40),
             **slots: Any) -> Case:
        """An invented client's case, brought to a stage day by day."""
        case = on_cases.open_case(
            slots={"id": str(uuid4()), "received_on": referred_on.isoformat(), "route": "police",
                   "given_name": given, "family_name": family, **slots},
            service=SERVICE, compartment=self.compartment(), prefix="+45", by=self.system)
        return self._bring(case, stage, referred_on)

    def _bring(self, case: Case, stage: Stage, day: date) -> Case:
        by = self.manager
        path = [Stage.CONTACTED, Stage.ASSESSMENT_BOOKED, Stage.SUITABLE, Stage.AGREEMENT_SIGNED]
        for step in path[: path.index(stage) + 1] if stage in path else []:
            match step:
                case Stage.CONTACTED:
                    on_cases.record_contact(
                        case=case, tried_at=datetime.combine(day, time(10), NOW.tzinfo),
                        route=Route.PHONE, outcome=Outcome.SPOKE, by=by)
                case Stage.ASSESSMENT_BOOKED:
                    booked = on_cases.book_assessment(
                        case=case, booked_for=datetime.combine(day, time(11), NOW.tzinfo),
                        on=day, by=by)
                case Stage.SUITABLE:
                    on_cases.decide_suitability(assessment=booked, held_on=day,
                                                decision=Suitability.SUITABLE, by=by)
                case _:
                    sign_agreement(case=case, signed_on=day, text_version="1",
                                   language="da", by=by)
        return self.again(case)

    def again(self, case: Case) -> Case:
        """The case as it is stored now."""
        with acting(self.manager):
            return Case.objects.visible_to(self.manager).select_related("client").get(pk=case.pk)

    def group(self, name: str = "Tuesday group", *, starts_on: date = TODAY, sessions: int = 3,
              facilitators: list[Role] | None = None) -> Group:
        """An invented group, run by the facilitator unless said otherwise.

        Each begins two hours before the one made before it: nobody leads two at a time.
        """
        self.groups_made += 1
        workers = [self.staff[role].worker for role in facilitators or [Role.FACILITATOR]]
        return on_groups.plan_group(
            name=name, service=SERVICE, component="counselling-group", starts_on=starts_on,
            begins_at=time(20 - 2 * self.groups_made), minutes=120, sessions=sessions,
            facilitators=workers, compartment=self.compartment(), by=self.manager)

    def member(self, group: Group, case: Case, joined_on: date | None = None) -> None:
        """Place the client of a case in a group."""
        on_groups.place_in_group(group=group, case=case, joined_on=joined_on or group.starts_on,
                                 by=self.manager)

    def rows(self, model: Any, **having: Any) -> list[Any]:
        """Stored rows as the manager sees them."""
        with acting(self.manager):
            return list(model.objects.visible_to(self.manager).filter(**having))


@pytest.fixture
def world(site: Staff) -> World:
    """Invented cases and groups."""
    return World(site)


def day_boxes(name: str, day: date) -> dict[str, str]:
    """A day as the three boxes of a form post it."""
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month),
            f"{name}_year": str(day.year)}
