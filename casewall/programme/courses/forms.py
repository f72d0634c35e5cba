"""The forms of a course. Each says what is wrong and where, and keeps what was typed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from casewall.pages.dates import DayMonthYearField
from casewall.programme.cases.forms import LONGEST_NOTE, day_field, note_field
from casewall.programme.courses.completion.actions import Rating
from casewall.programme.courses.rules import (
    DECISION_WORDS,
    FOLLOW_UP_WORDS,
    MET_WORDS,
    Met,
    ReviewDecision,
)
from casewall.programme.curriculum.models import TemplateVersion
from casewall.services.programmes import Template
from casewall.wall.ids import new_id

SIGN, RETURN = "sign", "return"


def reason_field(
    label: str = "Reason", help_text: str = "It stays in the record."
) -> forms.CharField:
    """A reason that must be given."""
    return forms.CharField(
        label=label,
        max_length=LONGEST_NOTE,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )


class VersionForm(forms.Form):
    """A form about a stored record; `version` is the one that it had when the form was shown."""

    version = forms.IntegerField(widget=forms.HiddenInput, label="Version of the record")

    def __init__(self, *args: Any, version: int, **kwargs: Any):
        self.current = version
        kwargs["initial"] = {"version": version, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    def show_again(self) -> None:
        """Take the record as it is now: whoever saves once more has seen where it stands."""
        typed: Any = self.data
        self.data = typed.copy()
        self.data["version"] = str(self.current)

    def not_after_today(self, name: str) -> date:
        """A day of this form that has come already."""
        day: date = self.cleaned_data[name]
        if day > timezone.localdate():
            raise ValidationError(f"{day:%-d %B %Y} has not come yet.")
        return day


class OnceForm(VersionForm):
    """A form that makes a record: sent twice, it makes one."""

    form_id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id, label="Number of the form")


class ExtendForm(OnceForm):
    """More weeks for a course."""

    weeks = forms.IntegerField(
        label="Weeks",
        min_value=1,
        max_value=520,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-3", "inputmode": "numeric"}),
    )
    reason = reason_field()


class BreakForm(OnceForm):
    """A break with its last day."""

    first = DayMonthYearField(label="First day of the break", help_text="For example, 27 3 2026")
    last = DayMonthYearField(label="Last day of the break", help_text="For example, 9 4 2026")
    reason = reason_field()

    def clean_last(self) -> date:
        last: date = self.cleaned_data["last"]
        first = self.cleaned_data.get("first")
        if first and last < first:
            raise ValidationError("The last day of a break cannot lie before its first day.")
        return last


class ResumeForm(OnceForm):
    """The client is back."""

    on = day_field("First day back")
    reason = note_field("Note")


class LevelForm(OnceForm):
    """Another level, with the reason."""

    level = forms.ChoiceField(label="Level", widget=forms.RadioSelect)
    reason = reason_field("Why this level")

    def __init__(self, *args: Any, template: Template, now: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        # The level of now stays among them: a form that is sent twice names it the second time.
        levels: Any = self.fields["level"]
        levels.choices = [
            (
                level.id,
                f"{level.name}: {level.months} months, {level.sessions} sessions"
                + (" (now)" if level.id == now else ""),
            )
            for level in template.programme.levels
        ]


class EnrolForm(forms.Form):
    """A programme, and the level where it has levels."""

    programme = forms.ChoiceField(label="Programme and level", widget=forms.RadioSelect)
    on = day_field(
        "Enrolled on", "The day on which it was agreed, if that was not today. 27 3 2026"
    )

    def __init__(self, *args: Any, versions: Sequence[TemplateVersion], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.choices: dict[str, tuple[TemplateVersion, str]] = {}
        worded = []
        for version in versions:
            for level in ("", *(one.id for one in version.template.programme.levels)):
                key = f"{version.pk} {level}".strip()
                self.choices[key] = version, level
                worded.append((key, _offer(version, level)))
        offered: Any = self.fields["programme"]
        offered.choices = worded

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise ValidationError(f"{day:%-d %B %Y} has not come yet.")
        return day

    def chosen(self) -> tuple[TemplateVersion, str]:
        """The version and the level that were chosen."""
        return self.choices[self.cleaned_data["programme"]]

    def show_again(self) -> None:
        """Nothing of this form grows old."""


def _offer(version: TemplateVersion, level: str) -> str:
    levels = version.template.programme.levels
    if not levels:
        return str(version)
    return f"{version}: {version.template.level(level).name if level else 'level not decided yet'}"


class ReviewForm(OnceForm):
    """Each criterion with its evidence, and what is proposed."""

    held_on = day_field("Day of the review")

    def __init__(self, *args: Any, template: Template, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.criteria = template.programme.completion.criteria
        for criterion in self.criteria:
            needed = "" if criterion.required else " (not needed for completion)"
            self.fields[f"met_{criterion.id}"] = forms.ChoiceField(
                label=f"{criterion.text}{needed}",
                choices=[(met.value, words) for met, words in MET_WORDS.items()],
                widget=forms.RadioSelect(attrs={"class": "govuk-radios--inline"}),
            )
            self.fields[f"evidence_{criterion.id}"] = forms.CharField(
                label="Evidence",
                required=False,
                max_length=LONGEST_NOTE,
                widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
            )
        self.fields["decision"] = forms.ChoiceField(
            label="What do you propose?",
            widget=forms.RadioSelect,
            choices=[(one.value, words) for one, words in DECISION_WORDS.items()],
        )
        self.fields["weeks"] = forms.IntegerField(
            label="Weeks, for an extension",
            required=False,
            min_value=1,
            max_value=520,
            widget=forms.TextInput(attrs={"class": "govuk-input--width-3", "inputmode": "numeric"}),
        )
        self.fields["evidence"] = reason_field(
            "What the proposal rests on", "Whoever signs it off reads this."
        )

    def clean_held_on(self) -> date:
        return self.not_after_today("held_on")

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if typed.get("decision") == ReviewDecision.EXTEND and not typed.get("weeks"):
            self.add_error("weeks", "Say for how many weeks the course is extended.")
        return typed

    def ratings(self) -> dict[str, Rating]:
        """The rating of each criterion."""
        return {
            one.id: Rating(
                Met(self.cleaned_data[f"met_{one.id}"]), self.cleaned_data[f"evidence_{one.id}"]
            )
            for one in self.criteria
        }


class SignForm(VersionForm):
    """A review signed off, or returned."""

    decision = forms.ChoiceField(
        label="Decision",
        widget=forms.RadioSelect,
        choices=[(SIGN, "Sign off"), (RETURN, "Return to the reviewer")],
    )
    on = day_field("Day", "The course ends on this day, where the decision ends it.")
    exception = note_field(
        "Reason for an exception", "Needed where a completion does not meet everything yet."
    )
    reason = note_field("Reason for returning it")

    def clean_on(self) -> date:
        return self.not_after_today("on")

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("decision") == RETURN and not self.cleaned_data.get("reason"):
            self.add_error("reason", "Say why the review is returned.")
        return self.cleaned_data


class DoneForm(VersionForm):
    """An act that was done."""

    note = note_field("What came of it")


class DismissForm(VersionForm):
    """An act that is not needed."""

    reason = reason_field("Why it is not needed")


class FollowUpForm(VersionForm):
    """What came of a follow-up talk."""

    outcome = forms.ChoiceField(
        label="What came of it",
        widget=forms.RadioSelect,
        choices=[(one.value, words) for one, words in FOLLOW_UP_WORDS.items()],
    )
    held_on = day_field("Day", "Of the talk, or of the last time that somebody tried.")
    note = note_field()

    def clean_held_on(self) -> date:
        return self.not_after_today("held_on")
