"""Every write to a case note. Each is one transaction with an audit entry."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.programme.cases.actions import add_task
from casewall.programme.cases.models import Case
from casewall.programme.notes.models import Correction, EarlierNote, Note
from casewall.programme.notes.rules import (
    MOST_MINUTES,
    NoteKind,
    NoteState,
    may_be_dated,
    may_change,
    may_correct,
    may_decide,
    may_follow_up,
)
from casewall.wall.context import acting
from casewall.wall.decide import Decision, Refused, StaleEdit
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_of_form, new_id
from casewall.wall.sides import Viewer

FOLLOW_UP = "follow_up"
"""The kind of task that a note's follow-up becomes."""


class NoteChanged(StaleEdit):
    """The note is not as the worker saw it; `note` is how it stands."""

    def __init__(self, sentence: str, note: Note):
        super().__init__(sentence)
        self.note = note


def write_note(
    *,
    case: Case,
    kind: NoteKind,
    happened_on: date,
    text: str,
    by: Viewer,
    minutes: int | None = None,
    follow_up_on: date | None = None,
    form: UUID | None = None,
    unfinished: bool = False,
) -> Note:
    """Write a note on a case; a follow-up becomes a task of the case.

    The same `form` sent twice is one note. Sent again with another text it raises `NoteChanged`,
    so that neither text is lost. An unfinished note is seen by its writer only.
    """
    require(by, Duty.WRITE_NOTE)
    with acting(by):
        case = Case.objects.visible_to(by).select_for_update(of=("self",)).get(pk=case.pk)
        own = id_of_form(case.pk, form) if form else new_id()
        known = Note.objects.visible_to(by).filter(pk=own).first()
        if known is not None:
            return _sent_again(known, text)
        note = Note(
            id=own,
            compartment=case.compartment,
            case=case,
            written_at=timezone.now(),
            worker=by.worker,
        )
        _write(note, case, kind, happened_on, minutes, text, follow_up_on)
        note.state = NoteState.UNFINISHED if unfinished else NoteState.WRITTEN
        note.save(force_insert=True)
        _follow_up(note, case, by)
        record(by=by, verb="wrote", thing=note)
        return note


def _sent_again(known: Note, text: str) -> Note:
    if known.text != text:
        at = timezone.localtime(known.written_at)
        raise NoteChanged(
            f"This note was saved already, on {at:%-d %B %Y at %H:%M}, with another text. What "
            "you typed is below: copy it into the saved note if it belongs there.",
            known,
        )
    return known


def _write(
    note: Note,
    case: Case,
    kind: NoteKind,
    happened_on: date,
    minutes: int | None,
    text: str,
    follow_up_on: date | None,
) -> None:
    today = timezone.localdate()
    _demand(may_be_dated(happened_on, case.referred_on, today))
    if follow_up_on is not None and follow_up_on != note.follow_up_on:
        _demand(may_follow_up(follow_up_on, today))
    if minutes is not None and not 0 <= minutes <= MOST_MINUTES:
        raise Refused(f"A contact lasts from 0 to {MOST_MINUTES} minutes, not {minutes}.")
    if not text.strip():
        raise Refused("The note has no text.")
    note.kind, note.happened_on, note.minutes = kind, happened_on, minutes
    note.text, note.follow_up_on = text, follow_up_on


def _demand(decision: Decision) -> None:
    if not decision:
        raise Refused(decision.reason)


def _follow_up(note: Note, case: Case, by: Viewer) -> None:
    """Make the note's task say what the note says, once others can see the note."""
    if note.state == NoteState.UNFINISHED:
        return
    task = note.task
    if task is not None and task.done_on is None:
        if note.follow_up_on is None:
            task.done_on, task.done_by = timezone.localdate(), by.worker
        else:
            task.due_on = note.follow_up_on
        task.save()
    elif note.follow_up_on is not None and (task is None or task.due_on != note.follow_up_on):
        note.task = add_task(case=case, kind=FOLLOW_UP, due_on=note.follow_up_on, by=by)
        note.save(update_fields=["task"])


def _locked(note: Note, by: Viewer) -> Note:
    """The note as it stands now, locked until the transaction ends."""
    found: Note = (
        Note.objects.visible_to(by)
        .select_for_update(of=("self",))
        .select_related("case", "task")
        .get(pk=note.pk)
    )
    return found


