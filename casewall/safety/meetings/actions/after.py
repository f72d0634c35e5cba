"""What is to be done after a meeting, and the extracts that go into single files."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.audit.rows import known_row, locked, unchanged
from casewall.safety.children.models import Child, ChildAdult
from casewall.safety.meetings.actions.planning import item_to_change
from casewall.safety.meetings.models import (
    AgendaItem,
    Extract,
    MeetingAction,
)
from casewall.safety.meetings.rules import (
    For,
    extract_fits,
    may_finish,
    owner_fits,
)
from casewall.safety.partners.models import FileLink, PartnerFile
from casewall.staff.models import Worker
from casewall.wall.context import acting
from casewall.wall.decide import Refused, demand
from casewall.wall.duties import Duty, may_do, require
from casewall.wall.ids import id_of_form
from casewall.wall.sides import Viewer


def owner_known(owner: UUID | None, compartment: int, by: Viewer) -> None:
    """Raise `Refused` unless the owner is an active worker of this compartment."""
    if owner is None:
        return
    rows = Worker.objects.filter(pk=owner, is_active=True, compartments=compartment)
    if not rows.exists():
        raise Refused("Choose a worker from the list.")


def add_action(
    *,
    item: AgendaItem,
    what: str,
    owner: UUID | None,
    agency: str,
    due_on: date,
    by: Viewer,
    form: UUID | None = None,
) -> MeetingAction:
    """Write down what somebody is to do, by when. The same form twice is one action."""
    require(by, Duty.HOLD_MEETING)
    if not what.strip():
        raise Refused("Write what is to be done.")
    demand(owner_fits(owner, agency))
    with acting(by):
        found = item_to_change(item, by)
        own = id_of_form(found.pk, form, "action")
        known = known_row(MeetingAction, own, by)
        if known is not None:
            return known
        owner_known(owner, found.compartment, by)
        if due_on < timezone.localdate():
            raise Refused(f"{due_on:%-d %B %Y} has passed: choose a day to come.")
        row = MeetingAction(
            id=own, compartment=found.compartment, meeting=found.meeting, item=found, what=what,
            owner=owner, agency=agency or None, due_on=due_on, worker=by.worker,
        )  # fmt: skip
        row.save(force_insert=True)
        record(by=by, verb="gave out an action of", thing=found)
        return row


def finish_action(
    *, action: Any, outcome: str, version: int, by: Viewer, dropped: bool = False,
    keeper: Duty = Duty.HOLD_MEETING,
) -> Any:
    """Say what came of an action, or why it is dropped. Its owner does, or who has the duty."""
    keeps = bool(may_do(by.role, keeper))
    with acting(by):
        row = locked(action, by)
        demand(may_finish(row.owner, by.worker, keeps))
        return settled(row=row, outcome=outcome, version=version, by=by, dropped=dropped)


def settled(*, row: Any, outcome: str, version: int, by: Viewer, dropped: bool) -> Any:
    """An action with what came of it, kept; a part of an act, inside its transaction."""
    if not outcome.strip():
        raise Refused("Write what came of it.")
    if row.done_on is not None and row.outcome == outcome and row.dropped is dropped:
        return row
    unchanged(row, version)
    row.outcome, row.dropped, row.done_on = outcome, dropped, timezone.localdate()
    row.version += 1
    row.save()
    record(by=by, verb="dropped" if dropped else "finished", thing=row)
    return row


def names_of_item(item: AgendaItem, by: Viewer) -> list[str]:
    """The names of an item's partner and children, which no extract for the client may hold."""
    if item.file_id is None:
        return []
    file = PartnerFile.objects.visible_to(by).select_related("partner").get(pk=item.file_id)
    links = ChildAdult.objects.visible_to(by).filter(file=file).select_related("child")
    return [file.partner.full_name, *(link.child.full_name for link in links)]


def write_extract(
    *,
    item: AgendaItem,
    whom: For,
    text: str,
    by: Viewer,
    child: Child | None = None,
    case_id: UUID | None = None,
    form: UUID | None = None,
) -> Extract:
    """Write what of an item is kept for one file. Nothing goes into an extract by itself.

    One for the client names no partner and no child, and stays here until it is disclosed.
    """
    require(by, Duty.HOLD_MEETING)
    with acting(by):
        rows = AgendaItem.objects.visible_to(by)
        found = rows.select_related("meeting").get(pk=item.pk)
        own = id_of_form(found.pk, form, "extract")
        known = known_row(Extract, own, by)
        if known is not None:
            return known
        demand(extract_fits(whom, text, names_of_item(found, by)))
        _of_item(found, whom, child, case_id, by)
        row = Extract(
            id=own, compartment=found.compartment, meeting=found.meeting, item=found, whom=whom,
            child=child if whom is For.CHILD else None,
            case_id=case_id if whom is For.CLIENT else None, text=text,
            written_at=timezone.now(), worker=by.worker,
        )  # fmt: skip
        row.save(force_insert=True)
        record(by=by, verb=f"wrote an extract for a {whom.value} from", thing=found)
        return row


def _of_item(
    item: AgendaItem, whom: For, child: Child | None, case_id: UUID | None, by: Viewer
) -> None:
    """Raise `Refused` where the file that an extract is for does not belong to the item."""
    if whom is not For.CLIENT and item.file_id is None:
        raise Refused("This item is about a client's case only: it has no partner and no child.")
    if whom is For.CHILD:
        links = ChildAdult.objects.visible_to(by).filter(file=item.file_id, child=child)
        if child is None or not links.filter(ended_on=None).exists():
            raise Refused("Choose a child of this file.")
    if whom is For.CLIENT and case_id not in set(cases_of_item(item, by)):
        raise Refused("Choose a case that belongs to this item.")


def cases_of_item(item: AgendaItem, by: Viewer) -> Iterable[UUID]:
    """The cases that an item is about: its own, or those that its file is linked to."""
    if item.file_id is None:
        return [item.case_id] if item.case_id else []
    links = FileLink.objects.visible_to(by).filter(file=item.file_id, ended_on=None)
    return list(links.order_by("linked_on", "id").values_list("case_id", flat=True))
