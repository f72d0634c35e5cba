"""The forms of a note. Each says what is wrong and where, and keeps what was typed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from casewall.pages.dates import DayMonthYearField
from casewall.pages.wording import WordingForm
from casewall.programme.cases.forms import day_field
from casewall.programme.cases.models import Case
from casewall.programme.notes.models import Note
from casewall.programme.notes.rules import (
    KIND_WORDS,
    MOST_MINUTES,
    NoteKind,
    may_be_dated,
    may_follow_up,
)
from casewall.wall.decide import Decision
from casewall.wall.ids import new_id

LONGEST_NOTE = 20_000
LONGEST_COMMENT = 2_000
WHAT_BELONGS = (
    "Write what the client said and did, and what you did. The client may ask to read it. "
    "What others have said about the client does not belong here."
)


def text_area(rows: int) -> forms.Textarea:
    """A box for prose, in whichever direction it is written."""
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


def _demand(decision: Decision) -> None:
    if not decision:
        raise ValidationError(decision.reason)


class NoteForm(WordingForm):
    """What every note says."""

    watched = ("text",)

    kind = forms.ChoiceField(
        label="Kind of contact",
        choices=list(KIND_WORDS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the kind of contact."},
    )
    happened_on = day_field("Day of the contact", "It may lie in the past, for example 27 3 2026.")
    minutes = forms.IntegerField(
        label="Length in minutes",
        required=False,
        min_value=0,
        max_value=MOST_MINUTES,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-5"}),
        error_messages={
            "invalid": "Write the length as a whole number of minutes, for example 45.",
            "max_value": f"A contact lasts at most {MOST_MINUTES} minutes: look at the number.",
            "min_value": "A contact does not last less than 0 minutes.",
        },
    )
    text = forms.CharField(
        label="Note",
        max_length=LONGEST_NOTE,
        widget=text_area(8),
        help_text=WHAT_BELONGS,
        error_messages={"required": "Write the note."},
    )
    follow_up_on = DayMonthYearField(
        label="Follow up on", required=False, help_text="A task of the case is made for that day."
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any):
        self.case = case
        super().__init__(*args, **kwargs)

    def clean_happened_on(self) -> date:
        day: date = self.cleaned_data["happened_on"]
        _demand(may_be_dated(day, self.case.referred_on, timezone.localdate()))
        return day

    def clean_follow_up_on(self) -> date | None:
        day: date | None = self.cleaned_data["follow_up_on"]
        if day is not None and day != self.initial.get("follow_up_on"):
            _demand(may_follow_up(day, timezone.localdate()))
        return day

    def as_written(self) -> dict[str, Any]:
        """The arguments of the acts of `actions.py`."""
        typed = self.cleaned_data
        names = ("happened_on", "minutes", "text", "follow_up_on")
        return {"kind": NoteKind(typed["kind"]), **{name: typed[name] for name in names}}


class NewNote(NoteForm):
    """A note that is not written yet; sent twice, it is one."""

    form_id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id, label="Number of the form")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("kind", NoteKind.PHONE)


class ChangedNote(NoteForm):
    """A note that its writer changes; `version` is the one that was shown."""

    version = forms.IntegerField(widget=forms.HiddenInput, label="Version of the note")

    def __init__(self, *args: Any, note: Note, **kwargs: Any):
        kwargs["initial"] = {
            "kind": note.kind,
            "happened_on": note.happened_on,
            "minutes": note.minutes,
            "text": note.text,
            "follow_up_on": note.follow_up_on,
            "version": note.version,
        }
        super().__init__(*args, case=note.case, **kwargs)

    def show_again(self, note: Note) -> None:
        """Take the note as it is now: whoever saves once more has seen both texts."""
        self.data = self.data.copy()
        self.data["version"] = note.version


class CorrectionForm(WordingForm):
    """What is right, and why the note says otherwise."""

    watched = ("text",)

    form_id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id, label="Number of the form")
    text = forms.CharField(
        label="What is right",
        max_length=LONGEST_NOTE,
        widget=text_area(5),
        help_text=WHAT_BELONGS,
        error_messages={"required": "Write what is right."},
    )
    reason = forms.CharField(
        label="Why it is corrected",
        max_length=LONGEST_COMMENT,
        widget=text_area(2),
        help_text="For example, who noticed it, and how it came about.",
        error_messages={"required": "Say why it is corrected."},
    )


class DecisionForm(forms.Form):
    """Approve a note, or return it with a comment."""

    version = forms.IntegerField(widget=forms.HiddenInput, label="Version of the note")
    comment = forms.CharField(
        label="Comment to the writer",
        required=False,
        max_length=LONGEST_COMMENT,
        widget=text_area(2),
    )


class KindFilter(forms.Form):
    """What narrows the chronology."""

    kind = forms.ChoiceField(label="Show", required=False)

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "Everything"), *kinds]
