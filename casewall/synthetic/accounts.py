"""Invented accounts, one or more for every role on each site, with a second factor."""

from __future__ import annotations

import json
import secrets
from base64 import b32encode
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

from casewall.services.schema import Service
from casewall.synthetic.lands import LANDS
from casewall.synthetic.people import People
from casewall.synthetic.script import write_private
from casewall.synthetic.words import words
from casewall.wall.sides import SIDE_OF_ROLE, Role, Side

FILE = "demo-accounts.json"

NAMES: dict[str, tuple[Role, str, str]] = {
    "facilitator": (Role.FACILITATOR, "Asger Plirreby", "marks the registers of own groups"),
    "facilitator-2": (Role.FACILITATOR, "Bodil Snirkelbalslev", "the other half of the groups"),
    "assessor": (Role.ASSESSOR, "Johanne Fnugmosebo", "meets and assesses clients"),
    "manager": (Role.PROGRAMME_MANAGER, "Ivar Tumlebakkeby", "all clients, groups and places"),
    "referrer": (Role.REFERRER, "Thyra Vimselund", "own referrals and released reports"),
    "programme-admin": (Role.PROGRAMME_ADMINISTRATOR, "Palle Nipsgrav", "no case at all"),
    "partner-worker": (
        Role.PARTNER_WORKER,
        "Solvej Humleskovslev",
        "own partners, scales, safe contact",
    ),
    "partner-worker-2": (Role.PARTNER_WORKER, "Mikkel Susvigelund", "the other half post"),
    "childrens-worker": (Role.CHILDRENS_WORKER, "Lærke Snirkelund", "own children"),
    "coordinator": (Role.COORDINATOR, "Esben Trylhavnlev", "intake, links, disclosures"),
    "safety-manager": (
        Role.SAFETY_MANAGER,
        "Merete Musketoftegrav",
        "the whole safety side, approvals, figures",
    ),
    "data-protection": (Role.DATA_PROTECTION_OFFICER, "Knud Rabalderslev", "rights and audit"),
    "evaluator": (Role.EVALUATOR, "Ragna Gnavdigeby", "figures, no names"),
    "safety-admin": (Role.SAFETY_ADMINISTRATOR, "Svend Pjatlund", "no file at all"),
}
"""Local part of the address → role, invented name, what one sees."""


@dataclass(frozen=True, slots=True)
class Account:
    """How to sign in as an invented worker. `secret` makes the codes of the second factor."""

    service: str
    email: str
    name: str
    role: str
    agency: str
    sees: str
    password: str
    secret: str


def new_password() -> str:
    """Four words that mean nothing, of more than fifteen characters; made afresh each time."""
    lists = words()["canary"]
    return "-".join(
        "".join(secrets.choice(lists[part]) for part in ("begin", "end")) for _ in range(4)
    )


def agency_of(role: Role, service: Service) -> str:
    """The agency of a service that a role works for; on its side, as the definition says it."""
    side = SIDE_OF_ROLE[role]
    if role is Role.REFERRER:
        return service.agencies_on("referrer")[0].id
    known = [agency.id for agency in service.agencies_on(side.value)]
    stated = [s.agency for s in service.staffing if s.role == role.value and s.agency in known]
    coordinating = [s.agency for s in service.staffing if s.role == "coordinator"]
    if side is Side.SAFETY and role not in (Role.PARTNER_WORKER, Role.CHILDRENS_WORKER):
        stated = stated or coordinating
    return stated[0] if stated else known[0]


IN_EVERY_SERVICE = (
    "facilitator",
    "facilitator-2",
    "assessor",
    "manager",
    "partner-worker",
    "partner-worker-2",
    "coordinator",
    "safety-manager",
)
"""The accounts that every service has; the first service has those of every role, and a service
that works with children has a children's worker."""


def draw_up(first: Service, *others: Service) -> dict[Side, list[Account]]:
    """Accounts for every role of each side of the first service, and for the daily work of others.

    One password for all, a second factor for each.
    """
    password = new_password()
    found: dict[Side, list[Account]] = {side: [] for side in Side}
    for local, (role, name, sees) in NAMES.items():
        found[SIDE_OF_ROLE[role]].append(
            _account(first, f"{local}@demo.invalid", role, name, sees, password)
        )
    for service in others:
        inventor = People(Random(f"{service.id}:workers"), place=LANDS[service.country])
        for local in (*IN_EVERY_SERVICE, *(["childrens-worker"] if service.children else [])):
            role, _, sees = NAMES[local]
            tongue = service.languages[0]
            name = f"{inventor.given_name('unknown', tongue)} {inventor.family_name(tongue)}"
            email = f"{local}.{service.id}@demo.invalid"
            found[SIDE_OF_ROLE[role]].append(_account(service, email, role, name, sees, password))
    return found


def _account(
    service: Service, email: str, role: Role, name: str, sees: str, password: str
) -> Account:
    return Account(
        service=service.id,
        email=email,
        name=f"{name} (invented)",
        role=role.value,
        agency=agency_of(role, service),
        sees=sees,
        password=password,
        secret=b32encode(secrets.token_bytes(20)).decode(),
    )


def keep(var: Path, accounts: dict[Side, list[Account]]) -> None:
    """Write each side's accounts into a private file of that side."""
    for side, some in accounts.items():
        write_private(var / side.value / FILE, json.dumps([asdict(a) for a in some], indent=1))


def kept(var: Path, side: Side) -> list[Account]:
    """The accounts of a side; none where no demonstration was made."""
    path = var / side.value / FILE
    if not path.exists():
        return []
    return [Account(**one) for one in json.loads(path.read_text(encoding="utf-8"))]
