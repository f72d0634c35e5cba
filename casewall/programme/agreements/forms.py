"""The forms of agreements, their texts and releases."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from casewall.pages.dates import DayMonthYearField
from casewall.programme.agreements.rules import (
    GROUND_WORDS,
    HOW_WORDS,
    LONGEST_PATH,
    PURPOSE_WORDS,
    RECIPIENT_WORDS,
    SCOPE_WORDS,
    How,
    Scope,
    Signed,
    is_path,
    may_sign,
    release_fits,
)
from casewall.programme.cases.forms import OnceForm, StepForm, day_field, note_field
from casewall.programme.cases.models import Case

ON_THE_LINE = {"dir": "auto", "autocomplete": "off"}


def _line(label: str, help_text: str = "", required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=200,
        help_text=help_text,
        widget=forms.TextInput(attrs=ON_THE_LINE),
    )


class SignatureFields(forms.Form):
    """How something is signed: drawn, or the name typed, on this screen; or on paper."""

    how = forms.ChoiceField(
        label="How it is signed", choices=list(HOW_WORDS.items()), widget=forms.RadioSelect
    )
    path = forms.CharField(
        widget=forms.HiddenInput, required=False, max_length=LONGEST_PATH, label="Signature"
    )
    typed_name = _line(
        "Name, typed by the client", "For “name typed on the screen”: the whole name."
    )
    filed = _line("Where the sheet is kept", "For paper: for example, cabinet 2, folder 14.")
    witness = _line("Witness", "For paper: who saw it being signed.")

    def clean_path(self) -> str:
        path: str = self.cleaned_data["path"]
        if path and not is_path(path):
            raise ValidationError("The signature did not arrive whole. Draw it again.")
        return path

    def check_signature(self) -> None:
        """Say at its field what the signature lacks."""
        how = self.cleaned_data.get("how")
        if not how or self.errors.get("path"):
            return
        field = {How.SCREEN: "how", How.TYPED: "typed_name"}.get(How(how))
        decision = may_sign(self.signed, limits_explained=True)
        if field and not decision:
            self.add_error(field, decision.reason)
        if how == How.PAPER and not self.cleaned_data.get("filed"):
            self.add_error("filed", "Say where the sheet is kept, so that it can be found.")

    @property
    def signed(self) -> Signed:
        """How it was signed, without what belongs to another way."""
        typed = self.cleaned_data
        match How(typed["how"]):
            case How.SCREEN:
                return Signed(How.SCREEN, path=typed.get("path", ""))
            case How.TYPED:
                return Signed(How.TYPED, name=typed.get("typed_name", ""))
            case How.PAPER:
                return Signed(
                    How.PAPER, filed=typed.get("filed", ""), witness=typed.get("witness", "")
                )
        raise AssertionError("every way has its case above")


class SignForm(SignatureFields, StepForm):
    """The agreement, read and signed."""

    limits_explained = forms.BooleanField(
        label="The limits of confidentiality have been explained: harm to children, threats, "
        "danger",
        error_messages={"required": "Explain the limits of confidentiality first, then tick."},
    )
    printed_version = forms.CharField(
        label="Version printed on the sheet",
        required=False,
        max_length=20,
        help_text="Only for paper, and only where the sheet is of another version than this text.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5"}),
    )
    signed_on = day_field("Signed on")
    language = forms.CharField(widget=forms.HiddenInput, max_length=10, label="Language")
    text_version = forms.CharField(widget=forms.HiddenInput, max_length=20, label="Version")
    field_order = [
        "limits_explained",
        "how",
        "typed_name",
        "filed",
        "witness",
        "printed_version",
        "signed_on",
    ]

    def clean_signed_on(self) -> date:
        return self._not_after_today("signed_on")

    def clean(self) -> dict[str, Any]:
        self.check_signature()
        typed = self.cleaned_data
        if typed.get("how") == How.PAPER and typed.get("printed_version"):
            typed["text_version"] = typed["printed_version"]
        return typed


class ReleaseForm(SignatureFields, OnceForm):
    """What the client lets the programme tell, to whom and why."""

    recipient = forms.ChoiceField(
        label="Who may be told", choices=list(RECIPIENT_WORDS.items()), widget=forms.RadioSelect
    )
    recipient_name = _line("Name of the agency or person", required=True)
    purpose = forms.ChoiceField(
        label="What for", choices=list(PURPOSE_WORDS.items()), widget=forms.RadioSelect
    )
    scope = forms.MultipleChoiceField(
        label="What may be told",
        choices=list(SCOPE_WORDS.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    ground = forms.ChoiceField(
        label="Was the client free to say no?",
        choices=list(GROUND_WORDS.items()),
        widget=forms.RadioSelect,
        help_text="Say it to the client before the release is signed.",
    )
    starts_on = day_field("Holds from")
    expires_on = DayMonthYearField(
        label="Holds until",
        required=False,
        help_text="Left empty, it holds until 90 days after the case ends.",
    )
    details = note_field("In the client's own words, or limits")
    field_order = [
        "recipient",
        "recipient_name",
        "purpose",
        "scope",
        "ground",
        "starts_on",
        "expires_on",
        "details",
        "how",
        "typed_name",
        "filed",
        "witness",
    ]

    def __init__(self, *args: Any, case: Case, **kwargs: Any):
        super().__init__(*args, case=case, **kwargs)
        if case.referrer_agency:
            self.fields["recipient_name"].help_text = f"The case came from {case.referrer_agency}."

    def clean(self) -> dict[str, Any]:
        self.check_signature()
        typed = self.cleaned_data
        if typed.get("starts_on") and "expires_on" in typed:
            decision = release_fits(typed["starts_on"], typed["expires_on"], (Scope.ATTENDANCE,))
            if not decision:
                self.add_error("expires_on", decision.reason)
        return typed


class WithdrawForm(StepForm):
    """A release taken back."""

    on = day_field("Taken back from")
    note = note_field()

    def clean_on(self) -> date:
        return self._not_after_today("on")


class TextForm(forms.Form):
    """A new version of a text."""

    title = forms.CharField(
        label="Title", max_length=200, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    body = forms.CharField(
        label="Text",
        max_length=20_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "dir": "auto"}),
        help_text="An empty line ends a paragraph. “# ” begins a heading, “- ” an item of a list.",
    )
    reason = forms.CharField(
        label="What has changed", max_length=200, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, label="Version that was shown")

    def show_again(self, newest: int) -> None:
        """Take the newest version as seen: whoever saves once more has read what changed."""
        self.data = self.data.copy()
        self.data["seen"] = str(newest)
