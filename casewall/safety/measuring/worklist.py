"""The list of measures that are due on this side, and how complete the answers are."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from casewall.audit.actions import record_many
from casewall.measures.definitions import DefinitionError
from casewall.programme.measuring.showing import (
    COLUMNS,
    completeness,
    filters,
    in_order,
    is_wanted,
    listed,
    outdated,
)
from casewall.safety.measuring.asked import REASON_WORDS, asked_files
from casewall.safety.partners.actions import score_again
from casewall.safety.partners.models import PartnerFile, ScaleAnswer
from casewall.safety.reading import must
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty
from casewall.wall.sides import Role, Viewer

SHOWN = 50


@require_safe
def due(request: HttpRequest) -> HttpResponse:
    """What is due, late or was missed in the files that this viewer sees.

    A manager sees beside it how many answered of how many. Partners whom nobody may ask stand in
    the counts, with that reason, for their silence is not safety.
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    must(viewer, Duty.RECORD_SCALES)
    asked = {key: request.GET.get(key, "") for key in ("service", "wave", "state")}
    rows = PartnerFile.objects.visible_to(viewer).select_related("partner")
    rows = rows.filter(withdrawn_on=None)
    services = sorted(set(rows.values_list("service", flat=True)))
    if asked["service"] in services:
        rows = rows.filter(service=asked["service"])
    found = asked_files(rows, viewer, timezone.localdate())
    every = [
        (one.file, point) for one in found for points in one.every.values() for point in points
    ]
    wanted = [pair for pair in every if is_wanted(pair[1], asked)]
    wanted.sort(key=lambda pair: in_order(pair[1]))
    shown = wanted[:SHOWN]
    record_many(by=viewer, verb="listed", things=list({f.pk: f for f, _ in shown}.values()))
    manages = viewer.role is Role.SAFETY_MANAGER
    return render(
        request,
        "measuring/due.html",
        {
            "columns": COLUMNS,
            "rows": [
                listed(
                    file.partner.full_name or "No name given",
                    point,
                    f"{reverse('partner', args=[file.pk])}?show=measures",
                )
                for file, point in shown
            ],
            "left_out": len(wanted) - len(shown),
            "filters": filters(asked, services),
            "complete": completeness([p for _, p in every], REASON_WORDS) if manages else [],
            "outdated": _outdated(viewer) if manages else [],
            "manages": manages,
        },
    )


def _outdated(viewer: Viewer) -> list[tuple[str, str, int]]:
    rows = ScaleAnswer.objects.visible_to(viewer).filter(answers__isnull=False)
    return outdated(rows.values_list("measure", "scorer_version"))


@require_POST
def again(request: HttpRequest) -> HttpResponse:
    """Work out the scores of a measure again, with its newest scorer."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    try:
        done = score_again(by=viewer, measure=request.POST.get("measure", ""))
    except Refused:
        raise Http404 from None
    except DefinitionError as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, f"{done} scores were worked out again; the earlier ones stay.")
    return redirect("measures-due")
