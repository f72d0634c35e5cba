"""Who is kept away, who may open a file out of turn, and which views stand out. Pure: no clock.

Sources: field.md 3.17 (staff access by need), users.md 8 (a reason for opening a case outside
one's caseload, never a relative's), security.md 1.2 (a worker who read one address nine times for a
friend: nobody looked at who looks, and nobody was asked about conflicts).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from casewall.wall.decide import Decision

OPEN_FOR = timedelta(hours=4)
"""How long a file stays open that somebody opened out of turn."""
FEWEST_WORDS, FEWEST_LETTERS = 3, 12
"""A reason of fewer says nothing to whoever reviews it."""
REVIEW_WITHIN = timedelta(days=7)
MANY_VIEWS = 12
"""Views of one file by one worker within a week."""
SOME_VIEWS = 4
"""Views within a week by somebody whose work the file is not, without any other act on it."""
CLOSED_FOR = timedelta(days=30)
"""A file that has been closed for longer is opened for a reason that can be told."""


class Why(StrEnum):
    """Why a worker is kept away from somebody's file."""

    RELATIVE = "relative"
    PARTNER = "partner"
    FRIEND = "friend"
    COLLEAGUE = "colleague"
    PARTY = "party"
    OTHER = "other"


class Verdict(StrEnum):
    """What a review says of a file that was opened out of turn."""

    JUSTIFIED = "justified"
    NOT_JUSTIFIED = "not_justified"


class Pattern(StrEnum):
    """Why views of a file stand out."""

    MANY = "many"
    NOT_OWN = "not_own"
    CLOSED = "closed"


READING = frozenset({"viewed", "read", "revealed contact details of", "read the chronology of"})
"""Verbs of the audit that only look."""
SHOWN_IN_PASSING = frozenset({"listed", "found"})
"""A name in a list is no view of a file and no work on it."""


@dataclass(frozen=True, slots=True)
class Trace:
    """What one worker did to one file on a day, how often, and when last, as the audit has it."""

    file: UUID
    worker: UUID
    verb: str
    last_at: datetime
    times: int = 1


@dataclass(frozen=True, slots=True)
class Known:
    """Since when a file has been closed, if it is, and whose own work it is."""

    closed_on: date | None = None
    workers: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Finding:
    """Views of one file by one worker that stand out, with what they are."""

    file: UUID
    worker: UUID
    views: int
    acts: int
    last_at: datetime
    patterns: tuple[Pattern, ...]


def reason_fits(reason: str) -> Decision:
    """Whether a reason says something: some words, not one word or a row of signs."""
    words = [word for word in reason.split() if any(sign.isalpha() for sign in word)]
    letters = sum(sign.isalpha() for sign in reason)
    if len(words) < FEWEST_WORDS or letters < FEWEST_LETTERS:
        return Decision(
            False, "Write the reason in a few words, so that whoever reviews it understands it.")
    return Decision(True, "The reason says something.")


def may_keep_away(*, colleague: UUID, by: UUID, already: bool, left: int) -> Decision:
    """Whether somebody may be kept away. `left` counts who could still let the colleague back."""
    if colleague == by:
        return Decision(
            False, "Nobody keeps themselves away here: say on the file that you know the person.")
    return _may_stay_away(already, left)


def may_declare(*, already: bool, left: int) -> Decision:
    """Whether a worker may say that she knows the person, and lose sight of the file at once."""
    return _may_stay_away(already, left)


def _may_stay_away(already: bool, left: int) -> Decision:
    if already:
        return Decision(False, "This worker is kept away from the file already.")
    if left < 1:
        return Decision(
            False,
            "Nobody else could then look after this file or let the worker back. Have the "
            "administrator give another person a manager's account first.")
    return Decision(True, "Somebody else can look after the file.")


def may_open(*, reason: str, seen_already: bool) -> Decision:
    """Whether a file may be opened out of turn."""
    if seen_already:
        return Decision(False, "You see this file already: it is part of your own work.")
    return reason_fits(reason)


def may_review(*, opened_by: UUID, by: UUID, decided: bool) -> Decision:
    """Whether somebody may say that an opening was justified or not."""
    if decided:
        return Decision(False, "Somebody has reviewed this already.")
    if opened_by == by:
        return Decision(False, "Somebody else must review what you have opened yourself.")
    return Decision(True, "It waits for a review.")


def unusual(traces: Iterable[Trace], files: Mapping[UUID, Known]) -> list[Finding]:
    """Views that stand out, the newest first; the traces are those of one week.

    *Many*: one worker viewed one file often. *Not own*: several views, and no other act, by
    somebody whose work it is not. *Closed*: a view of a file that had been closed for long. Each
    is a question to ask, not an accusation: a worker on call views much. Files that are not among
    `files` are left out.
    """
    groups: dict[tuple[UUID, UUID], list[Trace]] = defaultdict(list)
    for one in traces:
        if one.file in files and one.verb not in SHOWN_IN_PASSING:
            groups[one.file, one.worker].append(one)
    found = [
        finding
        for (file, worker), rows in groups.items()
        if (finding := _finding(file, worker, rows, files[file]))
    ]
    return sorted(found, key=lambda one: (one.last_at, one.file, one.worker), reverse=True)


def _finding(file: UUID, worker: UUID, rows: list[Trace], known: Known) -> Finding | None:
    looks = [row for row in rows if row.verb in READING]
    views = sum(row.times for row in looks)
    acts = sum(row.times for row in rows) - views
    closed = known.closed_on
    late = closed and any(row.last_at.date() - closed > CLOSED_FOR for row in looks)
    patterns = tuple(
        pattern
        for pattern, holds in (
            (Pattern.MANY, views >= MANY_VIEWS),
            (Pattern.NOT_OWN, views >= SOME_VIEWS and not acts and worker not in known.workers),
            (Pattern.CLOSED, bool(late)),
        )
        if holds
    )
    if not patterns:
        return None
    return Finding(file, worker, views, acts, max(row.last_at for row in looks), patterns)
