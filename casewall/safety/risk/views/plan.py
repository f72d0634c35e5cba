"""Actions of the plan."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from casewall.safety.incidents.views.steps import answer, form_page, row_with, viewer_of
from casewall.safety.reading import names_of
from casewall.safety.risk import actions, forms
from casewall.safety.risk.models import JointRisk, RiskAction
from casewall.safety.risk.reading import picture_url
from casewall.safety.risk.views.steps import owner_choices
from casewall.safety.risk.words import day
from casewall.wall.duties import Duty


@form_page
def new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put an action into the plan."""
    viewer = viewer_of(request)
    risk: JointRisk = row_with(request, JointRisk, pk, Duty.JOINT_RISK)
    form = forms.ActionForm(
        request.POST or None, owners=owner_choices(risk.file, viewer, risk.owner)
    )

    def act() -> None:
        typed = form.cleaned_data
        actions.add_action(
            risk=risk,
            what=typed["what"],
            owner=form.owner_id(),
            agency=typed["agency"],
            due_on=typed["due_on"],
            form=typed["form_id"],
            by=viewer,
        )

    return answer(
        request,
        risk.file,
        form,
        act,
        heading="An action of the plan",
        button="Save the action",
        saved="The action stands in the plan, and on the day of whoever does it.",
        back=picture_url(risk),
    )


@form_page
def action(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One action, and what came of it."""
    viewer = viewer_of(request)
    row: RiskAction = row_with(request, RiskAction, pk, Duty.JOINT_RISK, "risk")
    form = forms.SettleForm(request.POST or None, initial={"version": row.version})
    names = names_of([row.owner, row.settled_by])

    def act() -> None:
        typed = form.cleaned_data
        actions.settle_action(
            action=row,
            outcome=typed["outcome"],
            dropped=typed["came"] == "dropped",
            version=typed["version"],
            by=viewer,
        )

    facts = [
        ("What", row.what),
        ("Who", row.agency or (names.get(row.owner, "") if row.owner else "")),
        ("By", row.due_on),
    ]
    if row.done_on is not None:
        facts += [
            ("Dropped" if row.dropped else "Done", day(row.done_on)),
            ("What came of it", row.outcome),
            ("Written by", names.get(row.settled_by, "") if row.settled_by else ""),
        ]
    return answer(
        request,
        row.file,
        form,
        act,
        heading="An action of the plan",
        button="Save",
        saved="What came of it has been saved.",
        back=picture_url(row.risk),
        facts=facts,
        settled=row.done_on is not None,
        template="joint/action.html",
    )
