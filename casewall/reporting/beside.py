"""What a service lays beside its own records: published aggregates of others, and scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casewall.outcomes.analyses import SavingPlan, analyses_of, read_savings
from casewall.outcomes.costs.money import CostError
from casewall.outcomes.extract import Extract
from casewall.outcomes.statistics.comparators import Comparator, read_csv, read_json
from casewall.outcomes.statistics.results import NoFigure
from casewall.reporting.snapshots import CannotReport

COMPARATORS, SAVINGS = "comparators", "savings"
"""Folders beside the reports, with a file for each service that has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What is to stand beside the records; both may be empty."""

    comparators: Sequence[Comparator] = ()
    savings: Sequence[SavingPlan] = ()


def read_beside(comparators: Path | None, savings: Path | None) -> Beside:
    """The files as they are named. Raises `CannotReport` naming the file and what is wrong."""
    return Beside(comparators=_comparators(comparators) if comparators else (),
                  savings=_savings(savings) if savings else ())


def kept_beside(folder: Path, service: str) -> Beside:
    """What a service keeps beside its reports: ``comparators/<service>.csv`` or ``.json``, and
    ``savings/<service>.toml``. Raises `CannotReport`."""
    comparators = [path for ending in ("csv", "json")
                   if (path := folder / COMPARATORS / f"{service}.{ending}").is_file()]
    savings = folder / SAVINGS / f"{service}.toml"
    return read_beside(comparators[0] if comparators else None,
                       savings if savings.is_file() else None)


def analyses(extract: Extract, beside: Beside) -> list[dict[str, Any]]:
    """The analyses of an extract, with what stands beside it."""
    return analyses_of(extract, comparators=beside.comparators, savings=beside.savings)


def _comparators(path: Path) -> tuple[Comparator, ...]:
    text = _text(path)
    try:
        return read_json(text) if path.suffix == ".json" else read_csv(text)
    except NoFigure as problem:
        raise CannotReport(f"{path.name}: {problem}") from problem


def _savings(path: Path) -> tuple[SavingPlan, ...]:
    try:
        return read_savings(_text(path), path.name)
    except CostError as problem:
        raise CannotReport(str(problem)) from problem


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise CannotReport(f"{path} cannot be read: {problem}.") from problem
