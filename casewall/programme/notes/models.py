"""What is stored of case notes. A text that others have seen is never erased."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from casewall.drafts.models import DraftRecord
from casewall.programme.cases.models import OfTheWork, Task, choices
from casewall.programme.notes.rules import NoteKind, NoteState
from casewall.vault.fields import EncryptedTextField
from casewall.wall.labels import Label
from casewall.wall.sides import Side, Viewer


class Note(OfTheWork):
    """What a worker wrote about one contact or piece of work.

    `happened_on` may lie before `written_at`, which always stays. An unfinished note is seen by
    its writer only. Once approved the text is locked.
    """

    LABELS = {
        "kind": Label.CODE,
        "happened_on": Label.DATE,
        "written_at": Label.DATE,
        "minutes": Label.CODE,
        "text": Label.TEXT,
        "follow_up_on": Label.DATE,
        "task": Label.ID,
        "worker": Label.ID,
        "state": Label.CODE,
        "decided_at": Label.DATE,
        "decided_by": Label.ID,
        "comment": Label.TEXT,
        "version": Label.CODE,
    }

    kind = models.CharField(max_length=20, choices=choices(NoteKind))
    happened_on = models.DateField()
    written_at = models.DateTimeField()
    minutes = models.IntegerField(null=True)
    text = EncryptedTextField()
    follow_up_on = models.DateField(null=True)
    task = models.ForeignKey(Task, null=True, on_delete=models.PROTECT, related_name="notes")
    worker = models.UUIDField()
    state = models.CharField(max_length=20, choices=choices(NoteState), default=NoteState.WRITTEN)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    comment = EncryptedTextField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(
                fields=["compartment", "written_at", "id"],
                name="note_waiting",
                condition=models.Q(state=NoteState.WRITTEN.value),
            ),
            models.Index(
                fields=["worker", "state"],
                name="note_of_writer",
                condition=~models.Q(state=NoteState.APPROVED.value),
            ),
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        rows = super().visible_rows(rows, viewer)
        return rows.filter(~Q(state=NoteState.UNFINISHED) | Q(worker=viewer.worker))

    def __str__(self) -> str:
        return f"Note {self.pk}"


class EarlierNote(OfTheWork):
    """A note's text as others could read it before its writer changed it."""

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {
        "note": Label.ID,
        "version": Label.CODE,
        "text": Label.TEXT,
        "replaced_at": Label.DATE,
        "worker": Label.ID,
    }

    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="earlier")
    version = models.IntegerField()
    text = EncryptedTextField()
    replaced_at = models.DateTimeField()
    worker = models.UUIDField()


class Correction(OfTheWork):
    """What is right instead, why, by whom and when; it stands beside the note, which stays."""

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {
        "note": Label.ID,
        "text": Label.TEXT,
        "reason": Label.TEXT,
        "written_at": Label.DATE,
        "worker": Label.ID,
    }

    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="corrections")
    text = EncryptedTextField()
    reason = EncryptedTextField()
    written_at = models.DateTimeField()
    worker = models.UUIDField()


class ProgrammeDraft(DraftRecord):
    """What a worker of this side has typed into a form and not saved yet."""

    SIDE = Side.PROGRAMME
