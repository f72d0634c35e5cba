"""What this side's desk knows about its files: partners' files and children's records.

Nothing here asks what became of a client's case: no date of this side follows from the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q

from casewall.programme.retention.desk import Desk, FileFacts
from casewall.programme.retention.rules import Ended, Kind
from casewall.safety.children.models import Child, ChildAdult, ChildSupport, FileChildren
from casewall.safety.coordination.models import Disclosure
from casewall.safety.coordination.rules import State
from casewall.safety.partners.models import PartnerContact, PartnerFile
from casewall.safety.partners.rules import Contact, Outcome
from casewall.safety.retention.models import Deletion, LegalHold, Remainder
from casewall.safety.support.models import SafetyDraft
from casewall.safety.visibility import EVERYTHING
from casewall.wall.sides import Side, Viewer

NOT_SENT = (
    "A disclosure from this file is asked for or waits for its release. Let it be released or "
    "refused first: what was approved must not vanish."
)


def _sees_names(viewer: Viewer) -> bool:
    """A data protection officer decides without knowing whose file it is."""
    return viewer.role in EVERYTHING


def _rows(model: Any, viewer: Viewer) -> Any:
    if _sees_names(viewer):
        return model.objects.visible_to(viewer)
    rows = model.objects.for_system("retention")
    return rows.filter(compartment__in=viewer.compartments)


def _files(viewer: Viewer) -> Any:
    of_file = {"file": OuterRef("pk")}
    linked = ChildAdult.objects.for_system("retention").filter(**of_file)
    said = FileChildren.objects.for_system("retention").filter(**of_file, answer="some")
    tried = PartnerContact.objects.for_system("retention").filter(**of_file, outcome=Outcome.SPOKE)
    waits = Disclosure.objects.for_system("retention").filter(
        **of_file, state__in=[State.ASKED, State.APPROVED])
    return _rows(PartnerFile, viewer).select_related("partner").annotate(
        has_children=Exists(linked) | Exists(said), has_work=Exists(tried), waits=Exists(waits),
    )


def _file_facts(file: Any, viewer: Viewer, children: tuple[UUID, ...] = ()) -> FileFacts:
    names = _sees_names(viewer)
    worked = file.has_work or file.contact == Contact.ENGAGED
    return FileFacts(
        kind=Kind.PARTNER_FILE, id=file.pk, compartment=file.compartment, service=file.service,
        ended=Ended(file.closed_on or file.withdrawn_on, children=file.has_children,
                    worked=worked),
        name=(file.partner.full_name or "No name given") if names else "",
        page="partner" if names else "",
        waiting=(NOT_SENT,) if file.waits else (), with_children=children,
    )


def _only_here(file: UUID) -> tuple[UUID, ...]:
    """The children whose records go with this file: linked to it, to no other, without work of
    the children's service."""
    links = ChildAdult.objects.for_system("retention")
    elsewhere = links.filter(child=OuterRef("child_id"), file__isnull=False).exclude(file=file)
    worked = ChildSupport.objects.for_system("retention").filter(child=OuterRef("child_id"))
    rows = links.filter(file=file).exclude(Exists(elsewhere)).exclude(Exists(worked))
    return tuple(sorted(set(rows.values_list("child_id", flat=True)), key=str))


def _children(viewer: Viewer) -> list[Any]:
    """The children's records with what their clock is read from, in four queries."""
    rows = list(_rows(Child, viewer))
    found = {child.pk: child for child in rows}
    for child in rows:
        child.ends, child.is_open, child.work = [child.recorded_on], False, False
    links = ChildAdult.objects.for_system("retention").filter(
        child_id__in=found, file__isnull=False)
    for child_id, closed, withdrawn in links.values_list(
        "child_id", "file__closed_on", "file__withdrawn_on"
    ):
        _take(found[child_id], closed or withdrawn)
    supports = ChildSupport.objects.for_system("retention").filter(child_id__in=found)
    for child_id, ended_on in supports.values_list("child_id", "ended_on"):
        found[child_id].work = True
        _take(found[child_id], ended_on)
    return rows


def _take(child: Any, ended_on: date | None) -> None:
    if ended_on is None:
        child.is_open = True
    else:
        child.ends.append(ended_on)


def _child_facts(child: Any, viewer: Viewer) -> FileFacts:
    names = _sees_names(viewer)
    return FileFacts(
        kind=Kind.CHILD, id=child.pk, compartment=child.compartment, service=child.service,
        ended=Ended(
            None if child.is_open else max(child.ends), children=True, worked=child.work,
            born_on=_day(child.born_on or child.due_on),
        ),
        name=(child.full_name or "No name given") if names else "",
        page="child" if names else "",
    )


def _day(text: str | None) -> date | None:
    """A birthday as it was written; one of which only a part is known counts as unknown."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def ended(viewer: Viewer) -> Iterable[FileFacts]:
    """The partners' files and children's records that have ended."""
    files = _files(viewer).filter(Q(closed_on__isnull=False) | Q(withdrawn_on__isnull=False))
    children = [child for child in _children(viewer) if not child.is_open]
    return [*(_file_facts(file, viewer) for file in files),
            *(_child_facts(child, viewer) for child in children)]


def one(kind: Kind, file: UUID, viewer: Viewer) -> FileFacts | None:
    """One file, open or not, of a kind of this side."""
    if kind is Kind.PARTNER_FILE:
        row = _files(viewer).filter(pk=file).first()
        return _file_facts(row, viewer, _only_here(file)) if row is not None else None
    if kind is Kind.CHILD:
        found = [child for child in _children(viewer) if child.pk == file]
        return _child_facts(found[0], viewer) if found else None
    return None


def remainder(facts: FileFacts, viewer: Viewer) -> dict[str, Any]:
    """What stays of a file for figures: years, codes, counts."""
    if facts.kind is Kind.CHILD:
        child = _rows(Child, viewer).get(pk=facts.id)
        return {"referred_in": child.recorded_on.year, "children": True,
                "ended_in": facts.ended.on.year if facts.ended.on else None}
    file = _rows(PartnerFile, viewer).annotate(
        tried=Count("partnercontacts", distinct=True),
        met=Count("supportsessions", filter=Q(supportsessions__corrects=None), distinct=True),
    ).get(pk=facts.id)
    return {
        "referred_in": file.referred_on.year,
        "ended_in": facts.ended.on.year if facts.ended.on else None,
        "route": file.route, "outcome": file.contact, "contacts": file.tried,
        "meetings": file.met, "attended": file.met, "children": facts.ended.children,
    }


DESK = Desk(
    side=Side.SAFETY, holds=LegalHold, deletions=Deletion, remainders=Remainder,
    drafts=SafetyDraft, kinds=(Kind.PARTNER_FILE, Kind.CHILD), ended=ended, one=one,
    remainder=remainder,
)
