"""What was asked on a device, the content-free slot that the front door reads, what came back."""

from __future__ import annotations

from typing import Any

from django.db import models

from casewall.measures.schedule import WAVE_CHOICES
from casewall.safety.asking.rules import Device, SlotState
from casewall.safety.partners.models import OfAFile, choices
from casewall.vault.fields import EncryptedTextField
from casewall.wall.labels import Label
from casewall.wall.models import WalledModel
from casewall.wall.sides import Side, Viewer


class Slot(WalledModel):
    """What the front door may know of a code: which form, which language, which page comes next.

    It names nobody and leads to nobody; an `Asking` leads here. The front door reads and moves
    it by generated functions only (`wall/grants.py`), never as a table. `visit_hash` is of the
    one visit that is open; `entrance_hash` of the page on which the code was typed, so that the
    browser's Back button finds it closed.
    """

    SIDE = Side.SAFETY
    LABELS = {
        "code_hash": Label.TOKEN,
        "visit_hash": Label.TOKEN,
        "entrance_hash": Label.TOKEN,
        "form": Label.CODE,
        "language": Label.CODE,
        "next_page": Label.CODE,
        "state": Label.CODE,
        "ends_at": Label.DATE,
        "touched_at": Label.DATE,
    }

    code_hash = models.CharField(max_length=64, unique=True)
    visit_hash = models.CharField(max_length=64, unique=True, null=True)
    entrance_hash = models.CharField(max_length=64, db_index=True, null=True)
    form = models.CharField(max_length=200)
    language = models.CharField(max_length=10)
    next_page = models.IntegerField(default=0)
    state = models.CharField(max_length=10, choices=choices(SlotState), default=SlotState.WAITING)
    ends_at = models.DateTimeField()
    touched_at = models.DateTimeField(null=True)

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return rows.filter(id__in=Asking.objects.visible_to(viewer).values("slot_id"))


class Asking(OfAFile):
    """That a partner was given a code for questions on a device, for one time of the schedule."""

    LABELS = {
        "slot": Label.ID,
        "wave": Label.CODE,
        "device": Label.CODE,
        "made_at": Label.DATE,
        "worker": Label.ID,
        "closed_at": Label.DATE,
        "closed_by": Label.ID,
    }

    slot = models.OneToOneField(Slot, on_delete=models.PROTECT, related_name="asking")
    wave = models.CharField(max_length=20, choices=WAVE_CHOICES)
    device = models.CharField(max_length=20, choices=choices(Device))
    made_at = models.DateTimeField()
    worker = models.UUIDField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["file", "-made_at"], name="asking_by_file")]


class AnsweredPage(OfAFile):
    """One page of answers as it arrived from the front door, never changed.

    `scale` is the answer row that it became; null where that time had been answered already, so
    that neither overwrites the other.
    """

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {
        "asking": Label.ID,
        "page": Label.CODE,
        "measure": Label.CODE,
        "measure_version": Label.CODE,
        "language": Label.CODE,
        "translation_version": Label.CODE,
        "answered_at": Label.DATE,
        "answers": Label.TEXT,
        "scale": Label.ID,
    }

    asking = models.ForeignKey(Asking, on_delete=models.PROTECT, related_name="pages")
    page = models.IntegerField()
    measure = models.CharField(max_length=40)
    measure_version = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    translation_version = models.CharField(max_length=20)
    answered_at = models.DateTimeField()
    answers = EncryptedTextField()
    scale = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["asking", "page"], name="one_answer_a_page")]
