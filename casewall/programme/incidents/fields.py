"""Questions about incidents and proceedings that both sides ask in the same words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from casewall.pages.dates import DayMonthYearField
from casewall.pages.wording import WordingForm
from casewall.programme.incidents.rules import (
    DayOutcome,
    Ended,
    Form,
    Kind,
    Severity,
    Sign,
    Source,
    ends_well,
    is_whole,
    outcome_fits,
    proceeding_fits,
)
from casewall.programme.incidents.words import split, worded

EXACT = [("yes", "On this day"), ("no", "Around this day")]
NOT_RATED = ("", "Not rated")
LONGEST = 10_000


def day_field(label: str) -> DayMonthYearField:
    """A day, today's date to begin with."""
    return DayMonthYearField(label=label, help_text="For example, 27 3 2026",
                             initial=timezone.localdate)


def prose(label: str, hint: str = "", rows: int = 4) -> forms.CharField:
    """Free text that stays in the file."""
    return forms.CharField(label=label, required=False, max_length=LONGEST, help_text=hint,
                           widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}))


def hour_field(label: str) -> forms.TimeField:
    """A time of day in 24 hours, where it is known."""
    return forms.TimeField(
        label=label, required=False, input_formats=["%H:%M", "%H.%M", "%H%M"],
        error_messages={"invalid": "Write the time as hours and minutes, for example 09:30."},
        widget=forms.TimeInput(format="%H:%M", attrs={"class": "govuk-input--width-5"}),
        help_text="For example, 09:30")


def one_of(label: str, options: Iterable[tuple[str, str]], hint: str = "", **more: Any
           ) -> forms.ChoiceField:
    """One of a few answers, each in words."""
    return forms.ChoiceField(label=label, choices=list(options), help_text=hint,
                             widget=forms.RadioSelect,
                             error_messages={"required": f"{label}: choose one answer."}, **more)


def some_of(label: str, options: Iterable[tuple[str, str]], hint: str = "", **more: Any
            ) -> forms.MultipleChoiceField:
    """Any of a few answers."""
    return forms.MultipleChoiceField(
        label=label, choices=list(options), help_text=hint,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": f"{label}: choose at least one answer."}, **more)


def open_day(label: str, hint: str = "") -> DayMonthYearField:
    """A day that may be unknown."""
    return DayMonthYearField(label=label, required=False, help_text=hint)


def words_field(label: str, hint: str = "") -> forms.CharField:
    """A few words on one line."""
    return forms.CharField(label=label, required=False, max_length=200, help_text=hint,
                           widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}))


class HappenedFields(WordingForm):
    """The questions about an incident that both sides ask. `sources` are those of the side."""

    watched = ("what",)
    sources: tuple[Source, ...] = ()

    forms_of = some_of("What kind of violence was it?", worded(Form))
    signs = some_of("Signs of danger to life", worded(Sign), required=False,
                    hint="Each one raises a task at once, however grave the rest was.")
    severity = one_of("How grave was it?", [*worded(Severity), NOT_RATED], required=False)
    happened_on = day_field("When did it happen?")
    exact = one_of("How sure is the day?", EXACT, initial="yes")
    source = one_of("Who says so?", ())
    told_on = day_field("When was it told?")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = worded(self.sources)

    def clean(self) -> dict[str, Any]:
        """Add the sentence of the rule where the incident is not whole."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if all(typed.get(name) for name in ("forms_of", "happened_on", "told_on")):
            whole = is_whole([Form(code) for code in typed["forms_of"]],
                             [Sign(code) for code in typed.get("signs", ())],
                             typed["happened_on"], typed["told_on"], timezone.localdate())
            if not whole:
                self.add_error(None, whole.reason)
        return typed

    def row(self) -> dict[str, Any]:
        """The answers as the act takes them."""
        typed = self.cleaned_data
        return {
            "forms": [Form(code) for code in typed["forms_of"]],
            "signs": [Sign(code) for code in typed["signs"]],
            "severity": Severity(int(typed["severity"])) if typed["severity"] else None,
            "source": Source(typed["source"]),
            "happened_on": typed["happened_on"],
            "exact": typed["exact"] == "yes",
            "told_on": typed["told_on"],
            "what": typed["what"] or None,
            "form": typed["form_id"],
        }

    @staticmethod
    def shown_first(row: Any) -> dict[str, Any]:
        """What the form holds when a recorded incident is corrected."""
        return {
            "forms_of": split(row.forms), "signs": split(row.signs), "what": row.what,
            "severity": str(row.severity or ""), "source": row.source, "told_on": row.told_on,
            "happened_on": row.happened_on, "exact": "yes" if row.exact else "no",
        }  # fmt: skip


class ProceedingFields(forms.Form):
    """The questions about a proceeding that both sides ask when it is written down."""

    sources: tuple[Source, ...] = ()

    kind = one_of("What is it?", worded(Kind))
    began_on = day_field("Since when?")
    until_on = open_day("Until when does it hold?",
                        "Bail and protective orders only. Its end will be announced.")
    court = words_field("Which police station or court?", "With its reference, if it has one.")
    conditions = prose("Conditions", "For example, whom and which places to keep away from.")
    source = one_of("Who says so?", ())
    stated_on = day_field("When was it told?")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = worded(self.sources)

    def clean(self) -> dict[str, Any]:
        """Add the sentence of the rule where the days do not go together."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        today = timezone.localdate()
        if typed.get("kind") and typed.get("began_on") and "until_on" in typed:
            fits = proceeding_fits(Kind(typed["kind"]), typed["began_on"], typed["until_on"],
                                   today)
            if not fits:
                self.add_error("until_on" if typed["began_on"] <= today else "began_on",
                               fits.reason)
        if typed.get("stated_on") and typed["stated_on"] > today:
            self.add_error("stated_on", f"{typed['stated_on']:%-d %B %Y} has not come yet.")
        return typed

    def row(self) -> dict[str, Any]:
        """The answers as the act takes them."""
        typed = self.cleaned_data
        return {
            "kind": Kind(typed["kind"]), "source": Source(typed["source"]),
            "form": typed["form_id"], **{name: typed[name] for name in (
                "began_on", "until_on", "court", "conditions", "stated_on")},
        }  # fmt: skip


