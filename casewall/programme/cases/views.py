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
from django.views.decorators.http import require_http_methods, require_safe

from casewall.audit.actions import record, record_many
from casewall.pages.parts import steps_by_part, with_due_words, with_names
from casewall.programme.cases import history as shown
from casewall.programme.cases.finding import cases_found, meant_by
from casewall.programme.cases.forms import RELATIONS, CaseFilter
from casewall.programme.cases.lists import (
    COLUMNS,
    Place,
    action_words,
    language_name,
    moment_of,
    names_of,
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
from casewall.programme.cases.once import one_page
from casewall.programme.cases.parts import Part, Shown, heads_of, parts_for, today_items
from casewall.programme.cases.rules import STEP_DUTY, Stage, Step, steps_open
from casewall.programme.groups.rules import dose
from casewall.programme.referrals import for_referrers
from casewall.wall.duties import may_do
from casewall.wall.sides import Role, Viewer

MOST_SHOWN = 50
"""Items of one kind on the first page; the lists hold the rest."""
AHEAD = timedelta(days=7)
MOST_FOUND = 50
NEWEST = 100
"""Entries of the first timeline of a case; its sections and the chronology hold the others."""
IN_HEADER = 2
"""Steps that stand as buttons in the header of a case; the others are links beside it."""
OF_THE_CASE = "The case"

SECTIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "": ("Everything", ("stages", "contacts", "assessments", "attendance", "statements")),
    "contacts": ("Contacts", ("contacts",)),
    "stages": ("Stages", ("stages", "assessments")),
    "attendance": ("Attendance", ()),
    "partners": ("Partners, as stated", ()),
    "statements": ("Statements", ("statements",)),
}
"""Parts of a case page, by the value of `show`, with the kinds of entry in their timeline."""

