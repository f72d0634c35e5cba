"""What is shown of risk: on the page of a case, in its header, on the first page, as a list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.urls import reverse

from casewall.programme.cases.models import Case
from casewall.programme.cases.once import once
from casewall.programme.cases.parts import Shown
from casewall.programme.cases.rules import Stage
from casewall.programme.risk.actions import may_write, sources_of
from casewall.programme.risk.clock import (
    REVIEWED,
    WITHOUT_TEXTS,
    Clock,
    clock_of,
    clocks,
    versions_of,
)
from casewall.programme.risk.commissions.reading import COLUMNS, commission_rows
from casewall.programme.risk.models import RiskAssessment, RiskEvidence
from casewall.programme.risk.rules import How, Level, Source, State, missing
from casewall.programme.risk.tools import Result, results_of
from casewall.programme.risk.words import (
    HOW_WORDS,
    LEVEL_COLOURS,
    LEVEL_WORDS,
    SOURCE_WORDS,
    STATE_TAGS,
    TRIGGER_WORDS,
    level_tag,
    listed,
)
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Role, Viewer

TODAY_SHOWN = 25
VERSION_COLUMNS = [
    ("Version", "number"), ("State", "tag"), ("Level", "tag"), "Begun on", "Signed on",
    "Review by",
]  # fmt: skip
EVIDENCE_COLUMNS = ["Source", "How", ("On", "date"), "What it says"]
TOOL_COLUMNS = ["Tool", ("Filled in on", "date"), "Result by its own rule", "Judgement"]
LIST_COLUMNS = ["Client", ("Level", "tag"), "Signed on", ("Due by", "date"), "Why", "Being written"]
NO_LEVEL = ("Not assessed", "grey")


def risk_head(case: Case, viewer: Viewer, today: date) -> list[tuple[str, str]]:
    """The level with its day, and a late review in words: on every page of a case. One query."""
    rows = RiskAssessment.objects.visible_to(viewer).filter(case=case, state=State.SIGNED)
    found = rows.only(*WITHOUT_TEXTS).first()
    return _head(case, found, today)


def _head(case: Case, found: RiskAssessment | None, today: date) -> list[tuple[str, str]]:
    if found is None:
        return []
    level = Level(found.level)
    flags = [(f"Risk: {LEVEL_WORDS[level].lower()}, last reviewed {_day(found.signed_on)}",
              LEVEL_COLOURS[level])]
    if Stage(case.stage) in REVIEWED and found.review_on and found.review_on < today:
        late = (today - found.review_on).days
        flags.append((f"Risk review {late} {'day' if late == 1 else 'days'} late", "red"))
    return flags


def risk_part(case: Case, viewer: Viewer, today: date) -> Shown:
    """The section “Risk”: six queries at most, three more for the section itself."""
    clock = clock_of(case, viewer)
    may = bool(may_write(viewer.role))
    shown = clock.signed or clock.open
    gaps = missing(sources_of(shown, viewer)) if shown else ()
    versions = once(versions_of, case, viewer)
    return Shown(
        entries=[*_entries(versions), *_evidence_entries(case, viewer)],
        waits_for=list(_waits(clock, viewer, may)),
        steps=_steps(case, clock, viewer, may),
        head=_head(case, clock.signed, today),
        flags=[(f"Source missing: {listed(gaps)}", "yellow")] if gaps else [],
        template="risk/section.html",
        context=lambda: _section(case, clock, viewer, gaps, versions, may),
    )


def _section(
    case: Case, clock: Clock, viewer: Viewer, gaps: Iterable[Source],
    versions: list[RiskAssessment], may: bool,
) -> dict[str, Any]:
    evidence = RiskEvidence.objects.visible_to(viewer).filter(case=case)
    return {
        "risk_level": level_tag(clock.signed.level) if clock.signed else None,
        "risk_signed": clock.signed,
        "risk_due": clock.due,
        "risk_why": why_words(clock),
        "risk_gaps": [SOURCE_WORDS[one] for one in gaps],
        "risk_open": clock.open,
        "risk_version_columns": VERSION_COLUMNS,
        "risk_versions": [_version_row(row) for row in versions],
        "risk_evidence_columns": EVIDENCE_COLUMNS,
        "risk_evidence": [
            {"cells": [SOURCE_WORDS[Source(row.source)], HOW_WORDS[How(row.how)], row.held_on,
                       row.what]}
            for row in evidence.order_by("-held_on", "-recorded_at")
        ],
        "risk_tool_columns": TOOL_COLUMNS,
        "risk_tools": [tool_row(one, may) for one in results_of(case, viewer)],
        "risk_commission_columns": COLUMNS,
        "risk_commissions": commission_rows(case, viewer),
        "risk_steps": _steps(case, clock, viewer, may),
    }  # fmt: skip


def tool_row(one: Result, may: bool) -> dict[str, Any]:
    """One tool in the table of tools, with a way to raise its result where its rule has one."""
    judged = "–"
    if one.raised is not None:
        judged = f"Raised to high on {_day(one.raised.raised_on)}: {one.raised.reason}"
    elif one.may_be_raised:
        judged = "May be raised, with a reason"
    url = reverse("risk_raise", args=[one.answer.pk]) if may and one.may_be_raised else ""
    return {"cells": [one.title, one.answer.answered_on, one.words, judged], "url": url}


def _version_row(row: RiskAssessment) -> dict[str, Any]:
    return {
        "cells": [row.version, STATE_TAGS[State(row.state)],
                  level_tag(row.level) if row.level else ("–", "grey"), _day(row.begun_on),
                  _day(row.signed_on) if row.signed_on else "–",
                  _day(row.review_on) if row.review_on else "–"],
        "url": reverse("risk_assessment", args=[row.pk]),
    }  # fmt: skip


def _entries(versions: Iterable[RiskAssessment]) -> Iterator[dict[str, Any]]:
    for row in versions:
        if row.signed_on is not None:
            yield {
                "title": f"Risk assessment signed, version {row.version}", "when": row.signed_on,
                "by": row.signed_by, "text": f"Level: {LEVEL_WORDS[Level(row.level)].lower()}.",
                "label": ("Risk", LEVEL_COLOURS[Level(row.level)]),
                "url": reverse("risk_assessment", args=[row.pk]),
            }  # fmt: skip


def _evidence_entries(case: Case, viewer: Viewer) -> Iterator[dict[str, Any]]:
    rows = RiskEvidence.objects.visible_to(viewer).filter(case=case).defer("what")
    for row in rows:
        yield {
            "title": f"Evidence of risk: {SOURCE_WORDS[Source(row.source)].lower()}",
            "when": row.held_on, "by": row.worker, "text": f"{HOW_WORDS[How(row.how)]}.",
            "label": ("Danger", "red") if row.signs else ("Evidence", "purple"),
        }  # fmt: skip


def why_words(clock: Clock) -> str:
    """Why an assessment is looked at: the first one, its day, or what is new."""
    if clock.signed is None:
        return "First assessment"
    said = [TRIGGER_WORDS[one] for one in clock.triggered]
    if not said:
        return "Three months after the last one"
    return f"{said[0][:1].upper()}{said[0][1:]}" + "".join(f", {one}" for one in said[1:])


def _waits(clock: Clock, viewer: Viewer, may: bool) -> Iterator[dict[str, Any]]:
    row, due = clock.open, clock.due
    if row is not None and clock.waits_for_signature:
        signs = may_do(viewer.role, Duty.SIGN_ASSESSMENT) and not row.wrote(viewer.worker)
        yield {"what": "Risk assessment: waits for a signature", "due": row.sent_on,
               "url": reverse("risk_sign" if signs else "risk_assessment", args=[row.pk])}
    elif due is not None:
        yield {"what": f"Risk assessment: {why_words(clock).lower()}", "due": due,
               "url": _write_url(clock) if may else ""}


def _write_url(clock: Clock) -> str:
    if clock.open is not None:
        return reverse("risk_assessment", args=[clock.open.pk])
    return f"{reverse('case', args=[clock.case.pk])}?show=risk"


def _steps(case: Case, clock: Clock, viewer: Viewer, may: bool) -> list[tuple[str, str]]:
    found = []
    if may and clock.open is None:
        words = "Review the risk" if clock.signed else "Assess the risk"
        found.append((words, reverse("risk_begin", args=[case.pk])))
    elif may and clock.open is not None:
        found.append(("Go on with the risk assessment",
                      reverse("risk_assessment", args=[clock.open.pk])))
    if may_do(viewer.role, Duty.RECORD_CONTACT):
        found.append(("Record evidence of risk", reverse("risk_evidence", args=[case.pk])))
    if may_do(viewer.role, Duty.WRITE_DOCUMENT):
        found.append(("Write down a commission", reverse("commission_new", args=[case.pk])))
        if clock.signed is not None:
            found.append(("Write the risk report",
                          reverse("document_new", args=[case.pk, "risk_report"])))
    return found


# --- the first page and the list -----------------------------------------------------------------


def today_risk(viewer: Viewer, today: date, last: date) -> list[dict[str, Any]]:
    """Assessments to sign and those that came back, then what is due until `last`."""
    found: list[dict[str, Any]] = []
    rows = RiskAssessment.objects.visible_to(viewer).only(*WITHOUT_TEXTS, "case__client")
    rows = rows.select_related("case__client").order_by("begun_on", "id")
    if may_do(viewer.role, Duty.SIGN_ASSESSMENT):
        found += [
            _item(row.case, "Sign a risk assessment:", row.sent_on or today,
                  reverse("risk_sign", args=[row.pk]), ("Risk", "purple"))
            for row in rows.filter(state=State.WAITING)[: 2 * TODAY_SHOWN]
            if not row.wrote(viewer.worker)
        ]
    if may_write(viewer.role):
        found += [
            _item(row.case, "Change a returned risk assessment:", row.returned_on or today,
                  reverse("risk_assessment", args=[row.pk]), ("Risk", "orange"))
            for row in rows.filter(state=State.DRAFT, worker=viewer.worker,
                                   returned_on__isnull=False)[:TODAY_SHOWN]
        ]
        found += _reviews_due(viewer, last)
    return found


def _reviews_due(viewer: Viewer, last: date) -> list[dict[str, Any]]:
    """Assessments that are due in the worker's own cases; a manager's list holds all of them."""
    rows = watched_cases(viewer)
    if viewer.role is Role.PROGRAMME_MANAGER:
        rows = rows.filter(worker=viewer.worker)
    due = [one for one in clocks(rows, viewer)
           if one.due is not None and one.due <= last and not one.waits_for_signature]
    due.sort(key=lambda one: (one.due, one.case.pk))
    return [
        {**_item(one.case, "Review the risk:" if one.signed else "Assess the risk:",
                 one.due or last, _write_url(one), ("Risk", "purple")), "note": why_words(one)}
        for one in due[:TODAY_SHOWN]
    ]  # fmt: skip


def watched_cases(viewer: Viewer) -> Any:
    """The cases whose risk is looked at again, as this viewer sees them."""
    rows = Case.objects.visible_to(viewer).select_related("client")
    return rows.filter(stage__in=sorted(REVIEWED))


def _item(
    case: Case, what: str, due: date, url: str, tag: tuple[str, str]
) -> dict[str, Any]:
    return {"due": due, "what": what, "who": case.client.full_name, "url": url, "tag": tag}


def list_rows(found: Iterable[Clock], today: date) -> list[dict[str, Any]]:
    """Cases in the list of risk, each with its level and when it is looked at."""
    return [
        {
            "cells": [
                one.case.client.full_name,
                level_tag(one.signed.level) if one.signed else NO_LEVEL,
                _day(one.signed.signed_on) if one.signed else "–",
                one.due or "–",
                _late(one, today) + why_words(one),
                STATE_TAGS[State(one.open.state)][0] if one.open else "–",
            ],
            "url": f"{reverse('case', args=[one.case.pk])}?show=risk",
        }
        for one in found
    ]


def _late(one: Clock, today: date) -> str:
    late = (today - one.due).days if one.due else 0
    return f"{late} {'day' if late == 1 else 'days'} late: " if late > 0 else ""


def _day(day: date | None) -> str:
    return f"{day:%-d %B %Y}" if day else ""
