"""Uploading a referral file and saying what its columns are."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from casewall.safety.intake.fields import FIELDS

MOST_BYTES = 5_000_000
DATE_ORDERS = [
    ("", "As the service usually writes them"),
    ("dmy", "Day, month, year"),
    ("mdy", "Month, day, year"),
    ("ymd", "Year, month, day"),
]


class UploadForm(forms.Form):
    """A file, and the service that it refers to."""

    service = forms.ChoiceField(label="Service")
    file = forms.FileField(
        label="Referral file",
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        help_text="CSV or XLSX, at most 5 MB. First comes a trial: nothing is stored by it.",
    )
    date_order = forms.ChoiceField(
        label="How are dates written?", required=False, choices=DATE_ORDERS
    )

    def __init__(self, *args: Any, services: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["service"].choices = services

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(
                f"{file.name} is larger than 5 MB. Load it on the server, with `casewall refer`."
            )
        return file


class ColumnsForm(forms.Form):
    """What the columns are that were not understood by themselves."""

    date_order = forms.ChoiceField(
        label="How are dates written?", required=False, choices=DATE_ORDERS
    )

    def __init__(self, *args: Any, headers: list[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.headers = headers
        fields = [
            ("", "Do not read it"),
            *((key, one.label.capitalize()) for key, one in FIELDS.items()),
        ]
        for number, header in enumerate(headers):
            self.fields[f"column-{number}"] = forms.ChoiceField(
                label=header, required=False, choices=fields
            )

    def columns(self) -> dict[str, str]:
        """Header → field, for the headers that were given one."""
        chosen = {
            header: self.cleaned_data.get(f"column-{number}")
            for number, header in enumerate(self.headers)
        }
        return {header: key for header, key in chosen.items() if key}
