"""Forms of the ledger, of contracts and of a file of ledger lines."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from casewall.pages.dates import DayMonthYearField
from casewall.safety.costs.rules import CATEGORIES, ContractEntry, CostEntry, hundredths
from casewall.safety.partners.forms import Once

MOST_BYTES = 2_000_000
SHORT = forms.TextInput(attrs={"class": "govuk-input--width-10"})


class _Row(Once):
    """What a line and a contract have in common."""

    service = forms.ChoiceField(label="Service")
    amount = forms.CharField(
        label="Amount", max_length=20, widget=SHORT, help_text="For example 1,250.00"
    )
    currency = forms.CharField(
        label="Currency", max_length=3, widget=SHORT, help_text="Its code, for example EUR"
    )
    first_on = DayMonthYearField(label="First day")
    last_on = DayMonthYearField(label="Last day", help_text="This day still counts.")
    source = forms.CharField(
        label="Where the amount comes from",
        max_length=200,
        help_text="For example, the accounts of 2024",
    )
    why = forms.CharField(label="Why it is replaced", max_length=200)

    def __init__(
        self, *args: Any, services: list[tuple[str, str]], replaces: bool = False, **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        self.fields["service"].choices = services
        if replaces:
            del self.fields["service"]
        else:
            del self.fields["why"]

    def clean_amount(self) -> int:
        typed = self.cleaned_data["amount"]
        amount = hundredths(typed)
        if amount is None:
            raise forms.ValidationError(f"“{typed}” is not an amount. Write it as 1250.00.")
        return amount

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).strip().upper()


class CostForm(_Row):
    """One line of the ledger."""

    category = forms.ChoiceField(
        label="Category",
        choices=[
            ("", "Choose"),
            *((one, one.replace("_", " ").capitalize()) for one in CATEGORIES),
        ],
    )
    price_year = forms.IntegerField(
        label="Price year",
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-4"}),
        help_text="The year in whose prices the amount is. Without it the amount cannot be used.",
    )
    included = forms.TypedChoiceField(
        label="Do the cost figures count it?",
        choices=[("yes", "Yes"), ("no", "No, it is shown as left out")],
        coerce=lambda given: given == "yes",
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label="Note", max_length=200, required=False)

    field_order = (
        "service",
        "category",
        "amount",
        "currency",
        "price_year",
        "included",
        "first_on",
        "last_on",
        "source",
        "note",
        "why",
    )

    @property
    def entry(self) -> CostEntry:
        """The line that was typed."""
        given = self.cleaned_data
        return CostEntry(
            **{
                name: given[name]
                for name in (
                    "category",
                    "amount",
                    "currency",
                    "price_year",
                    "included",
                    "first_on",
                    "last_on",
                    "source",
                    "note",
                )
            }
        )


class ContractForm(_Row):
    """One contract."""

    funder = forms.CharField(label="Who pays", max_length=120)
    area = forms.CharField(label="For which area", max_length=120, required=False)
    persons = forms.IntegerField(
        label="For how many persons, if it says",
        required=False,
        min_value=1,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-4"}),
    )

    field_order = (
        "service",
        "funder",
        "amount",
        "currency",
        "first_on",
        "last_on",
        "area",
        "persons",
        "source",
        "why",
    )

    @property
    def entry(self) -> ContractEntry:
        """The contract that was typed."""
        given = self.cleaned_data
        return ContractEntry(
            **{
                name: given[name]
                for name in (
                    "funder",
                    "amount",
                    "currency",
                    "first_on",
                    "last_on",
                    "source",
                    "area",
                    "persons",
                )
            }
        )


class StrikeForm(forms.Form):
    """Why a row is struck."""

    why = forms.CharField(label="Why it is struck", max_length=200)


class FileForm(forms.Form):
    """A file of ledger lines."""

    service = forms.ChoiceField(label="Service")
    file = forms.FileField(
        label="File of ledger lines",
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        help_text="CSV or XLSX, at most 2 MB. Its first row names the columns: category, amount, "
        "currency, price year, included (yes or no), first day, last day (as 2024-01-31), "
        "source, and note if you like.",
    )
    trial = forms.BooleanField(
        label="Only try: tell me what would be loaded", required=False, initial=True
    )

    def __init__(self, *args: Any, services: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["service"].choices = services

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(f"{file.name} is larger than 2 MB. Split the file.")
        return file
