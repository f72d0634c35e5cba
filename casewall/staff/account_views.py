"""Pages about accounts, for the administrator of a site; and setting a password by a link."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casewall.audit.actions import record
from casewall.staff import accounts
from casewall.staff.account_forms import AccountForm, FirstPasswordForm
from casewall.staff.models import Worker
from casewall.staff.step_up import fresh_for_button, fresh_second_factor
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer

form_page = require_http_methods(["GET", "HEAD", "POST"])
COLUMNS = ["Name", "Role", "Agency", ("Last day", "date"), ("May sign in", "tag")]
GONE = "This link has been used, or is too old. Ask the administrator of the site for another."


def _administrator(request: HttpRequest) -> Viewer:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if not may_do(viewer.role, Duty.CONFIGURE):
        raise Http404
    return viewer


def sent_in(request: HttpRequest) -> Any:
    """What was sent with a form, if only nothing; None where the page is only looked at."""
    return request.POST if request.method == "POST" else None


def _worker(pk: UUID) -> Worker:
    found = accounts.people(Worker.objects.select_related("agency").filter(pk=pk))
    if not found:
        raise Http404
    return found[0]


@require_safe
def account_list(request: HttpRequest) -> HttpResponse:
    """Everybody who has an account on this site."""
    viewer, today = _administrator(request), timezone.localdate()
    record(by=viewer, verb="viewed", kind="accounts")
    rows = accounts.people(Worker.objects.select_related("agency").order_by("name", "id"))
    return render(request, "staff/accounts.html", {"columns": COLUMNS, "rows": [
        {"url": reverse("account", args=[worker.pk]),
         "cells": [worker.name, worker.role_words.capitalize(),
                   worker.agency.name if worker.agency else "", worker.until,
                   _state(worker, worker.has_ended(today))]}
        for worker in rows
    ]})  # fmt: skip


def _state(worker: Worker, ended: bool) -> tuple[str, str]:
    if not worker.is_active:
        return ("no", "grey")
    if ended:
        return ("ended", "grey")
    return ("yes", "green") if worker.has_usable_password() else ("waits for a password", "yellow")


@form_page
@fresh_second_factor
def account_new(request: HttpRequest) -> HttpResponse:
    """Make an account."""
    viewer = _administrator(request)
    form = AccountForm(sent_in(request), side=viewer.side)
    if form.is_valid():
        try:
            made = accounts.keep(account=form.account(), worker=None, by=viewer,
                                 form=form.cleaned_data["form_id"])
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return _link_page(request, _worker(made))
    return render(request, "staff/account.html", {
        "form": form, "heading": "A new account", "button": "Make the account",
    }, status=422 if form.is_bound else 200)


@form_page
@fresh_second_factor
def account(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One account, and changing it."""
    viewer, worker = _administrator(request), _worker(pk)
    form = AccountForm(sent_in(request), side=viewer.side,
                       initial=AccountForm.of(worker, accounts.places_of(worker)))
    if form.is_valid():
        try:
            accounts.keep(account=form.account(), worker=worker, by=viewer)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "The account has been saved. It counts from the worker's "
                                      "next page on.")
            return redirect("accounts")
    record(by=viewer, verb="viewed", thing=worker)
    return render(request, "staff/account.html", {
        "form": form, "heading": worker.name, "button": "Save the account", "worker": worker,
        "issuer": worker.agency_id in getattr(settings, "CASEWALL_ISSUERS", {}),
        "own": worker.pk == viewer.worker,
    }, status=422 if form.is_bound else 200)


@require_POST
@fresh_for_button("account")
def account_reset(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take away password and second factor, and show a link once."""
    viewer, worker = _administrator(request), _worker(pk)
    try:
        accounts.reset_sign_in(worker=worker, by=viewer)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("account", pk)
    return _link_page(request, worker)


def _link_page(request: HttpRequest, worker: Worker) -> HttpResponse:
    lasts = "15 minutes" if worker.last_login else "24 hours"
    if worker.has_usable_password():
        return redirect("account", worker.pk)
    link = request.build_absolute_uri(reverse("first_password", args=[accounts.first_link(worker)]))
    return render(request, "staff/link.html", {"worker": worker, "link": link, "lasts": lasts})


@login_not_required
@never_cache
@sensitive_post_parameters("password", "again")
@form_page
def first_password(request: HttpRequest, word: str) -> HttpResponse:
    """Set a password by a link; then the worker signs in and sets up the second factor.

    A link that is spent, too old or made up gets the same answer, which names nobody.
    """
    worker = accounts.worker_of_link(word)
    if worker is None:
        return render(request, "staff/gone.html", {"text": GONE}, status=404)
    form = FirstPasswordForm(sent_in(request))
    if form.is_valid() and accounts.set_first_password(
        worker=worker, word=word, password=form.cleaned_data["password"], by=worker.as_viewer()
    ):
        messages.success(request, "Your password has been set. Sign in with it.")
        return redirect("account_login")
    return render(request, "staff/first_password.html", {"form": form},
                  status=422 if form.is_bound else 200)
