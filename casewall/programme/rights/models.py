"""What clients ask about their own records, complaints, and what went wrong on this side.

What is decided on a request for a copy, and what is sent, is never known here: the review and the
reply are the safety side's, for every request alike.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from casewall.programme.cases.models import Case, OfTheWork
from casewall.programme.rights.records import (
    ComplaintFacts,
    DecidedFacts,
    MishapFacts,
    RestrictionFacts,
    StatementFacts,
    coded,
)
from casewall.programme.rights.rules import How, Identity, Right, State
from casewall.vault.fields import EncryptedTextField
from casewall.wall.labels import Label
from casewall.wall.models import WalledModel
from casewall.wall.sides import Role, Side, Viewer


class AccessRequest(OfTheWork, DecidedFacts):
    """What a client asks about the own record, and how it was made sure that it is the client."""

    LABELS = {
        "asked_for": Label.CODE, "received_on": Label.DATE, "how": Label.CODE,
        "identity": Label.CODE, "identity_on": Label.DATE, "asks": Label.TEXT,
        "language": Label.CODE, "state": Label.CODE, "collected_at": Label.DATE,
        "items": Label.CODE, "worker": Label.ID, "recorded_at": Label.DATE,
        "version": Label.CODE, **DecidedFacts.DECIDED,
    }  # fmt: skip

    asked_for = models.CharField(max_length=20, choices=coded(Right))
    received_on = models.DateField()
    how = models.CharField(max_length=20, choices=coded(How))
    identity = models.CharField(max_length=20, choices=coded(Identity))
    identity_on = models.DateField(null=True)
    asks = EncryptedTextField(null=True)
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=20, choices=coded(State), default=State.TAKEN)
    collected_at = models.DateTimeField(null=True)
    items = models.IntegerField(null=True)
    worker = models.UUIDField()
    recorded_at = models.DateTimeField()
    version = models.IntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["compartment", "received_on", "id"], name="request_waiting",
                         condition=Q(state=State.TAKEN.value))
        ]


class AccessItem(OfTheWork):
    """One record of the client's file, copied as it was when the file was collected.

    `content` is JSON: `facts` and `texts`, each a list of label and value; the texts are those
    that somebody wrote freely. `about_others` says that records of this kind tell of other people.
    """

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {
        "request": Label.ID, "kind": Label.CODE, "record_id": Label.ID, "source": Label.CODE,
        "about_others": Label.CODE, "written_on": Label.DATE, "content": Label.TEXT,
        "version": Label.CODE,
    }  # fmt: skip

    request = models.ForeignKey(
        AccessRequest, on_delete=models.PROTECT, related_name="collected"
    )
    kind = models.CharField(max_length=80)
    record_id = models.UUIDField()
    source = models.CharField(max_length=30)
    about_others = models.BooleanField()
    written_on = models.DateField(null=True)
    content = EncryptedTextField()
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "record_id", "kind"],
                                    name="collected_once")
        ]


class PersonStatement(OfTheWork, StatementFacts):
    """What a client says of the own record, kept beside it."""

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {"request": Label.ID, **StatementFacts.STATEMENT}

    request = models.ForeignKey(
        AccessRequest, on_delete=models.PROTECT, related_name="statements"
    )


class Restriction(OfTheWork, RestrictionFacts):
    """That a client's file is not sent, printed or exported for now."""

    LABELS = {"request": Label.ID, **RestrictionFacts.RESTRICTION}

    request = models.ForeignKey(
        AccessRequest, on_delete=models.PROTECT, null=True, related_name="restrictions"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(ended_on=None),
                                    name="one_restriction_of_a_case")
        ]


class Complaint(WalledModel, ComplaintFacts):
    """A complaint that reached the programme side. Seen by managers and by whoever took it in."""

    SIDE = Side.PROGRAMME
    LABELS = {"case": Label.ID, **ComplaintFacts.COMPLAINT}

    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, related_name="complaints"
    )

    class Meta:
        indexes = [
            models.Index(fields=["compartment", "-received_on", "-id"], name="complaint_by_day")
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return own_or_managed(rows, viewer, "worker")


class BreachReport(WalledModel, MishapFacts):
    """What went wrong with somebody's data on this side; what is done is decided elsewhere."""

    SIDE = Side.PROGRAMME
    APP_MAY = ("SELECT", "INSERT")
    LABELS = {"service": Label.CODE, **MishapFacts.MISHAP, "version": Label.CODE}

    service = models.CharField(max_length=60)
    version = models.IntegerField(default=1)

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return own_or_managed(rows, viewer, "reported_by")


def own_or_managed(rows: Any, viewer: Viewer, by: str) -> Any:
    """Rows that a worker wrote (`by` names the field), all of the service for a manager."""
    if viewer.side is not Side.PROGRAMME or viewer.role in (
        Role.REFERRER,
        Role.PROGRAMME_ADMINISTRATOR,
    ):
        return rows.none()
    rows = rows.filter(compartment__in=viewer.compartments)
    if viewer.role is Role.PROGRAMME_MANAGER or viewer.is_system:
        return rows
    return rows.filter(**{by: viewer.worker})