STEP_WORDS: dict[Step, tuple[str, str]] = {
    Step.CONTACT: ("Record a contact", "case_contact"),
    Step.BOOK: ("Book the assessment", "case_book"),
    Step.DECIDE: ("Decide on suitability", "case_decide"),
    Step.SIGN: ("Go through the agreement", "case_sign"),
    Step.PLACE: ("Place in a group", "case_place"),
    Step.MOVE: ("Move to another stage", "case_move"),
    Step.DECLARE: ("Write down a partner, as stated", "case_declare"),
    Step.PAUSE: ("Let the case wait", "case_pause"),
    Step.RESUME: ("Let the case go on", "case_resume"),
    Step.EXIT: ("End the case", "case_exit"),
    Step.REOPEN: ("Reopen the case", "case_reopen"),
    Step.CORRECT: ("Correct the last move", "case_correct"),
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
    late_tasks = list(tasks.filter(due_on__lte=day)[:MOST_SHOWN])
    waiting = [*(_case_item(case, times) for case in now_due), *map(_task_item, late_tasks)]
    added = today_items(viewer, day, day + AHEAD)
    waiting += [item for item in added if item["due"] <= day]
    ahead = [*(_case_item(case, times) for case in now_soon),
             *(item for item in added if item["due"] > day),
             *map(_task_item, tasks.filter(due_on__gt=day, due_on__lte=day + AHEAD)[:MOST_SHOWN])]
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


@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """The cases that this viewer sees, newest referral first."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if viewer.role is Role.REFERRER:
        return for_referrers.own_referrals(request)
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
        "form": form, "columns": COLUMNS, "heading": "Cases",
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
    if viewer.role is Role.REFERRER:
        return for_referrers.own_referral(request, found)
    one_page(found)
    history = shown.History(found, viewer)
    record(by=viewer, verb="read", thing=found)
    day = timezone.localdate()
    parts = parts_for(refers=False)
    section = request.GET.get("show", "")
    if section not in (*SECTIONS, *(part.key for part in parts if part.label)):
        section = ""
    read = {part.key: part.read(found, viewer, day) for part in parts
            if section in ("", part.key)}
    own = read.get(section)
    steps = _steps(found, history)
    return render(request, "programme/case.html", {
        "case": found, "name": found.client.full_name, "reference": reference(found),
        "facts": shown.facts(found, history),
        "flags": [*shown.flags(found, history, day), *heads_of(found, viewer, day, read),
                  *(flag for one in read.values() for flag in one.flags)],
        "dates": shown.dates(found, history), "actions": steps[:IN_HEADER],
        "more": steps_by_part(parts, read, steps[IN_HEADER:], OF_THE_CASE),
        "section": section,
        "sections": _sections(found, history, section, parts),
        **_happened(found, history, section, read),
        "part": own.template if own else "", **(own.in_section() if own else {}),
        "waits_for": _waits_for(found, history, day, read),
        "details": [
            *_details(found, history), *(row for one in read.values() for row in one.details)],
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


def _happened(case: Case, history: shown.History, section: str, read: dict[str, Shown]
              ) -> dict[str, Any]:
    """The timeline: of one section, or the newest entries of everything."""
    own = history.entries(SECTIONS[section][1]) if section in SECTIONS else []
    entries = [*own, *(entry for one in read.values() for entry in one.entries)]
    left_out = len(entries) - NEWEST if not section else 0
    if left_out > 0:
        entries = sorted(entries, key=lambda entry: moment_of(entry["when"]))[-NEWEST:]
    return {"entries": with_names(entries, names_of), "left_out": max(left_out, 0),
            "chronology_url": reverse("chronology", args=[case.pk])}


def _sections(case: Case, history: shown.History, current: str, parts: list[Part]
              ) -> list[dict[str, Any]]:
    counts = {"contacts": len(history.attempts), "attendance": len(history.marks),
              "partners": len(history.declared), "statements": len(history.statements)}
    address = reverse("case", args=[case.pk])
    named = [(key, label) for key, (label, _) in SECTIONS.items()]
    named += [(part.key, part.label) for part in parts if part.label]
    return [{"label": label, "url": address + (f"?show={key}" if key else ""),
             "current": key == current, "count": counts.get(key)} for key, label in named]


def _waits_for(case: Case, history: shown.History, today: date, read: dict[str, Shown]
               ) -> list[dict[str, Any]]:
    rows = [{"what": task_words(task.kind), "due": task.due_on,
             "done": reverse("task_done", args=[task.pk])} for task in history.tasks]
    if case.is_open and case.next_action and case.next_action_on:
        rows.append({"what": action_words(case.next_action), "due": case.next_action_on})
    rows += [row for one in read.values() for row in one.waits_for]
    return with_due_words(rows, today)


def _details(case: Case, history: shown.History) -> list[tuple[str, Any]]:
    client = case.client
    groups = ", ".join(place.group.name for place in history.places if place.left_on is None)
    return [("Phone", client.phone), ("E-mail", client.email), ("Address", client.address),
            ("Language", client.language and language_name(client.language)),
            *_conditions(history),
            ("Group", groups or None), ("From the referral", case.text_for_file)]


def _conditions(history: shown.History) -> list[tuple[str, Any]]:
    """On what conditions the client was accepted, by the decision that stands."""
    held = sorted((row for row in history.assessments if row.decision),
                  key=lambda row: (row.booked_for, row.version))
    return [("Accepted on condition", held[-1].conditions)] if held and held[-1].conditions else []


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


@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Find a client by whole names, phone, date of birth or reference.

    The page itself posts what is typed, so that it stands in no address; nothing is changed.
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    asked = request.POST if request.method == "POST" else request.GET
    typed = asked.get("q", "").strip()
    question = meant_by(typed)
    found = [] if question.problem else list(cases_found(question, viewer)[: MOST_FOUND + 1])
    more, found = len(found) > MOST_FOUND, found[:MOST_FOUND]
    refers = viewer.role is Role.REFERRER
    if typed:
        record(by=viewer, verb="searched", kind="case")
        record_many(by=viewer, verb="listed", things=found)
    return render(request, "programme/search.html", {
        "typed": typed, "question": question, "more": more, "most": MOST_FOUND,
        "columns": for_referrers.COLUMNS if refers else COLUMNS, "search_url": "",
        "rows": for_referrers.rows_of(found) if refers else table_rows(found, _urls(found)),
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


