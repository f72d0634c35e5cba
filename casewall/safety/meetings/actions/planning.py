"""Planning a meeting, its agenda, who came, and its minutes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.audit.rows import known_row, locked, unchanged
from casewall.safety.meetings.facts import facts_since, files_by_case
from casewall.safety.meetings.models import (
    AgendaItem,
    Attendee,
    Meeting,
    Minutes,
)
from casewall.safety.meetings.rules import (
    Kind,
    Line,
    Presence,
    Reason,
    State,
    agenda,
    may_add_or_take_off,
    may_change,
    may_close,
    may_open,
    may_plan,
)
from casewall.safety.partners.models import PartnerFile
from casewall.services.load import shipped
from casewall.staff.actions import compartment_for
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit, demand
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_of_form
from casewall.wall.sides import Side, Viewer

Row = TypeVar("Row", bound=Any)

FIRST_LOOKS_BACK = timedelta(days=28)
"""How far the first agenda of a service looks back. Default of ours."""


def place_for(service: str, by: Viewer) -> int:
    """The compartment in which a service's meetings are kept: that of its partners' files."""
    known = shipped().get(service)
    if known is None:
        raise Refused("Choose a service from the list.")
    place = compartment_for(side=Side.SAFETY, service=service, agency=known.partner_support.agency)
    if place not in by.compartments:
        raise Refused(f"You do not work with partners of {known.name}.")
    return place


def open_meeting(meeting: Meeting, by: Viewer) -> Meeting:
    """The meeting, locked, while its minutes can be written in."""
    found = locked(meeting, by)
    demand(may_change(State(found.state)))
    return found


def plan_meeting(
    *, service: str, kind: Kind, held_at: datetime, by: Viewer, form: UUID | None = None
) -> Meeting:
    """Plan a meeting and build its agenda. The same form twice is one meeting."""
    require(by, Duty.HOLD_MEETING)
    place = place_for(service, by)
    with acting(by):
        own = id_of_form(by.worker, form, "meeting")
        known = known_row(Meeting, own, by)
        if known is not None:
            return known
        demand(may_plan(held_at, timezone.now()))
        before = (
            Meeting.objects.visible_to(by)
            .filter(service=service, state__in=[State.HELD, State.CLOSED])
            .order_by("-held_at", "id")
            .first()
        )
        since = (
            timezone.localdate(before.held_at)
            if before
            else timezone.localdate() - FIRST_LOOKS_BACK
        )
        meeting = Meeting(
            id=own, compartment=place, service=service, kind=kind, held_at=held_at, since=since,
            worker=by.worker,
        )  # fmt: skip
        meeting.save(force_insert=True)
        record(by=by, verb="planned", thing=meeting)
        return build_agenda(meeting=meeting, by=by)


def build_agenda(*, meeting: Meeting, by: Viewer) -> Meeting:
    """Build the agenda from the facts since the last meeting, or build it again.

    What was added or taken off by hand stays so, and what was written stays. A line that no fact
    speaks for any more stays too: it can be taken off with a reason.
    """
    require(by, Duty.HOLD_MEETING)
    with acting(by):
        meeting = open_meeting(meeting, by)
        today = timezone.localdate()
        lines = agenda(
            facts_since(by, meeting.service, meeting.since, today),
            files_by_case(by, meeting.service),
        )
        items = AgendaItem.objects.visible_to(by).filter(meeting=meeting)
        known = {item.file_id or item.case_id: item for item in items.select_for_update()}
        for place, line in enumerate(lines, start=1):
            item = known.pop(line.about.file or line.about.case, None)
            _put(meeting, item, line, place, by)
        for item in known.values():
            if item.place <= len(lines):
                item.place = len(lines) + 1
                item.save()
        meeting.agenda_at = timezone.now()
        meeting.save()
        record(by=by, verb="built the agenda of", thing=meeting)
        return meeting


def _put(
    meeting: Meeting, item: AgendaItem | None, line: Line, place: int, by: Viewer
) -> AgendaItem:
    by_hand = item is not None and item.why is not None
    reasons = [[reason.value, day.isoformat()] for reason, day in line.reasons]
    if item is None:
        item = AgendaItem(
            compartment=meeting.compartment, meeting=meeting, file_id=line.about.file,
            case_id=line.about.case, worker=by.worker,
        )  # fmt: skip
    elif by_hand:
        reasons += [pair for pair in item.reasons if pair[0] == Reason.BY_HAND]
    item.reasons, item.level, item.place = reasons, line.level, place
    item.save()
    return item


def add_item(
    *, meeting: Meeting, file: PartnerFile, why: str, by: Viewer, form: UUID | None = None
) -> AgendaItem:
    """Put a partner's file on the agenda by hand, with the reason. Twice is once."""
    require(by, Duty.JOINT_RISK)
    with acting(by):
        meeting = open_meeting(meeting, by)
        demand(may_add_or_take_off(State(meeting.state), why))
        file = PartnerFile.objects.visible_to(by).get(pk=file.pk)
        if (file.service, file.compartment) != (meeting.service, meeting.compartment):
            raise Refused("This file belongs to another service than the meeting.")
        item = AgendaItem.objects.visible_to(by).filter(meeting=meeting, file=file).first()
        pair = [Reason.BY_HAND.value, timezone.localdate().isoformat()]
        if item is None:
            item = AgendaItem(
                compartment=meeting.compartment, meeting=meeting, file=file, place=0,
                worker=by.worker,
            )  # fmt: skip
        elif pair in item.reasons and item.why == why and not item.is_off:
            return item
        item.why, item.is_off, item.off_because = why, False, None
        item.reasons = [*(one for one in item.reasons if one[0] != Reason.BY_HAND), pair]
        item.version += 1
        item.save()
        record(by=by, verb="put on an agenda", thing=file)
        return item


