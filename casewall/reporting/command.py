"""`casewall report`, `casewall extract` and `casewall figures-for-site`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import Error as DatabaseError
from django.utils import timezone

from casewall.outcomes.cards import CardError, pack_names
from casewall.outcomes.extract import ExtractError
from casewall.outcomes.suppress import ReleaseError
from casewall.reporting.extract import NotSetUp, in_words, installed_services
from casewall.reporting.packs import (
    PUBLISHED,
    CannotReport,
    Report,
    as_bytes,
    make_pack,
    make_published,
    service_named,
    snapshot_of,
    write_pages,
    write_whole,
)
from casewall.reporting.parquet import FolderInTheWay, write_extract

FORMATS = ("text", "json", "csv", "html")
NOT_YET = ("xlsx", "pdf")


def report(arguments: list[str]) -> int:
    """`casewall report PACK [--service S] [--from D --to D] [--release] [--format F] [-o F]`."""
    parser = argparse.ArgumentParser(
        prog="casewall report", description="A pack of figures, or what was published.")
    parser.add_argument("pack", metavar="PACK", help=f"{', '.join(pack_names())} or {PUBLISHED}")
    parser.add_argument("--service", help="the service; without it, the one named like the pack")
    parser.add_argument("--from", dest="first", metavar="DAY", help="first day, as 2014-01-31")
    parser.add_argument("--to", dest="last", metavar="DAY", help="last day, which counts too")
    parser.add_argument("--release", action="store_true", help="under disclosure control")
    parser.add_argument("--format", choices=[*FORMATS, *NOT_YET], default="text")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    return _said_plainly(lambda: _report(options))


def _report(options: argparse.Namespace) -> None:
    if options.format in NOT_YET:
        raise CannotReport(f"The format {options.format} is not available yet; there are "
                           f"{', '.join(FORMATS)}.")
    written = as_bytes(_made(options), options.format)
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
        return make_pack(options.pack, service=options.service, as_of=today,
                         first=_day("--from", options.first), last=_day("--to", options.last),
                         release=options.release)
    if options.service or options.first or options.last:
        raise CannotReport("The published figures have their own services and periods; leave "
                           "--service, --from and --to out.")
    return make_published(as_of=today)


def extract(arguments: list[str]) -> int:
    """`casewall extract -o DIR [--service S]`: one service, or a folder for each inside DIR."""
    parser = argparse.ArgumentParser(
        prog="casewall extract",
        description="Pseudonymised Parquet of both sides. Without --service, every service that "
                    "is set up gets a folder of its name inside DIR.")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="DIR")
    parser.add_argument("--service")
    options = parser.parse_args(arguments)
    return _said_plainly(lambda: _extract(options))


def _extract(options: argparse.Namespace) -> None:
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
            manifest = write_extract(snapshot, place)
        counts = ", ".join(f"{count} {table}" for table, count in manifest["counts"].items())
        left = "; ".join(in_words(snapshot.left_out))
        _say(f"{place}: {counts}." + (f" Left out: {left}." if left else ""))


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
    except (CannotReport, CardError, ExtractError, FolderInTheWay, NotSetUp,
            ReleaseError) as problem:
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
