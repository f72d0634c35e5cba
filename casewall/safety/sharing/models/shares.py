"""What was shared with whom, and whether it arrived."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from casewall.safety.children.models import Child, OfAChild
from casewall.safety.partners.models import OfAFile, PartnerFile, choices
from casewall.safety.sharing.models.agencies import AgencyContact, ExternalAgency, SharingAgreement
from casewall.safety.sharing.rules import Basis, Condition, Route, ShareFor
from casewall.safety.visibility import EVERYTHING
from casewall.vault.fields import EncryptedTextField
from casewall.wall.labels import Label
from casewall.wall.sides import Role, Side, Viewer


def of_file_or_child(rows: Any, viewer: Viewer, path: str = "") -> Any:
    """Rows about a partner's file or a child (reached by `path`), for whoever sees it.

    What a partner's worker wrote about a child in the course of a file is for that file's worker,
    for whoever works with the child, and for coordination: it may quote a partner of another file.
    """
    if viewer.side is not Side.SAFETY:
        return rows.none()
    rows = rows.filter(**{f"{path}compartment__in": viewer.compartments})
    if viewer.role in EVERYTHING:
        return rows
    files = PartnerFile.objects.visible_to(viewer).values("id")
    children = Child.objects.visible_to(viewer).values("id")
    if viewer.role is Role.PARTNER_WORKER:
        own = Q(**{f"{path}file__isnull": True, f"{path}worker": viewer.worker})
        return rows.filter(
            Q(**{f"{path}file__in": files}) | (own & Q(**{f"{path}child__in": children}))
        )
    if viewer.role is Role.CHILDRENS_WORKER:
        return rows.filter(**{f"{path}child__in": children})
    return rows.none()


class OfFileOrChild(OfAFile, OfAChild):
    """A record about a partner's file, about a child, or about a child in the course of a file."""

    BASE_LABELS = {**OfAFile.BASE_LABELS, **OfAChild.BASE_LABELS, "worker": Label.ID}

    file = models.ForeignKey(
        PartnerFile, null=True, on_delete=models.PROTECT, related_name="%(class)ss"
    )
    child = models.ForeignKey(Child, null=True, on_delete=models.PROTECT, related_name="%(class)ss")
    worker = models.UUIDField()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_is_about_somebody",
                condition=Q(file__isnull=False) | Q(child__isnull=False),
            )
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return of_file_or_child(rows, viewer)


class Share(OfFileOrChild):
    """Something that was told to an agency: what, to whom, why, on what basis, until when.

    `person` is the office or person that received it. Casewall sends nothing: a share is written
    down by whoever made it. After a recall the recipient is told, and `told_on` says when.
    """

    LABELS = {
        "agency": Label.ID, "agreement": Label.ID, "person": Label.PERSONAL,
        "purpose": Label.CODE, "what": Label.TEXT, "document": Label.ID, "basis": Label.CODE,
        "condition": Label.CODE, "consented": Label.CODE, "consent_on": Label.DATE,
        "without_because": Label.TEXT, "shared_on": Label.DATE, "expires_on": Label.DATE,
        "recalled_on": Label.DATE, "recalled_because": Label.TEXT, "told_on": Label.DATE,
        "told_whom": Label.PERSONAL, "version": Label.CODE,
    }  # fmt: skip

    agency = models.ForeignKey(ExternalAgency, on_delete=models.PROTECT, related_name="shares")
    agreement = models.ForeignKey(
        SharingAgreement, null=True, on_delete=models.PROTECT, related_name="shares"
    )
    person = EncryptedTextField()
    purpose = models.CharField(max_length=20, choices=choices(ShareFor))
    what = EncryptedTextField()
    document = models.UUIDField(null=True)
    basis = models.CharField(max_length=20, choices=choices(Basis))
    condition = models.CharField(max_length=20, choices=choices(Condition), blank=True)
    consented = models.BooleanField()
    consent_on = models.DateField(null=True)
    without_because = EncryptedTextField(null=True)
    shared_on = models.DateField()
    expires_on = models.DateField()
    recalled_on = models.DateField(null=True)
    recalled_because = EncryptedTextField(null=True)
    told_on = models.DateField(null=True)
    told_whom = EncryptedTextField(null=True)
    version = models.IntegerField(default=1)

    class Meta(OfFileOrChild.Meta):
        abstract = False
        indexes = [
            models.Index(
                fields=["compartment", "recalled_on", "id"],
                name="share_recalled_untold",
                condition=Q(recalled_on__isnull=False, told_on=None),
            ),
            models.Index(fields=["compartment", "-shared_on", "-id"], name="share_by_day"),
        ]


class AgencyMessage(OfFileOrChild):
    """A message that a worker sent to an agency under a share, and who acknowledged it when."""

    LABELS = {
        "share": Label.ID, "contact": Label.ID, "route": Label.CODE, "words": Label.TEXT,
        "sent_on": Label.DATE, "ask_on": Label.DATE, "acknowledged_on": Label.DATE,
        "acknowledged_by": Label.PERSONAL, "receipt": Label.TEXT, "kept_by": Label.ID,
        "version": Label.CODE,
    }  # fmt: skip

    share = models.ForeignKey(Share, on_delete=models.PROTECT, related_name="messages")
    contact = models.ForeignKey(
        AgencyContact, null=True, on_delete=models.PROTECT, related_name="messages"
    )
    route = models.CharField(max_length=20, choices=choices(Route))
    words = EncryptedTextField()
    sent_on = models.DateField()
    ask_on = models.DateField(null=True)
    acknowledged_on = models.DateField(null=True)
    acknowledged_by = EncryptedTextField(null=True)
    receipt = EncryptedTextField(null=True)
    kept_by = models.UUIDField(null=True)
    version = models.IntegerField(default=1)

    class Meta(OfFileOrChild.Meta):
        abstract = False
        indexes = [
            models.Index(
                fields=["compartment", "ask_on", "id"],
                name="agency_message_waits",
                condition=Q(ask_on__isnull=False),
            )
        ]
