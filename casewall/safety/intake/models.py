"""Referrals as they arrived, what was made of them, and what waits to go down the bridge."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.db import models

from casewall.safety.visibility import in_compartments
from casewall.vault.fields import EncryptedTextField
from casewall.wall.labels import Label
from casewall.wall.models import ArrivalModel, WalledModel
from casewall.wall.sides import Side, Viewer


class MessageState(StrEnum):
    """What came of a referrer's message: nothing yet, it stays here, its passing was asked for."""

    NEW = "new"
    KEPT = "kept"
    PASSED = "passed"


class OfIntake(WalledModel):
    """Seen by those who do intake: coordination and the safety manager."""

    SIDE = Side.SAFETY

    class Meta:
        abstract = True

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return in_compartments(rows, viewer)


class ReferralFile(OfIntake):
    """A file that was loaded, or tried."""

    LABELS = {
        "service": Label.CODE,
        "name": Label.TEXT,
        "sha256": Label.CODE,
        "loaded_at": Label.DATE,
        "loaded_by": Label.ID,
        "rows": Label.CODE,
        "loaded_rows": Label.CODE,
        "refused_rows": Label.CODE,
        "known_rows": Label.CODE,
        "undone_at": Label.DATE,
    }

    service = models.CharField(max_length=60)
    name = EncryptedTextField()
    sha256 = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()
    loaded_by = models.UUIDField()
    rows = models.IntegerField(default=0)
    loaded_rows = models.IntegerField(default=0)
    refused_rows = models.IntegerField(default=0)
    known_rows = models.IntegerField(default=0)
    undone_at = models.DateTimeField(null=True)


class HeaderMapping(OfIntake):
    """Which column means which field in the files of a service, kept after the first file."""

    LABELS = {
        "service": Label.CODE,
        "mapping": Label.CONFIGURATION,
        "date_order": Label.CONFIGURATION,
    }

    service = models.CharField(max_length=60, unique=True)
    mapping = models.JSONField(default=dict)
    date_order = models.CharField(max_length=3, blank=True)


class IntakeReferral(OfIntake):
    """One referral: a row of a file or a form, with what came of each of its parties.

    `client_item` is the random identifier under which the client's part went down. The
    fingerprint of a party is kept by the referral that loaded that party, and by no other.
    `children` is a number as text, "unknown" when the referrer said so, or empty.
    """

    LABELS = {
        "file": Label.ID,
        "row": Label.CODE,
        "service": Label.CODE,
        "client_fingerprint": Label.TOKEN,
        "partner_fingerprint": Label.TOKEN,
        "reference": Label.PERSONAL,
        "route": Label.CODE,
        "referrer": Label.TEXT,
        "received_on": Label.DATE,
        "circumstances": Label.TEXT,
        "children": Label.CODE,
        "client_item": Label.ID,
        "partner_file_id": Label.ID,
        "withdrawn_on": Label.DATE,
    }

    file = models.ForeignKey(
        ReferralFile, null=True, on_delete=models.PROTECT, related_name="referrals"
    )
    row = models.IntegerField(null=True)
    service = models.CharField(max_length=60)
    client_fingerprint = models.CharField(max_length=64, null=True)
    partner_fingerprint = models.CharField(max_length=64, null=True)
    reference = EncryptedTextField(null=True)
    route = models.CharField(max_length=30)
    referrer = EncryptedTextField(null=True)
    received_on = models.DateField()
    circumstances = EncryptedTextField(null=True)
    children = models.CharField(max_length=10, blank=True)
    client_item = models.UUIDField(null=True)
    partner_file_id = models.UUIDField(null=True)
    withdrawn_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", f"{party}_fingerprint"],
                name=f"one_referral_each_{party}",
                condition=models.Q(withdrawn_on=None),
            )
            for party in ("client", "partner")
        ]
        indexes = [models.Index(fields=["client_item"], name="referral_by_item")]


class OutboxItem(OfIntake):
    """Something that waits to go down the bridge, or has gone. Encrypted for the programme."""

    LABELS = {
        "kind": Label.CODE,
        "payload": Label.TEXT,
        "made_at": Label.DATE,
        "sent_at": Label.DATE,
    }

    kind = models.CharField(max_length=30)
    payload = models.BinaryField()
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    payload.is_encrypted = True  # type: ignore[attr-defined]  # locked for the receiving row

    class Meta:
        indexes = [
            models.Index(
                fields=["made_at"], name="outbox_waiting", condition=models.Q(sent_at=None)
            )
        ]


class ReferrerMessage(OfIntake):
    """What somebody who referred a client wrote about that referral, at the front door.

    `reference` is what the sender gave: the first eight characters of a case's identifier, or a
    slip of the pen. It was looked up nowhere when the message was sent. `may_read` says that the
    sender wrote the words for the client's file. Nothing of a message goes down by itself.
    """

    LABELS = {
        "service": Label.CODE,
        "reference": Label.ID,
        "sender_name": Label.PERSONAL,
        "sender_email": Label.PERSONAL,
        "text": Label.TEXT,
        "may_read": Label.CODE,
        "received_on": Label.DATE,
        "received_at": Label.DATE,
        "state": Label.CODE,
        "settled_by": Label.ID,
        "settled_at": Label.DATE,
        "told_at": Label.DATE,
    }

    service = models.CharField(max_length=60)
    reference = models.CharField(max_length=8)
    sender_name = EncryptedTextField()
    sender_email = EncryptedTextField()
    text = EncryptedTextField()
    may_read = models.BooleanField(default=False)
    received_on = models.DateField()
    received_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in MessageState], default=MessageState.NEW
    )
    settled_by = models.UUIDField(null=True)
    settled_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["received_at", "id"],
                name="message_new",
                condition=models.Q(state=MessageState.NEW.value),
            ),
            models.Index(fields=["compartment", "-received_on", "-id"], name="message_by_day"),
        ]


class DoorEntry(ArrivalModel):
    """A form that the front door sealed to this side."""

    SIDE = Side.SAFETY
    CONTENT = "sealed"
    LABELS = {"sealed": Label.TEXT, "applied_on": Label.DATE, "outcome": Label.CODE}

    sealed = models.BinaryField()
    applied_on = models.DateField(null=True)
    outcome = models.CharField(max_length=30, blank=True)

    sealed.is_encrypted = True  # type: ignore[attr-defined]  # sealed by the sender
