"""What the guard must know of an appointment: whom it is for, and whom they are kept apart from.

What is read here is read for the system where a worker may not see it (the appointments of a
client whose other partners have files, another worker's hours): the guard must not have gaps
where the viewer has. Only whether an hour is free comes out, never by whom it is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from casewall.audit.actions import record
from casewall.safety.bookings.models import Booking, BookingPlace, Room
from casewall.safety.bookings.rules import (
    BOTH_PARTIES,
    HORIZON,
    LIVE,
    LONGEST,
    MARGIN,
    Around,
    Expected,
    Known,
    joins_parties,
    same_person,
)
from casewall.safety.partners.models import FileLink, PartnerFile, PartnerToken
from casewall.safety.pulled.models import CaseToken, PulledAppointment, PulledCase
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.sides import Viewer


@dataclass(frozen=True, slots=True)
class ChildSeen:
    """A child whom a viewer may see, or a group of children: a name for the page, where it
    belongs, and the parties.

    `files` are the files of the partners it is linked to, `cases` the clients' cases; a client
    who is linked to the child through neither cannot be kept apart from it.
    """

    label: str
    service: str
    compartment: int
    files: frozenset[UUID]
    cases: frozenset[UUID]


Children = Callable[[Collection[UUID], Viewer], Mapping[UUID, ChildSeen]]
_CHILDREN: dict[str, Children] = {}
_ONE, _TOGETHER = "read", "groups"


def read_children_by(read: Children) -> None:
    """Say who knows children and their parties. Until then no child can be booked at all."""
    _CHILDREN[_ONE] = read


def read_groups_of_children_by(read: Children) -> None:
    """Say who knows groups of children, with the parties of everybody who has a place in one."""
    _CHILDREN[_TOGETHER] = read


def groups_seen(groups: Collection[UUID], viewer: Viewer) -> Mapping[UUID, ChildSeen]:
    """Groups of children as far as this viewer sees them. Every child in them counts."""
    read = _CHILDREN.get(_TOGETHER)
    return read(groups, viewer) if read and groups else {}


def children_seen(children: Collection[UUID], viewer: Viewer) -> Mapping[UUID, ChildSeen]:
    """Children as far as this viewer sees them; those who are hidden or absent are left out."""
    read = _CHILDREN.get(_ONE)
    return read(children, viewer) if read and children else {}


def linked_cases_of(files: Collection[UUID]) -> set[UUID]:
    """The cases of clients whom these partners must not meet."""
    links = FileLink.objects.for_system("overlaps").filter(file_id__in=files, ended_on=None)
    return set(links.values_list("case_id", flat=True))


def around(
    *,
    files: Collection[UUID],
    cases: Collection[UUID] = (),
    worker: UUID,
    room: Room | None,
    after: datetime,
    besides: UUID | None = None,
) -> Around:
    """What is known about the hours from `after` until the end of the search for a free one.

    Five queries, whatever there is. `besides` is the appointment that is being moved.
    """
    wanted = linked_cases_of(files) | set(cases)
    last = after + HORIZON + timedelta(minutes=2 * LONGEST)
    since = after - timedelta(minutes=LONGEST) - MARGIN - timedelta(days=1)
    expected = PulledAppointment.objects.for_system("overlaps").filter(
        case_id__in=wanted, starts_at__range=(since, last)
    )
    live = (
        Booking.objects.for_system("overlaps")
        .filter(state__in=LIVE, starts_at__range=(since, last))
        .exclude(pk=besides)
    )
    seen = PulledCase.objects.for_system("overlaps").filter(id__in=wanted).count()
    return Around(
        is_blind=seen < len(wanted),
        expected=[Expected(one.starts_at, one.minutes, one.building) for one in expected],
        worker=list(live.filter(worker=worker)),
        room=list(live.filter(room=room)) if room else [],
        room_closed_on=room.closed_on if room else None,
    )


def parties_meet(files: Iterable[PartnerFile], cases: Collection[UUID] = ()) -> bool:
    """Whether one of these partners is a client in a case that one of the files is linked to.

    `cases` are further cases that the item is about. Three queries.
    """
    asked = list(files)
    wanted = linked_cases_of([file.pk for file in asked]) | set(cases)
    partners = _known(PartnerToken, "partner_id", {file.partner_id for file in asked})
    return joins_parties(partners, _known(CaseToken, "case_id", wanted))


def same_person_pairs(pairs: Iterable[tuple[UUID, UUID]]) -> set[tuple[UUID, UUID]]:
    """Pairs of a file and a case whose partner and client are one person. Three queries."""
    asked = list(pairs)
    files = PartnerFile.objects.for_system("overlaps").filter(id__in={file for file, _ in asked})
    partner_of = dict(files.values_list("id", "partner_id"))
    partners = _known_by(PartnerToken, "partner_id", set(partner_of.values()))
    clients = _known_by(CaseToken, "case_id", {case for _, case in asked})
    nobody = Known(frozenset(), frozenset())
    return {
        (file, case)
        for file, case in asked
        if same_person(partners.get(partner_of[file], nobody), clients.get(case, nobody))
    }


def _known(model: Any, key: str, wanted: Collection[UUID]) -> list[Known]:
    return list(_known_by(model, key, wanted).values())


def _known_by(model: Any, key: str, wanted: Collection[UUID]) -> dict[UUID, Known]:
    rows = model.objects.for_system("tokens").filter(**{f"{key}__in": wanted})
    found: dict[UUID, dict[str, set[UUID]]] = {}
    for owner, kind, token in rows.values_list(key, "kind", "token"):
        found.setdefault(owner, {}).setdefault(kind, set()).add(token)
    return {
        owner: Known(frozenset(one.get("name", ())), frozenset(one.get("born", ())))
        for owner, one in found.items()
    }


def keep_parties_apart(
    *, files: Iterable[PartnerFile], by: Viewer, cases: Collection[UUID] = ()
) -> None:
    """Refuse an item that would hold both parties, or a link of a person with herself or himself.

    To be asked before a file is linked to a case (`cases`), before partners are placed in one
    group, and before any appointment. What is refused is kept in the audit as *blocked*; ask
    outside a transaction of your own, or the entry is undone together with it.
    """
    asked = list(files)
    with acting(by):
        blocked = parties_meet(asked, cases)
        if blocked:
            for file in asked:
                record(by=by, verb="blocked", thing=file, purpose="both parties")
    if blocked:
        raise Refused(BOTH_PARTIES)


def members_of(bookings: Iterable[Booking]) -> dict[UUID, set[UUID]]:
    """The files of the partners who are expected, by appointment. One query."""
    rows = list(bookings)
    found = {one.pk: {one.file_id} if one.file_id else set() for one in rows}
    places = BookingPlace.objects.for_system("overlaps").filter(booking__in=rows, ended_on=None)
    for booking, file in places.values_list("booking_id", "file_id"):
        found[booking].add(file)
    return found
