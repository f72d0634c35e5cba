"""Every write about incidents, proceedings and custody on the programme side."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from typing import Any, TypeVar
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.audit.rows import locked, put
from casewall.programme.cases.models import Case
from casewall.programme.incidents.models import (
    AskedSpan,
    CourtDay,
    CustodySpan,
    Incident,
    IncidentReview,
    Proceeding,
)
from casewall.programme.incidents.rules import (
    PROGRAMME_SOURCES,
    Custody,
    DayOutcome,
    Ended,
    Follows,
    Form,
    Kind,
    Severity,
    Sign,
    Source,
    Span,
    ends_well,
    is_re_offence,
    is_whole,
    may_decide,
    outcome_fits,
    proceeding_fits,
    review_due,
    span_fits,
)
from casewall.programme.incidents.words import in_order, split
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit, demand
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_of_form, new_id
from casewall.wall.sides import Viewer

Row = TypeVar("Row", bound=Any)


def record_incident(
    *,
    case: Case,
    forms: Iterable[Form],
    signs: Iterable[Sign],
    severity: Severity | None,
    source: Source,
    happened_on: date,
    exact: bool,
    told_on: date,
    what: str | None,
    by: Viewer,
    corrects: Incident | None = None,
    taken_back: bool = False,
    form: UUID | None = None,
) -> Incident:
    """Write an incident down, or a correction of one. The same form twice is one incident.

    A sign of danger, and new violence since the referral, ask a manager for a decision at once.
    Raises `Refused` where it is not whole, and `StaleEdit` where another correction was first.
    """
    require(by, Duty.RECORD_INCIDENT)
    if source not in PROGRAMME_SOURCES:
        raise Refused("This side cannot know of an incident from that source.")
    forms, signs = list(forms), list(signs)
    demand(is_whole(forms, signs, happened_on, told_on, timezone.localdate()))
    with acting(by):
        case = locked(case, by)
        own = id_of_form(case.pk, form, "incident")
        known: Incident | None = Incident.objects.visible_to(by).filter(pk=own).first()
        if known is not None:
            return known
        before = _standing(corrects, case, by) if corrects else None
        row = Incident(
            id=own, compartment=case.compartment, case=case, forms=in_order(Form, forms),
            signs=in_order(Sign, signs), severity=severity, source=source,
            happened_on=happened_on, exact=exact, told_on=told_on, recorded_at=timezone.now(),
            worker=by.worker, what=what or None, corrects=before, taken_back=taken_back,
        )  # fmt: skip
        row.save(force_insert=True)
        record(by=by, verb="corrected an incident in" if before else "recorded an incident in",
               thing=case)
        _ask_for_decision(row, before, case, by)
        return row


def take_back(*, incident: Incident, by: Viewer, form: UUID | None = None) -> Incident:
    """Say that an incident was written down by mistake. It stays readable, marked so."""
    with acting(by):
        rows = Incident.objects.visible_to(by).select_related("case")
        row = rows.get(pk=incident.pk)
        return record_incident(
            case=row.case,
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


def _standing(incident: Incident, case: Case, by: Viewer) -> Incident:
    """The incident to correct, where it stands uncorrected in this case."""
    rows = Incident.objects.visible_to(by).filter(case=case)
    row: Incident = rows.get(pk=incident.pk)
    if rows.filter(corrects=row).exists() or row.taken_back:
        raise StaleEdit("Somebody else corrected this incident while the page was open. Look at "
                        "the newest version of it.")
    return row


def _ask_for_decision(
    row: Incident, before: Incident | None, case: Case, by: Viewer
) -> None:
    """Ask a manager what follows, or carry an open question over to the corrected incident."""
    signs = [Sign(code) for code in split(row.signs)]
    again = is_re_offence(row.happened_on, case.referred_on)
    due = None if row.taken_back else review_due(signs, again, timezone.localdate())
    reviews = IncidentReview.objects.visible_to(by)
    review = reviews.select_for_update(of=("self",)).filter(incident=before).first()
    if review is not None and review.decided_on is None:
        review.version += 1
        if due is None:
            review.follows, review.decided_on = Follows.TAKEN_BACK, timezone.localdate()
            review.worker = by.worker
        else:
            review.incident, review.danger, review.re_offence = row, bool(signs), again
            review.due_on = min(review.due_on, due)
        review.save()
    elif due is not None and (review is None or _graver(review, signs, again)):
        IncidentReview(
            id=new_id(),
            compartment=case.compartment,
            case=case,
            incident=row,
            danger=bool(signs),
            re_offence=again,
            due_on=due,
        ).save(force_insert=True)


def _graver(review: IncidentReview, signs: list[Sign], again: bool) -> bool:
    """Whether a correction says more than what was decided about."""
    return (bool(signs) and not review.danger) or (again and not review.re_offence)


def decide_review(
    *, review: IncidentReview, follows: Follows, reason: str, version: int, by: Viewer
) -> IncidentReview:
    """Keep what a manager decides after an incident. Decided twice alike is decided once."""
    require(by, Duty.SIGN_OFF)
    demand(may_decide(follows, reason))
    with acting(by):
        row = locked(review, by)
        if row.version == version + 1 and (row.follows, row.reason) == (follows, reason):
            return row
        if row.version != version or row.decided_on is not None:
            raise StaleEdit
        row.follows, row.reason, row.worker = follows, reason, by.worker
        row.decided_on = timezone.localdate()
        row.version += 1
        row.save()
        record(by=by, verb="decided after an incident in", kind="case", object_id=row.case_id)
        return row


def _kept(
    model: type[Row], case: Case, form: UUID | None, by: Viewer, verb: str, **fields: Any
) -> Row:
    """Keep a record of a case once: the same form sent again finds the first one."""
    with acting(by):
        case = locked(case, by)
        own = id_of_form(case.pk, form, model._meta.model_name)
        known: Row | None = model.objects.visible_to(by).filter(pk=own).first()
        if known is not None:
            return known
        row = model(id=own, compartment=case.compartment, case=case, worker=by.worker, **fields)
        row.save(force_insert=True)
        record(by=by, verb=verb, thing=case)
        return row


def _from_here(source: Source) -> None:
    if source not in PROGRAMME_SOURCES:
        raise Refused("This side cannot know of a proceeding from that source.")


def open_proceeding(
    *,
    case: Case,
    kind: Kind,
    began_on: date,
    until_on: date | None,
    court: str | None,
    conditions: str | None,
    source: Source,
    stated_on: date,
    by: Viewer,
    form: UUID | None = None,
) -> Proceeding:
    """Write down what the police or a court began. The same form twice is one proceeding."""
    require(by, Duty.RECORD_INCIDENT)
    _from_here(source)
    demand(proceeding_fits(kind, began_on, until_on, timezone.localdate()))
    return _kept(
        Proceeding,
        case,
        form,
        by,
        "recorded a proceeding in",
        kind=kind,
        began_on=began_on,
        until_on=until_on,
        court=court or None,
        conditions=conditions or None,
        source=source,
        stated_on=stated_on,
    )


def change_proceeding(
    *,
    proceeding: Proceeding,
    until_on: date | None,
    conditions: str | None,
    court: str | None,
    ended_on: date | None,
    ended_how: Ended | None,
    version: int,
    by: Viewer,
) -> Proceeding:
    """Change until when a proceeding holds, on what conditions, and how it ended.

    Raises `StaleEdit` past `version`; the same change twice is one.
    """
    require(by, Duty.RECORD_INCIDENT)
    today = timezone.localdate()
    demand(proceeding_fits(Kind(proceeding.kind), proceeding.began_on, until_on, today))
    demand(ends_well(proceeding.began_on, ended_on, ended_how, today))
    return _changed(
        proceeding, version, by, "changed a proceeding in",
        until_on=until_on, conditions=conditions or None, court=court or None,
        ended_on=ended_on, ended_how=ended_how or "",
    )  # fmt: skip


def _changed(row: Row, version: int, by: Viewer, verb: str, **now: Any) -> Row:
    """Change a record past `version`; what already is so is not changed twice."""
    with acting(by):
        row = locked(row, by)
        if put(row, version, now):
            record(by=by, verb=verb, kind="case", object_id=row.case_id)
        return row


def set_court_day(
    *,
    proceeding: Proceeding,
    held_on: date,
    at_time: time | None,
    source: Source,
    by: Viewer,
    form: UUID | None = None,
) -> CourtDay:
    """Write down a day in court, which may lie ahead. Refused before the proceeding began."""
    require(by, Duty.RECORD_INCIDENT)
    _from_here(source)
    if held_on < proceeding.began_on:
        raise Refused(
            f"The proceeding began on {proceeding.began_on:%-d %B %Y}; a hearing cannot be before "
            "that."
        )
    return _kept(
        CourtDay, proceeding.case, form, by, "recorded a hearing in",
        proceeding=proceeding, held_on=held_on, at_time=at_time, source=source,
    )  # fmt: skip


def settle_court_day(
    *, court_day: CourtDay, outcome: DayOutcome, note: str | None, version: int, by: Viewer
) -> CourtDay:
    """Keep what came of a day in court."""
    require(by, Duty.RECORD_INCIDENT)
    demand(outcome_fits(court_day.held_on, outcome, timezone.localdate()))
    return _changed(court_day, version, by, "settled a hearing in", outcome=outcome,
                    note=note or None)


def record_custody(
    *,
    case: Case,
    why: Custody,
    first_on: date,
    last_on: date | None,
    source: Source,
    by: Viewer,
    form: UUID | None = None,
) -> CustodySpan:
    """Write down days in custody; without a last day the client is still there."""
    require(by, Duty.RECORD_INCIDENT)
    _from_here(source)
    demand(span_fits(Span(first_on, last_on), timezone.localdate()))
    return _kept(
        CustodySpan, case, form, by, "recorded custody in", why=why, first_on=first_on,
        last_on=last_on, source=source, recorded_at=timezone.now(),
    )  # fmt: skip


def change_custody(
    *, custody: CustodySpan, last_on: date | None, taken_back: bool, version: int, by: Viewer
) -> CustodySpan:
    """Write down when the client came out, or that the days were written down by mistake."""
    require(by, Duty.RECORD_INCIDENT)
    demand(span_fits(Span(custody.first_on, last_on), timezone.localdate()))
    return _changed(custody, version, by, "changed custody in", last_on=last_on,
                    taken_back=taken_back)


def record_asked(
    *,
    case: Case,
    source: Source,
    first_on: date,
    last_on: date,
    by: Viewer,
    form: UUID | None = None,
) -> AskedSpan:
    """Write down the days about which a source was asked for violence, whatever it answered.

    Without such days a source's silence says nothing, and no figure counts it as no violence.
    """
    require(by, Duty.RECORD_INCIDENT)
    _from_here(source)
    demand(span_fits(Span(first_on, last_on), timezone.localdate()))
    return _kept(
        AskedSpan, case, form, by, "recorded what was asked in", source=source,
        first_on=first_on, last_on=last_on, recorded_at=timezone.now(),
    )  # fmt: skip
