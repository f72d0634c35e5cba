"""The fields that holds, deletions and what stays as figures have on either side."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from casewall.programme.retention.rules import Ground, HoldReason, Kind
from casewall.vault.fields import EncryptedTextField
from casewall.wall.duties import Duty, may_do
from casewall.wall.labels import Label
from casewall.wall.models import WalledModel
from casewall.wall.sides import Viewer


def _choices(enum: Any) -> list[tuple[str, str]]:
    return [(member.value, member.value.replace("_", " ").capitalize()) for member in enum]


class OfOversight(WalledModel):
    """Seen by those who hold files back and approve deletions; to everybody else absent."""

    class Meta:
        abstract = True

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        if viewer.is_system:
            return rows.filter(compartment__in=viewer.compartments)
        may = may_do(viewer.role, Duty.HOLD_RECORDS) or may_do(viewer.role, Duty.ERASE)
        return rows.filter(compartment__in=viewer.compartments) if may else rows.none()


class HoldFacts(OfOversight):
    """That a file is kept back from deletion: why, by whom, until when, and who lifted it."""

    LABELS: ClassVar[dict[str, Label]] = {
        "kind": Label.CODE, "file_id": Label.ID, "ground": Label.CODE, "reason": Label.TEXT,
        "held_by": Label.ID, "held_at": Label.DATE, "review_on": Label.DATE,
        "lifted_by": Label.ID, "lifted_at": Label.DATE, "lifted_because": Label.TEXT,
        "version": Label.CODE,
    }  # fmt: skip

    kind = models.CharField(max_length=20, choices=_choices(Kind))
    file_id = models.UUIDField()
    ground = models.CharField(max_length=20, choices=_choices(HoldReason))
    reason = EncryptedTextField()
    held_by = models.UUIDField()
    held_at = models.DateTimeField()
    review_on = models.DateField()
    lifted_by = models.UUIDField(null=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_because = EncryptedTextField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["file_id"], name="%(app_label)s_one_hold",
                condition=models.Q(lifted_at=None),
            )
        ]


class DeletionFacts(OfOversight):
    """One decision to delete one file. The ledger of deletions: no name, no words.

    `file_id` stands in it only until the deletion is done; then `file_hash`, which is keyed, is
    all that is left. It lets a restored backup recognise a file that must go again, and says
    nothing to whoever does not hold the key and a backup.
    """

    LABELS: ClassVar[dict[str, Label]] = {
        "service": Label.CODE, "kind": Label.CODE, "file_id": Label.ID,
        "file_hash": Label.TOKEN, "ground": Label.CODE, "keeps_figures": Label.CODE,
        "due_on": Label.DATE, "decided_by": Label.ID, "decided_at": Label.DATE,
        "approved_by": Label.ID, "approved_at": Label.DATE, "refused_by": Label.ID,
        "refused_at": Label.DATE, "done_at": Label.DATE, "with_file": Label.ID,
    }  # fmt: skip

    service = models.CharField(max_length=60)
    kind = models.CharField(max_length=20, choices=_choices(Kind))
    file_id = models.UUIDField(null=True)
    file_hash = models.UUIDField()
    ground = models.CharField(max_length=20, choices=_choices(Ground))
    keeps_figures = models.BooleanField()
    due_on = models.DateField(null=True)
    decided_by = models.UUIDField()
    decided_at = models.DateTimeField()
    approved_by = models.UUIDField(null=True)
    approved_at = models.DateTimeField(null=True)
    refused_by = models.UUIDField(null=True)
    refused_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    with_file = models.UUIDField(
        null=True, help_text="The deletion of the partner's file that a child's record goes with."
    )

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["file_id"], name="%(app_label)s_one_decision",
                condition=models.Q(refused_at=None, file_id__isnull=False),
            )
        ]
        indexes = [models.Index(fields=["file_hash"], name="%(app_label)s_by_hash")]


class RemainderFacts(OfOversight):
    """What stays of a deleted file for figures: codes and counts under a new random number.

    No day, only years; nothing leads from it to the file, to the ledger or to a person.
    """

    LABELS: ClassVar[dict[str, Label]] = {
        "service": Label.CODE, "kind": Label.CODE, "referred_in": Label.CODE,
        "ended_in": Label.CODE, "route": Label.CODE, "outcome": Label.CODE,
        "reason": Label.CODE, "contacts": Label.CODE, "meetings": Label.CODE,
        "attended": Label.CODE, "children": Label.CODE,
    }  # fmt: skip

    service = models.CharField(max_length=60)
    kind = models.CharField(max_length=20, choices=_choices(Kind))
    referred_in = models.IntegerField()
    ended_in = models.IntegerField(null=True)
    route = models.CharField(max_length=30, blank=True)
    outcome = models.CharField(max_length=30, blank=True)
    reason = models.CharField(max_length=30, blank=True)
    contacts = models.IntegerField(default=0)
    meetings = models.IntegerField(default=0)
    attended = models.IntegerField(default=0)
    children = models.BooleanField(default=False)

    class Meta:
        abstract = True
