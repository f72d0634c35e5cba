"""What a viewer is kept away from and has opened, and the files that may be opened out of turn."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.urls import reverse

from casewall.programme.access.actions import File, Person
from casewall.programme.access.desk import Desk
from casewall.programme.access.marked import AWAY, OPEN, marked
from casewall.programme.access.rules import Known
from casewall.safety.access.models import Exclusion, OutOfTurn
from casewall.safety.children.models import Child, ChildAdult, ChildSupport, ChildToken
from casewall.safety.finding import wanted
from casewall.safety.partners.models import FileLink, Partner, PartnerFile, PartnerToken
from casewall.safety.pulled.models import PulledCase
from casewall.staff.access import Access
from casewall.vault.names import tokens
from casewall.wall.sides import Role, Viewer

FILE, CHILD = "partnerfile", "child"
PARTNER, CLIENT = "partner", "client"


def access_of(viewer: Viewer) -> Access:
    """People whom a worker is kept away from with all their files and cases, and opened files."""
    rows = marked(Exclusion, OutOfTurn, viewer)
    people = frozenset(number for word, number in rows if word == AWAY)
    opened = frozenset(number for word, number in rows if word == OPEN)
    if not people:
        return Access(out_of_turn=opened)
    files = PartnerFile.objects.for_system("membership").filter(partner_id__in=people)
    cases = PulledCase.objects.for_system("membership").filter(client_id__in=people)
    return Access(
        people | {*files.values_list("id", flat=True), *cases.values_list("id", flat=True)}, opened
    )


def file_of(file: PartnerFile, viewer: Viewer) -> File:
    """A partner's file as far as access goes. Linked clients and children may be added."""
    links = FileLink.objects.visible_to(viewer).filter(file=file, ended_on=None)
    cases = PulledCase.objects.visible_to(viewer).filter(pk__in=links.values("case_id"))
    clients = {
        case.client_id: Person(CLIENT, case.client_id, f"The client {case.name}, and the case")
        for case in cases
    }
    adults = ChildAdult.objects.visible_to(viewer).filter(file=file, ended_on=None)
    children = Child.objects.visible_to(viewer).filter(pk__in=adults.values("child_id"))
    partner = Person(PARTNER, file.partner_id, _partner_name(file))
    return File(
        kind=FILE, id=file.pk, compartment=file.compartment, name=_partner_name(file),
        url=reverse("partner", args=[file.pk]), people=(partner,),
        others=(*clients.values(), *(Person(CHILD, one.pk, f"The child {one.full_name}")
                                     for one in children)),
        closed_on=file.closed_on or file.withdrawn_on, thing=file,
    )  # fmt: skip


def child_file_of(child: Child) -> File:
    """A child's record as far as access goes."""
    return File(
        kind=CHILD, id=child.pk, compartment=child.compartment, name=child.full_name,
        url=reverse("child", args=[child.pk]), thing=child,
        people=(Person(CHILD, child.pk, child.full_name),),
    )  # fmt: skip


def _partner_name(file: PartnerFile) -> str:
    return file.partner.full_name or "No name given"


def found(viewer: Viewer, kind: str, pk: UUID) -> File | None:
    """A partner's file, or a child, that the viewer sees; or None."""
    if kind == FILE:
        rows = PartnerFile.objects.visible_to(viewer).select_related("partner")
        file = rows.filter(pk=pk).first()
        return file_of(file, viewer) if file else None
    child = Child.objects.visible_to(viewer).filter(pk=pk).first()
    return child_file_of(child) if child else None


def seen(viewer: Viewer, numbers: Iterable[UUID]) -> dict[UUID, File]:
    """Those of these files and children that the viewer sees."""
    wanted_ids = list(numbers)
    files = PartnerFile.objects.visible_to(viewer).select_related("partner")
    children = Child.objects.visible_to(viewer).filter(pk__in=wanted_ids)
    shown = {
        file.pk: File(
            kind=FILE, id=file.pk, compartment=file.compartment, name=_partner_name(file),
            url=reverse("partner", args=[file.pk]),
            people=(Person(PARTNER, file.partner_id, _partner_name(file)),), thing=file)
        for file in files.filter(pk__in=wanted_ids)
    }  # fmt: skip
    return {**shown, **{child.pk: child_file_of(child) for child in children}}


