"""Reading pages: who needs me today, the list of cases, one case, and search."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from casewall.audit.actions import record, record_many
from casewall.pages.templatetags.casewall import due_in_words
from casewall.programme.cases import history as shown
from casewall.programme.cases.finding import cases_found, meant_by
from casewall.programme.cases.forms import RELATIONS, CaseFilter
from casewall.programme.cases.lists import (
    COLUMNS,
    Place,
    action_words,
    language_name,
    needing_action,
    open_cases,
    open_tasks,
    page_of_cases,
    reference,
    said,
    stage_tag,
    table_rows,
    task_words,
)
from casewall.programme.cases.models import Assessment, Case
from casewall.programme.cases.rules import STEP_DUTY, Stage, Step, steps_open
from casewall.programme.groups.lists import registers_due, sessions_between
from casewall.programme.groups.rules import dose
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Role, Viewer

MOST_SHOWN = 50
"""Items of one kind on the first page; the lists hold the rest."""
AHEAD = timedelta(days=7)
MOST_FOUND = 50

SECTIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "": ("Everything", ("stages", "contacts", "assessments", "attendance", "statements")),
    "contacts": ("Contacts", ("contacts",)),
    "stages": ("Stages", ("stages", "assessments")),
    "attendance": ("Attendance", ()),
    "partners": ("Partners, as stated", ()),
    "statements": ("Statements", ("statements",)),
}
"""Parts of a case page, by the value of `show`, with the kinds of entry in their timeline."""

FOR_REFERRERS = ("", "attendance")

STEP_WORDS: dict[Step, tuple[str, str]] = {
    Step.CONTACT: ("Record a contact", "case_contact"),
    Step.BOOK: ("Book the assessment", "case_book"),
    Step.DECIDE: ("Decide on suitability", "case_decide"),
    Step.SIGN: ("Record the agreement", "case_sign"),
    Step.PLACE: ("Place in a group", "case_place"),
    Step.MOVE: ("Move to another stage", "case_move"),
    Step.DECLARE: ("Write down a partner, as stated", "case_declare"),
    Step.EXIT: ("End the case", "case_exit"),
}


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """Who needs this worker today, and in the next seven days."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if viewer.role is Role.REFERRER:
        return redirect("cases")
    day = timezone.localdate()
    due = needing_action(open_cases(viewer), day).select_related("client").order_by(
        "next_action_on", "id")
    soon = open_cases(viewer).filter(
        next_action_on__gt=day, next_action_on__lte=day + AHEAD).select_related(
        "client").order_by("next_action_on", "id")
    tasks = open_tasks(viewer)
    now_due, now_soon = list(due[:MOST_SHOWN]), list(soon[:MOST_SHOWN])
    times = _assessment_times([*now_due, *now_soon], viewer)
    marks = bool(may_do(viewer.role, Duty.RECORD_ATTENDANCE))
    registers = registers_due(viewer, day) if marks else []
    late_tasks = list(tasks.filter(due_on__lte=day)[:MOST_SHOWN])
    waiting = [*(_case_item(case, times) for case in now_due), *map(_task_item, late_tasks),
               *map(_register_item, registers)]
    ahead = [*(_case_item(case, times) for case in now_soon),
             *map(_task_item, tasks.filter(due_on__gt=day, due_on__lte=day + AHEAD)[:MOST_SHOWN]),
             *(_session_item(session) for session in (sessions_between(
                 viewer, day + timedelta(days=1), day + AHEAD) if marks else []))]
    record_many(by=viewer, verb="listed", things=[*now_due, *now_soon])
    return render(request, "programme/today.html", {
        "today": day, "waiting": waiting, "ahead": ahead,
        "late": sum(item["due"] < day for item in waiting),
        "cases_due": due.count(), "most": MOST_SHOWN,
        "sees_cases": viewer.role is not Role.PROGRAMME_ADMINISTRATOR,
        "due_url": reverse("cases") + "?due=now",
    })


