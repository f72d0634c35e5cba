"""The forms of an assessment. Each says what is wrong and where, and keeps what was typed."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone

from casewall.pages.dates import DayMonthYearField
from casewall.pages.wording import WordingForm
from casewall.safety.roles.models import RoleWorking
from casewall.safety.roles.rules import (
    Act,
    Consequence,
    Fear,
    HowOften,
    Injury,
    Outcome,
    Person,
    Setting,
    Sign,
    Source,
    fits,
)
from casewall.safety.roles.words import worded
from casewall.wall.ids import new_id

INLINE = {"class": "govuk-radios--inline"}
LONGEST = 10_000
FOR_WHOM = "Read by you, the worker who signs it off, and the safety manager."


def _prose(label: str, rows: int = 4, *, required: bool = False, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONGEST,
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}),
        error_messages={"required": f"{label}: write it in words."},
    )


def _one(label: str, kind: Any, hint: str = "", **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=worded(kind),
        help_text=hint,
        widget=forms.RadioSelect(**more),
        error_messages={"required": f"{label} Choose one answer."},
    )


def _several(label: str, kind: Any, *, required: bool = True) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=worded(kind),
        required=required,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": f"{label} Choose at least one answer."},
    )


NOBODY_LINKED = "not_linked"
"""Person B is somebody whose case is not linked: said, never left open."""


class BeginForm(forms.Form):
    """Begin an assessment; a later one says why."""

    form_id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    case_id = forms.ChoiceField(
        label="Who is Person B?", widget=forms.RadioSelect,
        error_messages={"required": "Choose who Person B is."},
    )  # fmt: skip
    why = _prose("Why the roles are looked at again", 3)

    def __init__(self, *args: Any, cases: list[tuple[str, str]], again: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        other = (NOBODY_LINKED, "Somebody whose case is not linked")
        self.fields["case_id"].choices = [*cases, other]
        if len(cases) < 2:
            self.fields["case_id"].initial = cases[0][0] if cases else NOBODY_LINKED
        if again:
            self.fields["why"].required = True
            self.fields["why"].help_text = FOR_WHOM
        else:
            del self.fields["why"]

    @property
    def case(self) -> UUID | None:
        """The case of Person B, of a valid form; None where it is not linked."""
        chosen = self.cleaned_data["case_id"]
        return None if chosen == NOBODY_LINKED else UUID(chosen)


class IncidentForm(WordingForm):
    """One row of the grid."""

    watched = ("what",)
    form_id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    done_by = _one("Who did it?", Person, "The other person is the one to whom it was done.",
                   attrs=INLINE)  # fmt: skip
    acts = _several("What was done?", Act)
    what = _prose("In words", required=True, hint="What happened, in the order in which it did.")
    setting = _one("How did it come about?", Setting)
    how_often = _one("How often?", HowOften)
    happened_on = DayMonthYearField(label="On which day?", required=False)
    happened = forms.CharField(
        label="When, in words", required=False, max_length=200,
        help_text="Where no day is known. For example, “the summer before the move”.",
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )  # fmt: skip
    consequences = _several("What followed for the one to whom it was done?", Consequence)
    fear = _one("How afraid was that person?", Fear)
    injury = _one("Was that person injured?", Injury)
    source = _one("Who says so?", Source)

    def clean_happened_on(self) -> date | None:
        day: date | None = self.cleaned_data["happened_on"]
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError(f"{day:%-d %B %Y} has not come yet.")
        return day

    def row(self) -> dict[str, Any]:
        """The arguments of `add_incident`."""
        typed = self.cleaned_data
        return {
            "done_by": Person(typed["done_by"]),
            "acts": [Act(code) for code in typed["acts"]],
            "what": typed["what"],
            "setting": Setting(typed["setting"]),
            "how_often": HowOften(typed["how_often"]),
            "happened_on": typed["happened_on"],
            "happened": typed["happened"],
            "consequences": [Consequence(code) for code in typed["consequences"]],
            "fear": Fear(typed["fear"]),
            "injury": Injury(typed["injury"]),
            "source": Source(typed["source"]),
            "id": typed["form_id"],
        }


class WorkingForm(WordingForm):
    """Signs, notes, and what is concluded of each person."""

    watched = ("note", "grounds")
    signs_a = _several("What you noticed in Person A", Sign, required=False)
    signs_b = _several("What you noticed in Person B", Sign, required=False)
    note = _prose("Notes", 6, hint=FOR_WHOM)
    proposed_a = forms.ChoiceField(
        label="What you conclude of Person A", required=False, widget=forms.RadioSelect
    )
    proposed_b = forms.ChoiceField(
        label="What you conclude of Person B", required=False, widget=forms.RadioSelect
    )
    grounds = _prose("On what grounds", 4)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in ("proposed_a", "proposed_b"):
            self.fields[name].choices = [*worded(Outcome), ("", "Not concluded yet")]

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        of_a, of_b = typed.get("proposed_a"), typed.get("proposed_b")
        if of_a and of_b:
            decision = fits(Outcome(of_a), Outcome(of_b))
            if not decision:
                self.add_error("proposed_b", decision.reason)
        return typed

    @staticmethod
    def first_shown(row: RoleWorking) -> dict[str, Any]:
        """What the form holds when it is opened."""
        return {
            "signs_a": split(row.signs_a),
            "signs_b": split(row.signs_b),
            "note": row.note,
            "proposed_a": row.proposed_a,
            "proposed_b": row.proposed_b,
            "grounds": row.grounds,
            "version": row.version,
        }

    def row(self) -> dict[str, Any]:
        """The arguments of `write_working`."""
        typed = self.cleaned_data
        return {
            "version": typed["version"],
            "signs_a": [Sign(code) for code in typed["signs_a"]],
            "signs_b": [Sign(code) for code in typed["signs_b"]],
            "note": typed["note"],
            "grounds": typed["grounds"],
            **{n: Outcome(typed[n]) if typed[n] else None for n in ("proposed_a", "proposed_b")},
        }


class DecisionForm(forms.Form):
    """Sign an assessment off, or return it with a comment."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    comment = _prose("Comment to the author, if you return it", 3)


def split(codes: str) -> list[str]:
    """Codes as they are stored in one field, as a list."""
    return [code for code in codes.split(",") if code]
