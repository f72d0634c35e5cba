"""What waits for a decision at a desk, in a sentence for whoever runs the machine."""

from __future__ import annotations

from django.utils import timezone

from casewall.programme.retention.desk import Desk, due_rows, held_now
from casewall.programme.retention.rules import Standing
from casewall.staff.models import Worker, system_viewer
from casewall.wall.context import acting, on_side
from casewall.wall.sides import Role, Side, Viewer


def said(desk: Desk, role: Role) -> str:
    """How many files of a side are due, held, and since when. Counts and days, no names."""
    with on_side(desk.side):
        if not Worker.objects.filter(role=role).exists():
            return f"The {desk.side} side: no service is set up yet."
        by = system_viewer(role)
    with acting(by):
        return _sentence(desk, by, desk.side)


def _sentence(desk: Desk, by: Viewer, side: Side) -> str:
    rows = due_rows(desk, by, timezone.localdate())
    held = len(held_now(desk, by))
    waiting = [row for row in rows if row.standing is Standing.DUE]
    since = f", the first since {waiting[0].due:%-d %B %Y}" if waiting else ""
    return (
        f"The {side} side: {len(waiting)} file{'' if len(waiting) == 1 else 's'} due for "
        f"deletion{since}; {held} on hold."
    )
