"""Disclosures and their approvals. They stay on this side; only the accepted text goes down."""

from __future__ import annotations

from typing import Any

from django.db import models

from casewall.safety.coordination.rules import (
    Course,
    Ground,
    InDanger,
    Purpose,
    Review,
    State,
)
from casewall.safety.partners.models import OfAFile, PartnerFile, choices
from casewall.safety.visibility import in_compartments
from casewall.vault.fields import EncryptedTextField
from casewall.wall.labels import Label
from casewall.wall.models import WalledModel
from casewall.wall.sides import Role, Side, Viewer


class PartnerPermission(OfAFile):
    """A partner's permission: exactly these words, for this purpose, given on this day.

    It can be taken back at any time; what rested on it is then taken back as well.
    """

    LABELS = {
        "words": Label.TEXT,
        "purpose": Label.CODE,
        "given_on": Label.DATE,
        "worker": Label.ID,
        "revoked_on": Label.DATE,
        "revoked_by": Label.ID,
    }

    words = EncryptedTextField()
    purpose = models.CharField(max_length=30, choices=choices(Purpose))
    given_on = models.DateField()
    worker = models.UUIDField()
    revoked_on = models.DateField(null=True)
    revoked_by = models.UUIDField(null=True)


class Disclosure(WalledModel):
    """Something that the programme side is to know, and how that was decided.

    It is asked for from a partner's file, or, for safeguarding, from a child's record. `review` is
    empty unless it was released at once; then `in_danger` and `danger` say why.
    """

    SIDE = Side.SAFETY
    LABELS = {
        "file": Label.ID,
        "child": Label.ID,
        "case_id": Label.ID,
        "other_case_id": Label.ID,
        "purpose": Label.CODE,
        "text": Label.TEXT,
        "ground": Label.CODE,
        "override_reason": Label.TEXT,
        "other_sources": Label.CODE,
        "state": Label.CODE,
        "asked_by": Label.ID,
        "asked_at": Label.DATE,
        "refusal": Label.TEXT,
        "release_at": Label.DATE,
        "item": Label.ID,
        "permission": Label.ID,
        "in_danger": Label.CODE,
        "danger": Label.TEXT,
        "review": Label.CODE,
        "review_due_at": Label.DATE,
        "reviewed_by": Label.ID,
        "reviewed_at": Label.DATE,
        "review_note": Label.TEXT,
    }

    file = models.ForeignKey(
        PartnerFile, null=True, on_delete=models.PROTECT, related_name="disclosures"
    )
    child = models.UUIDField(null=True)
    case_id = models.UUIDField()
    other_case_id = models.UUIDField(null=True)
    purpose = models.CharField(max_length=30, choices=choices(Purpose))
    text = EncryptedTextField()
    ground = models.CharField(max_length=30, choices=choices(Ground))
    override_reason = EncryptedTextField(null=True)
    other_sources = models.IntegerField(default=0)
    state = models.CharField(max_length=20, choices=choices(State), default=State.ASKED)
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    refusal = EncryptedTextField(null=True)
    release_at = models.DateTimeField(null=True)
    item = models.UUIDField(null=True)
    permission = models.ForeignKey(
        PartnerPermission, null=True, on_delete=models.PROTECT, related_name="disclosures"
    )
    in_danger = models.CharField(max_length=20, choices=choices(InDanger), blank=True)
    danger = EncryptedTextField(null=True)
    review = models.CharField(max_length=20, choices=choices(Review), blank=True)
    review_due_at = models.DateTimeField(null=True)
    reviewed_by = models.UUIDField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    review_note = EncryptedTextField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["compartment", "review_due_at"],
                name="emergency_to_review",
                condition=models.Q(review=Review.WAITING),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="disclosure_of_file_or_child",
                condition=models.Q(file__isnull=False) | models.Q(child__isnull=False),
            )
        ]

    @property
    def course(self) -> Course:
        """What became of it, as the rules take it."""
        return Course(
            State(self.state),
            Review(self.review) if self.review else None,
            self.review_due_at,
            self.reviewed_at,
        )

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        if viewer.role is Role.PARTNER_WORKER:
            return rows.filter(compartment__in=viewer.compartments)
        if viewer.role is Role.CHILDRENS_WORKER:
            # What this worker asked for; others' requests may speak of a partner.
            return rows.filter(compartment__in=viewer.compartments, asked_by=viewer.worker)
        return in_compartments(rows, viewer)


class Approval(WalledModel):
    """One worker's approval of a disclosure."""

    SIDE = Side.SAFETY
    APP_MAY = ("SELECT", "INSERT")
    LABELS = {
        "disclosure": Label.ID,
        "worker": Label.ID,
        "role": Label.CODE,
        "given_at": Label.DATE,
    }

    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="approvals")
    worker = models.UUIDField()
    role = models.CharField(max_length=40)
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["disclosure", "worker"], name="one_approval_each")
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        seen = Disclosure.objects.visible_to(viewer).values("id")
        return rows.filter(disclosure_id__in=seen)


class Opened(WalledModel):
    """That a worker opened something of a partner: what, and when. No word of it.

    It is kept for as long as the check of shared words looks back, and then deleted.
    """

    SIDE = Side.SAFETY
    APP_MAY = ("SELECT", "INSERT", "DELETE")
    LABELS = {
        "worker": Label.ID,
        "kind": Label.CODE,
        "thing_id": Label.ID,
        "opened_at": Label.DATE,
    }

    worker = models.UUIDField()
    kind = models.CharField(max_length=60)
    thing_id = models.UUIDField()
    opened_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["worker", "opened_at"], name="opened_by_worker")]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        rows = rows.filter(compartment__in=viewer.compartments)
        return rows if viewer.role is Role.SAFETY_SYSTEM else rows.filter(worker=viewer.worker)
