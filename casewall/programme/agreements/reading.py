"""What the page of a case shows of its agreement and its releases."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse

from casewall.programme.agreements.lists import discharged_on, releases_of
from casewall.programme.agreements.models import Agreement, Release
from casewall.programme.agreements.rules import (
    GROUND_WORDS,
    HOW_WORDS,
    PURPOSE_WORDS,
    RECIPIENT_WORDS,
    SCOPE_WORDS,
    Ground,
    How,
    Purpose,
    Recipient,
    Scope,
    is_valid,
    last_day,
)
from casewall.programme.cases.lists import language_name, names_of
from casewall.programme.cases.models import Case
from casewall.programme.cases.parts import Shown
from casewall.programme.cases.rules import Stage
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer

_TOO_EARLY = (Stage.REFERRED, Stage.CONTACTED, Stage.ASSESSMENT_BOOKED)
"""Before an assessment the page does not offer a release; its section does."""


def worded_scope(codes: str) -> str:
    """What may be told, in words."""
    return "; ".join(SCOPE_WORDS[Scope(code)] for code in codes.split())


def signature_rows(signed: Any) -> list[tuple[str, Any]]:
    """What is kept of a signature besides the drawing."""
    rows = [
        ("Name, as typed", signed.typed_name),
        ("Where the sheet is kept", signed.filed),
        ("Witness", signed.witness),
    ]
    return [row for row in rows if row[1]]


def agreement_part(case: Case, viewer: Viewer, today: date) -> Shown:
    """The releases, and in the section the agreement and how long each release holds.

    One query, two more for the section.
    """
    releases = releases_of(case, viewer)
    may_release = bool(may_do(viewer.role, Duty.RELEASE))
    new = reverse("case_release", args=[case.pk])
    return Shown(
        entries=[entry for row in releases for entry in _entries(row)],
        steps=[("Record a release", new)] if may_release and case.stage not in _TOO_EARLY else [],
        template="programme/agreement_part.html",
        context=lambda: {
            "agreements": _agreements(case, viewer),
            "releases": [_shown(row, case, today, may_release) for row in releases],
            "release_url": new if may_release else "",
        },
    )


def _agreements(case: Case, viewer: Viewer) -> list[dict[str, Any]]:
    rows = list(
        Agreement.objects.visible_to(viewer).filter(case=case).order_by("-signed_on", "-id")
    )
    names = names_of(row.worker for row in rows)
    return [
        {
            "rows": [
                ("Signed on", row.signed_on),
                ("Text", f"Version {row.text_version}, in {language_name(row.language)}"),
                ("How", HOW_WORDS[How(row.how)]),
                *signature_rows(row),
                ("Gone through by", names.get(row.worker)),
            ],
            "url": reverse("agreement_copy", args=[row.pk]),
        }
        for row in rows
    ]


def _entries(row: Release) -> list[dict[str, Any]]:
    whom = f"{RECIPIENT_WORDS[Recipient(row.recipient)]}: {row.recipient_name}"
    label = ("Release", "teal")
    entries = [
        {
            "title": "Release signed",
            "when": row.starts_on,
            "by": row.worker,
            "text": whom,
            "label": label,
        }
    ]
    if row.withdrawn_on:
        text = "\n".join(filter(None, [whom, row.withdrawal_note]))
        entries.append(
            {
                "title": "Release taken back",
                "when": row.withdrawn_on,
                "by": "",
                "text": text,
                "label": ("Release", "grey"),
            }
        )
    return entries


def _shown(row: Release, case: Case, today: date, may_release: bool) -> dict[str, Any]:
    holds = is_valid(row, today, discharged_on(case))
    last = last_day(row.expires_on, discharged_on(case))
    until = f"{last:%-d %B %Y}" if last else "90 days after the case ends"
    if row.withdrawn_on:
        state = (f"Taken back from {row.withdrawn_on:%-d %B %Y}", "grey")
    elif today < row.starts_on:
        state = (f"Holds from {row.starts_on:%-d %B %Y}", "yellow")
    else:
        state = ("Holds", "green") if holds else ("Has run out", "grey")
    return {
        "heading": f"{RECIPIENT_WORDS[Recipient(row.recipient)]}: {row.recipient_name}",
        "state": state,
        "rows": [
            ("What for", PURPOSE_WORDS[Purpose(row.purpose)]),
            ("What may be told", worded_scope(row.scope)),
            ("Ground", GROUND_WORDS[Ground(row.ground)]),
            ("Holds from", row.starts_on),
            ("Holds until", until),
            ("How it was signed", HOW_WORDS[How(row.how)]),
            *signature_rows(row),
            *([("Limits", row.details)] if row.details else []),
        ],
        "withdraw": reverse("release_withdraw", args=[row.pk])
        if may_release and not row.withdrawn_on
        else "",
    }
