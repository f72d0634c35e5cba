"""Proceedings and days in court as the safety side knows of them."""

from __future__ import annotations

from datetime import date, time
from uuid import UUID

from django.utils import timezone

from casewall.programme.incidents.rules import (
    SAFETY_SOURCES,
    DayOutcome,
    Ended,
    Kind,
    Source,
    ends_well,
    outcome_fits,
    proceeding_fits,
)
from casewall.safety.incidents.actions.standing import changed
from casewall.safety.incidents.models import FileCourtDay, FileProceeding
from casewall.safety.partners.models import PartnerFile
from casewall.safety.support.actions.keeping import kept
from casewall.wall.decide import Refused, demand
from casewall.wall.duties import Duty, require
from casewall.wall.sides import Viewer


def _known_here(source: Source) -> None:
    if source not in SAFETY_SOURCES:
        raise Refused("What the client says of a proceeding is kept on the programme side.")


def open_proceeding(
    *,
    file: PartnerFile,
    kind: Kind,
    began_on: date,
    until_on: date | None,
    court: str | None,
    conditions: str | None,
    source: Source,
    stated_on: date,
    by: Viewer,
    form: UUID | None = None,
) -> FileProceeding:
    """Write down what the police or a court began. The same form twice is one proceeding."""
    require(by, Duty.RECORD_SUFFERED)
    _known_here(source)
    demand(proceeding_fits(kind, began_on, until_on, timezone.localdate()))
    return kept(
        model=FileProceeding, file=file, form=form, by=by, verb="recorded a proceeding in",
        kind=kind, began_on=began_on, until_on=until_on, court=court or None,
        conditions=conditions or None, source=source, stated_on=stated_on,
    )  # fmt: skip


def change_proceeding(
    *,
    proceeding: FileProceeding,
    until_on: date | None,
    conditions: str | None,
    court: str | None,
    ended_on: date | None,
    ended_how: Ended | None,
    version: int,
    by: Viewer,
) -> FileProceeding:
    """Change until when a proceeding holds, on what conditions, and how it ended.

    Raises `StaleEdit` past `version`; the same change twice is one.
    """
    require(by, Duty.RECORD_SUFFERED)
    today = timezone.localdate()
    demand(proceeding_fits(Kind(proceeding.kind), proceeding.began_on, until_on, today))
    demand(ends_well(proceeding.began_on, ended_on, ended_how, today))
    return changed(
        row=proceeding, version=version, by=by, verb="changed a proceeding in",
        until_on=until_on, conditions=conditions or None, court=court or None,
        ended_on=ended_on, ended_how=ended_how or "",
    )  # fmt: skip


def set_court_day(
    *,
    proceeding: FileProceeding,
    held_on: date,
    at_time: time | None,
    source: Source,
    by: Viewer,
    form: UUID | None = None,
) -> FileCourtDay:
    """Write down a day in court, which may lie ahead. Refused before the proceeding began."""
    require(by, Duty.RECORD_SUFFERED)
    _known_here(source)
    if held_on < proceeding.began_on:
        raise Refused(
            f"The proceeding began on {proceeding.began_on:%-d %B %Y}; a hearing cannot be before "
            "that."
        )
    return kept(
        model=FileCourtDay, file=proceeding.file, form=form, by=by, verb="recorded a hearing in",
        proceeding=proceeding, held_on=held_on, at_time=at_time, source=source,
    )  # fmt: skip


def settle_court_day(
    *, court_day: FileCourtDay, outcome: DayOutcome, note: str | None, version: int, by: Viewer
) -> FileCourtDay:
    """Keep what came of a day in court."""
    require(by, Duty.RECORD_SUFFERED)
    demand(outcome_fits(court_day.held_on, outcome, timezone.localdate()))
    return changed(
        row=court_day, version=version, by=by, verb="settled a hearing in", outcome=outcome,
        note=note or None,
    )  # fmt: skip
