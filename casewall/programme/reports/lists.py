"""Lists of documents: those of a case, those that wait for a check, those that a referrer sees."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.timezone import localdate

from casewall.programme.cases.lists import names_of
from casewall.programme.cases.models import Case
from casewall.programme.cases.once import once
from casewall.programme.cases.parts import Shown
from casewall.programme.courses.reading import acts_of
from casewall.programme.courses.rules import ActState
from casewall.programme.reports.models import Document
from casewall.programme.reports.rules import (
    FOR_ACT,
    KIND_WORDS,
    NEEDS,
    SHOWN_TO_REFERRER,
    TO_THE_CLIENT,
    Kind,
    State,
)
from casewall.programme.risk.commissions.reading import feedback_of
from casewall.wall.duties import Duty, may_do
from casewall.wall.ids import new_id
from casewall.wall.sides import Role, Viewer

STATE_TAGS: dict[State, tuple[str, str]] = {
    State.DRAFT: ("Waits for a check", "yellow"),
    State.CHECKED: ("Checked", "teal"),
    State.ISSUED: ("Issued", "green"),
    State.WITHDRAWN: ("Withdrawn", "grey"),
}
MOST_SHOWN = 50
"""Documents of one list; a case has a few."""


def state_tag(document: Document) -> tuple[str, str]:
    """The state of a document as a tag; a draft that was returned says so."""
    if document.state == State.DRAFT and document.returned_at is not None:
        return "Returned", "orange"
    return STATE_TAGS[State(document.state)]


def documents_of(case: Case, viewer: Viewer) -> list[Document]:
    """The documents of a case that this viewer sees, newest first."""
    return list(
        Document.objects.visible_to(viewer)
        .filter(case=case)
        .defer("facts", "entries", "checked_text")
        .order_by("-written_at", "-id")[:MOST_SHOWN]
    )


def released_to_referrer(case: Case, viewer: Viewer) -> list[Document]:
    """The reports of a case that were issued to the agency that referred it.

    A referrer sees those of own referrals; for every other viewer it is the same list, narrowed
    to what that viewer sees of the case.
    """
    return list(
        Document.objects.visible_to(viewer)
        .filter(case=case, state=State.ISSUED, kind__in=SHOWN_TO_REFERRER, to_referrer=True)
        .defer("facts", "entries", "checked_text")
        .order_by("-issued_on", "-id")
    )


def waiting_for_check(viewer: Viewer) -> list[Document]:
    """Drafts that this viewer may check: written by somebody else and not returned."""
    if not may_do(viewer.role, Duty.ISSUE_DOCUMENT):
        return []
    return list(
        Document.objects.visible_to(viewer)
        .filter(state=State.DRAFT, returned_at=None)
        .exclude(written_by=viewer.worker)
        .select_related("case__client")
        .defer("facts", "entries")
        .order_by("written_at", "id")[:MOST_SHOWN]
    )


def returned_to(viewer: Viewer) -> list[Document]:
    """Drafts of this viewer that came back with a word on what must change."""
    return list(
        Document.objects.visible_to(viewer)
        .filter(state=State.DRAFT, written_by=viewer.worker, returned_at__isnull=False)
        .select_related("case__client")
        .defer("facts", "entries")
        .order_by("returned_at", "id")[:MOST_SHOWN]
    )


def today_documents(viewer: Viewer, today: date, last: date) -> list[dict[str, Any]]:
    """For the first page: documents that wait for a check, and those that came back."""
    if not may_do(viewer.role, Duty.WRITE_DOCUMENT):
        return []
    return [
        *(
            _item(
                document,
                "Check a document:",
                localdate(document.written_at),
                reverse("document_check", args=[document.pk]),
            )
            for document in waiting_for_check(viewer)
        ),
        *(
            _item(
                document,
                "Change a returned document:",
                localdate(document.returned_at or document.written_at),
                reverse("document", args=[document.pk]),
            )
            for document in returned_to(viewer)
        ),
    ]


def _item(document: Document, what: str, due: date, url: str) -> dict[str, Any]:
    return {
        "due": due,
        "what": what,
        "who": document.case.client.full_name,
        "url": url,
        "tag": ("Document", "blue"),
        "note": KIND_WORDS[Kind(document.kind)],
    }


# --- the part of the case page -------------------------------------------------------------------

COLUMNS = ["Document", ("State", "tag"), ("Written", "date"), ("Issued", "date"), "By"]
REFERRER_COLUMNS = ["Report", ("Issued", "date")]


def documents_part(case: Case, viewer: Viewer, today: date) -> Shown:
    """The documents of a case. A referrer has the reports that were issued, and nothing else."""
    if viewer.role is Role.REFERRER:
        reports = released_to_referrer(case, viewer)
        asked = feedback_of([one.pk for one in reports], viewer)
        return Shown(
            template="programme/reports/released.html",
            context={
                "released_columns": REFERRER_COLUMNS,
                "released": [
                    {
                        "cells": [name_of(document), document.issued_on],
                        "url": reverse("document", args=[document.pk]),
                    }
                    for document in reports
                ],
                "to_answer": [
                    (name_of(document), reverse("report_feedback", args=[asked[document.pk].pk]))
                    for document in reports
                    if document.pk in asked and not asked[document.pk].usefulness
                ],
            },
        )
    documents = documents_of(case, viewer)
    writes = bool(may_do(viewer.role, Duty.WRITE_DOCUMENT))
    acts = acts_without_letter(case, viewer, documents) if writes else []
    return Shown(
        entries=[_entry(document) for document in documents if document.issued_on is not None],
        waits_for=_waits_for(documents, viewer, acts),
        template="programme/reports/part.html",
        context=lambda: {
            "document_columns": COLUMNS,
            "documents": _rows(documents),
            "writes_documents": writes,
            "document_acts": acts,
            "document_form": new_id(),
            "document_kinds": _kinds(case) if writes else [],
        },
    )


def name_of(document: Document) -> str:
    """What a document is, with its edition where there was one before."""
    words = KIND_WORDS[Kind(document.kind)]
    return f"{words}, edition {document.edition}" if document.edition > 1 else words


def _rows(documents: list[Document]) -> list[dict[str, Any]]:
    names = names_of(document.written_by for document in documents)
    return [
        {
            "cells": [
                name_of(document),
                state_tag(document),
                localdate(document.written_at),
                document.issued_on or "–",
                names.get(document.written_by, ""),
            ],
            "url": reverse("document", args=[document.pk]),
        }
        for document in documents
    ]


def _entry(document: Document) -> dict[str, Any]:
    return {
        "title": name_of(document),
        "when": document.issued_on,
        "by": document.written_by,
        "text": "To " + str(document.recipient),
        "label": ("Document", "blue"),
        "url": reverse("document", args=[document.pk]),
    }


def _waits_for(
    documents: Iterable[Document], viewer: Viewer, acts: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    issues = bool(may_do(viewer.role, Duty.ISSUE_DOCUMENT))
    rows = [
        {
            "what": f"{act['label']}: write it",
            "due": act["due"],
            "url": f"{reverse('case', args=[act['case']])}?show=documents",
        }
        for act in acts
    ]
    for document in documents:
        if document.state == State.DRAFT:
            checks = issues and document.written_by != viewer.worker
            rows.append(
                {
                    "what": f"{name_of(document)}: "
                    + ("returned to its writer" if document.returned_at else "waits for a check"),
                    "due": localdate(document.returned_at or document.written_at),
                    "url": reverse("document_check" if checks else "document", args=[document.pk]),
                }
            )
        elif document.state == State.CHECKED:
            rows.append(
                {
                    "what": f"{name_of(document)}: checked, to be issued",
                    "due": localdate(document.checked_at),
                    "url": reverse("document", args=[document.pk]),
                }
            )
    return rows


def acts_without_letter(
    case: Case, viewer: Viewer, documents: Iterable[Document]
) -> list[dict[str, Any]]:
    """Accepted acts of the absence ladder that ask for a letter which nobody has written."""
    written = {document.act for document in documents if document.state != State.WITHDRAWN}
    rows = [
        act
        for act in once(acts_of, case, viewer)
        if act.state == ActState.ACCEPTED and act.kind in FOR_ACT
    ]
    return [
        {
            "label": KIND_WORDS[FOR_ACT[act.kind]],
            "due": localdate(act.due_at),
            "case": case.pk,
            "url": reverse("document_for_act", args=[act.pk]),
        }
        for act in sorted(rows, key=lambda act: (act.due_at, act.pk))
        if act.pk not in written
    ]


def _kinds(case: Case) -> list[dict[str, Any]]:
    """Every kind, with the address that writes it; some can be written with one click."""
    return [
        {
            "label": KIND_WORDS[kind],
            "url": reverse("document_new", args=[case.pk, kind]),
            "at_once": not _asks(kind),
            "to_client": kind in TO_THE_CLIENT,
        }
        for kind in Kind
    ]


def _asks(kind: Kind) -> bool:
    """Whether a kind needs something that only its writer knows."""
    return any(name.startswith("meeting_") for name, _ in NEEDS[kind])
