"""What a client needs, what was stated of partners and children, and help elsewhere.

Statements stay statements: nothing here is corrected, matched or compared with anybody's file.
"""

from __future__ import annotations

from django.db import models

from casewall.programme.cases.models import OfTheWork, choices
from casewall.programme.needs.rules import (
    Concern,
    Declared,
    Help,
    HelpOutcome,
    Level,
    Lives,
    NeedKind,
    Of,
    SafeguardingOutcome,
    Since,
)
from casewall.services.circumstance_rules import AGE_WORDS, EMPLOYMENT_WORDS
from casewall.vault.fields import EncryptedTextField
from casewall.wall.labels import Label


class FamilyStatement(OfTheWork):
    """How many partners or children there are, as stated; *none* and *not said* stay apart."""

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {
        "of": Label.CODE,
        "answer": Label.CODE,
        "number": Label.CODE,
        "stated_by": Label.CODE,
        "stated_on": Label.DATE,
        "version": Label.CODE,
    }

    of = models.CharField(max_length=10, choices=choices(Of))
    answer = models.CharField(max_length=10, choices=choices(Declared))
    number = models.IntegerField(null=True)
    stated_by = models.CharField(max_length=20)
    stated_on = models.DateField()
    version = models.IntegerField(default=1)


class DeclaredChild(OfTheWork):
    """A child whom the client, or the referrer, named. A statement, never matched here."""

    LABELS = {
        "name": Label.PERSONAL,
        "born_on": Label.PERSONAL,
        "lives": Label.CODE,
        "sees_client": Label.CODE,
        "stated_by": Label.CODE,
        "stated_on": Label.DATE,
        "version": Label.CODE,
    }

    name = EncryptedTextField(null=True)
    born_on = EncryptedTextField(null=True)
    lives = models.CharField(max_length=20, choices=choices(Lives), default=Lives.NOT_SAID)
    sees_client = models.BooleanField(null=True)
    stated_by = models.CharField(max_length=20)
    stated_on = models.DateField()
    version = models.IntegerField(default=1)


class Need(OfTheWork):
    """How much help of one kind the client needs; the newest one of a kind holds."""

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {
        "kind": Label.CODE,
        "level": Label.CODE,
        "stated_by": Label.CODE,
        "stated_on": Label.DATE,
        "recorded_at": Label.DATE,
        "worker": Label.ID,
        "note": Label.TEXT,
    }

    kind = models.CharField(max_length=20, choices=choices(NeedKind))
    level = models.CharField(max_length=10, choices=choices(Level))
    stated_by = models.CharField(max_length=20)
    stated_on = models.DateField()
    recorded_at = models.DateTimeField()
    worker = models.UUIDField()
    note = EncryptedTextField(null=True)


class ViolenceHistory(OfTheWork):
    """Duration and kinds of violence, and earlier help, as stated; the newest one holds.

    `months` is how long it had lasted, where somebody could say it that closely.
    """

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {
        "since": Label.CODE,
        "months": Label.CODE,
        "kinds": Label.CODE,
        "earlier_partners": Label.CODE,
        "convicted": Label.CODE,
        "earlier_help": Label.TEXT,
        "note": Label.TEXT,
        "stated_by": Label.CODE,
        "stated_on": Label.DATE,
        "recorded_at": Label.DATE,
        "worker": Label.ID,
    }

    since = models.CharField(max_length=20, choices=choices(Since))
    months = models.IntegerField(null=True)
    kinds = models.CharField(max_length=120, blank=True)
    earlier_partners = models.BooleanField(null=True)
    convicted = models.BooleanField(null=True)
    earlier_help = EncryptedTextField(null=True)
    note = EncryptedTextField(null=True)
    stated_by = models.CharField(max_length=20)
    stated_on = models.DateField()
    recorded_at = models.DateTimeField()
    worker = models.UUIDField()


class Circumstances(OfTheWork):
    """Where a client lives and works, as stated on a day. The first one is that of the intake.

    `area` is one of the service's; the age band is that of the referral. An empty text was not
    spoken of.
    """

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {
        "area": Label.CODE,
        "employment": Label.CODE,
        "age_band": Label.CODE,
        "stated_by": Label.CODE,
        "stated_on": Label.DATE,
        "recorded_at": Label.DATE,
        "worker": Label.ID,
    }

    area = models.CharField(max_length=60, blank=True)
    employment = models.CharField(
        max_length=20, choices=list(EMPLOYMENT_WORDS.items()), blank=True
    )
    age_band = models.CharField(max_length=10, choices=list(AGE_WORDS.items()), blank=True)
    stated_by = models.CharField(max_length=20)
    stated_on = models.DateField()
    recorded_at = models.DateTimeField()
    worker = models.UUIDField()


class OnwardReferral(OfTheWork):
    """The client was referred to help elsewhere, and what came of it."""

    LABELS = {
        "kind": Label.CODE,
        "agency": Label.TEXT,
        "made_on": Label.DATE,
        "outcome": Label.CODE,
        "outcome_on": Label.DATE,
        "ask_on": Label.DATE,
        "note": Label.TEXT,
        "worker": Label.ID,
        "version": Label.CODE,
    }

    kind = models.CharField(max_length=20, choices=choices(Help))
    agency = EncryptedTextField()
    made_on = models.DateField()
    outcome = models.CharField(
        max_length=20, choices=choices(HelpOutcome), default=HelpOutcome.WAITING
    )
    outcome_on = models.DateField(null=True)
    ask_on = models.DateField(null=True)
    note = EncryptedTextField(null=True)
    worker = models.UUIDField()
    version = models.IntegerField(default=1)


class SafeguardingReferral(OfTheWork):
    """A referral to those who protect children or adults, which began on this side."""

    LABELS = {
        "concern": Label.CODE,
        "made_to": Label.TEXT,
        "made_on": Label.DATE,
        "reason": Label.TEXT,
        "client_told": Label.CODE,
        "outcome": Label.CODE,
        "outcome_on": Label.DATE,
        "ask_on": Label.DATE,
        "worker": Label.ID,
        "version": Label.CODE,
    }

    concern = models.CharField(max_length=30, choices=choices(Concern))
    made_to = EncryptedTextField()
    made_on = models.DateField()
    reason = EncryptedTextField()
    client_told = models.BooleanField()
    outcome = models.CharField(
        max_length=20, choices=choices(SafeguardingOutcome), default=SafeguardingOutcome.WAITING
    )
    outcome_on = models.DateField(null=True)
    ask_on = models.DateField(null=True)
    worker = models.UUIDField()
    version = models.IntegerField(default=1)
