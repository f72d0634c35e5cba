"""Write down what a partner or a child suffered. New violence begins its report at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.audit.rows import known_row
from casewall.programme.incidents.rules import (
    SAFETY_SOURCES,
    Form,
    Severity,
    Sign,
    Source,
    Span,
    is_whole,
    span_fits,
)
from casewall.programme.incidents.words import in_order, split
from casewall.programme.incidents.words import words_of as said
from casewall.safety.children.models import Child
from casewall.safety.incidents.actions.standing import move_on
from casewall.safety.incidents.models import (
    ChildIncident,
    FileAsked,
    SufferedIncident,
    ViolenceReport,
)
from casewall.safety.incidents.rules import (
    EndedBecause,
    Step,
    Suffered,
    danger_words,
    opens_report,
)
from casewall.safety.partners.actions import raise_danger
from casewall.safety.partners.danger import HeardBy, Raised, tell
from casewall.safety.partners.danger import in_order as in_order_of_danger
from casewall.safety.partners.models import PartnerFile
from casewall.safety.support.actions.keeping import kept, locked_file
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit, demand
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_of_form
from casewall.wall.sides import Viewer

CORRECTED = (
    "Somebody else corrected this incident while the page was open. Look at the newest version "
    "of it."
)


def _known_here(source: Source) -> None:
    if source not in SAFETY_SOURCES:
        raise Refused("What the client says of an incident is kept on the programme side.")


def _told(
    forms: Iterable[Form], signs: Iterable[Sign], severity: Severity | None, source: Source,
    happened_on: date, exact: bool, told_on: date, what: str | None, by: Viewer,
) -> dict[str, Any]:  # fmt: skip
    """The fields of an incident, once it is whole."""
    forms, signs = list(forms), list(signs)
    _known_here(source)
    demand(is_whole(forms, signs, happened_on, told_on, timezone.localdate()))
    return {
        "forms": in_order(Form, forms), "signs": in_order(Sign, signs), "severity": severity,
        "source": source, "happened_on": happened_on, "exact": exact, "told_on": told_on,
        "what": what or None, "recorded_at": timezone.now(), "worker": by.worker,
    }  # fmt: skip


def record_suffered(
    *,
    file: PartnerFile,
    suffered_by: Suffered,
    forms: Iterable[Form],
    signs: Iterable[Sign],
    severity: Severity | None,
    source: Source,
    happened_on: date,
    exact: bool,
    told_on: date,
    what: str | None,
    by: Viewer,
    asked_from: date | None = None,
    corrects: SufferedIncident | None = None,
    taken_back: bool = False,
    form: UUID | None = None,
) -> SufferedIncident:
    """Write an incident down, or a correction of one. The same form twice is one incident.

    A sign of danger becomes a task for today at once; new violence begins its report. `asked_from`
    is the first day about which the source was asked, so that its silence counts from there.
    Raises `Refused` where the incident is not whole, `StaleEdit` where it was corrected already.
    """
    require(by, Duty.RECORD_SUFFERED)
    fields = _told(forms, signs, severity, source, happened_on, exact, told_on, what, by)
    if asked_from is not None:
        demand(span_fits(Span(asked_from, told_on), timezone.localdate()))
    with acting(by):
        file = locked_file(file, by)
        own = id_of_form(file.pk, form, "suffered")
        known = known_row(SufferedIncident, own, by)
        if known is not None:
            return known
        before = _standing(corrects, file, by) if corrects else None
        row = SufferedIncident(
            id=own, compartment=file.compartment, file=file, suffered_by=suffered_by,
            corrects=before, taken_back=taken_back, **fields,
        )  # fmt: skip
        row.save(force_insert=True)
        record(by=by, verb="corrected an incident in" if before else "recorded an incident in",
               thing=file)  # fmt: skip
        _raise_danger(row, before, file, by)
        _begin_or_carry(row, before, file, by)
        if asked_from is not None:
            _asked(file, source, asked_from, told_on, by, form)
        return row


def take_back(
    *, incident: SufferedIncident, by: Viewer, form: UUID | None = None
) -> SufferedIncident:
    """Say that an incident was written down by mistake. It stays readable, marked so."""
    with acting(by):
        rows = SufferedIncident.objects.visible_to(by).select_related("file")
        row = rows.get(pk=incident.pk)
        return record_suffered(
            file=row.file,
            suffered_by=Suffered(row.suffered_by),
            forms=[Form(code) for code in split(row.forms)],
            signs=[Sign(code) for code in split(row.signs)],
            severity=Severity(row.severity) if row.severity else None,
            source=Source(row.source),
            happened_on=row.happened_on,
            exact=row.exact,
            told_on=row.told_on,
            what=row.what,
            corrects=row,
            taken_back=True,
            form=form,
            by=by,
        )


def _standing(incident: SufferedIncident, file: PartnerFile, by: Viewer) -> SufferedIncident:
    """The incident to correct, where it stands uncorrected in this file."""
    rows = SufferedIncident.objects.visible_to(by).filter(file=file)
    row: SufferedIncident = rows.get(pk=incident.pk)
    if row.taken_back or rows.filter(corrects=row).exists():
        raise StaleEdit(CORRECTED)
    return row


def _raise_danger(
    row: SufferedIncident, before: SufferedIncident | None, file: PartnerFile, by: Viewer
) -> None:
    """A task for today, for the signs that were not known before."""
    known = split(before.signs) if before else []
    new = [sign for sign in split(row.signs) if sign not in known]
    if new and not row.taken_back:
        raise_danger(
            file=file, heard_by=HeardBy.INCIDENT, source_id=row.pk, signs=in_order_of_danger(new),
            words=danger_words(said(Sign, sign) for sign in new), on=timezone.localdate(), by=by,
        )  # fmt: skip


def _begin_or_carry(
    row: SufferedIncident, before: SufferedIncident | None, file: PartnerFile, by: Viewer
) -> None:
    """Begin the report of new violence, or carry it over to the corrected incident."""
    rows = ViolenceReport.objects.visible_to(by).select_for_update(of=("self",))
    report = rows.filter(incident=before).first() if before else None
    if report is not None:
        report.incident = row
        if row.taken_back and report.ended_on is None:
            report.ended_because = EndedBecause.TAKEN_BACK
            report.ended_on = timezone.localdate()
        report.danger = bool(row.signs)
        move_on(report=report, by=by, again=True)
    elif not row.taken_back and opens_report(
        Source(row.source), [Sign(code) for code in split(row.signs)], row.happened_on,
        file.referred_on,
    ):  # fmt: skip
        _begin(row, file, by)


def _begin(row: SufferedIncident, file: PartnerFile, by: Viewer) -> ViolenceReport:
    report = ViolenceReport(
        id=id_of_form(row.pk, row.pk, "report"),
        compartment=file.compartment,
        file=file,
        incident=row,
        origin=row.source,
        danger=bool(row.signs),
        begun_on=timezone.localdate(),
        step=Step.ASK,
        worker=by.worker,
    )
    report.save(force_insert=True)
    move_on(report=report, by=by)
    record(by=by, verb="began a report of new violence in", thing=file)
    return report


def begin_report(*, incident: SufferedIncident, by: Viewer) -> ViolenceReport:
    """Begin the report of an incident by hand. Where there is one, it is that one."""
    require(by, Duty.RECORD_SUFFERED)
    with acting(by):
        file = locked_file(incident.file, by)
        row = _standing(incident, file, by)
        report = ViolenceReport.objects.visible_to(by).filter(incident=row).first()
        return report or _begin(row, file, by)


def _asked(
    file: PartnerFile, source: Source, first_on: date, last_on: date, by: Viewer, form: UUID | None
) -> FileAsked:
    return kept(
        model=FileAsked, file=file, form=form, by=by, verb="recorded what was asked in",
        source=source, first_on=first_on, last_on=last_on, recorded_at=timezone.now(),
    )  # fmt: skip


def record_asked(
    *,
    file: PartnerFile,
    source: Source,
    first_on: date,
    last_on: date,
    by: Viewer,
    form: UUID | None = None,
) -> FileAsked:
    """Write down the days about which a source was asked, whatever it answered.

    Without such days a source's silence says nothing: it is never counted as safety.
    """
    require(by, Duty.RECORD_SUFFERED)
    _known_here(source)
    demand(span_fits(Span(first_on, last_on), timezone.localdate()))
    return _asked(file, source, first_on, last_on, by, form)


def record_child_incident(
    *,
    child: Child,
    forms: Iterable[Form],
    signs: Iterable[Sign],
    severity: Severity | None,
    source: Source,
    happened_on: date,
    exact: bool,
    told_on: date,
    what: str | None,
    by: Viewer,
    form: UUID | None = None,
) -> ChildIncident:
    """Write down what a child suffered, by whoever works with the child.

    A sign of danger is told to everybody who works with the child at once.
    """
    require(by, Duty.RECORD_SUFFERED)
    fields = _told(forms, signs, severity, source, happened_on, exact, told_on, what, by)
    with acting(by):
        child = Child.objects.visible_to(by).select_for_update(of=("self",)).get(pk=child.pk)
        own = id_of_form(child.pk, form, "suffered")
        known = known_row(ChildIncident, own, by)
        if known is not None:
            return known
        row = ChildIncident(id=own, compartment=child.compartment, child=child, **fields)
        row.save(force_insert=True)
        record(by=by, verb="recorded an incident in", thing=child)
        signs = split(row.signs)
        if signs:
            raised = Raised(
                compartment=child.compartment, heard_by=HeardBy.CHILD_INCIDENT, source_id=row.pk,
                signs=in_order_of_danger(signs), on=timezone.localdate(), child_id=child.pk,
                words=danger_words(said(Sign, sign) for sign in signs),
            )  # fmt: skip
            tell(raised, by)
        return row
