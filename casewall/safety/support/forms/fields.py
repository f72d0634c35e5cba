"""Fields that several forms of support share."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import from_current_timezone
from django.utils import timezone

from casewall.pages.dates import DayMonthYearField
from casewall.safety.partners.forms import Once
from casewall.safety.support.rules import MOST_MINUTES

LONGEST = 20_000
INLINE = {"class": "govuk-radios--inline"}
YES_NO = [("yes", "Yes"), ("no", "No")]
FURTHEST = timedelta(days=366)


def day_field(label: str, help_text: str = "", **more: Any) -> DayMonthYearField:
    """A day, today's date to begin with."""
    more.setdefault("initial", timezone.localdate)
    return DayMonthYearField(label=label, help_text=help_text, **more)


def text_field(label: str, rows: int = 4, help_text: str = "", **more: Any) -> forms.CharField:
    """Prose, in whichever direction it is written."""
    more.setdefault("required", False)
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}),
        **more,
    )


def line_field(label: str, help_text: str = "", **more: Any) -> forms.CharField:
    """One line, such as the name of an agency."""
    more.setdefault("max_length", 200)
    return forms.CharField(
        label=label,
        help_text=help_text,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        **more,
    )


def one_of(
    label: str, options: list[tuple[str, str]], *, inline: bool = False, **more: Any
) -> forms.ChoiceField:
    """One of a few answers."""
    widget = forms.RadioSelect(attrs=INLINE if inline else {})
    return forms.ChoiceField(label=label, choices=options, widget=widget, **more)


def yes_no(label: str, help_text: str = "", **more: Any) -> forms.TypedChoiceField:
    """Yes or no, with no answer to begin with."""
    return forms.TypedChoiceField(
        label=label,
        choices=YES_NO,
        coerce=lambda typed: typed == "yes",
        widget=forms.RadioSelect(attrs=INLINE),
        help_text=help_text,
        **more,
    )


def minutes_field(label: str = "Length in minutes", **more: Any) -> forms.IntegerField:
    """A length that somebody can sit through."""
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=MOST_MINUTES,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-4"}),
        error_messages={
            "invalid": "Write the minutes as a whole number.",
            "min_value": "Write at least 1 minute.",
            "max_value": f"This is more than {MOST_MINUTES} minutes: look at the number.",
        },
        **more,
    )


class FileForm(Once):
    """A form below a partner's file. `past` names the days that must have come already."""

    past: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self.past:
            day: date | None = given.get(name)
            if day is not None and day > timezone.localdate():
                self.add_error(name, f"{day:%-d %B %Y} has not come yet.")
        return given

    def moment(self, day: str, clock: str) -> datetime | None:
        """Day and time as one moment; None where either is not there."""
        on, at = self.cleaned_data.get(day), self.cleaned_data.get(clock)
        if on is None or at is None:
            return None
        try:
            return from_current_timezone(datetime.combine(on, at))
        except ValidationError:
            # Between two and three at night when the clocks change.
            self.add_error(
                clock,
                "On that night the clocks change, so this time did not exist or came twice. "
                "Write another.",
            )
            return None
