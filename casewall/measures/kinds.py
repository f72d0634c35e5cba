"""What a measure is made of: questions, answers, scorers. Plain rows without behaviour of files.

A measure asks *items*; an item has *options* or takes a number; a *scorer* says how answers
become a score, *parts* (subscales), a *band* and whether the score is above a published cut-off.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import sqrt
from typing import Literal

PREFER_NOT_TO_SAY = "prefer-not-to-say"
WAVES = ("first_contact", "before", "middle", "after", "follow_up", "months_6", "months_12")
"""The time points at which measures are asked, in their order."""

ItemKind = Literal["choice", "integer", "decimal", "yes_no", "text"]
ScorerKind = Literal[
    "mean_stretched", "sum", "sum_of_subscales", "count_yes", "days", "ratings", "profile"
]
SCORER_KINDS: tuple[ScorerKind, ...] = (
    "mean_stretched",
    "sum",
    "sum_of_subscales",
    "count_yes",
    "days",
    "ratings",
    "profile",
)
WITHOUT_TOTAL: Mapping[str, str] = {
    "days": "Days are shown for each substance and are never added up.",
    "ratings": "This tool is a structured judgement: its ratings are never added up.",
    "profile": "This measure is a profile: its parts stand side by side and have no total.",
}
"""Scorers that have no single number, and the sentence that says so to whoever asks for one."""

Sex = Literal["male", "female", "other", "unknown"]
SEXES = ("male", "female")
"""Sexes for which instruments print cut-offs of their own."""

CERTAIN = 1.96
"""The two-sided 5% point of the normal curve, as the reliable change index is printed with."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer: its code, its texts by language, and its number where it has one."""

    code: str
    texts: Mapping[str, str]
    number: int | None

    def said(self, language: str) -> str:
        """The answer in a language, or its code where the words are with the licensee."""
        return self.texts.get(language, self.code)


@dataclass(frozen=True, slots=True)
class Condition:
    """When a question applies: another question's answer compared with a value.

    ``operator`` is one of ``=``, ``!=``, ``>``, ``<``, ``>=``, ``<=`` and ``exists``; for
    ``exists`` the value is "true" or "false". Numbers are compared as numbers.
    """

    link_id: str
    operator: str
    value: str


@dataclass(frozen=True, slots=True)
class Item:
    """One question: its texts by language, its answers, and whether its numbers are turned.

    ``number`` counts from 1 in the order of the form; ``group`` is the linkId of its topic page
    or empty. ``at_least`` and ``at_most`` bound a question that takes a number. ``scored`` says
    whether its answer can become part of a score. ``conditions`` must hold (all of them, or any
    where ``any_condition``) for the question to apply. ``waves`` are the time points at which it
    is asked; empty: at each.
    """

    link_id: str
    texts: Mapping[str, str]
    options: tuple[Option, ...]
    reversed: bool
    kind: ItemKind = "choice"
    number: int = 0
    group: str = ""
    at_least: int | None = None
    at_most: int | None = None
    scored: bool = True
    conditions: tuple[Condition, ...] = ()
    any_condition: bool = False
    waves: tuple[str, ...] = ()

    def asked(self, language: str) -> str:
        """The question in a language, or its number where the words are with the licensee."""
        absent = f"Question {self.number} (its wording is with the licensee)"
        return self.texts.get(language, absent)

    @property
    def span(self) -> tuple[int, int] | None:
        """The lowest and the highest number that an answer can have; None without both."""
        numbers = [option.number for option in self.options if option.number is not None]
        if numbers:
            return min(numbers), max(numbers)
        if self.at_least is None or self.at_most is None:
            return None
        return self.at_least, self.at_most


@dataclass(frozen=True, slots=True)
class Group:
    """Questions of one topic, shown on one page."""

    link_id: str
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AlertRule:
    """An answer that asks for a worker, whatever the score."""

    link_id: str
    at_least: int
    task: str


@dataclass(frozen=True, slots=True)
class Translation:
    """Whose words a language has, since when, and whether anybody has validated them.

    Words that change have a new version of the translation; the measure's own version says what
    is asked and stays.
    """

    translator: str
    dated: date
    version: str
    validated: bool


@dataclass(frozen=True, slots=True)
class Missing:
    """What happens where an answer is missing. It is never counted as zero.

    ``none``: no score at all. ``prorate``: the sum of the answered items, raised in proportion
    to all items, from ``minimum`` answers on. ``minimum``: the mean of the answered items, from
    ``minimum`` answers on.
    """

    rule: Literal["none", "prorate", "minimum"]
    minimum: int
    source: str = ""


