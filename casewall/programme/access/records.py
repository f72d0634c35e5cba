"""The shape of exclusions and of openings out of turn; each side has tables of its own."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from casewall.programme.access.rules import Verdict, Why
from casewall.programme.access.words import VERDICT, WHY
from casewall.vault.fields import EncryptedTextField
from casewall.wall.duties import Duty, may_do
from casewall.wall.labels import Label
from casewall.wall.models import WalledModel
from casewall.wall.sides import Viewer


class KeptAway(WalledModel):
    """That a worker is kept away from everything about one person, from a moment on.

    `person` is the identifier of the client, the partner or the child, whichever `kind` says.
    The worker never sees the row: it names the person, and whatever names the person is hidden.
    `declared` says that the worker said so; an exclusion that has ended stays on record.
    """

    LABELS: ClassVar[dict[str, Label]] = {
        "kind": Label.CODE, "person": Label.ID, "worker": Label.ID, "why": Label.CODE,
        "reason": Label.TEXT, "declared": Label.CODE, "begun_at": Label.DATE,
        "begun_by": Label.ID, "ended_at": Label.DATE, "ended_by": Label.ID,
        "end_reason": Label.TEXT,
    }  # fmt: skip

    kind = models.CharField(max_length=20)
    person = models.UUIDField()
    worker = models.UUIDField()
    why = models.CharField(max_length=20, choices=[(one.value, WHY[one]) for one in Why])
    reason = EncryptedTextField(null=True)
    declared = models.BooleanField(default=False)
    begun_at = models.DateTimeField()
    begun_by = models.UUIDField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    end_reason = EncryptedTextField(null=True)

    class Meta:
        abstract = True
        indexes = [
            models.Index(fields=["worker", "person"], condition=Q(ended_at=None),
                         name="%(app_label)s_away")
        ]
        constraints = [
            models.UniqueConstraint(fields=["worker", "person"], condition=Q(ended_at=None),
                                    name="%(app_label)s_away_once")
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        if not may_do(viewer.role, Duty.EXCLUDE):
            return rows.none()
        return rows.filter(compartment__in=viewer.compartments)


class OpenedOutOfTurn(WalledModel):
    """That a worker opened a file that is not own work, why, until when, and what a review says.

    `file` is the identifier of the case, the partner's file or the child, as `kind` says.
    """

    LABELS: ClassVar[dict[str, Label]] = {
        "kind": Label.CODE, "file": Label.ID, "worker": Label.ID, "reason": Label.TEXT,
        "opened_at": Label.DATE, "until": Label.DATE, "handed_back_at": Label.DATE,
        "verdict": Label.CODE, "note": Label.TEXT, "decided_at": Label.DATE,
        "decided_by": Label.ID, "version": Label.CODE,
    }  # fmt: skip

    kind = models.CharField(max_length=20)
    file = models.UUIDField()
    worker = models.UUIDField()
    reason = EncryptedTextField()
    opened_at = models.DateTimeField()
    until = models.DateTimeField()
    handed_back_at = models.DateTimeField(null=True)
    verdict = models.CharField(
        max_length=20, choices=[(one.value, VERDICT[one]) for one in Verdict], blank=True)
    note = EncryptedTextField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        abstract = True
        indexes = [
            models.Index(fields=["worker", "until"], name="%(app_label)s_open"),
            models.Index(fields=["compartment", "opened_at"], condition=Q(verdict=""),
                         name="%(app_label)s_waits"),
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        rows = rows.filter(compartment__in=viewer.compartments)
        if may_do(viewer.role, Duty.REVIEW_ACCESS):
            return rows
        if not may_do(viewer.role, Duty.OPEN_OUT_OF_TURN):
            return rows.none()
        return rows.filter(worker=viewer.worker)
