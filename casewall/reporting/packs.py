"""Packs of figures, from the records to a table that can be handed on."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings

from casewall.outcomes import reference
from casewall.outcomes.cards import Card, Pack, load_pack, pack_names
from casewall.outcomes.extract import Extract
from casewall.outcomes.figures import Figure, as_dict
from casewall.outcomes.suppress import Cell, Released, publish_invented, suppress
from casewall.reporting.extract import Snapshot, build, in_words, installed_services
from casewall.reporting.page import as_html
from casewall.reporting.render import INTERNAL, Table, as_csv, as_json, as_text
from casewall.services.load import shipped
from casewall.services.schema import Service

PUBLISHED = "published"
"""The pack of every figure that the modelled services printed, beside what the records give."""


class CannotReport(ValueError):
    """What was asked for cannot be made; says why."""


@dataclass(frozen=True, slots=True)
class Report:
    """A table with its title, its cards and the lines that stand above it."""

    pack: Pack
    title: str
    about: Mapping[str, str]
    table: Table


def service_named(code: str) -> Service:
    """The definition of a service. Raises `CannotReport`, naming those that there are."""
    known = shipped()
    if code not in known:
        raise CannotReport(f"There is no service “{code}”. Known: {', '.join(sorted(known))}.")
    return known[code]


def snapshot_of(service: Service, *, as_of: date, first: date | None = None,
                last: date | None = None) -> Snapshot:
    """The extract of a service for a period; without days, the period of its definition.

    Raises `CannotReport` where the period is reversed, or a day is missing that the definition
    does not give.
    """
    ran = service.period
    first = first or (ran.started_on if ran else None)
    if first is None:
        raise CannotReport(f"The definition of {service.id} says no first day; write --from.")
    last = last or (ran.ended_on if ran and ran.ended_on else as_of)
    if first > last:
        raise CannotReport(f"The period ends on {last}, before it begins on {first}.")
    return build(service, key=settings.CASEWALL_EXTRACT_KEY, period_from=first, period_to=last,
                 as_of=as_of)


def make_pack(name: str, *, service: str | None, as_of: date, first: date | None = None,
              last: date | None = None, release: bool = False) -> Report:
    """A pack computed from the records as they stand. With `release`, under disclosure control.

    Raises `CannotReport` for an unknown pack or service, and what `snapshot_of` raises.
    """
    if name not in pack_names():
        known = ", ".join([*pack_names(), PUBLISHED])
        raise CannotReport(f"There is no pack “{name}”. Known: {known}.")
    pack = load_pack(name)
    if service is None and name not in shipped():
        raise CannotReport(f"The pack {name} fits several services; say which with --service.")
    definition = service_named(service or name)
    snapshot = snapshot_of(definition, as_of=as_of, first=first, last=last)
    figures = reference.pack(name, snapshot.extract)
    return Report(pack, pack.title, _about(definition, snapshot, release=release),
                  suppress(figures) if release else figures)


def make_published(*, as_of: date) -> Report:
    """Every printed figure of the services, computed from invented people and not suppressed.

    Raises `ReleaseError` where not everybody is invented, and `NotSetUp` where a service is not
    set up, since an empty table would look like a result.
    """
    figures: list[Figure] = []
    extracts: list[Extract] = []
    cards: list[Card] = []
    about = {"As of": as_of.isoformat()}
    for name in pack_names():
        definition = service_named(name)
        extract = snapshot_of(definition, as_of=as_of).extract
        extracts.append(extract)
        cards += load_pack(name).cards
        figures += [figure for figure in reference.pack(name, extract)
                    if figure.printed is not None]
        about[definition.name] = f"{extract.period_from} to {extract.period_to}"
    pack = Pack(PUBLISHED, "Published figures, and what the records give", "1", tuple(cards))
    return Report(pack, pack.title, about, publish_invented(figures, extracts))


def _about(service: Service, snapshot: Snapshot, *, release: bool) -> dict[str, str]:
    extract = snapshot.extract
    about = {
        "Service": service.name,
        "Period": f"{extract.period_from} to {extract.period_to}",
        "As of": extract.as_of.isoformat(),
    }
    if extract.invented:
        about["People"] = "Every person is invented."
    left = "; ".join(in_words(snapshot.left_out))
    if left and not release:
        about["Left out"] = f"{left}."
    elif release:
        withdrawn = sum(snapshot.left_out[f"withdrawn_{who}"] for who in ("clients", "partners"))
        about["Left out"] = f"{Cell(withdrawn).shown} withdrawn referrals."
    return about


def as_bytes(report: Report, form: str) -> bytes:
    """The report as text, json, csv or html."""
    release = isinstance(report.table, Released)
    if form == "csv":
        return as_csv(report.table, release=release)
    if form == "html":
        written = as_html(report.table, pack=report.pack, title=report.title, about=report.about,
                          release=release)
    else:
        write = as_json if form == "json" else as_text
        written = write(report.table, title=report.title, about=report.about, release=release)
    return written.encode("utf-8")


def write_whole(path: Path, written: bytes) -> None:
    """Put a file in its place whole, for its owner's eyes only; a reader never sees half of it."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}-",
                                     delete=False) as beside:
        kept = Path(beside.name)
        try:
            beside.write(written)
            beside.flush()
            kept.replace(path)
        except BaseException:
            kept.unlink(missing_ok=True)
            raise


def write_pages(folder: Path, *, as_of: date) -> list[Path]:
    """Leave the packs of services that are set up as JSON, for the safety site to show.

    One file a pack: `title`, `service`, `period_from`, `period_to`, `as_of`, `invented`, `about`,
    the exact `figures` with the `rule` that they are internal, and under `released` the same
    table after disclosure control. Returns the files. Raises OSError.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    written = []
    for name in sorted(set(pack_names()) & set(installed_services())):
        path = folder / f"{name}.json"
        write_whole(path, _for_site(name, as_of))
        written.append(path)
    return written


def _for_site(name: str, as_of: date) -> bytes:
    definition = service_named(name)
    snapshot = snapshot_of(definition, as_of=as_of)
    extract, figures = snapshot.extract, reference.pack(name, snapshot.extract)
    released = suppress(figures)
    whole = {
        "pack": name,
        "title": load_pack(name).title,
        "service": definition.name,
        "period_from": extract.period_from.isoformat(),
        "period_to": extract.period_to.isoformat(),
        "as_of": extract.as_of.isoformat(),
        "invented": extract.invented,
        "about": _about(definition, snapshot, release=False),
        "rule": INTERNAL,
        "figures": [as_dict(figure) for figure in figures],
        "released": {"rule": released.rule,
                     "about": _about(definition, snapshot, release=True),
                     "figures": [as_dict(figure) for figure in released.figures]},
    }
    return (json.dumps(whole, ensure_ascii=False, allow_nan=False, indent=2) + "\n").encode()
