"""Safeguarding referrals. They may always be made; nobody is told by Casewall."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.audit.rows import known_row, unchanged
from casewall.safety.children.actions.keeping import locked_child, not_after
from casewall.safety.children.models import Child, ChildSafeguarding
from casewall.safety.children.rules import (
    ASK_OUTCOME_DAYS,
    Concern,
    ReferralOutcome,
    Threshold,
    Told,
    referral_fits,
)
from casewall.safety.partners.models import PartnerFile
from casewall.wall.context import acting
from casewall.wall.decide import Refused, demand
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_of_form
from casewall.wall.sides import Viewer


def refer_child(
    *,
    child: Child,
    concern: Concern,
    threshold: Threshold,
    made_to: str,
    made_on: date,
    reason: str,
    consented: bool,
    by: Viewer,
    without_because: str | None = None,
    told: Iterable[Told] = (),
    on_file: PartnerFile | None = None,
    form: UUID | None = None,
) -> ChildSafeguarding:
    """Keep that a child was referred to those who protect children; its outcome is asked for.

    No wall, plan or missing consent stops it. `told` is who was told by a person; nothing goes to
    anybody from here. Raises `Refused` without consent and without a reason for that.
    """
    require(by, Duty.REFER_CHILD)
    demand(referral_fits(consented=consented, without_because=without_because))
    not_after(made_on, timezone.localdate(), "Referred on")
    with acting(by):
        child = locked_child(child, by)
        own = id_of_form(child.pk, form)
        known = known_row(ChildSafeguarding, own, by)
        if known is not None:
            return known
        row = ChildSafeguarding(
            id=own,
            compartment=child.compartment,
            child=child,
            on_file=on_file,
            concern=concern,
            threshold=threshold,
            made_to=made_to,
            made_on=made_on,
            reason=reason,
            consented=consented,
            without_because=None if consented else without_because,
            told=",".join(told),
            ask_on=made_on + timedelta(days=ASK_OUTCOME_DAYS),
            worker=by.worker,
        )
        row.save(force_insert=True)
        record(by=by, verb="made a safeguarding referral for", thing=child)
        return row


def settle_referral(
    *, referral: ChildSafeguarding, outcome: ReferralOutcome, on: date, version: int, by: Viewer
) -> ChildSafeguarding:
    """Record what the authority did. While it has not decided, it is asked again."""
    require(by, Duty.REFER_CHILD)
    not_after(on, timezone.localdate(), "Known since")
    if on < referral.made_on:
        raise Refused(
            f"The referral was made on {referral.made_on:%-d %B %Y}; its outcome cannot be dated "
            "before that."
        )
    with acting(by):
        rows = ChildSafeguarding.objects.visible_to(by).select_for_update(of=("self",))
        referral = rows.get(pk=referral.pk)
        unchanged(referral, version)
        waits = outcome is ReferralOutcome.WAITING
        referral.outcome, referral.outcome_on = outcome, on
        referral.ask_on = on + timedelta(days=ASK_OUTCOME_DAYS) if waits else None
        referral.version += 1
        referral.save()
        record(by=by, verb="settled a referral of", kind="child", object_id=referral.child_id)
        return referral
