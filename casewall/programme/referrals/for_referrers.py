"""What another agency sees of the clients whom it referred: status, attendance, what comes next.

Nothing of the work itself is read here: no note, need, act, attempt at contact, statement or
assessment, and nobody but the client. Other apps add to it through parts that say so.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from casewall.audit.actions import record, record_many
from casewall.programme.cases import history as shown
from casewall.programme.cases.lists import Place, page_of_cases, reference, stage_tag
from casewall.programme.cases.models import Case
from casewall.programme.cases.parts import parts_for
from casewall.programme.cases.rules import Stage
from casewall.programme.groups.rules import Mark, SessionState, dose
from casewall.wall.sides import Viewer

LAST_MARKS = 5
"""Marks on the first page of a referral; its section on attendance holds all of them."""

STATUS: dict[Stage, tuple[str, str]] = {
    Stage.REFERRED: ("Referral received", "The programme has the referral."),
    Stage.CONTACTED: ("In contact", "The programme has spoken with the client."),
    Stage.ASSESSMENT_BOOKED: ("Assessment booked", "A time for the assessment is agreed."),
    Stage.ASSESSED: ("Assessed", "The assessment was held; the decision comes next."),
    Stage.SUITABLE: ("Accepted", "The client can take part in the programme."),
    Stage.AGREEMENT_SIGNED: ("Agreement signed", "The client has signed the agreement."),
    Stage.WAITING: ("Waiting for a place", "The client waits for a place."),
    Stage.STARTED: ("On the programme", "The client has started the programme."),
    Stage.MINIMUM_DOSE: ("On the programme", "The client has started the programme."),
    Stage.COMPLETED: ("Completed", "The client has completed the programme."),
    Stage.FOLLOW_UP: ("Completed", "The client has completed the programme and is followed up."),
    Stage.DEFERRED: ("Put off until later", "The programme takes it up again later."),
    Stage.SUSPENDED: ("On hold", "The programme has stopped for the moment."),
    Stage.RETURNED: ("Returned to you", "The programme has returned the referral to your agency."),
    Stage.CLOSED: ("Closed", "The client has completed the programme, and the case is closed."),
    Stage.EXITED: ("Exited", "The client left before the end of the programme."),
    Stage.WITHDRAWN: ("Withdrawn", "The referral was withdrawn."),
}
"""A stage as another agency reads it: the word, and what it means."""

MARK_WORDS: dict[Mark, str] = {
    Mark.ATTENDED: "Attended",
    Mark.LATE: "Attended, came late",
    Mark.LEFT_EARLY: "Attended, left early",
    Mark.NOT_PARTICIPATING: "Present, did not take part",
    Mark.ABSENT_ACCEPTED: "Absent, for an accepted reason",
    Mark.ABSENT_NOT_ACCEPTED: "Absent",
}

COLUMNS = ["Name", ("Status", "tag"), ("Since", "date"), ("Referred on", "date"), "Reference"]
MARK_COLUMNS = [("Day", "date"), ("Mark", "tag"), ("Minutes attended", "number")]


def status_tag(stage: str) -> tuple[str, str]:
    """A stage as a tag in the words of `STATUS`."""
    return STATUS[Stage(stage)][0], stage_tag(stage)[1]


def rows_of(cases: Iterable[Case]) -> list[dict[str, Any]]:
    """Cases as rows of the table of own referrals (`COLUMNS`)."""
    return [
        {
            "cells": [
                case.client.full_name,
                status_tag(case.stage),
                case.stage_on,
                case.referred_on,
                reference(case),
            ],
            "url": reverse("case", args=[case.pk]),
        }
        for case in cases
    ]


def own_referrals(request: HttpRequest) -> HttpResponse:
    """The list of own referrals, newest first."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    page = page_of_cases(
        Case.objects.visible_to(viewer),
        before=Place.read(request.GET.get("before", "")),
        after=Place.read(request.GET.get("after", "")),
    )
    record_many(by=viewer, verb="listed", things=page.cases)
    return render(
        request,
        "programme/own_referrals.html",
        {
            "columns": COLUMNS,
            "rows": rows_of(page.cases),
            "previous": "?" + urlencode({"before": page.before}) if page.before else None,
            "next": "?" + urlencode({"after": page.after}) if page.after else None,
        },
    )


