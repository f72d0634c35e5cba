"""Rules of agreements and releases. Source: field guide, section 3.4. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Protocol

from casewall.wall.decide import Decision


class How(StrEnum):
    """How something was signed."""

    SCREEN = "screen"
    TYPED = "typed"
    PAPER = "paper"


class Recipient(StrEnum):
    """To whom a client lets the programme speak."""

    REFERRER = "referrer"
    CHILD_SOCIAL_CARE = "child_social_care"
    POLICE = "police"
    COURT = "court"
    PROBATION = "probation"
    HEALTH = "health"
    SUBSTANCE_SERVICE = "substance_service"
    OTHER_TREATMENT = "other_treatment"
    HOUSING = "housing"
    LAWYER = "lawyer"
    OTHER = "other"


class Purpose(StrEnum):
    """What a release is for."""

    REPORT_TO_REFERRER = "report_to_referrer"
    CHILD_PROTECTION = "child_protection"
    COURT_PROCEEDINGS = "court_proceedings"
    SUPERVISION = "supervision"
    TREATMENT = "treatment"
    PRACTICAL_HELP = "practical_help"
    OTHER = "other"


class Scope(StrEnum):
    """What may be told under a release."""

    TAKING_PART = "taking_part"
    ATTENDANCE = "attendance"
    PROGRESS = "progress"
    ASSESSMENT = "assessment"
    COMPLETION = "completion"
    NEEDS = "needs"


class Ground(StrEnum):
    """Whether the client was free to say no."""

    VOLUNTARY = "voluntary"
    CONDITION = "condition"


HOW_WORDS = {
    How.SCREEN: "Signed on the screen",
    How.TYPED: "Name typed on the screen",
    How.PAPER: "Signed on paper",
}
RECIPIENT_WORDS = {
    Recipient.REFERRER: "The agency that referred",
    Recipient.CHILD_SOCIAL_CARE: "Children's social care",
    Recipient.POLICE: "Police",
    Recipient.COURT: "Court",
    Recipient.PROBATION: "Probation",
    Recipient.HEALTH: "Health care",
    Recipient.SUBSTANCE_SERVICE: "Substance service",
    Recipient.OTHER_TREATMENT: "Other treatment",
    Recipient.HOUSING: "Housing",
    Recipient.LAWYER: "The client's lawyer",
    Recipient.OTHER: "Somebody else",
}
PURPOSE_WORDS = {
    Purpose.REPORT_TO_REFERRER: "Reports to the agency that referred",
    Purpose.CHILD_PROTECTION: "Protecting children",
    Purpose.COURT_PROCEEDINGS: "Court proceedings",
    Purpose.SUPERVISION: "Supervision of an order or a licence",
    Purpose.TREATMENT: "Treatment elsewhere",
    Purpose.PRACTICAL_HELP: "Practical help, such as housing or work",
    Purpose.OTHER: "Another purpose",
}
SCOPE_WORDS = {
    Scope.TAKING_PART: "That the client takes part",
    Scope.ATTENDANCE: "Attendance",
    Scope.PROGRESS: "Progress",
    Scope.ASSESSMENT: "The assessment of suitability",
    Scope.COMPLETION: "Completion, or how the work ended",
    Scope.NEEDS: "Needs for other help",
}
GROUND_WORDS = {
    Ground.VOLUNTARY: "Voluntary: the client may say no",
    Ground.CONDITION: "A condition of taking part or of an order",
}

AFTER_DISCHARGE = timedelta(days=90)
"""How long a release without a day of its own holds after the case ended. Source: field guide,
section 3.4 (a state's treatment rules: at least 90 days after discharge)."""

LONGEST_PATH = 20_000
"""Characters of a drawn signature."""

_PATH = re.compile(r"(?:M-?\d{1,4} -?\d{1,4}(?: ?L-?\d{1,4} -?\d{1,4})*\s*)+")
LEAST_STROKES = 2


@dataclass(frozen=True, slots=True)
class Signed:
    """How something was signed.

    On the screen `path` (an SVG path in whole pixels) or `name` (typed by the client), on paper
    `filed` (where the sheet is) and a `witness`, where there was one.
    """

    how: How
    path: str = ""
    name: str = ""
    filed: str = ""
    witness: str = ""


def on_paper(filed: str = "", witness: str = "") -> Signed:
    """A signature on a sheet of paper."""
    return Signed(How.PAPER, filed=filed, witness=witness)


class ARelease(Protocol):
    """What decides how long a release holds."""

    starts_on: date
    expires_on: date | None
    withdrawn_on: date | None


def is_valid(release: ARelease, on: date, discharged_on: date | None) -> bool:
    """Whether a release holds on a day. `discharged_on` is the day on which the case ended.

    A release that was withdrawn holds no more on the day of the withdrawal. Without a day of its
    own it holds while the case is open and 90 days longer.
    """
    if on < release.starts_on:
        return False
    if release.withdrawn_on is not None and on >= release.withdrawn_on:
        return False
    last = last_day(release.expires_on, discharged_on)
    return last is None or on <= last


def last_day(expires_on: date | None, discharged_on: date | None) -> date | None:
    """The last day on which a release holds; None while its case is open and it has no day."""
    if expires_on is not None:
        return expires_on
    return discharged_on + AFTER_DISCHARGE if discharged_on is not None else None


def may_sign(signed: Signed, *, limits_explained: bool) -> Decision:
    """Whether a signature can be taken: drawn or typed on the screen, or on paper.

    The limits of confidentiality are explained before anything is signed.
    """
    if not limits_explained:
        return Decision(
            False, "Explain the limits of confidentiality first; only then can it be signed."
        )
    if signed.how is How.SCREEN and not is_path(signed.path):
        return Decision(
            False, "The signature did not arrive. Draw it again, or let the name be typed."
        )
    if signed.how is How.TYPED and not signed.name.strip():
        return Decision(False, "Let the client type the name in full.")
    return Decision(True, "It can be signed.")


def is_path(path: str) -> bool:
    """Whether this is a drawn signature: moves and lines in whole pixels, at least two strokes."""
    if len(path) > LONGEST_PATH or not _PATH.fullmatch(path):
        return False
    return path.count("L") >= LEAST_STROKES


def release_fits(starts_on: date, expires_on: date | None, scope: tuple[Scope, ...]) -> Decision:
    """Whether a release says enough to be used."""
    if not scope:
        return Decision(False, "Say what may be told: a release of everything is none.")
    if expires_on is not None and expires_on < starts_on:
        return Decision(
            False,
            f"The release ends on {expires_on:%-d %B %Y}, before it begins on "
            f"{starts_on:%-d %B %Y}.",
        )
    return Decision(True, "The release says enough.")


def may_withdraw(starts_on: date, withdrawn_on: date | None, on: date) -> Decision:
    """Whether a release can be withdrawn from this day."""
    if withdrawn_on is not None:
        return Decision(False, f"It was withdrawn already, from {withdrawn_on:%-d %B %Y}.")
    if on < starts_on:
        return Decision(False, f"It begins on {starts_on:%-d %B %Y}; withdraw it from that day.")
    return Decision(True, "It can be withdrawn.")


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a text: a `heading`, a `paragraph` (one line each) or a `list` of lines."""

    kind: str
    lines: tuple[str, ...]


def blocks_of(body: str) -> tuple[Block, ...]:
    """The pieces of a text. “# ” begins a heading, “- ” an item, an empty line a new piece."""
    pieces: list[Block] = []
    for part in re.split(r"\n\s*\n", body.replace("\r\n", "\n")):
        lines = [line.strip() for line in part.split("\n") if line.strip()]
        for kind, several in groupby(lines, key=_kind):
            texts = [line if kind == "paragraph" else line[2:] for line in several]
            if kind == "heading":
                pieces += [Block(kind, (text,)) for text in texts]
            else:
                pieces.append(
                    Block(kind, (" ".join(texts),) if kind == "paragraph" else tuple(texts))
                )
    return tuple(pieces)


def _kind(line: str) -> str:
    """What a line of a text is part of."""
    return {"# ": "heading", "- ": "list"}.get(line[:2], "paragraph")


FIRST = "1"
"""The version of a text that comes with Casewall; a service's own begin with 2."""


def next_version(versions: list[int]) -> int:
    """The number of the next version of a text of a service in one language."""
    return max([int(FIRST), *versions]) + 1
