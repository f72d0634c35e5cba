"""Invented workers for tests, one of each role, in the Danish service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.test import Client, override_settings

from casewall.config.setup import install_definition
from casewall.services.load import shipped
from casewall.staff.actions import add_worker
from casewall.staff.models import Worker, system_viewer
from casewall.wall.context import on_side
from casewall.wall.sides import SIDE_OF_ROLE, Role, Side, Viewer

SERVICE = "intervention-centre"
AGENCY = {
    Role.REFERRER: "fjordby-police",
    Role.COORDINATOR: "coordination-office",
    Role.SAFETY_MANAGER: "coordination-office",
    Role.DATA_PROTECTION_OFFICER: "coordination-office",
    Role.EVALUATOR: "coordination-office",
    Role.SAFETY_ADMINISTRATOR: "coordination-office",
}
PASSWORD = "correct horse battery staple"


@dataclass(frozen=True, slots=True)
class Staff:
    """`viewers[role]` looks; `workers[role]` signs in."""

    viewers: dict[Role, Viewer]
    workers: dict[Role, Worker]

    def __getitem__(self, role: Role) -> Viewer:
        return self.viewers[role]


def _as_owner(owner_urls: dict[str, str]) -> Any:
    from casewall.config.settings import database

    class Swap:
        def __enter__(self) -> None:
            self.kept = {}
            for side, url in owner_urls.items():
                self.kept[side] = connections.settings[side]
                connections[side].close()
                connections.settings[side] = {**self.kept[side], **database(url)}
                del connections[side]

        def __exit__(self, *args: object) -> None:
            for side, old in self.kept.items():
                connections[side].close()
                connections.settings[side] = old
                del connections[side]

    return Swap()


def install_staff(owner_urls: dict[str, str]) -> Staff:
    """Set up the service and a worker of each role, as the owner of each database."""
    definition = shipped()[SERVICE]
    viewers: dict[Role, Viewer] = {}
    workers: dict[Role, Worker] = {}
    with _as_owner(owner_urls):
        install_definition(definition)
        for role in Role:
            side = SIDE_OF_ROLE[role]
            with on_side(side):
                if role in (Role.PROGRAMME_SYSTEM, Role.SAFETY_SYSTEM):
                    viewers[role] = system_viewer(role)
                    continue
                default = "vesterlo-treatment" if side is Side.PROGRAMME else "lyngholm-shelter"
                worker = add_worker(
                    side=side,
                    email=f"{role.value}@example.invalid",
                    name=f"Invented {role.value.replace('_', ' ')}",
                    role=role,
                    agency=AGENCY.get(role, default),
                    services=[SERVICE],
                    password=PASSWORD,
                    invented=True,
                )
                workers[role] = worker
                viewers[role] = worker.as_viewer()
    return Staff(viewers, workers)


def add_colleague(owner_urls: dict[str, str], role: Role, agency: str, email: str) -> Worker:
    """One more invented worker, for example of another agency."""
    with _as_owner(owner_urls), on_side(SIDE_OF_ROLE[role]):
        return add_worker(
            side=SIDE_OF_ROLE[role],
            email=email,
            name="Invented colleague",
            role=role,
            agency=agency,
            services=[SERVICE],
            password=PASSWORD,
            invented=True,
        )


def site_settings(side: Side) -> Any:
    """Settings as the site of this side has them, for pages tested in this process."""
    return override_settings(
        CASEWALL_SIDE=side.value,
        ROOT_URLCONF=f"casewall.config.urls.{side.value}",
        SESSION_COOKIE_NAME=f"{side.value}_session",
        CSRF_COOKIE_NAME=f"{side.value}_csrf",
    )


def signed_in(worker: Worker) -> Client:
    """A browser-like client signed in with both factors. Use inside `site_settings(side)`."""
    client = Client()
    client.force_login(worker, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session["second_factor"] = True
    session.save()
    return client
