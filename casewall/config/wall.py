"""`casewall wall`: its table, its pages and grants, its proof, and what its tests show."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from casewall.config.prove import catalogue
from casewall.programme.cases.drawing import drawing, stage_tables
from casewall.wall import practices
from casewall.wall.flows import as_table

_REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
FLOWS_PAGE = _REFERENCE / "flows.md"
STAGES_PAGE = _REFERENCE / "stages.md"
PRACTICE_PAGE = _REFERENCE / "good-practice.md"
_FLOWS = """\
# What may cross the wall

Made by `casewall wall docs` from `casewall/wall/flows.py`; a test fails while it is stale.

"""
_STAGES = """\
# The stages of a case

Made by `casewall wall docs` from `casewall/programme/cases/rules.py`; a test fails while it is
stale. Days are calendar days after the move into the stage, and defaults of ours.

"""
_PRACTICE = """\
# Good practice for victim safety

Made by `casewall wall docs` from `casewall/wall/practices.py`; a test fails while it is stale,
while a rule cannot be imported and while a test is not there. The practices are those of the
European network's list; tests are named below the folder `tests`.

"""


def wall(arguments: list[str]) -> int:
    """Print the table of flows, or write what is made from the tables."""
    parser = argparse.ArgumentParser(prog="casewall wall")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("table", help="print every flow that may cross")
    verbs.add_parser("docs", help="write the pages of docs/reference that are made from tables")
    verbs.add_parser("grants", help="write the generated SQL that the snapshot test compares")
    proves = verbs.add_parser("prove", help="live through worlds that differ on the safety side "
                                            "and compare every byte of the programme side")
    proves.add_argument("--worlds", type=int, default=3, help="3 or more")
    proves.add_argument("--leaks", action="store_true", help="plant leaks and see them caught")
    proves.add_argument("--json", action="store_true")
    shows = verbs.add_parser("tests", help="what the tests set out to show, and how far a run came")
    shows.add_argument("results", type=Path, help="the results of a run: pytest --junitxml=FILE")
    shows.add_argument("--proof", type=Path, help="what `wall prove --json` printed")
    shows.add_argument("-o", "--output", type=Path, help="write the page here, not to the screen")
    options = parser.parse_args(arguments)
    match options.verb:
        case "table":
            print(as_table(), end="")
        case "docs":
            _REFERENCE.mkdir(parents=True, exist_ok=True)
            for page, text in (
                (FLOWS_PAGE, flows_page()),
                (STAGES_PAGE, stages_page()),
                (PRACTICE_PAGE, practice_page()),
            ):
                page.write_text(text, encoding="utf-8")
                print(f"Wrote {page.name}.")
        case "grants":
            return _grants()
        case "prove":
            return _prove(options)
        case "tests":
            return _tests(options)
    return 0


def _tests(options: argparse.Namespace) -> int:
    try:
        proof = json.loads(options.proof.read_text(encoding="utf-8")) if options.proof else None
        text = catalogue.page(options.results, proof)
    except (catalogue.ResultsError, OSError, json.JSONDecodeError) as problem:
        print(problem, file=sys.stderr)
        return 2
    if options.output:
        options.output.write_text(text, encoding="utf-8")
    else:
        print(text, end="")
    return 0


def _prove(options: argparse.Namespace) -> int:
    """Only here are the packages of development needed that stop a clock."""
    try:
        from casewall.config.prove.command import command
    except ImportError as problem:
        print(f"The proof needs the packages of requirements-dev.lock: {problem}.",
              file=sys.stderr)
        return 1
    return command(options.worlds, options.leaks, options.json)


def flows_page() -> str:
    """The reference page of the flows."""
    return _FLOWS + as_table()


def stages_page() -> str:
    """The reference page of the stages: the drawing, the same as a table, the reasons."""
    return f"{_STAGES}```mermaid\n{drawing()}```\n\n{stage_tables()}"


def practice_page() -> str:
    """The reference page of good practice: what each is, its rule and its test."""
    return _PRACTICE + practices.as_table()


def _grants() -> int:
    import django

    from casewall.config.cli import environment_of, var_folder

    os.environ.update(environment_of("owner", var_folder()))
    django.setup()
    from casewall.wall.grants import write_generated

    for path in write_generated():
        print(f"Wrote {path.name}.")
    return 0
