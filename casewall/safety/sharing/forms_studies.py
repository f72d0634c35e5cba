"""Forms about texts for publication."""

from __future__ import annotations

from typing import Any

from django import forms

from casewall.safety.partners.forms import Once
from casewall.safety.sharing.studies.rules import AgeBand, Place, Rare
from casewall.safety.sharing.words import worded
from casewall.safety.support.forms.fields import (
    FileForm,
    day_field,
    line_field,
    one_of,
    text_field,
    yes_no,
)


class StudyForm(Once):
    """A case study or a quotation."""

    service = forms.ChoiceField(label="Which service is it about?")
    title = line_field("Title")
    is_quotation = yes_no("Is it a quotation, in somebody's own words?")
    text = text_field("The text as it will be published", 12, required=True)
    persons = forms.IntegerField(
        label="How many persons is it about?", min_value=1, max_value=50, initial=1,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-2"}),
        help_text="Each of them must consent, for as long as it is published.",
    )  # fmt: skip
    age_band = forms.ChoiceField(label="Which age does it tell?", required=False,
                                 choices=[("", "No age is told"), *worded(AgeBand)])
    place = one_of("How exactly does it say where it happened?", worded(Place))
    place_name = line_field("Which place?", required=False)
    rare = forms.MultipleChoiceField(
        label="Which of these does it tell?", required=False, choices=worded(Rare),
        widget=forms.CheckboxSelectMultiple,
        help_text="Facts that few people share, by which a neighbour may know somebody.",
    )  # fmt: skip
    told_in_order = yes_no("Is it one family's story, told in order?")
    changed = text_field("What was changed, so that nobody can be recognised?", 4)
    version = forms.IntegerField(widget=forms.HiddenInput, label="Version", required=False)

    def __init__(self, *args: Any, services: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["service"].choices = services
        if len(services) == 1:
            self.fields["service"].initial = services[0][0]
            self.fields["service"].widget = forms.HiddenInput()


class StudyConsentForm(FileForm):
    """One person's consent."""

    past = ("given_on",)
    person = line_field("Who consents?")
    given_on = day_field("When was it given?")
    expires_on = day_field("Until when does it hold?", "The text is taken back after this day.",
                           initial=None)


class ConsentTakenBackForm(FileForm):
    """A consent is taken back."""

    past = ("on",)
    on = day_field("When was it taken back?")


class PublishForm(Once):
    """Where a text was published."""

    where = text_field("Where was it published?", 2, "The page or the print, so that it can be "
                       "recalled there.", required=True)  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, label="Version of the record")
