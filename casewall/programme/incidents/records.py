"""The fields that records of incidents and proceedings have on either side.

Each side has tables of its own; only the shape is the same, so that both can be counted alike.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from casewall.programme.incidents.rules import Custody, DayOutcome, Ended, Kind, Severity, Source
from casewall.programme.incidents.words import worded
from casewall.vault.fields import EncryptedTextField
from casewall.wall.labels import Label


class Happened(models.Model):
    """One incident as one source tells of it; never changed afterwards.

    A wrong one stays, and another one `corrects` it; `taken_back` says that nothing is left of
    it. `happened_on` is a guess of the day where `exact` is false. `forms` and `signs` are codes
    with commas between them; `severity` is None where nobody rated it.
    """

    HAPPENED: ClassVar[dict[str, Label]] = {
        "forms": Label.CODE, "signs": Label.CODE, "severity": Label.CODE, "source": Label.CODE,
        "happened_on": Label.DATE, "exact": Label.CODE, "told_on": Label.DATE,
        "recorded_at": Label.DATE, "worker": Label.ID, "what": Label.TEXT, "corrects": Label.ID,
        "taken_back": Label.CODE,
    }  # fmt: skip

    forms = models.CharField(max_length=120)
    signs = models.CharField(max_length=80, blank=True)
    severity = models.IntegerField(null=True, choices=[(s.value, s.name) for s in Severity])
    source = models.CharField(max_length=20, choices=worded(Source))
    happened_on = models.DateField()
    exact = models.BooleanField(default=True)
    told_on = models.DateField()
    recorded_at = models.DateTimeField()
    worker = models.UUIDField()
    what = EncryptedTextField(null=True)
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="corrected_by"
    )
    taken_back = models.BooleanField(default=False)

    class Meta:
        abstract = True


class ProceedingFacts(models.Model):
    """What the police or a court began: its days, its conditions, who says so."""

    PROCEEDING: ClassVar[dict[str, Label]] = {
        "kind": Label.CODE, "began_on": Label.DATE, "until_on": Label.DATE,
        "ended_on": Label.DATE, "ended_how": Label.CODE, "court": Label.TEXT,
        "conditions": Label.TEXT, "source": Label.CODE, "stated_on": Label.DATE,
        "worker": Label.ID, "version": Label.CODE,
    }  # fmt: skip

    kind = models.CharField(max_length=20, choices=worded(Kind))
    began_on = models.DateField()
    until_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    ended_how = models.CharField(max_length=20, choices=worded(Ended), blank=True)
    court = EncryptedTextField(null=True)
    conditions = EncryptedTextField(null=True)
    source = models.CharField(max_length=20, choices=worded(Source))
    stated_on = models.DateField()
    worker = models.UUIDField()
    version = models.IntegerField(default=1)

    class Meta:
        abstract = True


class CourtDayFacts(models.Model):
    """A day on which a proceeding is heard, and what came of it."""

    COURT_DAY: ClassVar[dict[str, Label]] = {
        "held_on": Label.DATE, "at_time": Label.CODE, "outcome": Label.CODE, "note": Label.TEXT,
        "source": Label.CODE, "worker": Label.ID, "version": Label.CODE,
    }  # fmt: skip

    held_on = models.DateField()
    at_time = models.TimeField(null=True)
    outcome = models.CharField(max_length=20, choices=worded(DayOutcome), blank=True)
    note = EncryptedTextField(null=True)
    source = models.CharField(max_length=20, choices=worded(Source))
    worker = models.UUIDField()
    version = models.IntegerField(default=1)

    class Meta:
        abstract = True


class AskedFacts(models.Model):
    """Days about which a source was asked. Outside them its silence says nothing."""

    ASKED: ClassVar[dict[str, Label]] = {
        "source": Label.CODE, "first_on": Label.DATE, "last_on": Label.DATE,
        "recorded_at": Label.DATE, "worker": Label.ID,
    }  # fmt: skip

    source = models.CharField(max_length=20, choices=worded(Source))
    first_on = models.DateField()
    last_on = models.DateField()
    recorded_at = models.DateTimeField()
    worker = models.UUIDField()

    class Meta:
        abstract = True


class CustodyFacts(models.Model):
    """Days that somebody spent locked up; no last day: still there."""

    CUSTODY: ClassVar[dict[str, Label]] = {
        "why": Label.CODE, "first_on": Label.DATE, "last_on": Label.DATE, "source": Label.CODE,
        "taken_back": Label.CODE, "recorded_at": Label.DATE, "worker": Label.ID,
        "version": Label.CODE,
    }  # fmt: skip

    why = models.CharField(max_length=20, choices=worded(Custody))
    first_on = models.DateField()
    last_on = models.DateField(null=True)
    source = models.CharField(max_length=20, choices=worded(Source))
    taken_back = models.BooleanField(default=False)
    recorded_at = models.DateTimeField()
    worker = models.UUIDField()
    version = models.IntegerField(default=1)

    class Meta:
        abstract = True