def take_off(*, item: AgendaItem, because: str, version: int, by: Viewer) -> AgendaItem:
    """Take an item off the agenda, with the reason. It stays readable there."""
    require(by, Duty.JOINT_RISK)
    with acting(by):
        found = item_to_change(item, by)
        demand(may_add_or_take_off(State(found.meeting.state), because))
        if found.is_off and found.off_because == because:
            return found
        unchanged(found, version)
        if found.decided_at:
            raise Refused("This item has been decided already: it stays on the agenda.")
        found.is_off, found.off_because = True, because
        found.version += 1
        found.save()
        record(by=by, verb="took off an agenda", thing=found)
        return found


def put_back(*, item: AgendaItem, by: Viewer) -> AgendaItem:
    """Put an item back that was taken off."""
    require(by, Duty.JOINT_RISK)
    with acting(by):
        found = item_to_change(item, by)
        if found.is_off:
            found.is_off, found.off_because = False, None
            found.version += 1
            found.save()
            record(by=by, verb="put back on an agenda", thing=found)
        return found


def item_to_change(item: AgendaItem, by: Viewer) -> AgendaItem:
    """The item, locked, of a meeting that is still open."""
    rows = AgendaItem.objects.visible_to(by).select_for_update(of=("self",))
    found: AgendaItem = rows.select_related("meeting").get(pk=item.pk)
    demand(may_change(State(found.meeting.state)))
    return found


def record_attendance(
    *,
    meeting: Meeting,
    name: str,
    agency: str,
    presence: Presence,
    by: Viewer,
    form: UUID | None = None,
) -> Attendee:
    """Write down who was there, or sent apologies. The same form twice is one row."""
    require(by, Duty.HOLD_MEETING)
    if not name.strip() and not agency.strip():
        raise Refused("Write a name, an agency, or both.")
    with acting(by):
        meeting = open_meeting(meeting, by)
        own = id_of_form(meeting.pk, form, "attendee")
        known = known_row(Attendee, own, by)
        if known is not None:
            return known
        row = Attendee(
            id=own, compartment=meeting.compartment, meeting=meeting, name=name or None,
            agency=agency or None, presence=presence, worker=by.worker,
        )  # fmt: skip
        row.save(force_insert=True)
        record(by=by, verb="wrote down who came to", thing=meeting)
        return row


def change_presence(*, attendee: Attendee, presence: Presence, by: Viewer) -> Attendee:
    """Correct whether somebody was there."""
    require(by, Duty.HOLD_MEETING)
    with acting(by):
        row = locked(attendee, by)
        open_meeting(row.meeting, by)
        if row.presence != presence:
            row.presence, row.version = presence, row.version + 1
            row.save()
            record(by=by, verb="corrected who came to", thing=row.meeting)
        return row


def begin(*, meeting: Meeting, by: Viewer) -> Meeting:
    """Say that the meeting has begun."""
    require(by, Duty.HOLD_MEETING)
    with acting(by):
        found = locked(meeting, by)
        if found.state == State.HELD:
            return found
        demand(
            may_open(
                State(found.state), timezone.localtime(found.held_at), timezone.localtime()
            )
        )
        found.state, found.version = State.HELD, found.version + 1
        found.save()
        record(by=by, verb="began", thing=found)
        return found


def keep_item(
    *, item: AgendaItem, discussion: str, decision: str, version: int, by: Viewer
) -> AgendaItem:
    """Keep what was said and decided about one item."""
    require(by, Duty.HOLD_MEETING)
    with acting(by):
        found = item_to_change(item, by)
        if (found.discussion or "", found.decision or "") == (discussion, decision):
            return found
        unchanged(found, version)
        if found.is_off:
            raise Refused("This item was taken off the agenda: put it back first.")
        found.discussion, found.decision = discussion or None, decision or None
        found.decided_at = timezone.now() if decision.strip() else None
        found.version += 1
        found.save()
        record(by=by, verb="kept minutes of", thing=found)
        return found


def keep_minutes(*, meeting: Meeting, text: str, number: int, by: Viewer) -> Minutes:
    """Keep what was said beside the items, as a new version after version `number`."""
    require(by, Duty.HOLD_MEETING)
    if not text.strip():
        raise Refused("Write what was said.")
    with acting(by):
        meeting = open_meeting(meeting, by)
        last = Minutes.objects.visible_to(by).filter(meeting=meeting).order_by("-number").first()
        if last is not None and last.text == text:
            return last
        if (last.number if last else 0) != number:
            raise StaleEdit
        row = Minutes(
            compartment=meeting.compartment, meeting=meeting, text=text, number=number + 1,
            kept_at=timezone.now(), worker=by.worker,
        )  # fmt: skip
        row.save(force_insert=True)
        record(by=by, verb="kept the minutes of", thing=meeting)
        return row


def close(*, meeting: Meeting, by: Viewer) -> Meeting:
    """Close the minutes: from then on they stay as they are. Actions go on."""
    require(by, Duty.HOLD_MEETING)
    with acting(by):
        found = locked(meeting, by)
        items = AgendaItem.objects.visible_to(by).filter(meeting=found, is_off=False)
        present = Attendee.objects.visible_to(by).filter(
            meeting=found, presence=Presence.PRESENT
        )
        demand(
            may_close(
                State(found.state), items.filter(decided_at=None).count(), present.count()
            )
        )
        found.state, found.closed_at = State.CLOSED, timezone.now()
        found.version += 1
        found.save()
        record(by=by, verb="closed", thing=found)
        return found
