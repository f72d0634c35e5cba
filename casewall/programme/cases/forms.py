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
from casewall.programme.cases.lists import said
from casewall.programme.cases.models import Case
from casewall.programme.cases.reasons import (
    EXIT_WORDS,
    PAUSE_WORDS,
    REOPEN_WORDS,
    ExitReason,
    PauseReason,
)
from casewall.programme.cases.rules import (
    FOLLOWS,
    OUTCOME_WORDS,
    PAUSE_REASONS,
    PAUSES,
    ROUTE_WORDS,
    Route,
    Stage,
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


def whom_field(label: str, help_text: str = "") -> forms.CharField:
    """An agency or service, as it is called."""
    return forms.CharField(label=label, required=False, max_length=200, help_text=help_text,
                           widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}))


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
    to_whom = whom_field("Transferred to", "Needed for a transfer: the agency or service.")
    on = day_field("Day")
    note = note_field(help_text="Needed for “Another reason”.")

    def clean_on(self) -> date:
        return self._not_after_today("on")

    def clean(self) -> dict[str, Any]:
        chosen = self.cleaned_data.get("reason")
        if chosen == ExitReason.TRANSFERRED and not self.cleaned_data.get("to_whom"):
            self.add_error("to_whom", "Write the agency or service to which the client goes.")
        if chosen == ExitReason.OTHER and not self.cleaned_data.get("note"):
            self.add_error("note", "“Another reason” needs a note that says which.")
        return self.cleaned_data


PAUSE_KINDS: dict[Stage, str] = {
    Stage.DEFERRED: "Deferred until a day",
    Stage.SUSPENDED: "Suspended while something is looked into",
    Stage.RETURNED: "Returned to the referrer, who decides",
}


class PauseForm(StepForm):
    """A case that waits: the kind of waiting with its reason, and until when."""

    why = forms.ChoiceField(
        label="How and why the case waits", widget=forms.Select)
    until = DayMonthYearField(
        label="Looked at again on", required=False,
        help_text="Needed for a deferral. Left empty, a suspended case is looked at after 14 "
                  "days and a returned one after 28.")
    to_whom = whom_field("Returned to", "For example, the court or the probation office.")
    on = day_field("Waits since")
    note = note_field(help_text="Needed for “Another reason”.")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        groups = [(PAUSE_KINDS[kind], [(f"{kind} {one}", PAUSE_WORDS[one])
                                       for one in PAUSE_REASONS[kind]])
                  for kind in PAUSES if kind in FOLLOWS[Stage(self.case.stage)]]
        self.fields["why"].choices = [("", "Choose how and why"), *groups]

    def clean_on(self) -> date:
        return self._not_after_today("on")

    def clean(self) -> dict[str, Any]:
        kind, _, reason = self.cleaned_data.get("why", "").partition(" ")
        if kind:
            self.cleaned_data |= {"to": Stage(kind), "reason": PauseReason(reason)}
        until = self.cleaned_data.get("until")
        if kind == Stage.DEFERRED and until is None and "until" not in self.errors:
            self.add_error("until", "A deferral needs the day on which the case is looked at "
                                    "again.")
        if until and until > timezone.localdate() + FURTHEST:
            self.add_error("until", f"{until:%-d %B %Y} is more than a year away: look at the "
                                    "year.")
        if reason == PauseReason.OTHER and not self.cleaned_data.get("note"):
            self.add_error("note", "“Another reason” needs a note that says which.")
        return self.cleaned_data


class ResumeForm(StepForm):
    """A case that waited goes on."""

    to = forms.ChoiceField(label="The case goes on at", widget=forms.RadioSelect)
    on = day_field("Day")
    note = note_field("Reason")

    def __init__(self, *args: Any, targets: Iterable[Stage], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = _worded(targets)

    def clean_on(self) -> date:
        return self._not_after_today("on")


class ReopenForm(ResumeForm):
    """A case that has ended is taken up again."""

    reason = forms.ChoiceField(label="Why the case is reopened", widget=forms.RadioSelect,
                               choices=list(REOPEN_WORDS.items()))
    field_order = ["reason", "to", "on", "note"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["to"].label = "The case is taken up at"
        self.fields["note"].label = "Note"


class CorrectForm(StepForm):
    """A wrong move put right. Both moves stay on record."""

    on = day_field("Day of the correction")
    note = forms.CharField(label="What was wrong", max_length=LONGEST_NOTE,
                           widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}))

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
