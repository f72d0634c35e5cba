"""Disclosures and their approvals. They stay on this side; only the accepted text goes down."""

from __future__ import annotations

from typing import Any

from django.db import models

from casewall.safety.coordination.rules import Ground, Purpose, State
from casewall.safety.partners.models import PartnerFile, choices
from casewall.safety.visibility import in_compartments
from casewall.vault.fields import EncryptedTextField
from casewall.wall.labels import Label
from casewall.wall.models import WalledModel
from casewall.wall.sides import Role, Side, Viewer


class Disclosure(WalledModel):
    """Something that the programme side is to know, and how that was decided."""

    SIDE = Side.SAFETY
    LABELS = {
        "file": Label.ID,
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
    }

    file = models.ForeignKey(PartnerFile, on_delete=models.PROTECT, related_name="disclosures")
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

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        if viewer.role is Role.PARTNER_WORKER:
            return rows.filter(compartment__in=viewer.compartments)
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
