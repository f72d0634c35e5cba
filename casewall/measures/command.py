"""`casewall measures list | show NAME | check FILE | load FILE | copy NAME FOLDER | describe`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from casewall.measures.definitions import load, loaded_folder, names
from casewall.measures.described import described, listed, reference_page
from casewall.measures.loading import checked, copy_out, load_into
from casewall.measures.reader import DefinitionError


def measures(arguments: list[str]) -> int:
    """Show the measures, or check and load one. Returns 1, with a sentence, where one is wrong."""
    options = _parser().parse_args(arguments)
    folder = loaded_folder()
    try:
        if options.verb == "list":
            print(listed(load(name, folder=folder) for name in names(folder)))
        elif options.verb == "show":
            print(described(load(options.name, options.version, folder)))
        elif options.verb == "describe":
            print(reference_page(), end="")
        elif options.verb == "copy":
            first, second = copy_out(options.name, _here(options.folder))
            print(f"{first.name} and {second.name} are in {first.parent}.")
        elif options.verb == "check":
            print(_checked(options))
        else:
            print(_loaded(options, folder))
    except DefinitionError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="casewall measures")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("list", help="the measures that are shipped or loaded")
    show = verbs.add_parser("show", help="one measure: questions, scorer, licence")
    show.add_argument("name")
    show.add_argument("--version", help="an older version that was loaded")
    for verb, says in (
        ("check", "say what is wrong with a file, and keep nothing"),
        ("load", "check a file and keep it for this site"),
    ):
        one = verbs.add_parser(verb, help=says)
        one.add_argument("file", type=Path, help="FHIR R4 Questionnaire (JSON) or XLSForm (xlsx)")
        one.add_argument("--scoring", type=Path, help="its scoring file; else FILE.scoring.json")
    copied = verbs.add_parser("copy", help="the two files of a shipped measure, to fill in")
    copied.add_argument("name")
    copied.add_argument("folder", type=Path)
    verbs.add_parser("describe", help="the reference page of the shipped measures")
    return parser


def _here(path: Path) -> Path:
    return Path(os.environ.get("CASEWALL_CWD", ".")) / path


def _scoring(options: argparse.Namespace) -> Path | None:
    return None if options.scoring is None else _here(options.scoring)


def _checked(options: argparse.Namespace) -> str:
    found = checked(_here(options.file), _scoring(options))
    return f"{described(found)}\nNothing is wrong with it."


def _loaded(options: argparse.Namespace, folder: Path) -> str:
    found = load_into(folder, _here(options.file), _scoring(options))
    one = found.definition
    said = "is loaded" if found.new else "was loaded before; nothing has changed"
    return f"{one.name} {one.version} {said}: {len(one.items)} questions, in {found.folder}."
