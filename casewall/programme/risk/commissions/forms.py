"""The forms of a commission, and of what the reader of a report says."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from casewall.pages.dates import DayMonthYearField
from casewall.programme.cases.forms import OnceForm, StepForm
from casewall.programme.risk.terms.rules import (
    BY_WORDS,
    USEFULNESS_WORDS,
    By,
    Terms,
    minor_units,
    terms_fit,
)

NOT_AN_AMOUNT = "Write an amount such as 1,250 or 1250.50."


class TermsFields(forms.Form):
    """Who commissions an assessment, and on what terms."""

    commissioner = forms.ChoiceField(
        label="Who commissions it?", widget=forms.RadioSelect,
        choices=[(one.value, words) for one, words in BY_WORDS.items()])
    commissioned_by = forms.CharField(
        label="By name", max_length=200, help_text="The court or the authority, and who there.",
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}))
    contract = forms.CharField(
        label="Contract or reference", required=False, max_length=120,
        help_text="The number of the contract or of the order. No name of a person.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}))
    price = forms.CharField(
        label="Price", required=False, max_length=20, help_text="For example, 1250.00",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "inputmode": "decimal"}))
    currency = forms.CharField(
        label="Currency", required=False, max_length=3, help_text="Three capitals, such as GBP",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-3"}))
    asked_on = DayMonthYearField(label="Asked for on", initial=timezone.localdate)
    due_on = DayMonthYearField(label="The report is due on")

    def clean_price(self) -> int | None:
        """The price in minor units; an empty one is none."""
        typed: str = self.cleaned_data["price"].strip()
        found = minor_units(typed) if typed else None
        if typed and found is None:
            raise forms.ValidationError(f"“{typed}” is no amount. {NOT_AN_AMOUNT}")
        return found

    def clean_currency(self) -> str:
        """In capitals."""
        typed: str = self.cleaned_data["currency"]
        return typed.strip().upper()

    def clean(self) -> dict[str, Any]:
        """Add the sentence of the rule where the terms do not go together."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            fits = terms_fit(self.terms(), timezone.localdate())
            if not fits:
                self.add_error(_place(fits.reason), fits.reason)
        return typed

    def terms(self) -> Terms:
        """The terms as the act takes them."""
        typed = self.cleaned_data
        return Terms(
            commissioner=By(typed["commissioner"]), commissioned_by=typed["commissioned_by"],
            contract=typed["contract"], price=typed["price"], currency=typed["currency"],
            asked_on=typed["asked_on"], due_on=typed["due_on"],
        )  # fmt: skip


def _place(reason: str) -> str:
    """The box at which a sentence of the rule belongs."""
    for words, box in (("due", "due_on"), ("come yet", "asked_on"), ("currency", "currency"),
                       ("price", "price")):
        if words in reason:
            return box
    return "commissioned_by"


class CommissionForm(TermsFields, OnceForm):
    """A new commission of a case."""


class ChangeForm(TermsFields, StepForm):
    """Other terms of a commission."""

    version = forms.IntegerField(widget=forms.HiddenInput, label="Version of the commission")


class WithdrawForm(StepForm):
    """Why a commission was taken back."""

    version = forms.IntegerField(widget=forms.HiddenInput, label="Version of the commission")
    note = forms.CharField(label="Why was it taken back?", max_length=2000,
                           widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
                           error_messages={"required": "Say why it was taken back."})


class FeedbackForm(StepForm):
    """How useful a report was, in its reader's own judgement."""

    usefulness = forms.ChoiceField(
        label="How useful was the report?", widget=forms.RadioSelect,
        choices=[(one.value, words) for one, words in USEFULNESS_WORDS.items()],
        error_messages={"required": "Choose how useful the report was."})
    comment = forms.CharField(
        label="What would have made it more useful?", required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}))
