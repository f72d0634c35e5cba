"""What is shown of incidents and reports on a partner's file, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from casewall.programme.incidents.rules import AHEAD_DAYS, Form, Kind, Source
from casewall.programme.incidents.shown import (
    ASKED_COLUMNS,
    PROCEEDING_COLUMNS,
    asked_rows,
    court_waits,
    expiry_words,
    hearing_words,
    incident_entries,
    newest,
    proceeding_entries,
    proceeding_row,
    severity_words,
    when_words,
)
from casewall.programme.incidents.words import listed
from casewall.programme.incidents.words import words_of as said
from casewall.safety.incidents.models import (
    AuthorityTold,
    FileAsked,
    FileCourtDay,
    FileProceeding,
    SufferedIncident,
    TryToTell,
    ViolenceReport,
)
from casewall.safety.incidents.rules import (
    Authority,
    Consent,
    EndedBecause,
    Ground,
    Reached,
    Step,
    Suffered,
)
from casewall.safety.incidents.words import words_of
from casewall.safety.partners.models import PartnerFile
from casewall.safety.partners.parts import Shown
from casewall.safety.partners.words import in_words
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer

MOST = 50
COLUMNS = ["What", "When", "Who suffered it", "How grave", "Source", "Report"]
STEPS = (
    ("Record an incident", "suffered-new"),
    ("Record a proceeding or an order", "file-proceeding-new"),
    ("Record that a source was asked", "file-asked-new"),
)
PAGE_OF_STEP = {
    Step.ASK: "report-consent",
    Step.DECIDE: "report-ground",
    Step.TRY: "report-try",
    Step.TELL: "report-tell",
    Step.TELL_AFTERWARDS: "report-try",
}
"""The page on which each step is taken."""


def incidents_part(file: PartnerFile, viewer: Viewer, today: date) -> Shown:
    """Incidents, reports and proceedings: four queries, one more for the section."""
    rows = SufferedIncident.objects.visible_to(viewer).filter(file=file).defer("what")
    standing = newest(rows)
    reports = list(ViolenceReport.objects.visible_to(viewer).filter(file=file).order_by("id"))
    proceedings = list(
        FileProceeding.objects.visible_to(viewer).filter(file=file).order_by("-began_on", "id")
    )
    days = list(
        FileCourtDay.objects.visible_to(viewer).filter(file=file).order_by("held_on", "id")
    )
    may = bool(may_do(viewer.role, Duty.RECORD_SUFFERED))
    steps = [(label, reverse(name, args=[file.pk])) for label, name in STEPS if may]
    return Shown(
        entries=[
            *incident_entries(standing, lambda row: reverse("suffered", args=[row.pk])),
            *proceeding_entries(
                proceedings, days, lambda row: reverse("file-proceeding", args=[row.pk])
            ),
        ],
        waits_for=[
            *_reports_wait(reports),
            *court_waits(
                proceedings, days, today, may, "file-court-day-settle", "file-proceeding"
            ),
        ],
        steps=steps,
        flags=_flags(reports),
        template="suffered/section.html",
        context=lambda: {
            "incident_columns": COLUMNS,
            "incidents": [_row(row, reports) for row in standing],
            "reports": [report_panel(row) for row in reports if row.ended_on is None],
            "proceeding_columns": PROCEEDING_COLUMNS,
            "proceedings": [
                proceeding_row(row, days, today, "file-proceeding") for row in proceedings
            ],
            "asked_columns": ASKED_COLUMNS,
            "asked": asked_rows(FileAsked.objects.visible_to(viewer).filter(file=file)),
            "incident_steps": steps,
        },
    )


def _flags(reports: Iterable[ViolenceReport]) -> list[tuple[str, str]]:
    waiting = [row for row in reports if row.due_on is not None]
    if not waiting:
        return []
    danger = any(row.danger for row in waiting)
    return [("New violence is being acted on", "red" if danger else "orange")]


def _reports_wait(reports: Iterable[ViolenceReport]) -> Iterator[dict[str, Any]]:
    for row in reports:
        if row.due_on is not None:
            yield {
                "what": words_of(Step, row.step),
                "due": row.due_on,
                "url": reverse("violence-report", args=[row.pk]),
            }


def _row(row: SufferedIncident, reports: list[ViolenceReport]) -> dict[str, Any]:
    report = next((one for one in reports if one.incident_id == row.pk), None)
    state = "none begun" if report is None else report_state(report)
    return {
        "cells": [
            listed(Form, row.forms),
            when_words(row),
            words_of(Suffered, row.suffered_by),
            severity_words(row),
            said(Source, row.source),
            "taken back" if row.taken_back else state,
        ],
        "url": reverse("suffered", args=[row.pk]),
    }


def report_state(report: ViolenceReport) -> str:
    """Where a report stands, in words."""
    if report.ended_on:
        return words_of(EndedBecause, report.ended_because)
    return words_of(Step, report.step)


def report_panel(report: ViolenceReport) -> dict[str, Any]:
    """A report as a panel of the section."""
    return {
        "url": reverse("violence-report", args=[report.pk]),
        "begun": report.begun_on,
        "step": words_of(Step, report.step),
        "due": report.due_on,
        "danger": report.danger,
    }


def report_facts(report: ViolenceReport) -> list[tuple[str, Any]]:
    """Who told, what was answered, on what ground: for the report's own page."""
    rows: list[tuple[str, Any]] = [
        ("Who told of it", said(Source, report.origin)),
        ("May an authority be told?", words_of(Consent, report.consent)),
    ]
    if report.consent_on:
        rows.append(("Answered on", report.consent_on))
    if report.ground:
        rows += [
            ("Legal ground without consent", words_of(Ground, report.ground)),
            ("Why it holds here", report.ground_reason),
            ("Recorded on", report.ground_on),
        ]
    if report.ended_on:
        rows += [
            ("Ended because", words_of(EndedBecause, report.ended_because)),
            ("Ended on", report.ended_on),
        ]
    return rows


