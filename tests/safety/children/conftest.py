"""An invented family in the London service: two agencies, two partners of one client, a child."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client, override_settings
from django.utils import timezone

from casewall.config.setup import install_definition
from casewall.safety.children import actions
from casewall.safety.children.models import Child, ChildAdult, ChildSupport
from casewall.safety.children.rules import Of, Relationship
from casewall.safety.partners.actions import link_file, open_file, take_file
from casewall.safety.partners.models import PartnerFile
from casewall.safety.pulled.models import PulledCase, PulledChild, PulledDeclaration
from casewall.services.load import shipped
from casewall.staff.actions import add_worker, compartment_for
from casewall.staff.models import Worker, system_viewer
from casewall.wall.context import acting, on_side
from casewall.wall.sides import Role, Side, Viewer
from tests.people import Staff, _as_owner, signed_in, site_settings

SERVICE, SUPPORT, CHILDREN = "dvip", "thameslea-support", "thameslea-children"
# Ahead of the clock of the database, which believes a context only until its expiry.
TODAY = date(2036, 3, 11)
PHONE, ADDRESS = "+442079460018", "1 Invented Row"
ACCOUNTS = {
    "partner": (Role.PARTNER_WORKER, SUPPORT),
    "other": (Role.PARTNER_WORKER, SUPPORT),
    "children": (Role.CHILDRENS_WORKER, CHILDREN),
    "colleague": (Role.CHILDRENS_WORKER, CHILDREN),
    "coordinator": (Role.COORDINATOR, SUPPORT),
    "manager": (Role.SAFETY_MANAGER, SUPPORT),
    "officer": (Role.DATA_PROTECTION_OFFICER, SUPPORT),
    "evaluator": (Role.EVALUATOR, SUPPORT),
    "administrator": (Role.SAFETY_ADMINISTRATOR, SUPPORT),
}


@pytest.fixture(scope="module")
def workers(staff_once: Staff, owner_urls: dict[str, str]) -> dict[str, Worker]:
    """Invented workers of the London service, made once a module."""
    made = {}
    with _as_owner(owner_urls):
        install_definition(shipped()[SERVICE])
        with on_side(Side.SAFETY):
            for name, (role, agency) in ACCOUNTS.items():
                made[name] = add_worker(
                    side=Side.SAFETY,
                    email=f"{name}-{uuid4()}@example.invalid",
                    name=f"Invented {name}",
                    role=role,
                    agency=agency,
                    services=[SERVICE],
                    password=None,
                    invented=True,
                    also_for=[SUPPORT] if role is Role.CHILDRENS_WORKER else [],
                )
    return made


@dataclass
class Family:
    """Two partners of one client, each with a worker of her or his own, and the client's case."""

    viewers: dict[str, Viewer]
    workers: dict[str, Worker]
    file: PartnerFile
    other_file: PartnerFile
    case: PulledCase
    system: Viewer

    def __getitem__(self, name: str) -> Viewer:
        return self.viewers[name]

    def seen(self, name: str, model: Any, **which: Any) -> list[Any]:
        """What somebody sees of a model."""
        with acting(self[name]):
            return list(model.objects.visible_to(self[name]).filter(**which).order_by("id"))

    def child(self, by: str = "partner", **more: Any) -> Child:
        """A child on the first partner's file."""
        person = actions.Person(
            given_name=more.pop("given_name", "Opfundet"),
            family_name=more.pop("family_name", "Invented"),
            born_on=more.pop("born_on", date(2028, 2, 1)),
        )
        more.setdefault("file", self.file)
        more.setdefault("relationship", Relationship.PARENT)
        return actions.record_child(
            person=person, service=SERVICE, compartment=self.file.compartment, on=TODAY,
            by=self[by], **more,
        )

    def supported(self, **more: Any) -> ChildSupport:
        """A child with whom the children's worker works: consent given, work begun."""
        child = self.child(**more)
        support = actions.ask_support(child=child, on=TODAY, by=self["partner"])
        support = actions.take_child(support=support, by=self["children"])
        link, = self.seen("partner", ChildAdult, child=child, file=self.file)
        actions.state_arrangement(
            link=link, answers=[(Of.RESPONSIBILITY, "yes")], since=TODAY, by=self["partner"])
        actions.record_consent(
            support=support, consent_by=actions.work.ConsentBy.ADULT, adult=link,
            said=actions.work.Consent.GIVEN, said_on=TODAY, by=self["children"])
        return actions.begin_work(support=support, on=TODAY, by=self["children"])

    def stated(self, name: str | None = "Opfundet Invented", **more: Any) -> PulledChild:
        """A child as stated on the programme side."""
        with acting(self.system):
            row = PulledChild(
                compartment=self.case.compartment, source_version=1, as_of=timezone.now(),
                case_id=self.case.pk, name=name, born_on=more.pop("born_on", "2028-02-01"),
                lives="with_other_parent", stated_by="client", stated_on=TODAY, **more)
            row.save(force_insert=True)
        return row


def _pulled(system: Viewer, compartment: int) -> PulledCase:
    with acting(system):
        case = PulledCase(
            compartment=compartment, source_version=1, as_of=timezone.now(), client_id=uuid4(),
            referral_id=uuid4(), service=SERVICE, route="self", referred_on=TODAY,
            stage="started", stage_on=TODAY, contact="engaged", name="Opdigtet Klient",
            sex="unknown", client_version=1)
        case.save(force_insert=True)
        PulledDeclaration(
            compartment=compartment, source_version=1, as_of=timezone.now(), case_id=case.pk,
            name="Stated Partner", relation="former", contact_details=PHONE, stated_by="client",
            stated_on=TODAY).save(force_insert=True)
    return case


@pytest.fixture
def family(staff: Staff, workers: dict[str, Worker]) -> Family:
    """Made fresh for each test."""
    compartment = compartment_for(side=Side.SAFETY, service=SERVICE, agency=SUPPORT)
    with on_side(Side.SAFETY):
        system = system_viewer(Role.SAFETY_SYSTEM)
        viewers = {name: worker.as_viewer() for name, worker in workers.items()}
    case = _pulled(system, compartment)
    files = []
    for given, name in (("Amira", "partner"), ("Noor", "other")):
        file = open_file(
            part={"given_name": given, "family_name": "Invented", "phone": PHONE,
                  "address": ADDRESS},
            service=SERVICE, route="self", referred_on=TODAY, compartment=compartment,
            prefix="+44", contact_due_days=5, by=viewers["coordinator"])
        files.append(take_file(file=file, by=viewers[name]))
        link_file(file=file, case_id=case.pk, origin="search", on=TODAY,
                  by=viewers["coordinator"])
    return Family(viewers, workers, *files, case, system)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[None]:
    """The settings of the safety site."""
    with (
        site_settings(Side.SAFETY),
        override_settings(
            STATIC_ROOT=tmp_path, ALLOWED_HOSTS=["testserver", "127.0.0.1"],
            CASEWALL_SEARCH_URL="search",
            CASEWALL_NAVIGATION=[("Today", "today"), ("Children", "children")],
        ),
    ):
        yield


@pytest.fixture
def browser(family: Family, site: None) -> Callable[[str], Client]:
    """A signed-in browser of a worker, made once per test."""
    made: dict[str, Client] = {}

    def of(name: str) -> Client:
        if name not in made:
            made[name] = signed_in(family.workers[name])
        return made[name]

    return of


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    moment = datetime.combine(TODAY, time(10, 30), tzinfo=timezone.get_default_timezone())
    with time_machine.travel(moment, tick=True):
        yield
