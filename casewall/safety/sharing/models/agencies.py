"""The directory of agencies outside the service. Nothing here is about a client or a partner."""

from __future__ import annotations

from typing import Any

from django.db import models

from casewall.safety.partners.models import choices
from casewall.safety.sharing.rules import AgencyKind, Basis
from casewall.safety.visibility import EVERYTHING
from casewall.vault.fields import EncryptedTextField
from casewall.wall.labels import Label
from casewall.wall.models import WalledModel
from casewall.wall.sides import Role, Side, Viewer

SEES_AGENCIES = EVERYTHING | {Role.PARTNER_WORKER, Role.CHILDRENS_WORKER}


class _OfTheDirectory(WalledModel):
    """A record that every worker of this side of the service may read."""

    SIDE = Side.SAFETY

    class Meta:
        abstract = True

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        if viewer.side is not Side.SAFETY or viewer.role not in SEES_AGENCIES:
            return rows.none()
        return rows.filter(compartment__in=viewer.compartments)


class ExternalAgency(_OfTheDirectory):
    """An agency outside the service with which information may be shared."""

    LABELS = {
        "service": Label.CODE,
        "name": Label.CONFIGURATION,
        "kind": Label.CODE,
        "area": Label.CONFIGURATION,
        "note": Label.CONFIGURATION,
        "retired_on": Label.DATE,
        "worker": Label.ID,
        "version": Label.CODE,
    }

    service = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=choices(AgencyKind))
    area = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    retired_on = models.DateField(null=True)
    worker = models.UUIDField()
    version = models.IntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["compartment", "name", "id"], name="agency_by_name")]

    def __str__(self) -> str:
        return f"Agency {self.pk}"


class AgencyContact(_OfTheDirectory):
    """A way to reach an agency: an office or a person there, with its number and address."""

    LABELS = {
        "agency": Label.ID,
        "name": Label.PERSONAL,
        "role": Label.CONFIGURATION,
        "phone": Label.PERSONAL,
        "email": Label.PERSONAL,
        "address": Label.PERSONAL,
        "ended_on": Label.DATE,
        "worker": Label.ID,
    }

    agency = models.ForeignKey(ExternalAgency, on_delete=models.PROTECT, related_name="contacts")
    name = EncryptedTextField()
    role = models.CharField(max_length=200, blank=True)
    phone = EncryptedTextField(null=True)
    email = EncryptedTextField(null=True)
    address = EncryptedTextField(null=True)
    ended_on = models.DateField(null=True)
    worker = models.UUIDField()


class SharingAgreement(_OfTheDirectory):
    """What may be shared with an agency, on which basis, from which day until which."""

    LABELS = {
        "agency": Label.ID,
        "what": Label.CONFIGURATION,
        "basis": Label.CODE,
        "first_on": Label.DATE,
        "last_on": Label.DATE,
        "ended_on": Label.DATE,
        "worker": Label.ID,
    }

    agency = models.ForeignKey(ExternalAgency, on_delete=models.PROTECT, related_name="agreements")
    what = models.TextField()
    basis = models.CharField(max_length=20, choices=choices(Basis))
    first_on = models.DateField()
    last_on = models.DateField()
    ended_on = models.DateField(null=True)
    worker = models.UUIDField()

    class Meta:
        indexes = [
            models.Index(
                fields=["compartment", "last_on", "id"],
                name="agreement_by_end",
                condition=models.Q(ended_on=None),
            )
        ]
