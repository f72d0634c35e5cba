"""Reaching a partner: choose, look at what anybody could see, send; or be stopped, and why."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from casewall.audit.actions import record
from casewall.drafts.actions import throw_away
from casewall.drafts.forms import draft_key, restore
from casewall.safety.partners.models import PartnerFile
from casewall.safety.partners.rules import Channel
from casewall.safety.partners.views.files import file_seen
from casewall.safety.reading import found, must
from casewall.safety.sending import actions
from casewall.safety.sending.actions.writing import plan_for, preview, stops_now
from casewall.safety.sending.forms import ACTS, ReasonForm, WriteForm
from casewall.safety.sending.models import Message
from casewall.safety.sending.rules import NAMES, QUEUED, Act, Stop, Verdict, may_send
from casewall.safety.sending.texts import LANGUAGES
from casewall.safety.sending.words import HEARS, alternative, moment
from casewall.staff.requests import SignedInRequest
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty
from casewall.wall.sides import Viewer

STEP = "step"
LOOK, CHANGE, GO_ON, SEND = "look", "change", "go_on", "send"
OVERRIDE = "override"
"""The name of the form, and of its draft, that asks why somebody goes on all the same."""


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Write to a partner or call, through the gate."""
    viewer = request.viewer
    file = file_seen(viewer, pk)
    must(viewer, Duty.SEND_MESSAGE)
    if request.method != "POST":
        record(by=viewer, verb="viewed", thing=file)
        form = WriteForm(initial=_first_shown(request, file), hints=_hints(file, viewer))
        return _form_page(request, file, form)
    step = request.POST.get(STEP, LOOK)
    form = WriteForm(request.POST, hints=_hints(file, viewer))
    if step == CHANGE or not form.is_valid():
        return _form_page(request, file, form, 200 if step == CHANGE else 422)
    verdict = actions.gate(file=file, act=form.act_given, at=timezone.now(), by=viewer)
    if stops_now(verdict) and (step == LOOK or verdict.never):
        return _stopped_page(request, file, verdict)
    if step == GO_ON:
        return _reason_page(request, file, form, verdict)
    return _look_or_send(request, file, form, verdict, step)


def _look_or_send(
    request: SignedInRequest, file: PartnerFile, form: WriteForm, verdict: Verdict, step: str
) -> HttpResponse:
    reason = form.cleaned_data["override_reason"].strip()
    if stops_now(verdict) and not reason:
        return _reason_page(request, file, form, verdict, asked=True)
    try:
        if form.act_given is Act.CALL:
            return _call_page(request, file, reason)
        if step == LOOK:
            return _preview_page(request, file, form)
        message = actions.write_message(
            file=file,
            at=timezone.now(),
            entry_at=form.cleaned_data.get("entry_at"),
            override_reason=reason or None,
            id=form.cleaned_data["form_id"],
            by=request.viewer,
            **form.message(),
        )
    except actions.Stopped as stopped:
        return _stopped_page(request, file, stopped.verdict)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _form_page(request, file, form, 422)
    throw_away(key=draft_key(file.pk, OVERRIDE), by=request.viewer)
    if message.act == Act.LETTER:
        return redirect("message-to-partner", file.pk, message.pk)
    messages.success(request, "The message waits to be sent; you see below when it goes.")
    return redirect(f"{reverse('partner', args=[file.pk])}?show=messages")


def _first_shown(request: SignedInRequest, file: PartnerFile) -> dict[str, Any]:
    """The way asked for in the address, the partner's language, the number used last."""
    last = (
        Message.objects.visible_to(request.viewer)
        .filter(worker=request.viewer.worker, number__isnull=False)
        .order_by("-written_at")
        .first()
    )
    spoken = (file.partner.language or "")[:2].lower()
    asked = request.GET.get("act")
    return {
        "act": asked if asked in list(Act) else None,
        "template": "please_call",
        "language": spoken if spoken in LANGUAGES else LANGUAGES[0],
        "number": last.number if last else "",
    }


def _hints(file: PartnerFile, viewer: Viewer) -> dict[str, str]:
    """Beside each way, whether the gate lets it pass now."""
    standing, now = actions.standing_of(file=file, by=viewer), timezone.localtime()
    said = {}
    for act in ACTS:
        verdict = may_send(act, standing, now)
        waits = act in QUEUED and verdict.stops == (Stop.WRONG_HOUR,)
        said[act.value] = (
            "safe now" if verdict else "waits for the safe hours" if waits else "not safe now"
        )
    return said


def _form_page(
    request: SignedInRequest, file: PartnerFile, form: WriteForm, status: int = 200
) -> HttpResponse:
    return render(request, "sending/write.html", {"file": file, "form": form}, status=status)


