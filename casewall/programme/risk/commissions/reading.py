"""What is shown of commissions and of what readers of reports said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case as When
from django.db.models import IntegerField, Value
from django.db.models import When as If
from django.urls import reverse

from casewall.programme.cases.models import Case
from casewall.programme.cases.parts import Shown
from casewall.programme.risk.models import Commission, ReportFeedback
from casewall.programme.risk.terms.rules import (
    STATE_TAGS,
    USEFULNESS_WORDS,
    CommissionState,
    Response,
    Usefulness,
    days_late,
    in_words,
)
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Role, Viewer

COLUMNS = [
    "Commissioned by", ("State", "tag"), ("Asked on", "date"), ("Due on", "date"), "Delivered",
    "Contract", "Price", "Usefulness",
]  # fmt: skip
TODAY_SHOWN = 25
MOST = 200


def commission_rows(case: Case, viewer: Viewer) -> list[dict[str, Any]]:
    """The commissions of a case, the latest asked first. Two queries."""
    rows = Commission.objects.visible_to(viewer).filter(case=case).order_by("-asked_on", "id")
    return [row_of(row, said) for row, said in _with_feedback(list(rows), viewer)]


def _with_feedback(
    rows: list[Commission], viewer: Viewer
) -> Iterator[tuple[Commission, ReportFeedback | None]]:
    said = {
        one.commission_id: one
        for one in ReportFeedback.objects.visible_to(viewer)
        .filter(commission__in=[row.pk for row in rows], void=False)
        .defer("comment")
    }
    for row in rows:
        yield row, said.get(row.pk)


def row_of(row: Commission, said: ReportFeedback | None) -> dict[str, Any]:
    """One commission in a table."""
    return {
        "cells": [row.commissioned_by, STATE_TAGS[CommissionState(row.state)], row.asked_on,
                  row.due_on, delivered_words(row), row.contract or "–",
                  in_words(row.price, row.currency), useful_words(said)],
        "url": reverse("commission", args=[row.pk]),
    }  # fmt: skip


def delivered_words(row: Commission) -> str:
    """When a commission was delivered, and how late."""
    if row.delivered_on is None:
        return "–"
    late = days_late(row.due_on, row.delivered_on, row.delivered_on)
    words = f", {late} {'day' if late == 1 else 'days'} late" if late else ""
    return f"{row.delivered_on:%-d %B %Y}{words}"


def useful_words(said: ReportFeedback | None) -> str:
    """What a reader said, or that the reader has not said anything."""
    if said is None:
        return "–"
    if said.usefulness:
        return USEFULNESS_WORDS[Usefulness(said.usefulness)]
    return f"asked from {said.ask_on:%-d %B %Y}, no answer"


def listed(viewer: Viewer, today: date) -> list[dict[str, Any]]:
    """Every commission that this viewer sees: overdue first, then open, then the others.

    Three queries with those of names and answers.
    """
    rows = list(
        Commission.objects.visible_to(viewer)
        .select_related("case__client")
        .annotate(place=When(If(state=CommissionState.OPEN, then=Value(0)), default=Value(1),
                             output_field=IntegerField()))
        .order_by("place", "due_on", "id")[:MOST]
    )
    first = [row for row in rows if row.state == CommissionState.OPEN]
    rest = [row for row in rows if row.state != CommissionState.OPEN]
    rest.sort(key=lambda row: row.due_on, reverse=True)
    found = []
    for row, said in _with_feedback([*first, *rest], viewer):
        shown = row_of(row, said)
        if row.state == CommissionState.OPEN and row.due_on < today:
            late = days_late(row.due_on, None, today)
            shown["cells"][1] = (f"{late} {'day' if late == 1 else 'days'} late", "red")
        shown["cells"].insert(0, row.case.client.full_name)
        found.append(shown)
    return found


def response(viewer: Viewer) -> Response:
    """How many readers of issued reports were asked, and what they said. One query."""
    rows = ReportFeedback.objects.visible_to(viewer).filter(void=False)
    said = list(rows.values_list("usefulness", flat=True))
    return Response(
        asked=len(said),
        answered=len([one for one in said if one]),
        very_useful=said.count(Usefulness.VERY_USEFUL),
    )


def today_commissions(viewer: Viewer, today: date, last: date) -> list[dict[str, Any]]:
    """Reports that are due, and readers whom somebody should ask. Two queries."""
    if not may_do(viewer.role, Duty.WRITE_DOCUMENT):
        return []
    open_rows = (
        Commission.objects.visible_to(viewer)
        .filter(state=CommissionState.OPEN, due_on__lte=last)
        .select_related("case__client")
        .order_by("due_on", "id")[:TODAY_SHOWN]
    )
    to_ask = (
        ReportFeedback.objects.visible_to(viewer)
        .filter(usefulness="", void=False, ask_on__lte=last)
        .select_related("case__client")
        .order_by("ask_on", "id")[:TODAY_SHOWN]
    )
    return [
        *({"due": row.due_on, "what": "Deliver a commissioned report:",
           "who": row.case.client.full_name, "url": reverse("commission", args=[row.pk]),
           "tag": ("Commission", "blue")} for row in open_rows),
        *({"due": row.ask_on, "what": "Ask the reader how useful the report was:",
           "who": row.case.client.full_name, "url": reverse("report_feedback", args=[row.pk]),
           "tag": ("Report", "teal")} for row in to_ask),
    ]  # fmt: skip


def commissions_part(case: Case, viewer: Viewer, today: date) -> Shown:
    """What the commissions of a case add to its page: what is due. No section of their own."""
    if viewer.role is Role.REFERRER:
        return Shown()
    rows = Commission.objects.visible_to(viewer).filter(case=case)
    waits = [
        {"what": f"Deliver the report to {row.commissioned_by}", "due": row.due_on,
         "url": reverse("commission", args=[row.pk])}
        for row in rows.filter(state=CommissionState.OPEN)
    ]  # fmt: skip
    return Shown(waits_for=waits)


def feedback_of(documents: Iterable[UUID], viewer: Viewer) -> dict[UUID, ReportFeedback]:
    """What is asked of the readers of these documents, by document. One query."""
    rows = ReportFeedback.objects.visible_to(viewer).filter(document__in=list(documents))
    return {row.document: row for row in rows.filter(void=False)}
