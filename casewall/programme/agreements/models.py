"""Agreements that clients signed, the texts that they signed, and releases of information."""

from __future__ import annotations

from typing import Any

from django.db import models

from casewall.programme.agreements.rules import Ground, How, Purpose, Recipient
from casewall.programme.cases.models import OfTheWork, choices
from casewall.vault.fields import EncryptedTextField
from casewall.wall.labels import Label
from casewall.wall.models import WalledModel
from casewall.wall.sides import Role, Side, Viewer


class AgreementText(WalledModel):
    """One version of a service's agreement in one language, never changed afterwards.

    Version 1 comes with Casewall and has no row (`texts.py`).
    """

    SIDE = Side.PROGRAMME
    APP_MAY = ("SELECT", "INSERT")
    LABELS = {
        "service": Label.CODE,
        "language": Label.CODE,
        "version": Label.CODE,
        "title": Label.CONFIGURATION,
        "body": Label.CONFIGURATION,
        "reason": Label.CONFIGURATION,
        "made_at": Label.DATE,
        "worker": Label.ID,
    }

    service = models.CharField(max_length=60)
    language = models.CharField(max_length=10)
    version = models.IntegerField()
    title = models.CharField(max_length=200)
    body = models.TextField()
    reason = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    worker = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["compartment", "service", "language", "version"], name="one_text_version"
            )
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        if viewer.role is Role.REFERRER:
            return rows.none()
        return rows.filter(compartment__in=viewer.compartments)


class WithASignature(models.Model):
    """How something was signed: drawn or typed on the screen, or on paper."""

    SIGNATURE_LABELS = {
        "how": Label.CODE,
        "signature": Label.PERSONAL,
        "typed_name": Label.PERSONAL,
        "filed": Label.TEXT,
        "witness": Label.PERSONAL,
    }

    how = models.CharField(max_length=10, choices=choices(How), default=How.PAPER)
    signature = EncryptedTextField(null=True)
    typed_name = EncryptedTextField(null=True)
    filed = EncryptedTextField(null=True)
    witness = EncryptedTextField(null=True)

    class Meta:
        abstract = True


class Agreement(WithASignature, OfTheWork):
    """The programme agreement that the client signed before the start."""

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {
        **WithASignature.SIGNATURE_LABELS,
        "signed_on": Label.DATE,
        "text_version": Label.CODE,
        "language": Label.CODE,
        "limits_explained": Label.CODE,
        "worker": Label.ID,
    }

    signed_on = models.DateField()
    text_version = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    limits_explained = models.BooleanField(default=True)
    worker = models.UUIDField()


class Release(WithASignature, OfTheWork):
    """What the client lets the programme tell, to whom, why, and until when.

    Without `expires_on` it holds until 90 days after the case ended. `scope` holds codes of
    `Scope`, separated by spaces.
    """

    LABELS = {
        **WithASignature.SIGNATURE_LABELS,
        "recipient": Label.CODE,
        "recipient_name": Label.PERSONAL,
        "purpose": Label.CODE,
        "scope": Label.CODE,
        "details": Label.TEXT,
        "ground": Label.CODE,
        "starts_on": Label.DATE,
        "expires_on": Label.DATE,
        "withdrawn_on": Label.DATE,
        "withdrawn_by": Label.ID,
        "withdrawal_note": Label.TEXT,
        "worker": Label.ID,
        "recorded_at": Label.DATE,
        "version": Label.CODE,
    }

    recipient = models.CharField(max_length=30, choices=choices(Recipient))
    recipient_name = EncryptedTextField()
    purpose = models.CharField(max_length=30, choices=choices(Purpose))
    scope = models.CharField(max_length=200)
    details = EncryptedTextField(null=True)
    ground = models.CharField(max_length=20, choices=choices(Ground))
    starts_on = models.DateField()
    expires_on = models.DateField(null=True)
    withdrawn_on = models.DateField(null=True)
    withdrawn_by = models.UUIDField(null=True)
    withdrawal_note = EncryptedTextField(null=True)
    worker = models.UUIDField()
    recorded_at = models.DateTimeField()
    version = models.IntegerField(default=1)
