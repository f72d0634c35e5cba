"""When a partner's file can be closed and opened again, and for which reasons. Pure.

Closing a file is an act of its own: support may have ended before, or may never have begun.
What the client does is no reason (field guide, section 3.5).
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from casewall.safety.support.rules import CloseReason, OpenReason
from casewall.wall.decide import Decision

CLOSE_WORDS = {
    CloseReason.SUPPORT_ENDED: "Support has come to its end",
    CloseReason.DECLINED: "The partner wants no support now",
    CloseReason.NOT_REACHED: "Nobody could reach the partner",
    CloseReason.TO_ANOTHER_SERVICE: "Another service supports the partner",
    CloseReason.MOVED_AWAY: "Moved away",
    CloseReason.MISTAKEN: "Opened by mistake, or twice",
    CloseReason.DIED: "The partner has died",
    CloseReason.OTHER: "Another reason",
}
OPEN_WORDS = {
    OpenReason.CAME_BACK: "The partner has come back",
    OpenReason.NEW_VIOLENCE: "New violence",
    OpenReason.NEW_REFERRAL: "Referred again",
    OpenReason.CLOSED_BY_MISTAKE: "It was closed by mistake",
    OpenReason.OTHER: "Another reason",
}


def may_close(
    on: date,
    *,
    today: date,
    reason: CloseReason,
    note: str,
    last_contact_on: date | None,
    supported_since: date | None,
) -> Decision:
    """Whether a file can be closed on a day, with a sentence.

    `supported_since` is the first day of a period of support that goes on.
    """
    if on > today:
        return Decision(False, f"{on:%-d %B %Y} has not come yet.")
    if last_contact_on is not None and on < last_contact_on:
        return Decision(
            False,
            f"The last contact was on {last_contact_on:%-d %B %Y}; the file cannot have been "
            "closed before that.",
        )
    if supported_since is not None:
        return Decision(
            False,
            f"Support goes on since {supported_since:%-d %B %Y}: end it first, with its own "
            "reason. The file can be closed after that.",
        )
    return _said(reason, note, "The file can be closed.")


def may_open_again(
    on: date, *, today: date, reason: OpenReason, note: str, closed_on: date
) -> Decision:
    """Whether a closed file can be opened again on a day, with a sentence."""
    if on > today:
        return Decision(False, f"{on:%-d %B %Y} has not come yet.")
    if on < closed_on:
        return Decision(
            False,
            f"The file was closed on {closed_on:%-d %B %Y}; it cannot have been opened again "
            "before that.",
        )
    return _said(reason, note, "The file can be opened again.")


def _said(reason: StrEnum, note: str, words: str) -> Decision:
    if reason == "other" and not note.strip():
        return Decision(False, "“Another reason” needs a note that says which.")
    return Decision(True, words)
