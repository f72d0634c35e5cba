"""Making the invented accounts: as the owner, and the second factor in each side's own process."""

from __future__ import annotations

from collections.abc import Sequence

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import make_password

from casewall.services.load import shipped
from casewall.staff.actions import add_worker
from casewall.staff.models import Compartment, Worker
from casewall.synthetic.accounts import Account
from casewall.wall.context import on_side
from casewall.wall.sides import Role, Side


def install(side: Side, accounts: Sequence[Account]) -> int:
    """Make the accounts that are missing, as the owner; returns how many were made.

    In a service with several agencies on the programme side its workers there work for all of
    them, since clients go from one to the other. Children's workers work with the children of
    partners, whose records lie with the agency of partner support.
    """
    with on_side(side):
        workers = Worker.objects.using(side.value)
        known = set(workers.values_list("email", flat=True))
        made: dict[str, list[str]] = {}
        for one in accounts:
            if one.email not in known:
                made.setdefault(one.password, []).append(one.email)
                add_worker(
                    side=side,
                    email=one.email,
                    name=one.name,
                    role=Role(one.role),
                    agency=one.agency,
                    services=[one.service],
                    password=None,
                    invented=True,
                    also_for=_partners(one, side),
                )
        # Hashing is slow on purpose. The accounts share one printed password: one hash tells no
        # more than the table of the demonstration does.
        for password, emails in made.items():
            workers.filter(email__in=emails).update(password=make_password(password))
    return sum(one.email not in known for one in accounts)


WORK_FOR_ALL = (Role.FACILITATOR, Role.ASSESSOR, Role.PROGRAMME_MANAGER)


def _partners(one: Account, side: Side) -> list[str]:
    """The other agencies of a service with whose people the worker works."""
    if Role(one.role) is Role.CHILDRENS_WORKER:
        return [shipped()[one.service].partner_support.agency]
    if Role(one.role) not in WORK_FOR_ALL:
        return []
    rows = Compartment.objects.using(side.value).filter(service=one.service)
    return list(rows.values_list("agency_id", flat=True).distinct())


def give_second_factors(side: Side, accounts: Sequence[Account]) -> int:
    """Store the second factors, in the side's own process: only it can encrypt them."""
    given = 0
    with on_side(side):
        for one in accounts:
            worker = Worker.objects.get(email=one.email, invented=True)
            if not Authenticator.objects.filter(user=worker, type=Authenticator.Type.TOTP).exists():
                TOTP.activate(worker, one.secret)
                given += 1
    return given
