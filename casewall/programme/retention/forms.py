"""The forms of the desk: hold, lift, decide, approve."""

from __future__ import annotations

from typing import Any

from django import forms

from casewall.pages.dates import DayMonthYearField
from casewall.programme.retention.rules import GROUND_WORDS, HOLD_WORDS, Ground
from casewall.wall.ids import new_id

KEEPS = [("rule", "As usual: figures stay where the years are over, and only there"),
         ("yes", "Keep coded figures: years, codes and counts, under a number that leads nowhere"),
         ("no", "Keep nothing at all")]


def _words(label: str, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=4000, help_text=hint,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        error_messages={"required": f"{label}: say it in words."})


def _one_of(label: str, options: list[tuple[str, str]], **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=options, widget=forms.RadioSelect,
                             error_messages={"required": f"{label}: choose one answer."}, **more)


class OnceForm(forms.Form):
    """A form that makes a record: sent twice, it makes one."""

    form_id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id, label="Number of the form")


class HoldForm(OnceForm):
    """Why a file is held, and when somebody looks again."""

    ground = _one_of("Why is it held?", [(code.value, text) for code, text in HOLD_WORDS.items()])
    reason = _words("The reason in words", "Only people who hold and delete files read it.")
    review_on = DayMonthYearField(label="Look at the hold again on",
                                  help_text="For example, 27 3 2027")


class LiftForm(forms.Form):
    """Why the hold ends."""

    because = _words("Why is the hold lifted?")
    version = forms.IntegerField(widget=forms.HiddenInput, label="Version of the record")


class DecideForm(OnceForm):
    """On what ground a file is deleted, and whether figures stay."""

    ground = _one_of("On what ground?", [])
    keeps = _one_of("What stays for statistics?", KEEPS, initial="rule")

    def __init__(self, *args: Any, is_due: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = [
            (code.value, text) for code, text in GROUND_WORDS.items()
            if is_due or code is not Ground.DUE]

    def keeps_figures(self) -> bool | None:
        """What was chosen; None leaves it to the rule."""
        return {"yes": True, "no": False}.get(self.cleaned_data["keeps"])


class ApproveForm(forms.Form):
    """The second person's answer. It cannot be taken back, so it is asked for in so many words."""

    sure = forms.BooleanField(
        label="I have looked at whose file this is, and it may be deleted for good",
        error_messages={"required": "Tick the box if the file may be deleted for good."})
