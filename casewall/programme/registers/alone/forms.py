"""The forms of one-to-one sessions and catch-ups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from casewall.pages.dates import DayMonthYearField
from casewall.programme.cases.forms import FURTHEST, OnceForm, time_field
from casewall.programme.groups.models import Room, Session
from casewall.programme.registers.lists import session_name, when_words
from casewall.services.kinds import Component
from casewall.staff.models import Membership, Worker
from casewall.wall.sides import Role, Viewer

MOST_MINUTES = 600
USUAL_LENGTH = 60
"""Minutes of a one-to-one session where the definition does not say."""


def possible_workers(viewer: Viewer) -> list[tuple[str, str]]:
    """Workers who may hold a one-to-one session in the viewer's compartments."""
    members = Membership.objects.filter(compartment__in=viewer.compartments)
    rows = Worker.objects.filter(
        id__in=members.values("worker"),
        is_active=True,
        role__in=[Role.FACILITATOR, Role.ASSESSOR, Role.PROGRAMME_MANAGER],
    )
    return [(str(key), name) for key, name in rows.order_by("name", "id").values_list("id", "name")]


class TimeAndPlace(forms.Form):
    """When, where and with whom a one-to-one session is held."""

    held_on = DayMonthYearField(label="Day", help_text="For example, 27 3 2026")
    begins_at = time_field("Begins at")
    room = forms.ChoiceField(label="Room", required=False)
    worker = forms.ChoiceField(label="Held by")

    def __init__(
        self, *args: Any, workers: Sequence[tuple[str, str]], rooms: Iterable[Room], **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        self.rooms = {str(room.pk): room for room in rooms}
        self.fields["room"].choices = [
            ("", "No room of ours"),
            *((key, room.name) for key, room in self.rooms.items()),
        ]
        self.fields["worker"].choices = list(workers)

    def clean_held_on(self) -> date:
        day: date = self.cleaned_data["held_on"]
        if day > timezone.localdate() + FURTHEST:
            raise ValidationError(f"{day:%-d %B %Y} is more than a year away: look at the year.")
        return day

    def clean_room(self) -> Room | None:
        return self.rooms.get(self.cleaned_data["room"])


class MoveSessionForm(TimeAndPlace):
    """Another time, room or worker. `version` is that of the session when it was shown."""

    version = forms.IntegerField(widget=forms.HiddenInput, label="Version of the session")


class PlanSessionForm(OnceForm, TimeAndPlace):
    """A one-to-one session with the client of a case."""

    component = forms.ChoiceField(label="What it is part of", widget=forms.RadioSelect)
    minutes = forms.IntegerField(
        label="Minutes",
        required=False,
        min_value=1,
        max_value=MOST_MINUTES,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-4"}),
    )
    makes_up_for = forms.ChoiceField(
        label="Makes up for",
        required=False,
        help_text="A session that was missed counts as made up once this one is attended.",
    )

    field_order = ("component", "makes_up_for", "held_on", "begins_at", "minutes", "room", "worker")

    def __init__(
        self, *args: Any, components: Sequence[Component], missed: Sequence[Any], **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        self.components = {part.id: part for part in components}
        self.missed = {str(mark.session_id): mark.session for mark in missed}
        self.fields["component"].choices = [(part.id, part.name) for part in components]
        lengths = ", ".join(f"{part.name}: {part.minutes or USUAL_LENGTH}" for part in components)
        self.fields["minutes"].help_text = f"Left empty: as it is planned ({lengths})."
        if missed:
            self.fields["makes_up_for"].choices = [
                ("", "Nothing: it is an ordinary session"),
                *((key, missed_words(session)) for key, session in self.missed.items()),
            ]
        else:
            del self.fields["makes_up_for"]

    def clean_held_on(self) -> date:
        day = super().clean_held_on()
        if day < self.case.referred_on:
            raise ValidationError(
                f"The case was referred on {self.case.referred_on:%-d %B %Y}; "
                "a session comes after that."
            )
        return day

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        part = self.components.get(typed.get("component", ""))
        if part is not None and "minutes" in typed and typed["minutes"] is None:
            typed["minutes"] = part.minutes or USUAL_LENGTH
        typed["makes_up_for"] = self.missed.get(typed.get("makes_up_for") or "")
        return typed


class SitInForm(OnceForm):
    """A session of another group in which a client makes up for one that was missed."""

    missed = forms.ChoiceField(label="Which session was missed", widget=forms.RadioSelect)
    host = forms.ChoiceField(label="Sits in on", widget=forms.RadioSelect)

    def __init__(self, *args: Any, missed: Sequence[Any], hosts: Sequence[Session], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.missed = {str(mark.session_id): mark.session for mark in missed}
        self.hosts = {str(session.pk): session for session in hosts}
        self.fields["missed"].choices = [
            (key, missed_words(session)) for key, session in self.missed.items()
        ]
        self.fields["host"].choices = [
            (key, missed_words(session)) for key, session in self.hosts.items()
        ]


def missed_words(session: Session) -> str:
    """A session as a choice: what, when, and its title where it has one."""
    name = session_name(session)
    title = f" ({session.title})" if session.title else ""
    return f"{name[:1].upper()}{name[1:]}{title}, {when_words(session)}"
