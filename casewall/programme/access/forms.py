"""Forms of the pages about access."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms

from casewall.programme.access.rules import Verdict, Why
from casewall.programme.access.words import VERDICT, WHY

LONGEST = 2_000


def _reason(label: str, hint: str, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, max_length=LONGEST, required=required,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write the reason."})


class WithNumber(forms.Form):
    """A form whose number makes sending it twice count once."""

    form_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)


class SeekForm(forms.Form):
    """Whose file somebody needs."""

    sought = forms.CharField(
        label="Whose file do you need?", max_length=200,
        error_messages={"required": "Write whose file you need."})

    def __init__(self, *args: Any, hint: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["sought"].help_text = hint


class OpenForm(WithNumber):
    """The reason for opening a file out of turn."""

    sought = forms.CharField(widget=forms.HiddenInput, max_length=200)
    reason = _reason(
        "Why do you need it now?",
        "Your reason, your name and the time are shown to the manager at once.")


class KeepAwayForm(WithNumber):
    """Who is kept away from a file, and why."""

    colleague = forms.ChoiceField(
        label="Who is kept away?", error_messages={"required": "Choose a colleague."})
    why = forms.ChoiceField(
        label="What is the person to the colleague?", choices=[(w.value, WHY[w]) for w in Why],
        widget=forms.RadioSelect, error_messages={"required": "Choose one."})
    others = forms.MultipleChoiceField(
        label="Keep the colleague away from these too", required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="What is written of them names the same family.")
    reason = _reason(
        "What is the reason?", "Managers read it. The colleague does not, and sees no trace.")

    def __init__(self, *args: Any, colleagues: list[tuple[str, str]],
                 others: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["colleague"].choices = [("", "Choose a colleague"), *colleagues]
        if others:
            self.fields["others"].choices = others
            self.fields["others"].initial = [value for value, _ in others]
        else:
            del self.fields["others"]


class ConflictForm(WithNumber):
    """That a worker knows the person."""

    why = forms.ChoiceField(
        label="What is the person to you?", choices=[(w.value, WHY[w]) for w in Why],
        widget=forms.RadioSelect, error_messages={"required": "Choose one."})
    reason = _reason("Is there more that a manager should know?",
                     "Managers read it.", required=False)


class LetBackForm(forms.Form):
    """Why an exclusion ends."""

    reason = _reason("Why may the colleague see the file again?", "Managers read it.")


class DecideForm(forms.Form):
    """Whether an opening was justified."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    verdict = forms.ChoiceField(
        label="Was it justified?", choices=[(v.value, VERDICT[v]) for v in Verdict],
        widget=forms.RadioSelect, error_messages={"required": "Choose one."})
    note = _reason("What follows?", "Needed where it was not justified: what was done, by whom.",
                   required=False)
