"""`casewall wall table` and `casewall wall grants`."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from casewall.wall.flows import as_table

FLOWS_PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "flows.md"
_INTRODUCTION = """\
# What may cross the wall

Made by `casewall wall docs` from `casewall/wall/flows.py`; a test fails while it is stale.

"""


def wall(arguments: list[str]) -> int:
    """Print the table of flows, or write what is made from it."""
    parser = argparse.ArgumentParser(prog="casewall wall")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("table", help="print every flow that may cross")
    verbs.add_parser("docs", help="write docs/reference/flows.md")
    verbs.add_parser("grants", help="write the generated SQL that the snapshot test compares")
    match parser.parse_args(arguments).verb:
        case "table":
            print(as_table(), end="")
        case "docs":
            FLOWS_PAGE.parent.mkdir(parents=True, exist_ok=True)
            FLOWS_PAGE.write_text(flows_page(), encoding="utf-8")
            print(f"Wrote {FLOWS_PAGE.name}.")
        case "grants":
            return _grants()
    return 0


def flows_page() -> str:
    """The reference page of the flows."""
    return _INTRODUCTION + as_table()


def _grants() -> int:
    import django

    from casewall.config.cli import environment_of, var_folder

    os.environ.update(environment_of("owner", var_folder()))
    django.setup()
    from casewall.wall.grants import write_generated

    for path in write_generated():
        print(f"Wrote {path.name}.")
    return 0
