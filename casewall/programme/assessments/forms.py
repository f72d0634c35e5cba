"""The forms of an assessment: the eligibility check and the decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from casewall.pages.dates import DayMonthYearField
from casewall.programme.assessments.rules import ANSWER_WORDS, Answer, RuleSet
from casewall.programme.cases.forms import FURTHEST, OnceForm, StepForm, day_field, note_field
from casewall.programme.cases.reasons import UNSUITABLE_WORDS
from casewall.programme.cases.rules import Suitability

DECISION_WORDS = {
    Suitability.SUITABLE: "Suitable",
    Suitability.SUITABLE_WITH_CONDITIONS: "Suitable with conditions",
    Suitability.NOT_SUITABLE: "Not suitable: the case ends here",
    Suitability.DEFERRED: "Deferred until a day",
    Suitability.PASSED_ON: "Passed on to another service: the case ends here",
}


class CheckForm(OnceForm):
    """The questions of a set of eligibility rules. What nobody knows stays not known."""

    version = forms.IntegerField(widget=forms.HiddenInput, label="Version of the check")
    checked_on = day_field("Day")

    def __init__(
        self, *args: Any, rules: RuleSet, known: Mapping[str, Answer], version: int, **kwargs: Any
    ):
        kwargs["initial"] = {"version": version, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.rules, self.newest = rules, version
        for rule in rules.rules:
            self.fields[f"rule-{rule.id}"] = forms.ChoiceField(
                label=rule.question,
                help_text=rule.hint or "",
                choices=[(code.value, words) for code, words in ANSWER_WORDS.items()],
                initial=known.get(rule.id, Answer.NOT_KNOWN),
                widget=forms.RadioSelect(attrs={"class": "govuk-radios--inline"}),
            )
        self.fields["note"] = note_field(
            help_text="For example, who said so and what is still to be asked."
        )
        self.order_fields([*(f"rule-{rule.id}" for rule in rules.rules), "note", "checked_on"])

    def show_again(self) -> None:
        super().show_again()
        self.data["version"] = str(self.newest)

    def clean_checked_on(self) -> date:
        return self._not_after_today("checked_on")

    @property
    def answers(self) -> dict[str, Answer]:
        """The answers by rule."""
        return {rule.id: Answer(self.cleaned_data[f"rule-{rule.id}"]) for rule in self.rules.rules}


class DecideForm(StepForm):
    """What an assessment that was held came to, with what belongs to the decision."""

    held_on = day_field("Day on which the assessment was held")
    decision = forms.ChoiceField(
        label="Decision", widget=forms.RadioSelect, choices=list(DECISION_WORDS.items())
    )
    conditions = forms.CharField(
        label="Conditions",
        required=False,
        max_length=2000,
        help_text="For “suitable with conditions”: what the client must do, and by when.",
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    reasons = forms.MultipleChoiceField(
        label="Reasons",
        required=False,
        choices=list(UNSUITABLE_WORDS.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text="For “not suitable”, “deferred” and “passed on”. Tick all that hold.",
    )
    review_on = DayMonthYearField(
        label="Looked at again on",
        required=False,
        help_text="For “deferred”: the case comes back to the first page on this day.",
    )
    passed_to = forms.CharField(
        label="Passed on to",
        required=False,
        max_length=200,
        help_text="For “passed on”: the agency or service.",
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    note = note_field("Note", "In your own words. Left empty, the note of the booking stays.")

    def clean_held_on(self) -> date:
        return self._not_after_today("held_on")

    def clean_review_on(self) -> date | None:
        day: date | None = self.cleaned_data["review_on"]
        if day is None:
            return None
        if day <= timezone.localdate():
            raise ValidationError(f"{day:%-d %B %Y} has come already; write a later day.")
        if day > timezone.localdate() + FURTHEST:
            raise ValidationError(f"{day:%-d %B %Y} is more than a year away: look at the year.")
        return day
