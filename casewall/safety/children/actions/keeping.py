"""What every write about children shares: once, under a lock, and never over somebody's words."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from casewall.safety.children.models import Child, ChildSupport
from casewall.wall.decide import Refused
from casewall.wall.sides import Viewer

Row = TypeVar("Row", bound=Any)


def not_after(on: date, today: date, what: str) -> None:
    """Raise `Refused` where a day that must have come has not."""
    if on > today:
        raise Refused(f"{what}: {on:%-d %B %Y} has not come yet.")


def locked_child(child: Child, by: Viewer) -> Child:
    """The child as it stands now, locked until the end of the transaction."""
    found: Child = Child.objects.visible_to(by).select_for_update(of=("self",)).get(pk=child.pk)
    return found


def locked_support(support: ChildSupport, by: Viewer) -> ChildSupport:
    """The support as it stands now, locked, with its child."""
    rows = ChildSupport.objects.visible_to(by).select_related("child")
    found: ChildSupport = rows.select_for_update(of=("self",)).get(pk=support.pk)
    return found


def day_of(written: str | None) -> date | None:
    """A day that is kept encrypted, as a date."""
    return date.fromisoformat(written) if written else None
