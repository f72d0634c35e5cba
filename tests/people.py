"""Invented workers for tests, one of each role, in the Danish service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.test import Client, override_settings
from django.test.signals import root_urlconf_changed, setting_changed
from django.urls import set_urlconf

from casewall.config.prove.people import SERVICE as SERVICE
from casewall.config.prove.people import add_everybody
from casewall.staff.actions import add_worker
from casewall.staff.models import Worker, system_viewer
from casewall.wall.context import on_side
from casewall.wall.sides import SIDE_OF_ROLE, SYSTEM_ROLES, Role, Side, Viewer

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
    with _as_owner(owner_urls):
        workers = add_everybody(PASSWORD)
        viewers = {}
        for role in Role:
            with on_side(SIDE_OF_ROLE[role]):
                viewers[role] = (system_viewer(role) if role in SYSTEM_ROLES
                                 else workers[role].as_viewer())
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


def _addresses_changed(*, setting: str, **kwargs: Any) -> None:
    if setting == "ROOT_URLCONF":
        set_urlconf(None)


# Django forgets all addresses whenever a test names another site, and reading them in again costs
# a page test a tenth of its time. They are kept by the name of the site, so none can be mixed up.
setting_changed.disconnect(root_urlconf_changed)
setting_changed.connect(_addresses_changed)


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
