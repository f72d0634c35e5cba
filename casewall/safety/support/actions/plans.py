"""What a partner needs, wants and does to be safer: in the partner's words, never overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Max
from django.utils import timezone

from casewall.audit.actions import record
from casewall.audit.rows import locked
from casewall.safety.partners.actions import channel_decision
from casewall.safety.partners.models import PartnerFile
from casewall.safety.partners.rules import Channel, Contact
from casewall.safety.support.actions.keeping import kept, locked_file, not_ahead
from casewall.safety.support.models import (
    Expectation,
    PartnerNeed,
    PlanStep,
    PlanVersion,
    SafetyPlan,
    SafetyPlanCopy,
    SupportPlan,
)
from casewall.safety.support.rules import (
    Area,
    Doer,
    Handing,
    Hope,
    Level,
    may_hand_over,
    may_review_on,
)
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit, demand
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_of_form
from casewall.wall.sides import Viewer

Plan = TypeVar("Plan", bound=PlanVersion)
TRAVELS = {Handing.LETTER: Channel.LETTER, Handing.EMAIL: Channel.EMAIL}


class PlanChanged(StaleEdit):
    """A newer version was written meanwhile; nothing was overwritten and nothing lost."""


def state_needs(
    *,
    file: PartnerFile,
    levels: Mapping[Area, Level],
    on: date,
    by: Viewer,
    note: str | None = None,
    form: UUID | None = None,
) -> int:
    """Keep a level for each area that was spoken of; returns how many were new."""
    require(by, Duty.SUPPORT_PARTNER)
    not_ahead(on)
    if not levels:
        raise Refused("No area is answered yet, so there is nothing to save.")
    with acting(by):
        file = locked_file(file, by)
        rows = [
            PartnerNeed(
                id=id_of_form(file.pk, form, f"need {area}"),
                compartment=file.compartment,
                file=file,
                area=area,
                level=level,
                stated_on=on,
                recorded_at=timezone.now(),
                worker=by.worker,
                note=None if place else note,
            )
            for place, (area, level) in enumerate(levels.items())
        ]
        ids = [row.pk for row in rows]
        if PartnerNeed.objects.visible_to(by).filter(pk__in=ids).exists():
            return 0
        for row in rows:
            row.save(force_insert=True)
        record(by=by, verb="kept needs in", thing=file)
        return len(rows)


def state_expectation(
    *,
    file: PartnerFile,
    hope: Hope,
    caveat_told: bool,
    on: date,
    by: Viewer,
    own_words: str | None = None,
    form: UUID | None = None,
) -> Expectation:
    """Keep what a partner expects of the client's change. Hope makes nobody safer: the caveat is
    told, or that it was not told stands in the file."""
    require(by, Duty.SUPPORT_PARTNER)
    not_ahead(on)
    return kept(
        model=Expectation,
        file=file,
        form=form,
        by=by,
        verb="kept an expectation in",
        hope=hope,
        own_words=own_words,
        caveat_told=caveat_told,
        stated_on=on,
        recorded_at=timezone.now(),
    )


def _new_version(
    model: type[Plan],
    file: PartnerFile,
    seen: int,
    form: UUID | None,
    by: Viewer,
    **fields: Any,
) -> Plan:
    """Write the next version of a plan; `seen` is the number that the writer had before them."""
    require(by, Duty.SUPPORT_PARTNER)
    not_ahead(fields["written_on"])
    demand(may_review_on(fields["written_on"], fields["review_on"]))
    with acting(by):
        file = locked_file(file, by)
        rows = model.objects.visible_to(by).filter(file=file)
        own = id_of_form(file.pk, form, model._meta.model_name)
        known: Plan | None = rows.filter(pk=own).first()
        if known is not None:
            return known
        number = rows.aggregate(last=Max("number"))["last"] or 0
        if number != seen:
            raise PlanChanged(
                "Somebody else wrote a newer version while this page was open. It is shown below; "
                "look at both before you save."
            )
        plan = model(
            id=own,
            compartment=file.compartment,
            file=file,
            number=number + 1,
            worker=by.worker,
            **fields,
        )
        plan.save(force_insert=True)
        record(by=by, verb=f"wrote a {model._meta.verbose_name} in", thing=file)
        return plan


def write_support_plan(
    *,
    file: PartnerFile,
    goals: str,
    written_on: date,
    review_on: date,
    seen: int,
    by: Viewer,
    note: str | None = None,
    form: UUID | None = None,
) -> SupportPlan:
    """Write the goals, in the partner's own words, as a new version.

    Raises `PlanChanged` where somebody wrote a newer one than `seen` (0 for none yet).
    """
    if not goals.strip():
        raise Refused("Write what the partner wants, in the partner's own words.")
    return _new_version(
        SupportPlan,
        file,
        seen,
        form,
        by,
        goals=goals,
        note=note,
        written_on=written_on,
        review_on=review_on,
    )


def write_safety_plan(
    *,
    file: PartnerFile,
    words: Mapping[str, str],
    agreed: bool,
    written_on: date,
    review_on: date,
    seen: int,
    by: Viewer,
    form: UUID | None = None,
) -> SafetyPlan:
    """Write a safety plan as a new version; `words` by heading: signs, places, leaving, children,
    devices, other. Raises `PlanChanged` as above, `Refused` where nothing is written."""
    said = {heading: text.strip() for heading, text in words.items() if text.strip()}
    if not said:
        raise Refused("Nothing is written yet, so there is no safety plan to save.")
    return _new_version(
        SafetyPlan,
        file,
        seen,
        form,
        by,
        agreed=agreed,
        written_on=written_on,
        review_on=review_on,
        **said,
    )


def hand_over(
    *, plan: SafetyPlan, how: Handing, by: Viewer, form: UUID | None = None
) -> SafetyPlanCopy:
    """Note how the partner got a safety plan. By a way that is not confirmed safe it is refused,
    whoever asks: what lies in a letter box can be found."""
    require(by, Duty.SUPPORT_PARTNER)
    now = timezone.now()
    with acting(by):
        file = locked_file(plan.file, by)
        channel = TRAVELS.get(how)
        decision = channel and channel_decision(file=file, channel=channel, at=now, by=by)
        unsafe = Contact(file.contact) is Contact.UNSAFE
        demand(may_hand_over(how, contact_is_unsafe=unsafe, channel=decision or None))
        return kept(
            model=SafetyPlanCopy,
            file=file,
            form=form,
            by=by,
            verb="handed over a plan of",
            plan=plan,
            how=how,
            handed_at=now,
        )


def add_step(
    *,
    file: PartnerFile,
    what: str,
    who: Doer,
    due_on: date | None,
    by: Viewer,
    form: UUID | None = None,
) -> PlanStep:
    """Agree on one step: what, who takes it, and by when."""
    require(by, Duty.SUPPORT_PARTNER)
    return kept(
        model=PlanStep,
        file=file,
        form=form,
        by=by,
        verb="added a step to the plan of",
        what=what,
        who=who,
        due_on=due_on,
    )


def end_step(*, step: PlanStep, on: date, by: Viewer, dropped: bool = False) -> PlanStep:
    """A step was taken, or dropped. The first end counts; a second one changes nothing."""
    require(by, Duty.SUPPORT_PARTNER)
    not_ahead(on)
    with acting(by):
        locked_file(step.file, by)
        step = locked(step, by)
        if step.is_open:
            if dropped:
                step.dropped_on = on
            else:
                step.done_on = on
            step.done_by = by.worker
            step.save()
            record(by=by, verb="ended a step of", kind="partnerfile", object_id=step.file_id)
        return step
