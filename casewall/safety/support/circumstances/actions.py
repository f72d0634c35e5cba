"""Writes of a partner's circumstances."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils import timezone

from casewall.safety.partners.models import PartnerFile
from casewall.safety.support.actions.keeping import kept
from casewall.safety.support.models import PartnerCircumstances
from casewall.services.circumstance_rules import age_band as band_at
from casewall.services.circumstance_rules import areas_of, may_state
from casewall.services.load import shipped
from casewall.wall.context import acting
from casewall.wall.decide import demand
from casewall.wall.duties import Duty, require
from casewall.wall.sides import Viewer


def state_circumstances(
    *,
    file: PartnerFile,
    area: str,
    employment: str,
    months: int | None,
    on: date,
    by: Viewer,
    age_band: str = "",
    form: UUID | None = None,
) -> PartnerCircumstances:
    """Keep where a partner lives and works, as of a day; earlier statements stay.

    Where the date of birth is known the age band is worked out from it. Raises `Refused` for a
    statement that says nothing, of an area that the service does not have, or ahead of its day.
    """
    require(by, Duty.SUPPORT_PARTNER)
    demand(
        may_state(
            area=area,
            employment=employment,
            months=months,
            areas=areas_of(shipped().get(file.service)),
            on=on,
            today=timezone.localdate(),
        )
    )
    with acting(by):
        born = file.partner.born_on
    return kept(
        model=PartnerCircumstances,
        file=file,
        form=form,
        by=by,
        verb="kept circumstances in",
        area=area,
        employment=employment,
        months=months,
        age_band=band_at(date.fromisoformat(born), file.referred_on) if born else age_band,
        stated_on=on,
        recorded_at=timezone.now(),
    )
