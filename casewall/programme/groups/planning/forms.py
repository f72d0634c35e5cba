"""The forms of planning: a group with a preview of its days, its sessions, rooms."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from casewall.pages.dates import DayMonthYearField
from casewall.programme.cases.forms import FURTHEST, day_field, time_field
from casewall.programme.cases.lists import language_name
from casewall.programme.groups.models import Group, Room, Session
from casewall.programme.groups.planning.actions import GroupPlan
from casewall.programme.groups.planning.lists import (
    Deliverable,
    deliverable_of,
    deliverables,
    possible_facilitators,
    rooms_of,
)
from casewall.programme.groups.planning.rules import WEEKDAYS, Days, Entry, closed_days
from casewall.staff.models import Compartment
from casewall.wall.ids import new_id
from casewall.wall.sides import Viewer

MOST_MINUTES = 600
MOST_PLACES = 100
FIRST_DAY_BEFORE = timedelta(days=366 * 3)
"""How far back a group's first day can lie: groups that ran before they were written down here."""


def number_field(label: str, most: int, help_text: str = "") -> forms.IntegerField:
    """A number that may be left out."""
    return forms.IntegerField(
        label=label, required=False, min_value=1, max_value=most, help_text=help_text,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-4"}))


def weekdays_field(label: str, help_text: str) -> forms.TypedMultipleChoiceField:
    """Weekdays, Monday = 0."""
    return forms.TypedMultipleChoiceField(
        label=label, required=False, coerce=int, help_text=help_text,
        choices=list(enumerate(WEEKDAYS)), widget=forms.CheckboxSelectMultiple)


def closed_field() -> forms.CharField:
    """Weeks without sessions, one span of days a line."""
    return forms.CharField(
        label="Weeks without sessions", required=False, max_length=1000,
        help_text="Beside public holidays and the closed weeks of the service, which are left out "
                  "anyway. One a line, for example “22.12.2036 to 2.1.2037”.",
        widget=forms.Textarea(attrs={"rows": 3}))


class RoomChoice:
    """A choice among the rooms in use; the form that has it calls `fill_rooms`."""

    def fill_rooms(self, viewer: Viewer, kept: Room | None = None) -> None:
        """Offer the rooms in use, and the one that is chosen already."""
        self.rooms = {str(room.pk): room for room in rooms_of(viewer)}
        if kept is not None:
            self.rooms.setdefault(str(kept.pk), kept)
        self.fields["room"].choices = [
            ("", "No room yet"), *((key, room.name) for key, room in self.rooms.items())]

    def clean_room(self) -> Room | None:
        return self.rooms.get(self.cleaned_data["room"])


class GroupForm(RoomChoice, forms.Form):
    """A group of a programme template. `seen` stands for the days that were shown."""

    form_id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id, label="Number of the form")
    seen = forms.CharField(widget=forms.HiddenInput, required=False, label="Days shown")
    delivers = forms.ChoiceField(label="What the group delivers", widget=forms.RadioSelect)
    name = forms.CharField(label="Name of the group", max_length=120,
                           help_text="As workers call it, for example “Tuesday group”.")
    entry = forms.ChoiceField(
        label="Who may join", widget=forms.RadioSelect,
        choices=[(Entry.ROLLING, "Open: clients join at any time, and the schedule goes round"),
                 (Entry.CLOSED, "Closed: nobody joins after the first session")])
    starts_on = DayMonthYearField(label="First day", help_text="The first session is on the first "
                                  "of the weekdays below, from this day on.")
    weekdays = weekdays_field("Weekdays", "None chosen: the weekday of the first day.")
    begins_at = time_field("Begins at")
    until = DayMonthYearField(label="Last day of an open group", required=False, help_text="A "
                              "closed group ends with its schedule.")
    room = forms.ChoiceField(label="Room", required=False)
    facilitators = forms.MultipleChoiceField(label="Facilitators", required=False,
                                             widget=forms.CheckboxSelectMultiple)
    language = forms.ChoiceField(label="Language", required=False)
    least = number_field("Fewest clients", MOST_PLACES, "Left empty: as the template says.")
    most = number_field("Most clients", MOST_PLACES, "Left empty: as the template says.")
    closed = closed_field()

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.offered = {one.key: one for one in deliverables(viewer)}
        self.fields["delivers"].choices = [
            (key, f"{one.version.name}: {one.component.name}")
            for key, one in self.offered.items()]
        self.fields["facilitators"].choices = possible_facilitators(viewer)
        self.fields["language"].choices = _languages(self.offered.values())
        self.fill_rooms(viewer)

    @property
    def delivered(self) -> Deliverable:
        """What was chosen, once the form is valid."""
        return self.offered[self.cleaned_data["delivers"]]

    def clean_starts_on(self) -> date:
        day: date = self.cleaned_data["starts_on"]
        today = timezone.localdate()
        if not today - FIRST_DAY_BEFORE <= day <= today + FURTHEST:
            raise ValidationError(f"{day:%-d %B %Y} is far from today: look at the year.")
        return day

    def clean_facilitators(self) -> list[UUID]:
        return [UUID(worker) for worker in self.cleaned_data["facilitators"]]

    def clean_closed(self) -> dict[date, str]:
        return _closed(self.cleaned_data["closed"])

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        first, until = typed.get("starts_on"), typed.get("until")
        if typed.get("entry") == Entry.ROLLING and "until" in typed:
            if until is None:
                self.add_error("until", "An open group goes round its schedule until its last "
                                        "day: write that day.")
            elif first is not None and until < first:
                self.add_error("until", f"The group begins on {first:%-d %B %Y}; its last day "
                                        "comes after that.")
        least, most = typed.get("least"), typed.get("most")
        if least is not None and most is not None and most < least:
            self.add_error("most", f"The fewest clients are {least}: the most cannot be {most}.")
        return typed

    @property
    def plan(self) -> GroupPlan:
        """What was typed, once the form is valid."""
        typed = self.cleaned_data
        return GroupPlan(
            name=typed["name"], starts_on=typed["starts_on"], begins_at=typed["begins_at"],
            weekdays=tuple(typed["weekdays"]), entry=Entry(typed["entry"]), until=typed["until"],
            language=typed["language"], least=typed["least"], most=typed["most"],
            closed=typed["closed"])

    def has_shown(self, days: Days) -> bool:
        """Whether these days were on the page when the button was pressed; they are now."""
        room = self.cleaned_data["room"]
        # Only to tell one list of days from another, so any digest would do.
        text = repr((days, room and room.pk, self.cleaned_data["delivers"]))
        digest = hashlib.sha256(text.encode()).hexdigest()
        is_seen = bool(self.cleaned_data["seen"] == digest)
        self.data = self.data.copy()
        self.data["seen"] = digest
        return is_seen


