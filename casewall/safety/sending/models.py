"""What went out to partners, what was stopped, and who went on all the same."""

from __future__ import annotations

from django.db import models

from casewall.safety.partners.models import OfAFile, choices
from casewall.safety.sending.rules import Act, State
from casewall.vault.fields import EncryptedTextField
from casewall.wall.labels import Label


class Override(OfAFile):
    """That somebody went on though the gate had stopped an act: the reason, and who has read it."""

    LABELS = {
        "act": Label.CODE,
        "stops": Label.CODE,
        "reason": Label.TEXT,
        "made_at": Label.DATE,
        "worker": Label.ID,
        "read_at": Label.DATE,
        "read_by": Label.ID,
    }

    act = models.CharField(max_length=20, choices=choices(Act))
    stops = models.CharField(max_length=200)
    reason = EncryptedTextField()
    made_at = models.DateTimeField()
    worker = models.UUIDField()
    read_at = models.DateTimeField(null=True)
    read_by = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["compartment", "made_at"],
                name="override_unread",
                condition=models.Q(read_at=None),
            )
        ]


class Message(OfAFile):
    """One neutral message to a partner, from writing it to knowing that it went, at most once.

    `body` is the text as the worker saw it; `address_token` recognises the address that it was
    written for without holding it; `stopped_because` names the stops of `rules.Stop`.
    """

    LABELS = {
        "act": Label.CODE,
        "template": Label.CODE,
        "language": Label.CODE,
        "texts_version": Label.CODE,
        "number": Label.PERSONAL,
        "body": Label.TEXT,
        "entry_at": Label.DATE,
        "address_token": Label.TOKEN,
        "not_before": Label.DATE,
        "not_after": Label.DATE,
        "state": Label.CODE,
        "stopped_because": Label.CODE,
        "override": Label.ID,
        "written_at": Label.DATE,
        "worker": Label.ID,
        "claimed_at": Label.DATE,
        "ended_at": Label.DATE,
        "version": Label.CODE,
    }

    act = models.CharField(max_length=20, choices=choices(Act))
    template = models.CharField(max_length=30)
    language = models.CharField(max_length=10)
    texts_version = models.CharField(max_length=10)
    number = EncryptedTextField(null=True)
    body = EncryptedTextField()
    entry_at = models.DateTimeField(null=True)
    address_token = models.UUIDField()
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    state = models.CharField(max_length=20, choices=choices(State), default=State.QUEUED)
    stopped_because = models.CharField(max_length=200, blank=True)
    override = models.ForeignKey(
        Override, null=True, on_delete=models.PROTECT, related_name="messages"
    )
    written_at = models.DateTimeField()
    worker = models.UUIDField()
    claimed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(
                fields=["compartment", "state", "not_before"],
                name="message_waiting",
                condition=models.Q(state__in=[State.QUEUED, State.CLAIMED]),
            )
        ]
