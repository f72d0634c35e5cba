"""Forms about safeguarding referrals. No wall stops one, and nobody is told from here."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from casewall.safety.children import actions, forms
from casewall.safety.children.models import ChildSafeguarding
from casewall.safety.children.reading import named
from casewall.safety.children.rules import Concern, ReferralOutcome, Threshold, Told
from casewall.safety.children.views.steps import (
    Typed,
    answer,
    child_for,
    file_in_course,
    form_page,
    posted,
)
from casewall.safety.children.words import words_of
from casewall.safety.reading import found, must
from casewall.wall.duties import Duty
from casewall.wall.sides import Viewer


@form_page
def safeguarding(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep that a child was referred to those who protect children."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    child = child_for(request, pk, Duty.REFER_CHILD)
    form = forms.SafeguardingForm(posted(request))

    def act(typed: Typed) -> None:
        actions.refer_child(
            child=child,
            concern=Concern(typed["concern"]),
            threshold=Threshold(typed["threshold"]),
            made_to=typed["made_to"],
            made_on=typed["made_on"],
            reason=typed["reason"],
            consented=typed["consented"],
            without_because=typed["without_because"] or None,
            told=[Told(one) for one in typed["told"]],
            on_file=file_in_course(child, viewer),
            form=typed["form_id"],
            by=viewer,
        )

    return answer(
        request,
        form,
        act,
        thing=child,
        heading="Make a safeguarding referral",
        button="Save the referral",
        saved="The referral has been saved. Its outcome will be asked for in a week.",
        back=reverse("child", args=[pk]),
        who=named(child),
        lead="Call the authority first where a child is in danger now; write it down afterwards. "
        "Casewall sends nothing and tells nobody.",
    )


@form_page
def outcome(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the authority did."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    must(viewer, Duty.REFER_CHILD)
    rows = ChildSafeguarding.objects.visible_to(viewer).select_related("child")
    row = found(rows, pk)
    form = forms.OutcomeForm(
        posted(request), initial={"version": row.version, "outcome": row.outcome}
    )

    def now() -> tuple[int, list[tuple[str, Any]]]:
        saved = rows.get(pk=pk)
        return saved.version, [
            ("Outcome", words_of(ReferralOutcome, saved.outcome)),
            ("Known since", saved.outcome_on),
        ]

    told = ", ".join(words_of(Told, one).lower() for one in row.told.split(",") if one)
    return answer(
        request,
        form,
        lambda typed: actions.settle_referral(
            referral=row,
            outcome=ReferralOutcome(typed["outcome"]),
            on=typed["on"],
            version=typed["version"],
            by=viewer,
        ),
        thing=row.child,
        heading="What came of the referral",
        button="Save the outcome",
        saved="The outcome has been saved.",
        back=reverse("child", args=[row.child_id]),
        now=now,
        who=named(row.child),
        facts=[
            ("Referred to", row.made_to),
            ("Referred on", row.made_on),
            ("About", words_of(Concern, row.concern)),
            ("Threshold", words_of(Threshold, row.threshold)),
            ("What was said or seen", row.reason),
            ("Consent", "yes" if row.consented else f"no: {row.without_because}"),
            ("Who was told", told or "nobody"),
            ("Outcome until now", words_of(ReferralOutcome, row.outcome)),
        ],
    )