def own_referral(request: HttpRequest, case: Case) -> HttpResponse:
    """One own referral. `case` is one that this viewer sees, with its client."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    today = timezone.localdate()
    record(by=viewer, verb="read", thing=case)
    history = shown.History(case, viewer)
    parts = {part.key: part for part in parts_for(refers=True) if part.label}
    section = request.GET.get("show", "")
    part = parts[section].read(case, viewer, today) if section in parts else None
    if part is None and section != "attendance":
        section = ""
    marks = history.marks if section else history.marks[:LAST_MARKS]
    url = message_url(case)
    return render(
        request,
        "programme/own_referral.html",
        {
            "name": case.client.full_name,
            "reference": reference(case),
            "facts": [("Referred by", case.referrer_agency or None)],
            "flags": [status_tag(case.stage)],
            "dates": shown.dates(case, history),
            "section": section,
            "sections": _sections(case, section, history, parts),
            "part": part.template if part else "",
            **(part.context if part else {}),
            "meaning": STATUS[Stage(case.stage)][1],
            "since": case.stage_on,
            "appointment": next_appointment(case, viewer, timezone.localtime()),
            "dose": dose(mark.minutes_attended for mark in history.marks),
            "columns": MARK_COLUMNS,
            "marks": [_mark_row(mark) for mark in marks],
            "actions": [("Write a message about this referral", url)] if url else [],
        },
    )


def _sections(
    case: Case, current: str, history: shown.History, parts: dict[str, Any]
) -> list[dict[str, Any]]:
    address = reverse("case", args=[case.pk])
    named = [
        ("", "Overview"),
        ("attendance", "Attendance"),
        *((key, part.label) for key, part in parts.items()),
    ]
    return [
        {
            "label": label,
            "url": address + (f"?show={key}" if key else ""),
            "current": key == current,
            "count": len(history.marks) if key == "attendance" else None,
        }
        for key, label in named
    ]


def _mark_row(mark: Any) -> dict[str, Any]:
    return {
        "cells": [
            mark.session.held_on,
            (MARK_WORDS[Mark(mark.outcome)], shown.mark_colour(mark.outcome)),
            mark.minutes_attended,
        ]
    }


def message_url(case: Case) -> str:
    """The front door's form for a message, with the reference filled in; "" where none is known.

    The setting is the front door's address as people's browsers reach it.
    """
    door: str = getattr(settings, "CASEWALL_FRONT_DOOR_URL", "")
    return f"{door.rstrip('/')}/message/?reference={reference(case)}" if door else ""


def next_appointment(case: Case, viewer: Viewer, now: datetime) -> tuple[str, datetime] | None:
    """What the client is expected at next, and when: a meeting or an assessment, never where.

    Three queries. A case that has ended has none.
    """
    if not case.is_open:
        return None
    rows = Case.objects.visible_to(viewer).filter(pk=case.pk)
    found = [
        *_meetings(rows, "sessions", "One-to-one meeting", now.date()),
        *_meetings(rows, "groupmembers__group__sessions", "Group session", now.date()),
        *(
            ("Assessment", timezone.localtime(at))
            for at in rows.filter(
                assessments__decision="",
                assessments__held_on=None,
                assessments__booked_for__gte=now,
            )
            .order_by("assessments__booked_for")
            .values_list("assessments__booked_for", flat=True)[:1]
        ),
    ]
    return min(found, key=lambda one: one[1], default=None)


def _meetings(rows: Any, path: str, what: str, today: date) -> list[tuple[str, datetime]]:
    """The next planned meeting that a case reaches by `path`, while the client has a place."""
    coming = Q(**{f"{path}__state": SessionState.PLANNED, f"{path}__held_on__gte": today})
    if path != "sessions":
        coming &= Q(groupmembers__joined_on__lte=F(f"{path}__held_on"))
        coming &= Q(groupmembers__left_on=None) | Q(
            groupmembers__left_on__gte=F(f"{path}__held_on")
        )
    found = rows.filter(coming).order_by(f"{path}__held_on", f"{path}__begins_at")
    return [
        (what, timezone.make_aware(datetime.combine(day, begins)))
        for day, begins in found.values_list(f"{path}__held_on", f"{path}__begins_at")[:1]
    ]
