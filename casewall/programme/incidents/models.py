"""Incidents and proceedings as the programme side knows them: never from a partner.

The sources are the client's own statement, the police, the referrer and the programme's workers.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from casewall.programme.cases.models import OfTheWork
from casewall.programme.incidents.records import (
    AskedFacts,
    CourtDayFacts,
    CustodyFacts,
    Happened,
    ProceedingFacts,
)
from casewall.programme.incidents.rules import Follows
from casewall.programme.incidents.words import worded
from casewall.vault.fields import EncryptedTextField
from casewall.wall.labels import Label


class Incident(OfTheWork, Happened):
    """Violence that the client used, as one source tells of it. A correction is another row."""

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {**Happened.HAPPENED}


class IncidentReview(OfTheWork):
    """That a manager is asked what follows from an incident, by when, and what was decided.

    `danger` says that it has a sign of danger, `re_offence` that it is new violence since the
    referral.
    """

    LABELS = {
        "incident": Label.ID, "danger": Label.CODE, "re_offence": Label.CODE,
        "due_on": Label.DATE, "follows": Label.CODE, "reason": Label.TEXT,
        "decided_on": Label.DATE, "worker": Label.ID, "version": Label.CODE,
    }  # fmt: skip

    incident = models.OneToOneField(Incident, on_delete=models.PROTECT, related_name="review")
    danger = models.BooleanField()
    re_offence = models.BooleanField()
    due_on = models.DateField()
    follows = models.CharField(max_length=30, choices=worded(Follows), blank=True)
    reason = EncryptedTextField(null=True)
    decided_on = models.DateField(null=True)
    worker = models.UUIDField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["compartment", "due_on", "id"], name="review_waiting",
                         condition=Q(decided_on=None))
        ]


class Proceeding(OfTheWork, ProceedingFacts):
    """A call-out, charge, bail, order or court case about the client, as one source states it."""

    LABELS = {**ProceedingFacts.PROCEEDING}

    class Meta:
        indexes = [
            models.Index(fields=["compartment", "until_on", "id"], name="proceeding_by_end",
                         condition=Q(ended_on=None, until_on__isnull=False))
        ]


class CourtDay(OfTheWork, CourtDayFacts):
    """A day on which a proceeding about the client is heard, and what came of it."""

    LABELS = {"proceeding": Label.ID, **CourtDayFacts.COURT_DAY}

    proceeding = models.ForeignKey(
        Proceeding, on_delete=models.PROTECT, related_name="courtdays"
    )

    class Meta:
        indexes = [
            models.Index(fields=["compartment", "held_on", "id"], name="court_day_open",
                         condition=Q(outcome=""))
        ]


class CustodySpan(OfTheWork, CustodyFacts):
    """Days that the client spent in custody, and so was not at risk of using violence outside."""

    LABELS = {**CustodyFacts.CUSTODY}


class AskedSpan(OfTheWork, AskedFacts):
    """Days about which the client, the police or the referrer was asked for new violence."""

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {**AskedFacts.ASKED}
