"""What a viewer is kept away from and has opened, and the cases that may be opened out of turn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.urls import reverse

from casewall.programme.access.actions import File, Person
from casewall.programme.access.desk import Desk
from casewall.programme.access.marked import AWAY, OPEN, marked
from casewall.programme.access.models import Exclusion, OutOfTurn
from casewall.programme.access.rules import Known
from casewall.programme.cases.finding import meant_by, phone_prefixes
from casewall.programme.cases.models import Case, Client, ClientToken
from casewall.programme.cases.rules import ENDS
from casewall.programme.groups.models import GroupMember, Session
from casewall.staff.access import Access
from casewall.vault.blind import blind
from casewall.vault.names import birth_key, phone_key
from casewall.wall.sides import Side, Viewer

CASE, CLIENT = "case", "client"


def access_of(viewer: Viewer) -> Access:
    """The clients whom a worker is kept away from with all their cases, and opened cases."""
    rows = marked(Exclusion, OutOfTurn, viewer)
    people = frozenset(number for word, number in rows if word == AWAY)
    opened = frozenset(number for word, number in rows if word == OPEN)
    if not people:
        return Access(out_of_turn=opened)
    cases = Case.objects.for_system("membership").filter(client_id__in=people)
    return Access(people | frozenset(cases.values_list("id", flat=True)), opened)


def file_of(case: Case) -> File:
    """A case as far as access to it goes. An exclusion is about the client, in every case."""
    return File(
        kind=CASE, id=case.pk, compartment=case.compartment, name=case.client.full_name,
        url=reverse("case", args=[case.pk]),
        people=(Person(CLIENT, case.client_id, case.client.full_name),),
        closed_on=closed_on(case), thing=case,
    )


def closed_on(case: Case) -> date | None:
    """The day since which a case has ended; None while it is open."""
    return case.stage_on if case.stage in ENDS else None


def found(viewer: Viewer, kind: str, pk: UUID) -> File | None:
    """A case that the viewer sees, or None."""
    case = Case.objects.visible_to(viewer).select_related("client").filter(pk=pk).first()
    return file_of(case) if case and kind == CASE else None


def seen(viewer: Viewer, numbers: Iterable[UUID]) -> dict[UUID, File]:
    """Those of these cases that the viewer sees."""
    rows = Case.objects.visible_to(viewer).select_related("client").filter(pk__in=list(numbers))
    return {case.pk: file_of(case) for case in rows}


def named(viewer: Viewer, people: Iterable[UUID]) -> dict[UUID, str]:
    """The names of these clients, as far as the viewer sees them."""
    rows = Client.objects.visible_to(viewer).filter(pk__in=list(people))
    return {client.pk: client.full_name for client in rows}


def known(viewer: Viewer) -> dict[UUID, Known]:
    """Every case of the viewer's compartments: since when it is closed, and whose work it is."""
    rows = Case.objects.for_system("membership").filter(compartment__in=viewer.compartments)
    rows = rows.exclude(client_id__in=viewer.excluded)
    places = GroupMember.objects.for_system("membership").filter(
        case__in=rows.values("id"), group__facilitators__worker__isnull=False)
    whose: dict[UUID, set[UUID]] = defaultdict(set)
    for case, worker in places.values_list("case_id", "group__facilitators__worker").distinct():
        whose[case].add(worker)
    alone = Session.objects.for_system("membership").filter(case__in=rows.values("id"))
    for case, worker in alone.values_list("case_id", "worker").distinct():
        whose[case].add(worker)
    return {
        pk: Known(on if stage in ENDS else None, frozenset({*whose[pk], *filter(None, [worker])}))
        for pk, stage, on, worker in rows.values_list("id", "stage", "stage_on", "worker")
    }


def files_sought(viewer: Viewer, text: str) -> tuple[list[File], str]:
    """The files that `sought` finds."""
    cases, problem = sought(text, viewer)
    return [file_of(case) for case in cases], problem


TELL_MORE = (
    "Write the whole name as it is on file, first and family name, or a phone number, or both and "
    "a date of birth as day, month, year."
)


def sought(text: str, viewer: Viewer) -> tuple[list[Case], str]:
    """The newest case of each client who is exactly meant, seen or not, and a sentence if unclear.

    Only cases of the viewer's own compartments; a client from whom the viewer is kept away is not
    there. One name alone, or a date of birth alone, is no question: it would fish.
    """
    question = meant_by(text)
    if question.problem:
        return [], question.problem
    if not (question.phone or len(question.names) > 1 or (question.names and question.born_on)):
        return [], TELL_MORE
    wanted = [[blind("name", name, Side.PROGRAMME)] for name in question.names]
    if question.phone:
        keys = {phone_key(question.phone, prefix) for prefix in phone_prefixes(viewer)} - {""}
        wanted.append([blind("phone", key, Side.PROGRAMME) for key in sorted(keys)])
    if question.born_on:
        wanted.append([blind("born", birth_key(question.born_on), Side.PROGRAMME)])
    rows = Case.objects.for_system("membership").filter(compartment__in=viewer.compartments)
    for alternatives in wanted:
        rows = rows.filter(client_id__in=ClientToken.objects.visible_to(viewer).filter(
            token__in=alternatives).values("client_id"))
    rows = rows.exclude(client_id__in=viewer.excluded).select_related("client")
    newest: dict[UUID, Case] = {}
    for case in rows.order_by("-referred_on", "-id"):
        newest.setdefault(case.client_id, case)
    return list(newest.values()), ""


DESK = Desk(
    exclusions=Exclusion, openings=OutOfTurn, kinds=(CASE,), found=found, seen=seen,
    named=named, known=known, sought=files_sought, of="client", hint=TELL_MORE,
)
