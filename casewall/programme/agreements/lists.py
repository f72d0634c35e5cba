"""Releases that hold, for documents and for the page of a case."""

from __future__ import annotations

from datetime import date

from casewall.programme.agreements.models import Release
from casewall.programme.agreements.rules import is_valid
from casewall.programme.cases.models import Case
from casewall.programme.cases.rules import ENDS, Stage
from casewall.wall.sides import Viewer


def discharged_on(case: Case) -> date | None:
    """The day on which a case ended; None while it is open."""
    return case.stage_on if Stage(case.stage) in ENDS else None


def releases_of(case: Case, viewer: Viewer) -> list[Release]:
    """Every release of a case that this viewer sees, the newest first. One query."""
    rows = Release.objects.visible_to(viewer).filter(case=case)
    return list(rows.order_by("-starts_on", "-recorded_at"))


def valid_releases(case: Case, viewer: Viewer, on: date) -> list[Release]:
    """The releases of a case that hold on a day. One query."""
    ended = discharged_on(case)
    return [release for release in releases_of(case, viewer) if is_valid(release, on, ended)]
