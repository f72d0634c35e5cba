"""Conferences: the list, what agencies know, what came of a hearing, actions and the flag."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.audit.rows import known_row, locked, unchanged
from casewall.safety.conferences.criteria import marac_of
from casewall.safety.conferences.known import last_hearing, standing_incidents
from casewall.safety.conferences.models import (
    Conference,
    ConferenceAction,
    ConferenceReferral,
    Hearing,
    Research,
    TaskingAction,
)
from casewall.safety.conferences.rules import (
    HEARD,
    Answer,
    FlagEnd,
    Heard,
    State,
    flag_until,
    is_repeat,
    may_end_flag,
    may_hear,
    may_list,
)
from casewall.safety.meetings.actions import finish_action, owner_known, place_for
from casewall.safety.meetings.rules import owner_fits
from casewall.wall.context import acting
from casewall.wall.decide import Refused, demand
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_of_form
from casewall.wall.sides import Viewer

Finished = TypeVar("Finished", ConferenceAction, TaskingAction)
TAKEN = (Heard.LISTED, Heard.ACTIONS, Heard.NO_ACTIONS)


def plan_conference(
    *, service: str, held_at: datetime, place: str, by: Viewer, form: UUID | None = None
) -> Conference:
    """Write down when a conference is. The same form twice is one conference."""
    require(by, Duty.KEEP_CONFERENCE)
    where = place_for(service, by)
    with acting(by):
        own = id_of_form(by.worker, form, "conference")
        known = known_row(Conference, own, by)
        if known is not None:
            return known
        row = Conference(
            id=own, compartment=where, service=service, held_at=held_at, place=place,
            worker=by.worker,
        )  # fmt: skip
        row.save(force_insert=True)
        record(by=by, verb="planned", thing=row)
        return row


def list_referral(*, conference: Conference, referral: ConferenceReferral, by: Viewer) -> Hearing:
    """Put a sent referral on the list of a conference. Twice is once."""
    require(by, Duty.KEEP_CONFERENCE)
    with acting(by):
        rows = ConferenceReferral.objects.visible_to(by).select_for_update(of=("self",))
        row = rows.select_related("file").get(pk=referral.pk)
        conference = Conference.objects.visible_to(by).get(pk=conference.pk)
        hearings = Hearing.objects.visible_to(by)
        known = hearings.filter(conference=conference, referral=row).first()
        if known is not None and known.heard in TAKEN:
            return known
        if row.file.service != conference.service:
            raise Refused("This referral belongs to another service than the conference.")
        taken = hearings.filter(referral=row, heard__in=TAKEN).exists()
        demand(may_list(State(row.state), taken))
        if known is not None:
            raise Refused("It was taken off this list before: choose another conference.")
        made = Hearing(
            compartment=row.compartment, file=row.file, conference=conference, referral=row,
            repeat=_repeat(row, timezone.localdate(conference.held_at), by), worker=by.worker,
        )  # fmt: skip
        made.save(force_insert=True)
        record(by=by, verb="listed for a conference", kind="partnerfile", object_id=row.file_id)
        return made


def _repeat(referral: ConferenceReferral, on: date, by: Viewer) -> bool:
    """Whether the same parties come back with new violence within the local months."""
    before = last_hearing(referral.file, by)
    incidents = [row.happened_on for row in standing_incidents(referral.file, by)]
    months = marac_of(referral.file.service).repeat_months
    return is_repeat(before.heard_on if before else None, incidents, months, on)


def _hearing(hearing: Hearing, by: Viewer) -> Hearing:
    rows = Hearing.objects.visible_to(by).select_for_update(of=("self",))
    found: Hearing = rows.select_related("conference", "file", "referral__file").get(pk=hearing.pk)
    return found


def ask_research(
    *, hearing: Hearing, agency: str, by: Viewer, form: UUID | None = None
) -> Research:
    """Write down that an agency was asked what it knows. The answer is due before the meeting."""
    require(by, Duty.KEEP_CONFERENCE)
    if not agency.strip():
        raise Refused("Write which agency was asked.")
    with acting(by):
        found = _hearing(hearing, by)
        own = id_of_form(found.pk, form, "research")
        known = known_row(Research, own, by)
        if known is not None:
            return known
        if found.heard != Heard.LISTED:
            raise Refused("What came of this hearing has been written down already.")
        today = timezone.localdate()
        ahead = timedelta(days=marac_of(found.file.service).research_days)
        due_on = max(today, timezone.localdate(found.conference.held_at) - ahead)
        row = Research(
            id=own, compartment=found.compartment, file=found.file, hearing=found, agency=agency,
            asked_on=today, due_on=due_on, worker=by.worker,
        )  # fmt: skip
        row.save(force_insert=True)
        record(by=by, verb="asked an agency about", kind="partnerfile", object_id=found.file_id)
        return row


def keep_research(
    *, research: Research, answer: Answer, text: str, version: int, by: Viewer
) -> Research:
    """Keep what an agency answered, or that nothing is known there."""
    require(by, Duty.KEEP_CONFERENCE)
    if answer is Answer.CAME and not text.strip():
        raise Refused("Write what the agency answered.")
    with acting(by):
        row = locked(research, by)
        if (row.answer, row.text or "") == (answer, text):
            return row
        unchanged(row, version)
        row.answer, row.text = answer, text or None
        row.answered_on = None if answer is Answer.ASKED else timezone.localdate()
        row.version += 1
        row.save()
        record(by=by, verb="kept what an agency knows of", kind="partnerfile",
               object_id=row.file_id)  # fmt: skip
        return row


def keep_hearing(
    *, hearing: Hearing, outcome: Heard, summary: str, version: int, by: Viewer
) -> Hearing:
    """Keep what came of a hearing. A heard case is flagged; its earlier flag ends by that."""
    require(by, Duty.KEEP_CONFERENCE)
    with acting(by):
        row = _hearing(hearing, by)
        if row.heard == outcome and (row.summary or "") == summary:
            return row
        held_on, today = timezone.localdate(row.conference.held_at), timezone.localdate()
        demand(may_hear(Heard(row.heard), outcome, held_on, today))
        unchanged(row, version)
        if outcome in HEARD:
            row.repeat = _repeat(row.referral, held_on, by)
            row.heard_on = held_on
            row.flag_until = flag_until(held_on, marac_of(row.file.service).flag_months)
            _end_earlier_flags(row, by)
        row.heard, row.summary = outcome, summary or None
        row.version += 1
        row.save()
        record(by=by, verb="kept what came of a hearing of", kind="partnerfile",
               object_id=row.file_id)  # fmt: skip
        return row


def _end_earlier_flags(row: Hearing, by: Viewer) -> None:
    earlier = Hearing.objects.visible_to(by).filter(
        file=row.file, flag_until__isnull=False, flag_ended_on=None
    )
    for one in earlier.exclude(pk=row.pk):
        one.flag_ended, one.flag_ended_on = FlagEnd.HEARD_AGAIN, timezone.localdate()
        one.version += 1
        one.save()


def end_flag(*, hearing: Hearing, because: FlagEnd, by: Viewer) -> Hearing:
    """Take a flag off, with the reason. That its months are over ends no flag by itself."""
    require(by, Duty.KEEP_CONFERENCE)
    with acting(by):
        row = _hearing(hearing, by)
        if row.flag_ended_on is not None:
            return row
        demand(may_end_flag(row.flag_until, because, timezone.localdate()))
        row.flag_ended, row.flag_ended_on = because, timezone.localdate()
        row.version += 1
        row.save()
        record(by=by, verb="took the flag off", kind="partnerfile", object_id=row.file_id)
        return row


def add_conference_action(
    *,
    hearing: Hearing,
    what: str,
    owner: UUID | None,
    agency: str,
    due_on: date,
    by: Viewer,
    form: UUID | None = None,
) -> ConferenceAction:
    """Write down what an agency, or a worker of this side, is to do after a hearing."""
    require(by, Duty.KEEP_CONFERENCE)
    if not what.strip():
        raise Refused("Write what is to be done.")
    demand(owner_fits(owner, agency))
    with acting(by):
        found = _hearing(hearing, by)
        own = id_of_form(found.pk, form, "action")
        known = known_row(ConferenceAction, own, by)
        if known is not None:
            return known
        if found.heard_on is None:
            raise Refused("Write down first what came of the hearing.")
        owner_known(owner, found.compartment, by)
        row = ConferenceAction(
            id=own, compartment=found.compartment, file=found.file, hearing=found, what=what,
            owner=owner, agency=agency or None, due_on=due_on, worker=by.worker,
        )  # fmt: skip
        row.save(force_insert=True)
        record(by=by, verb="gave out an action about", kind="partnerfile",
               object_id=found.file_id)  # fmt: skip
        return row


def finish_conference_action(
    *, action: Finished, outcome: str, version: int, by: Viewer, dropped: bool = False
) -> Finished:
    """Say what came of an action of a hearing or of tasking.

    Its owner does, or whoever keeps the conference.
    """
    kept: Finished = finish_action(action=action, outcome=outcome, version=version, by=by,
                                   dropped=dropped, keeper=Duty.KEEP_CONFERENCE)
    return kept
