"""What a worker of this side can write about a partner, as forms."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, NoReturn

from django import forms
from django.utils import timezone

from casewall.pages.dates import DayMonthYearField
from casewall.pages.wording import WordingForm
from casewall.safety.partners.danger import DANGERS, Danger
from casewall.safety.partners.models import SafeContact, choices
from casewall.safety.partners.rules import (
    Channel,
    Contact,
    Days,
    Learned,
    Outcome,
    Purpose,
    Relation,
    SafeFor,
    Told,
    relation_fits,
    return_fits,
    telling_fits,
)
from casewall.safety.partners.words import LEARNED, RELATIONS, SAFE_FOR, TOLD, contact_in_words
from casewall.wall.ids import new_id

INLINE = {"class": "govuk-radios--inline"}
SHORT = {"class": "govuk-input--width-5"}
NAME = {"dir": "auto", "autocomplete": "off"}
RELATION_CHOICES = [(one.value, RELATIONS[one]) for one in Relation]
SAFE_ANSWERS = [("yes", "Yes"), ("no", "No"), ("not_asked", "Not asked")]
OUTCOMES = [
    (Outcome.SPOKE.value, "We spoke, or got an answer"),
    (Outcome.NO_ANSWER.value, "No answer"),
    (Outcome.DECLINED.value, "Declined"),
    (Outcome.MAY_RETURN.value, "Declined now, but may return"),
    (Outcome.UNSAFE_TO_CONTACT.value, "It was not safe to make contact"),
]
DAYS = [
    (Days.EVERY_DAY.value, "Every day"),
    (Days.WORKING_DAYS.value, "Monday to Friday"),
    (Days.WEEKENDS.value, "Saturday and Sunday"),
]
WHOSE = [("", "Everyone's"), ("mine", "Mine"), ("unallocated", "Nobody's yet")]


def signs_field() -> forms.TypedMultipleChoiceField:
    """Signs of danger that were heard on this occasion."""
    return forms.TypedMultipleChoiceField(
        label="Signs of danger that you heard of",
        required=False,
        coerce=Danger,
        choices=[(one.value, DANGERS[one]) for one in Danger],
        widget=forms.CheckboxSelectMultiple,
        help_text="Each one is a task for today, before anything else is worked out.",
    )


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
            (one.value, f"{contact_in_words(one)} ({counts.get(one.value, 0)})") for one in Contact
        ]


class RevealForm(forms.Form):
    """Why somebody looks at contact details."""

    purpose = forms.ChoiceField(
        label="Why do you need them?", choices=[("", "Choose a purpose"), *choices(Purpose)]
    )


class ContactForm(WordingForm, Once):
    """One attempt to reach a partner."""

    watched = ("note",)

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
    return_on = DayMonthYearField(
        label="If the partner may return: ask again on",
        required=False,
        help_text="A day that the partner named. Leave it empty if none was named; the door stays "
        "open anyway.",
    )
    told = forms.TypedMultipleChoiceField(
        label="What was the partner told?",
        required=False,
        coerce=Told,
        choices=[(item.value, TOLD[item]) for item in Told],
        widget=forms.CheckboxSelectMultiple,
        help_text="Also a partner who declines support is told. Whatever is told, completion "
        "guarantees nothing.",
    )
    note = forms.CharField(
        label="Note",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=5000,
        help_text="Stays on the safety side. Nothing of it can be seen by the programme.",
    )
    signs = signs_field()

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
        if given.get("outcome") and given.get("tried_on"):
            outcome = Outcome(given["outcome"])
            fits = return_fits(outcome, given["tried_on"], given.get("return_on"))
            if not fits:
                self.add_error("return_on", fits.reason)
            telling = telling_fits(given["told"], outcome) if given.get("told") else None
            if telling is not None and not telling:
                self.add_error("told", telling.reason)
        return given

    def answered_safe(self) -> bool | None:
        """“Still safe?” as stored: None where it was not asked."""
        return {"yes": True, "no": False}.get(self.cleaned_data["still_safe"])


NOT_OF: dict[Channel, tuple[str, ...]] = {
    Channel.CALL: ("calendar",),
    Channel.TEXT: ("voicemail", "calendar"),
    Channel.EMAIL: ("voicemail",),
    Channel.LETTER: ("voicemail", "calendar", "days", "from_time", "to_time"),
    Channel.IN_PERSON: ("voicemail", "calendar"),
}
"""What makes no sense for a channel: the post keeps no hours, and only a phone has a voicemail."""


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
    safe_for = forms.ChoiceField(
        label="Who may see or hear that somebody wrote or called?",
        widget=forms.RadioSelect,
        choices=[(code.value, words) for code, words in SAFE_FOR.items()],
        initial=SafeFor.PARTNER_ONLY.value,
    )
    days = forms.ChoiceField(
        label="On which days?",
        widget=forms.RadioSelect(attrs=INLINE),
        choices=DAYS,
        initial=Days.EVERY_DAY.value,
    )
    from_time = HourField(label="Safe from", required=False, help_text="For example, 09:30")
    to_time = HourField(label="Safe until", required=False)
    voicemail = forms.BooleanField(label="A message may be left", required=False)
    calendar = forms.BooleanField(
        label="An entry may be put into the partner’s calendar", required=False
    )
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

    def __init__(self, *args: Any, channel: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in NOT_OF[Channel(channel)]:
            del self.fields[name]

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
                "safe_for",
                "days",
                "from_time",
                "to_time",
                "voicemail",
                "calendar",
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
        given["safe_for"] = SafeFor(given["safe_for"])
        given["days"] = Days(given.get("days") or Days.EVERY_DAY)
        for name in ("call_as", "code_word", "note"):
            given[name] = given[name] or None
        return given


class ToldForm(forms.Form):
    """What a partner was told outside a recorded contact."""

    told = forms.TypedMultipleChoiceField(
        label="What was the partner told?",
        coerce=Told,
        choices=[(item.value, TOLD[item]) for item in Told],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick what the partner was told."},
    )
    told_on = DayMonthYearField(label="On which day?")

    def clean_told(self) -> list[Told]:
        decision = telling_fits(self.cleaned_data["told"])
        if not decision:
            raise forms.ValidationError(decision.reason)
        return self.cleaned_data["told"]

    def clean_told_on(self) -> date | None:
        return _not_in_future(self.cleaned_data["told_on"])


class OpenForm(Once):
    """A partner whom no referral names."""

    service = forms.ChoiceField(label="Service")
    given_name = forms.CharField(
        label="Given name", required=False, max_length=100, widget=forms.TextInput(attrs=NAME)
    )
    family_name = forms.CharField(
        label="Family name", required=False, max_length=100, widget=forms.TextInput(attrs=NAME)
    )
    learned = forms.ChoiceField(
        label="How do we know of the partner?",
        widget=forms.RadioSelect,
        choices=[(one.value, LEARNED[one]) for one in Learned],
    )
    relation = forms.ChoiceField(
        label="Relation to the client",
        widget=forms.RadioSelect,
        choices=RELATION_CHOICES,
        initial=Relation.UNKNOWN.value,
        help_text="A partner needs no client. Whose partner it is can be linked later.",
    )
    language = forms.CharField(
        label="Language to speak in",
        required=False,
        max_length=40,
        help_text="For example Danish, English or Arabic",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )

    def __init__(self, *args: Any, services: Sequence[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["service"].choices = services
        if len(services) == 1:
            self.fields["service"].initial = services[0][0]
            self.fields["service"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not (given.get("given_name") or given.get("family_name")):
            self.add_error(
                "given_name", "Write at least one name. A name to call the partner by is enough."
            )
        return given

    def part(self) -> dict[str, str]:
        """The partner as `open_by_hand` takes it."""
        keys = ("given_name", "family_name", "relation", "language")
        return {key: self.cleaned_data[key] for key in keys}


class RelationForm(forms.Form):
    """What a partner is to the client of a linked case, and since or until when."""

    relation = forms.ChoiceField(
        label="Relation to the client", widget=forms.RadioSelect, choices=RELATION_CHOICES
    )
    from_on = DayMonthYearField(label="Since", required=False)
    until_on = DayMonthYearField(
        label="Until",
        required=False,
        help_text="A link stays after the relationship is over: that is when risk is highest.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        fits = relation_fits(given.get("from_on"), given.get("until_on"), timezone.localdate())
        if not fits:
            self.add_error("until_on" if given.get("until_on") else "from_on", fits.reason)
        return given


class StatedForm(forms.Form):
    """What is made of a partner who was stated on the programme side."""

    act = forms.ChoiceField(choices=[(word, word) for word in ("open", "link", "leave")])
    relation = forms.ChoiceField(choices=RELATION_CHOICES, required=False)
    file = forms.UUIDField(required=False)
    reason = forms.CharField(required=False, max_length=1000)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("act") == "open" and not given.get("relation"):
            self.add_error(None, "Say what the partner is to the client; “not known” is an answer.")
        return given


class LinkForm(forms.Form):
    """Which case a partner's file belongs to."""

    case_id = forms.UUIDField(widget=forms.HiddenInput)
    origin = forms.ChoiceField(
        widget=forms.HiddenInput, choices=[("search", "search"), ("declaration", "declaration")]
    )
