"""Keeping a release: from a frozen extract to a file that is never changed again.

Beside each release lies a file with whose records its figures are made of, for the safety site
alone: a figure leads a manager back to its cases, and nobody else. Both files are named, with
their hashes, in the ledger of the pack.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections

from casewall.outcomes import reference
from casewall.outcomes.cards import Pack
from casewall.outcomes.figures import as_dict
from casewall.outcomes.flow import as_dict as flow_as_dict
from casewall.outcomes.flow_audit import Joined, join_flows
from casewall.outcomes.releases import (
    LEDGER,
    Members,
    Release,
    audit,
    kept_releases,
    place_of,
    quarter_days,
    records_of,
    records_path,
    revisions,
)
from casewall.outcomes.suppress import Released, ReleaseError, hold_back, suppress
from casewall.reporting.extract import PROGRAMME, SAFETY, Snapshot, pseudonym
from casewall.services.schema import Service

_IDENTIFIERS = {
    "client": (PROGRAMME, "select client_id, id from programme_cases_case where service = %s"),
    "partner": (
        SAFETY,
        "select partner_id, id from safety_partners_partnerfile where service = %s",
    ),
}

Identifiers = Mapping[str, Sequence[str]]
"""Who ("client:…", "partner:…", by pseudonym) → the identifiers of their cases or files."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A release that was kept just now. ``held_back`` and ``revisions`` are sentences."""

    pack: str
    service: str
    quarter: str
    version: int
    path: Path
    table: Released
    held_back: tuple[str, ...]
    revisions: tuple[str, ...]
    sha256: str
    flows: tuple[dict[str, Any], ...] = ()


def keep_release(
    *,
    folder: Path,
    pack: Pack,
    snapshot: Snapshot,
    service: Service,
    quarter: str,
    identifiers: Identifiers | None = None,
) -> Kept:
    """Put a quarter's figures of a pack under disclosure control and keep them for good.

    ``identifiers`` lead back to records; None reads them from the two clusters. Raises
    ReleaseError where the quarter is not over or not the extract's, an earlier release was
    tampered with, nothing has changed, or what it would tell with earlier releases is too much.
    """
    extract = snapshot.extract
    _check_quarter(quarter, snapshot)
    earlier = kept_releases(folder, service.id, pack.name)
    versions = [one for one in earlier if one.quarter == quarter]
    before = versions[-1] if versions else None
    members = records_of(pack.cards, extract, reference.compute)
    table = suppress([reference.compute(card, extract) for card in pack.cards])
    held = audit(table.figures, members, earlier, revises=before).held_back
    table = hold_back(table, held)
    changed = revisions(table.figures, before) if before else ()
    if before and not changed:
        raise ReleaseError(
            f"Nothing has changed since version {before.version} of {quarter}; it stands."
        )
    shown = {figure: members[figure] for figure in members if figure not in held}
    left = [one for one in table.figures if one.id not in held]
    joined = join_flows(extract, left, shown, earlier)
    said = [f"{one.label}: {held[one.id]}" for one in table.figures if one.id in held]
    content = _Content(
        pack=pack,
        service=service,
        quarter=quarter,
        version=1 + len(versions),
        snapshot=snapshot,
        table=table,
        held_back=(*said, *joined.left_out),
        revisions=changed,
        members={**shown, **joined.members},
        joined=joined,
        identifiers=identifiers_of(service) if identifiers is None else identifiers,
        earlier=earlier,
    )
    return _written(content, folder)


def identifiers_of(service: Service) -> dict[str, list[str]]:
    """Pseudonym → identifiers of cases and files of a service, as the two clusters stand now."""
    key = settings.CASEWALL_EXTRACT_KEY
    found: dict[str, list[str]] = {}
    for role, (alias, query) in _IDENTIFIERS.items():
        with connections[alias].cursor() as cursor:
            cursor.execute(query, [service.id])
            for person, record in cursor.fetchall():
                found.setdefault(f"{role}:{pseudonym(key, role, person)}", []).append(str(record))
    return found


def _check_quarter(quarter: str, snapshot: Snapshot) -> None:
    first, last = quarter_days(quarter)
    extract = snapshot.extract
    if extract.as_of <= last:
        raise ReleaseError(
            f"{quarter} ends on {last}, and the extract is of {extract.as_of}: a quarter is "
            "released when it is over."
        )
    if extract.period_to != last:
        raise ReleaseError(f"The extract ends on {extract.period_to}, and {quarter} on {last}.")
    if extract.period_from > first:
        raise ReleaseError(
            f"The extract begins on {extract.period_from}, within {quarter}, so that a part of "
            "the quarter would be missing."
        )


@dataclass(frozen=True, slots=True)
class _Content:
    pack: Pack
    service: Service
    quarter: str
    version: int
    snapshot: Snapshot
    table: Released
    held_back: tuple[str, ...]
    revisions: tuple[str, ...]
    members: Members
    joined: Joined
    identifiers: Identifiers
    earlier: Sequence[Release]

    def flows(self) -> list[dict[str, Any]]:
        return [flow_as_dict(flow) for flow in self.joined.flows]

    def release(self) -> dict[str, Any]:
        extract = self.snapshot.extract
        return {
            "pack": self.pack.name,
            "title": self.pack.title,
            "service": self.service.id,
            "quarter": self.quarter,
            "version": self.version,
            "period_from": extract.period_from.isoformat(),
            "period_to": extract.period_to.isoformat(),
            "as_of": extract.as_of.isoformat(),
            "invented": extract.invented,
            "rule": self.table.rule,
            "cards": self.pack.version,
            "follows": self.earlier[-1].sha256 if self.earlier else None,
            "revisions": list(self.revisions),
            "held_back": list(self.held_back),
            "figures": [as_dict(figure) for figure in self.table.figures],
            "flows": self.flows(),
            "boxes": [asdict(row) for row in self.joined.rows],
        }

    def records(self) -> dict[str, Any]:
        everybody = {
            who for parts in self.members.values() for whole in parts.values() for who in whole
        }
        return {
            "members": {
                figure: {part: sorted(who) for part, who in parts.items()}
                for figure, parts in self.members.items()
            },
            "identifiers": {
                who: sorted(self.identifiers.get(who, ())) for who in sorted(everybody)
            },
        }


def _written(content: _Content, folder: Path) -> Kept:
    place = place_of(folder, content.service.id, content.pack.name)
    path = place / content.quarter / f"{content.version}.json"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digests = [
        _once(path, content.release()),
        _once(records_path(path), content.records()),
    ]
    entry = {
        "path": str(path.relative_to(place)),
        "sha256": digests[0],
        "records_sha256": digests[1],
    }
    with (place / LEDGER).open("a", encoding="utf-8") as ledger:
        ledger.write(json.dumps(entry) + "\n")
        ledger.flush()
        os.fsync(ledger.fileno())
    return Kept(
        content.pack.name,
        content.service.id,
        content.quarter,
        content.version,
        path,
        content.table,
        content.held_back,
        content.revisions,
        digests[0],
        tuple(content.flows()),
    )


def _once(path: Path, whole: Mapping[str, Any]) -> str:
    """Write a file that is not there yet, for its owner to read only; returns its SHA-256."""
    written = (json.dumps(whole, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(opened, "wb") as stream:
        stream.write(written)
        stream.flush()
        os.fsync(stream.fileno())
    return hashlib.sha256(written).hexdigest()
