"""Who needs me today, and finding a person."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from casewall.audit.actions import record, record_many
from casewall.safety.coordination.models import Disclosure
from casewall.safety.coordination.rules import State
from casewall.safety.finding import LONGEST, MOST, find_cases, find_files, wanted
from casewall.safety.measuring.reading import measures_due
from casewall.safety.messages.views import new_messages
from casewall.safety.partners.models import (
    FileLink,
    PartnerContact,
    PartnerFile,
    PartnerTask,
)
from casewall.safety.partners.parts import FILE
from casewall.safety.partners.rules import Outcome
from casewall.safety.partners.views.files import SEES_FILES
from casewall.safety.partners.words import (
    DANGER,
    NEXT_ACTIONS,
    contact_tag,
    in_words,
    task_note,
    task_text,
)
from casewall.safety.pulled.first_contacts import STATED
from casewall.safety.pulled.models import PulledCase, PulledDeclaration
from casewall.safety.reading import names_of, only
from casewall.staff.requests import SignedInRequest
from casewall.wall.sides import Role, Viewer

SHOWN = 25
NEW_SHOWN = 10
NEW_DAYS = 30
LOOKING_BACK_DAYS = 7
COORDINATION = (Role.COORDINATOR, Role.SAFETY_MANAGER)
HAVE_A_DAY = (*SEES_FILES, Role.CHILDRENS_WORKER, Role.DATA_PROTECTION_OFFICER)
"""Roles for whom something can wait. A data protection officer opens no partner file: what waits
there are requests, breaches, deletions to decide about and openings to review."""


@require_safe
def today(request: SignedInRequest) -> HttpResponse:
    """Everything that waits for this worker, on one page."""
    viewer, day = request.viewer, timezone.localdate()
    if viewer.role is Role.EVALUATOR:
        return redirect("figures")
    if viewer.role not in HAVE_A_DAY:
        return render(request, "coordination/nothing.html", {"role": in_words(viewer.role.value)})
    context: dict[str, Any] = {"today": day}
    context.update(_waiting(viewer, day))
    context["scales"] = measures_due(viewer, day) if viewer.role is Role.PARTNER_WORKER else []
    context["asked"] = _asked(viewer)
    if viewer.role in COORDINATION:
        context["unlinked"] = _unlinked(viewer, day)
        context["stated"] = _stated(viewer, day)
        context["wrote"] = new_messages(viewer)
        context["coordinates"] = True
    if viewer.role is Role.SAFETY_MANAGER:
        context["unconfirmed"] = _unconfirmed(viewer)
        context["unconfirmed_columns"] = ["Partner", "Channel", ("When", "date"), "Worker"]
    record(by=viewer, verb="viewed", kind="home page")
    return render(request, "coordination/today.html", context)


def _waiting(viewer: Viewer, day: date) -> dict[str, Any]:
    """What is due, the earliest first: danger, then what has a worker, then nobody's files.

    A worker's notices, and stated partners, stand here from the moment they arrive.
    """
    files = list(
        PartnerFile.objects.visible_to(viewer)
        .select_related("partner")
        .filter(closed_on=None, withdrawn_on=None, next_action_on__lte=day)
        .order_by("next_action_on", "id")[: SHOWN + 1]
    )
    tasks = list(
        PartnerTask.objects.visible_to(viewer)
        .select_related("file__partner")
        .filter(_shown_now(viewer, day), done_on=None)
        .order_by("due_on", F("due_at").asc(nulls_last=True), "id")[: SHOWN + 1]
    )
    more = len(files) > SHOWN or len(tasks) > SHOWN
    files, tasks = files[:SHOWN], tasks[:SHOWN]
    names = names_of(file.worker for file in files)
    stated = stated_names(viewer, tasks)
    steps = [_next_step(file, names) for file in files if file.worker is not None]
    added = FILE.today_items(viewer, day, day)
    # A sign of danger stands there once: as the sign, which says what was done about it.
    signalled = {one["task"] for one in added if one.get("task")}
    tasks = [one for one in tasks if one.pk not in signalled]
    return {
        "more": more,
        "danger": [
            *(_task(one, day, stated) for one in tasks if one.kind == DANGER),
            *(one for one in added if one.get("first")),
        ],
        "tasks": [
            *(_task(one, day, stated) for one in tasks if one.kind != DANGER),
            *steps,
            *(one for one in added if not one.get("first")),
        ],
        "free": [_next_step(file, names) for file in files if file.worker is None][:NEW_SHOWN],
    }


def _next_step(file: PartnerFile, names: dict[UUID, str]) -> dict[str, Any]:
    what = NEXT_ACTIONS.get(file.next_action, in_words(file.next_action or "next step"))
    whose = f"Worker: {names[file.worker]}" if file.worker in names else ""
    return {
        "due": file.next_action_on,
        "what": what,
        "who": file.partner.full_name,
        "url": reverse("partner", args=[file.pk]),
        "tag": contact_tag(file.contact),
        "note": whose,
    }


def _shown_now(viewer: Viewer, day: date) -> Q:
    """Tasks that stand on this viewer's day. Coordination sees the notices of others when due."""
    own = Q(kind__startswith="tell_") if viewer.role is Role.PARTNER_WORKER else Q(kind=STATED)
    return own | Q(due_on__lte=day)


