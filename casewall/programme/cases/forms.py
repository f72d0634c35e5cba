"""The forms of a case. Each says what is wrong and where, and keeps what was typed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import from_current_timezone
from django.utils import timezone

from casewall.pages.dates import DayMonthYearField
from casewall.programme.cases.lists import language_name, said
from casewall.programme.cases.models import Case
from casewall.programme.cases.rules import (
    EXIT_WORDS,
    OUTCOME_WORDS,
    ROUTE_WORDS,
    Route,
    Stage,
    Suitability,
    moves_by_hand,
)
from casewall.wall.ids import new_id

LONGEST_NOTE = 4000
FURTHEST = timedelta(days=366)
"""How far ahead something can be booked: what lies further is most often a mistyped year."""

RELATIONS = [("current", "Current partner"), ("former", "Former partner"),
             ("unknown", "Not said")]
STATED_BY = [("client", "The client"), ("referrer", "The referrer")]


def _worded(members: Iterable[Any]) -> list[tuple[str, str]]:
    return [(member.value, said(member.value)) for member in members]


def day_field(label: str, help_text: str = "For example, 27 3 2026") -> DayMonthYearField:
    """A day, today's date to begin with."""
    return DayMonthYearField(label=label, help_text=help_text, initial=timezone.localdate)


def time_field(label: str) -> forms.TimeField:
    """A time of day in 24 hours."""
    return forms.TimeField(
        label=label, input_formats=["%H:%M", "%H.%M", "%H%M"],
        error_messages={"invalid": "Write the time as hours and minutes, for example 14:05."},
        widget=forms.TimeInput(format="%H:%M", attrs={"class": "govuk-input--width-5"}),
        help_text="For example, 14:05")


def note_field(label: str = "Note", help_text: str = "") -> forms.CharField:
    """Free text that stays in the file."""
    return forms.CharField(label=label, required=False, max_length=LONGEST_NOTE,
                           help_text=help_text,
                           widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}))


class StepForm(forms.Form):
    """A form below a case. `seen` is the stage that the case had when the form was shown."""

    seen = forms.ChoiceField(choices=[(s.value, s.value) for s in Stage],
                             widget=forms.HiddenInput, label="Stage of the case")

    def __init__(self, *args: Any, case: Case, **kwargs: Any):
        self.case = case
        kwargs["initial"] = {"seen": case.stage, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    def show_again(self) -> None:
        """Take the case as it is now: whoever saves once more has seen where it stands."""
        self.data = self.data.copy()
        self.data["seen"] = self.case.stage

    def _not_after_today(self, field: str) -> date:
        day: date = self.cleaned_data[field]
        if day > timezone.localdate():
            raise ValidationError(f"{day:%-d %B %Y} has not come yet.")
        return day

    def _moment(self, day: str, clock: str) -> datetime | None:
        found_day, found_time = self.cleaned_data.get(day), self.cleaned_data.get(clock)
        if found_day is None or found_time is None:
            return None
        try:
            return from_current_timezone(datetime.combine(found_day, found_time))
        except ValidationError:
            # Between two and three at night when the clocks change.
            self.add_error(clock, "On that night the clocks change, so this time did not exist or "
                                  "came twice. Write another.")
            return None


class OnceForm(StepForm):
    """A form that makes a record: sent twice, it makes one."""

    form_id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id, label="Number of the form")


