"""The cost ledger and the contracts. Nothing here is about a person.

A row is never changed: one that is wrong is replaced by a new one or struck, and stays to be read.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from casewall.safety.costs.rules import CATEGORIES
from casewall.wall.labels import Label
from casewall.wall.models import WalledModel
from casewall.wall.sides import Role, Side, Viewer


class LedgerRow(WalledModel):
    """An amount for a period, with its source. ``struck``: the row only takes away the one that
    it replaces, and counts for nothing itself."""

    SIDE = Side.SAFETY
    APP_MAY = ("SELECT", "INSERT")
    ROW_LABELS = {
        "service": Label.CODE,
        "amount": Label.CODE,
        "currency": Label.CODE,
        "first_on": Label.DATE,
        "last_on": Label.DATE,
        "source": Label.CONFIGURATION,
        "replaces": Label.ID,
        "struck": Label.CODE,
        "why": Label.CONFIGURATION,
        "entered_by": Label.ID,
        "entered_at": Label.DATE,
    }

    service = models.CharField(max_length=60)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    first_on = models.DateField()
    last_on = models.DateField()
    source = models.CharField(max_length=200)
    replaces = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    struck = models.BooleanField(default=False)
    why = models.CharField(max_length=200, blank=True)
    entered_by = models.UUIDField()
    entered_at = models.DateTimeField()

    class Meta:
        abstract = True

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        """Those of a manager's own services; nobody else keeps money."""
        if viewer.side is not Side.SAFETY or viewer.role is not Role.SAFETY_MANAGER:
            return rows.none()
        return rows.filter(compartment__in=viewer.compartments)

    @classmethod
    def standing(cls, rows: Any) -> Any:
        """Those among `rows` that count: neither replaced nor struck."""
        return rows.filter(replaced_by__isnull=True, struck=False)


class CostLine(LedgerRow):
    """One line of what a service costs, in prices of a year; ``included`` says whether the cost
    figures count it."""

    LABELS = {
        **LedgerRow.ROW_LABELS,
        "category": Label.CODE,
        "price_year": Label.CODE,
        "included": Label.CODE,
        "note": Label.CONFIGURATION,
    }

    category = models.CharField(max_length=40)
    price_year = models.IntegerField()
    included = models.BooleanField()
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["service", "first_on"], name="cost_by_service")]
        constraints = [
            models.CheckConstraint(
                name="cost_has_price_year", condition=Q(price_year__range=(1990, 2100))
            ),
            models.CheckConstraint(
                name="cost_of_a_category", condition=Q(category__in=sorted(CATEGORIES))
            ),
        ]

    def __str__(self) -> str:
        return f"Cost line {self.pk}"


class FundingContract(LedgerRow):
    """Money that a funder gives for a period; ``persons`` is how many it is for, if it says."""

    LABELS = {
        **LedgerRow.ROW_LABELS,
        "funder": Label.CODE,
        "area": Label.CODE,
        "persons": Label.CODE,
    }

    funder = models.CharField(max_length=120)
    area = models.CharField(max_length=120, blank=True)
    persons = models.IntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["service", "first_on"], name="contract_by_service")]

    def __str__(self) -> str:
        return f"Contract {self.pk}"
