"""Requests of persons recorded and their review, complaints, and the register of breaches.

What is decided here never goes down: the reply leaves from this side, on a fixed day.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from casewall.programme.rights.records import (
    ComplaintFacts,
    DecidedFacts,
    MishapFacts,
    RestrictionFacts,
    StatementFacts,
    coded,
)
from casewall.programme.rights.rules import Extension, How, Identity, Right
from casewall.safety.children.models import Child
from casewall.safety.partners.models import OfAFile, PartnerFile
from casewall.safety.rights.rules import (
    Answer,
    Ground,
    Origin,
    Person,
    Risk,
    Route,
    State,
    Verdict,
)
from casewall.vault.fields import EncryptedTextField
from casewall.wall.labels import Label
from casewall.wall.models import WalledModel
from casewall.wall.sides import Role, Side, Viewer

REVIEWERS = frozenset({Role.DATA_PROTECTION_OFFICER, Role.SAFETY_MANAGER, Role.SAFETY_SYSTEM})
"""Who sees what was collected about a person, and what is decided of it."""


def for_reviewers(rows: Any, viewer: Viewer) -> Any:
    """Rows of the service for those who review; nobody else."""
    if viewer.side is not Side.SAFETY or viewer.role not in REVIEWERS:
        return rows.none()
    return rows.filter(compartment__in=viewer.compartments)


def for_reviewers_or_own(rows: Any, viewer: Viewer, by: str) -> Any:
    """Rows of the service for those who review, own ones (`by` names the field) for workers."""
    if viewer.side is not Side.SAFETY:
        return rows.none()
    rows = rows.filter(compartment__in=viewer.compartments)
    return rows if viewer.role in REVIEWERS else rows.filter(**{by: viewer.worker})


class RightsCase(WalledModel, DecidedFacts):
    """What one person asks about the own record, with its clocks. A client's comes by the pull.

    `case_id` is the programme's case of a client, `file` or `child` the record of a partner or
    child. `speaks` is who speaks for a child or a person; `is_client` says that this is the person
    who used violence. `source_version` is the version of a client's request as it was pulled.
    """

    SIDE = Side.SAFETY
    LABELS = {
        "person": Label.CODE, "service": Label.CODE, "case_id": Label.ID, "file": Label.ID,
        "child": Label.ID, "name": Label.PERSONAL, "speaks": Label.PERSONAL,
        "is_client": Label.CODE, "asked_for": Label.CODE, "received_on": Label.DATE,
        "how": Label.CODE, "identity": Label.CODE, "identity_on": Label.DATE,
        "asks": Label.TEXT, "language": Label.CODE, "state": Label.CODE,
        "gathered_at": Label.DATE, "extended_because": Label.CODE, "extended_on": Label.DATE,
        "replied_on": Label.DATE, "worker": Label.ID, "recorded_at": Label.DATE,
        "source_version": Label.CODE, "version": Label.CODE, **DecidedFacts.DECIDED,
    }  # fmt: skip

    person = models.CharField(max_length=10, choices=coded(Person))
    service = models.CharField(max_length=60)
    case_id = models.UUIDField(null=True)
    file = models.ForeignKey(
        PartnerFile, on_delete=models.PROTECT, null=True, related_name="rightscases"
    )
    child = models.ForeignKey(
        Child, on_delete=models.PROTECT, null=True, related_name="rightscases"
    )
    name = EncryptedTextField()
    speaks = EncryptedTextField(null=True)
    is_client = models.BooleanField(default=False)
    asked_for = models.CharField(max_length=20, choices=coded(Right))
    received_on = models.DateField()
    how = models.CharField(max_length=20, choices=coded(How))
    identity = models.CharField(max_length=20, choices=coded(Identity))
    identity_on = models.DateField(null=True)
    asks = EncryptedTextField(null=True)
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=20, choices=coded(State), default=State.OPEN)
    gathered_at = models.DateTimeField(null=True)
    extended_because = models.CharField(max_length=20, choices=coded(Extension), blank=True)
    extended_on = models.DateField(null=True)
    replied_on = models.DateField(null=True)
    worker = models.UUIDField(null=True)
    recorded_at = models.DateTimeField()
    source_version = models.IntegerField(default=0)
    version = models.IntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["compartment", "received_on", "id"], name="rights_open",
                         condition=Q(state=State.OPEN.value))
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return for_reviewers_or_own(rows, viewer, "worker")


class RightsItem(WalledModel):
    """One record under review, as it was collected. `signs` only ever grow."""

    SIDE = Side.SAFETY
    LABELS = {
        "request": Label.ID, "origin": Label.CODE, "kind": Label.CODE, "record_id": Label.ID,
        "source": Label.CODE, "about_others": Label.CODE, "written_on": Label.DATE,
        "content": Label.TEXT, "signs": Label.CODE,
    }  # fmt: skip

    request = models.ForeignKey(RightsCase, on_delete=models.PROTECT, related_name="items")
    origin = models.CharField(max_length=20, choices=coded(Origin))
    kind = models.CharField(max_length=80)
    record_id = models.UUIDField()
    source = models.CharField(max_length=30)
    about_others = models.BooleanField()
    written_on = models.DateField(null=True)
    content = EncryptedTextField()
    signs = models.CharField(max_length=400, blank=True)

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return for_reviewers(rows, viewer)


class RightsReview(WalledModel):
    """What one reviewer answered and decided about one record. A change of mind is another row."""

    SIDE = Side.SAFETY
    APP_MAY = ("SELECT", "INSERT")
    LABELS = {
        "item": Label.ID, "worker": Label.ID, "without": Label.CODE, "consented": Label.CODE,
        "reasonable": Label.CODE, "verdict": Label.CODE, "extract": Label.TEXT,
        "ground": Label.CODE, "reason": Label.TEXT, "signs": Label.CODE, "reviewed_at": Label.DATE,
        "number": Label.CODE,
    }  # fmt: skip

    item = models.ForeignKey(RightsItem, on_delete=models.PROTECT, related_name="reviews")
    worker = models.UUIDField()
    without = models.CharField(max_length=10, choices=coded(Answer))
    consented = models.CharField(max_length=10, choices=coded(Answer))
    reasonable = models.CharField(max_length=10, choices=coded(Answer))
    verdict = models.CharField(max_length=10, choices=coded(Verdict))
    extract = EncryptedTextField(null=True)
    ground = models.CharField(max_length=20, choices=coded(Ground), blank=True)
    reason = EncryptedTextField(null=True)
    signs = models.CharField(max_length=400, blank=True)
    reviewed_at = models.DateTimeField()
    number = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="reviews_in_order")
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return for_reviewers(rows, viewer)


class RightsReply(WalledModel):
    """The reply that left: the file as it was (PDF, base64), by which way, and who sent it."""

    SIDE = Side.SAFETY
    APP_MAY = ("SELECT", "INSERT")
    LABELS = {
        "request": Label.ID, "content": Label.TEXT, "route": Label.CODE,
        "released_on": Label.DATE, "released_at": Label.DATE, "worker": Label.ID,
        "items": Label.CODE,
    }  # fmt: skip

    request = models.OneToOneField(RightsCase, on_delete=models.PROTECT, related_name="reply")
    content = EncryptedTextField()
    route = models.CharField(max_length=20, choices=coded(Route))
    released_on = models.DateField()
    released_at = models.DateTimeField()
    worker = models.UUIDField()
    items = models.IntegerField()

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return for_reviewers(rows, viewer)


class FileStatement(OfAFile, StatementFacts):
    """What a partner says of the own record, kept beside it."""

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {**StatementFacts.STATEMENT}


class FileRestriction(OfAFile, RestrictionFacts):
    """That a partner's file is not sent, printed or exported for now."""

    LABELS = {**RestrictionFacts.RESTRICTION}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file"], condition=Q(ended_on=None),
                                    name="one_restriction_of_a_file")
        ]


