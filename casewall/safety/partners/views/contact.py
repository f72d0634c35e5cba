"""Recording attempts to reach a partner, and how each channel may be used."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from casewall.audit.actions import record
from casewall.safety.partners.actions import channel_decision, record_contact, set_safe_contact
from casewall.safety.partners.forms import ContactForm, SafeContactForm
from casewall.safety.partners.models import PartnerFile, SafeContact
from casewall.safety.partners.page import FileRecords, channels, how_to_use
from casewall.safety.partners.rules import Channel, Outcome
from casewall.safety.partners.views.files import file_seen
from casewall.safety.partners.words import in_words
from casewall.safety.reading import must, names_of
from casewall.staff.requests import SignedInRequest
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.duties import Duty

HAPPENED = "happened"


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Record one attempt. A channel that is not confirmed safe is asked about first."""
    viewer = request.viewer
    file = file_seen(viewer, pk)
    must(viewer, Duty.SUPPORT_PARTNER)
    now = timezone.localtime()
    if request.method != "POST":
        record(by=viewer, verb="viewed", thing=file)
        form = ContactForm(
            initial={
                "tried_on": now.date(),
                "tried_time": now.time(),
                "channel": request.GET.get("channel"),
            }
        )
        return _contact_page(request, file, form)
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _contact_page(request, file, form, status=422)
    if form.asks_about_wording():
        return _contact_page(request, file, form, status=422)
    given = form.cleaned_data
    channel, outcome = Channel(given["channel"]), Outcome(given["outcome"])
    decision = channel_decision(file=file, channel=channel, at=given["tried_at"], by=viewer)
    asks = not decision and outcome is not Outcome.UNSAFE_TO_CONTACT
    if asks and request.POST.get(HAPPENED) != "yes":
        return _contact_page(
            request, file, form, status=422, stop=_interruption(request, channel, decision.reason)
        )
    try:
        record_contact(
            file=file,
            tried_at=given["tried_at"],
            channel=channel,
            outcome=outcome,
            still_safe=form.answered_safe(),
            return_on=given["return_on"],
            told=given["told"],
            note=given["note"] or None,
            signs=given["signs"],
            by=viewer,
            id=given["form_id"],
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return _contact_page(request, file, form, status=422)
    messages.success(request, "The contact has been recorded.")
    return redirect("partner", pk)


def _interruption(request: SignedInRequest, channel: Channel, reason: str) -> dict[str, Any]:
    kept = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in ("csrfmiddlewaretoken", HAPPENED)
    ]
    return {
        "heading": f"{in_words(channel)} is not confirmed safe",
        "reason": reason,
        "hidden": [*kept, (HAPPENED, "yes")],
    }


def _contact_page(
    request: SignedInRequest,
    file: PartnerFile,
    form: ContactForm,
    status: int = 200,
    stop: dict[str, Any] | None = None,
) -> HttpResponse:
    plans = channels(FileRecords.of(file, request.viewer), timezone.now())
    safe = [one for one in plans if one["safe"]]
    if stop is not None:
        ways = ", ".join(one["label"].lower() for one in safe)
        stop["points"] = [
            stop["reason"],
            f"Safe now: {ways}." if ways else "No other way of contact is confirmed safe now.",
            "If this contact has already happened, record it. The file will say that the way of "
            "contact was not confirmed safe.",
        ]
    return render(
        request,
        "partners/contact.html",
        {
            "file": file,
            "form": form,
            "channels": plans,
            "safe_now": safe,
            "stop": stop,
        },
        status=status,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def safe_contact(request: SignedInRequest, pk: UUID, channel: str) -> HttpResponse:
    """How one channel may be used."""
    viewer = request.viewer
    file = file_seen(viewer, pk)
    must(viewer, Duty.SET_SAFE_CONTACT)
    if channel not in list(Channel):
        raise Http404
    plan = SafeContact.objects.visible_to(viewer).filter(file=file, channel=channel).first()
    if request.method != "POST":
        record(by=viewer, verb="viewed", thing=file)
        initial = SafeContactForm.first_shown(plan, timezone.localdate())
        form = SafeContactForm(initial=initial, channel=channel)
        return _plan_page(request, file, channel, form)
    form = SafeContactForm(request.POST, channel=channel)
    if not form.is_valid():
        return _plan_page(request, file, channel, form, status=422)
    try:
        set_safe_contact(file=file, channel=Channel(channel), by=viewer, **form.plan())
    except StaleEdit as stale:
        return _both(request, file, channel, str(stale))
    except Refused as refused:
        form.add_error(None, str(refused))
        return _plan_page(request, file, channel, form, status=422)
    messages.success(request, f"{in_words(channel)}: saved.")
    return redirect("partner", pk)


def _both(request: SignedInRequest, file: PartnerFile, channel: str, sentence: str) -> HttpResponse:
    """Both texts: what is saved now, and what this worker typed, to be saved over it or not."""
    saved = SafeContact.objects.visible_to(request.viewer).get(file=file, channel=channel)
    typed = request.POST.copy()
    typed["version"] = str(saved.version)
    form = SafeContactForm(typed, channel=channel)
    form.add_error(None, sentence)
    who = names_of([saved.worker]).get(saved.worker, "")
    rows = [
        ("Safe", "yes" if saved.is_safe else "no"),
        ("Confirmed on", saved.confirmed_on),
        ("Conditions", how_to_use(saved) or None),
        ("Note", saved.note),
        ("Saved by", who),
    ]
    return _plan_page(request, file, channel, form, status=422, saved=rows)


def _plan_page(
    request: SignedInRequest,
    file: PartnerFile,
    channel: str,
    form: SafeContactForm,
    status: int = 200,
    saved: list[tuple[str, Any]] | None = None,
) -> HttpResponse:
    return render(
        request,
        "partners/safe_contact.html",
        {
            "file": file,
            "form": form,
            "channel": in_words(channel),
            "saved": saved,
        },
        status=status,
    )
