"""Every write about needs, declared families and help elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.programme.cases.models import Case
from casewall.programme.needs.models import (
    Circumstances,
    DeclaredChild,
    FamilyStatement,
    Need,
    OnwardReferral,
    SafeguardingReferral,
    ViolenceHistory,
)
from casewall.programme.needs.rules import (
    ASK_AGAIN_DAYS,
    OPEN_HELP,
    SAFEGUARDING_ASK_DAYS,
    Concern,
    Declared,
    Help,
    HelpOutcome,
    Level,
    Lives,
    NeedKind,
    Of,
    SafeguardingOutcome,
    Since,
    Violence,
    months_fit,
    number_fits,
)
from casewall.services.circumstance_rules import age_band as band_at
from casewall.services.circumstance_rules import areas_of, may_state
from casewall.services.load import shipped
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit, demand
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_of_form, new_id
from casewall.wall.sides import Viewer

Row = TypeVar("Row", bound=Any)


def _kept(
    model: type[Row], case: Case, form: UUID | None, by: Viewer, verb: str, **fields: Any
) -> Row:
    """Store a record of a case once: the same form sent again finds the first one."""
    with acting(by):
        case = Case.objects.visible_to(by).select_for_update(of=("self",)).get(pk=case.pk)
        own = id_of_form(case.pk, form) if form else new_id()
        known: Row | None = model.objects.visible_to(by).filter(pk=own).first()
        if known is not None:
            return known
        row = model(id=own, compartment=case.compartment, case=case, **fields)
        row.save(force_insert=True)
        record(by=by, verb=verb, thing=case)
        return row


def state_family(
    *,
    case: Case,
    of: Of,
    answer: Declared,
    number: int | None,
    stated_by: str,
    stated_on: date,
    by: Viewer,
    form: UUID | None = None,
) -> FamilyStatement:
    """Keep how many partners or children were stated. Raises `Refused` where they do not fit."""
    require(by, Duty.RECORD_CONTACT)
    decision = number_fits(answer, number)
    if not decision:
        raise Refused(decision.reason)
    return _kept(
        FamilyStatement,
        case,
        form,
        by,
        "kept a declaration in",
        of=of,
        answer=answer,
        number=number,
        stated_by=stated_by,
        stated_on=stated_on,
    )


def declare_child(
    *,
    case: Case,
    name: str | None,
    born_on: date | None,
    lives: Lives,
    sees_client: bool | None,
    stated_by: str,
    stated_on: date,
    by: Viewer,
    form: UUID | None = None,
) -> DeclaredChild:
    """Keep a child as the client or a referrer stated it. Nothing is looked up or compared."""
    require(by, Duty.RECORD_CONTACT)
    return _kept(
        DeclaredChild,
        case,
        form,
        by,
        "kept a declaration in",
        name=name,
        born_on=born_on.isoformat() if born_on else None,
        lives=lives,
        sees_client=sees_client,
        stated_by=stated_by,
        stated_on=stated_on,
    )


def state_needs(
    *,
    case: Case,
    levels: Mapping[NeedKind, Level],
    stated_by: str,
    stated_on: date,
    by: Viewer,
    note: str | None = None,
    form: UUID | None = None,
) -> int:
    """Keep a level for each kind of need that was spoken of; returns how many were new."""
    require(by, Duty.RECORD_CONTACT)
    if not levels:
        raise Refused("No need is answered yet, so there is nothing to save.")
    with acting(by):
        case = Case.objects.visible_to(by).select_for_update(of=("self",)).get(pk=case.pk)
        rows = [
            Need(
                id=id_of_form(case.pk, form) if form and not place else new_id(),
                compartment=case.compartment,
                case=case,
                kind=kind,
                level=level,
                stated_by=stated_by,
                stated_on=stated_on,
                recorded_at=timezone.now(),
                worker=by.worker,
                note=note if not place else None,
            )
            for place, (kind, level) in enumerate(levels.items())
        ]
        if Need.objects.visible_to(by).filter(pk=rows[0].pk).exists():
            return 0
        Need.objects.visible_to(by).bulk_create(rows)
        record(by=by, verb="kept needs in", thing=case)
        return len(rows)


def state_violence(
    *,
    case: Case,
    since: Since,
    kinds: Iterable[Violence],
    earlier_partners: bool | None,
    convicted: bool | None,
    stated_by: str,
    stated_on: date,
    by: Viewer,
    months: int | None = None,
    earlier_help: str | None = None,
    note: str | None = None,
    form: UUID | None = None,
) -> ViolenceHistory:
    """Keep the history of violence and of earlier help as stated; earlier ones stay.

    Raises `Refused` for months that do not lie within the duration that was chosen.
    """
    require(by, Duty.RECORD_CONTACT)
    demand(months_fit(since, months))
    return _kept(
        ViolenceHistory,
        case,
        form,
        by,
        "kept a history in",
        since=since,
        months=months,
        kinds=",".join(kinds),
        earlier_partners=earlier_partners,
        convicted=convicted,
        earlier_help=earlier_help,
        note=note,
        stated_by=stated_by,
        stated_on=stated_on,
        recorded_at=timezone.now(),
        worker=by.worker,
    )


def state_circumstances(
    *,
    case: Case,
    area: str,
    employment: str,
    stated_by: str,
    stated_on: date,
    by: Viewer,
    age_band: str = "",
    form: UUID | None = None,
) -> Circumstances:
    """Keep where a client lives and works, as of a day; earlier statements stay.

    Where the date of birth is known the age band is worked out from it. Raises `Refused` for a
    statement that says nothing, of an area that the service does not have, or ahead of its day.
    """
    require(by, Duty.RECORD_CONTACT)
    demand(
        may_state(
            area=area,
            employment=employment,
            months=None,
            areas=areas_of(shipped().get(case.service)),
            on=stated_on,
            today=timezone.localdate(),
        )
    )
    with acting(by):
        born = case.client.born_on
    return _kept(
        Circumstances,
        case,
        form,
        by,
        "kept circumstances in",
        area=area,
        employment=employment,
        age_band=band_at(date.fromisoformat(born), case.referred_on) if born else age_band,
        stated_by=stated_by,
        stated_on=stated_on,
        recorded_at=timezone.now(),
        worker=by.worker,
    )


def refer_on(
    *,
    case: Case,
    kind: Help,
    agency: str,
    made_on: date,
    by: Viewer,
    note: str | None = None,
    form: UUID | None = None,
) -> OnwardReferral:
    """The client was referred to help elsewhere; its outcome is asked for after some weeks."""
    require(by, Duty.REFER_ON)
    return _kept(
        OnwardReferral,
        case,
        form,
        by,
        "referred on",
        kind=kind,
        agency=agency,
        made_on=made_on,
        ask_on=made_on + timedelta(days=ASK_AGAIN_DAYS),
        note=note,
        worker=by.worker,
    )


def refer_safeguarding(
    *,
    case: Case,
    concern: Concern,
    made_to: str,
    made_on: date,
    reason: str,
    client_told: bool,
    by: Viewer,
    form: UUID | None = None,
) -> SafeguardingReferral:
    """A safeguarding referral was made; its outcome is asked for after a week."""
    require(by, Duty.REFER_ON)
    return _kept(
        SafeguardingReferral,
        case,
        form,
        by,
        "made a safeguarding referral for",
        concern=concern,
        made_to=made_to,
        made_on=made_on,
        reason=reason,
        client_told=client_told,
        worker=by.worker,
        ask_on=made_on + timedelta(days=SAFEGUARDING_ASK_DAYS),
    )


def settle_onward(
    *,
    referral: OnwardReferral,
    outcome: HelpOutcome,
    on: date,
    by: Viewer,
    version: int,
    note: str | None = None,
) -> OnwardReferral:
    """Record what came of help elsewhere. What may still change is asked for again."""
    again = on + timedelta(days=ASK_AGAIN_DAYS) if outcome in OPEN_HELP else None
    return _settled(OnwardReferral, referral, outcome, on, again, version, by, note)


def settle_safeguarding(
    *,
    referral: SafeguardingReferral,
    outcome: SafeguardingOutcome,
    on: date,
    by: Viewer,
    version: int,
) -> SafeguardingReferral:
    """Record what the authority did."""
    waits = outcome is SafeguardingOutcome.WAITING
    again = on + timedelta(days=SAFEGUARDING_ASK_DAYS) if waits else None
    return _settled(SafeguardingReferral, referral, outcome, on, again, version, by, None)


def _settled(
    model: Any,
    row: Any,
    outcome: str,
    on: date,
    ask_on: date | None,
    version: int,
    by: Viewer,
    note: str | None,
) -> Any:
    require(by, Duty.REFER_ON)
    if on < row.made_on:
        raise Refused(
            f"The referral was made on {row.made_on:%-d %B %Y}; its outcome cannot be "
            "dated before that."
        )
    with acting(by):
        row = model.objects.visible_to(by).select_for_update(of=("self",)).get(pk=row.pk)
        if row.version != version:
            raise StaleEdit(
                "Somebody else recorded an outcome while this page was open. Look at "
                "both before you save."
            )
        row.outcome, row.outcome_on, row.ask_on = outcome, on, ask_on
        if note:
            row.note = "\n".join(filter(None, [row.note, note]))
        row.version += 1
        row.save()
        record(by=by, verb="settled a referral of", kind="case", object_id=row.case_id)
        return row
