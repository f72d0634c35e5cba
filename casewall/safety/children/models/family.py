"""Who children are: each child once, with the adults in the child's life, plans and referrals.

A child is seen by whoever works with it, by the workers of the partners' files that it is linked
to, and by coordination. Two workers who see the same child through two files do not thereby
learn of each other's file: what names an adult, or was written in the course of one file, is
shown to that file's worker only.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from casewall.safety.children.rules import (
    Adult,
    Asked,
    Concern,
    EndReason,
    Of,
    Plan,
    ReferralOutcome,
    Relationship,
    Sex,
    Threshold,
)
from casewall.safety.partners.models import FileLink, OfAFile, PartnerFile, choices
from casewall.safety.visibility import EVERYTHING, out_of_turn
from casewall.vault.fields import EncryptedTextField
from casewall.wall.labels import Label
from casewall.wall.models import WalledModel
from casewall.wall.sides import Role, Side, Viewer


def _of_files(viewer: Viewer) -> Any:
    """The files that a partner worker sees."""
    return PartnerFile.objects.visible_to(viewer).values("id")


def own_children(rows: Any, viewer: Viewer, path: str) -> Any:
    """Rows of children (reached by `path`): of own partners' files for a partner worker, of own
    and of waiting children for a children's worker, of all for coordination."""
    if viewer.side is not Side.SAFETY:
        return rows.none()
    rows = rows.filter(compartment__in=viewer.compartments)
    if viewer.role in EVERYTHING:
        return rows
    if viewer.role is Role.PARTNER_WORKER:
        links = ChildAdult.objects.visible_to(viewer).filter(
            file_id__in=_of_files(viewer), ended_on=None
        )
        return rows.filter(**{f"{path}__in": links.values("child_id")})
    if viewer.role is Role.CHILDRENS_WORKER:
        own = ChildSupport.objects.visible_to(viewer).values("child_id")
        return rows.filter(Q(**{f"{path}__in": own}) | out_of_turn(viewer, path))
    return rows.none()


class Child(WalledModel):
    """A child, or a young adult, in the life of a partner or a client; an unborn one too."""

    SIDE = Side.SAFETY
    LABELS = {
        "given_name": Label.PERSONAL,
        "family_name": Label.PERSONAL,
        "born_on": Label.PERSONAL,
        "due_on": Label.PERSONAL,
        "sex": Label.CODE,
        "language": Label.CODE,
        "needs": Label.CODE,
        "school": Label.TEXT,
        "service": Label.CODE,
        "recorded_on": Label.DATE,
        "worker": Label.ID,
        "same_as": Label.ID,
        "version": Label.CODE,
    }

    given_name = EncryptedTextField(null=True)
    family_name = EncryptedTextField(null=True)
    born_on = EncryptedTextField(null=True)
    due_on = EncryptedTextField(null=True)
    sex = models.CharField(max_length=10, choices=choices(Sex), default=Sex.UNKNOWN)
    language = models.CharField(max_length=40, blank=True)
    needs = models.CharField(max_length=120, blank=True)
    school = EncryptedTextField(null=True)
    service = models.CharField(max_length=60)
    recorded_on = models.DateField()
    worker = models.UUIDField()
    same_as = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="other_records"
    )
    version = models.IntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["compartment", "-recorded_on", "-id"], name="child_by_record")
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return own_children(rows, viewer, "id")

    @property
    def full_name(self) -> str:
        return f"{self.given_name or ''} {self.family_name or ''}".strip()

    def __str__(self) -> str:
        return f"Child {self.pk}"


class ChildToken(WalledModel):
    """Blind index entries under which a child is found."""

    SIDE = Side.SAFETY
    LABELS = {"child": Label.ID, "token": Label.TOKEN, "kind": Label.CODE}
    APP_MAY = ("SELECT", "INSERT", "DELETE")

    child = models.ForeignKey(Child, on_delete=models.CASCADE)
    token = models.UUIDField()
    kind = models.CharField(max_length=10)

    class Meta:
        indexes = [models.Index(fields=["compartment", "token"], name="child_by_token")]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return rows.filter(child_id__in=Child.objects.visible_to(viewer).values("id"))


