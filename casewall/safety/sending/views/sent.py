"""One message, printing a letter, and the overrides that a supervisor reads."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from casewall.audit.actions import record, record_many
from casewall.safety.reading import found, must, names_of
from casewall.safety.sending import actions
from casewall.safety.sending.actions.writing import plan_for
from casewall.safety.sending.letters import letter_pdf
from casewall.safety.sending.models import Override
from casewall.safety.sending.oversight import to_read
from casewall.safety.sending.reading import waits_until
from casewall.safety.sending.rules import NAMES, Act, State
from casewall.safety.sending.texts import LETTER_FILE, TEMPLATES, texts_in
from casewall.safety.sending.views.writing import message_seen
from casewall.safety.sending.words import state_tag, why
from casewall.staff.requests import SignedInRequest
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty

LONGEST = 100


@require_safe
def message(request: SignedInRequest, pk: UUID, message: UUID) -> HttpResponse:
    """One message: what anybody could see, where it stands, and what can be done."""
    viewer = request.viewer
    must(viewer, Duty.SEND_MESSAGE)
    one = message_seen(viewer, pk, message)
    record(by=viewer, verb="viewed", thing=one.file)
    is_letter = one.act == Act.LETTER
    return render(
        request,
        "sending/message.html",
        {
            "file": one.file,
            "one": one,
            "name": NAMES[Act(one.act)],
            "tag": state_tag(one),
            "rows": [
                ("Message", TEMPLATES[one.template]),
                ("Language", texts_in(one.language).name),
                ("Written", one.written_at),
                ("Written by", names_of([one.worker]).get(one.worker)),
                ("When it goes", waits_until(one, timezone.localdate()) or "–"),
                ("Why", why(one.stopped_because).capitalize() or "–"),
            ],
            "words_direction": texts_in(one.language).direction,
            "may_print": is_letter and one.state == State.QUEUED,
            "may_post": one.state == State.DOUBTFUL or (is_letter and one.state == State.CLAIMED),
            "may_recall": one.state == State.QUEUED or (is_letter and one.state == State.CLAIMED),
        },
    )


@require_POST
def print_letter(request: SignedInRequest, pk: UUID, message: UUID) -> HttpResponse:
    """The letter as a PDF, once."""
    viewer = request.viewer
    must(viewer, Duty.SEND_MESSAGE)
    one = message_seen(viewer, pk, message)
    try:
        outgoing = actions.print_letter(message=one, at=timezone.now(), by=viewer)
        plan = plan_for(one.file, Act.LETTER, viewer)
        made = letter_pdf(
            outgoing,
            language=one.language,
            signed=(plan.call_as if plan else None) or "",
            on=timezone.localdate(),
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("message-to-partner", pk, message)
    return HttpResponse(
        made,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{LETTER_FILE}"'},
    )


@require_POST
def posted(request: SignedInRequest, pk: UUID, message: UUID) -> HttpResponse:
    """A letter was posted, or a doubtful message is known to have gone."""
    must(request.viewer, Duty.SEND_MESSAGE)
    one = message_seen(request.viewer, pk, message)
    try:
        actions.say_posted(message=one, at=timezone.now(), by=request.viewer)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "The file says that it went.")
    return redirect(f"{reverse('partner', args=[pk])}?show=messages")


@require_POST
def recall(request: SignedInRequest, pk: UUID, message: UUID) -> HttpResponse:
    """Take a message back that has not gone."""
    must(request.viewer, Duty.SEND_MESSAGE)
    one = message_seen(request.viewer, pk, message)
    try:
        actions.recall_message(message=one, at=timezone.now(), by=request.viewer)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "It was taken back; it will not go.")
    return redirect(f"{reverse('partner', args=[pk])}?show=messages")


@require_safe
def overrides(request: SignedInRequest) -> HttpResponse:
    """Where somebody went on although the gate had stopped it; unread ones first.

    A coordinator sees those of safety managers, which nobody may read of oneself.
    """
    viewer = request.viewer
    must(viewer, Duty.READ_OVERRIDES)
    rows = list(
        to_read(Override.objects.visible_to(viewer), viewer)
        .select_related("file__partner")
        .order_by("-made_at")[:LONGEST]
    )
    record_many(by=viewer, verb="listed", things=rows)
    names = names_of(worker for one in rows for worker in (one.worker, one.read_by))
    shown = [
        {
            "one": one,
            "partner": one.file.partner.full_name or "No name given",
            "what": f"{NAMES[Act(one.act)]}, although {why(one.stops)}",
            "by": names.get(one.worker, ""),
            "read_by": names.get(one.read_by, ""),
            "own": one.worker == viewer.worker,
            "url": reverse("partner", args=[one.file_id]),
        }
        for one in rows
    ]
    return render(
        request,
        "sending/overrides.html",
        {
            "unread": [row for row in shown if row["one"].read_at is None],
            "read": [row for row in shown if row["one"].read_at is not None],
        },
    )


@require_POST
def read(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The supervisor has read one."""
    viewer = request.viewer
    must(viewer, Duty.READ_OVERRIDES)
    one = found(to_read(Override.objects.visible_to(viewer), viewer), pk)
    try:
        actions.read_override(override=one, at=timezone.now(), by=viewer)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Marked as read.")
    return redirect("overrides")
