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

NOTICE_OF_DECISION = {
    "not_suitable": "tell_refused",
    "passed_on": "tell_passed_on",
    "deferred": "tell_deferred",
}
"""Decisions of an assessment that a linked partner is told of, beside the stages: a refusal is a
safety event (Washington WAC 388-60B-0325: notice of acceptance and of denial)."""

ABSENCE = "absent_not_accepted"

AT_ONCE = frozenset({"tell_absent", "tell_safeguarding", "tell_refused"})
"""Notices that are due on the day of the pull; the others within the notice clock."""


ENDED = frozenset({"exited", "closed", "withdrawn"})
"""Stages of a case that is over. One that is taken up again is news."""


def notice_for(before: str | None, after: str, exit_reason: str = "") -> str | None:
    """The task that a move of a linked case makes for the partner's worker, if any.

    An exit after a refusal is told as the refusal (`notice_of_decision`), once.
    """
    if before == after:
        return None
    if before in ENDED and after not in ENDED:
        return "tell_reopened"
    if after == "exited" and exit_reason == "unsuitable":
        return None
    return NOTICE_OF_STAGE.get(after)


def notice_of_decision(decision: str) -> str | None:
    """The task that a decision of an assessment makes for the partner's worker, if any."""
    return NOTICE_OF_DECISION.get(decision)


def is_absence(outcome: str) -> bool:
    """Whether a mark means: tell the partner before anyone contacts the client."""
    return outcome == ABSENCE


def number_in_words(answer: str, number: int | None) -> str:
    """A stated number of partners or children; *not said* stays apart from *none*."""
    if answer == "some":
        return str(number) if number is not None else "some, number not said"
    return answer.replace("_", " ")
