"""A database engine that refuses every query, and lets a transaction begin and end.

Django and packages use the database "default" where a caller names none. Whoever forgets to name
a side must get an error and not a cluster. But the sign-in package opens a transaction of
"default" around setting up a second factor; that may begin and end, since the true transaction is
the one that `acting` has opened around the view. What waits for the commit waits for that one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connections
from django.db.backends.dummy.base import DatabaseWrapper as Refusing

from casewall.wall.context import current_side


class DatabaseWrapper(Refusing):
    """Refuses to connect, as Django's own placeholder does; only its empty transactions work."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.autocommit = True

    def get_autocommit(self) -> bool:
        return self.autocommit

    def set_autocommit(self, autocommit: bool, *args: Any, **kwargs: Any) -> None:
        self.autocommit = autocommit

    def on_commit(self, func: Callable[[], Any], robust: bool = False) -> None:
        """Do `func` when the current side's transaction is committed."""
        connections[current_side().value].on_commit(func, robust)

    def _commit(self) -> None:
        """There is nothing to keep."""
