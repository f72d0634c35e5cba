"""What is shown of needs, declared families and help elsewhere, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import reverse

from casewall.programme.cases.history import stated_by_words
from casewall.programme.cases.models import Case
from casewall.programme.cases.parts import Shown
from casewall.programme.needs.models import (
    Circumstances,
    DeclaredChild,
    FamilyStatement,
    Need,
    OnwardReferral,
    SafeguardingReferral,
    ViolenceHistory,
)
from casewall.programme.needs.rules import (
    Concern,
    Declared,
    Help,
    HelpOutcome,
    Level,
    Lives,
    NeedKind,
    Of,
    SafeguardingOutcome,
    Since,
    Violence,
    in_words,
)
from casewall.programme.needs.words import words_of
from casewall.services.circumstance_rules import areas_of, months_in_words
from casewall.services.circumstance_rules import in_words as circumstances_in_words
from casewall.services.load import shipped
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer

_COLOURS = {
    Level.SERIOUS: "red",
    Level.SOME: "orange",
    Level.NONE: "grey",
    Level.NOT_KNOWN: "yellow",
}
_NOT_SAID = {True: "yes", False: "no", None: "not said"}


def needs_head(case: Case, viewer: Viewer, today: date) -> list[tuple[str, str]]:
    """Serious needs, on every page of a case. One query."""
    return _head(_newest_needs(case, viewer))


def _head(newest: Mapping[NeedKind, Need]) -> list[tuple[str, str]]:
    serious = [words_of(NeedKind, k).lower() for k, n in newest.items() if n.level == Level.SERIOUS]
    return [(f"Serious need: {', '.join(serious)}", "purple")] if serious else []


def needs_part(case: Case, viewer: Viewer, today: date) -> Shown:
    """Needs, the history of violence and help elsewhere. Two queries, two more for the section."""
    needs = _newest_needs(case, viewer)
    onward = list(
        OnwardReferral.objects.visible_to(viewer).filter(case=case).order_by("-made_on", "id")
    )
    refers = bool(may_do(viewer.role, Duty.REFER_ON))
    return Shown(
        entries=[entry for row in onward for entry in _onward_entries(row)],
        head=_head(needs),
        waits_for=_asks(onward, "Ask what came of the referral to", "onward_settle", refers),
        template="programme/needs.html",
        context=lambda: {
            "needs": [
                (
                    words_of(NeedKind, kind),
                    _need_tag(needs.get(kind)),
                    _stated(needs[kind]) if kind in needs else "",
                )
                for kind in NeedKind
            ],
            "violence": _violence_rows(case, viewer),
            "circumstances_columns": CIRCUMSTANCES_COLUMNS,
            "circumstances": _circumstances(case, viewer),
            "onward_columns": ONWARD_COLUMNS,
            "onward": [_onward_row(row, refers) for row in onward],
            "needs_steps": _steps(case, viewer, NEEDS_STEPS),
        },
    )


ONWARD_COLUMNS = ["To", "Kind of help", ("Referred on", "date"), "Outcome", ("Since", "date")]
CIRCUMSTANCES_COLUMNS = [
    ("As it was on", "date"), "Lives in", "Work", "Age at the referral", "Stated by",
]
SAFEGUARDING_COLUMNS = ["To", "About", ("Referred on", "date"), "Outcome", "Client told"]
NEEDS_STEPS = (
    ("Write down needs", "needs_state", Duty.RECORD_CONTACT),
    ("Write down the history of violence", "violence_state", Duty.RECORD_CONTACT),
    ("Write down where the client lives and works", "circumstances_state", Duty.RECORD_CONTACT),
    ("Refer to help elsewhere", "onward_new", Duty.REFER_ON),
)
FAMILY_STEPS = (
    ("Write down how many partners or children", "family_state", Duty.RECORD_CONTACT),
    ("Write down a child, as stated", "child_declare", Duty.RECORD_CONTACT),
    ("Make a safeguarding referral", "safeguarding_new", Duty.REFER_ON),
)


def _asks(rows: list[Any], what: str, name: str, refers: bool) -> list[dict[str, Any]]:
    """Outcomes that somebody should ask for."""
    return [
        {
            "what": f"{what} {getattr(row, 'agency', None) or row.made_to}",
            "due": row.ask_on,
            "url": reverse(name, args=[row.pk]) if refers else "",
        }
        for row in rows
        if row.ask_on
    ]


def family_part(case: Case, viewer: Viewer, today: date) -> Shown:
    """Children as stated, numbers as stated, and safeguarding referrals.

    One query, two more for the section.
    """
    referrals = list(
        SafeguardingReferral.objects.visible_to(viewer).filter(case=case).order_by("-made_on", "id")
    )
    refers = bool(may_do(viewer.role, Duty.REFER_ON))
    return Shown(
        entries=[entry for row in referrals for entry in _safeguarding_entries(row)],
        waits_for=_asks(referrals, "Ask for the decision of", "safeguarding_settle", refers),
        template="programme/family.html",
        context=lambda: {
            "numbers": _numbers(case, viewer),
            "children": _children(case, viewer),
            "safeguarding_columns": SAFEGUARDING_COLUMNS,
            "safeguarding": [_safeguarding_row(row, refers) for row in referrals],
            "family_steps": _steps(case, viewer, FAMILY_STEPS),
        },
    )


def _number(stated: FamilyStatement | None) -> str | None:
    return in_words(Declared(stated.answer), stated.number) if stated else None


def today_asks(viewer: Viewer, today: date, last: date) -> list[dict[str, Any]]:
    """Outcomes of referrals elsewhere that somebody should ask for until `last`."""
    if not may_do(viewer.role, Duty.REFER_ON):
        return []
    found = []
    for model, name in (
        (OnwardReferral, "onward_settle"),
        (SafeguardingReferral, "safeguarding_settle"),
    ):
        rows = (
            model.objects.visible_to(viewer)
            .filter(ask_on__lte=last)
            .select_related("case__client")
            .order_by("ask_on", "id")[:50]
        )
        found += [
            {
                "due": row.ask_on,
                "what": "Ask what came of a referral elsewhere:",
                "who": row.case.client.full_name,
                "url": reverse(name, args=[row.pk]),
                "tag": ("Elsewhere", "teal"),
            }
            for row in rows
        ]
    return found


def _numbers(case: Case, viewer: Viewer) -> list[tuple[str, Any]]:
    rows = FamilyStatement.objects.visible_to(viewer).filter(case=case)
    stated = {row.of: row for row in rows.order_by("stated_on", "id")}
    return [(words_of(Of, of), _number(stated.get(of))) for of in Of]


def _children(case: Case, viewer: Viewer) -> list[dict[str, Any]]:
    rows = DeclaredChild.objects.visible_to(viewer).filter(case=case)
    return [_child(row) for row in rows.order_by("-stated_on", "id")]


def _newest_needs(case: Case, viewer: Viewer) -> dict[NeedKind, Need]:
    newest: dict[NeedKind, Need] = {}
    for row in (
        Need.objects.visible_to(viewer).filter(case=case).order_by("stated_on", "recorded_at", "id")
    ):
        newest[NeedKind(row.kind)] = row
    return newest


def _steps(
    case: Case, viewer: Viewer, all_steps: tuple[tuple[str, str, Duty], ...]
) -> list[tuple[str, str]]:
    return [
        (label, reverse(name, args=[case.pk]))
        for label, name, duty in all_steps
        if may_do(viewer.role, duty)
    ]


def _need_tag(need: Need | None) -> tuple[str, str]:
    if need is None:
        return "Not asked yet", "grey"
    return words_of(Level, need.level), _COLOURS[Level(need.level)]


def _stated(row: Any) -> str:
    return f"{stated_by_words(row.stated_by)}, {row.stated_on:%-d %B %Y}"


def _violence_rows(case: Case, viewer: Viewer) -> list[tuple[str, Any]]:
    rows = ViolenceHistory.objects.visible_to(viewer).filter(case=case)
    row = rows.order_by("-stated_on", "-recorded_at").first()
    if row is None:
        return []
    kinds = ", ".join(words_of(Violence, kind).lower() for kind in row.kinds.split(",") if kind)
    return [
        ("For how long", words_of(Since, row.since)),
        *([("In months", months_in_words(row.months))] if row.months is not None else []),
        ("Kinds", kinds or "not said"),
        ("Earlier partners", _NOT_SAID[row.earlier_partners]),
        ("Ever convicted", _NOT_SAID[row.convicted]),
        ("Earlier help", row.earlier_help),
        ("Note", row.note),
        ("Stated by", _stated(row)),
    ]


def _circumstances(case: Case, viewer: Viewer) -> list[dict[str, Any]]:
    areas = areas_of(shipped().get(case.service))
    rows = Circumstances.objects.visible_to(viewer).filter(case=case)
    return [
        {
            "cells": [
                row.stated_on,
                *circumstances_in_words(row, areas),
                stated_by_words(row.stated_by),
            ]
        }
        for row in rows.order_by("-stated_on", "-recorded_at", "id")
    ]


def _onward_row(row: OnwardReferral, refers: bool) -> dict[str, Any]:
    return {
        "cells": [
            row.agency,
            words_of(Help, row.kind),
            row.made_on,
            words_of(HelpOutcome, row.outcome),
            row.outcome_on or "–",
        ],
        "url": reverse("onward_settle", args=[row.pk]) if refers else "",
    }


def _onward_entries(row: OnwardReferral) -> list[dict[str, Any]]:
    label = ("Help elsewhere", "teal")
    entries = [
        {
            "title": f"Referred on to {row.agency}",
            "when": row.made_on,
            "by": "",
            "text": row.note or "",
            "label": label,
        }
    ]
    if row.outcome_on:
        entries.append(
            {
                "title": f"{row.agency}: {words_of(HelpOutcome, row.outcome).lower()}",
                "when": row.outcome_on,
                "by": "",
                "text": "",
                "label": label,
            }
        )
    return entries


def _child(row: DeclaredChild) -> dict[str, Any]:
    return {
        "heading": f"Stated by {_stated(row)}",
        "rows": [
            ("Name, as stated", row.name),
            ("Born, as stated", row.born_on and date.fromisoformat(row.born_on)),
            ("Lives, as stated", words_of(Lives, row.lives)),
            ("Sees the client", _NOT_SAID[row.sees_client]),
        ],
    }


def _safeguarding_row(row: SafeguardingReferral, refers: bool) -> dict[str, Any]:
    return {
        "cells": [
            row.made_to,
            words_of(Concern, row.concern),
            row.made_on,
            words_of(SafeguardingOutcome, row.outcome),
            "yes" if row.client_told else "no",
        ],
        "url": reverse("safeguarding_settle", args=[row.pk]) if refers else "",
    }


def _safeguarding_entries(row: SafeguardingReferral) -> list[dict[str, Any]]:
    label = ("Safeguarding", "red")
    entries = [
        {
            "title": f"Safeguarding referral to {row.made_to}",
            "when": row.made_on,
            "by": "",
            "text": row.reason,
            "label": label,
        }
    ]
    if row.outcome_on:
        entries.append(
            {
                "title": f"{row.made_to}: {words_of(SafeguardingOutcome, row.outcome).lower()}",
                "when": row.outcome_on,
                "by": "",
                "text": "",
                "label": label,
            }
        )
    return entries
