"""What is stored of a draft. Each side has a table of its own, made from `DraftRecord`."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone

from casewall.drafts.rules import KEPT_FOR, Written
from casewall.vault.fields import EncryptedTextField
from casewall.wall.labels import Label
from casewall.wall.models import WalledModel
from casewall.wall.sides import Side, Viewer


class DraftRecord(WalledModel):
    """What one worker has typed into one form and not saved yet; nobody else reads it.

    `key` is made from the record that the form belongs to and the name of the form. The
    compartment is the one of that record. The system account sees only drafts that are to be
    thrown away.
    """

    LABELS = {
        "worker": Label.ID,
        "key": Label.ID,
        "content": Label.TEXT,
        "saved_at": Label.DATE,
        "version": Label.CODE,
    }
    APP_MAY = ("SELECT", "INSERT", "UPDATE", "DELETE")

    worker = models.UUIDField()
    key = models.UUIDField()
    content = EncryptedTextField()
    saved_at = models.DateTimeField()
    version = models.IntegerField(default=1)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["worker", "key"], name="%(class)s_one_of_each")
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        rows = rows.filter(compartment__in=viewer.compartments)
        if viewer.is_system:
            return rows.filter(saved_at__lt=oldest_kept())
        return rows.filter(worker=viewer.worker)

    @property
    def written(self) -> Written:
        """The content, read."""
        return Written.from_json(json.loads(self.content))

    def __str__(self) -> str:
        return f"Draft {self.pk}"


def oldest_kept() -> datetime:
    """The moment before which drafts are thrown away."""
    return timezone.now() - KEPT_FOR


_OF_SIDE: dict[Side, type[DraftRecord]] = {}


def keep_drafts_in(model: type[DraftRecord]) -> None:
    """Say where a side keeps its drafts; called once the side's app is ready."""
    _OF_SIDE[model.SIDE] = model


def drafts_of(side: Side) -> type[DraftRecord] | None:
    """The table of a side's drafts, or None where the side keeps none: forms then work without."""
    return _OF_SIDE.get(side)
