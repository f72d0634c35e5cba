"""Why personal data is processed, as data: one row for each purpose, with basis and condition."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PURPOSES = Path(__file__).parent / "purposes.toml"


@dataclass(frozen=True, slots=True)
class ProcessingPurpose:
    """One purpose: what is done, with whose data, on which basis and further condition."""

    code: str
    side: str
    what: str
    whose: tuple[str, ...]
    basis: str
    condition: str
    not_consent: str
    retention: str


@cache
def purposes() -> tuple[ProcessingPurpose, ...]:
    """The register as it comes with Casewall, in the order of the file.

    Raises `TypeError` for a row that lacks a key or has one too many.
    """
    held = tomllib.loads(PURPOSES.read_text(encoding="utf-8"))["purpose"]
    return tuple(ProcessingPurpose(**{**row, "whose": tuple(row["whose"])}) for row in held)
