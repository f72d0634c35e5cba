"""The period of support: it begins, may be made longer, and ends by its own reasons only."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Max

from casewall.audit.actions import record
from casewall.audit.rows import locked
from casewall.safety.partners.actions import close_file
from casewall.safety.partners.models import PartnerFile
from casewall.safety.support.actions.keeping import locked_file, not_ahead
from casewall.safety.support.models import PeriodExtension, SupportPeriod
from casewall.safety.support.rules import EndReason, may_begin, may_extend, planned_end
from casewall.services.load import shipped
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit, demand
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_of_form
from casewall.wall.sides import Viewer


def months_of(service: str) -> int | None:
    """How many months of support the definition of a service plans; None for no end."""
    definition = shipped().get(service)
    return definition.partner_support.months if definition else None


def begin_support(
    *, file: PartnerFile, on: date, by: Viewer, form: UUID | None = None
) -> SupportPeriod:
    """Support begins on a day; it is planned to last as long as the service's definition says.

    A file that was closed is opened again: a partner who said no may come back at any time.
    Raises `Refused` where support goes on already, or began before an earlier one ended.
    """
    require(by, Duty.SUPPORT_PARTNER)
    not_ahead(on)
    with acting(by):
        file = locked_file(file, by)
        periods = SupportPeriod.objects.visible_to(by).filter(file=file)
        own = id_of_form(file.pk, form, "period")
        known = periods.filter(pk=own).first()
        if known is not None:
            return known
        going_on = periods.filter(ended_on=None).first()
        if going_on is not None:
            raise Refused(
                f"Support goes on already, since {going_on.began_on:%-d %B %Y}: end that first."
            )
        demand(may_begin(on, periods.aggregate(last=Max("ended_on"))["last"]))
        period = SupportPeriod(
            id=own,
            compartment=file.compartment,
            file=file,
            began_on=on,
            planned_end=planned_end(on, months_of(file.service)),
            worker=by.worker,
        )
        period.save(force_insert=True)
        file.closed_on = None
        _until(file, period.planned_end)
        record(by=by, verb="began support of", thing=file)
        return period


def _until(file: PartnerFile, day: date | None) -> None:
    file.support_until = day
    file.version += 1
    file.save()


def _as_seen(period: SupportPeriod, version: int, by: Viewer) -> SupportPeriod:
    """The period, locked. Raises `StaleEdit` where it has changed since it was shown."""
    period = locked(period, by)
    if period.version != version or period.ended_on is not None:
        raise StaleEdit(
            "Somebody else changed this period of support while the page was open. It is shown "
            "as it stands now; look at both before you save."
        )
    return period


def extend_support(
    *,
    period: SupportPeriod,
    until: date,
    reason: str,
    on: date,
    version: int,
    by: Viewer,
    form: UUID | None = None,
) -> SupportPeriod:
    """Plan support to last longer. The earlier day, and why it was too short, stay."""
    require(by, Duty.SUPPORT_PARTNER)
    not_ahead(on)
    with acting(by):
        file = locked_file(period.file, by)
        own = id_of_form(file.pk, form, "extension")
        if PeriodExtension.objects.visible_to(by).filter(pk=own).exists():
            return locked(period, by)
        period = _as_seen(period, version, by)
        demand(may_extend(period.planned_end, until))
        PeriodExtension(
            id=own,
            compartment=file.compartment,
            file=file,
            period=period,
            until_before=period.planned_end,
            until=until,
            reason=reason,
            decided_on=on,
            worker=by.worker,
        ).save(force_insert=True)
        period.planned_end, period.version = until, period.version + 1
        period.save()
        _until(file, until)
        record(by=by, verb="extended support of", thing=file)
        return period


def end_support(
    *,
    period: SupportPeriod,
    on: date,
    reason: EndReason,
    version: int,
    by: Viewer,
    note: str | None = None,
    closes_file: bool = False,
) -> SupportPeriod:
    """Support ends on a day, for a reason. The same end twice is one.

    The file stays open unless `closes_file`: without support, too, a partner is told of what the
    programme must tell (field guide, section 3.5).
    """
    require(by, Duty.SUPPORT_PARTNER)
    not_ahead(on)
    if on < period.began_on:
        raise Refused(
            f"Support began on {period.began_on:%-d %B %Y}; it cannot have ended before that."
        )
    with acting(by):
        file = locked_file(period.file, by)
        now = locked(period, by)
        if (now.ended_on, now.end_reason) == (on, reason):
            return now
        now = _as_seen(now, version, by)
        now.ended_on, now.end_reason, now.end_note = on, reason, note
        now.version += 1
        now.save()
        _until(file, on)
        if closes_file:
            close_file(file=file, on=on, by=by)
        record(by=by, verb="ended support of", thing=file)
        return now
