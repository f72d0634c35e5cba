"""Commands that invent: `invent`, `accounts`, `invent-programme` and `invent-safety`.

Each side's command runs in that side's process and is given that side's script alone. All of them
refuse a real server: invented persons never stand beside real ones.
"""

from __future__ import annotations

import argparse
import os
import sys
from datetime import date, datetime
from pathlib import Path

from django.utils import timezone

from casewall.services.load import shipped
from casewall.synthetic.accounts import kept
from casewall.synthetic.script import read_script, write_private, write_script
from casewall.synthetic.write import any_size
from casewall.wall.sides import Side

SERVICE = "intervention-centre"
SEED = "casewall"


def _refuses() -> bool:
    if os.environ.get("CASEWALL_EMBEDDED") == "1":
        return False
    print(
        "People are invented in the embedded databases only, never on a real server.",
        file=sys.stderr,
    )
    return True


def _var() -> Path:
    return Path(os.environ["CASEWALL_VAR"])


def invent(arguments: list[str]) -> int:
    """`casewall invent FOLDER --people N`: police files and scripts of any size, as files."""
    parser = argparse.ArgumentParser(
        prog="casewall invent",
        description="Invent people: police files, and one script for each side. Stores nothing.",
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--people", type=int, required=True)
    parser.add_argument("--weeks", type=int, default=156, help="referred in the last so many weeks")
    parser.add_argument("--seed", default=SEED)
    parser.add_argument("--service", choices=sorted(shipped()), default=SERVICE)
    parser.add_argument(
        "--today", type=date.fromisoformat, default=datetime.now().astimezone().date()
    )
    options = parser.parse_args(arguments)
    if options.people < 1 or options.weeks < 1:
        print("People and weeks must be 1 or more.", file=sys.stderr)
        return 1
    folder = Path(os.environ.get("CASEWALL_CWD", ".")) / options.folder
    made = any_size(
        options.seed,
        shipped()[options.service],
        options.today,
        people=options.people,
        weeks=options.weeks,
    )
    for name, text in made.files.items():
        write_private(folder / name, text)
    write_script(folder / "programme.jsonl", made.programme)
    write_script(folder / "safety.jsonl", made.safety)
    print(
        f"{options.people} invented persons: {', '.join(made.files)}, programme.jsonl and "
        f"safety.jsonl in {folder}."
    )
    return 0


def accounts(arguments: list[str]) -> int:
    """`casewall accounts`: make the accounts of the demonstration, as the owner."""
    from casewall.synthetic.workers import install

    argparse.ArgumentParser(prog="casewall accounts").parse_args(arguments)
    if _refuses():
        return 1
    for side in Side:
        some = kept(_var(), side)
        made = install(side, some)
        print(f"{made} invented accounts made on the {side} site, {len(some) - made} were there.")
    return 0


def _side_options(prog: str, arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=prog)
    parser.add_argument("script", type=Path, nargs="?")
    parser.add_argument("--service", choices=sorted(shipped()), default=SERVICE)
    parser.add_argument(
        "--bulk",
        action="store_true",
        help="write the same rows many at a time, for large numbers of people",
    )
    parser.add_argument(
        "--second-factors",
        action="store_true",
        help="give the accounts of the demonstration their second factor",
    )
    if prog.endswith("safety"):
        parser.add_argument(
            "--pull-as-of",
            type=datetime.fromisoformat,
            help="pull as if it were this moment, with its zone",
        )
    return parser.parse_args(arguments)


def _second_factors(side: Side) -> None:
    from casewall.synthetic.workers import give_second_factors

    given = give_second_factors(side, kept(_var(), side))
    print(f"{given} second factors given on the {side} site.")


def invent_programme(arguments: list[str]) -> int:
    """`casewall invent-programme SCRIPT`: live a script on the programme side."""
    from casewall.synthetic.bulk_programme import ProgrammeRows
    from casewall.synthetic.run_assessed import AssessedLife
    from casewall.synthetic.run_clients import ClientLife
    from casewall.synthetic.run_programme import ProgrammeLife

    options = _side_options("casewall invent-programme", arguments)
    if _refuses():
        return 1
    if options.second_factors:
        _second_factors(Side.PROGRAMME)
    if options.script:
        script, service = read_script(options.script), shipped()[options.service]
        life = (
            ProgrammeRows(script, service, settles=True)
            if options.bulk
            else ProgrammeLife(script, service)
        )
        print(f"{life.run()} events lived on the programme side.")
        if not options.bulk:
            today = timezone.localdate()
            print(f"{ClientLife(script, service, today).run()} clients asked.")
            print(f"{AssessedLife(script, service, today).run()} clients assessed for risk.")
    return 0


def invent_safety(arguments: list[str]) -> int:
    """`casewall invent-safety SCRIPT`: live a script on the safety side.

    A script that ends with a pull is history that another one goes on from. After any other, the
    work with the partners who are supported now is lived as well.
    """
    from casewall.synthetic.bulk_safety import SafetyRows
    from casewall.synthetic.run_safety import SafetyLife, pull_as_of
    from casewall.synthetic.run_support import SupportLife

    options = _side_options("casewall invent-safety", arguments)
    if _refuses():
        return 1
    if options.second_factors:
        _second_factors(Side.SAFETY)
    if options.script:
        script = read_script(options.script)
        life = (SafetyRows if options.bulk else SafetyLife)(script, shipped()[options.service])
        print(f"{life.run()} events lived on the safety side.")
        if script.seed and not options.pull_as_of:
            files = SupportLife.of_script(script, shipped()[options.service]).run()
            print(f"Support lived in {files} files of partners.")
    if options.pull_as_of:
        print(pull_as_of(shipped()[options.service], options.pull_as_of))
    return 0
