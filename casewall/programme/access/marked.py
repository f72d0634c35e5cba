"""What a worker is kept away from and has opened, read in one query on either side."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import CharField, Value
from django.utils import timezone

from casewall.wall.sides import Viewer

AWAY, OPEN = "away", "open"


def marked(exclusions: Any, openings: Any, viewer: Viewer) -> list[tuple[str, UUID]]:
    """People whom a worker is kept away from, and files opened now, in one query."""
    away = exclusions.objects.for_system("membership").filter(
        worker=viewer.worker, ended_at=None).values_list(
        Value(AWAY, output_field=CharField()), "person")
    now_open = openings.objects.for_system("membership").filter(
        worker=viewer.worker, until__gt=timezone.now(), handed_back_at=None).values_list(
        Value(OPEN, output_field=CharField()), "file")
    return list(away.union(now_open, all=True))
