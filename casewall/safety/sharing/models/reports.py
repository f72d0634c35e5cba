"""Reports of this side to courts and social workers: what they say, who checked them, the files."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from casewall.safety.partners.models import choices
from casewall.safety.sharing.models.agencies import ExternalAgency
from casewall.safety.sharing.models.shares import OfFileOrChild, of_file_or_child
from casewall.safety.sharing.rules import Basis, ReportFor, ReportState
from casewall.vault.fields import EncryptedTextField
from casewall.wall.labels import Label
from casewall.wall.models import WalledModel
from casewall.wall.sides import Side, Viewer


class SafetyReport(OfFileOrChild):
    """A report about a partner or a child, from draft over a second person's check to release.

    `content` is what it says, as JSON of its sections, frozen when it was written. `findings` are
    the second person's answers to “he will receive this”, section by section, as JSON.
    `checked_text` is what that person read.
    """

    LABELS = {
        "agency": Label.ID, "addressed_to": Label.CODE, "recipient": Label.TEXT,
        "language": Label.CODE, "asked_by": Label.TEXT, "basis": Label.CODE,
        "consented": Label.CODE, "consent_on": Label.DATE, "content": Label.TEXT,
        "state": Label.CODE, "edition": Label.CODE, "replaces": Label.ID,
        "written_at": Label.DATE, "returned_at": Label.DATE, "returned_note": Label.TEXT,
        "checked_by": Label.ID, "checked_at": Label.DATE, "checked_text": Label.TEXT,
        "findings": Label.TEXT, "released_by": Label.ID, "released_on": Label.DATE,
        "withdrawn_on": Label.DATE, "withdrawn_note": Label.TEXT, "version": Label.CODE,
    }  # fmt: skip

    agency = models.ForeignKey(
        ExternalAgency, null=True, on_delete=models.PROTECT, related_name="reports"
    )
    addressed_to = models.CharField(max_length=20, choices=choices(ReportFor))
    recipient = EncryptedTextField()
    language = models.CharField(max_length=10, default="en")
    asked_by = EncryptedTextField(null=True)
    basis = models.CharField(max_length=20, choices=choices(Basis))
    consented = models.BooleanField()
    consent_on = models.DateField(null=True)
    content = EncryptedTextField()
    state = models.CharField(max_length=20, choices=choices(ReportState), default=ReportState.DRAFT)
    edition = models.IntegerField(default=1)
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by"
    )
    written_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True)
    returned_note = EncryptedTextField(null=True)
    checked_by = models.UUIDField(null=True)
    checked_at = models.DateTimeField(null=True)
    checked_text = EncryptedTextField(null=True)
    findings = EncryptedTextField(null=True)
    released_by = models.UUIDField(null=True)
    released_on = models.DateField(null=True)
    withdrawn_on = models.DateField(null=True)
    withdrawn_note = EncryptedTextField(null=True)
    version = models.IntegerField(default=1)

    class Meta(OfFileOrChild.Meta):
        abstract = False
        indexes = [
            models.Index(
                fields=["compartment", "written_at"],
                name="safety_report_to_check",
                condition=Q(state=ReportState.DRAFT.value),
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="safetyreport_is_about_somebody",
                condition=Q(file__isnull=False) | Q(child__isnull=False),
            ),
            models.CheckConstraint(
                name="safety_report_second_person",
                condition=Q(checked_by=None) | ~Q(checked_by=F("worker")),
            ),
            models.CheckConstraint(
                name="safety_report_only_checked",
                condition=Q(released_on=None)
                | Q(checked_by__isnull=False, checked_at__isnull=False, released_by__isnull=False),
            ),
        ]


class SafetyReportFile(WalledModel):
    """A file of a released report, in base 64: written once, never changed or written again."""

    SIDE = Side.SAFETY
    APP_MAY = ("SELECT", "INSERT")
    LABELS = {"report": Label.ID, "ending": Label.CODE, "content": Label.TEXT}

    report = models.ForeignKey(SafetyReport, on_delete=models.PROTECT, related_name="files")
    ending = models.CharField(max_length=4, choices=[("docx", "Word"), ("pdf", "PDF")])
    content = EncryptedTextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "ending"], name="one_report_file_each")
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return of_file_or_child(rows, viewer, "report__")
