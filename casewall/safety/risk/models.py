"""What is stored of joint risk. Nothing of it is in any flow; only a level may be disclosed.

Levels and days stand apart from reasons and plans: a children's worker sees how dangerous it is
for a child's parent, not what that parent said.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from casewall.safety.children.models import Child, ChildAdult
from casewall.safety.partners.danger import HeardBy
from casewall.safety.partners.models import OfAFile, PartnerFile, PartnerTask, choices
from casewall.safety.risk.rules import Level, Occasion, Trigger
from casewall.safety.risk.vulnerable.rules import AskedBy, Basis, Standing
from casewall.safety.visibility import EVERYTHING, own_files
from casewall.vault.fields import EncryptedTextField
from casewall.wall.labels import Label
from casewall.wall.models import WalledModel
from casewall.wall.sides import Role, Side, Viewer


class JointRisk(OfAFile):
    """How dangerous one client is for one partner, as judged together: level, owner, clock.

    `level` is empty until somebody has judged; `case_id` is None for a partner without a client
    here. `review_on` is the day of the next review, `due_because` the trigger that set it.
    """

    LABELS = {
        "case_id": Label.ID, "level": Label.CODE, "owner": Label.ID, "begun_on": Label.DATE,
        "reviewed_on": Label.DATE, "review_on": Label.DATE, "due_because": Label.CODE,
        "version": Label.CODE,
    }  # fmt: skip

    case_id = models.UUIDField(null=True)
    level = models.CharField(max_length=20, choices=choices(Level), blank=True)
    owner = models.UUIDField(null=True)
    begun_on = models.DateField()
    reviewed_on = models.DateField(null=True)
    review_on = models.DateField()
    due_because = models.CharField(max_length=20, choices=choices(Trigger), blank=True)
    version = models.IntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["compartment", "review_on", "id"], name="joint_risk_by_review")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["file", "case_id"], name="one_risk_each", nulls_distinct=False
            )
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        if viewer.side is Side.SAFETY and viewer.role is Role.CHILDRENS_WORKER:
            # Of the files of adults in own children's lives: the level, never a reason.
            links = ChildAdult.objects.visible_to(viewer).filter(ended_on=None)
            return rows.filter(
                compartment__in=viewer.compartments, file_id__in=links.values("file_id")
            )
        return own_files(rows, viewer, "file__")


class OfARisk(OfAFile):
    """A record of a joint picture, with what somebody said or thought: seen with the file only."""

    BASE_LABELS = {**OfAFile.BASE_LABELS, "risk": Label.ID}

    risk = models.ForeignKey(JointRisk, on_delete=models.PROTECT, related_name="%(class)ss")

    class Meta:
        abstract = True


class RiskReview(OfARisk):
    """One look at the whole picture: the level then, why, the plan, what changed. Only comes.

    `sources` are the codes of the sources that were looked at; the others were missing.
    """

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {
        "reviewed_on": Label.DATE, "before": Label.CODE, "level": Label.CODE,
        "occasion": Label.CODE, "sources": Label.CODE, "reasons": Label.TEXT,
        "plan": Label.TEXT, "changed": Label.TEXT, "review_on": Label.DATE,
        "recorded_at": Label.DATE, "worker": Label.ID,
    }  # fmt: skip

    reviewed_on = models.DateField()
    before = models.CharField(max_length=20, blank=True)
    level = models.CharField(max_length=20, choices=choices(Level))
    occasion = models.CharField(max_length=20, choices=choices(Occasion))
    sources = models.CharField(max_length=200, blank=True)
    reasons = EncryptedTextField()
    plan = EncryptedTextField(null=True)
    changed = EncryptedTextField(null=True)
    review_on = models.DateField()
    recorded_at = models.DateTimeField()
    worker = models.UUIDField()


class RiskTrigger(OfARisk):
    """Something that makes a review due at once: entered by a worker, or found in a record.

    `answered_by` is the review that looked at it.
    """

    LABELS = {
        "trigger": Label.CODE, "about_on": Label.DATE, "fact_id": Label.ID, "note": Label.TEXT,
        "noted_at": Label.DATE, "worker": Label.ID, "answered_by": Label.ID,
    }  # fmt: skip

    trigger = models.CharField(max_length=20, choices=choices(Trigger))
    about_on = models.DateField()
    fact_id = models.UUIDField(null=True)
    note = EncryptedTextField(null=True)
    noted_at = models.DateTimeField()
    worker = models.UUIDField(null=True)
    answered_by = models.ForeignKey(
        RiskReview, null=True, on_delete=models.PROTECT, related_name="triggers"
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["compartment", "risk"], name="trigger_open", condition=Q(answered_by=None)
            )
        ]


class RiskAction(OfARisk):
    """One action of the plan: what, by whom, by when, and what came of it."""

    LABELS = {
        "what": Label.TEXT, "owner": Label.ID, "agency": Label.TEXT, "due_on": Label.DATE,
        "done_on": Label.DATE, "dropped": Label.CODE, "outcome": Label.TEXT,
        "settled_by": Label.ID, "worker": Label.ID, "version": Label.CODE,
    }  # fmt: skip

    what = EncryptedTextField()
    owner = models.UUIDField(null=True)
    agency = EncryptedTextField(null=True)
    due_on = models.DateField()
    done_on = models.DateField(null=True)
    dropped = models.BooleanField(default=False)
    outcome = EncryptedTextField(null=True)
    settled_by = models.UUIDField(null=True)
    worker = models.UUIDField()
    version = models.IntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(
                fields=["compartment", "due_on", "id"],
                name="risk_action_open",
                condition=Q(done_on=None),
            )
        ]


class DangerSignal(WalledModel):
    """That a sign of danger came in by one record, who acted on it, when, and what was done.

    It is about a partner's file, or about a child. `words` are ours, never a person's.
    """

    SIDE = Side.SAFETY
    LABELS = {
        "file": Label.ID, "child": Label.ID, "task": Label.ID, "heard_by": Label.CODE,
        "source_id": Label.ID, "signs": Label.CODE, "words": Label.TEXT, "raised_on": Label.DATE,
        "raised_at": Label.DATE, "worker": Label.ID, "acknowledged_at": Label.DATE,
        "acknowledged_by": Label.ID, "done": Label.TEXT,
    }  # fmt: skip

    file = models.ForeignKey(
        PartnerFile, null=True, on_delete=models.PROTECT, related_name="dangersignals"
    )
    child = models.ForeignKey(
        Child, null=True, on_delete=models.PROTECT, related_name="dangersignals"
    )
    task = models.OneToOneField(
        PartnerTask, null=True, on_delete=models.PROTECT, related_name="dangersignal"
    )
    heard_by = models.CharField(max_length=20, choices=choices(HeardBy))
    source_id = models.UUIDField()
    signs = models.CharField(max_length=120)
    words = EncryptedTextField()
    raised_on = models.DateField()
    raised_at = models.DateTimeField()
    worker = models.UUIDField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.UUIDField(null=True)
    done = EncryptedTextField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["compartment", "raised_at", "id"],
                name="danger_waiting",
                condition=Q(acknowledged_at=None),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(file__isnull=False, child=None) | Q(file=None, child__isnull=False),
                name="danger_about_one",
            )
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        if viewer.side is not Side.SAFETY:
            return rows.none()
        rows = rows.filter(compartment__in=viewer.compartments)
        if viewer.role in EVERYTHING:
            return rows
        children = Q(child_id__in=Child.objects.visible_to(viewer).values("id"))
        if viewer.role is Role.PARTNER_WORKER:
            files = PartnerFile.objects.visible_to(viewer).values("id")
            return rows.filter(Q(file_id__in=files) | children)
        return rows.filter(children) if viewer.role is Role.CHILDRENS_WORKER else rows.none()


class VulnerabilityAssessment(OfAFile):
    """How vulnerable a partner is, as a court or a social worker asked: written, then signed by a
    second person. Another version is another row of the same `commission`."""

    LABELS = {
        "commission": Label.ID, "number": Label.CODE, "asked_by": Label.CODE,
        "asker": Label.TEXT, "asked_on": Label.DATE, "due_on": Label.DATE, "basis": Label.CODE,
        "law": Label.TEXT, "consented": Label.CODE, "consent_on": Label.DATE,
        "without_because": Label.TEXT, "situation": Label.TEXT, "violence": Label.TEXT,
        "effects": Label.TEXT, "children": Label.TEXT, "strengths": Label.TEXT,
        "needs": Label.TEXT, "advice": Label.TEXT, "limits": Label.TEXT,
        "standing": Label.CODE, "worker": Label.ID, "handed_in_at": Label.DATE,
        "returned_because": Label.TEXT, "signed_by": Label.ID, "signed_on": Label.DATE,
        "version": Label.CODE,
    }  # fmt: skip

    commission = models.UUIDField()
    number = models.IntegerField(default=1)
    asked_by = models.CharField(max_length=20, choices=choices(AskedBy))
    asker = EncryptedTextField()
    asked_on = models.DateField()
    due_on = models.DateField(null=True)
    basis = models.CharField(max_length=20, choices=choices(Basis))
    law = EncryptedTextField(null=True)
    consented = models.BooleanField()
    consent_on = models.DateField(null=True)
    without_because = EncryptedTextField(null=True)
    situation = EncryptedTextField(null=True)
    violence = EncryptedTextField(null=True)
    effects = EncryptedTextField(null=True)
    children = EncryptedTextField(null=True)
    strengths = EncryptedTextField(null=True)
    needs = EncryptedTextField(null=True)
    advice = EncryptedTextField(null=True)
    limits = EncryptedTextField(null=True)
    standing = models.CharField(max_length=20, choices=choices(Standing), default=Standing.DRAFT)
    worker = models.UUIDField()
    handed_in_at = models.DateTimeField(null=True)
    returned_because = EncryptedTextField(null=True)
    signed_by = models.UUIDField(null=True)
    signed_on = models.DateField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commission", "number"], name="vulnerability_numbers"
            )
        ]
