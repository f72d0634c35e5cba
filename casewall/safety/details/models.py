"""Changes of contact details, and what held before. The details themselves stand at the partner."""

from __future__ import annotations

from django.db import models

from casewall.safety.details.rules import Detail, Source, State, Way
from casewall.safety.partners.models import OfAFile, choices
from casewall.vault.fields import EncryptedTextField
from casewall.wall.labels import Label


class DetailChange(OfAFile):
    """A change of a phone number, an e-mail address or an address, from asking to the second check.

    Until it is done, nothing about the partner changes.
    """

    LABELS = {
        "detail": Label.CODE,
        "new_value": Label.PERSONAL,
        "source": Label.CODE,
        "reason": Label.TEXT,
        "state": Label.CODE,
        "asked_at": Label.DATE,
        "asked_by": Label.ID,
        "way": Label.CODE,
        "code_word_given": Label.CODE,
        "confirmed_at": Label.DATE,
        "confirmed_by": Label.ID,
        "ended_at": Label.DATE,
        "ended_by": Label.ID,
        "version": Label.CODE,
    }

    detail = models.CharField(max_length=10, choices=choices(Detail))
    new_value = EncryptedTextField(null=True)
    source = models.CharField(max_length=20, choices=choices(Source))
    reason = EncryptedTextField(null=True)
    state = models.CharField(max_length=10, choices=choices(State), default=State.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.UUIDField()
    way = models.CharField(max_length=20, choices=choices(Way), blank=True)
    code_word_given = models.BooleanField(default=False)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["file", "detail"],
                name="one_change_at_a_time",
                condition=models.Q(state__in=[State.ASKED, State.CONFIRMED]),
            )
        ]


class FormerDetail(OfAFile):
    """A contact detail that a change replaced, with the moment until which it held."""

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {
        "detail": Label.CODE,
        "value": Label.PERSONAL,
        "held_until": Label.DATE,
        "change": Label.ID,
    }

    detail = models.CharField(max_length=10, choices=choices(Detail))
    value = EncryptedTextField()
    held_until = models.DateTimeField()
    change = models.ForeignKey(DetailChange, on_delete=models.PROTECT, related_name="replaced")
