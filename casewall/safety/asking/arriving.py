"""A page of answers, from the front door's inbox to the file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from casewall.safety.asking.actions import keep_answers
from casewall.wall.sides import Viewer

AHEAD = timedelta(minutes=5)
"""How much the front door's clock may be ahead of ours."""


def take_answers(content: Mapping[str, Any], entry: UUID, at: datetime, by: Viewer) -> str:
    """Keep a page that was answered on a device; see `casewall.safety.intake.kinds`."""
    told = content["asked"]
    answered_at = datetime.fromisoformat(told["answered_at"])
    if answered_at.tzinfo is None or answered_at > at + AHEAD:
        raise ValueError("a page without a moment, or from the future")
    return keep_answers(
        slot=UUID(told["slot"]),
        page=int(told["page"]),
        answers=_answers(told),
        answered_at=answered_at,
        by=by,
    )


def _answers(told: Mapping[str, Any]) -> dict[str, str | None]:
    """The answers as the front door sent them."""
    answers = told["answers"]
    if not isinstance(answers, dict):
        raise TypeError("answers are an object")
    for code in answers.values():
        if code is not None and not isinstance(code, str):
            raise TypeError("an answer is a code or nothing")
    return answers
