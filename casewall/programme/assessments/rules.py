"""Eligibility: rules as data, what the answers to them mean, and what may be decided on them.

Source: field guide, section 3.2. A set of rules is a TOML file (`definitions/`); each rule says
whose it is. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Self

from pydantic import model_validator

from casewall.programme.cases.reasons import UNSUITABLE_WORDS, PauseReason, UnsuitableReason
from casewall.programme.cases.rules import Suitability
from casewall.services.kinds import Count, Id, Some, Sourced, Table, Text
from casewall.wall.decide import Decision


class Answer(StrEnum):
    """What is known. *Not known* is never *no*."""

    YES = "yes"
    NO = "no"
    NOT_KNOWN = "not_known"


ANSWER_WORDS = {Answer.YES: "Yes", Answer.NO: "No", Answer.NOT_KNOWN: "Not known"}


class Effect(StrEnum):
    """What an answer means for the decision, the gravest first."""

    BLOCKS = "blocks"
    DEFERS = "defers"
    CONDITION = "condition"
    NOTE = "note"
    PASSES = "passes"


EFFECT_WORDS = {
    Effect.BLOCKS: "Speaks against taking the client",
    Effect.DEFERS: "Wait until this has changed",
    Effect.CONDITION: "Possible with a condition",
    Effect.NOTE: "To be kept in mind",
    Effect.PASSES: "Nothing stands in the way",
}

EffectName = Literal["blocks", "defers", "condition", "note", "passes"]


class Rule(Sourced):
    """One question, and what each answer to it means.

    `reason` is the code that a refusal or a deferral on this rule carries; `text` says what is
    to be noted or on what condition.
    """

    id: Id
    question: Text
    hint: Text | None = None
    yes: EffectName = "passes"
    no: EffectName = "passes"
    reason: str | None = None
    text: Text | None = None
    days: Count | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        effects = {self.yes, self.no}
        if effects == {"passes"}:
            raise ValueError(
                f"rule “{self.id}”: no answer means anything; give yes or no an effect"
            )
        if "passes" not in effects:
            raise ValueError(f"rule “{self.id}”: with no answer can it pass; let yes or no pass")
        if effects & {"blocks", "defers"} and self.reason not in set(UnsuitableReason):
            raise ValueError(
                f"rule “{self.id}”: needs a reason that is one of "
                + ", ".join(sorted(UnsuitableReason))
            )
        if effects & {"condition", "note"} and self.text is None:
            raise ValueError(f"rule “{self.id}”: say in “text” what the condition or the note is")
        if (self.days is not None) != ("defers" in effects):
            raise ValueError(
                f"rule “{self.id}”: “days” goes with an answer that defers, and only so"
            )
        return self

    def effect_of(self, answer: Answer) -> Effect | None:
        """What an answer means; None for *not known*, which means nothing yet."""
        match answer:
            case Answer.YES:
                return Effect(self.yes)
            case Answer.NO:
                return Effect(self.no)
            case _:
                return None


class RuleSet(Table):
    """The eligibility rules of a service, in the order in which they are asked."""

    id: Id
    version: Count = 1
    name: Text
    rules: Some[Rule]

    @model_validator(mode="after")
    def _asks_once(self) -> Self:
        ids = [rule.id for rule in self.rules]
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            raise ValueError(f"rule “{twice[0]}” stands there twice")
        return self

    @property
    def key(self) -> str:
        """Name and version, as a check keeps them."""
        return f"{self.id}/{self.version}"


@dataclass(frozen=True, slots=True)
class Finding:
    """What the answers to a set of rules come to.

    `effects` says for each rule what its answer means; rules that are not known are in `open`.
    """

    effects: dict[str, Effect]
    open: tuple[Rule, ...]
    found: dict[Effect, tuple[Rule, ...]]

    @property
    def suggested(self) -> Suitability | None:
        """The decision that the rules come to; None while a question that matters is open."""
        if self.found[Effect.BLOCKS]:
            return Suitability.NOT_SUITABLE
        if self.open:
            return None
        if self.found[Effect.DEFERS]:
            return Suitability.DEFERRED
        if self.found[Effect.CONDITION]:
            return Suitability.SUITABLE_WITH_CONDITIONS
        return Suitability.SUITABLE

    @property
    def reasons(self) -> tuple[UnsuitableReason, ...]:
        """The reason codes of the rules that block or defer, each once."""
        rules = (*self.found[Effect.BLOCKS], *self.found[Effect.DEFERS])
        return tuple(dict.fromkeys(UnsuitableReason(rule.reason) for rule in rules if rule.reason))

    @property
    def conditions(self) -> tuple[str, ...]:
        """The conditions, as the rules word them."""
        return tuple(rule.text for rule in self.found[Effect.CONDITION] if rule.text)

    @property
    def days(self) -> int | None:
        """After how many days the latest deferral is looked at again; None without any."""
        return max((rule.days for rule in self.found[Effect.DEFERS] if rule.days), default=None)


def findings(rules: RuleSet, answers: Mapping[str, Answer]) -> Finding:
    """What answers mean. A rule without an answer is not known."""
    effects: dict[str, Effect] = {}
    still_open = []
    for rule in rules.rules:
        effect = rule.effect_of(answers.get(rule.id, Answer.NOT_KNOWN))
        if effect is None:
            still_open.append(rule)
        else:
            effects[rule.id] = effect
    found = {
        effect: tuple(rule for rule in rules.rules if effects.get(rule.id) is effect)
        for effect in Effect
    }
    return Finding(effects, tuple(still_open), found)


ACCEPTS = (Suitability.SUITABLE, Suitability.SUITABLE_WITH_CONDITIONS)


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody wants to decide, with what belongs to it."""

    decision: Suitability
    reasons: tuple[UnsuitableReason, ...] = ()
    conditions: str = ""
    has_review_day: bool = False
    passed_to: str = ""
    note: str = ""


