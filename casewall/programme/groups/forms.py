"""The forms of places in groups, and of when a client can come."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from casewall.pages.dates import DayMonthYearField
from casewall.programme.cases.forms import FURTHEST, OnceForm, day_field, time_field
from casewall.programme.cases.lists import language_name
from casewall.programme.groups.models import Availability, Group, GroupMember
from casewall.programme.groups.planning.forms import weekdays_field
from casewall.programme.groups.planning.rules import weekdays_in

LONGEST_REASON = 1000


class PlaceForm(OnceForm):
    """A place in a group, for the client of a case."""

    group = forms.ChoiceField(label="Group", widget=forms.RadioSelect)
    joined_on = day_field("From which day")
    late_because = forms.CharField(
        label="If it is a closed group that has begun: why all the same", required=False,
        max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}))

    def __init__(self, *args: Any, groups: Iterable[tuple[Group, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = [(str(group.pk), words) for group, words in groups]

    def clean_joined_on(self) -> date:
        day: date = self.cleaned_data["joined_on"]
        if day > timezone.localdate() + FURTHEST:
            raise ValidationError(f"{day:%-d %B %Y} is more than a year away: look at the year.")
        if day < self.case.referred_on:
            raise ValidationError(f"The case was referred on {self.case.referred_on:%-d %B %Y}; "
                                  "a place comes after that.")
        return day


class EndPlaceForm(forms.Form):
    """The end of a client's place in a group."""

    on = day_field("Last day in the group")

    def __init__(self, *args: Any, member: GroupMember, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.member = member

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day < self.member.joined_on:
            raise ValidationError(f"The place began on {self.member.joined_on:%-d %B %Y}; it "
                                  "cannot end before that.")
        return day


class AvailabilityForm(forms.Form):
    """When, and in which language, a client can come to a group."""

    version = forms.IntegerField(widget=forms.HiddenInput, label="Version")
    weekdays = weekdays_field("Weekdays on which the client can come", "None chosen: any day.")
    earliest = time_field("Can come from")
    latest = time_field("Must leave by")
    language = forms.ChoiceField(label="Language", required=False)
    stated_on = DayMonthYearField(label="Stated on", initial=timezone.localdate)

    def __init__(self, *args: Any, said: Availability | None, languages: Iterable[str],
                 **kwargs: Any):
        codes = dict.fromkeys([*languages, *([said.language] if said and said.language else [])])
        kwargs["initial"] = {"version": said.version if said else 0, **({
            "weekdays": list(weekdays_in(said.weekdays)), "earliest": said.earliest,
            "latest": said.latest, "language": said.language} if said else {})}
        super().__init__(*args, **kwargs)
        self.fields["earliest"].required = self.fields["latest"].required = False
        self.fields["language"].choices = [
            ("", "Not stated"), *((code, language_name(code)) for code in codes)]

    def clean_stated_on(self) -> date:
        day: date = self.cleaned_data["stated_on"]
        if day > timezone.localdate():
            raise ValidationError(f"{day:%-d %B %Y} has not come yet.")
        return day

    def clean(self) -> dict[str, Any]:
        first, last = self.cleaned_data.get("earliest"), self.cleaned_data.get("latest")
        if first is not None and last is not None and last <= first:
            self.add_error("latest", f"The client can come from {first:%H:%M}: this time must be "
                                     "later.")
        return self.cleaned_data

    def show_again(self, version: int) -> None:
        """Take what is kept as it is now: whoever saves once more has seen it."""
        self.data = self.data.copy()
        self.data["version"] = str(version)
