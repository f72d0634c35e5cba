"""`casewall wall tests RESULTS`: what the tests set out to show, and how far the last run came.

What is aimed at stands in `catalogue.toml`, with the tests that reach for it and what is open. How
far they came is read from the results of a run (`pytest --junitxml`): how many of these tests
passed, and the figures that they recorded. Nothing in the table is written by hand twice.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import parse

CATALOGUE = Path(__file__).with_name("catalogue.toml")
FIGURE = "figure"
"""The property under which a test records a figure."""
_HEAD = ("| test | shows | aimed at | reached | open |", "|---|---|---|---|---|")


@dataclass(frozen=True, slots=True)
class Claim:
    """One line of the catalogue. `by` names tests as `path` or `path::name` below `tests`."""

    id: str
    says: str
    aim: str
    by: tuple[str, ...] = ()
    open: str = ""


@dataclass(frozen=True, slots=True)
class Ran:
    """A test of a run: `place` as `path::name`, how it ended, and the figure that it recorded."""

    place: str
    ended: str
    figure: str = ""


class ResultsError(ValueError):
    """Results that cannot be read; a sentence with where and what."""


def claims() -> tuple[Claim, ...]:
    """The catalogue in its order. A line has tests or says what is open."""
    read = tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))
    return tuple(
        Claim(key, one["says"], one["aim"], tuple(one.get("by", ())), one.get("open", ""))
        for key, one in read.items()
    )


def results_of(path: Path) -> list[Ran]:
    """The tests of a run. Raises `ResultsError` where the file is not the results of one."""
    try:
        root = parse(path).getroot()
    except (OSError, ParseError) as problem:
        raise ResultsError(f"{path} cannot be read as the results of a run: {problem}.") from None
    found = [_ran(case) for case in root.iter("testcase")]
    if not found:
        raise ResultsError(f"{path} holds no test: write it with pytest --junitxml={path}.")
    return found


def _ran(case: Element) -> Ran:
    path = case.get("classname", "").removeprefix("tests.").replace(".", "/") + ".py"
    ended = next((kind for kind in ("failure", "error", "skipped") if case.find(kind) is not None),
                 "passed")
    figures = [one.get("value", "") for one in case.iter("property") if one.get("name") == FIGURE]
    return Ran(f"{path}::{case.get('name', '')}", ended, "; ".join(figures))


def reached(claim: Claim, ran: Iterable[Ran]) -> str:
    """How far a run came: tests that passed of those that are named, and their figures."""
    own = [one for one in ran if any(_is_of(one.place, name) for name in claim.by)]
    if not own:
        return "not in this run" if claim.by else "–"
    counted = [one for one in own if one.ended != "skipped"]
    passed = sum(one.ended == "passed" for one in counted)
    told = [f"{passed} of {len(counted)} tests", *dict.fromkeys(x.figure for x in own if x.figure)]
    skipped = len(own) - len(counted)
    return "; ".join([*told, *([f"{skipped} skipped"] if skipped else [])])


def _is_of(place: str, name: str) -> bool:
    return place == name or place.startswith((f"{name}[", f"{name}::"))


def as_table(ran: Iterable[Ran]) -> str:
    """The catalogue as a Markdown table, with what a run reached."""
    ran = list(ran)
    lines = [
        f"| {one.id} | {one.says} | {one.aim} | {reached(one, ran)} | {one.open} |"
        for one in claims()
    ]
    return "\n".join([*_HEAD, *lines]) + "\n"


def page(results: Path, proof: Mapping[str, object] | None = None) -> str:
    """The reference page: the table, and the figures of a proof where one is given."""
    lines = [
        "# What the tests show",
        "",
        "Written by `casewall wall tests RESULTS -o FILE` from the results of a run; "
        "not by hand. Ids are those of the security guide that the product was built by. A line "
        "that says what is open is not reached yet.",
        "",
    ]
    if proof:
        planted = bool(proof.get("seeded_leaks"))
        lines += ["The last proof, by `casewall wall prove --json`"
                  f"{' with `--leaks`' if planted else ', without leaks'}:", ""]
        lines += [f"- {key.replace('_', ' ')}: {value}" for key, value in proof.items()
                  if not isinstance(value, list) and (planted or "leaks" not in key)]
        lines.append("")
    return "\n".join([*lines, ""]) + as_table(results_of(results))
