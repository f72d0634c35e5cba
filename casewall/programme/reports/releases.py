"""The releases under which a document may go to somebody outside."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from casewall.programme.agreements.lists import valid_releases
from casewall.programme.cases.models import Case
from casewall.wall.sides import Viewer

REFERRER = "referrer"
"""The recipient of a release that speaks of the agency that referred."""


def releases_for(case: Case, viewer: Viewer, on: date) -> list[Any]:
    """The releases of a case that hold on a day, as this viewer sees them."""
    return list(valid_releases(case, viewer, on))


def chosen(releases: list[Any], wanted: UUID | None) -> Any | None:
    """The release that was named, where it holds."""
    return next((release for release in releases if release.pk == wanted), None)


def scope_of(release: Any | None) -> frozenset[str] | None:
    """What a release covers; None where there is none."""
    return frozenset(release.scope.split()) if release is not None else None