class ContactForm(OnceForm):
    """One attempt to reach the client."""

    route = forms.ChoiceField(label="How", choices=list(ROUTE_WORDS.items()),
                              widget=forms.RadioSelect(attrs={"class": "govuk-radios--inline"}))
    outcome = forms.ChoiceField(label="What came of it", choices=list(OUTCOME_WORDS.items()),
                                widget=forms.RadioSelect)
    tried_on = day_field("Day")
    tried_time = time_field("Time")
    note = note_field()

    def __init__(self, *args: Any, **kwargs: Any):
        now = timezone.localtime().time().replace(second=0, microsecond=0)
        kwargs["initial"] = {"route": Route.PHONE, "tried_time": now, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    def clean_tried_on(self) -> date:
        day = self._not_after_today("tried_on")
        if day < self.case.referred_on:
            raise ValidationError(
                f"The case was referred on {self.case.referred_on:%-d %B %Y}; nobody can have "
                "tried before that.")
        return day

    def clean(self) -> dict[str, Any]:
        moment = self._moment("tried_on", "tried_time")
        if moment is not None and moment > timezone.now():
            self.add_error("tried_time", "That time has not come yet.")
        self.cleaned_data["tried_at"] = moment
        return self.cleaned_data


class BookForm(StepForm):
    """A time for the assessment."""

    day = DayMonthYearField(label="Day of the assessment", help_text="For example, 27 3 2026")
    clock = time_field("Time of the assessment")
    on = day_field("Booked on", "The day on which the time was agreed.")
    note = note_field(help_text="For example, where it is held and who is needed.")

    def clean_on(self) -> date:
        return self._not_after_today("on")

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > timezone.localdate() + FURTHEST:
            raise ValidationError(f"{day:%-d %B %Y} is more than a year away: look at the year.")
        if day < self.case.referred_on:
            raise ValidationError(f"The case was referred on {self.case.referred_on:%-d %B %Y}; "
                                  "an assessment comes after that.")
        return day

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["booked_for"] = self._moment("day", "clock")
        return self.cleaned_data


class DecideForm(StepForm):
    """What an assessment that was held came to."""

    held_on = day_field("Day on which the assessment was held")
    decision = forms.ChoiceField(
        label="Decision", widget=forms.RadioSelect,
        choices=[(Suitability.SUITABLE, "Suitable for the programme"),
                 (Suitability.NOT_SUITABLE, "Not suitable: the case ends here")])
    note = note_field("Reasons", "Left empty, the note of the booking stays.")

    def clean_held_on(self) -> date:
        return self._not_after_today("held_on")


class SignForm(StepForm):
    """The agreement that the client signed."""

    signed_on = day_field("Signed on")
    text_version = forms.CharField(
        label="Version of the agreement's text", max_length=20,
        help_text="As it is printed on the agreement.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}))
    language = forms.ChoiceField(label="Language in which the client signed",
                                 widget=forms.RadioSelect)

    def __init__(self, *args: Any, languages: Iterable[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [(code, language_name(code)) for code in languages]

    def clean_signed_on(self) -> date:
        return self._not_after_today("signed_on")


class MoveForm(StepForm):
    """Another stage, where no other form brings the case there."""

    to = forms.ChoiceField(label="New stage", widget=forms.RadioSelect)
    on = day_field("Day")
    note = note_field("Reason")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        seen = self.data.get("seen", self.case.stage)
        shown = Stage(seen) if seen in set(Stage) else Stage(self.case.stage)
        self.fields["to"].choices = _worded(moves_by_hand(shown))

    def show_again(self) -> None:
        super().show_again()
        self.fields["to"].choices = _worded(moves_by_hand(Stage(self.case.stage)))

    def clean_on(self) -> date:
        return self._not_after_today("on")


class ExitForm(StepForm):
    """The end of a case before completion, with the reason."""

    reason = forms.ChoiceField(label="Why the case ends", choices=list(EXIT_WORDS.items()),
                               widget=forms.RadioSelect)
    on = day_field("Day")
    note = note_field()

    def clean_on(self) -> date:
        return self._not_after_today("on")


class DeclareForm(OnceForm):
    """A partner as the client or the referrer stated it."""

    stated_by = forms.ChoiceField(label="Who stated it", choices=STATED_BY,
                                  widget=forms.RadioSelect)
    relation = forms.ChoiceField(label="Relation, as stated", choices=RELATIONS,
                                 widget=forms.RadioSelect)
    name = forms.CharField(
        label="Name, as stated", required=False, max_length=200,
        help_text="Leave empty if no name was given.",
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}))
    contact_details = forms.CharField(
        label="Contact details, as stated", required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}))
    stated_on = day_field("Stated on")

    def clean_stated_on(self) -> date:
        return self._not_after_today("stated_on")


class CaseFilter(forms.Form):
    """What narrows the list of cases."""

    stage = forms.ChoiceField(label="Stage", required=False,
                              choices=[("", "All stages"), *_worded(Stage)])
    due = forms.ChoiceField(label="Next action", required=False,
                            choices=[("", "All"), ("now", "Needs action now")])
