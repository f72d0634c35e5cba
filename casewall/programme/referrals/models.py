"""Inboxes of the programme side. They are appended to by generated functions, and only so."""

from __future__ import annotations

from django.db import models

from casewall.wall.labels import Label
from casewall.wall.models import ArrivalModel
from casewall.wall.sides import Side


class BridgeItem(ArrivalModel):
    """Something that came down the bridge. The payload is encrypted for this row."""

    SIDE = Side.PROGRAMME
    CONTENT = "payload"
    LABELS = {
        "kind": Label.CODE,
        "payload": Label.TEXT,
        "applied_on": Label.DATE,
        "outcome": Label.CODE,
    }

    kind = models.CharField(max_length=30)
    payload = models.BinaryField()
    applied_on = models.DateField(null=True)
    outcome = models.CharField(max_length=30, blank=True)

    payload.is_encrypted = True  # type: ignore[attr-defined]  # sealed by the sender


class DoorEntry(ArrivalModel):
    """A form that the front door sealed to this side."""

    SIDE = Side.PROGRAMME
    CONTENT = "sealed"
    LABELS = {"sealed": Label.TEXT, "applied_on": Label.DATE, "outcome": Label.CODE}

    sealed = models.BinaryField()
    applied_on = models.DateField(null=True)
    outcome = models.CharField(max_length=30, blank=True)

    sealed.is_encrypted = True  # type: ignore[attr-defined]  # sealed by the sender
