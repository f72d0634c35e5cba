"""Signs of danger: which there are, and who hears of one that somebody saw, said or answered.

Whatever keeps an answer, a note or an incident raises its signs by `raise_danger` (partners) or
`raise_danger_of_child` (children) in its own transaction. Apps that lie above say once, when
they are ready, that they want to hear: `when_danger("risk", keep)`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from casewall.wall.sides import Viewer

DANGER = "answer_signals_danger"
"""The kind of a task about a sign of danger, whatever it came in by."""


class Danger(StrEnum):
    """What signals danger to life. Codes of the incidents' signs are the same words here."""

    STRANGULATION = "strangulation"
    WEAPON = "weapon"
    THREAT_TO_KILL = "threat_to_kill"
    CHILD_HURT = "child_hurt"
    SUICIDALITY = "suicidality"
    STALKING = "stalking"
    SERIOUS_HARM = "serious_harm"
    FEAR = "fear"
    OTHER = "other"


DANGERS: dict[Danger, str] = {
    Danger.STRANGULATION: "Strangulation, or hands on the neck",
    Danger.WEAPON: "A weapon was used or shown",
    Danger.THREAT_TO_KILL: "A threat to kill",
    Danger.CHILD_HURT: "A child was hurt or is in danger",
    Danger.SUICIDALITY: "Thoughts or plans of suicide, of whoever it is",
    Danger.STALKING: "Stalking",
    Danger.SERIOUS_HARM: "Serious harm",
    Danger.FEAR: "Fear that somebody will be hurt or killed",
    Danger.OTHER: "Another sign of danger",
}
"""The signs in words, in the order in which they are asked."""

OF_AN_ANSWER: tuple[tuple[str, Danger], ...] = (
    ("strangled", Danger.STRANGULATION),
    ("weapon", Danger.WEAPON),
    ("threats-severity", Danger.SERIOUS_HARM),
    ("threats", Danger.THREAT_TO_KILL),
    ("stalking-severity", Danger.STALKING),
    ("severity", Danger.SERIOUS_HARM),
    ("children-hurt", Danger.CHILD_HURT),
    ("children-harmed", Danger.CHILD_HURT),
    ("parenting-3", Danger.CHILD_HURT),
    ("parenting-4", Danger.CHILD_HURT),
    ("core-10-6", Danger.SUICIDALITY),
    ("phq-9-9", Danger.SUICIDALITY),
    ("safety-3", Danger.FEAR),
    ("safety-4", Danger.FEAR),
)
"""How the name of a question that raised an alert ends, and what its alert is a sign of; the
first that fits. A question of which nothing is said here is another sign of danger."""


class HeardBy(StrEnum):
    """By which kind of record a sign came in."""

    ANSWER = "answer"
    DEVICE = "device"
    CONTACT = "contact"
    SESSION = "session"
    INCIDENT = "incident"
    CHILD_INCIDENT = "child_incident"
    CHILD_SESSION = "child_session"
    PROGRAMME = "programme"
    WORKER = "worker"


def sign_of_answer(link_id: str) -> Danger:
    """What an alert of this question is a sign of."""
    return next((sign for end, sign in OF_AN_ANSWER if link_id.endswith(end)), Danger.OTHER)


@dataclass(frozen=True, slots=True)
class Raised:
    """A sign of danger as it was raised: about a partner's file, or about a child.

    `source_id` is the record that says so, `task` the task that the file's worker has by it,
    `words` what a list may show: never what a person said.
    """

    compartment: int
    heard_by: HeardBy
    source_id: UUID
    signs: tuple[Danger, ...]
    words: str
    on: date
    file_id: UUID | None = None
    child_id: UUID | None = None
    task_id: UUID | None = None


class Hears(Protocol):
    """What is told that an answer signals danger."""

    def __call__(self, *, raised: Raised, by: Viewer) -> None: ...


class HearsDone(Protocol):
    """What is told that the task about a sign was marked done."""

    def __call__(self, *, task: UUID, by: Viewer) -> None: ...



_HEARS: dict[str, Hears] = {}
_DONE: dict[str, HearsDone] = {}


def when_danger(key: str, hears: Hears) -> None:
    """Say who hears of every sign of danger, in the transaction that keeps it."""
    _HEARS[key] = hears


def when_done(key: str, hears: HearsDone) -> None:
    """Say who hears that the task about a sign of danger was marked done."""
    _DONE[key] = hears


def tell(raised: Raised, by: Viewer) -> None:
    """Tell everybody who wants to hear."""
    for hears in _HEARS.values():
        hears(raised=raised, by=by)


def tell_done(task: UUID, by: Viewer) -> None:
    """Tell that a task about a sign of danger is done."""
    for hears in _DONE.values():
        hears(task=task, by=by)


def in_words(signs: Iterable[Danger]) -> str:
    """Signs in one line."""
    return "; ".join(DANGERS[sign] for sign in signs)


def in_order(signs: Iterable[str]) -> tuple[Danger, ...]:
    """Signs by their codes, each once, in the order of the list."""
    wanted = {str(one) for one in signs}
    return tuple(sign for sign in Danger if sign.value in wanted)
