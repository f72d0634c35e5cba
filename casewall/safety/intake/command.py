"""`casewall refer` and `casewall undo-file`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils import timezone
from tqdm import tqdm

from casewall.safety.intake.actions import Trial, load_file, try_file, undo_file
from casewall.safety.intake.models import ReferralFile
from casewall.safety.intake.outbox import send_outbox
from casewall.safety.intake.table import Unreadable
from casewall.services.load import shipped
from casewall.staff.models import system_viewer
from casewall.wall.context import acting, on_side
from casewall.wall.decide import Refused
from casewall.wall.sides import Role, Side, Viewer

SHOWN = 50


def _system() -> Viewer:
    with on_side(Side.SAFETY):
        return system_viewer(Role.SAFETY_SYSTEM)


def _column(text: str) -> tuple[str, str]:
    header, sign, key = text.partition("=")
    if not sign:
        raise argparse.ArgumentTypeError("write HEADER=field, for example 'Sagsnr=reference'")
    return header.strip(), key.strip()


def refer(arguments: list[str]) -> int:
    """`casewall refer FILE --service S [--dry-run]`."""
    parser = argparse.ArgumentParser(
        prog="casewall refer", description="Load referrals from a CSV or XLSX file."
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--service", required=True)
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would happen; store nothing"
    )
    parser.add_argument(
        "--date-order",
        choices=["dmy", "mdy", "ymd"],
        help="how this service's files write dates; kept for the next file",
    )
    parser.add_argument(
        "--column",
        action="append",
        type=_column,
        default=[],
        metavar="HEADER=field",
        help="which field a column is; kept",
    )
    options = parser.parse_args(arguments)
    services = shipped()
    if options.service not in services:
        print(
            f"There is no service “{options.service}”. Known: {', '.join(sorted(services))}.",
            file=sys.stderr,
        )
        return 1
    path = Path(os.environ.get("CASEWALL_CWD", ".")) / options.file
    common = {
        "source": path,
        "name": path.name,
        "service": services[options.service],
        "date_order": options.date_order,
        "columns": dict(options.column),
    }
    try:
        return _run(common, dry=options.dry_run)
    except (Unreadable, Refused, LookupError, OSError) as problem:
        print(problem, file=sys.stderr)
        return 1


def _run(common: dict[str, Any], *, dry: bool) -> int:
    by, now = _system(), timezone.now()
    with tqdm(unit=" rows", desc="Checking", disable=None) as bar:
        trial = try_file(
            **common,
            by=by,
            today=timezone.localdate(now),
            progress=lambda done: bar.update(done - bar.n),
        )
    print(report_of(trial))
    if dry:
        print("Trial run: nothing was stored.")
        return 0
    with tqdm(total=trial.rows, unit=" rows", desc="Loading", disable=None) as bar:
        loaded = load_file(
            **common,
            by=by,
            at=now,
            progress=lambda done: bar.update(done - bar.n),
        )
    sent = send_outbox(by=by)
    print(
        f"Loaded {_counted(loaded.trial.loadable, 'row')} as file {loaded.file.pk}. "
        f"{_counted(sent, 'client part')} went to the programme side."
    )
    print(f"To undo the whole file: casewall undo-file {loaded.file.pk}")
    return 0


def _counted(number: int, one: str) -> str:
    return f"{number} {one}" if number == 1 else f"{number} {one}s"


def report_of(trial: Trial) -> str:
    """The trial in words: counts, columns, and each problem with its row and column."""
    lines = [
        f"{trial.name}: {_counted(trial.rows, 'row')}; {trial.loadable} can be loaded "
        f"({_counted(trial.clients, 'client')}, {_counted(trial.partners, 'partner')}), loaded "
        f"already: {trial.known}, with something that is refused: {trial.refused}."
    ]
    lines += [f"  {note}" for note in trial.notes]
    if trial.unmatched:
        lines.append(f"  Not read: {', '.join(trial.unmatched)}.")
    lines += [f"  {p.level}: {p.sentence}" for p in trial.problems[:SHOWN]]
    left = trial.problems_in_all - min(SHOWN, len(trial.problems))
    if left > 0:
        lines.append(f"  … and {left} more.")
    return "\n".join(lines)


def undo(arguments: list[str]) -> int:
    """`casewall undo-file ID`."""
    parser = argparse.ArgumentParser(prog="casewall undo-file")
    parser.add_argument("file", type=UUID)
    wanted = parser.parse_args(arguments).file
    by = _system()
    with acting(by):
        file = ReferralFile.objects.visible_to(by).filter(pk=wanted).first()
    if file is None:
        print("There is no such referral file.", file=sys.stderr)
        return 1
    try:
        undone = undo_file(file=file, by=by, at=timezone.now())
    except Refused as problem:
        print(problem, file=sys.stderr)
        return 1
    sent = send_outbox(by=by)
    print(
        f"Undone: {_counted(undone.withdrawn, 'partner file')} withdrawn, {undone.tasks} with "
        f"work begun became tasks, {_counted(sent, 'withdrawal')} went to the programme side."
    )
    return 0
