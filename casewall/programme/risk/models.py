"""What the programme side knows and judges of the risk that a client poses. Never from a partner.

What an approved disclosure brought is not copied into any of these records.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from casewall.programme.cases.models import OfACase, OfTheWork, choices
from casewall.programme.measuring.models import MeasureAnswer
from casewall.programme.risk.rules import (
    OPEN,
    Factor,
    Had,
    How,
    Level,
    Rating,
    Source,
    State,
)
from casewall.programme.risk.terms.rules import By, CommissionState, Told, Usefulness
from casewall.vault.fields import EncryptedTextField
from casewall.wall.labels import Label
from casewall.wall.sides import Role, Viewer


class RiskAssessment(OfTheWork):
    """One version of what is judged of the risk that a client poses.

    `judged` is what its writers propose; `level` is empty until somebody else has signed it, and
    then the same. `writers` are all who wrote in it, so that none of them signs it. `revision`
    counts the changes of this version. A signed version never changes: the next one supersedes
    it.
    """

    LABELS = {
        "version": Label.CODE, "state": Label.CODE, "level": Label.CODE, "judged": Label.CODE,
        "violence": Label.TEXT, "substances": Label.TEXT, "attitudes": Label.TEXT,
        "children": Label.TEXT, "strengths": Label.TEXT, "reasoning": Label.TEXT,
        "recommendations": Label.TEXT, "limits": Label.TEXT, "writers": Label.ID,
        "worker": Label.ID, "begun_on": Label.DATE, "sent_on": Label.DATE,
        "returned_on": Label.DATE, "returned_note": Label.TEXT, "signed_by": Label.ID,
        "signed_on": Label.DATE, "signed_at": Label.DATE, "review_on": Label.DATE,
        "revision": Label.CODE,
    }  # fmt: skip

    version = models.IntegerField()
    state = models.CharField(max_length=20, choices=choices(State), default=State.DRAFT)
    level = models.CharField(max_length=20, choices=choices(Level), blank=True)
    judged = models.CharField(max_length=20, choices=choices(Level), blank=True)
    violence = EncryptedTextField(null=True)
    substances = EncryptedTextField(null=True)
    attitudes = EncryptedTextField(null=True)
    children = EncryptedTextField(null=True)
    strengths = EncryptedTextField(null=True)
    reasoning = EncryptedTextField(null=True)
    recommendations = EncryptedTextField(null=True)
    limits = EncryptedTextField(null=True)
    writers = models.TextField()
    worker = models.UUIDField()
    begun_on = models.DateField()
    sent_on = models.DateField(null=True)
    returned_on = models.DateField(null=True)
    returned_note = EncryptedTextField(null=True)
    signed_by = models.UUIDField(null=True)
    signed_on = models.DateField(null=True)
    signed_at = models.DateTimeField(null=True)
    review_on = models.DateField(null=True)
    revision = models.IntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["compartment", "review_on", "id"], name="risk_by_review",
                         condition=Q(state=State.SIGNED.value)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["case", "version"], name="one_risk_version"),
            models.UniqueConstraint(
                fields=["case"], name="one_open_risk_assessment",
                condition=Q(state__in=[one.value for one in OPEN])),
            models.UniqueConstraint(
                fields=["case"], name="one_signed_risk_assessment",
                condition=Q(state=State.SIGNED.value)),
            models.CheckConstraint(
                name="risk_signed_by_another_person",
                condition=Q(signed_by=None) | ~Q(signed_by=F("worker"))),
            models.CheckConstraint(
                name="risk_level_only_when_signed",
                condition=Q(state__in=[one.value for one in OPEN], level="", signed_on=None)
                | Q(state__in=[State.SIGNED.value, State.SUPERSEDED.value],
                    signed_on__isnull=False, signed_by__isnull=False) & ~Q(level="")),
        ]

    def wrote(self, worker: Any) -> bool:
        """Whether this worker wrote in it."""
        return str(worker) in self.writers.split()


class RiskEvidence(OfTheWork):
    """What one source said of the risk, once, with its day. Never changed afterwards.

    `signs` are factors of danger that are in it, with commas between them.
    """

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {
        "source": Label.CODE, "how": Label.CODE, "held_on": Label.DATE, "signs": Label.CODE,
        "what": Label.TEXT, "recorded_at": Label.DATE, "worker": Label.ID,
    }  # fmt: skip

    source = models.CharField(max_length=20, choices=choices(Source))
    how = models.CharField(max_length=20, choices=choices(How))
    held_on = models.DateField()
    signs = models.CharField(max_length=120, blank=True)
    what = EncryptedTextField()
    recorded_at = models.DateTimeField()
    worker = models.UUIDField()


class RiskSource(OfTheWork):
    """Whether a source was had for one version of an assessment, and why not."""

    LABELS = {
        "assessment": Label.ID, "source": Label.CODE, "had": Label.CODE, "had_on": Label.DATE,
        "reason": Label.TEXT,
    }  # fmt: skip

    assessment = models.ForeignKey(
        RiskAssessment, on_delete=models.PROTECT, related_name="sources"
    )
    source = models.CharField(max_length=20, choices=choices(Source))
    had = models.CharField(max_length=20, choices=choices(Had), blank=True)
    had_on = models.DateField(null=True)
    reason = EncryptedTextField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "source"], name="one_risk_source_each")
        ]


class RiskRating(OfTheWork):
    """How one factor stands in one version of an assessment: a word, never a number."""

    LABELS = {
        "assessment": Label.ID, "factor": Label.CODE, "rating": Label.CODE, "reason": Label.TEXT,
    }  # fmt: skip

    assessment = models.ForeignKey(
        RiskAssessment, on_delete=models.PROTECT, related_name="ratings"
    )
    factor = models.CharField(max_length=20, choices=choices(Factor))
    rating = models.CharField(max_length=20, choices=choices(Rating))
    reason = EncryptedTextField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "factor"], name="one_risk_rating_each")
        ]


class RaisedResult(OfTheWork):
    """That a professional raised the result of a checklist whose rule allows it, and why.

    It holds for the answers as they were at `answer_version`; a correction asks anew.
    """

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {
        "answer": Label.ID, "answer_version": Label.CODE, "reason": Label.TEXT,
        "raised_on": Label.DATE, "worker": Label.ID,
    }  # fmt: skip

    answer = models.ForeignKey(MeasureAnswer, on_delete=models.PROTECT, related_name="raised")
    answer_version = models.IntegerField()
    reason = EncryptedTextField()
    raised_on = models.DateField()
    worker = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["answer", "answer_version"], name="one_raised_result_each")
        ]


class Commission(OfTheWork):
    """An assessment that a court, a social worker or somebody else commissioned, and its terms.

    `price` is in minor units of `currency`; `document` is the issued report that delivered it.
    """

    LABELS = {
        "commissioner": Label.CODE, "commissioned_by": Label.TEXT,
        "contract": Label.CONFIGURATION, "price": Label.CODE, "currency": Label.CODE,
        "asked_on": Label.DATE, "due_on": Label.DATE, "state": Label.CODE,
        "delivered_on": Label.DATE, "document": Label.ID, "withdrawn_on": Label.DATE,
        "withdrawn_note": Label.TEXT, "worker": Label.ID, "version": Label.CODE,
    }  # fmt: skip

    commissioner = models.CharField(max_length=20, choices=choices(By))
    commissioned_by = EncryptedTextField()
    contract = models.CharField(max_length=120, blank=True)
    price = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    asked_on = models.DateField()
    due_on = models.DateField()
    state = models.CharField(
        max_length=20, choices=choices(CommissionState), default=CommissionState.OPEN
    )
    delivered_on = models.DateField(null=True)
    document = models.UUIDField(null=True)
    withdrawn_on = models.DateField(null=True)
    withdrawn_note = EncryptedTextField(null=True)
    worker = models.UUIDField()
    version = models.IntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["compartment", "due_on", "id"], name="commission_by_due",
                         condition=Q(state=CommissionState.OPEN.value))
        ]
        constraints = [
            models.CheckConstraint(
                name="commission_delivered_has_its_day",
                condition=~Q(state=CommissionState.DELIVERED.value)
                | Q(delivered_on__isnull=False, document__isnull=False)),
            models.CheckConstraint(
                name="price_has_its_currency",
                condition=Q(price=None, currency="") | Q(price__gte=0) & ~Q(currency="")),
        ]


class ReportFeedback(OfACase):
    """That the reader of an issued risk report is asked how useful it was, and the answer.

    One for each report, made with its issue, so that silence is counted. `to_referrer` says that
    the agency that referred got it, and may answer in its own view. `void`: the report was
    withdrawn before anybody answered.
    """

    LABELS = {
        "document": Label.ID, "commission": Label.ID, "to_referrer": Label.CODE,
        "issued_on": Label.DATE, "ask_on": Label.DATE, "usefulness": Label.CODE,
        "told": Label.CODE, "answered_on": Label.DATE, "comment": Label.TEXT,
        "worker": Label.ID, "void": Label.CODE,
    }  # fmt: skip

    document = models.UUIDField(unique=True)
    commission = models.ForeignKey(
        Commission, on_delete=models.PROTECT, null=True, related_name="feedback"
    )
    to_referrer = models.BooleanField()
    issued_on = models.DateField()
    ask_on = models.DateField()
    usefulness = models.CharField(max_length=20, choices=choices(Usefulness), blank=True)
    told = models.CharField(max_length=20, choices=choices(Told), blank=True)
    answered_on = models.DateField(null=True)
    comment = EncryptedTextField(null=True)
    worker = models.UUIDField(null=True)
    void = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["compartment", "ask_on", "id"], name="feedback_to_ask",
                         condition=Q(usefulness="", void=False))
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        rows = super().visible_rows(rows, viewer)
        if viewer.role is Role.REFERRER:
            return rows.filter(to_referrer=True, void=False)
        return rows
