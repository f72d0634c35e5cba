"""Pages of the worker: giving a code for questions on a device, and closing it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from casewall.audit.actions import record
from casewall.measures.schedule import WAVE_WORDS, Wave
from casewall.safety.asking.actions import Made, ask_on_device, close_asking
from casewall.safety.asking.forms import AskForm
from casewall.safety.asking.models import Asking
from casewall.safety.asking.rules import Device
from casewall.safety.asking.words import LANGUAGES, titles_of
from casewall.safety.measuring.asked import on_a_device, partner_asked
from casewall.safety.partners.models import PartnerFile, ScaleAnswer
from casewall.safety.reading import found, must
from casewall.vault.codes import in_groups
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty
from casewall.wall.sides import Viewer


def _file(request: HttpRequest, pk: UUID) -> PartnerFile:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    must(viewer, Duty.RECORD_SCALES)
    file: PartnerFile = found(PartnerFile.objects.visible_to(viewer).select_related("partner"), pk)
    return file


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Choose what to ask; the answer shows the code, once."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    file = _file(request, pk)
    if request.method != "POST":
        record(by=viewer, verb="viewed", thing=file)
        form = AskForm(measures=on_a_device(file.service), initial=_first_shown(file, viewer))
        return render(request, "asking/ask.html", {"file": file, "form": form})
    form = AskForm(request.POST, measures=on_a_device(file.service))
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = ask_on_device(
                file=file,
                wave=Wave(given["wave"]),
                measures=given["measures"],
                language=given["language"],
                device=form.chosen_device(),
                form=given["form_id"],
                at=timezone.now(),
                by=viewer,
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return render(request, "asking/code.html", _code_page(file, made))
    return render(request, "asking/ask.html", {"file": file, "form": form}, status=422)


def _first_shown(file: PartnerFile, viewer: Viewer) -> dict[str, Any]:
    """The first time that is not answered, with the questions that are open for it."""
    answered = set(
        ScaleAnswer.objects.visible_to(viewer)
        .filter(file=file)
        .exclude(answered_on=None)
        .values_list("wave", "measure")
    )
    spoken = next((c for c, name in LANGUAGES.items() if file.partner.language in (c, name)), "en")
    shown: dict[str, Any] = {"device": Device.AGENCY_TABLET, "language": spoken}
    asked = partner_asked(file.service)
    for wave in Wave:
        left = [
            name
            for name in on_a_device(file.service)
            if wave in asked.get(name, ()) and (wave.value, name) not in answered
        ]
        if left:
            return {**shown, "wave": wave, "measures": left}
    return shown


def _code_page(file: PartnerFile, made: Made) -> dict[str, Any]:
    door: str = getattr(settings, "CASEWALL_FRONT_DOOR_URL", "")
    address = f"{door.rstrip('/')}/form/"
    asking = made.asking
    return {
        "file": file,
        "code": in_groups(made.code),
        "address": address if door else "",
        "link": f"{address}#{made.code}" if door else "",
        "asking": asking,
        "own_device": asking.device == Device.OWN_DEVICE,
        "rows": [
            ("Questions", titles_of(asking.slot.form)),
            ("Time", WAVE_WORDS[Wave(asking.wave)]),
            ("Language", LANGUAGES[asking.slot.language]),
            ("Opens until", asking.slot.ends_at),
        ],
        "close": reverse("close-asking", args=[file.pk, asking.pk]),
    }


@require_POST
def close(request: HttpRequest, pk: UUID, asking: UUID) -> HttpResponse:
    """Make a code open nothing from now on."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    file = _file(request, pk)
    one = found(Asking.objects.visible_to(viewer).filter(file=file), asking)
    close_asking(asking=one, at=timezone.now(), by=viewer)
    messages.success(request, "The code opens nothing any more.")
    return redirect(reverse("partner", args=[file.pk]) + "?show=device")
