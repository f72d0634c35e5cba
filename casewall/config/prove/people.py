"""The service and one invented worker of each role, in clusters that were just made.

Run as the owner: `python -m casewall.config.prove.people`.
"""

from __future__ import annotations

SERVICE = "intervention-centre"
AT_COORDINATION = ("coordinator", "safety_manager", "data_protection_officer", "evaluator",
                   "safety_administrator")


def install() -> None:
    """Set the service up and add the workers. Nobody signs in with the password."""
    import django

    django.setup()
    from casewall.config.setup import install_definition
    from casewall.services.load import shipped
    from casewall.staff.actions import add_worker
    from casewall.wall.context import on_side
    from casewall.wall.sides import SIDE_OF_ROLE, SYSTEM_ROLES, Role, Side

    install_definition(shipped()[SERVICE])
    for role in Role:
        if role in SYSTEM_ROLES:
            continue
        side = SIDE_OF_ROLE[role]
        agency = "vesterlo-treatment" if side is Side.PROGRAMME else "lyngholm-shelter"
        if role.value in AT_COORDINATION:
            agency = "coordination-office"
        if role is Role.REFERRER:
            agency = "fjordby-police"
        with on_side(side):
            add_worker(side=side, email=f"{role.value}@example.invalid",
                       name=f"Invented {role.value.replace('_', ' ')}", role=role, agency=agency,
                       services=[SERVICE], password=f"invented {role.value} of no use",
                       invented=True)


if __name__ == "__main__":
    install()
