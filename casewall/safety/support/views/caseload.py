"""How many files each worker has, and how partner support stands beside the programme's clients.

Requirement 44: hours in proportion to client numbers. Every ratio shows both of its numbers.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from casewall.audit.actions import record
from casewall.programme.cases.rules import Stage
from casewall.safety.partners.models import PartnerFile
from casewall.safety.partners.rules import Contact
from casewall.safety.partners.words import in_words
from casewall.safety.pulled.models import PulledCase
from casewall.safety.reading import names_of, only
from casewall.safety.support.models import GroupAttendance, SupportSession
from casewall.safety.support.rules import (
    WORK_DAYS,
    Came,
    Marked,
    minutes_in_words,
    ratio_in_words,
)
from casewall.staff.requests import SignedInRequest
from casewall.wall.sides import Role, Viewer

ACTIVE = (
    Stage.SUITABLE,
    Stage.AGREEMENT_SIGNED,
    Stage.WAITING,
    Stage.STARTED,
    Stage.MINIMUM_DOSE,
    Stage.SUSPENDED,
)
"""Stages of clients whom the programme works with: found suitable, and neither done nor gone."""


@require_safe
def caseload(request: SignedInRequest) -> HttpResponse:
    """Open files by worker and contact status, sessions of four weeks, and ratios: six queries."""
    viewer: Viewer = request.viewer
    only(viewer, Role.SAFETY_MANAGER)
    files = _open_files(viewer)
    work = _work(viewer)
    workers = {worker for worker, _contact in files} | set(work)
    names = names_of(workers)
    record(by=viewer, verb="viewed", kind="caseload")
    rows = [_row(worker, names, files, work) for worker in workers]
    rows.sort(key=lambda row: (row["cells"][0] == NOBODY, row["cells"][0]))
    return render(
        request,
        "support/caseload.html",
        {
            "columns": ["Worker", "Open files", *map(in_words, Contact), "Sessions", "Hours"],
            "rows": rows,
            "ratios": _ratios(viewer, files, work),
            "days": WORK_DAYS,
            "stages": ", ".join(in_words(stage).lower() for stage in ACTIVE),
        },
    )


NOBODY = "Nobody's yet"
Files = Counter[tuple[UUID | None, str]]
Work = dict[UUID | None, tuple[int, int]]


def _open_files(viewer: Viewer) -> Files:
    rows = PartnerFile.objects.visible_to(viewer).filter(closed_on=None, withdrawn_on=None)
    counted = rows.values_list("worker", "contact").annotate(n=Count("id")).order_by()
    return Counter({(worker, contact): n for worker, contact, n in counted})


def _work(viewer: Viewer) -> Work:
    """Sessions that were held in the last weeks, and their minutes, by worker."""
    since = timezone.now() - timedelta(days=WORK_DAYS)
    rows = (
        SupportSession.objects.visible_to(viewer)
        .filter(came=Came.HELD, began_at__gte=since, corrected_by=None)
        .values_list("worker")
        .annotate(n=Count("id"), minutes=Sum("minutes"))
        .order_by()
    )
    return {worker: (n, minutes) for worker, n, minutes in rows}


def _row(worker: UUID | None, names: dict[UUID, str], files: Files, work: Work) -> dict[str, Any]:
    own = [files[worker, contact.value] for contact in Contact]
    sessions, minutes = work.get(worker, (0, 0))
    name = names.get(worker, "A former worker") if worker else NOBODY
    return {"cells": [name, sum(own), *own, sessions, minutes_in_words(minutes)]}


def _ratios(viewer: Viewer, files: Files, work: Work) -> list[tuple[str, str]]:
    clients = PulledCase.objects.visible_to(viewer).filter(stage__in=ACTIVE)
    active = clients.values("client_id").distinct().count()
    since = timezone.now() - timedelta(days=WORK_DAYS)
    came = (
        GroupAttendance.objects.visible_to(viewer)
        .filter(marked__in=[Marked.CAME, Marked.PART], meeting__begins_at__gte=since)
        .count()
    )
    hours = sum(minutes for _n, minutes in work.values()) / 60
    return [
        ("Clients of the programme now", str(active)),
        ("Open partner files", ratio_in_words(files.total(), active, "")),
        ("Hours of one-to-one support", ratio_in_words(hours, active, " h")),
        ("Places taken at group meetings", ratio_in_words(came, active, "")),
    ]
