"""What a worker of this side can write about a partner, as forms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, NoReturn

from django import forms
from django.utils import timezone

from casewall.measures.definitions import Definition, Item
from casewall.measures.scoring import NOT_ASKED
from casewall.pages.dates import DayMonthYearField
from casewall.safety.partners.models import SafeContact, choices
from casewall.safety.partners.rules import (
    Channel,
    Contact,
    Mode,
    NotAnswered,
    Outcome,
    Present,
    Purpose,
    Wave,
)
from casewall.wall.ids import new_id

INLINE = {"class": "govuk-radios--inline"}
SHORT = {"class": "govuk-input--width-5"}
LEFT_OUT = ("", "Left out")
SAFE_ANSWERS = [("yes", "Yes"), ("no", "No"), ("not_asked", "Not asked")]
OUTCOMES = [
    (Outcome.SPOKE.value, "We spoke, or got an answer"),
    (Outcome.NO_ANSWER.value, "No answer"),
    (Outcome.DECLINED.value, "Declined for now"),
    (Outcome.UNSAFE_TO_CONTACT.value, "It was not safe to make contact"),
]
WHOSE = [("", "Everyone's"), ("mine", "Mine"), ("unallocated", "Nobody's yet")]


class HourField(forms.Field):
    """A time of day as people type it: 9, 09:30, 9.30 or 0930. The value is a `time`."""

    widget = forms.TextInput(attrs={**SHORT, "dir": "ltr"})
    default_error_messages = {"invalid": "Write a time such as 09:30."}
    _written = re.compile(r"(\d{1,2})(?:[:.]?(\d{2}))?")

    def to_python(self, value: Any) -> time | None:
        text = str(value or "").strip()
        if not text:
            return None
        match = self._written.fullmatch(text)
        try:
            return time(int(match[1]), int(match[2] or 0)) if match else self._refuse()
        except ValueError:
            return self._refuse()

    def _refuse(self) -> NoReturn:
        raise forms.ValidationError(self.error_messages["invalid"], code="invalid")

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%H:%M}" if isinstance(value, time) else value


class Once(forms.Form):
    """A form whose every copy has an identifier, so that sending it twice is sending it once."""

    form_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["form_id"].initial = new_id


def _not_in_future(day: date | None) -> date | None:
    if day is not None and day > timezone.localdate():
        raise forms.ValidationError("This day is in the future.")
    return day


class FilesFilter(forms.Form):
    """Which partner files to list."""

    contact = forms.ChoiceField(label="Contact", required=False)
    whose = forms.ChoiceField(label="Whose", required=False, choices=WHOSE)
    closed = forms.BooleanField(label="Closed and withdrawn files too", required=False)

    def __init__(self, *args: Any, counts: Mapping[str, int], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["contact"].choices = [("", f"All ({sum(counts.values())})")] + [
            (code, f"{words} ({counts.get(code, 0)})") for code, words in choices(Contact)
        ]


class RevealForm(forms.Form):
    """Why somebody looks at contact details."""

    purpose = forms.ChoiceField(
        label="Why do you need them?", choices=[("", "Choose a purpose"), *choices(Purpose)]
    )


class ContactForm(Once):
    """One attempt to reach a partner."""

    channel = forms.ChoiceField(
        label="How did you try?", widget=forms.RadioSelect(attrs=INLINE), choices=choices(Channel)
    )
    outcome = forms.ChoiceField(
        label="What came of it?", widget=forms.RadioSelect, choices=OUTCOMES
    )
    still_safe = forms.ChoiceField(
        label="Is this way of contact still safe?",
        widget=forms.RadioSelect(attrs=INLINE),
        choices=SAFE_ANSWERS,
        help_text="As the partner says. “No” takes its safety away at once.",
    )
    tried_on = DayMonthYearField(label="On which day?")
    tried_time = HourField(label="At what time?", help_text="For example, 09:30")
    note = forms.CharField(
        label="Note",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=5000,
        help_text="Stays on the safety side. Nothing of it can be seen by the programme.",
    )

    def clean_tried_on(self) -> date | None:
        return _not_in_future(self.cleaned_data["tried_on"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("tried_on") and given.get("tried_time"):
            given["tried_at"] = timezone.make_aware(
                datetime.combine(given["tried_on"], given["tried_time"])
            )
            if given["tried_at"] > timezone.now():
                self.add_error("tried_time", "This time is still to come today.")
        return given

    def answered_safe(self) -> bool | None:
        """“Still safe?” as stored: None where it was not asked."""
        return {"yes": True, "no": False}.get(self.cleaned_data["still_safe"])


class SafeContactForm(forms.Form):
    """How one channel may be used."""

    is_safe = forms.ChoiceField(
        label="Is this channel safe?",
        widget=forms.RadioSelect(attrs=INLINE),
        initial="no",
        choices=[("no", "No, or not known"), ("yes", "Yes, the partner has confirmed it")],
    )
    confirmed_on = DayMonthYearField(label="Confirmed on", required=False)
    review_on = DayMonthYearField(
        label="Ask again on",
        required=False,
        help_text="After this day the channel counts as not safe.",
    )
    from_time = HourField(label="Safe from", required=False, help_text="For example, 09:30")
    to_time = HourField(label="Safe until", required=False)
    voicemail = forms.BooleanField(label="A message may be left", required=False)
    call_as = forms.CharField(
        label="Name to use",
        required=False,
        max_length=100,
        help_text="Who you say you are, and whom you ask for.",
    )
    code_word = forms.CharField(label="Code word", required=False, max_length=100)
    note = forms.CharField(
        label="Note", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean_confirmed_on(self) -> date | None:
        return _not_in_future(self.cleaned_data["confirmed_on"])

    @classmethod
    def first_shown(cls, plan: SafeContact | None, today: date) -> dict[str, Any]:
        """What the form holds when it is opened."""
        if plan is None:
            return {"is_safe": "no", "confirmed_on": today, "version": 0}
        kept = {
            name: getattr(plan, name)
            for name in (
                "confirmed_on",
                "review_on",
                "from_time",
                "to_time",
                "voicemail",
                "call_as",
                "code_word",
                "note",
                "version",
            )
        }
        return {
            **kept,
            "is_safe": "yes" if plan.is_safe else "no",
            "confirmed_on": plan.confirmed_on or today,
        }

    def plan(self) -> dict[str, Any]:
        """The arguments of `set_safe_contact`."""
        given = dict(self.cleaned_data)
        given["is_safe"] = given["is_safe"] == "yes"
        for name in ("call_as", "code_word", "note"):
            given[name] = given[name] or None
        return given


def _answers_of(item: Item, language: str) -> list[tuple[str, str]]:
    shown = [(option.code, option.texts[language]) for option in item.options]
    return [*shown, (NOT_ASKED, "Not asked"), LEFT_OUT]


class ScaleForm(Once):
    """One scale, as answered: every question may be left out."""

    wave = forms.ChoiceField(
        label="For which time?", widget=forms.RadioSelect(attrs=INLINE), choices=choices(Wave)
    )
    answered_on = DayMonthYearField(label="Answered on")
    mode = forms.ChoiceField(
        label="How was it answered?", widget=forms.RadioSelect, choices=choices(Mode)
    )
    present = forms.ChoiceField(
        label="Who else was there?", widget=forms.RadioSelect, choices=choices(Present)
    )

    def __init__(self, *args: Any, definition: Definition, language: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.definition = definition
        for item in definition.items:
            self.fields[item.link_id] = forms.ChoiceField(
                label=item.texts[language],
                required=False,
                widget=forms.RadioSelect(attrs=INLINE),
                choices=_answers_of(item, language),
            )

    def clean_answered_on(self) -> date | None:
        return _not_in_future(self.cleaned_data["answered_on"])

    @property
    def questions(self) -> list[Any]:
        """The bound fields of the questions, in the order of the definition."""
        return [self[link_id] for link_id in self.definition.link_ids]

    def answers(self) -> dict[str, str | None]:
        """Answer codes by question. What was left out is None, never a number."""
        return {link_id: self.cleaned_data[link_id] or None for link_id in self.definition.link_ids}


class SilenceForm(Once):
    """Why a due scale has no answer."""

    wave = forms.ChoiceField(
        label="For which time?", widget=forms.RadioSelect(attrs=INLINE), choices=choices(Wave)
    )
    reason = forms.ChoiceField(
        label="Why is there no answer?", widget=forms.RadioSelect, choices=choices(NotAnswered)
    )


class LinkForm(forms.Form):
    """Which case a partner's file belongs to."""

    case_id = forms.UUIDField(widget=forms.HiddenInput)
    origin = forms.ChoiceField(
        widget=forms.HiddenInput, choices=[("search", "search"), ("declaration", "declaration")]
    )