class EndFields(forms.Form):
    """What may change in a proceeding: its conditions, until when it holds, and its end."""

    until_on = open_day("Until when does it hold?", "Bail and protective orders only.")
    court = words_field("Which police station or court?")
    conditions = prose("Conditions")
    ended_on = open_day("When did it end?", "Leave empty while it goes on.")
    ended_how = one_of("How did it end?", [*worded(Ended), ("", "It goes on")], required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, label="Version of the record")

    proceeding: Any = None

    def clean(self) -> dict[str, Any]:
        """Add the sentence of the rule where the days do not go together."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        row, today = self.proceeding, timezone.localdate()
        if {"until_on", "ended_on", "ended_how"} <= set(typed):
            fits = proceeding_fits(Kind(row.kind), row.began_on, typed["until_on"], today)
            if not fits:
                self.add_error("until_on", fits.reason)
            how = Ended(typed["ended_how"]) if typed["ended_how"] else None
            ends = ends_well(row.began_on, typed["ended_on"], how, today)
            if not ends:
                self.add_error("ended_on", ends.reason)
        return typed

    def row(self) -> dict[str, Any]:
        """The answers as the act takes them."""
        typed = self.cleaned_data
        return {**{name: typed[name] for name in (
                    "until_on", "court", "conditions", "ended_on", "version")},
                "ended_how": Ended(typed["ended_how"]) if typed["ended_how"] else None}

    @staticmethod
    def shown_first(row: Any) -> dict[str, Any]:
        """What the form holds when it is opened."""
        return {name: getattr(row, name) for name in (
            "until_on", "court", "conditions", "ended_on", "ended_how", "version")}


class CourtDayFields(forms.Form):
    """A day in court that both sides write down alike."""

    sources: tuple[Source, ...] = ()

    held_on = DayMonthYearField(label="On which day?", help_text="It may lie ahead.")
    at_time = hour_field("At what time?")
    source = one_of("Who says so?", ())

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = worded(self.sources)


class OutcomeFields(forms.Form):
    """What came of a day in court."""

    outcome = one_of("What came of it?", worded(DayOutcome))
    note = prose("In words", "For example, the order that was made.")
    version = forms.IntegerField(widget=forms.HiddenInput, label="Version of the record")

    held_on: date

    def clean_outcome(self) -> str:
        """Refuse an outcome that cannot be known yet."""
        fits = outcome_fits(self.held_on, DayOutcome(self.cleaned_data["outcome"]),
                            timezone.localdate())
        if not fits:
            raise forms.ValidationError(fits.reason)
        return str(self.cleaned_data["outcome"])


class SpanFields(forms.Form):
    """Days from the first to the last. `open_ended` where the last may be unknown."""

    def clean(self) -> dict[str, Any]:
        """Days in their order, none of them ahead."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = typed.get("first_on"), typed.get("last_on")
        for name in ("first_on", "last_on"):
            day = typed.get(name)
            if day is not None and day > timezone.localdate():
                self.add_error(name, f"{day:%-d %B %Y} has not come yet.")
        if first and last and last < first:
            self.add_error("last_on", "The last day cannot lie before the first.")
        return typed