def stated_names(viewer: Viewer, tasks: list[PartnerTask]) -> dict[UUID, str]:
    """The names of the stated partners whom these tasks are about, in one query."""
    wanted = [task.fact_id for task in tasks if task.kind == STATED and task.fact_id]
    rows = PulledDeclaration.objects.visible_to(viewer).in_bulk(wanted) if wanted else {}
    return {key: row.name or "No name stated" for key, row in rows.items()}


def _task(task: PartnerTask, day: date, stated: dict[UUID, str]) -> dict[str, Any]:
    if task.file is not None:
        who, url = task.file.partner.full_name, reverse("partner", args=[task.file_id])
    elif task.fact_id in stated:
        who, url = stated[task.fact_id], reverse("stated-partner", args=[task.fact_id])
    else:
        who, url = "", ""
    return {
        "due": task.due_on,
        "what": task_text(task, day),
        "note": task_note(task),
        "who": who,
        "url": url,
        "tag": ("Danger", "red") if task.kind == DANGER else None,
    }


def _asked(viewer: Viewer) -> list[dict[str, Any]]:
    """Disclosures that wait for an approver."""
    rows = (
        Disclosure.objects.visible_to(viewer)
        .filter(state=State.ASKED)
        .exclude(asked_by=viewer.worker)
        .order_by("asked_at")[:SHOWN]
    )
    return [
        {
            "due": timezone.localdate(one.asked_at),
            "url": reverse("disclosure", args=[one.pk]),
            "what": f"Disclosure: {in_words(one.purpose).lower()}",
        }
        for one in rows
    ]


def _unlinked(viewer: Viewer, day: date) -> list[PartnerFile]:
    """New files that belong to no case yet: perhaps for good, since a partner needs no client."""
    links = FileLink.objects.visible_to(viewer).filter(file_id=OuterRef("pk"), ended_on=None)
    return list(
        PartnerFile.objects.visible_to(viewer)
        .select_related("partner")
        .filter(
            ~Exists(links),
            closed_on=None,
            withdrawn_on=None,
            referred_on__gt=day - timedelta(days=NEW_DAYS),
        )
        .order_by("-referred_on", "id")[:NEW_SHOWN]
    )


def _stated(viewer: Viewer, day: date) -> list[dict[str, Any]]:
    """New statements about a partner in cases that no partner's file belongs to.

    A statement whose clock runs is a task above; here are those that wait for the service's
    trigger, and those of partners whom the service does not contact by itself.
    """
    links = FileLink.objects.visible_to(viewer).filter(case_id=OuterRef("case_id"), ended_on=None)
    tasks = PartnerTask.objects.visible_to(viewer).filter(kind=STATED, fact_id=OuterRef("pk"))
    rows = list(
        PulledDeclaration.objects.visible_to(viewer)
        .filter(~Exists(links), ~Exists(tasks), stated_on__gt=day - timedelta(days=NEW_DAYS))
        .order_by("-stated_on", "id")[:NEW_SHOWN]
    )
    cases = PulledCase.objects.visible_to(viewer).in_bulk([row.case_id for row in rows])
    return [
        {
            "client": cases[row.case_id].name if row.case_id in cases else "",
            "row": row,
            "by": in_words(row.stated_by),
        }
        for row in rows
    ]


def _unconfirmed(viewer: Viewer) -> list[dict[str, Any]]:
    """Contacts of the last days through a channel that was not confirmed safe."""
    since = timezone.now() - timedelta(days=LOOKING_BACK_DAYS)
    rows = list(
        PartnerContact.objects.visible_to(viewer)
        .select_related("file__partner")
        .filter(confirmed_safe=False, tried_at__gte=since)
        .exclude(outcome=Outcome.UNSAFE_TO_CONTACT)
        .order_by("-tried_at")[:SHOWN]
    )
    names = names_of(row.worker for row in rows)
    return [
        {
            "cells": [
                row.file.partner.full_name,
                in_words(row.channel),
                row.tried_at,
                names.get(row.worker, ""),
            ],
            "url": reverse("partner", args=[row.file_id]),
        }
        for row in rows
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def search(request: SignedInRequest) -> HttpResponse:
    """Partners' files and pulled cases by exact name token, phone number or date of birth.

    The page itself posts what is typed, so that it stands in no address; nothing is changed.
    """
    viewer = request.viewer
    only(viewer, *SEES_FILES)
    asked = request.POST if request.method == "POST" else request.GET
    text = asked.get("q", "").strip()[:LONGEST]
    sets = wanted(text, viewer) if text else []
    files, cases = find_files(sets, viewer), find_cases(sets, viewer)
    record_many(by=viewer, verb="found", things=[*files[:MOST], *cases[:MOST]])
    return render(
        request,
        "coordination/search.html",
        {
            "text": text,
            "more": len(files) > MOST or len(cases) > MOST,
            "files": [
                {
                    "url": reverse("partner", args=[file.pk]),
                    "cells": [file.partner.full_name, contact_tag(file.contact), file.referred_on],
                }
                for file in files[:MOST]
            ],
            "cases": [
                {
                    "url": reverse("client-risk", args=[case.pk]),
                    "cells": [case.name, in_words(case.stage), case.referred_on],
                }
                for case in cases[:MOST]
            ],
            "file_columns": ["Partner", ("Contact", "tag"), ("Referred", "date")],
            "case_columns": ["Client", "Stage", ("Referred", "date")],
        },
    )
