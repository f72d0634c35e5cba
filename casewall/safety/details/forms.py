"""Changing a contact detail, as forms."""

from __future__ import annotations

from typing import Any

from django import forms

from casewall.safety.details.rules import Detail, Source, Way, fits
from casewall.safety.partners.forms import Once

DETAILS = [
    (Detail.PHONE.value, "Phone number"),
    (Detail.EMAIL.value, "E-mail address"),
    (Detail.ADDRESS.value, "Address"),
]
SOURCES = [
    (Source.PARTNER.value, "The partner"),
    (Source.OTHER_AGENCY.value, "Another agency that works with the partner"),
    (Source.MISTAKE.value, "Nobody: a mistake of ours is put right"),
]
WAYS = [
    (Way.CALL.value, "We called the partner, at the number as it stood"),
    (Way.TEXT.value, "By text, at the number as it stood"),
    (Way.EMAIL.value, "By e-mail, at the address as it stood"),
    (Way.IN_PERSON.value, "In person"),
    (Way.RANG_US.value, "The partner rang us"),
]


class ChangeForm(Once):
    """What is to change, and who said so."""

    detail = forms.ChoiceField(
        label="What changes?",
        widget=forms.RadioSelect,
        choices=DETAILS,
        error_messages={"required": "Choose what changes."},
    )
    value = forms.CharField(
        label="The new one",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Leave it empty to take the old one away.",
    )
    source = forms.ChoiceField(
        label="Who said so?",
        widget=forms.RadioSelect,
        choices=SOURCES,
        error_messages={"required": "Choose who said so."},
        help_text="What a client states about a partner never changes how the partner is found.",
    )
    reason = forms.CharField(
        label="Note", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("detail"):
            value = given.get("value", "")
            if given["detail"] != Detail.ADDRESS:
                value = " ".join(value.split())
            decision = fits(Detail(given["detail"]), value)
            if not decision:
                self.add_error("value", decision.reason)
        return given


class ConfirmForm(forms.Form):
    """How the change was confirmed with the partner."""

    way = forms.ChoiceField(
        label="How did the partner confirm it?",
        widget=forms.RadioSelect,
        choices=WAYS,
        error_messages={"required": "Choose how the partner confirmed it."},
        help_text="Over the way of contact as it stood before, never over the new one.",
    )
    code_word_given = forms.BooleanField(
        label="The partner gave the agreed code word", required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class VersionForm(forms.Form):
    """Which state of a change a button was pressed on."""

    version = forms.IntegerField(widget=forms.HiddenInput)