def _languages(offered: Iterable[Deliverable]) -> list[tuple[str, str]]:
    codes = sorted({code for one in offered for code in one.languages}, key=language_name)
    return [("", "Not stated"), *((code, language_name(code)) for code in codes)]


def _closed(text: str) -> dict[date, str]:
    try:
        return closed_days(text)
    except ValueError as problem:
        raise ValidationError(str(problem)) from problem


class MoveForm(RoomChoice, forms.Form):
    """Another day, time or room for one session."""

    version = forms.IntegerField(widget=forms.HiddenInput, label="Version of the session")
    held_on = DayMonthYearField(label="Day")
    begins_at = time_field("Begins at")
    room = forms.ChoiceField(label="Room", required=False)

    def __init__(self, *args: Any, session: Session, viewer: Viewer, **kwargs: Any):
        kwargs["initial"] = {
            "version": session.version, "held_on": session.held_on,
            "begins_at": session.begins_at, "room": str(session.room_id or "")}
        super().__init__(*args, **kwargs)
        self.fill_rooms(viewer, session.room)

    def show_again(self, version: int) -> None:
        """Take the session as it is now: whoever saves once more has seen where it stands."""
        self.data = self.data.copy()
        self.data["version"] = str(version)


class SessionForm(RoomChoice, forms.Form):
    """One more session of a group."""

    form_id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id, label="Number of the form")
    held_on = DayMonthYearField(label="Day", help_text="For example, 27 3 2036")
    begins_at = time_field("Begins at")
    minutes = forms.IntegerField(label="Minutes", min_value=1, max_value=MOST_MINUTES,
                                 widget=forms.NumberInput(attrs={"class": "govuk-input--width-4"}))
    subject = forms.ChoiceField(label="Subject", required=False)
    room = forms.ChoiceField(label="Room", required=False)

    def __init__(self, *args: Any, group: Group, viewer: Viewer, **kwargs: Any):
        kwargs["initial"] = {"begins_at": group.begins_at, "minutes": group.minutes,
                             "room": str(group.room_id or "")}
        super().__init__(*args, **kwargs)
        delivers = deliverable_of(group)
        self.steps = {str(place): step for place, step in enumerate(delivers.steps, start=1)
                      if step.title} if delivers else {}
        self.fields["subject"].choices = [
            ("", "None of the schedule"),
            *((key, f"{key}. {step.title}") for key, step in self.steps.items())]
        self.fill_rooms(viewer, group.room)

    def clean(self) -> dict[str, Any]:
        step = self.steps.get(self.cleaned_data.get("subject", ""))
        self.cleaned_data["module"] = step.module if step else ""
        self.cleaned_data["title"] = step.title if step else ""
        return self.cleaned_data


