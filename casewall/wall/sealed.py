"""Querysets that raise until someone says who is looking.

The seal sits where every query must pass, whichever public method started it: in the SQL
compiler that the query asks for, and in the change of the query into an update or a delete.
Guarding a list of method names would forget one (a well-known package forgot `.exists()`); a
test walks every public queryset method of the installed Django and expects a refusal from each.
A sealed set inside `Exists()`, `Subquery()` or `__in` raises as well, since those compile it.
"""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import sql

from casewall.wall.away import keep_away
from casewall.wall.sides import Viewer

SYSTEM_REASONS: dict[str, str] = {
    "membership": "finding out which groups a facilitator runs, which files a worker is kept away "
    "from and which were opened out of turn, to decide what can be seen",
    "pull": "copying programme facts for every case at the fixed cadence",
    "intake": "finding out whether a referral was loaded before",
    "tokens": "keeping the blind index of a record equal to the record",
    "overlaps": "finding out whether a room or a worker is taken at a time, without saying by whom",
    "placement": "finding the case that a placement constraint names, without showing it",
    "retention": "finding what is due for deletion, and the drafts and texts of an erased file",
    "synthetic": "inventing people for a demonstration or a test",
}
"""Every reason for which the system may read without a worker. A new one is a reviewed change."""


class SealedRead(RuntimeError):
    """A query was about to run though nobody has said who is looking."""

    def __init__(self, model: Any):
        super().__init__(
            f"{model.__name__}: say who is looking first, with .visible_to(viewer), "
            "or .for_system(reason) for background work."
        )


class SealedQuery(sql.Query):
    """A query that compiles only after it has been opened."""

    opened = False

    def get_compiler(self, *args: Any, **kwargs: Any) -> Any:
        if not self.opened:
            raise SealedRead(self.model)
        return super().get_compiler(*args, **kwargs)

    def chain(self, klass: Any = None) -> Any:
        # update() and delete() change the class of the clone, and this class with it.
        if klass is not None and klass is not SealedQuery and not self.opened:
            raise SealedRead(self.model)
        return super().chain(klass)


class SealedQuerySet(models.QuerySet[Any]):
    """A queryset that must be opened by `visible_to` or `for_system` before it reads."""

    def __init__(self, model: Any = None, query: Any = None, using: Any = None, hints: Any = None):
        super().__init__(model, query or SealedQuery(model), using, hints)

    def _opened(self) -> Self:
        clone = self._chain()  # type: ignore[attr-defined]
        clone.query.opened = True
        return clone

    def visible_to(self, viewer: Viewer) -> Self:
        """The rows that this viewer may see: the one way to read for a person.

        Nobody of the other side sees any, whatever the model says; the flow views alone are of
        one side and read by the other. Nor does anybody see a row that names a person or a file
        that the viewer is kept away from.
        """
        rows = self._opened()
        if viewer.side is not self.model.SIDE and not getattr(self.model, "IS_FLOW_VIEW", False):
            return rows.none()
        rows = self.model.visible_rows(rows, viewer)
        return keep_away(rows, viewer) if viewer.excluded else rows

    def for_system(self, reason: str) -> Self:
        """All rows that the system account's compartments allow, for a registered reason."""
        if reason not in SYSTEM_REASONS:
            raise ValueError(f"“{reason}” is not a registered reason for a system read.")
        return self._opened()

    def _refuse_unless_opened(self) -> None:
        if not getattr(self.query, "opened", False):
            raise SealedRead(self.model)

    def _refuse_unless_all_opened(self, *others: Any) -> None:
        for rows in (self, *others):
            if isinstance(rows, SealedQuerySet):
                rows._refuse_unless_opened()

    def raw(self, *args: Any, **kwargs: Any) -> Any:
        """Never: raw SQL knows no viewer."""
        raise SealedRead(self.model)

    def _insert(self, *args: Any, **kwargs: Any) -> Any:
        self._refuse_unless_opened()
        return super()._insert(*args, **kwargs)  # type: ignore[misc]

    def bulk_create(self, *args: Any, **kwargs: Any) -> Any:
        self._refuse_unless_opened()
        return super().bulk_create(*args, **kwargs)

    def bulk_update(self, *args: Any, **kwargs: Any) -> Any:
        self._refuse_unless_opened()
        return super().bulk_update(*args, **kwargs)

    def create(self, **kwargs: Any) -> Any:
        self._refuse_unless_opened()
        return super().create(**kwargs)

    def delete(self) -> Any:
        self._refuse_unless_opened()
        return super().delete()

    delete.queryset_only = True  # type: ignore[attr-defined]  # as Django's own

    def _raw_delete(self, using: Any) -> Any:
        # A table without dependants is emptied here, past the change of class in chain().
        self._refuse_unless_opened()
        return super()._raw_delete(using)

    # Two sets become one query, which would be as open as the first of them.

    def union(self, *others: Any, **kwargs: Any) -> Any:
        self._refuse_unless_all_opened(*others)
        return super().union(*others, **kwargs)

    def __and__(self, other: Any) -> Any:
        self._refuse_unless_all_opened(other)
        return super().__and__(other)

    def __or__(self, other: Any) -> Any:
        self._refuse_unless_all_opened(other)
        return super().__or__(other)

    def __xor__(self, other: Any) -> Any:
        self._refuse_unless_all_opened(other)
        return super().__xor__(other)


class SealedManager(models.Manager.from_queryset(SealedQuerySet)):  # type: ignore[misc]
    """The manager of every walled model."""
