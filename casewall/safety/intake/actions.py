"""Taking in referrals: trial, loading, undoing, and what the front door sealed to this side."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from casewall.audit.actions import record
from casewall.safety.intake.fields import FIELDS
from casewall.safety.intake.headers import HeaderMatch, match_headers
from casewall.safety.intake.kinds import take_for
from casewall.safety.intake.loading import (
    Known,
    Records,
    Where,
    add_referral,
    is_known,
    known_among,
)
from casewall.safety.intake.messages import keep_message, message_from
from casewall.safety.intake.models import DoorEntry, HeaderMapping, IntakeReferral, ReferralFile
from casewall.safety.intake.outbox import send_later
from casewall.safety.intake.parts import Checked, IntakeSettings, Level, Problem
from casewall.safety.intake.reader import read_table
from casewall.safety.intake.rules import check_row, check_rows
from casewall.safety.intake.table import Cell, Row, Table, column_letter
from casewall.safety.partners.actions import withdraw_file
from casewall.safety.partners.models import PartnerFile
from casewall.services.schema import Service
from casewall.vault.boxes import open_box
from casewall.vault.cipher import Unreadable as Unopened
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_to_send_down
from casewall.wall.sides import Side, Viewer

BATCH = 500
PROBLEMS_KEPT = 1000

Progress = Callable[[int], None]


@dataclass(slots=True)
class Trial:
    """What loading a file would do, row by row. Nothing is stored by a trial."""

    name: str
    headers: dict[str, str]
    unmatched: list[str]
    notes: list[str]
    rows: int = 0
    loadable: int = 0
    known: int = 0
    refused: int = 0
    clients: int = 0
    partners: int = 0
    problems: list[Problem] = field(default_factory=list)
    problems_in_all: int = 0


@dataclass(frozen=True, slots=True)
class Loaded:
    """A file that was loaded, with the trial that preceded it."""

    file: ReferralFile
    trial: Trial


@dataclass(frozen=True, slots=True)
class _Opened:
    """A file that can be read as a table, and how its columns are understood."""

    table: Table
    match: HeaderMatch
    settings: IntakeSettings
    where: Where
    today: date

    def checked(self) -> Iterator[Checked]:
        return check_rows(self.table.rows, self.match.mapping, self.settings, self.today)


def settings_for(service: Service, saved: HeaderMapping | None) -> IntakeSettings:
    """What a service, and its kept header mapping, say about its files."""
    layout = service.referral_files[0] if service.referral_files else None
    order = (
        (saved.date_order if saved else "") or (layout and layout.date_order) or service.date_order
    )
    agency = service.agency(layout.agency).name if layout else ""
    return IntakeSettings(
        phone_prefix=service.phone_prefix,
        date_order=order or None,
        route=layout.route if layout else "other_agency",
        agency=agency,
    )


def _kept_mapping(service: Service, by: Viewer) -> HeaderMapping | None:
    return HeaderMapping.objects.visible_to(by).filter(service=service.id).first()


def _open(
    source: Path,
    name: str,
    service: Service,
    by: Viewer,
    today: date,
    date_order: str | None,
    columns: Mapping[str, str] | None,
) -> _Opened:
    saved = _kept_mapping(service, by)
    mapping: dict[str, str] = {}
    for layout in service.referral_files:
        mapping.update(layout.headers)
    mapping.update(saved.mapping if saved else {})
    mapping.update(columns or {})
    table = read_table(source, name=name)
    match = match_headers(table.headers, mapping or None)
    chosen = settings_for(service, saved)
    if date_order:
        chosen = IntakeSettings(
            phone_prefix=chosen.phone_prefix,
            date_order=date_order,  # type: ignore[arg-type]
            route=chosen.route,
            agency=chosen.agency,
        )
    return _Opened(table, match, chosen, Where.of(service), today)


def _batches(rows: Iterable[Checked]) -> Iterator[list[Checked]]:
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        yield batch


def try_file(
    *,
    source: Path,
    name: str,
    service: Service,
    by: Viewer,
    today: date,
    date_order: str | None = None,
    columns: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Trial:
    """Say row by row what loading would do. Raises `Unreadable` with one sentence.

    `columns` maps headers to field names for this file; `progress` is told how many rows are
    done. Nothing is stored.
    """
    require(by, Duty.INTAKE)
    with acting(by):
        return _try(_open(source, name, service, by, today, date_order, columns), name, progress)


def _try(opened: _Opened, name: str, progress: Progress | None) -> Trial:
    headers = {opened.table.headers[i]: key for i, key in sorted(opened.match.mapping.items())}
    trial = Trial(
        name, headers, list(opened.match.unmatched), [*opened.table.notes, *opened.match.notes]
    )
    for batch in _batches(opened.checked()):
        known = known_among(batch, opened.where.service.id)
        for checked in batch:
            _count(trial, checked, known)
        if progress:
            progress(trial.rows)
    return trial


def _count(trial: Trial, checked: Checked, known: Known) -> None:
    trial.rows += 1
    trial.problems_in_all += len(checked.problems)
    trial.problems += checked.problems[: max(0, PROBLEMS_KEPT - len(trial.problems))]
    if checked.client is None and checked.partner is None:
        trial.refused += 1
    elif is_known(checked, known):
        trial.known += 1
    else:
        trial.loadable += 1
        trial.clients += checked.client is not None
        trial.partners += checked.partner is not None
        trial.refused += checked.refused


def load_file(
    *,
    source: Path,
    name: str,
    service: Service,
    by: Viewer,
    at: datetime,
    date_order: str | None = None,
    columns: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Loaded:
    """Load the good rows of a file in one transaction; the others are in the trial's problems.

    The whole file is read once before anything is stored. A file without a single good or known
    row is refused. What was loaded before changes nothing. Raises `Unreadable` and `Refused`.
    """
    require(by, Duty.INTAKE)
    with acting(by):
        opened = _open(source, name, service, by, timezone.localdate(at), date_order, columns)
        trial = _try(opened, name, None)
        if trial.loadable + trial.known == 0:
            first = trial.problems[0].sentence if trial.problems else "It has no rows."
            raise Refused(f"No row of {name} can be loaded. {first}")
        file = _file_record(source, name, trial, opened.where, by, at)
        _load(opened, file, at, by, progress)
        _keep_mapping(service, opened, columns, date_order, by)
        record(by=by, verb="loaded", thing=file)
        return Loaded(file, trial)


def _file_record(
    source: Path, name: str, trial: Trial, where: Where, by: Viewer, at: datetime
) -> ReferralFile:
    with source.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    file = ReferralFile(
        compartment=where.intake,
        service=where.service.id,
        name=name,
        sha256=digest,
        loaded_at=at,
        loaded_by=by.worker,
        rows=trial.rows,
        loaded_rows=trial.loadable,
        refused_rows=trial.refused,
        known_rows=trial.known,
    )
    file.save(force_insert=True)
    return file


def _load(
    opened: _Opened, file: ReferralFile, at: datetime, by: Viewer, progress: Progress | None
) -> None:
    done = 0
    for batch in _batches(opened.checked()):
        records = Records()
        known = known_among(batch, opened.where.service.id)
        for checked in batch:
            add_referral(records, checked, known, opened.where, file=file, at=at)
        records.save(by)
        done += len(batch)
        if progress:
            progress(done)


def _keep_mapping(
    service: Service,
    opened: _Opened,
    columns: Mapping[str, str] | None,
    date_order: str | None,
    by: Viewer,
) -> None:
    """Keep how this service's columns were understood, so that nobody says it twice."""
    if not columns and not date_order:
        return
    kept = _kept_mapping(service, by) or HeaderMapping(
        compartment=opened.where.intake, service=service.id, mapping={}
    )
    kept.mapping = {**kept.mapping, **(columns or {})}
    kept.date_order = date_order or kept.date_order
    kept.save()


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing a file did. What had been worked on became tasks."""

    withdrawn: int
    tasks: int
    sent_down: int


def undo_file(*, file: ReferralFile, by: Viewer, at: datetime) -> Undone:
    """Undo a whole file. What has been worked on, on either side, becomes a task there."""
    require(by, Duty.UNDO_INTAKE)
    with acting(by):
        file = ReferralFile.objects.visible_to(by).select_for_update(of=("self",)).get(pk=file.pk)
        if file.undone_at is not None:
            raise Refused("This file was undone already.")
        on, withdrawn, tasks, sent = timezone.localdate(at), 0, 0, 0
        referrals = IntakeReferral.objects.visible_to(by).filter(file=file, withdrawn_on=None)
        for referral in referrals.order_by("row", "id"):
            if referral.client_fingerprint and referral.client_item:
                send_later(
                    item=id_to_send_down(),
                    kind="withdrawal",
                    at=at,
                    compartment=referral.compartment,
                    content={"referral": str(referral.client_item)},
                )
                sent += 1
            if referral.partner_fingerprint and referral.partner_file_id:
                partner_file = PartnerFile.objects.visible_to(by).get(pk=referral.partner_file_id)
                outcome = withdraw_file(file=partner_file, on=on, by=by)
                tasks += outcome == "task"
                withdrawn += outcome == "withdrawn"
            referral.withdrawn_on = on
            referral.save()
        file.undone_at = at
        file.save()
        record(by=by, verb="undid", thing=file)
        return Undone(withdrawn, tasks, sent)


def take_in_forms(*, by: Viewer, services: Mapping[str, Service], at: datetime) -> int:
    """Open what the front door sealed to this side and take it in like a row of a file.

    A form that cannot be read or checked stays in the inbox, marked, for a person to look at. A
    referrer's message about a referral is kept as such.
    """
    require(by, Duty.INTAKE)
    taken = 0
    with acting(by):
        entries = (
            DoorEntry.objects.visible_to(by)
            .select_for_update(skip_locked=True)
            .filter(applied_on=None)
            .order_by("id")
        )
        for entry in entries:
            entry.outcome = _take_in(entry, services, at, by)
            entry.applied_on = timezone.localdate(at)
            if entry.outcome in ("loaded", "known"):
                entry.sealed = b""
            entry.save(update_fields=["applied_on", "outcome", "sealed"])
            taken += entry.outcome == "loaded"
    return taken


def _take_in(entry: DoorEntry, services: Mapping[str, Service], at: datetime, by: Viewer) -> str:
    try:
        content = open_box(entry.sealed, settings.CASEWALL_SEAL_SECRETS[Side.SAFETY])
        take = take_for(content)
        if take is not None:
            return take(content, entry.id, at, by)
        service = services[str(content["service"])]
        if "message" in content:
            message = message_from(content, id=entry.id, service=service)
            return keep_message(message=message, by=by)
        row, mapping = _as_row(content["fields"])
    except (Unopened, KeyError, ValueError, TypeError):
        return "unreadable"
    where = Where.of(service)
    checked = check_row(row, mapping, settings_for(service, None), timezone.localdate(at))
    if checked.client is None and checked.partner is None:
        return "refused"
    records = Records()
    known = known_among([checked], service.id)
    if add_referral(records, checked, known, where, file=None, at=at) is None:
        return "known"
    records.save(by)
    return "loaded"


def _as_row(fields: Mapping[str, Any]) -> tuple[Row, dict[int, str]]:
    """A form as a row: a column for each field that it has."""
    given = [(key, str(value)) for key, value in sorted(fields.items()) if key in FIELDS]
    cells = tuple(Cell(text, "text", column_letter(i)) for i, (_, text) in enumerate(given))
    return Row(0, cells), {i: key for i, (key, _) in enumerate(given)}


def problems_by_level(trial: Trial) -> dict[Level, int]:
    """How many of the kept problems refuse something and how many only warn."""
    return {level: sum(p.level is level for p in trial.problems) for level in Level}
