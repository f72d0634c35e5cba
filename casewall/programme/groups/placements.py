"""What other apps of this side do when a client is given a place in a group.

`groups` lies below them and cannot import them; each says so when it is ready
(`AppConfig.ready`). What it does is part of the placement: all of it happens or nothing.
"""

from __future__ import annotations

from datetime import date
from typing import Protocol

from casewall.programme.cases.models import Case
from casewall.programme.curriculum.models import TemplateVersion
from casewall.wall.sides import Viewer


class Placed(Protocol):
    """Asked in the transaction of the placement, for a group that follows a template."""

    def __call__(
        self, *, case: Case, template: TemplateVersion, joined_on: date, by: Viewer
    ) -> object: ...


_PLACED: dict[str, Placed] = {}


def on_placement(key: str, then: Placed) -> None:
    """Do this with every placement in a group of a template; the same key replaces it."""
    _PLACED[key] = then


def tell_placed(*, case: Case, template: TemplateVersion, joined_on: date, by: Viewer) -> None:
    """Let the other apps do their part of a placement that begins on `joined_on`."""
    for key in sorted(_PLACED):
        _PLACED[key](case=case, template=template, joined_on=joined_on, by=by)
