"""Keeping the accounts of a site: who works here, as what, until when, and a new way to sign in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core import signing
from django.db import transaction

from casewall.audit.actions import record
from casewall.staff.cluster import bind_account, keep_account
from casewall.staff.models import Agency, AgencySubject, Compartment, Membership, Worker
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_of_form
from casewall.wall.sides import SIDE_OF_ROLE, SYSTEM_ROLES, Role, Viewer

FIRST_LINK = timedelta(hours=24)
"""How long the link of a new account works: it is handed over in person or by telephone."""
NEXT_LINK = timedelta(minutes=15)
"""How long a link works that lets somebody in again."""
_SALT = "casewall.staff.first_password"


@dataclass(frozen=True, slots=True)
class Account:
    """What an administrator keeps of an account. `until` is its last day; None: no end is set."""

    email: str
    name: str
    role: Role
    agency: str
    compartments: frozenset[int]
    until: date | None = None
    active: bool = True


def keep(*, account: Account, worker: Worker | None, by: Viewer, form: UUID | None = None) -> UUID:
    """Make an account, or change one; who is disabled is signed out by the next request.

    A new one has no password: `first_link` says how its worker sets one. The same form twice makes
    one. Raises `Refused` for a role of the other site, the own account, another agency than those
    set up, or an e-mail address that another account has.
    """
    require(by, Duty.CONFIGURE)
    with acting(by):
        _may_be_kept(account, worker, by)
        number = worker.pk if worker else id_of_form(by.worker, form)
        others = Worker.objects.filter(email__iexact=account.email).exclude(pk=number)
        if others.exists():
            raise Refused("Another account has this e-mail address.")
        keep_account(
            worker=number, email=account.email.lower(), name=account.name, by=by,
            role=account.role.value, agency=account.agency, active=account.active,
            until=account.until, compartments=sorted(account.compartments),
        )  # fmt: skip
        verb = "made an account for" if worker is None else "changed the account of"
        record(by=by, verb=verb, kind="worker", object_id=number,
               purpose=account.role.value if account.active else "disabled")
    return number


def _may_be_kept(account: Account, worker: Worker | None, by: Viewer) -> None:
    if worker is not None and worker.pk == by.worker:
        raise Refused("Another administrator keeps your own account.")
    if SIDE_OF_ROLE[account.role] is not by.side or account.role in SYSTEM_ROLES:
        raise Refused("This role has its accounts on another site.")
    if not Agency.objects.filter(code=account.agency).exists():
        raise Refused("Choose an agency that is set up on this site.")
    places = Compartment.objects.filter(number__in=account.compartments).count()
    if places != len(account.compartments):
        raise Refused("Choose from the places that are set up on this site.")


def reset_sign_in(*, worker: Worker, by: Viewer) -> None:
    """Take away password, second factor and recovery codes; every session of the worker ends.

    For somebody who has lost a telephone, once the administrator has made sure who is asking.
    """
    require(by, Duty.CONFIGURE)
    if worker.pk == by.worker:
        raise Refused("Another administrator keeps your own account.")
    with acting(by):
        Authenticator.objects.filter(user=worker).delete()
        worker.set_unusable_password()
        worker.save(update_fields=["password"])
        record(by=by, verb="reset the sign-in of", kind="worker", object_id=worker.pk)


def bind(*, worker: Worker, issuer: str, subject: str, by: Viewer) -> None:
    """Bind an account to a subject of an issuer, in place of the one before; "" ends it.

    Raises `Refused` for the own account, or where the subject is another account's.
    """
    require(by, Duty.CONFIGURE)
    if worker.pk == by.worker:
        raise Refused("Another administrator keeps your own account.")
    with acting(by):
        taken = AgencySubject.objects.filter(issuer=issuer, subject=subject)
        if subject and taken.exclude(worker=worker).exists():
            raise Refused("Another account is bound to this subject.")
        bind_account(worker=worker.pk, issuer=issuer, subject=subject, by=by)
        verb = "bound to the agency's sign-in" if subject else "unbound from the agency's sign-in"
        record(by=by, verb=verb, kind="worker", object_id=worker.pk)


def first_link(worker: Worker) -> str:
    """The word in the address at which a worker sets a password, once and not for long.

    It is bound to the password that the worker has now, so that it is spent when another is set.
    """
    return signing.dumps({"worker": str(worker.pk), "seen": _mark(worker)}, salt=_SALT)


def worker_of_link(word: str) -> Worker | None:
    """The worker who may set a password with this word, or None: spent, too old, or made up."""
    try:
        told = signing.loads(word, salt=_SALT, max_age=FIRST_LINK)
        worker = Worker.objects.filter(pk=told["worker"], is_active=True).first()
        if worker is None or told["seen"] != _mark(worker):
            return None
        if worker.last_login is not None:
            signing.loads(word, salt=_SALT, max_age=NEXT_LINK)
    except signing.BadSignature:
        return None
    return worker


def _mark(worker: Worker) -> str:
    return signing.Signer(key=settings.SECRET_KEY, salt=_SALT).signature(worker.password)[:16]


def set_first_password(*, worker: Worker, word: str, password: str, by: Viewer) -> bool:
    """Set the password of whoever holds the link; False where it was spent meanwhile."""
    with transaction.atomic(using=by.side.value):
        now = Worker.objects.select_for_update().filter(pk=worker.pk).first()
        if now is None or worker_of_link(word) != now or worker.has_usable_password():
            return False
        now.set_password(password)
        now.save(update_fields=["password"])
        record(by=by, verb="set a password by a link", kind="worker", object_id=now.pk)
    return True


def places_of(worker: Worker) -> frozenset[int]:
    """The numbers of the compartments that a worker is a member of."""
    return frozenset(
        Membership.objects.filter(worker=worker).values_list("compartment_id", flat=True))


def people(rows: Iterable[Worker]) -> list[Worker]:
    """Accounts of people, without the one of background work."""
    systems = {role.value for role in SYSTEM_ROLES}
    return [worker for worker in rows if worker.role not in systems]
