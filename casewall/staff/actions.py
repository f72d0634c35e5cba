"""Setting up services, compartments and accounts on a site."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from casewall.staff.models import Agency, Compartment, Membership, Service, Worker
from casewall.wall.context import on_side
from casewall.wall.sides import SIDE_OF_ROLE, SYSTEM_ROLES, Role, Side


def install_service(
    *,
    side: Side,
    code: str,
    name: str,
    agencies: Iterable[tuple[str, str]],
    referring: Iterable[tuple[str, str]] = (),
) -> None:
    """Make the agencies and compartments of a service on one side; repeating changes nothing.

    `referring` are agencies that stand outside and only refer: accounts belong to them, and they
    have no compartment of their own, since they keep no records here.
    """
    using = side.value
    with on_side(side), transaction.atomic(using=using):
        Service.objects.using(using).update_or_create(code=code, defaults={"name": name})
        for agency_code, agency_name in agencies:
            Agency.objects.using(using).update_or_create(
                code=agency_code, defaults={"name": agency_name}
            )
            for sensitivity in (Compartment.STANDARD, Compartment.RESTRICTED):
                Compartment.objects.using(using).get_or_create(
                    agency_id=agency_code, service_id=code, sensitivity=sensitivity
                )
        for agency_code, agency_name in referring:
            Agency.objects.using(using).update_or_create(
                code=agency_code, defaults={"name": agency_name}
            )
        _install_system_account(side)


def _install_system_account(side: Side) -> None:
    role = next(r for r in SYSTEM_ROLES if SIDE_OF_ROLE[r] is side)
    using = side.value
    worker, made = Worker.objects.using(using).get_or_create(
        role=role,
        defaults={"email": f"system@{side.value}.invalid", "name": "Casewall background work"},
    )
    if made:
        worker.set_unusable_password()
        worker.save(using=using)
    for compartment in Compartment.objects.using(using).all():
        Membership.objects.using(using).get_or_create(worker=worker, compartment=compartment)


def add_worker(
    *,
    side: Side,
    email: str,
    name: str,
    role: Role,
    agency: str,
    services: Iterable[str],
    password: str | None,
    invented: bool = False,
    sex: str | None = None,
    also_for: Iterable[str] = (),
) -> Worker:
    """Make an account on one site. Raises `ValueError` where the role belongs to the other.

    A worker is a member of the standard compartments of the own agency in the given services;
    coordinators, safety managers and data protection officers of every agency's on their side. A
    referrer, whose agency has none, is a member of the standard ones of every agency there: which
    of the rows are own referrals is decided by `visible_rows`. `also_for` names other agencies of
    the services with whose clients the worker works too, since a case lies in the compartment of
    one agency. `sex` is as the worker stated it (a code of `Worker.SEXES`), if at all.
    """
    if SIDE_OF_ROLE[role] is not side:
        raise ValueError(
            f"A {role.value.replace('_', ' ')} has an account on the "
            f"{SIDE_OF_ROLE[role]} site, not on the {side} site."
        )
    using = side.value
    with on_side(side), transaction.atomic(using=using):
        worker = Worker.objects.db_manager(using).create_user(
            email=email,
            password=password,
            name=name,
            role=role,
            agency_id=agency,
            invented=invented,
            sex=sex,
        )
        rows = Compartment.objects.using(using).filter(service_id__in=list(services))
        everywhere = (Role.COORDINATOR, Role.SAFETY_MANAGER, Role.DATA_PROTECTION_OFFICER)
        if role not in everywhere:
            rows = rows.filter(sensitivity=Compartment.STANDARD)
        if role not in (*everywhere, Role.REFERRER):
            rows = rows.filter(agency_id__in={agency, *also_for})
        if role not in (Role.PROGRAMME_ADMINISTRATOR, Role.SAFETY_ADMINISTRATOR, Role.EVALUATOR):
            Membership.objects.using(using).bulk_create(
                [Membership(worker=worker, compartment=row) for row in rows]
            )
    return worker


def compartment_for(*, side: Side, service: str, agency: str | None = None) -> int:
    """The number of the standard compartment of a service's agency on a side.

    Without `agency` the service must have one agency on that side. Raises `LookupError`.
    """
    rows = Compartment.objects.using(side.value).filter(
        service_id=service, sensitivity=Compartment.STANDARD
    )
    if agency is not None:
        rows = rows.filter(agency_id=agency)
    numbers = list(rows.order_by("number").values_list("number", flat=True))
    if not numbers:
        raise LookupError(f"The service “{service}” is not set up on the {side} side.")
    return int(numbers[0])


def installed_codes(side: Side) -> list[str]:
    """The services that are set up on this side."""
    return list(Service.objects.using(side.value).order_by("code").values_list("code", flat=True))