def _assessment_times(cases: list[Case], viewer: Viewer) -> dict[UUID, str]:
    booked = [case.pk for case in cases if case.next_action == "hold_assessment"]
    rows = Assessment.objects.visible_to(viewer).filter(case__in=booked, decision="")
    return {row.case_id: f"Booked for {timezone.localtime(row.booked_for):%-d %B, %H:%M}"
            for row in rows.order_by("booked_for")}


def _case_item(case: Case, times: dict[UUID, str]) -> dict[str, Any]:
    tried = case.last_contact_on
    return {"due": case.next_action_on, "what": f"{action_words(case.next_action)}:",
            "who": case.client.full_name, "url": reverse("case", args=[case.pk]),
            "tag": stage_tag(case.stage),
            "note": times.get(case.pk)
            or (f"Last tried on {tried:%-d %B %Y}" if tried else "Nobody has tried yet")}


def _task_item(task: Any) -> dict[str, Any]:
    return {"due": task.due_on, "what": f"{task_words(task.kind)}:",
            "who": task.case.client.full_name, "url": reverse("case", args=[task.case_id]),
            "tag": ("Task", "orange")}


def _register_item(session: Any) -> dict[str, Any]:
    return {**_session_item(session), "what": f"Mark the register of {session.group.name}",
            "note": f"Session {session.number}; {session.marked} of {session.expected} marked"}


def _session_item(session: Any) -> dict[str, Any]:
    return {"due": session.held_on, "what": f"Session of {session.group.name}",
            "url": reverse("register", args=[session.pk]), "tag": ("Group", "purple"),
            "note": f"Session {session.number}, {session.group.begins_at:%H:%M}"}


