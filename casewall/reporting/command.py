"""`casewall report`, `casewall extract` and `casewall figures-for-site`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseError
from django.utils import timezone

from casewall.outcomes.cards import CardError, pack_names
from casewall.outcomes.extract import ExtractError
from casewall.outcomes.releases import quarter_days
from casewall.outcomes.suppress import ReleaseError
from casewall.pages.charts.told import CannotDraw
from casewall.reporting.beside import Beside, read_beside
from casewall.reporting.document import CannotSet
from casewall.reporting.extract import NotSetUp, Snapshot, in_words, installed_services
from casewall.reporting.packs import keep_pack, make_pack, write_pages
from casewall.reporting.parquet import FolderInTheWay, write_extract
from casewall.reporting.published import PUBLISHED, make_published
from casewall.reporting.report import BINARY, DRAWN, FORMATS, Report, as_bytes, write_whole
from casewall.reporting.research import write_research
from casewall.reporting.snapshots import CannotReport, service_named, snapshot_of


def report(arguments: list[str]) -> int:
    """`casewall report PACK [--service S] [--from D --to D | --quarter Q] [--release [--keep]]
    [--analyses [--compare F] [--savings F]] [--format F] [-o F]`."""
    parser = argparse.ArgumentParser(
        prog="casewall report", description="A pack of figures, or what was published.")
    parser.add_argument("pack", metavar="PACK", help=f"{', '.join(pack_names())} or {PUBLISHED}")
    parser.add_argument("--service", help="the service; without it, the one named like the pack")
    parser.add_argument("--from", dest="first", metavar="DAY", help="first day, as 2014-01-31")
    parser.add_argument("--to", dest="last", metavar="DAY", help="last day, which counts too")
    parser.add_argument("--quarter", metavar="QUARTER", help="three months, as 2026Q3")
    parser.add_argument("--release", action="store_true", help="under disclosure control")
    parser.add_argument("--keep", action="store_true",
                        help="freeze the release of a quarter, with its revisions")
    parser.add_argument("--analyses", action="store_true",
                        help="with tests, models, drop-out and dose beside the figures")
    parser.add_argument("--compare", type=Path, metavar="FILE",
                        help="with --analyses: published aggregates of others, CSV or JSON")
    parser.add_argument("--savings", type=Path, metavar="FILE",
                        help="with --analyses: scenarios of what may have been saved, TOML")
    parser.add_argument("--format", choices=FORMATS, default="text")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    return _said_plainly(lambda: _report(options))


def _report(options: argparse.Namespace) -> None:
    if options.format in BINARY and options.output is None and sys.stdout.isatty():
        raise CannotReport(f"A terminal cannot show {options.format}; name a file with -o.")
    if options.keep:
        made = _kept(options)
    else:
        made = _made(options)
    written = as_bytes(made, options.format)
    if options.output is None:
        sys.stdout.buffer.write(written)
        sys.stdout.flush()
    else:
        path = _from_caller(options.output)
        with _writing(path):
            write_whole(path, written)
        _say(f"Wrote {path}.")


def _made(options: argparse.Namespace) -> Report:
    today = timezone.localdate()
    if options.pack != PUBLISHED:
        first, last = _days(options)
        return make_pack(options.pack, service=options.service, as_of=today, first=first,
                         last=last, release=options.release, quarter=options.quarter,
                         drawn=options.format in DRAWN, beside=_beside(options))
    if (options.service or options.first or options.last or options.quarter
            or _beside(options) is not None):
        raise CannotReport("The published figures have their own services and periods; leave "
                           "--service, --from, --to, --quarter and --analyses out.")
    return make_published(as_of=today)


def _beside(options: argparse.Namespace) -> Beside | None:
    """What stands beside the figures, or None where no analysis was asked for."""
    if options.analyses:
        return read_beside(*(path and _from_caller(path)
                             for path in (options.compare, options.savings)))
    if options.compare or options.savings:
        raise CannotReport("--compare and --savings are for analyses: write --analyses too.")
    return None


def _days(options: argparse.Namespace) -> tuple[date | None, date | None]:
    """The first and last day that were asked for: those of the quarter, or of --from and --to."""
    if options.quarter is None:
        return _day("--from", options.first), _day("--to", options.last)
    if options.first or options.last:
        raise CannotReport("A quarter has its own days; leave --from and --to out.")
    return quarter_days(options.quarter)


def _kept(options: argparse.Namespace) -> Report:
    """The release of a quarter, frozen; what it changes and holds back is said."""
    if not options.release or not options.quarter:
        raise CannotReport("What is kept is a release of a quarter: write --release and --quarter "
                           "with --keep.")
    if options.pack == PUBLISHED:
        raise CannotReport("The published figures are invented and not kept; leave --keep out.")
    first, last = _days(options)
    kept, report = keep_pack(options.pack, service=options.service, as_of=timezone.localdate(),
                             quarter=options.quarter, first=first, last=last)
    for sentence in (f"Kept {kept.path}.", *kept.revisions, *kept.held_back):
        sys.stderr.write(f"{sentence}\n")
    return report


def extract(arguments: list[str]) -> int:
    """`casewall extract -o DIR [--service S] [--research [--clients-only]]`: one service, or a
    folder for each inside DIR."""
    parser = argparse.ArgumentParser(
        prog="casewall extract",
        description="Pseudonymised Parquet of both sides. Without --service, every service that "
                    "is set up gets a folder of its name inside DIR.")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="DIR")
    parser.add_argument("--service")
    parser.add_argument("--research", action="store_true",
                        help="for research: pairs, days since the start, labels and a codebook")
    parser.add_argument("--clients-only", action="store_true",
                        help="with --research: leave the partner side out")
    options = parser.parse_args(arguments)
    return _said_plainly(lambda: _extract(options))


def _extract(options: argparse.Namespace) -> None:
    if options.clients_only and not options.research:
        raise CannotReport("--clients-only is for the export for research: write --research too.")
    folder = _from_caller(options.output)
    if options.service:
        places = {options.service: folder}
    else:
        places = {code: folder / code for code in installed_services()}
    if not places:
        raise CannotReport("No service is set up here, so there is nothing to extract.")
    for code, place in places.items():
        snapshot = snapshot_of(service_named(code), as_of=timezone.localdate())
        with _writing(place):
            manifest = _written(snapshot, place, options)
        counts = ", ".join(f"{count} {table}" for table, count in manifest["counts"].items())
        left = "; ".join(in_words(snapshot.left_out))
        _say(f"{place}: {counts}." + (f" Left out: {left}." if left else ""))


def _written(snapshot: Snapshot, place: Path, options: argparse.Namespace) -> dict[str, Any]:
    if not options.research:
        return write_extract(snapshot, place)
    return write_research(snapshot, place, clients_only=options.clients_only)


def figures_for_site(arguments: list[str]) -> int:
    """`casewall figures-for-site`: the packs of the services that are set up, for their site."""
    argparse.ArgumentParser(prog="casewall figures-for-site").parse_args(arguments)
    return _said_plainly(_write_pages)


def _write_pages() -> None:
    folder = Path(settings.CASEWALL_REPORTS_DIR)
    with _writing(folder):
        written = write_pages(folder, as_of=timezone.localdate())
    for path in written:
        _say(f"Wrote {path}.")


def _said_plainly(act: Callable[[], None]) -> int:
    """0, or 1 after one sentence on what stands in the way."""
    try:
        act()
    except (CannotDraw, CannotReport, CannotSet, CardError, ExtractError, FolderInTheWay,
            NotSetUp, ReleaseError) as problem:
        return _refuse(str(problem))
    except DatabaseError as problem:
        first = str(problem).strip().partition("\n")[0]
        return _refuse(f"The databases could not be read: {first}")
    return 0


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """Say which file or folder could not be written, where the system says only why."""
    try:
        yield
    except OSError as problem:
        raise CannotReport(f"{path} cannot be written: {problem.strerror}.") from problem


def _refuse(sentence: str) -> int:
    sys.stderr.write(f"{sentence[:1].upper()}{sentence[1:].rstrip('.')}.\n")
    return 1


def _say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")


def _from_caller(path: Path) -> Path:
    """A path as whoever typed it meant it: commands run in the checkout, people elsewhere."""
    return Path(os.environ.get("CASEWALL_CWD", ".")) / path


def _day(option: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CannotReport(f"{option} {text!r} is not a day; write it as 2014-01-31.") from None
