"""Saying whose referral a case is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from casewall.audit.actions import record
from casewall.programme.cases.actions import name_referrer
from casewall.programme.cases.lists import stage_tag
from casewall.programme.cases.steps import case_with, form_page
from casewall.programme.referrals.forms import NOBODY, WhoseForm
from casewall.programme.referrals.lists import referrer_accounts
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.duties import Duty
from casewall.wall.sides import Viewer


@form_page
def whose(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Choose among the accounts of referrers to the service; the choice is audited."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    case = case_with(request, pk, Duty.NAME_REFERRER)
    accounts = referrer_accounts(case)
    now = case.referrer_worker
    form = WhoseForm(
        request.POST or None, accounts=accounts, initial={"referrer": now, "seen": now}
    )
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            name_referrer(case=case, referrer=typed["referrer"], seen=typed["seen"], by=viewer)
        except Refused as refused:
            form.add_error(None, str(refused))
            if isinstance(refused, StaleEdit):
                form.show_again(now)
        else:
            messages.success(request, "It is saved whose referral this is.")
            return redirect("case", case.pk)
    record(by=viewer, verb="read", thing=case)
    facts: list[tuple[str, Any]] = [
        ("Referred by", case.referrer_agency or None),
        ("Seen by the referrer now", accounts.get(now, NOBODY) if now else NOBODY),
    ]
    return render(
        request,
        "programme/step.html",
        {
            "case": case,
            "form": form,
            "heading": "Whose referral this is",
            "button": "Save",
            "stage": stage_tag(case.stage),
            "case_url": reverse("case", args=[case.pk]),
            "facts": facts,
        },
        status=422 if form.is_bound else 200,
    )
