"""Telling the programme side of danger to a child: by two approvers, or at once and reviewed.

It is the logged path over the wall for safeguarding. It is asked for from the child's record, so
that it does not wait for a partner's file or its worker; what crosses looks like any other
disclosure and names neither the child's worker nor a partner.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from casewall.safety.children.models import Child, ChildAdult
from casewall.safety.coordination.actions import keep_disclosure
from casewall.safety.coordination.models import Disclosure
from casewall.safety.coordination.rules import (
    Ground,
    InDanger,
    Purpose,
    Review,
    may_ask,
    may_release_at_once,
    review_due,
)
from casewall.safety.pulled.models import PulledCase
from casewall.wall.context import acting
from casewall.wall.decide import Refused, demand
from casewall.wall.duties import Duty, require
from casewall.wall.ids import new_id
from casewall.wall.sides import Viewer


def cases_of(child: Child, viewer: Viewer) -> list[PulledCase]:
    """The cases of the clients in a child's life, as this viewer sees them: linked by hand, or
    through a partner's file that the viewer sees."""
    links = ChildAdult.objects.visible_to(viewer).filter(child=child, ended_on=None)
    rows = PulledCase.objects.visible_to(viewer)
    own = links.filter(case_id__isnull=False).values("case_id")
    return list(rows.filter(id__in=own).order_by("-referred_on", "id"))


def _fits(child: Child, case_id: UUID, by: Viewer) -> None:
    if case_id not in {case.pk for case in cases_of(child, by)}:
        raise Refused("This case is not that of a client in the child's life.")


def ask_for_child(
    *,
    child: Child,
    case_id: UUID,
    text: str,
    ground: Ground,
    by: Viewer,
    at: datetime,
    override_reason: str = "",
    other_sources: int = 0,
    id: UUID | None = None,
) -> Disclosure:
    """Ask that the programme side be told something for the safeguarding of a child.

    Two approvers decide, as of every disclosure. The same `id` twice is one request. Raises
    `SharedWords` where the text repeats what was read of a partner or a child.
    """
    require(by, Duty.REQUEST_DISCLOSURE)
    demand(may_ask(text, ground, override_reason, other_sources))
    with acting(by):
        _fits(child, case_id, by)
        made = Disclosure(
            id=id or new_id(), compartment=child.compartment, child=child.pk, case_id=case_id,
            purpose=Purpose.SAFEGUARDING, text=text.strip(), ground=ground,
            override_reason=override_reason or None, other_sources=other_sources,
            asked_by=by.worker, asked_at=at,
        )  # fmt: skip
        return keep_disclosure(disclosure=made, agreed=None, by=by, verb="asked for", of=child)


def release_for_child(
    *,
    child: Child,
    case_id: UUID,
    text: str,
    in_danger: InDanger,
    danger: str,
    by: Viewer,
    at: datetime,
    id: UUID | None = None,
) -> Disclosure:
    """Release without approvers, because a child is in danger; another worker reviews it.

    Words that repeat what was read are stopped here too. The same `id` twice is one release.
    """
    require(by, Duty.EMERGENCY)
    demand(may_release_at_once(text, danger))
    with acting(by):
        _fits(child, case_id, by)
        made = Disclosure(
            id=id or new_id(), compartment=child.compartment, child=child.pk, case_id=case_id,
            purpose=Purpose.SAFEGUARDING, text=text.strip(), ground=Ground.RECORDED_OVERRIDE,
            override_reason=danger.strip(), in_danger=in_danger, danger=danger.strip(),
            asked_by=by.worker, asked_at=at, release_at=at, review=Review.WAITING,
            review_due_at=review_due(at),
        )  # fmt: skip
        return keep_disclosure(disclosure=made, agreed=None, by=by,
                               verb="released in an emergency", of=child)