def _kept(request: SignedInRequest, *left_out: str) -> list[tuple[str, str]]:
    """Everything that was chosen, to be posted again with the next step."""
    left = ("csrfmiddlewaretoken", STEP, *left_out)
    return [(name, value) for name, value in request.POST.items() if name not in left]


def _stopped_page(request: SignedInRequest, file: PartnerFile, verdict: Verdict) -> HttpResponse:
    """The stop, with its reasons and what is safe; going on takes a reason, where any can do."""
    record(by=request.viewer, verb="was stopped writing to", thing=file, purpose=verdict.act.value)
    today = timezone.localdate()
    ways = [alternative(one, today) for one in verdict.alternatives]
    safe = f"Safe instead: {'; '.join(ways)}." if ways else "No other way is confirmed safe."
    points = [*verdict.reasons, safe]
    if verdict.never:
        points.append("No reason can override this.")
    return render(
        request,
        "sending/stopped.html",
        {
            "file": file,
            "heading": f"{NAMES[verdict.act]}: stopped",
            "points": points,
            "confirm": "Choose another way" if verdict.never else "Go on all the same",
            "hidden": [*_kept(request), (STEP, CHANGE if verdict.never else GO_ON)],
            "never": verdict.never,
            "alternatives": [
                (alternative(one, today), one.act.value)
                for one in verdict.alternatives
                if one.act in ACTS
            ],
        },
        status=422,
    )


def _reason_page(
    request: SignedInRequest,
    file: PartnerFile,
    form: WriteForm,
    verdict: Verdict,
    *,
    asked: bool = False,
) -> HttpResponse:
    """Ask why; what would be sent stands beside."""
    why = ReasonForm(request.POST if asked else None)
    title = f"Why you go on all the same: {file.partner.full_name}"
    restore(request, why, OVERRIDE, of=file, title=title)
    words = None
    if form.act_given in QUEUED:
        try:
            words = preview(file=file, by=request.viewer, **form.message())
        except Refused as refused:
            form.add_error(None, str(refused))
            return _form_page(request, file, form, 422)
    return render(
        request,
        "sending/reason.html",
        {
            "file": file,
            "form": why,
            "reasons": verdict.reasons,
            "name": NAMES[verdict.act],
            "words": words,
            "hidden": _kept(request, "override_reason"),
        },
        status=422 if asked else 200,
    )


def _preview_page(request: SignedInRequest, file: PartnerFile, form: WriteForm) -> HttpResponse:
    words = preview(file=file, by=request.viewer, **form.message())
    now = timezone.now()
    verdict = actions.gate(file=file, act=form.act_given, at=now, by=request.viewer)
    waits = [one.opens_at for one in verdict.alternatives if one.act is verdict.act]
    plan = plan_for(file, form.act_given, request.viewer)
    return render(
        request,
        "sending/preview.html",
        {
            "file": file,
            "act": form.act_given,
            "name": NAMES[form.act_given],
            "words": words,
            "entry_at": form.cleaned_data.get("entry_at"),
            "words_direction": "rtl" if form.cleaned_data["language"] == "ar" else "ltr",
            "words_language": form.cleaned_data["language"],
            "goes": f"It goes at {moment(waits[0], timezone.localdate())}." if waits else "",
            "has_code_word": bool(plan and plan.code_word),
            "hidden": _kept(request),
        },
    )


def _call_page(request: SignedInRequest, file: PartnerFile, reason: str) -> HttpResponse:
    call = actions.place_call(
        file=file, at=timezone.now(), by=request.viewer, override_reason=reason or None
    )
    throw_away(key=draft_key(file.pk, OVERRIDE), by=request.viewer)
    return render(
        request,
        "sending/call.html",
        {"file": file, "call": call, "who_hears": HEARS[call.safe_for]},
    )


@require_POST
def still_safe(request: SignedInRequest, pk: UUID, channel: str) -> HttpResponse:
    """The partner has just said that a channel is still safe: one click."""
    viewer = request.viewer
    file = file_seen(viewer, pk)
    must(viewer, Duty.SET_SAFE_CONTACT)
    one = found_channel(channel)
    try:
        plan = actions.confirm_still_safe(
            file=file, channel=one, on=timezone.localdate(), by=viewer
        )
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(
            request, f"Confirmed as still safe today. Ask again by {plan.review_on:%-d %B %Y}."
        )
    return redirect("partner", pk)


def found_channel(channel: str) -> Channel:
    """The channel of an address, or 404."""
    if channel not in list(Channel):
        raise Http404
    return Channel(channel)


def message_seen(viewer: Viewer, pk: UUID, message: UUID) -> Message:
    """A message of a file that this viewer sees, or 404."""
    rows = Message.objects.visible_to(viewer).select_related("file__partner").filter(file_id=pk)
    one: Message = found(rows, message)
    return one