class OfAChild(WalledModel):
    """A record of a child, seen by whoever sees the child."""

    SIDE = Side.SAFETY
    BASE_LABELS = {**WalledModel.BASE_LABELS, "child": Label.ID}

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="%(class)ss")

    class Meta:
        abstract = True

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return own_children(rows, viewer, "child_id")


class ChildAdult(OfAChild):
    """That a child and an adult belong together: a partner's file, a client's case, or a name.

    `adult_name` is the name as written when the link was made, so that a children's worker knows
    whom the child speaks of without a partner's file. `statement_id` is the pulled statement that
    a person took for this child. `on_file` is the file in the course of which it was written.
    """

    LABELS = {
        "kind": Label.CODE,
        "file": Label.ID,
        "case_id": Label.ID,
        "adult_name": Label.PERSONAL,
        "relationship": Label.CODE,
        "statement_id": Label.ID,
        "on_file": Label.ID,
        "linked_on": Label.DATE,
        "ended_on": Label.DATE,
        "worker": Label.ID,
        "version": Label.CODE,
    }

    kind = models.CharField(max_length=10, choices=choices(Adult))
    file = models.ForeignKey(
        PartnerFile, null=True, on_delete=models.PROTECT, related_name="children"
    )
    case_id = models.UUIDField(null=True)
    adult_name = EncryptedTextField(null=True)
    relationship = models.CharField(max_length=20, choices=choices(Relationship))
    statement_id = models.UUIDField(null=True)
    on_file = models.ForeignKey(
        PartnerFile, null=True, on_delete=models.PROTECT, related_name="links_made"
    )
    linked_on = models.DateField()
    ended_on = models.DateField(null=True)
    worker = models.UUIDField()
    version = models.IntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["compartment", "case_id"], name="child_by_case")]
        constraints = [
            models.UniqueConstraint(
                fields=["child", "file"], condition=Q(ended_on=None), name="child_once_per_file"
            ),
            models.UniqueConstraint(
                fields=["child", "case_id"], condition=Q(ended_on=None), name="child_once_per_case"
            ),
            models.CheckConstraint(
                condition=Q(kind="partner", file__isnull=False, case_id=None)
                | Q(kind="client", file=None, case_id__isnull=False)
                | Q(kind="other", file=None, case_id=None, adult_name__isnull=False),
                name="child_s_adult_of_one_kind",
            ),
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        if viewer.role is not Role.PARTNER_WORKER:
            return own_children(rows, viewer, "child_id")
        # Not by way of the child: whoever sees it through one file must not learn of another.
        files = _of_files(viewer)
        rows = rows.filter(compartment__in=viewer.compartments)
        cases = FileLink.objects.visible_to(viewer).filter(ended_on=None).values("case_id")
        own = rows.filter(file_id__in=files, ended_on=None).values("child_id")
        return rows.filter(
            Q(file_id__in=files)
            | Q(file=None, on_file_id__in=files)
            | Q(case_id__in=cases, child_id__in=own)
        )


class Arrangement(OfAChild):
    """What holds between a child and an adult from a day on; earlier answers stay."""

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {
        "adult": Label.ID,
        "of": Label.CODE,
        "answer": Label.CODE,
        "since": Label.DATE,
        "recorded_at": Label.DATE,
        "worker": Label.ID,
    }

    adult = models.ForeignKey(ChildAdult, on_delete=models.PROTECT, related_name="arrangements")
    of = models.CharField(max_length=20, choices=choices(Of))
    answer = models.CharField(max_length=20)
    since = models.DateField()
    recorded_at = models.DateTimeField()
    worker = models.UUIDField()

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return rows.filter(adult_id__in=ChildAdult.objects.visible_to(viewer).values("id"))


class PlanStatus(OfAChild):
    """How far authorities are involved from a day on, and the social worker; earlier ones stay."""

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {
        "plan": Label.CODE,
        "since": Label.DATE,
        "agency": Label.TEXT,
        "social_worker": Label.PERSONAL,
        "recorded_at": Label.DATE,
        "worker": Label.ID,
    }

    plan = models.CharField(max_length=20, choices=choices(Plan))
    since = models.DateField()
    agency = EncryptedTextField(null=True)
    social_worker = EncryptedTextField(null=True)
    recorded_at = models.DateTimeField()
    worker = models.UUIDField()


class ChildSafeguarding(OfAChild):
    """A referral of a child to those who protect children: threshold, consent, who was told."""

    LABELS = {
        "on_file": Label.ID,
        "concern": Label.CODE,
        "threshold": Label.CODE,
        "made_to": Label.TEXT,
        "made_on": Label.DATE,
        "reason": Label.TEXT,
        "consented": Label.CODE,
        "without_because": Label.TEXT,
        "told": Label.CODE,
        "outcome": Label.CODE,
        "outcome_on": Label.DATE,
        "ask_on": Label.DATE,
        "worker": Label.ID,
        "version": Label.CODE,
    }

    on_file = models.ForeignKey(
        PartnerFile, null=True, on_delete=models.PROTECT, related_name="child_referrals"
    )
    concern = models.CharField(max_length=20, choices=choices(Concern))
    threshold = models.CharField(max_length=20, choices=choices(Threshold))
    made_to = EncryptedTextField()
    made_on = models.DateField()
    reason = EncryptedTextField()
    consented = models.BooleanField()
    without_because = EncryptedTextField(null=True)
    told = models.CharField(max_length=60, blank=True)
    outcome = models.CharField(
        max_length=20, choices=choices(ReferralOutcome), default=ReferralOutcome.WAITING
    )
    outcome_on = models.DateField(null=True)
    ask_on = models.DateField(null=True)
    worker = models.UUIDField()
    version = models.IntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(
                fields=["compartment", "ask_on", "id"],
                name="child_outcome_asked",
                condition=Q(ask_on__isnull=False),
            )
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        rows = own_children(rows, viewer, "child_id")
        if viewer.role is not Role.PARTNER_WORKER:
            return rows
        # The reason may quote a partner of another file.
        return rows.filter(Q(on_file_id__in=_of_files(viewer)) | Q(worker=viewer.worker))


class FileChildren(OfAFile):
    """What was answered when somebody asked whether there are children; the newest holds."""

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {
        "answer": Label.CODE,
        "asked_on": Label.DATE,
        "recorded_at": Label.DATE,
        "worker": Label.ID,
    }

    answer = models.CharField(max_length=10, choices=choices(Asked))
    asked_on = models.DateField()
    recorded_at = models.DateTimeField()
    worker = models.UUIDField()


class ChildSupport(OfAChild):
    """A child's way through the children's service: asked for, worked with, ended."""

    LABELS = {
        "service": Label.CODE,
        "asked_on": Label.DATE,
        "worker": Label.ID,
        "began_on": Label.DATE,
        "ended_on": Label.DATE,
        "end_reason": Label.CODE,
        "version": Label.CODE,
    }

    service = models.CharField(max_length=60)
    asked_on = models.DateField()
    worker = models.UUIDField(null=True)
    began_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    end_reason = models.CharField(max_length=20, choices=choices(EndReason), blank=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["child", "service"],
                condition=Q(ended_on=None),
                name="one_open_support_each",
            )
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        if viewer.role is not Role.CHILDRENS_WORKER:
            return own_children(rows, viewer, "child_id")
        return rows.filter(
            Q(worker=viewer.worker) | Q(worker=None, ended_on=None),
            compartment__in=viewer.compartments,
        )
