"""The form of a partner's circumstances."""

from __future__ import annotations

from typing import Any

from django import forms

from casewall.safety.partners.models import PartnerFile
from casewall.safety.support.forms.fields import FileForm, day_field, one_of
from casewall.services.circumstance_rules import (
    AGE_WORDS,
    EMPLOYMENT_WORDS,
    MOST_MONTHS,
    areas_of,
)
from casewall.services.load import shipped


class CircumstancesForm(FileForm):
    """Where a partner lives and works, as of a day. What was not spoken of stays open."""

    past = ("on",)

    area = forms.ChoiceField(label="Lives in", required=False)
    employment: forms.ChoiceField = one_of(
        "Work", [*EMPLOYMENT_WORDS.items(), ("", "Not spoken of")], required=False, initial=""
    )
    months = forms.IntegerField(
        label="For how many months the violence had lasted at the referral",
        required=False,
        min_value=0,
        max_value=MOST_MONTHS,
        help_text="As the partner says, for example 30 for two years and a half.",
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-4"}),
        error_messages={
            "invalid": "Write the months as a whole number.",
            "max_value": f"This is more than {MOST_MONTHS} months: look at the number.",
        },
    )
    age_band = forms.ChoiceField(
        label="Age at the referral",
        required=False,
        choices=[("", "Not known"), *AGE_WORDS.items()],
        help_text="Asked because the date of birth is not in the file.",
    )
    on = day_field("As it was on")

    def __init__(self, *args: Any, file: PartnerFile, **kwargs: Any):
        super().__init__(*args, **kwargs)
        areas = areas_of(shipped().get(file.service))
        self.fields["area"].choices = [("", "Not spoken of"), *areas.items()]
        if file.partner.born_on:
            del self.fields["age_band"]