@dataclass(frozen=True, slots=True)
class Subscale:
    """A part of a measure with a number of its own, from ``lowest`` to ``highest``."""

    code: str
    texts: Mapping[str, str]
    items: tuple[str, ...]
    method: Literal["sum", "mean_stretched", "count_yes"]
    missing: Missing
    lowest: int
    highest: int


@dataclass(frozen=True, slots=True)
class Band:
    """A range of scores with a name; ``sex`` where the band was published for one sex only."""

    code: str
    texts: Mapping[str, str]
    lowest: int
    highest: int
    sex: str | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """The published cut-off: from ``edge`` on (where ``upward``) or up to it, a score is a case."""

    edge: int
    upward: bool
    sex: str | None
    source: str

    def reached(self, low: float, high: float) -> bool | None:
        """Whether a score between low and high is a case; None where it may be or may not."""
        sure, possible = low >= self.edge, high >= self.edge
        if not self.upward:
            sure, possible = high <= self.edge, low <= self.edge
        return True if sure else None if possible else False


@dataclass(frozen=True, slots=True)
class Change:
    """How large a change must be to be more than the instrument's own wobble.

    ``least`` is in points of the score: either as published (then there is no ``sd``), or from
    the standard deviation and the reliability of the instrument. ``source`` says whose they are.
    """

    least: float
    sd: float | None
    reliability: float | None
    source: str

    @property
    def threshold(self) -> float | None:
        """The published threshold; None where it was worked out."""
        return self.least if self.sd is None else None


def reliable_change(sd: float, reliability: float) -> float:
    """The smallest change that counts as reliable (Jacobson and Truax 1991), two-sided 5%."""
    return CERTAIN * sd * sqrt(2) * sqrt(1 - reliability)


@dataclass(frozen=True, slots=True)
class Scorer:
    """How the answers of one version of a measure become numbers.

    ``items`` are those that the value rests on. ``lowest`` and ``highest`` bound the value; None
    where there is no value. ``off_number`` is the number that the publisher gives to a question
    which another answer switched off, with ``off_source``; None: it has no number. ``judgement``
    is "upward" where a professional may raise the result, and never lower it. ``rule`` says all
    this in words.
    """

    kind: ScorerKind
    items: tuple[str, ...]
    missing: Missing
    rule: str
    higher_is: Literal["better", "worse", "neither"]
    lowest: int | None = None
    highest: int | None = None
    subscales: tuple[Subscale, ...] = ()
    bands: tuple[Band, ...] = ()
    cuts: tuple[Cut, ...] = ()
    change: Change | None = None
    off_number: int | None = None
    off_source: str = ""
    judgement: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """One version of one measure.

    ``recall`` is the time that the questions ask about; ``introductions`` say so, by language.
    ``answerers`` are the kinds of people who may answer it, the first one first. ``structure``:
    the wording of the questions belongs to somebody else and is not here. ``counted``: figures
    count the answers to its single questions, so that their codes are kept beside the score.
    """

    name: str
    version: str
    scorer_version: str
    titles: Mapping[str, str]
    introductions: Mapping[str, str]
    items: tuple[Item, ...]
    answerers: tuple[str, ...]
    recall: str
    languages: tuple[str, ...]
    translations: Mapping[str, Translation]
    licence: str
    wording: str
    acknowledgement: str
    scorer: Scorer
    alerts: tuple[AlertRule, ...]
    escalations: tuple[AlertRule, ...] = ()
    groups: tuple[Group, ...] = ()
    structure: bool = False
    counted: bool = False

    @property
    def link_ids(self) -> tuple[str, ...]:
        return tuple(item.link_id for item in self.items)

    @property
    def answered_by(self) -> str:
        """Who answers it first of all."""
        return self.answerers[0]

    @property
    def has_text(self) -> bool:
        """Whether the wording of every question is here, so that a person can be asked."""
        return all(item.texts for item in self.items)

    @property
    def higher_is(self) -> str:
        return self.scorer.higher_is

    @property
    def lowest(self) -> int:
        """The lowest number of an answer."""
        return min(span[0] for span in self._spans())

    @property
    def highest(self) -> int:
        """The highest number of an answer."""
        return max(span[1] for span in self._spans())

    @property
    def minimum_answered(self) -> int:
        """From how many answers on there is a score."""
        return self.scorer.missing.minimum

    @property
    def score_from(self) -> int | None:
        return self.scorer.lowest

    @property
    def score_to(self) -> int | None:
        return self.scorer.highest

    @property
    def change(self) -> Change | None:
        return self.scorer.change

    @property
    def cuts(self) -> tuple[Cut, ...]:
        return self.scorer.cuts

    def _spans(self) -> list[tuple[int, int]]:
        return [item.span for item in self.items if item.scored and item.span is not None]
