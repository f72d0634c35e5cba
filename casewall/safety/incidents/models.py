"""What a partner or a child suffered, and what was done about it. Never readable below.

Nothing of these tables is in any flow: the programme side knows of an incident only what its own
sources say, or what an approved disclosure tells it.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from casewall.programme.incidents.records import (
    AskedFacts,
    CourtDayFacts,
    Happened,
    ProceedingFacts,
)
from casewall.safety.children.models import OfAChild
from casewall.safety.incidents.rules import (
    Authority,
    Consent,
    EndedBecause,
    Ground,
    Reached,
    Step,
    Suffered,
)
from casewall.safety.incidents.words import worded
from casewall.safety.partners.models import OfAFile, choices
from casewall.safety.partners.rules import Channel
from casewall.vault.fields import EncryptedTextField
from casewall.wall.labels import Label
from casewall.wall.sides import Role, Viewer


class SufferedIncident(OfAFile, Happened):
    """Violence that the partner, or a child, suffered, as one source tells of it."""

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {**Happened.HAPPENED, "suffered_by": Label.CODE}

    suffered_by = models.CharField(max_length=10, choices=worded(Suffered))


class ViolenceReport(OfAFile):
    """What is done about new violence: consent or legal ground, the next step and its day.

    `origin` is who told of it. It follows the newest version of its incident.
    """

    LABELS = {
        "incident": Label.ID, "origin": Label.CODE, "danger": Label.CODE, "consent": Label.CODE,
        "consent_on": Label.DATE, "ground": Label.CODE, "ground_reason": Label.TEXT,
        "ground_on": Label.DATE, "ground_by": Label.ID, "step": Label.CODE,
        "due_on": Label.DATE, "ended_because": Label.CODE, "ended_on": Label.DATE,
        "begun_on": Label.DATE, "worker": Label.ID, "version": Label.CODE,
    }  # fmt: skip

    incident = models.OneToOneField(
        SufferedIncident, on_delete=models.PROTECT, related_name="report"
    )
    origin = models.CharField(max_length=20)
    danger = models.BooleanField()
    consent = models.CharField(
        max_length=10, choices=choices(Consent), default=Consent.NOT_ASKED
    )
    consent_on = models.DateField(null=True)
    ground = models.CharField(max_length=20, choices=choices(Ground), blank=True)
    ground_reason = EncryptedTextField(null=True)
    ground_on = models.DateField(null=True)
    ground_by = models.UUIDField(null=True)
    step = models.CharField(max_length=20, choices=choices(Step), default=Step.ASK)
    due_on = models.DateField(null=True)
    ended_because = models.CharField(max_length=20, choices=choices(EndedBecause), blank=True)
    ended_on = models.DateField(null=True)
    begun_on = models.DateField()
    worker = models.UUIDField()
    version = models.IntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(
                fields=["compartment", "due_on", "id"],
                name="violence_report_due",
                condition=Q(due_on__isnull=False),
            )
        ]


class TryToTell(OfAFile):
    """One attempt to tell the partner that an authority will be, or was, told. Kept as proof.

    `confirmed_safe` says whether the channel was confirmed safe at that moment.
    """

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {
        "report": Label.ID, "tried_at": Label.DATE, "channel": Label.CODE,
        "outcome": Label.CODE, "confirmed_safe": Label.CODE, "note": Label.TEXT,
        "worker": Label.ID,
    }  # fmt: skip

    report = models.ForeignKey(ViolenceReport, on_delete=models.PROTECT, related_name="tries")
    tried_at = models.DateTimeField()
    channel = models.CharField(max_length=20, choices=choices(Channel))
    outcome = models.CharField(max_length=20, choices=choices(Reached))
    confirmed_safe = models.BooleanField()
    note = EncryptedTextField(null=True)
    worker = models.UUIDField()


class AuthorityTold(OfAFile):
    """That an authority was told of new violence: who, what in words, when, on what ground."""

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {
        "report": Label.ID, "authority": Label.CODE, "recipient": Label.TEXT,
        "content": Label.TEXT, "told_at": Label.DATE, "consented": Label.CODE,
        "ground": Label.CODE, "worker": Label.ID,
    }  # fmt: skip

    report = models.ForeignKey(ViolenceReport, on_delete=models.PROTECT, related_name="told")
    authority = models.CharField(max_length=20, choices=choices(Authority))
    recipient = EncryptedTextField()
    content = EncryptedTextField()
    told_at = models.DateTimeField()
    consented = models.BooleanField()
    ground = models.CharField(max_length=20, choices=choices(Ground), blank=True)
    worker = models.UUIDField()


class FileProceeding(OfAFile, ProceedingFacts):
    """A call-out, charge, bail, order or court case as the safety side knows of it."""

    LABELS = {**ProceedingFacts.PROCEEDING}

    class Meta:
        indexes = [
            models.Index(
                fields=["compartment", "until_on", "id"],
                name="file_order_by_end",
                condition=Q(ended_on=None, until_on__isnull=False),
            )
        ]


class FileCourtDay(OfAFile, CourtDayFacts):
    """A day on which a proceeding of a partner's file is heard, and what came of it."""

    LABELS = {"proceeding": Label.ID, **CourtDayFacts.COURT_DAY}

    proceeding = models.ForeignKey(
        FileProceeding, on_delete=models.PROTECT, related_name="courtdays"
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["compartment", "held_on", "id"],
                name="file_court_day_open",
                condition=Q(outcome=""),
            )
        ]


class FileAsked(OfAFile, AskedFacts):
    """Days about which a source was asked what the partner suffered, whatever it answered."""

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {**AskedFacts.ASKED}


class ChildIncident(OfAChild, Happened):
    """Violence that a child suffered, as written by whoever works with the child.

    It is for that worker and for coordination: a partner's worker writes in the partner's file.
    """

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {**Happened.HAPPENED}

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        rows = super().visible_rows(rows, viewer)
        if viewer.role is Role.PARTNER_WORKER:
            return rows.filter(worker=viewer.worker)
        return rows
