"""What is kept of a file that was closed or opened again."""

from __future__ import annotations

from django.db import models

from casewall.safety.partners.models import OfAFile, choices
from casewall.safety.support.rules import CloseReason, OpenReason
from casewall.vault.fields import EncryptedTextField
from casewall.wall.labels import Label


class FileStanding(OfAFile):
    """That a partner's file was closed or opened again: on which day, by whom and why."""

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {
        "on_day": Label.DATE,
        "closed_because": Label.CODE,
        "opened_because": Label.CODE,
        "note": Label.TEXT,
        "worker": Label.ID,
        "recorded_at": Label.DATE,
    }

    on_day = models.DateField()
    closed_because = models.CharField(max_length=30, choices=choices(CloseReason), blank=True)
    opened_because = models.CharField(max_length=30, choices=choices(OpenReason), blank=True)
    note = EncryptedTextField(null=True)
    worker = models.UUIDField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="closed_or_opened_again",
                condition=models.Q(closed_because="") ^ models.Q(opened_because=""),
            )
        ]
