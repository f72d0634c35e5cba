"""Who else must act when a case moves.

`cases` lies below the apps that work with a moved case (a course ends when its case does) and
cannot import them. Each says so when it is ready (`AppConfig.ready`); its listener runs in the
transaction of the move, so that both are stored or neither.
"""

from __future__ import annotations

from collections.abc import Callable

from casewall.programme.cases.models import Case, StageMove
from casewall.wall.sides import Viewer

Listener = Callable[[Case, StageMove, Viewer], None]
"""The case as it now is, its newest move, and who moved it. May raise `Refused`."""

_LISTENERS: dict[str, Listener] = {}


def on_move(key: str, listener: Listener) -> None:
    """Call `listener` after every move; the same key again replaces it."""
    _LISTENERS[key] = listener


def tell(case: Case, move: StageMove, by: Viewer) -> None:
    """Call every listener, in the order of their keys."""
    for key in sorted(_LISTENERS):
        _LISTENERS[key](case, move, by)
