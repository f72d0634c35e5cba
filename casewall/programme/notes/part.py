"""What notes add to the page of a case and to the first page."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from casewall.drafts.actions import own_drafts
from casewall.programme.cases.models import Case
from casewall.programme.cases.parts import Shown
from casewall.programme.notes.lists import NotesOfCase, waiting_for
from casewall.programme.notes.models import Note
from casewall.programme.notes.rules import NoteState
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer

_CONTACT = ("Last contact", "Contact before that", "And before that")
MOST_SHOWN = 50


def read(case: Case, viewer: Viewer, today: date) -> Shown:
    """The notes of a case, its last contacts, and the way to write one."""
    own = NotesOfCase(case, viewer)
    new, told = reverse("note_new", args=[case.pk]), reverse("chronology", args=[case.pk])
    steps = [("Write a note", new)] if may_do(viewer.role, Duty.WRITE_NOTE) else []
    last = own.last_contacts()
    return Shown(
        entries=own.entries(),
        steps=[*steps, ("Chronology, to read or print", told)],
        details=[
            (label, f"{day:%-d %B %Y}: {', '.join(filter(None, [how, who]))}")
            for label, (day, how, who) in zip(_CONTACT, last, strict=False)
        ],
        template="notes/section.html",
        context={"note_new": new if steps else "", "chronology": told, "notes": own.entries()},
    )


def today(viewer: Viewer, day: date, last: date) -> list[dict[str, Any]]:
    """Notes that came back, notes and forms that are unfinished, and the supervisor's queue."""
    return [*_of_writer(viewer, day), *_to_approve(viewer, day), *_drafts(viewer, day)]


def _of_writer(viewer: Viewer, day: date) -> list[dict[str, Any]]:
    if not may_do(viewer.role, Duty.WRITE_NOTE):
        return []
    rows = Note.objects.visible_to(viewer).filter(
        worker=viewer.worker, state__in=[NoteState.UNFINISHED, NoteState.RETURNED]
    )
    found = rows.select_related("case__client").order_by("written_at", "id")[:MOST_SHOWN]
    return [_item(note, day) for note in found]


def _item(note: Note, day: date) -> dict[str, Any]:
    returned = note.state == NoteState.RETURNED
    return {
        "due": timezone.localdate(note.decided_at) if returned and note.decided_at else day,
        "what": "Note returned to you:" if returned else "Finish your note:",
        "who": note.case.client.full_name,
        "url": reverse("note_edit", args=[note.pk]),
        "note": (note.comment or "") if returned else f"About {note.happened_on:%-d %B %Y}",
        "tag": ("Note", "orange" if returned else "grey"),
    }


def _to_approve(viewer: Viewer, day: date) -> list[dict[str, Any]]:
    if not may_do(viewer.role, Duty.APPROVE_NOTE):
        return []
    moments = list(waiting_for(viewer).values_list("written_at", flat=True))
    if not moments:
        return []
    return [
        {
            "due": day,
            "what": f"Notes that wait for your approval: {len(moments)}",
            "url": reverse("notes_waiting"),
            "note": f"The oldest was written on {timezone.localtime(moments[0]):%-d %B %Y}",
            "tag": ("Note", "purple"),
        }
    ]


def _drafts(viewer: Viewer, day: date) -> list[dict[str, Any]]:
    drafts = list(own_drafts(viewer)[:MOST_SHOWN])
    if not drafts:
        return []
    return [
        {
            "due": day,
            "what": "Typed and not saved yet",
            "url": reverse("drafts"),
            "note": "; ".join(draft.written.title for draft in drafts[:5]),
            "tag": ("Draft", "grey"),
        }
    ]
