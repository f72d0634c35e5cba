"""What a page says of incidents and proceedings, of whichever side: no records are read here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse

from casewall.programme.incidents.rules import (
    AHEAD_DAYS,
    DayOutcome,
    Ended,
    Form,
    Kind,
    Severity,
    Sign,
    Source,
)
from casewall.programme.incidents.words import listed, words_of

PROCEEDING_COLUMNS = ["What", ("Since", "date"), "Until", "Next hearing", "Source"]
DAY_COLUMNS = [("On", "date"), "At", "What came of it", "In words"]
ASKED_COLUMNS = ["Who was asked", ("From", "date"), ("Until", "date")]
Rows = list[dict[str, Any]]


def newest(rows: Iterable[Any]) -> list[Any]:
    """Incidents as they stand: what a later row corrects is left out, the latest day first."""
    found = list(rows)
    corrected = {row.corrects_id for row in found if row.corrects_id}
    standing = [row for row in found if row.pk not in corrected]
    return sorted(standing, key=lambda row: (row.happened_on, row.recorded_at), reverse=True)


def when_words(row: Any) -> str:
    """The day of an incident, and whether it is sure."""
    return f"{row.happened_on:%-d %B %Y}" if row.exact else f"around {row.happened_on:%-d %B %Y}"


def severity_words(row: Any) -> str:
    """How grave an incident was, or that nobody rated it."""
    return words_of(Severity, row.severity) if row.severity else "not rated"


def incident_entries(rows: Iterable[Any], url_of: Callable[[Any], str]) -> Iterator[dict[str, Any]]:
    """Incidents in the timeline, on the day on which they happened."""
    for row in rows:
        said = [words_of(Source, row.source), severity_words(row)]
        if row.signs:
            said.append(listed(Sign, row.signs))
        if row.taken_back:
            said.append("Written down by mistake")
        yield {
            "title": f"Incident: {listed(Form, row.forms).lower()}",
            "when": row.happened_on,
            "by": row.worker,
            "text": ". ".join(said) + ".",
            "label": ("Taken back", "grey") if row.taken_back
            else ("Danger", "red") if row.signs else ("Incident", "orange"),
            "url": url_of(row),
        }


def proceeding_entries(
    rows: Iterable[Any], days: Iterable[Any], url_of: Callable[[Any], str]
) -> Iterator[dict[str, Any]]:
    """What was begun, heard and ended, each on its day."""
    known = {row.pk: row for row in rows}
    for row in known.values():
        what = words_of(Kind, row.kind)
        label = ("Police or court", "blue")
        yield {"title": f"{what}: begun", "when": row.began_on, "by": row.worker, "label": label,
               "text": f"{words_of(Source, row.source)}.", "url": url_of(row)}
        if row.ended_on:
            yield {"title": f"{what}: {words_of(Ended, row.ended_how).lower()}", "text": "",
                   "when": row.ended_on, "by": row.worker, "label": label, "url": url_of(row)}
    for day in days:
        if day.outcome and day.proceeding_id in known:
            row = known[day.proceeding_id]
            yield {"title": f"{words_of(Kind, row.kind)}, hearing: "
                            f"{words_of(DayOutcome, day.outcome).lower()}",
                   "when": day.held_on, "by": day.worker, "text": day.note or "",
                   "label": ("Hearing", "blue"), "url": url_of(row)}


def court_waits(
    proceedings: Iterable[Any], days: Iterable[Any], today: date, may: bool, settle: str, show: str
) -> Iterator[dict[str, Any]]:
    """Hearings and ends of orders in the coming days, and hearings whose outcome is not known."""
    last = today + timedelta(days=AHEAD_DAYS)
    kinds = {row.pk: words_of(Kind, row.kind) for row in proceedings}
    for day in days:
        if not day.outcome and day.held_on <= last and day.proceeding_id in kinds:
            yield {"what": hearing_words(day, kinds[day.proceeding_id], today),
                   "due": day.held_on, "url": reverse(settle, args=[day.pk]) if may else ""}
    for row in proceedings:
        if row.ended_on is None and row.until_on and row.until_on <= last:
            yield {"what": expiry_words(row), "due": row.until_on,
                   "url": reverse(show, args=[row.pk])}


def hearing_words(day: Any, kind: str, today: date) -> str:
    """What a day in court asks for: to be there in mind before it, its outcome after it."""
    if day.held_on < today:
        return f"Ask what came of the hearing ({kind.lower()})"
    at = f" at {day.at_time:%H:%M}" if day.at_time else ""
    return f"Hearing{at} ({kind.lower()})"


def expiry_words(row: Any) -> str:
    """That an order ends, and what to ask."""
    return f"{words_of(Kind, row.kind)} ends: ask whether it is renewed"


def next_day(row: Any, days: Iterable[Any], today: date) -> str:
    """The next day in court of a proceeding, in words."""
    ahead = [day for day in days
             if day.proceeding_id == row.pk and day.held_on >= today and not day.outcome]
    return f"{ahead[0].held_on:%-d %B %Y}" if ahead else "none set"


def until_words(row: Any) -> str:
    """Until when a proceeding holds, or how it ended."""
    if row.ended_on:
        return f"{words_of(Ended, row.ended_how)}, {row.ended_on:%-d %B %Y}"
    return f"{row.until_on:%-d %B %Y}" if row.until_on else "goes on"


def proceeding_row(row: Any, days: Iterable[Any], today: date, show: str) -> dict[str, Any]:
    """One proceeding in the table of a section."""
    return {
        "cells": [words_of(Kind, row.kind), row.began_on, until_words(row),
                  next_day(row, days, today), words_of(Source, row.source)],
        "url": reverse(show, args=[row.pk]),
    }


def asked_rows(rows: Any) -> Rows:
    """Who was asked about which days, the latest first."""
    return [{"cells": [words_of(Source, row.source), row.first_on, row.last_on]}
            for row in rows.order_by("-last_on", "id")]


def incident_facts(row: Any) -> list[tuple[str, Any]]:
    """Everything that is kept of an incident, for its own page."""
    return [
        ("Kind of violence", listed(Form, row.forms)),
        ("Signs of danger to life", listed(Sign, row.signs) or "none chosen"),
        ("How grave", severity_words(row)),
        ("When", when_words(row)),
        ("Source", words_of(Source, row.source)),
        ("Told on", row.told_on),
        ("In words", row.what),
    ]


def proceeding_facts(row: Any) -> list[tuple[str, Any]]:
    """Everything that is kept of a proceeding, for its own page."""
    return [
        ("Since", row.began_on),
        ("Until", until_words(row)),
        ("Police station or court", row.court),
        ("Conditions", row.conditions),
        ("Source", words_of(Source, row.source)),
        ("Told on", row.stated_on),
    ]


def day_rows(days: Iterable[Any], today: date, settle: str, may: bool) -> Rows:
    """The days in court of one proceeding, for its own page."""
    return [
        {
            "cells": [
                day.held_on,
                f"{day.at_time:%H:%M}" if day.at_time else "–",
                words_of(DayOutcome, day.outcome) if day.outcome
                else ("not known yet" if day.held_on <= today else "lies ahead"),
                day.note or "–",
            ],
            "url": reverse(settle, args=[day.pk]) if may else "",
        }
        for day in days
    ]


def earlier_versions(row: Any, all_rows: Iterable[Any]) -> list[Any]:
    """What an incident corrects, step by step, the latest version first."""
    known: dict[UUID, Any] = {one.pk: one for one in all_rows}
    found = []
    while row.corrects_id in known:
        row = known[row.corrects_id]
        found.append(row)
    return found
