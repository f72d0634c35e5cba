"""Read a set of eligibility rules, and say what is wrong with it by file, line and sentence."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from casewall.programme.assessments.rules import RuleSet
from casewall.services.positions import lines_of

DEFINITIONS = Path(__file__).parent / "definitions"
"""The folder of the sets that come with Casewall: one of a service, or `default`."""

DEFAULT = "default"


class DefinitionError(ValueError):
    """A set of rules that cannot be used; says file, line and what is wrong."""


def load(path: Path) -> RuleSet:
    """The set of rules in a file. Raises `DefinitionError` with everything that is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
        tables = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as failure:
        raise DefinitionError(f"{path.name} cannot be read: {failure}") from failure
    try:
        found = RuleSet.model_validate(tables)
    except ValidationError as failure:
        lines = lines_of(text)
        said = [
            f"{path.name}, line {lines.get(_known(error['loc'], lines), 1)}: "
            f"{'.'.join(str(step) for step in error['loc']) or 'the file'}: {error['msg']}"
            for error in failure.errors(include_url=False)
        ]
        raise DefinitionError("\n".join(said)) from failure
    if found.id != path.stem:
        raise DefinitionError(f"{path.name} holds the rules of “{found.id}”: name it so.")
    return found


def _known(
    place: tuple[int | str, ...], lines: dict[tuple[int | str, ...], int]
) -> tuple[int | str, ...]:
    """The nearest key around a place that stands in the file."""
    while place and place not in lines:
        place = place[:-1]
    return place


def rules_of(service: str) -> RuleSet:
    """The rules by which a service checks eligibility: its own, or those for every service."""
    sets = _shipped()
    return sets.get(service) or sets[DEFAULT]


@cache
def _shipped() -> dict[str, RuleSet]:
    return {path.stem: load(path) for path in sorted(DEFINITIONS.glob("*.toml"))}
