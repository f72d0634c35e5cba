"""What other apps of this side take in from the front door, each by the key of its content.

The inbox knows referrals and referrers' messages. An app that lies above it registers what it
takes when it is ready (`AppConfig.ready`), so that the inbox need not import it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from casewall.wall.sides import Viewer

Take = Callable[[Mapping[str, Any], UUID, datetime, Viewer], str]
"""Content, number of the entry, now, by whom → what came of it: `loaded`, `known`, `refused`.

It raises `KeyError`, `TypeError` or `ValueError` for what is not as its form sends it.
"""

_TAKES: dict[str, Take] = {}


def add_kind(key: str, take: Take) -> None:
    """Take content with this key from now on; the same key again replaces it."""
    _TAKES[key] = take


def take_for(content: Mapping[str, Any]) -> Take | None:
    """Who takes this content, if another app does."""
    return next((take for key, take in _TAKES.items() if key in content), None)
