"""Which scales an extract holds, by who answered, and how their definitions say to read them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from casewall.measures.definitions import DefinitionError, load
from casewall.outcomes.extract import Extract, Person, Role
from casewall.outcomes.series.words import WHO, scale_words
from casewall.outcomes.statistics.records import cohort
from casewall.outcomes.statistics.reliable import Criterion

UNASKED = "Nobody was asked on any scale that this could be told from."
"""Stands where an analysis has nothing to say, so that an empty table is not taken for a zero."""

Direction = Literal["better", "worse", "neither"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One scale as one source answers it, and the cohort whom it is about.

    ``higher_is`` says how its definition reads a higher score; a scale of no known definition is
    read neither way. A referrer's answers are about clients.
    """

    source: str
    scale: str
    higher_is: Direction
    criterion: Criterion | None
    persons: list[Person]

    @property
    def label(self) -> str:
        """Who says it, and of what: “Partner: abuse: violence”."""
        words = scale_words(self.scale)
        return f"{WHO[self.source]}: {words[:1].lower()}{words[1:]}"

    @property
    def higher_is_better(self) -> bool:
        return self.higher_is == "better"


def scales_asked(extract: Extract, *, of: tuple[str, ...] = ("client", "partner")
                 ) -> Iterator[Asked]:
    """Every scale that somebody of ``of`` was asked for, the client's first.

    A referrer's answers have keys of their own that are no person's, so that they are in no
    cohort of clients.
    """
    found = {(row.source, row.scale) for row in extract.scales if row.source in of}
    cohorts: dict[str, list[Person]] = {}
    for source, scale in sorted(found, key=lambda one: (of.index(one[0]), one[1])):
        role: Role = "partner" if source == "partner" else "client"
        higher_is, criterion = _read(scale)
        yield Asked(source=source, scale=scale, higher_is=higher_is, criterion=criterion,
                    persons=cohorts.setdefault(source, cohort(extract, role)))


def _read(scale: str) -> tuple[Direction, Criterion | None]:
    measure, _, part = scale.partition(".")
    try:
        scorer = load(measure).scorer
    except DefinitionError:
        return "neither", None
    if part or scorer.change is None or scorer.higher_is == "neither":
        return scorer.higher_is, None
    cut = next((one for one in scorer.cuts if one.sex is None), None)
    return scorer.higher_is, Criterion(
        scale=scale, higher_is_better=scorer.higher_is == "better",
        threshold=scorer.change.least, source=scorer.change.source,
        unwell_from=cut.edge if cut else None)