class Complaint(WalledModel, ComplaintFacts):
    """A complaint that reached the safety side. Seen by managers and by whoever took it in."""

    SIDE = Side.SAFETY
    LABELS = {"file": Label.ID, **ComplaintFacts.COMPLAINT}

    file = models.ForeignKey(
        PartnerFile, on_delete=models.PROTECT, null=True, related_name="complaints"
    )

    class Meta:
        indexes = [
            models.Index(fields=["compartment", "-received_on", "-id"],
                         name="safety_complaint_by_day")
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return for_reviewers_or_own(rows, viewer, "worker")


class Breach(WalledModel, MishapFacts):
    """A breach or a near miss of either side, what it may mean, and what was decided and done.

    `from_programme` says that it was reported there and came by the pull.
    """

    SIDE = Side.SAFETY
    LABELS = {
        **MishapFacts.MISHAP, "service": Label.CODE, "from_programme": Label.CODE,
        "contained_at": Label.DATE, "contained_how": Label.TEXT, "risk": Label.CODE,
        "tell_authority": Label.CODE, "tell_persons": Label.CODE, "reason": Label.TEXT,
        "decided_at": Label.DATE, "decided_by": Label.ID, "authority_told_at": Label.DATE,
        "late_because": Label.TEXT, "persons_told_at": Label.DATE, "learned": Label.TEXT,
        "closed_on": Label.DATE, "version": Label.CODE,
    }  # fmt: skip

    service = models.CharField(max_length=60)
    from_programme = models.BooleanField(default=False)
    contained_at = models.DateTimeField(null=True)
    contained_how = EncryptedTextField(null=True)
    risk = models.CharField(max_length=10, choices=coded(Risk), default=Risk.NOT_YET)
    tell_authority = models.BooleanField(null=True)
    tell_persons = models.BooleanField(null=True)
    reason = EncryptedTextField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    authority_told_at = models.DateTimeField(null=True)
    late_because = EncryptedTextField(null=True)
    persons_told_at = models.DateTimeField(null=True)
    learned = EncryptedTextField(null=True)
    closed_on = models.DateField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["compartment", "found_at", "id"], name="breach_open",
                         condition=Q(closed_on=None))
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return for_reviewers_or_own(rows, viewer, "reported_by")
