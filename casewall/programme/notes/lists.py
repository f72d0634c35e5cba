"""Notes as pages show them: entries of a timeline, the last contacts, what waits for whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from casewall.programme.cases.lists import names_of
from casewall.programme.cases.models import Case
from casewall.programme.cases.once import attempts_of, once
from casewall.programme.cases.rules import ROUTE_WORDS, Outcome, Route
from casewall.programme.notes.models import Correction, Note
from casewall.programme.notes.rules import (
    CONTACT_KINDS,
    KIND_WORDS,
    STATE_WORDS,
    NoteKind,
    NoteState,
    days_late,
)
from casewall.wall.sides import Viewer

LAST_CONTACTS = 3
QUEUE = 25
"""Notes on one page of the queue."""


class NotesOfCase:
    """The notes of a case that a viewer sees, with corrections and names, each kind read once."""

    def __init__(self, case: Case, viewer: Viewer):
        self.case = case
        self.notes = list(case.notes.visible_to(viewer).order_by("-happened_on", "-written_at"))
        self.corrections: dict[UUID, list[Correction]] = defaultdict(list)
        for row in case.corrections.visible_to(viewer).order_by("written_at", "id"):
            self.corrections[row.note_id].append(row)
        spoken = (Outcome.SPOKE, Outcome.DECLINED)
        attempts = [row for row in once(attempts_of, case, viewer) if row.outcome in spoken]
        self.attempts = attempts[:LAST_CONTACTS]
        corrected = [row for rows in self.corrections.values() for row in rows]
        self.names = names_of(row.worker for row in [*self.notes, *corrected, *self.attempts])

    def entries(self, kinds: Iterable[str] = tuple(NoteKind)) -> list[dict[str, Any]]:
        """The notes of these kinds as entries of the timeline."""
        wanted = set(kinds)
        return [self._entry(note) for note in self.notes if note.kind in wanted]

    def _entry(self, note: Note) -> dict[str, Any]:
        return {
            "title": title_of(note),
            "when": note.happened_on,
            "by": self.names.get(note.worker, ""),
            "text": "\n\n".join(
                part for part in [note.text, late_words(note), *self._corrected(note)] if part
            ),
            "label": label_of(note),
            "url": reverse("note", args=[note.pk]),
        }

    def _corrected(self, note: Note) -> list[str]:
        return [
            f"Corrected on {day(row.written_at)} by {self.names.get(row.worker, 'a colleague')}: "
            f"{row.text}\nWhy: {row.reason}"
            for row in self.corrections[note.pk]
        ]

    def last_contacts(self) -> list[tuple[date, str, str]]:
        """The last contacts with the client: the day, how, and who had it, the latest first."""
        found = [
            (note.happened_on, KIND_WORDS[NoteKind(note.kind)], self.names.get(note.worker, ""))
            for note in self.notes
            if note.kind in CONTACT_KINDS and note.state != NoteState.UNFINISHED
        ]
        found += [
            (timezone.localdate(row.tried_at), ROUTE_WORDS[Route(row.route)],
             self.names.get(row.worker, ""))
            for row in self.attempts
        ]  # fmt: skip
        return sorted(found, key=lambda one: one[0], reverse=True)[:LAST_CONTACTS]


def title_of(note: Note) -> str:
    """What a note is, in a line."""
    words = KIND_WORDS[NoteKind(note.kind)]
    return f"{words}, {note.minutes} minutes" if note.minutes else words


def label_of(note: Note) -> tuple[str, str]:
    """The tag of a note in a timeline."""
    match NoteState(note.state):
        case NoteState.UNFINISHED:
            return "Note, unfinished", "grey"
        case NoteState.RETURNED:
            return "Note, returned", "orange"
        case NoteState.APPROVED:
            return "Note, approved", "green"
    return "Note", "purple"


def late_words(note: Note) -> str:
    """That a note was written on a later day than what it tells, or nothing."""
    late = days_late(note.happened_on, timezone.localdate(note.written_at))
    return f"Written on {day(note.written_at)}, {late} days later." if late > 1 else (
        f"Written on {day(note.written_at)}, the day after." if late else "")  # fmt: skip


def day(moment: datetime) -> str:
    """The day of a moment, in words."""
    return f"{timezone.localtime(moment):%-d %B %Y}"


def state_tag(note: Note) -> tuple[str, str]:
    """The state of a note as a tag."""
    return STATE_WORDS[NoteState(note.state)]


@dataclass(frozen=True, slots=True)
class Queue:
    """Notes that wait for a supervisor, the oldest first, and where the next page begins."""

    notes: list[Note]
    names: dict[UUID, str]
    after: str | None


def waiting_for(viewer: Viewer) -> Any:
    """Notes of others that wait for approval, the oldest first."""
    return (
        Note.objects.visible_to(viewer)
        .filter(~Q(worker=viewer.worker), state=NoteState.WRITTEN)
        .order_by("written_at", "id")
    )


def queue_of(viewer: Viewer, after: str = "") -> Queue:
    """One page of the queue, from a place (`moment_identifier`) rather than from a number."""
    rows = waiting_for(viewer).select_related("case__client")
    place = _place(after)
    if place is not None:
        moment, note = place
        rows = rows.filter(Q(written_at__gt=moment) | Q(written_at=moment, id__gt=note))
    found = list(rows[: QUEUE + 1])
    notes = found[:QUEUE]
    more = len(found) > QUEUE
    last = f"{notes[-1].written_at.isoformat()}_{notes[-1].pk}" if more else None
    return Queue(notes, names_of(note.worker for note in notes), last)


def _place(text: str) -> tuple[datetime, UUID] | None:
    moment, _, note = text.partition("_")
    try:
        found = datetime.fromisoformat(moment), UUID(note)
    except ValueError:
        return None
    return found if timezone.is_aware(found[0]) else None
