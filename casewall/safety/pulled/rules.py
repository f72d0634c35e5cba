"""What a pulled change means for the partner's worker. Source: field guide, sections 3.5, 3.12."""

from __future__ import annotations

NOTICE_OF_STAGE = {
    "suitable": "tell_accepted",
    "started": "tell_started",
    "completed": "tell_completed",
    "exited": "tell_left",
    "withdrawn": "tell_withdrawn",
}
"""Stages that a linked partner is told of; completing guarantees nothing, and leaving raises
risk."""

ABSENCE = "absent_not_accepted"


def notice_for(before: str | None, after: str) -> str | None:
    """The task that a move of a linked case makes for the partner's worker, if any."""
    return None if before == after else NOTICE_OF_STAGE.get(after)


def is_absence(outcome: str) -> bool:
    """Whether a mark means: tell the partner before anyone contacts the client."""
    return outcome == ABSENCE
