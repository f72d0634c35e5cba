"""Actions of the plan: who does what by when, and what came of it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.safety.risk.models import JointRisk, RiskAction
from casewall.safety.risk.rules import may_act, may_settle
from casewall.safety.support.actions.keeping import locked_file
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit, demand
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_of_form
from casewall.wall.sides import Viewer

SETTLED = "Somebody else wrote down what came of this action while the page was open. Look at it."


def add_action(
    *,
    risk: JointRisk,
    what: str,
    owner: UUID | None,
    agency: str | None,
    due_on: date,
    by: Viewer,
    form: UUID | None = None,
) -> RiskAction:
    """Put an action into the plan, for a worker or for another agency. Same form twice is one."""
    require(by, Duty.JOINT_RISK)
    agency = (agency or "").strip()
    if owner is not None and agency:
        raise Refused("Choose a worker, or name another agency: one of them does it.")
    demand(may_act(what, owner is not None or bool(agency), due_on, timezone.localdate()))
    with acting(by):
        risk = JointRisk.objects.visible_to(by).select_related("file").get(pk=risk.pk)
        file = locked_file(risk.file, by)
        own = id_of_form(file.pk, form, "risk action")
        known: RiskAction | None = RiskAction.objects.visible_to(by).filter(pk=own).first()
        if known is not None:
            return known
        row = RiskAction(
            id=own,
            compartment=risk.compartment,
            file=file,
            risk=risk,
            what=what.strip(),
            owner=owner,
            agency=agency or None,
            due_on=due_on,
            worker=by.worker,
        )
        row.save(force_insert=True)
        record(by=by, verb="planned an action for", thing=file)
        return row


def settle_action(
    *, action: RiskAction, outcome: str, dropped: bool, version: int, by: Viewer
) -> RiskAction:
    """Write down what came of an action, or why it was dropped.

    The same words by the same worker twice are one; raises `StaleEdit` past `version`.
    """
    require(by, Duty.JOINT_RISK)
    demand(may_settle(outcome))
    with acting(by):
        rows = RiskAction.objects.visible_to(by).select_for_update(of=("self",))
        row: RiskAction = rows.get(pk=action.pk)
        said = (outcome.strip(), dropped, by.worker)
        if row.done_on is not None and (row.outcome, row.dropped, row.settled_by) == said:
            return row
        if row.version != version or row.done_on is not None:
            raise StaleEdit(SETTLED)
        row.outcome, row.dropped, row.settled_by = said
        row.done_on = timezone.localdate()
        row.version += 1
        row.save()
        record(by=by, verb="settled an action for", kind="partnerfile", object_id=row.file_id)
        return row