def named(viewer: Viewer, people: Iterable[UUID]) -> dict[UUID, str]:
    """The names of these partners, clients and children, as far as the viewer sees them."""
    numbers = list(people)
    partners = Partner.objects.visible_to(viewer).filter(pk__in=numbers)
    children = Child.objects.visible_to(viewer).filter(pk__in=numbers)
    cases = PulledCase.objects.visible_to(viewer).filter(client_id__in=numbers)
    return {
        **{case.client_id: case.name for case in cases},
        **{one.pk: one.full_name or "No name given" for one in (*partners, *children)},
    }


def known(viewer: Viewer) -> dict[UUID, Known]:
    """Every file and child of the viewer's compartments: since when closed, whose work it is."""
    files = PartnerFile.objects.for_system("membership").filter(
        compartment__in=viewer.compartments
    )
    files = files.exclude(pk__in=viewer.excluded)
    shown = {
        pk: Known(closed or withdrawn, frozenset(filter(None, [worker])))
        for pk, closed, withdrawn, worker in files.values_list(
            "id", "closed_on", "withdrawn_on", "worker"
        )
    }
    supports = ChildSupport.objects.for_system("membership").filter(
        compartment__in=viewer.compartments
    )
    whose: dict[UUID, set[UUID]] = {}
    for child, worker in supports.values_list("child_id", "worker"):
        whose.setdefault(child, set()).update(filter(None, [worker]))
    children = Child.objects.for_system("membership").filter(compartment__in=viewer.compartments)
    for pk, worker in children.exclude(pk__in=viewer.excluded).values_list("id", "worker"):
        shown[pk] = Known(None, frozenset({*whose.get(pk, ()), worker}))
    return shown


TELL_MORE = (
    "Write the whole name as it is on file, first and family name, or a phone number, or a date "
    "of birth as day, month, year."
)


def files_sought(viewer: Viewer, text: str) -> tuple[list[File], str]:
    """The newest file of each partner who is exactly meant, seen or not; or the children meant.

    Only of the viewer's own compartments; who the viewer is kept away from is not there. A
    children's worker asks for children, everybody else for partners.
    """
    sets = wanted(text, viewer)
    if not sets or (len(tokens(text)) < 2 and not any(sign.isdigit() for sign in text)):
        return [], TELL_MORE
    if viewer.role is Role.CHILDRENS_WORKER:
        return [child_file_of(child) for child in _children(viewer, sets)], ""
    rows: Any = PartnerFile.objects.for_system("membership").filter(
        compartment__in=viewer.compartments
    )
    for one in sets:
        rows = rows.filter(
            partner_id__in=PartnerToken.objects.visible_to(viewer)
            .filter(token__in=one)
            .values("partner_id")
        )
    rows = rows.exclude(partner_id__in=viewer.excluded).select_related("partner")
    newest: dict[UUID, PartnerFile] = {}
    for file in rows.order_by("-referred_on", "-id"):
        newest.setdefault(file.partner_id, file)
    return [file_of(file, viewer) for file in newest.values()], ""


def _children(viewer: Viewer, sets: list[set[UUID]]) -> list[Child]:
    rows = Child.objects.for_system("membership").filter(compartment__in=viewer.compartments)
    # Who may see a token sees the child already; the tokens of others are asked for here.
    tokens_of = ChildToken.objects.for_system("membership").exclude(child_id__in=viewer.excluded)
    for one in sets:
        rows = rows.filter(id__in=tokens_of.filter(token__in=one).values("child_id"))
    return list(rows.exclude(pk__in=viewer.excluded).order_by("-recorded_on", "id"))


DESK = Desk(
    exclusions=Exclusion, openings=OutOfTurn, kinds=(FILE, CHILD), found=found, seen=seen,
    named=named, known=known, sought=files_sought, of="partner", hint=TELL_MORE,
)  # fmt: skip
