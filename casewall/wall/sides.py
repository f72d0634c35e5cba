"""The two sides, the places where a fact can be, and the people who look.

The programme side works with the client, who has used violence. The safety side works with
partners and children, and with the risk to them. Nothing else in Casewall is divided so
strictly, and everything else follows from it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class Side(StrEnum):
    """A side of the wall. Each has a PostgreSQL cluster of its own."""

    PROGRAMME = "programme"
    SAFETY = "safety"


class Place(StrEnum):
    """A place where a fact can come from or arrive: the ends of a flow."""

    FRONT_DOOR = "front_door"
    PROGRAMME = "programme"
    SAFETY = "safety"
    REPORTING = "reporting"
    OUTSIDE = "outside"


class Role(StrEnum):
    """What a worker is trusted with. A person has one account, on one site."""

    FACILITATOR = "facilitator"
    ASSESSOR = "assessor"
    PROGRAMME_MANAGER = "programme_manager"
    REFERRER = "referrer"
    PROGRAMME_ADMINISTRATOR = "programme_administrator"
    PROGRAMME_SYSTEM = "programme_system"
    PARTNER_WORKER = "partner_worker"
    CHILDRENS_WORKER = "childrens_worker"
    COORDINATOR = "coordinator"
    SAFETY_MANAGER = "safety_manager"
    DATA_PROTECTION_OFFICER = "data_protection_officer"
    EVALUATOR = "evaluator"
    SAFETY_ADMINISTRATOR = "safety_administrator"
    SAFETY_SYSTEM = "safety_system"


SIDE_OF_ROLE: dict[Role, Side] = {
    Role.FACILITATOR: Side.PROGRAMME,
    Role.ASSESSOR: Side.PROGRAMME,
    Role.PROGRAMME_MANAGER: Side.PROGRAMME,
    Role.REFERRER: Side.PROGRAMME,
    Role.PROGRAMME_ADMINISTRATOR: Side.PROGRAMME,
    Role.PROGRAMME_SYSTEM: Side.PROGRAMME,
    Role.PARTNER_WORKER: Side.SAFETY,
    Role.CHILDRENS_WORKER: Side.SAFETY,
    Role.COORDINATOR: Side.SAFETY,
    Role.SAFETY_MANAGER: Side.SAFETY,
    Role.DATA_PROTECTION_OFFICER: Side.SAFETY,
    Role.EVALUATOR: Side.SAFETY,
    Role.SAFETY_ADMINISTRATOR: Side.SAFETY,
    Role.SAFETY_SYSTEM: Side.SAFETY,
}

SYSTEM_ROLES = frozenset({Role.PROGRAMME_SYSTEM, Role.SAFETY_SYSTEM})


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whoever is looking: the only argument that decides what can be seen.

    `compartments` holds the numbers of the compartments (agency × service × sensitivity) that
    the worker is a member of; the database checks the same membership again by itself.
    `services` are the codes of the services that these belong to; they decide nothing.
    `excluded` are identifiers of people and files that the worker is kept away from: a row that
    names one of them looks absent. `out_of_turn` are files that the worker has opened
    for a few hours and with a reason; what is excluded stays absent all the same.
    """

    worker: UUID
    name: str
    role: Role
    agency: str
    compartments: frozenset[int] = frozenset()
    services: frozenset[str] = field(default=frozenset(), compare=False)
    excluded: frozenset[UUID] = frozenset()
    out_of_turn: frozenset[UUID] = frozenset()

    @property
    def side(self) -> Side:
        """The side on which this viewer has an account."""
        return SIDE_OF_ROLE[self.role]

    @property
    def is_system(self) -> bool:
        """True for the account under which a side's own background work runs."""
        return self.role in SYSTEM_ROLES