@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """The cases that this viewer sees, newest referral first."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    form = CaseFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    kept = {key: value for key, value in chosen.items() if value}
    rows = Case.objects.visible_to(viewer)
    if "stage" in kept:
        rows = rows.filter(stage=kept["stage"])
    if "due" in kept:
        rows = needing_action(rows, timezone.localdate())
    page = page_of_cases(rows, before=Place.read(request.GET.get("before", "")),
                         after=Place.read(request.GET.get("after", "")))
    record_many(by=viewer, verb="listed", things=page.cases)
    return render(request, "programme/cases.html", {
        "form": form, "columns": COLUMNS,
        "heading": "Your referrals" if viewer.role is Role.REFERRER else "Cases",
        "rows": table_rows(page.cases, _urls(page.cases)),
        "chosen": [(_chosen_words(key, value), _address(kept, without=key))
                   for key, value in kept.items()],
        "clear": reverse("cases"), "is_narrowed": bool(kept),
        "previous": _address(kept, before=page.before) if page.before else None,
        "next": _address(kept, after=page.after) if page.after else None,
    })


def _urls(cases: list[Case]) -> dict[UUID, str]:
    return {case.pk: reverse("case", args=[case.pk]) for case in cases}


def _chosen_words(key: str, value: str) -> str:
    return "Needs action now" if key == "due" else f"Stage: {said(value)}"


def _address(kept: dict[str, str], without: str = "", **place: Place) -> str:
    query = {key: value for key, value in kept.items() if key != without}
    return "?" + urlencode({**query, **place})


@require_safe
def case(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One case: who it is about, what it waits for, and everything that happened."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found = get_object_or_404(Case.objects.visible_to(viewer).select_related("client"), pk=pk)
    history = shown.History(found, viewer)
    record(by=viewer, verb="read", thing=found)
    day = timezone.localdate()
    refers = viewer.role is Role.REFERRER
    section = request.GET.get("show", "")
    if section not in (FOR_REFERRERS if refers else SECTIONS):
        section = ""
    steps = _steps(found, history)
    return render(request, "programme/case.html", {
        "case": found, "name": found.client.full_name, "reference": reference(found),
        "facts": shown.facts(found, history), "flags": shown.flags(found, history, day),
        "dates": shown.dates(found, history), "actions": steps[:2], "more": steps[2:],
        "section": section,
        "sections": _sections(found, history, section, refers),
        "entries": history.entries(SECTIONS[section][1]),
        "waits_for": [] if refers else _waits_for(found, history, day),
        "details": [] if refers else _details(found, history),
        "partners": _partners(history), "attendance": _attendance(history),
        "columns": [("Day", "date"), ("Session", "number"), ("Mark", "tag"),
                    ("Minutes attended", "number")],
        "dose": dose(mark.minutes_attended for mark in history.marks),
        "statements": [row for row in history.statements if row.recalled_on is None],
    })


def _steps(case: Case, history: shown.History) -> list[tuple[str, str]]:
    """What this viewer may do, as links; a place comes last where the client has one already."""
    role, has_place = history.viewer.role, any(row.left_on is None for row in history.places)
    steps = [step for step in steps_open(Stage(case.stage)) if may_do(role, STEP_DUTY[step])]
    steps.sort(key=lambda step: step is Step.PLACE and has_place)
    return [(STEP_WORDS[step][0], reverse(STEP_WORDS[step][1], args=[case.pk])) for step in steps]


def _sections(case: Case, history: shown.History, current: str, refers: bool
              ) -> list[dict[str, Any]]:
    counts = {"contacts": len(history.attempts), "attendance": len(history.marks),
              "partners": len(history.declared), "statements": len(history.statements)}
    address = reverse("case", args=[case.pk])
    return [{"label": label, "url": address + (f"?show={key}" if key else ""),
             "current": key == current, "count": counts.get(key)}
            for key, (label, _) in SECTIONS.items() if not refers or key in FOR_REFERRERS]


def _waits_for(case: Case, history: shown.History, today: date) -> list[dict[str, Any]]:
    rows = [{"what": task_words(task.kind), "due": task.due_on,
             "done": reverse("task_done", args=[task.pk])} for task in history.tasks]
    if case.is_open and case.next_action and case.next_action_on:
        rows.append({"what": action_words(case.next_action), "due": case.next_action_on})
    rows.sort(key=lambda row: row["due"])
    return [{**row, "late": row["due"] < today, "due_words": due_in_words(row["due"], today)}
            for row in rows]


def _details(case: Case, history: shown.History) -> list[tuple[str, Any]]:
    client = case.client
    groups = ", ".join(place.group.name for place in history.places if place.left_on is None)
    return [("Phone", client.phone), ("E-mail", client.email), ("Address", client.address),
            ("Language", client.language and language_name(client.language)),
            ("Group", groups or None), ("From the referral", case.text_for_file)]


def _partners(history: shown.History) -> list[dict[str, Any]]:
    relations = dict(RELATIONS)
    return [
        {"heading": f"Stated by {shown.stated_by_words(row.stated_by)} on "
                    f"{row.stated_on:%-d %B %Y}",
         "rows": [("Name, as stated", row.name),
                  ("Relation, as stated", relations.get(row.relation, said(row.relation))),
                  ("Contact details, as stated", row.contact_details)]}
        for row in history.declared
    ]


def _attendance(history: shown.History) -> list[dict[str, Any]]:
    return [{"cells": [mark.session.held_on, mark.session.number,
                       (said(mark.outcome), shown.mark_colour(mark.outcome)),
                       mark.minutes_attended]} for mark in history.marks]


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Find a client by whole names, phone, date of birth or reference."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    typed = request.GET.get("q", "").strip()
    question = meant_by(typed)
    found = [] if question.problem else list(cases_found(question, viewer)[: MOST_FOUND + 1])
    more, found = len(found) > MOST_FOUND, found[:MOST_FOUND]
    if typed:
        record(by=viewer, verb="searched", kind="case")
        record_many(by=viewer, verb="listed", things=found)
    return render(request, "programme/search.html", {
        "typed": typed, "question": question, "columns": COLUMNS, "more": more,
        "most": MOST_FOUND, "rows": table_rows(found, _urls(found)), "search_url": "",
        "action": reverse("search"), "understood": _understood(question),
    })


def _understood(question: Any) -> list[str]:
    parts = []
    if question.names:
        parts.append("all of these names: " + ", ".join(question.names))
    if question.phone:
        parts.append(f"the phone number {question.phone}")
    if question.born_on:
        parts.append(f"born on {question.born_on:%-d %B %Y}")
    if question.reference:
        parts.append(f"or the reference {question.reference}")
    return parts


