"""The base of every table that holds facts about clients, partners or children."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from casewall.wall.ids import new_id
from casewall.wall.labels import Label
from casewall.wall.sealed import SealedManager
from casewall.wall.sides import Side, Viewer


class WalledModel(models.Model):
    """A row on one side of the wall, in one compartment of it.

    A subclass states its `SIDE`, a `LABELS` entry for every field of its own, what the site
    process may do to it (`APP_MAY`), and in `visible_rows` who sees which rows.
    """

    SIDE: ClassVar[Side]
    LABELS: ClassVar[dict[str, Label]] = {}
    APP_MAY: ClassVar[tuple[str, ...]] = ("SELECT", "INSERT", "UPDATE")
    BASE_LABELS: ClassVar[dict[str, Label]] = {"id": Label.ID, "compartment": Label.CODE}

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    compartment = models.IntegerField(
        help_text="Agency × service × sensitivity; row policies compare this number."
    )

    objects = SealedManager()

    class Meta:
        abstract = True

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        """The rows among `rows` that this viewer may see. Every walled model writes its own."""
        raise TypeError(f"{cls.__name__} does not say who may see its rows.")

    @classmethod
    def labels(cls) -> dict[str, Label]:
        """The label of every field, the common ones included."""
        return {**cls.BASE_LABELS, **cls.LABELS}


class ArrivalModel(models.Model):
    """An append-only inbox: a generated function appends, only the side's system account reads.

    `CONTENT` names the column with what was sent. It is emptied once it has been taken in: what
    became of it stands in the record that it became, and can be recalled there.
    """

    SIDE: ClassVar[Side]
    LABELS: ClassVar[dict[str, Label]] = {}

    CONTENT: ClassVar[str]

    id = models.UUIDField(primary_key=True, editable=False)

    objects = SealedManager()

    class Meta:
        abstract = True

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        """Nobody reads an inbox as a person."""
        return rows if viewer.is_system and viewer.side is cls.SIDE else rows.none()

    @classmethod
    def labels(cls) -> dict[str, Label]:
        """The label of every field."""
        return {"id": Label.ID, **cls.LABELS}
