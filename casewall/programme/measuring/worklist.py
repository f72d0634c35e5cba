"""The list of measures that are due, and how complete the answers are."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from casewall.audit.actions import record_many
from casewall.measures.definitions import DefinitionError
from casewall.programme.measuring.actions import score_again
from casewall.programme.measuring.models import MeasureAnswer
from casewall.programme.measuring.reading import REASONS, asked_cases, measured
from casewall.programme.measuring.showing import (
    COLUMNS,
    completeness,
    filters,
    in_order,
    is_wanted,
    listed,
    outdated,
)
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Role, Viewer

SHOWN = 50


@require_safe
def due(request: HttpRequest) -> HttpResponse:
    """What is due, late or was missed in the cases that this viewer sees.

    A manager sees beside it how many answered of how many, for each questionnaire and time.
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if not may_do(viewer.role, Duty.RECORD_MEASURE):
        raise PermissionDenied
    asked = {key: request.GET.get(key, "") for key in ("service", "wave", "state")}
    rows = asked_cases(viewer)
    services = sorted(set(rows.values_list("service", flat=True)))
    if asked["service"] in services:
        rows = rows.filter(service=asked["service"])
    found = measured(rows, viewer, timezone.localdate())
    every = [
        (one.case, point) for one in found for points in one.every.values() for point in points
    ]
    wanted = [pair for pair in every if is_wanted(pair[1], asked)]
    wanted.sort(key=lambda pair: in_order(pair[1]))
    shown = wanted[:SHOWN]
    record_many(by=viewer, verb="listed", things=list({c.pk: c for c, _ in shown}.values()))
    manages = viewer.role is Role.PROGRAMME_MANAGER
    return render(
        request,
        "programme/measures_due.html",
        {
            "columns": COLUMNS,
            "rows": [
                listed(
                    case.client.full_name,
                    point,
                    f"{reverse('case', args=[case.pk])}?show=measures",
                )
                for case, point in shown
            ],
            "left_out": len(wanted) - len(shown),
            "filters": filters(asked, services),
            "complete": completeness([p for _, p in every], REASONS) if manages else [],
            "outdated": _outdated(viewer) if manages else [],
            "manages": manages,
        },
    )


def _outdated(viewer: Viewer) -> list[tuple[str, str, int]]:
    rows = MeasureAnswer.objects.visible_to(viewer).filter(answers__isnull=False)
    return outdated(rows.values_list("measure", "scorer_version"))


@require_POST
def again(request: HttpRequest) -> HttpResponse:
    """Work out the scores of a measure again, with its newest scorer."""
    try:
        done = score_again(
            by=request.viewer,  # type: ignore[attr-defined]
            measure=request.POST.get("measure", ""),
        )
    except Refused as refused:
        raise PermissionDenied from refused
    except DefinitionError as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, f"{done} scores were worked out again; the earlier ones stay.")
    return redirect("measures-due")
