"""Whose referral a case is, and which accounts of referrers there are."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.urls import reverse

from casewall.programme.cases.models import Case
from casewall.programme.cases.parts import Shown
from casewall.staff.models import Worker
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Role, Viewer


def referrer_accounts(case: Case) -> dict[UUID, str]:
    """Active accounts of referrers to the service of a case, by name with the agency."""
    rows = Worker.objects.filter(
        role=Role.REFERRER, is_active=True, compartments__number=case.compartment
    )
    return {
        row.pk: f"{row.name}, {row.agency}"
        for row in rows.select_related("agency").order_by("name", "id")
    }


def whose_part(case: Case, viewer: Viewer, today: date) -> Shown:
    """For whoever may say whose referral a case is: whose it is now, and the form."""
    if not may_do(viewer.role, Duty.NAME_REFERRER):
        return Shown()
    named = Worker.objects.filter(pk=case.referrer_worker).values_list("name", flat=True).first()
    return Shown(
        steps=[("Whose referral this is", reverse("case_referrer", args=[case.pk]))],
        details=[("Seen by the referrer", named or "nobody with an account")],
    )
