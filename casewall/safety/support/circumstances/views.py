"""The page on which a partner's circumstances are written down."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from casewall.safety.support.circumstances.actions import state_circumstances
from casewall.safety.support.circumstances.forms import CircumstancesForm
from casewall.safety.support.views.below import answer, file_with, form_page
from casewall.staff.requests import SignedInRequest


@form_page
def circumstances(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Keep where a partner lives and works."""
    file = file_with(request, pk)
    form = CircumstancesForm(request.POST or None, file=file)

    def act() -> None:
        given = form.cleaned_data
        state_circumstances(
            file=file,
            area=given["area"],
            employment=given["employment"],
            months=given["months"],
            age_band=given.get("age_band", ""),
            on=given["on"],
            form=given["form_id"],
            by=request.viewer,
        )

    return answer(
        request,
        file,
        form,
        act,
        heading="Where the partner lives and works",
        button="Save circumstances",
        saved="The circumstances have been saved.",
        lead="The first statement counts as how it was at the referral. Write a new one when "
        "something changes; the earlier ones stay in the file. Only the service’s area is asked, "
        "never where.",
    )
