"""Facts of complaints, statements and restrictions that both sides keep in the same columns."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.db import models

from casewall.programme.rights.rules import About, Because, Decided, From, Mishap, Outcome
from casewall.vault.fields import EncryptedTextField
from casewall.wall.labels import Label


def worded(words: Any) -> list[tuple[str, str]]:
    """Codes with their words, in order, as choices. `words` maps members to words."""
    return [(member.value, text) for member, text in words.items()]


def coded(members: type[StrEnum]) -> list[tuple[str, str]]:
    """Members of an enum as the choices of a field; pages have words of their own."""
    return [(member.value, member.value.replace("_", " ").capitalize()) for member in members]


class ComplaintFacts(models.Model):
    """A complaint: what about, from whom, what was answered, and what was learned from it."""

    COMPLAINT = {
        "about": Label.CODE, "came_from": Label.CODE, "what": Label.TEXT, "received_on": Label.DATE,
        "acknowledged_on": Label.DATE, "acknowledged_by": Label.ID, "answered_on": Label.DATE,
        "answered_by": Label.ID, "answer": Label.TEXT, "outcome": Label.CODE,
        "learning": Label.TEXT, "worker": Label.ID, "recorded_at": Label.DATE,
        "version": Label.CODE,
    }  # fmt: skip

    about = models.CharField(max_length=20, choices=coded(About))
    came_from = models.CharField(max_length=20, choices=coded(From))
    what = EncryptedTextField()
    received_on = models.DateField()
    acknowledged_on = models.DateField(null=True)
    acknowledged_by = models.UUIDField(null=True)
    answered_on = models.DateField(null=True)
    answered_by = models.UUIDField(null=True)
    answer = EncryptedTextField(null=True)
    outcome = models.CharField(max_length=20, choices=coded(Outcome), blank=True)
    learning = EncryptedTextField(null=True)
    worker = models.UUIDField()
    recorded_at = models.DateTimeField()
    version = models.IntegerField(default=1)

    class Meta:
        abstract = True


class StatementFacts(models.Model):
    """What a person says of the own record, kept beside it word for word."""

    STATEMENT = {"about": Label.TEXT, "text": Label.TEXT, "stated_on": Label.DATE,
                 "worker": Label.ID, "recorded_at": Label.DATE}  # fmt: skip

    about = EncryptedTextField()
    text = EncryptedTextField()
    stated_on = models.DateField()
    worker = models.UUIDField()
    recorded_at = models.DateTimeField()

    class Meta:
        abstract = True


class RestrictionFacts(models.Model):
    """That a file is not used for now: kept, read by its workers, not sent or exported."""

    RESTRICTION = {"because": Label.CODE, "from_on": Label.DATE, "worker": Label.ID,
                   "ended_on": Label.DATE, "ended_by": Label.ID, "ended_because": Label.TEXT,
                   "version": Label.CODE}  # fmt: skip

    because = models.CharField(max_length=20, choices=coded(Because))
    from_on = models.DateField()
    worker = models.UUIDField()
    ended_on = models.DateField(null=True)
    ended_by = models.UUIDField(null=True)
    ended_because = EncryptedTextField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        abstract = True


class DecidedFacts(models.Model):
    """What was decided on a request that asks for something else than a copy."""

    DECIDED = {"decision": Label.CODE, "decision_reason": Label.TEXT, "decided_on": Label.DATE,
               "decided_by": Label.ID}  # fmt: skip

    decision = models.CharField(max_length=20, choices=coded(Decided), blank=True)
    decision_reason = EncryptedTextField(null=True)
    decided_on = models.DateField(null=True)
    decided_by = models.UUIDField(null=True)

    class Meta:
        abstract = True


class MishapFacts(models.Model):
    """What went wrong, as the worker who noticed it tells of it. Never changed afterwards."""

    MISHAP = {"mishap": Label.CODE, "near_miss": Label.CODE, "what": Label.TEXT,
              "happened_on": Label.DATE, "found_at": Label.DATE, "clients": Label.CODE,
              "partners": Label.CODE, "children": Label.CODE, "workers": Label.CODE,
              "reported_by": Label.ID, "reported_at": Label.DATE}  # fmt: skip

    mishap = models.CharField(max_length=20, choices=coded(Mishap))
    near_miss = models.BooleanField()
    what = EncryptedTextField()
    happened_on = models.DateField(null=True)
    found_at = models.DateTimeField()
    clients = models.IntegerField(null=True)
    partners = models.IntegerField(null=True)
    children = models.IntegerField(null=True)
    workers = models.IntegerField(null=True)
    reported_by = models.UUIDField()
    reported_at = models.DateTimeField()

    class Meta:
        abstract = True