def report_entries(report: ViolenceReport, viewer: Viewer) -> list[dict[str, Any]]:
    """Attempts and tellings of a report as a timeline: two queries."""
    entries = [
        {
            "title": f"{in_words(row.channel)}: {words_of(Reached, row.outcome).lower()}",
            "when": timezone.localtime(row.tried_at),
            "by": row.worker,
            "text": row.note or "",
            "label": None if row.confirmed_safe else ("Not confirmed safe", "orange"),
        }
        for row in TryToTell.objects.visible_to(viewer).filter(report=report)
    ]
    for row in AuthorityTold.objects.visible_to(viewer).filter(report=report):
        ground = "With consent." if row.consented else f"{words_of(Ground, row.ground)}."
        entries.append(
            {
                "title": f"Told: {words_of(Authority, row.authority).lower()}, {row.recipient}",
                "when": timezone.localtime(row.told_at),
                "by": row.worker,
                "text": f"{row.content}\n{ground}",
                "label": ("Authority told", "purple"),
            }
        )
    return entries


def today_items(viewer: Viewer, today: date, last: date) -> list[dict[str, Any]]:
    """Next steps of reports, hearings of the coming days and ends of orders: three queries."""
    if not may_do(viewer.role, Duty.RECORD_SUFFERED):
        return []
    reports = (
        ViolenceReport.objects.visible_to(viewer)
        .filter(due_on__lte=last, file__withdrawn_on=None)
        .select_related("file__partner")
        .order_by("due_on", "id")[:MOST]
    )
    found = [
        {
            **_item(row, f"{words_of(Step, row.step)}:", row.due_on,
                    reverse("violence-report", args=[row.pk])),
            "tag": ("New violence", "red" if row.danger else "orange"),
            "first": row.danger,
        }
        for row in reports
    ]  # fmt: skip
    return [*found, *_court_items(viewer, today)]


def _court_items(viewer: Viewer, today: date) -> Iterator[dict[str, Any]]:
    ahead = today + timedelta(days=AHEAD_DAYS)
    days = (
        FileCourtDay.objects.visible_to(viewer)
        .filter(outcome="", held_on__lte=ahead, file__withdrawn_on=None)
        .select_related("file__partner", "proceeding")
        .order_by("held_on", "id")[:MOST]
    )
    for day in days:
        what = hearing_words(day, said(Kind, day.proceeding.kind), today)
        yield {
            **_item(day, f"{what}:", day.held_on,
                    reverse("file-court-day-settle", args=[day.pk])),
            "tag": ("Hearing", "blue"),
        }  # fmt: skip
    ends = (
        FileProceeding.objects.visible_to(viewer)
        .filter(ended_on=None, until_on__lte=ahead, file__withdrawn_on=None)
        .select_related("file__partner")
        .order_by("until_on", "id")[:MOST]
    )
    for row in ends:
        yield {
            **_item(row, f"{expiry_words(row)}:", row.until_on,
                    reverse("file-proceeding", args=[row.pk])),
            "tag": ("Order", "blue"),
        }  # fmt: skip


def _item(row: Any, what: str, due: date, url: str) -> dict[str, Any]:
    return {
        "due": due,
        "what": what,
        "who": row.file.partner.full_name or "No name given",
        "url": url,
    }
