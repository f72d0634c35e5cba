"""Forms about requests, restrictions, complaints and breaches. Both sides ask in these words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import from_current_timezone
from django.utils import timezone

from casewall.pages.dates import DayMonthYearField
from casewall.programme.rights.records import worded
from casewall.programme.rights.rules import (
    ABOUT_WORDS,
    BECAUSE_WORDS,
    DECIDED_WORDS,
    FROM_WORDS,
    HOW_WORDS,
    IDENTITY_WORDS,
    MISHAP_WORDS,
    OUTCOME_WORDS,
    RIGHT_WORDS,
    Affected,
    Identity,
)
from casewall.wall.ids import new_id

LONGEST = 20_000
LANGUAGES = [("en", "English"), ("da", "Danish")]
YES_NO = [("yes", "Yes"), ("no", "No")]
INLINE = {"class": "govuk-radios--inline"}


def one_of(label: str, options: list[tuple[str, str]], hint: str = "", **more: Any
           ) -> forms.ChoiceField:
    """One of a few answers, each in words."""
    inline = more.pop("inline", False)
    return forms.ChoiceField(
        label=label, choices=options, help_text=hint,
        widget=forms.RadioSelect(attrs=INLINE if inline else {}),
        error_messages={"required": f"{label}: choose one answer."}, **more)  # fmt: skip


def day_field(label: str, hint: str = "", **more: Any) -> DayMonthYearField:
    """A day, today's date to begin with where it is needed."""
    if more.get("required", True):
        more.setdefault("initial", timezone.localdate)
    return DayMonthYearField(label=label, help_text=hint, **more)


def prose(label: str, hint: str = "", rows: int = 4, **more: Any) -> forms.CharField:
    """Free text, in whichever direction it is written."""
    return forms.CharField(
        label=label, help_text=hint, max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}), **more)  # fmt: skip


def line(label: str, hint: str = "", **more: Any) -> forms.CharField:
    """A few words on one line."""
    return forms.CharField(
        label=label, help_text=hint, max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}), **more)  # fmt: skip


def hour_field(label: str) -> forms.TimeField:
    """A time of day in 24 hours."""
    return forms.TimeField(
        label=label, input_formats=["%H:%M", "%H.%M", "%H%M"], help_text="For example, 09:30",
        error_messages={"invalid": "Write the time as hours and minutes, for example 09:30."},
        widget=forms.TimeInput(format="%H:%M", attrs={"class": "govuk-input--width-5"}),
    )  # fmt: skip


def count_field(label: str) -> forms.IntegerField:
    """How many people, where it is known."""
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=1_000_000,
        help_text="Leave it empty while it is not known.",
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-5"}))  # fmt: skip


class Once(forms.Form):
    """A form that makes a record: sent twice, it makes one."""

    form_id = forms.UUIDField(
        widget=forms.HiddenInput, initial=new_id, label="Number of the form"
    )


class Versioned(forms.Form):
    """A form that changes a record, with the version that was shown."""

    version = forms.IntegerField(widget=forms.HiddenInput, label="Version of the record")


def moment_of(form: forms.Form, day: str, clock: str) -> datetime | None:
    """The moment that two fields give; adds an error where no clock showed it."""
    found_day, found_time = form.cleaned_data.get(day), form.cleaned_data.get(clock)
    if found_day is None or found_time is None:
        return None
    try:
        return from_current_timezone(datetime.combine(found_day, found_time))
    except ValidationError:
        form.add_error(clock, "On that night the clocks change, so this time did not exist or came "
                              "twice. Write another.")  # fmt: skip
        return None


class AskForm(Once):
    """What a person asks about the own record."""

    right = one_of("What does the person ask for?", worded(RIGHT_WORDS))
    received_on = day_field("When did the request come?")
    how = one_of("How did it come?", worded(HOW_WORDS))
    identity = one_of(
        "How was it made sure that it is the person recorded?", worded(IDENTITY_WORDS),
        "The answer to a copy is given within a month of the day on which this is known.",
    )  # fmt: skip
    identity_on = day_field("On which day was that made sure?",
                            "Leave it empty while it has not been.", required=False)  # fmt: skip
    asks = prose("In the person's own words", "What is asked for, and about which time.", 3,
                 required=False)  # fmt: skip
    language = one_of("In which language is the answer written?", LANGUAGES, inline=True)


class IdentityForm(Versioned):
    """How it was made sure who asks."""

    identity = one_of(
        "How was it made sure?",
        worded({k: v for k, v in IDENTITY_WORDS.items() if k != Identity.NOT_YET}),
    )
    on = day_field("On which day?")


class StatementForm(Once):
    """What the person says of the record."""

    about = line("Which part of the record is it about?")
    text = prose("The statement, in the person's own words",
                 "It is kept beside the record, word for word.", 6)  # fmt: skip


class DecideForm(Versioned):
    """What is decided on a request that is not for a copy."""

    decision = one_of("What is decided?", worded(DECIDED_WORDS))
    reason = prose("Why", "The person is told this.")


class RestrictForm(forms.Form):
    """Why a file is not used for now."""

    because = one_of("Why is the file restricted?", worded(BECAUSE_WORDS))


class LiftForm(Versioned):
    """Why a restriction ends."""

    reason = prose("Why does the restriction end, and when was the person told?")


class ComplaintForm(Once):
    """A complaint."""

    came_from = one_of("Who complains?", worded(FROM_WORDS))
    about = one_of("What is it about?", worded(ABOUT_WORDS))
    what = prose("The complaint, in the words of whoever complains", rows=6)
    received_on = day_field("When did it come?")


class AnswerForm(Versioned):
    """What came of a complaint."""

    outcome = one_of("What came of it?", worded(OUTCOME_WORDS))
    answer = prose("What was answered", rows=6)
    learning = prose("What is done differently from now on", required=False)


class CountsForm(forms.Form):
    """Whose data a breach concerns, in numbers."""

    clients = count_field("How many clients?")
    partners = count_field("How many partners?")
    children = count_field("How many children?")
    workers = count_field("How many workers?")

    def affected(self) -> Affected:
        """The numbers that were given."""
        names = ("clients", "partners", "children", "workers")
        return Affected(**{name: self.cleaned_data.get(name) for name in names})


class BreachForm(CountsForm, Once):
    """What went wrong with somebody's data, as far as it is known now."""

    mishap = one_of("What went wrong?", worded(MISHAP_WORDS))
    near_miss = one_of(
        "Did it reach anybody?",
        [("no", "Yes, or nobody knows yet"), ("yes", "No, it was noticed in time")],
    )
    what = prose("What happened",
                 "What you know now is enough. Name nobody whom you need not name.", 5)  # fmt: skip
    happened_on = day_field("When did it happen?", "Leave it empty if nobody knows.",
                            required=False)  # fmt: skip
    found_on = day_field("On which day was it found?")
    found_time = hour_field("At what time?")
    field_order = ("mishap", "near_miss", "what", "happened_on", "found_on", "found_time",
                   "clients", "partners", "children", "workers")  # fmt: skip

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        typed["found_at"] = moment_of(self, "found_on", "found_time")
        return typed
