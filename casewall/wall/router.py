"""Which cluster a model lives in: its own side's, and for shared tables the current side's."""

from __future__ import annotations

from typing import Any

from casewall.wall.context import current_side
from casewall.wall.sides import Side

FLOW_ALIAS = "programme_flow"


def side_of_label(app_label: str) -> Side | None:
    """The side of an app by the first word of its label; None for shared apps."""
    first = app_label.partition("_")[0]
    return Side(first) if first in (Side.PROGRAMME, Side.SAFETY) else None


class SideRouter:
    """Programme apps go to the programme cluster only, safety apps to the safety cluster only."""

    def _alias(self, model: Any) -> str:
        if getattr(model, "IS_FLOW_VIEW", False):
            return FLOW_ALIAS
        side = side_of_label(model._meta.app_label)
        return (side or current_side()).value

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return self._alias(model)

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return self._alias(model)

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        sides = {side_of_label(m._meta.app_label) for m in (one, other)} - {None}
        return len(sides) <= 1

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        side = side_of_label(app_label)
        return db in (Side.PROGRAMME, Side.SAFETY) and side in (None, db)
