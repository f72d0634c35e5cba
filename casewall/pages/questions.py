"""The form of a questionnaire, question by question. It knows no person and keeps nothing.

It is handed the definition of a measure, which lies above the pages, and so says only by a
protocol what it needs of it. Every question may be left out, and the four things that look alike
on an empty line stay apart: an answer, *prefer not to say*, *not asked* and *left out*.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from django import forms
from django.utils import timezone

from casewall.pages.dates import DayMonthYearField
from casewall.wall.ids import new_id

INLINE = {"class": "govuk-radios--inline"}
LEFT_OUT = ("", "Left out")
NOT_SAID = ("prefer-not-to-say", "Prefers not to say")
NOT_ASKED = ("not-asked", "Not asked")
WHY = "--why"
"""Ending of the field that says why a question for a number has none."""


class Questionnaire(Protocol):
    """What the form needs of a measure's definition."""

    @property
    def items(self) -> Sequence[Any]: ...

    @property
    def groups(self) -> Sequence[Any]: ...


class NumberField(forms.CharField):
    """A number in a range, kept as text: whole, or with decimals where they are allowed."""

    def __init__(self, *, least: Any, most: Any, whole: bool, **kwargs: Any):
        self.least, self.most, self.whole = least, most, whole
        kwargs["widget"] = forms.TextInput(
            attrs={"class": "govuk-input--width-5", "inputmode": "numeric", "autocomplete": "off"}
        )
        super().__init__(required=False, help_text=f"{self._kind()}.", **kwargs)

    def _kind(self) -> str:
        kind = "A whole number" if self.whole else "A number"
        if self.least is not None and self.most is not None:
            return f"{kind} from {self.least} to {self.most}"
        return kind

    def clean(self, value: Any) -> str:
        text = super().clean(value).strip().replace(",", ".")
        if not text:
            return ""
        try:
            number = Decimal(text)
            fits = number.is_finite() and (not self.whole or number == number.to_integral_value())
        except InvalidOperation:
            fits = False
        if not fits:
            raise forms.ValidationError(f"“{value}” does not fit. Write {self._words()}.")
        low = self.least is not None and number < Decimal(str(self.least))
        high = self.most is not None and number > Decimal(str(self.most))
        if low or high:
            raise forms.ValidationError(f"{text} is out of range. Write {self._words()}.")
        return str(int(number)) if self.whole else f"{number.normalize():f}"

    def _words(self) -> str:
        words = self._kind()
        return words[0].lower() + words[1:]


class QuestionsForm(forms.Form):
    """When and how a measure was answered, and its questions.

    `waves`, `modes` and `people` are the choices of the first fields; with `only` the time point is
    known, and questions that belong to other time points are left out. `version` is that of the
    record when the page was shown, so that nobody overwrites what a colleague saved meanwhile.
    """

    form_id = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    wave = forms.ChoiceField(label="For which time?", widget=forms.RadioSelect(attrs=INLINE))
    answered_on = DayMonthYearField(label="Answered on")
    mode = forms.ChoiceField(label="How was it answered?", widget=forms.RadioSelect)
    present = forms.ChoiceField(label="Who else was there?", widget=forms.RadioSelect)

    def __init__(
        self,
        *args: Any,
        definition: Questionnaire,
        language: str,
        waves: Iterable[tuple[str, str]],
        modes: Iterable[tuple[str, str]],
        people: Iterable[tuple[str, str]],
        only: str = "",
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.fields["form_id"].initial = new_id
        self.fields["wave"].choices = list(waves)
        self.fields["mode"].choices = list(modes)
        self.fields["present"].choices = list(people)
        if only:
            self.fields["wave"].widget = forms.HiddenInput()
        self.definition, self.language, self.only = definition, language, only
        self.items = [
            item for item in definition.items if not only or not item.waves or only in item.waves
        ]
        for item in self.items:
            for name, field in _fields_of(item, language):
                self.fields[name] = field

    def clean_version(self) -> int:
        """The version that was shown; nothing means that there was no record."""
        return self.cleaned_data["version"] or 0

    def clean_answered_on(self) -> Any:
        day = self.cleaned_data["answered_on"]
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError("This day is in the future.")
        return day

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for item in self.items:
            if given.get(item.link_id) and given.get(item.link_id + WHY):
                self.add_error(
                    item.link_id, "There is a number and a reason for none: take one away."
                )
        return given

    @property
    def questions(self) -> list[dict[str, Any]]:
        """The questions under the headings of their groups, in the order of the definition."""
        headings = {group.link_id: group.texts for group in self.definition.groups}
        found: list[dict[str, Any]] = []
        for item in self.items:
            if not found or found[-1]["group"] != item.group:
                texts = headings.get(item.group, {})
                heading = texts.get(self.language) or next(iter(texts.values()), "")
                found.append({"group": item.group, "heading": heading, "fields": []})
            names = (item.link_id, item.link_id + WHY)
            found[-1]["fields"] += [self[name] for name in names if name in self.fields]
        return found

    def answers(self) -> dict[str, str | None]:
        """Answer codes by question. What was left out is None, never a number."""
        given = self.cleaned_data
        return {
            item.link_id: given.get(item.link_id) or given.get(item.link_id + WHY) or None
            for item in self.items
        }


class SilenceForm(forms.Form):
    """Why a measure has no answer at one time."""

    form_id = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    wave = forms.ChoiceField(label="For which time?", widget=forms.RadioSelect(attrs=INLINE))
    reason = forms.ChoiceField(label="Why is there no answer?", widget=forms.RadioSelect)

    def __init__(
        self,
        *args: Any,
        waves: Iterable[tuple[str, str]],
        reasons: Iterable[tuple[str, str]],
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.fields["form_id"].initial = new_id
        self.fields["wave"].choices = list(waves)
        self.fields["reason"].choices = list(reasons)

    clean_version = QuestionsForm.clean_version


def typed_again(answers: Mapping[str, str | None], definition: Questionnaire) -> dict[str, str]:
    """Kept answers as the initial values of the form."""
    first: dict[str, str] = {}
    for item in definition.items:
        code = answers.get(item.link_id)
        if code is not None:
            numeric = item.kind in ("integer", "decimal")
            why = numeric and code in (NOT_SAID[0], NOT_ASKED[0])
            first[item.link_id + WHY if why else item.link_id] = code
    return first


def _fields_of(item: Any, language: str) -> list[tuple[str, forms.Field]]:
    label = item.asked(language)
    if item.kind in ("integer", "decimal"):
        number = NumberField(
            label=label, least=item.at_least, most=item.at_most, whole=item.kind == "integer"
        )
        why = forms.ChoiceField(
            label="If there is no number",
            required=False,
            choices=[NOT_SAID, NOT_ASKED, LEFT_OUT],
            widget=forms.RadioSelect(attrs=INLINE),
        )
        return [(item.link_id, number), (item.link_id + WHY, why)]
    if item.kind == "text":
        text = forms.CharField(
            label=label,
            required=False,
            max_length=4000,
            widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        )
        return [(item.link_id, text)]
    shown = [(option.code, option.said(language)) for option in item.options]
    choices = [*shown, NOT_ASKED, LEFT_OUT]
    field = forms.ChoiceField(
        label=label,
        required=False,
        choices=choices,
        widget=forms.RadioSelect(attrs=INLINE),
    )
    return [(item.link_id, field)]
