"""What clients, and the agencies that referred them, answered. Nothing here is of a partner."""

from __future__ import annotations

from django.db import models

from casewall.measures.schedule import WAVE_CHOICES
from casewall.programme.cases.models import OfTheWork, choices
from casewall.programme.measuring.rules import Mode, NotAnswered, Present, Source, Why
from casewall.vault.fields import EncryptedTextField
from casewall.wall.labels import Label


class MeasureAnswer(OfTheWork):
    """The answers of one source to one measure at one time point, or why there are none.

    The raw answers stay; score, parts and band are derived from them by `scorer_version`.
    `coded` holds the codes of those answers that figures count one by one.
    """

    LABELS = {
        "source": Label.CODE,
        "measure": Label.CODE,
        "measure_version": Label.CODE,
        "wave": Label.CODE,
        "due_on": Label.DATE,
        "answered_on": Label.DATE,
        "answers": Label.TEXT,
        "score": Label.CODE,
        "parts": Label.CODE,
        "coded": Label.CODE,
        "band": Label.CODE,
        "answered_items": Label.CODE,
        "items": Label.CODE,
        "scorer_version": Label.CODE,
        "mode": Label.CODE,
        "present": Label.CODE,
        "language": Label.CODE,
        "recall": Label.CODE,
        "not_answered": Label.CODE,
        "recorded_at": Label.DATE,
        "worker": Label.ID,
        "version": Label.CODE,
    }

    source = models.CharField(max_length=10, choices=choices(Source))
    measure = models.CharField(max_length=40)
    measure_version = models.CharField(max_length=20)
    wave = models.CharField(max_length=20, choices=WAVE_CHOICES)
    due_on = models.DateField(null=True)
    answered_on = models.DateField(null=True)
    answers = EncryptedTextField(null=True)
    score = models.FloatField(null=True)
    parts = models.JSONField(default=dict)
    coded = models.JSONField(default=dict)
    band = models.CharField(max_length=40, blank=True)
    answered_items = models.IntegerField(default=0)
    items = models.IntegerField(default=0)
    scorer_version = models.CharField(max_length=20, blank=True)
    mode = models.CharField(max_length=20, choices=choices(Mode), blank=True)
    present = models.CharField(max_length=20, choices=choices(Present), blank=True)
    language = models.CharField(max_length=10, blank=True)
    recall = models.CharField(max_length=200, blank=True)
    not_answered = models.CharField(max_length=20, choices=choices(NotAnswered), blank=True)
    recorded_at = models.DateTimeField()
    worker = models.UUIDField()
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "measure", "wave"], name="one_measure_answer_each"
            )
        ]


class EarlierAnswer(OfTheWork):
    """What stood in an answer before it was corrected, or before a newer scorer; never changed."""

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {
        "answer": Label.ID,
        "why": Label.CODE,
        "answered_on": Label.DATE,
        "answers": Label.TEXT,
        "score": Label.CODE,
        "parts": Label.CODE,
        "band": Label.CODE,
        "measure_version": Label.CODE,
        "scorer_version": Label.CODE,
        "recorded_by": Label.ID,
        "replaced_at": Label.DATE,
        "worker": Label.ID,
    }

    answer = models.ForeignKey(MeasureAnswer, on_delete=models.PROTECT, related_name="earlier")
    why = models.CharField(max_length=20, choices=choices(Why))
    answered_on = models.DateField(null=True)
    answers = EncryptedTextField(null=True)
    score = models.FloatField(null=True)
    parts = models.JSONField(default=dict)
    band = models.CharField(max_length=40, blank=True)
    measure_version = models.CharField(max_length=20)
    scorer_version = models.CharField(max_length=20, blank=True)
    recorded_by = models.UUIDField()
    replaced_at = models.DateTimeField()
    worker = models.UUIDField()
