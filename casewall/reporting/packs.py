"""Packs of figures, from the records to a table that can be handed on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from casewall.outcomes import reference
from casewall.outcomes.cards import load_pack, pack_names
from casewall.outcomes.figures import as_dict
from casewall.outcomes.series import series_of
from casewall.outcomes.suppress import Cell, suppress
from casewall.reporting.beside import Beside, analyses, kept_beside
from casewall.reporting.drawings import flows_of
from casewall.reporting.extract import Snapshot, in_words, installed_services
from casewall.reporting.published import PUBLISHED
from casewall.reporting.releases import Kept, keep_release
from casewall.reporting.render import INTERNAL
from casewall.reporting.report import Report, write_whole
from casewall.reporting.snapshots import CannotReport, service_named, snapshot_of
from casewall.services.load import shipped
from casewall.services.schema import Service

QUARTER_NOTE = (
    "A quarter has three months. The one that was printed, January to April 2022, has four: its "
    "figures are no quarter's."
)


def packs_of(service: str) -> tuple[str, ...]:
    """The packs of a service: its own, if there is one, and those that fit every service."""
    own = [service] if service in pack_names() else []
    return (*own, *(name for name in pack_names() if name not in shipped()))


def make_pack(name: str, *, service: str | None, as_of: date, first: date | None = None,
              last: date | None = None, release: bool = False, quarter: str | None = None,
              drawn: bool = False, beside: Beside | None = None) -> Report:
    """A pack computed from the records as they stand. With `release`, under disclosure control;
    with `drawn`, with what its diagrams and charts are made from; with `beside`, with the
    analyses, which no release may hold. `quarter` only names the days.

    Raises `CannotReport` for an unknown pack or service and for analyses in a release, and what
    `snapshot_of` raises.
    """
    if release and beside is not None:
        raise CannotReport("Analyses hold small numbers and are in no release; leave one out.")
    definition = service_of_pack(name, service)
    pack = load_pack(name)
    snapshot = snapshot_of(definition, as_of=as_of, first=first, last=last)
    figures = reference.pack(name, snapshot.extract)
    about = _about(definition, snapshot, release=release)
    if quarter:
        about["Quarter"] = f"{quarter}. {QUARTER_NOTE}"
    return Report(pack, pack.title, about, suppress(figures) if release else figures,
                  analyses=analyses(snapshot.extract, beside) if beside else (),
                  **(_drawn(snapshot, release=release) if drawn else {}))


def keep_pack(name: str, *, service: str | None, as_of: date, quarter: str, first: date | None,
              last: date | None) -> tuple[Kept, Report]:
    """The release of a quarter, frozen beside the earlier ones, and its report.

    Its flows are those that passed the audit with earlier releases beside the figures. Series are
    means and curves over the same people, which no audit of counts can see: they are left out,
    and its other charts are drawn from the released figures alone.

    Raises what `make_pack` raises, and `ReleaseError` where the quarter may not be released.
    """
    definition = service_of_pack(name, service)
    pack = load_pack(name)
    snapshot = snapshot_of(definition, as_of=as_of, first=first, last=last)
    kept = keep_release(folder=Path(settings.CASEWALL_REPORTS_DIR), pack=pack, snapshot=snapshot,
                        service=definition, quarter=quarter)
    about = {**_about(definition, snapshot, release=True),
             "Quarter": f"{quarter}, version {kept.version}. {QUARTER_NOTE}"}
    return kept, Report(pack, pack.title, about, kept.table, flows=kept.flows)


def service_of_pack(name: str, service: str | None) -> Service:
    """The service that a pack is computed for: the one named, or the one named like the pack.

    Raises `CannotReport` for an unknown pack or service, and for a pack that fits several
    services where none is named.
    """
    if name not in pack_names():
        known = ", ".join([*pack_names(), PUBLISHED])
        raise CannotReport(f"There is no pack “{name}”. Known: {known}.")
    if service is None and name not in shipped():
        raise CannotReport(f"The pack {name} fits several services; say which with --service.")
    return service_named(service or name)


def _drawn(snapshot: Snapshot, *, release: bool) -> dict[str, Any]:
    extract = snapshot.extract
    return {"flows": flows_of(extract, release=release),
            "series": series_of(extract, release=release)}


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


def write_pages(folder: Path, *, as_of: date) -> list[Path]:
    """Leave the packs of services that are set up as JSON, for the safety site to show.

    One file a pack: `title`, `service`, `period_from`, `period_to`, `as_of`, `invented`, `about`,
    the exact `figures` with the `rule` that they are internal, `flows` and `series`, and under
    `released` the same after disclosure control. `analyses` stand in the service's own pack alone:
    they are of the whole extract, so that each of the others would hold the same once more. A pack
    that fits every service has the service's name before its own. A service whose definition says
    no first day has no period and so no page. Returns the files. Raises OSError.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    written = []
    for path, content in _pages(folder, as_of):
        write_whole(path, content)
        written.append(path)
    return written


def _pages(folder: Path, as_of: date) -> Iterator[tuple[Path, bytes]]:
    for code in sorted(set(installed_services()) & set(shipped())):
        definition = service_named(code)
        if definition.period is None:
            continue
        snapshot = snapshot_of(definition, as_of=as_of)
        drawn = {"released": _drawn(snapshot, release=True),
                 "internal": _drawn(snapshot, release=False)}
        told = analyses(snapshot.extract, kept_beside(folder, code))
        for own, name in enumerate(packs_of(code)):
            stem = name if name == code else f"{code}-{name}"
            yield folder / f"{stem}.json", _for_site(name, definition, snapshot, drawn,
                                                     [] if own else told)


def _for_site(name: str, definition: Service, snapshot: Snapshot, drawn: dict[str, Any],
              analysed: list[dict[str, Any]]) -> bytes:
    extract, figures = snapshot.extract, reference.pack(name, snapshot.extract)
    table = suppress(figures)
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
        **drawn["internal"],
        "analyses": analysed,
        "released": {"rule": table.rule,
                     "about": _about(definition, snapshot, release=True),
                     "figures": [as_dict(figure) for figure in table.figures],
                     **drawn["released"]},
    }
    return (json.dumps(whole, ensure_ascii=False, allow_nan=False, indent=2) + "\n").encode()
