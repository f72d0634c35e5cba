"""How a client's answers come about, and what they say over time. Pure: no Django, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Protocol

from casewall.programme.cases.rules import Stage


class Mode(StrEnum):
    """How a measure was answered. It changes what people say, so it is kept."""

    ALONE_ON_PAPER = "alone_on_paper"
    ALONE_ON_A_SCREEN = "alone_on_a_screen"
    TELEPHONE = "telephone"
    FACE_TO_FACE = "face_to_face"
    WITH_INTERPRETER = "with_interpreter"
    BY_WORKER = "by_worker"


MODE_WORDS = {
    Mode.ALONE_ON_PAPER: "Alone, on paper",
    Mode.ALONE_ON_A_SCREEN: "Alone, on a tablet of the agency",
    Mode.TELEPHONE: "By telephone",
    Mode.FACE_TO_FACE: "Face to face with a worker",
    Mode.WITH_INTERPRETER: "With an interpreter",
    Mode.BY_WORKER: "Filled in by the worker, from what was said",
}


class Present(StrEnum):
    """Who else was there."""

    NOBODY = "nobody"
    CHILDREN = "children"
    INTERPRETER = "interpreter"
    OTHER_CLIENTS = "other_clients"
    SOMEBODY_ELSE = "somebody_else"
    NOT_KNOWN = "not_known"


PRESENT_WORDS = {
    Present.NOBODY: "Nobody",
    Present.CHILDREN: "Children",
    Present.INTERPRETER: "An interpreter",
    Present.OTHER_CLIENTS: "Other clients",
    Present.SOMEBODY_ELSE: "Somebody else",
    Present.NOT_KNOWN: "Not known",
}


class NotAnswered(StrEnum):
    """Why a due measure was not answered. Silence is counted as silence."""

    NOT_ASKED = "not_asked"
    NOT_REACHED = "not_reached"
    PREFERRED_NOT_TO = "preferred_not_to"
    HAD_LEFT = "had_left"
    NO_LANGUAGE = "no_language"
    UNFIT_TO_ANSWER = "unfit_to_answer"


NOT_ANSWERED_WORDS = {
    NotAnswered.NOT_ASKED: "Not asked",
    NotAnswered.NOT_REACHED: "Not reached",
    NotAnswered.PREFERRED_NOT_TO: "Preferred not to answer",
    NotAnswered.HAD_LEFT: "Had left the programme",
    NotAnswered.NO_LANGUAGE: "Not in a language that was understood",
    NotAnswered.UNFIT_TO_ANSWER: "Not fit to answer, for example drunk or unwell",
}


class Source(StrEnum):
    """Whose answers they are. Answers of two sources are never pooled."""

    CLIENT = "client"
    REFERRER = "referrer"
    WORKER = "worker"


SOURCE_WORDS = {
    Source.CLIENT: "The client",
    Source.REFERRER: "The referrer",
    Source.WORKER: "A worker",
}


class Why(StrEnum):
    """Why an earlier record of answers was kept beside a newer one."""

    CORRECTED = "corrected"
    SCORED_AGAIN = "scored_again"


class Move(Protocol):
    """What the events need of a move of a case."""

    went_to: str
    moved_on: date


ENDED = frozenset({Stage.COMPLETED, Stage.FOLLOW_UP, Stage.CLOSED, Stage.EXITED})


def events_of(referred_on: date, stage: Stage, moves: Iterable[Move]) -> Mapping[str, date | None]:
    """The days that a schedule counts from: referred, started and ended.

    `moves` are those that hold. A client who never started has no middle and no end; a case that
    was taken up again has no end yet. The end is the first day of completion, or the day on which
    the client left.
    """
    held = list(moves)
    started = min((m.moved_on for m in held if m.went_to == Stage.STARTED), default=None)
    ended = None
    if started is not None and stage in ENDED:
        days = [m.moved_on for m in held if m.went_to in ENDED and m.moved_on >= started]
        ended = min(days, default=None)
    return {"referred": referred_on, "started": started, "ended": ended}


class Answerable(Protocol):
    """What is needed of a measure's definition to know whose answers it keeps."""

    @property
    def name(self) -> str: ...

    @property
    def answerers(self) -> tuple[str, ...]: ...


OF_THE_OTHER_SIDE = frozenset({"risk-checklist-24"})
"""Measures that a worker fills in about a victim's risk. They have no place on this side."""


def source_of(definition: Answerable) -> Source | None:
    """Whose answers this side keeps of a measure; None where it belongs to the safety side."""
    if definition.name in OF_THE_OTHER_SIDE:
        return None
    for source in Source:
        if source.value in definition.answerers:
            return source
    return None
