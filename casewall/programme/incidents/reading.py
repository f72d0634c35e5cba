"""What is shown of incidents, proceedings and custody, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Value
from django.urls import reverse

from casewall.programme.cases.models import Case
from casewall.programme.cases.once import once
from casewall.programme.cases.parts import Shown
from casewall.programme.incidents.models import (
    AskedSpan,
    CourtDay,
    CustodySpan,
    Incident,
    IncidentReview,
    Proceeding,
)
from casewall.programme.incidents.rules import (
    AHEAD_DAYS,
    Custody,
    Follows,
    Form,
    Kind,
    Source,
)
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
from casewall.programme.incidents.words import listed, words_of
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer

MOST = 50
INCIDENT_COLUMNS = ["What", "When", "How grave", "Source", "Decision"]
CUSTODY_COLUMNS = ["Why", ("From", "date"), "Until", "Source"]
STEPS = (
    ("Record an incident", "incident_new"),
    ("Record a proceeding or an order", "proceeding_new"),
    ("Record custody", "custody_new"),
    ("Record that a source was asked", "asked_new"),
)


def incidents_of(case: Case, viewer: Viewer) -> list[Incident]:
    """The incidents of a case, corrected ones too, without their texts."""
    return list(Incident.objects.visible_to(viewer).filter(case=case).defer("what"))


def proceedings_of(case: Case, viewer: Viewer) -> list[Proceeding]:
    """The proceedings and orders of a case, the one that began last first."""
    rows = Proceeding.objects.visible_to(viewer).filter(case=case)
    return list(rows.order_by("-began_on", "id"))


def incidents_part(case: Case, viewer: Viewer, today: date) -> Shown:
    """Incidents, decisions, proceedings and custody: five queries, one more for the section."""
    incidents = once(incidents_of, case, viewer)
    reviews = list(IncidentReview.objects.visible_to(viewer).filter(case=case))
    proceedings = once(proceedings_of, case, viewer)
    days = list(CourtDay.objects.visible_to(viewer).filter(case=case).order_by("held_on", "id"))
    custody = list(
        CustodySpan.objects.visible_to(viewer).filter(case=case).order_by("-first_on", "id")
    )
    standing = newest(incidents)
    open_reviews = [row for row in reviews if row.decided_on is None]
    may = bool(may_do(viewer.role, Duty.RECORD_INCIDENT))
    return Shown(
        entries=[
            *incident_entries(standing, lambda row: reverse("incident", args=[row.pk])),
            *proceeding_entries(proceedings, days, lambda row: reverse("proceeding",
                                                                       args=[row.pk])),
            *_custody_entries(custody),
        ],
        waits_for=[
            *_reviews_wait(open_reviews, viewer),
            *court_waits(proceedings, days, today, may, "court_day_settle", "proceeding"),
        ],
        steps=[(label, reverse(name, args=[case.pk])) for label, name in STEPS if may],
        head=_head(
            [row.danger for row in open_reviews],
            [row.first_on for row in custody if row.last_on is None and not row.taken_back],
        ),
        template="incidents/section.html",
        context=lambda: {
            "incident_columns": INCIDENT_COLUMNS,
            "incidents": [_incident_row(row, reviews) for row in standing],
            "proceeding_columns": PROCEEDING_COLUMNS,
            "proceedings": [
                proceeding_row(row, days, today, "proceeding") for row in proceedings
            ],
            "custody_columns": CUSTODY_COLUMNS,
            "custody": [_custody_row(row, may) for row in custody],
            "asked_columns": ASKED_COLUMNS,
            "asked": asked_rows(AskedSpan.objects.visible_to(viewer).filter(case=case)),
            "incident_steps": [
                (label, reverse(name, args=[case.pk])) for label, name in STEPS if may
            ],
        },
    )


def _custody_entries(rows: Iterable[CustodySpan]) -> Iterator[dict[str, Any]]:
    for row in rows:
        if not row.taken_back:
            yield {"title": f"In custody: {words_of(Custody, row.why).lower()}",
                   "when": row.first_on, "by": row.worker, "text": "",
                   "label": ("Custody", "purple")}
            if row.last_on:
                yield {"title": "Out of custody", "when": row.last_on, "by": row.worker,
                       "text": "", "label": ("Custody", "purple")}


def incidents_head(case: Case, viewer: Viewer, today: date) -> list[tuple[str, str]]:
    """Decisions that wait and custody: what every page of a case says. One query."""
    reviews = IncidentReview.objects.visible_to(viewer).filter(case=case, decided_on=None)
    custody = CustodySpan.objects.visible_to(viewer).filter(
        case=case, last_on=None, taken_back=False)
    rows = reviews.order_by().values_list(Value("review"), "danger", "due_on").union(
        custody.order_by().values_list(Value("custody"), Value(False), "first_on"))
    found = list(rows)
    return _head([danger for source, danger, _ in found if source == "review"],
                 [day for source, _, day in found if source == "custody"])


def _head(undecided: list[bool], held: list[date]) -> list[tuple[str, str]]:
    """`undecided`: for each open review whether it is of a danger; `held`: days custody began."""
    flags = []
    if any(undecided):
        flags.append(("Sign of danger: no decision yet", "red"))
    elif undecided:
        flags.append(("New violence: no decision yet", "orange"))
    if held:
        flags.append((f"In custody since {min(held):%-d %B %Y}", "purple"))
    return flags


def _review_words(row: IncidentReview) -> str:
    said = "a sign of danger" if row.danger else "new violence since the referral"
    return f"Decide what follows from {said}"


def _reviews_wait(rows: list[IncidentReview], viewer: Viewer) -> Iterator[dict[str, Any]]:
    decides = bool(may_do(viewer.role, Duty.SIGN_OFF))
    for row in rows:
        yield {"what": _review_words(row), "due": row.due_on,
               "url": reverse("incident_review", args=[row.pk]) if decides else ""}


def _incident_row(row: Incident, reviews: list[IncidentReview]) -> dict[str, Any]:
    review = next((one for one in reviews if one.incident_id == row.pk), None)
    decision = "no decision needed"
    if review is not None:
        decision = (words_of(Follows, review.follows) if review.decided_on
                    else f"due on {review.due_on:%-d %B %Y}")
    if row.taken_back:
        decision = "taken back"
    return {
        "cells": [listed(Form, row.forms), when_words(row), severity_words(row),
                  words_of(Source, row.source), decision],
        "url": reverse("incident", args=[row.pk]),
    }


def _custody_row(row: CustodySpan, may: bool) -> dict[str, Any]:
    until = f"{row.last_on:%-d %B %Y}" if row.last_on else "still there"
    return {
        "cells": [words_of(Custody, row.why), row.first_on,
                  "written down by mistake" if row.taken_back else until,
                  words_of(Source, row.source)],
        "url": reverse("custody_change", args=[row.pk]) if may and not row.taken_back else "",
    }


def today_items(viewer: Viewer, today: date, last: date) -> list[dict[str, Any]]:
    """Decisions, hearings of the coming days and ends of orders that wait: three queries."""
    found: list[dict[str, Any]] = []
    if may_do(viewer.role, Duty.SIGN_OFF):
        rows = (
            IncidentReview.objects.visible_to(viewer)
            .filter(decided_on=None)
            .select_related("case__client")
            .order_by("due_on", "id")[:MOST]
        )
        found += [
            _item(row, f"{_review_words(row)}:", row.due_on,
                  reverse("incident_review", args=[row.pk]),
                  ("Danger", "red") if row.danger else ("New violence", "orange"))
            for row in rows
        ]
    if may_do(viewer.role, Duty.RECORD_INCIDENT):
        found += _court_items(viewer, today)
    return found


def _court_items(viewer: Viewer, today: date) -> Iterator[dict[str, Any]]:
    ahead = today + timedelta(days=AHEAD_DAYS)
    days = (
        CourtDay.objects.visible_to(viewer)
        .filter(outcome="", held_on__lte=ahead)
        .select_related("case__client", "proceeding")
        .order_by("held_on", "id")[:MOST]
    )
    for day in days:
        what = hearing_words(day, words_of(Kind, day.proceeding.kind), today)
        yield _item(day, f"{what}:", day.held_on, reverse("court_day_settle", args=[day.pk]),
                    ("Hearing", "blue"))
    ends = (
        Proceeding.objects.visible_to(viewer)
        .filter(ended_on=None, until_on__lte=ahead)
        .select_related("case__client")
        .order_by("until_on", "id")[:MOST]
    )
    for row in ends:
        yield _item(row, f"{expiry_words(row)}:", row.until_on,
                    reverse("proceeding", args=[row.pk]), ("Order", "blue"))


def _item(row: Any, what: str, due: date, url: str, tag: tuple[str, str]) -> dict[str, Any]:
    return {"due": due, "what": what, "who": row.case.client.full_name, "url": url, "tag": tag}
