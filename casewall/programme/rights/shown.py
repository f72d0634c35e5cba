"""Complaints and reports of breaches as rows and facts: without models, for both sides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.urls import reverse

from casewall.programme.rights.rules import (
    ABOUT_WORDS,
    FROM_WORDS,
    MISHAP_WORDS,
    OUTCOME_WORDS,
    About,
    Affected,
    From,
    Mishap,
    Outcome,
    complaint_due,
)

Facts = list[tuple[str, Any]]
Names = Mapping[UUID, str]
MOST = 50
COMPLAINT_COLUMNS = ["About", "From", ("Came on", "date"), "Where it stands"]
BREACH_COLUMNS = ["What went wrong", ("Found", "date"), "Whose data"]


def complaint_state(row: Any) -> str:
    """Where a complaint stands, in words."""
    if row.answered_on:
        return OUTCOME_WORDS[Outcome(row.outcome)]
    due = complaint_due(row.received_on, bool(row.acknowledged_on), False)
    step = "answer" if row.acknowledged_on else "acknowledge"
    return f"{step} by {due:%-d %B %Y}"


def complaint_row(row: Any, url: str) -> dict[str, Any]:
    """A complaint as a row of a list."""
    return {
        "cells": [ABOUT_WORDS[About(row.about)], FROM_WORDS[From(row.came_from)],
                  row.received_on, complaint_state(row)],
        "url": url,
    }  # fmt: skip


def complaint_facts(row: Any, names: Names) -> Facts:
    """A complaint as rows of label and value."""
    facts: Facts = [
        ("About", ABOUT_WORDS[About(row.about)]),
        ("From", FROM_WORDS[From(row.came_from)]),
        ("The complaint", row.what),
        ("Came on", row.received_on),
        ("Written down by", names.get(row.worker)),
        ("Acknowledged on", row.acknowledged_on),
    ]
    if row.answered_on:
        facts += [
            ("Answered on", row.answered_on), ("Answered by", names.get(row.answered_by)),
            ("What came of it", OUTCOME_WORDS[Outcome(row.outcome)]), ("The answer", row.answer),
            ("What is done differently", row.learning),
        ]  # fmt: skip
    else:
        facts.append(("Next", complaint_state(row)))
    return facts


def affected_of(row: Any) -> Affected:
    """The numbers of a report of a breach."""
    return Affected(row.clients, row.partners, row.children, row.workers)


def breach_row(row: Any, url: str) -> dict[str, Any]:
    """A report of a breach as a row of a list."""
    words = MISHAP_WORDS[Mishap(row.mishap)] + (" (near miss)" if row.near_miss else "")
    return {"cells": [words, row.found_at, affected_of(row).in_words()], "url": url}


def breach_facts(row: Any, names: Names) -> Facts:
    """A report of a breach as rows of label and value."""
    return [
        ("What went wrong", MISHAP_WORDS[Mishap(row.mishap)]),
        ("It reached somebody", "no, a near miss" if row.near_miss else "yes, or not known"),
        ("What happened", row.what),
        ("Happened on", row.happened_on),
        ("Found", row.found_at),
        ("Whose data", affected_of(row).in_words()),
        ("Reported", row.reported_at),
        ("Reported by", names.get(row.reported_by)),
    ]


def complaint_items(rows: Any, page: str) -> list[dict[str, Any]]:
    """Complaints that wait for an acknowledgement or an answer, as items of a day."""
    waiting = (
        rows.filter(answered_on=None).defer("what", "answer", "learning")
        .order_by("received_on", "id")[:MOST]
    )  # fmt: skip
    return [
        {
            "due": complaint_due(row.received_on, bool(row.acknowledged_on), False),
            "what": "Answer a complaint" if row.acknowledged_on else "Acknowledge a complaint",
            "tag": ("Complaint", "orange"), "url": reverse(page, args=[row.pk]),
        }
        for row in waiting
    ]  # fmt: skip
