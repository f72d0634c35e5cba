"""`casewall files-due`, second half: this side's files, and how old the pulled facts are."""

from __future__ import annotations

from django.utils import timezone

from casewall.programme.retention.saying import said
from casewall.safety.pulled.models import PullRun
from casewall.safety.retention.files import DESK
from casewall.staff.models import Worker, system_viewer
from casewall.wall.context import acting, on_side
from casewall.wall.sides import Role, Side


def due(arguments: list[str]) -> int:
    """This side's files, and the last pull."""
    print(said(DESK, Role.SAFETY_SYSTEM))
    print(last_pull())
    return 0


def last_pull() -> str:
    """When programme facts were last copied, in a sentence."""
    with on_side(Side.SAFETY):
        if not Worker.objects.filter(role=Role.SAFETY_SYSTEM).exists():
            return "Programme facts were never pulled."
        by = system_viewer(Role.SAFETY_SYSTEM)
    with acting(by):
        run = PullRun.objects.visible_to(by).order_by("-at").first()
    if run is None:
        return "Programme facts were never pulled."
    minutes = int((timezone.now() - run.at).total_seconds() // 60)
    return f"Programme facts were last pulled {minutes} minute{'' if minutes == 1 else 's'} ago."