def change_note(
    *,
    note: Note,
    version: int,
    kind: NoteKind,
    happened_on: date,
    text: str,
    by: Viewer,
    minutes: int | None = None,
    follow_up_on: date | None = None,
    unfinished: bool = False,
) -> Note:
    """Change a note that is not approved yet; a text that others could read is kept beside it.

    Raises `NoteChanged` where the note is no longer at `version`. The same change sent twice is
    one. A returned note goes back into the queue.
    """
    require(by, Duty.WRITE_NOTE)
    with acting(by):
        note = _locked(note, by)
        same = (note.kind, note.happened_on, note.text, note.minutes, note.follow_up_on) == (
            kind, happened_on, text, minutes, follow_up_on)  # fmt: skip
        if same and note.version == version + 1:
            return note
        _demand(may_change(NoteState(note.state), note.worker == by.worker))
        if note.version != version:
            raise _stale(note, "Your text is below, the stored one beside it.")
        was_seen = note.state != NoteState.UNFINISHED
        if was_seen and unfinished:
            raise Refused("Others can read this note already: it cannot be unfinished again.")
        if was_seen and note.text != text:
            _keep_text(note, by)
        _write(note, note.case, kind, happened_on, minutes, text, follow_up_on)
        if not was_seen:
            note.written_at = timezone.now()
        note.state = NoteState.UNFINISHED if unfinished else NoteState.WRITTEN
        note.version += 1
        note.save()
        _follow_up(note, note.case, by)
        record(by=by, verb="changed", thing=note)
        return note


def _stale(note: Note, then: str) -> NoteChanged:
    return NoteChanged(
        f"The note was changed while this page was open, and nothing was overwritten. {then}", note
    )


def _keep_text(note: Note, by: Viewer) -> None:
    EarlierNote(
        compartment=note.compartment,
        case=note.case,
        note=note,
        version=note.version,
        text=note.text,
        replaced_at=timezone.now(),
        worker=by.worker,
    ).save(force_insert=True)


def correct_note(
    *, note: Note, text: str, reason: str, by: Viewer, form: UUID | None = None
) -> Correction:
    """Write beside an approved note what is right, and why. The same `form` sent twice is one."""
    require(by, Duty.WRITE_NOTE)
    with acting(by):
        note = _locked(note, by)
        own = id_of_form(note.pk, form) if form else new_id()
        known: Correction | None = Correction.objects.visible_to(by).filter(pk=own).first()
        if known is not None:
            if (known.text, known.reason) != (text, reason):
                raise NoteChanged(
                    "This correction was saved already, with other words. It stands beside the "
                    "note; if it must be corrected again, open the note anew.",
                    note,
                )
            return known
        _demand(may_correct(NoteState(note.state)))
        if not text.strip() or not reason.strip():
            raise Refused("A correction says what is right, and why.")
        correction = Correction(
            id=own,
            compartment=note.compartment,
            case=note.case,
            note=note,
            text=text,
            reason=reason,
            written_at=timezone.now(),
            worker=by.worker,
        )
        correction.save(force_insert=True)
        record(by=by, verb="corrected", thing=note)
        return correction


def approve_note(*, note: Note, version: int, by: Viewer, comment: str | None = None) -> Note:
    """Approve a note and lock its text. Approved twice by the same person is once."""
    return _decide(note, version, NoteState.APPROVED, comment, by)


def return_note(*, note: Note, version: int, comment: str, by: Viewer) -> Note:
    """Give a note back to its writer with a comment. Raises `Refused` without one."""
    if not comment.strip():
        raise Refused("Say in the comment what the writer should change.")
    return _decide(note, version, NoteState.RETURNED, comment, by)


def _decide(note: Note, version: int, to: NoteState, comment: str | None, by: Viewer) -> Note:
    require(by, Duty.APPROVE_NOTE)
    with acting(by):
        note = _locked(note, by)
        again: tuple[Any, ...] = (to, by.worker, version + 1)
        if (note.state, note.decided_by, note.version) == again:
            return note
        _demand(may_decide(NoteState(note.state), note.worker == by.worker))
        if note.version != version:
            raise _stale(note, "Read the text as it stands now, and decide on that.")
        note.state, note.comment = to, comment or None
        note.decided_at, note.decided_by = timezone.now(), by.worker
        note.version += 1
        note.save()
        record(by=by, verb="approved" if to is NoteState.APPROVED else "returned", thing=note)
        return note
