"""The service and one invented worker of each role, in clusters that were just made.

Run as the owner: `python -m casewall.config.prove.people`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from casewall.wall.sides import SIDE_OF_ROLE, SYSTEM_ROLES, Role, Side

if TYPE_CHECKING:
    from casewall.staff.models import Worker

SERVICE = "intervention-centre"
AGENCY = {
    **{role: "vesterlo-treatment" if side is Side.PROGRAMME else "lyngholm-shelter"
       for role, side in SIDE_OF_ROLE.items()},
    Role.REFERRER: "fjordby-police",
    Role.COORDINATOR: "coordination-office",
    Role.SAFETY_MANAGER: "coordination-office",
    Role.DATA_PROTECTION_OFFICER: "coordination-office",
    Role.EVALUATOR: "coordination-office",
    Role.SAFETY_ADMINISTRATOR: "coordination-office",
}


def add_everybody(password: str = "") -> dict[Role, Worker]:
    """Set the service up and add a worker of each role, as the owner of each database.

    Without a password everybody gets one that nobody knows.
    """
    from casewall.config.setup import install_definition
    from casewall.services.load import shipped
    from casewall.staff.actions import add_worker
    from casewall.wall.context import on_side

    install_definition(shipped()[SERVICE])
    made = {}
    for role in Role:
        if role in SYSTEM_ROLES:
            continue
        side = SIDE_OF_ROLE[role]
        with on_side(side):
            made[role] = add_worker(
                side=side, email=f"{role.value}@example.invalid",
                name=f"Invented {role.value.replace('_', ' ')}", role=role, agency=AGENCY[role],
                services=[SERVICE], password=password or f"invented {role.value} of no use",
                invented=True,
            )  # fmt: skip
    return made


if __name__ == "__main__":
    import django

    django.setup()
    add_everybody()
