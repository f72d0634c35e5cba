"""Who follows a pull: apps above the pulled facts that look at what is new, in its transaction.

An app says so once, when it is ready: `after_pull("risk", look)`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from casewall.wall.sides import Viewer

Follows = Callable[..., Any]

_FOLLOWS: dict[str, Follows] = {}


def after_pull(key: str, follows: Follows) -> None:
    """Say who follows every pull, called with `by=` and `at=`; the same key again replaces it."""
    _FOLLOWS[key] = follows


def follow(by: Viewer, at: datetime) -> None:
    """Let everybody look, in the order of their keys."""
    for key in sorted(_FOLLOWS):
        _FOLLOWS[key](by=by, at=at)
