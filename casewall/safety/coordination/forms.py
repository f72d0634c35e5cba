"""Asking for a disclosure, and answering one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from casewall.safety.coordination.rules import MAXIMUM_CHARACTERS, Ground, Purpose
from casewall.safety.partners.forms import Once

PURPOSES = [
    (Purpose.STATEMENT.value, "A statement that the partner wants the programme to have"),
    (Purpose.RISK_LEVEL.value, "A risk level, without reasons"),
    (Purpose.PLACEMENT.value, "A placement constraint: cannot be placed together"),
    (Purpose.MEETING_ACTION.value, "An action that a case meeting decided"),
    (Purpose.SAFEGUARDING.value, "Safeguarding of a child or an adult"),
]
GROUNDS = [
    (Ground.PARTNER_CONSENT.value, "The partner agrees to exactly these words"),
    (Ground.RECORDED_OVERRIDE.value, "The partner does not agree or was not asked: an override"),
]


class AskForm(Once):
    """What the programme side is to know of a linked case."""

    case_id = forms.TypedChoiceField(
        label="About which case?", coerce=UUID, widget=forms.RadioSelect
    )
    purpose = forms.ChoiceField(
        label="For what purpose?", choices=PURPOSES, widget=forms.RadioSelect
    )
    other = forms.CharField(
        label="Reference of the other client's case",
        required=False,
        max_length=8,
        help_text="For a placement constraint between two clients of the programme: eight "
        "characters. Then only the pair crosses, and the words below are for the approvers.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off"}),
    )
    text = forms.CharField(
        label="The words that cross",
        widget=forms.Textarea(attrs={"rows": 4}),
        strip=True,
        help_text=f"At most {MAXIMUM_CHARACTERS} characters. Nothing else crosses, not even who "
        "said it. Leave out everything that tells where it came from.",
    )
    ground = forms.ChoiceField(label="On what ground?", choices=GROUNDS, widget=forms.RadioSelect)
    override_reason = forms.CharField(
        label="Reason for the override",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It stays on the safety side.",
    )
    other_sources = forms.IntegerField(
        label="How many sources besides the partner could have produced this?",
        min_value=0,
        max_value=20,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-2"}),
        help_text="With fewer than two, the partner would be recognised as its source.",
    )

    def __init__(self, *args: Any, cases: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["case_id"].choices = cases
        if len(cases) == 1:
            self.fields["case_id"].initial = cases[0][0]


class RefuseForm(forms.Form):
    """Why a disclosure is refused."""

    reason = forms.CharField(
        label="Why not?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For whoever asked. Nothing of it, not even that it was asked for, goes down.",
    )
