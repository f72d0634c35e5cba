"""Forms for telling the programme side of danger to a child."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from casewall.safety.coordination.forms import IN_DANGER
from casewall.safety.coordination.rules import MAXIMUM_CHARACTERS, Ground
from casewall.safety.partners.forms import Once

GROUNDS = [
    (Ground.PARTNER_CONSENT.value, "Whoever is responsible for the child agrees to these words"),
    (Ground.RECORDED_OVERRIDE.value, "Nobody agrees or was asked: safeguarding overrides it"),
]


class _Words(Once):
    """Words about a client in the child's life that cross to the programme side."""

    case_id = forms.TypedChoiceField(
        label="About which client?", coerce=UUID, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label="The words that cross",
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        strip=True,
        help_text=f"At most {MAXIMUM_CHARACTERS} characters. Nothing else crosses, not even who "
        "said it. Leave out everything that tells where it came from, and where anybody lives.",
    )

    def __init__(self, *args: Any, cases: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["case_id"].choices = cases
        if len(cases) == 1:
            self.fields["case_id"].initial = cases[0][0]


class AskForChildForm(_Words):
    """What two approvers decide about."""

    ground = forms.ChoiceField(label="On what ground?", choices=GROUNDS, widget=forms.RadioSelect)
    override_reason = forms.CharField(
        label="Why does safeguarding override it?",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text="It stays on the safety side.",
    )
    other_sources = forms.IntegerField(
        label="How many sources besides the child and the partner could have produced this?",
        min_value=0,
        max_value=20,
        initial=0,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-2"}),
        help_text="With fewer than two, the child or the partner would be recognised as source.",
    )
    field_order = ("form_id", "case_id", "text", "ground", "override_reason", "other_sources")


class TellAtOnceForm(_Words):
    """What cannot wait for approvers, since a child is in danger."""

    in_danger = forms.ChoiceField(
        label="Who is in danger?", choices=IN_DANGER, widget=forms.RadioSelect, initial="child"
    )
    danger = forms.CharField(
        label="What is the danger, and why can it not wait?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text="It stays on the safety side, for the worker who reviews this.",
    )
    field_order = ("form_id", "case_id", "in_danger", "danger", "text")
