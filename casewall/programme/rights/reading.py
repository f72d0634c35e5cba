"""What is shown of requests, restrictions, complaints and breaches. Both sides use the rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse

from casewall.programme.cases.models import Case
from casewall.programme.cases.parts import Shown
from casewall.programme.rights.models import AccessRequest, Complaint, PersonStatement, Restriction
from casewall.programme.rights.rules import (
    BECAUSE_WORDS,
    DECIDED_WORDS,
    HOW_WORDS,
    IDENTITY_WORDS,
    RIGHT_WORDS,
    STATE_WORDS,
    Because,
    Decided,
    How,
    Identity,
    Right,
    State,
    answer_due,
    release_day,
    starts_on,
)
from casewall.programme.rights.shown import COMPLAINT_COLUMNS, complaint_items, complaint_row
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer

Facts = list[tuple[str, Any]]
Names = Mapping[UUID, str]
MOST = 50
REQUEST_COLUMNS = ["What is asked", ("Came on", "date"), "Where it stands"]


def due_of(row: AccessRequest) -> date:
    """The day by which the next step of a request on this side is due."""
    start = starts_on(row.received_on, row.identity_on)
    return answer_due(start or row.received_on)


def request_facts(row: AccessRequest, names: Names) -> Facts:
    """A request as rows of label and value."""
    start = starts_on(row.received_on, row.identity_on)
    facts: Facts = [
        ("Where it stands", STATE_WORDS[State(row.state)]),
        ("Came on", row.received_on),
        ("How", HOW_WORDS[How(row.how)]),
        ("Who asks was made sure by", IDENTITY_WORDS[Identity(row.identity)]),
        ("On", row.identity_on),
        ("In the client's own words", row.asks),
        ("Taken in by", names.get(row.worker)),
    ]
    if row.asked_for == Right.ACCESS:
        facts.append(("The answer leaves on", release_day(start) if start else None))
        if row.items is not None:
            facts.append(("Records collected", row.items))
    else:
        facts.append(("To be decided by", answer_due(start) if start else None))
    if row.decided_on:
        facts += [
            ("Decision", DECIDED_WORDS[Decided(row.decision)]), ("Why", row.decision_reason),
            ("Decided on", row.decided_on), ("By", names.get(row.decided_by)),
        ]  # fmt: skip
    return facts


def request_steps(row: AccessRequest, viewer: Viewer) -> list[tuple[str, str]]:
    """What can be done with a request now."""
    steps = []
    takes = bool(may_do(viewer.role, Duty.TAKE_REQUEST))
    if takes and row.state == State.TAKEN and row.identity_on is None:
        steps.append(("Make sure who asks", reverse("rights_identity", args=[row.pk])))
    if takes:
        steps.append(("Add the client's statement", reverse("rights_statement", args=[row.pk])))
    decides = may_do(viewer.role, Duty.ERASE) and row.asked_for != Right.ACCESS
    if decides and row.state == State.TAKEN and row.identity_on is not None:
        steps.append(("Decide the request", reverse("rights_decide", args=[row.pk])))
    return steps


def rights_part(case: Case, viewer: Viewer, today: date) -> Shown:
    """Requests, statements, restrictions and complaints of a case: four queries."""
    requests = list(
        AccessRequest.objects.visible_to(viewer).filter(case=case).order_by("-received_on", "id")
    )
    statements = list(
        PersonStatement.objects.visible_to(viewer).filter(case=case).order_by("-recorded_at")
    )
    restrictions = list(
        Restriction.objects.visible_to(viewer).filter(case=case).order_by("-from_on", "id")
    )
    complaints = list(
        Complaint.objects.visible_to(viewer).filter(case=case).defer("what", "answer", "learning")
        .order_by("-received_on", "id")
    )  # fmt: skip
    standing = next((row for row in restrictions if row.ended_on is None), None)
    return Shown(
        waits_for=[
            {"what": RIGHT_WORDS[Right(row.asked_for)], "due": due_of(row),
             "url": reverse("rights_request", args=[row.pk])}
            for row in requests if row.state == State.TAKEN
        ],
        steps=_steps(case, viewer, standing),
        flags=[("File restricted: nothing is sent", "red")] if standing else [],
        entries=[
            {"title": f"The client asked: {RIGHT_WORDS[Right(row.asked_for)].lower()}",
             "when": row.received_on, "by": row.worker, "text": "", "label": ("Rights", "grey"),
             "url": reverse("rights_request", args=[row.pk])}
            for row in requests
        ],
        template="rights/section.html",
        context=lambda: {
            "request_columns": REQUEST_COLUMNS,
            "requests": [_request_row(row) for row in requests],
            "own_statements": statements,
            "restriction_columns": ["Why", ("From", "date"), "Until"],
            "restrictions": [_restriction_row(row) for row in restrictions],
            "complaint_columns": COMPLAINT_COLUMNS,
            "complaints": [
                complaint_row(row, reverse("complaint", args=[row.pk])) for row in complaints
            ],
            "rights_steps": _steps(case, viewer, standing),
        },
    )  # fmt: skip


def _steps(case: Case, viewer: Viewer, standing: Restriction | None) -> list[tuple[str, str]]:
    steps = []
    if may_do(viewer.role, Duty.TAKE_REQUEST):
        steps.append(("Take in what the client asks", reverse("rights_ask", args=[case.pk])))
        if standing is None:
            steps.append(("Restrict the file", reverse("rights_restrict", args=[case.pk])))
    if standing is not None and may_do(viewer.role, Duty.HOLD_RECORDS):
        steps.append(("Lift the restriction", reverse("rights_lift", args=[standing.pk])))
    if may_do(viewer.role, Duty.COMPLAINTS):
        steps.append(("Write a complaint down", reverse("case_complaint", args=[case.pk])))
    return steps


def _request_row(row: AccessRequest) -> dict[str, Any]:
    state = STATE_WORDS[State(row.state)]
    if row.decided_on:
        state = DECIDED_WORDS[Decided(row.decision)]
    return {
        "cells": [RIGHT_WORDS[Right(row.asked_for)], row.received_on, state],
        "url": reverse("rights_request", args=[row.pk]),
    }


def _restriction_row(row: Restriction) -> dict[str, Any]:
    until = f"{row.ended_on:%-d %B %Y}" if row.ended_on else "still restricted"
    return {"cells": [BECAUSE_WORDS[Because(row.because)], row.from_on, until]}








def today_items(viewer: Viewer, today: date, last: date) -> list[dict[str, Any]]:
    """Requests to be collected or decided, and complaints to be answered: two queries."""
    found: list[dict[str, Any]] = []
    if may_do(viewer.role, Duty.TAKE_REQUEST):
        rows = (
            AccessRequest.objects.visible_to(viewer).filter(state=State.TAKEN)
            .select_related("case__client").order_by("received_on", "id")[:MOST]
        )  # fmt: skip
        for row in rows:
            found.append({
                "due": _next_due(row), "what": f"{_next_words(row)}:",
                "who": row.case.client.full_name, "tag": ("Rights", "blue"),
                "url": reverse("rights_request", args=[row.pk]),
            })  # fmt: skip
    if may_do(viewer.role, Duty.COMPLAINTS):
        found += complaint_items(Complaint.objects.visible_to(viewer), "complaint")
    return found


def _next_due(row: AccessRequest) -> date:
    if row.asked_for == Right.ACCESS:
        # The review needs the weeks: the file is collected at once.
        return row.received_on
    return due_of(row)


def _next_words(row: AccessRequest) -> str:
    if row.identity_on is None:
        return "Make sure who asks for the own record"
    if row.asked_for == Right.ACCESS:
        return "Collect the file for a copy"
    return "Decide what the client asks of the record"