def may_decide(choice: Choice, finding: Finding | None) -> Decision:
    """Whether a decision says what it must, and where it goes against the rules, why.

    `finding` is that of the newest check; None where nobody has gone through the rules.
    """
    missing = _missing(choice)
    if missing:
        return Decision(False, missing)
    against = finding.found[Effect.BLOCKS] if finding and choice.decision in ACCEPTS else ()
    if against and not choice.note.strip():
        said = ", ".join(
            UNSUITABLE_WORDS[UnsuitableReason(r.reason)].lower() for r in against if r.reason
        )
        return Decision(
            False,
            f"The eligibility check speaks against this ({said}). Write in the note why the "
            "client is taken all the same.",
        )
    return Decision(True, "The decision says what it must.")


def _missing(choice: Choice) -> str:
    """What a decision lacks, as a sentence; empty where it lacks nothing."""
    match choice.decision:
        case Suitability.SUITABLE_WITH_CONDITIONS if not choice.conditions.strip():
            return "Write down the conditions."
        case Suitability.NOT_SUITABLE if not choice.reasons:
            return "A refusal needs at least one reason."
        case Suitability.DEFERRED if not choice.has_review_day:
            return "A deferral needs the day on which the case is looked at again."
        case Suitability.PASSED_ON if not choice.passed_to.strip():
            return "Say to which agency or service the client is passed on."
        case _:
            pass
    other = UnsuitableReason.OTHER in choice.reasons
    if other and not choice.note.strip():
        return "“Another reason” needs a note that says which."
    return ""


_PAUSE_OF = {
    UnsuitableReason.SUBSTANCE_USE: PauseReason.SUBSTANCE_USE,
    UnsuitableReason.NOT_IN_TREATMENT: PauseReason.SUBSTANCE_USE,
    UnsuitableReason.MENTAL_ILLNESS: PauseReason.HEALTH,
    UnsuitableReason.LIVE_PROCEEDINGS: PauseReason.PROCEEDINGS,
}


def pause_for(reasons: tuple[UnsuitableReason, ...]) -> PauseReason:
    """Why a deferred case waits, by the first reason that has a word for it."""
    return next((_PAUSE_OF[one] for one in reasons if one in _PAUSE_OF), PauseReason.NOT_READY)