class FurtherForm(forms.Form):
    """An open group goes on."""

    until = DayMonthYearField(label="New last day")
    closed = closed_field()

    def clean_until(self) -> date:
        day: date = self.cleaned_data["until"]
        if day > timezone.localdate() + 2 * FURTHEST:
            raise ValidationError(f"{day:%-d %B %Y} is more than two years away: look at the "
                                  "year.")
        return day

    def clean_closed(self) -> dict[date, str]:
        return _closed(self.cleaned_data["closed"])


class FacilitatorsForm(forms.Form):
    """Who runs a group."""

    facilitators = forms.MultipleChoiceField(
        label="Who runs the group from now on?", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one facilitator: somebody must mark the "
                                    "registers."})
    version = forms.IntegerField(widget=forms.HiddenInput, label="Version of the group")

    def show_again(self, version: int) -> None:
        """Show what was typed once more, as a change of this version."""
        self.data = self.data.copy()
        self.data["version"] = str(version)

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["facilitators"].choices = possible_facilitators(viewer)

    def clean_facilitators(self) -> list[UUID]:
        return [UUID(worker) for worker in self.cleaned_data["facilitators"]]


class EndForm(forms.Form):
    """The last day of a group."""

    on = day_field("Last day of the group")


class RoomForm(forms.Form):
    """A room of this side."""

    name = forms.CharField(label="Name of the room", max_length=80)
    building = forms.CharField(
        label="Building", max_length=80, required=False,
        help_text="The name by which everybody knows the house, for example “Havnegade 4”.")
    chairs = number_field("Chairs", 500)
    compartment = forms.TypedChoiceField(label="Service", coerce=int)

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any):
        super().__init__(*args, **kwargs)
        _offer_services(self, viewer)


def _offer_services(form: forms.Form, viewer: Viewer) -> None:
    """Offer the services of the viewer; where there is one, nobody is asked."""
    rows = Compartment.objects.filter(
        number__in=viewer.compartments, sensitivity=Compartment.STANDARD)
    choices = [(row.number, row.service.name)
               for row in rows.select_related("service").order_by("service__name", "number")]
    box: Any = form.fields["compartment"]
    box.choices = choices
    if len(choices) == 1:
        box.widget = forms.HiddenInput()
        box.initial = choices[0][0]


class ClosedForm(forms.Form):
    """Weeks in which a service holds no sessions."""

    form_id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id, label="Number of the form")
    first_on = DayMonthYearField(label="First day without sessions",
                                 help_text="For example, 22 12 2036")
    last_on = DayMonthYearField(label="Last day without sessions",
                                help_text="For example, 2 1 2037")
    reason = forms.CharField(label="Why", max_length=80,
                             help_text="For example “Summer holiday”. Whoever plans reads it.")
    compartment = forms.TypedChoiceField(label="Service", coerce=int)

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any):
        super().__init__(*args, **kwargs)
        _offer_services(self, viewer)

    def clean_last_on(self) -> date:
        last: date = self.cleaned_data["last_on"]
        first = self.cleaned_data.get("first_on")
        if first is not None and last < first:
            raise ValidationError(f"The first day is {first:%-d %B %Y}: the last comes after it.")
        return last


class CloseForm(forms.Form):
    """The last day on which a room is used."""

    on = day_field("Last day on which it is used")
