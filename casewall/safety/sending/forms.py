"""What a worker chooses in order to reach a partner. No box takes words of their own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from casewall.pages.dates import DayMonthYearField
from casewall.safety.partners.forms import SHORT, HourField, Once
from casewall.safety.sending.rules import NAMES, Act
from casewall.safety.sending.texts import (
    LANGUAGES,
    TEMPLATES,
    WITHOUT_NUMBER,
    is_number,
    texts_in,
)

ACTS = (Act.TEXT, Act.EMAIL, Act.LETTER, Act.CALENDAR, Act.CALL)


class WriteForm(Once):
    """How to reach the partner, and with which of the neutral messages."""

    act = forms.ChoiceField(
        label="How?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how to reach the partner."},
    )
    template = forms.ChoiceField(
        label="Which message?",
        widget=forms.RadioSelect,
        required=False,
        choices=list(TEMPLATES.items()),
        help_text="For a call, nothing is written. Nobody can add words of their own.",
    )
    language = forms.ChoiceField(
        label="In which language?",
        widget=forms.RadioSelect(attrs={"class": "govuk-radios--inline"}),
        required=False,
        choices=[(code, texts_in(code).name) for code in LANGUAGES],
    )
    number = forms.CharField(
        label="Number to call back",
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "dir": "ltr"}),
        help_text="One that shows no name when it is looked up, such as +45 70 00 00 00.",
    )
    entry_on = DayMonthYearField(label="Day of the calendar entry", required=False)
    entry_time = HourField(
        label="Time of the calendar entry",
        required=False,
        widget=forms.TextInput(attrs={**SHORT, "dir": "ltr"}),
    )
    override_reason = forms.CharField(
        required=False, max_length=2000, widget=forms.HiddenInput, label="Reason"
    )

    def __init__(self, *args: Any, hints: dict[str, str] | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        said = hints or {}
        self.fields["act"].choices = [
            (act.value, f"{NAMES[act]}: {said[act]}" if act in said else NAMES[act]) for act in ACTS
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        act = given.get("act")
        if not act or act == Act.CALL:
            return given
        if not given.get("template"):
            self.add_error("template", "Choose a message.")
        if not given.get("language"):
            self.add_error("language", "Choose a language.")
        if given.get("template") not in (*WITHOUT_NUMBER, "") and not is_number(
            given.get("number") or ""
        ):
            self.add_error("number", "Write a phone number with digits only.")
        if act == Act.CALENDAR:
            self._clean_entry(given)
        return given

    def _clean_entry(self, given: dict[str, Any]) -> None:
        day, hour = given.get("entry_on"), given.get("entry_time")
        if not day and "entry_on" not in self.errors:
            self.add_error("entry_on", "Say on which day the entry stands.")
        if not hour and "entry_time" not in self.errors:
            self.add_error("entry_time", "Say at what time the entry stands.")
        if day and hour:
            given["entry_at"] = timezone.make_aware(datetime.combine(day, hour))
            if given["entry_at"] <= timezone.now():
                self.add_error("entry_on", "The entry must stand at a time that is still to come.")

    @property
    def act_given(self) -> Act:
        """The act that was chosen, of a valid form."""
        return Act(self.cleaned_data["act"])

    def message(self) -> dict[str, Any]:
        """The arguments of `write_message` and, but for the last ones, of `preview`."""
        given = self.cleaned_data
        return {
            "act": self.act_given,
            "template": given["template"],
            "language": given["language"],
            "number": given["number"] or None,
        }


class ReasonForm(forms.Form):
    """Why a worker goes on although an act was stopped."""

    override_reason = forms.CharField(
        label="Why do you go on all the same?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The safety manager is told, and reads this.",
        error_messages={"required": "Write why you go on all the same."},
    )
