"""The forms of groups: planning one, places in it, and the register."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

from casewall.pages.dates import DayMonthYearField
from casewall.programme.cases.forms import StepForm, day_field, time_field
from casewall.programme.cases.lists import said
from casewall.programme.groups.models import Attendance, Group, GroupMember, Session
from casewall.programme.groups.rules import Mark, SessionState, may_mark
from casewall.services.load import shipped
from casewall.services.schema import Component
from casewall.staff.models import Compartment, Membership, Worker
from casewall.wall.ids import new_id
from casewall.wall.sides import Role, Viewer

MOST_SESSIONS = 200
MOST_MINUTES = 600
MARKS = [(mark.value, said(mark.value)) for mark in Mark]
PARTLY = frozenset({Mark.LATE, Mark.LEFT_EARLY})
"""Marks that go with minutes missed."""


class PlaceForm(StepForm):
    """A place in a group, for the client of a case."""

    group = forms.ChoiceField(label="Group", widget=forms.RadioSelect)
    joined_on = day_field("From which day")

    def __init__(self, *args: Any, groups: Iterable[Group], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = [(str(group.pk), group.name) for group in groups]


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


class GroupForm(forms.Form):
    """A group and its weekly sessions. Empty numbers are taken from the service's definition."""

    form_id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id, label="Number of the form")
    name = forms.CharField(label="Name of the group", max_length=120,
                           help_text="As workers call it, for example “Tuesday group”.")
    component = forms.ChoiceField(label="What the group delivers", widget=forms.RadioSelect)
    starts_on = DayMonthYearField(label="First session on",
                                  help_text="One session a week follows, on the same weekday.")
    begins_at = time_field("Begins at")
    minutes = forms.IntegerField(
        label="Minutes of a session", required=False, min_value=1, max_value=MOST_MINUTES,
        help_text="Left empty: as the service's definition says.",
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-4"}))
    sessions = forms.IntegerField(
        label="Number of sessions", required=False, min_value=1, max_value=MOST_SESSIONS,
        help_text="Left empty: as the service's definition says.",
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-4"}))
    room = forms.CharField(label="Room", required=False, max_length=80)
    facilitators = forms.MultipleChoiceField(label="Facilitators",
                                             widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.planned = components_of(viewer)
        several = len({service for _, service, _ in self.planned.values()}) > 1
        self.fields["component"].choices = [
            (key, f"{component.name} ({service})" if several else component.name)
            for key, (_, service, component) in self.planned.items()]
        self.fields["facilitators"].choices = possible_facilitators(viewer)

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if "component" not in typed:
            return typed
        compartment, _, component = self.planned[typed["component"]]
        typed["compartment"], typed["service"] = compartment, typed["component"].split("/")[0]
        typed["component"] = component.id
        for name, said_so in (("minutes", component.minutes), ("sessions", component.sessions)):
            if name in typed and typed[name] is None:
                if said_so is None:
                    self.add_error(name, "The service's definition does not say it for "
                                         f"“{component.name}”: write it here.")
                typed[name] = said_so
        return typed


def components_of(viewer: Viewer) -> dict[str, tuple[int, str, Component]]:
    """What this viewer may plan: `service/component` → compartment, service, component."""
    found: dict[str, tuple[int, str, Component]] = {}
    rows = Compartment.objects.filter(number__in=viewer.compartments,
                                      sensitivity=Compartment.STANDARD)
    definitions = shipped()
    for row in rows.select_related("service").order_by("service_id", "number"):
        definition = definitions.get(row.service_id)
        for component in definition.components if definition else ():
            if component.agency == row.agency_id and (
                    "group" in component.delivered or component.kind in ("group", "dads")):
                found[f"{row.service_id}/{component.id}"] = (
                    row.number, row.service.name, component)
    return found


def possible_facilitators(viewer: Viewer) -> list[tuple[str, str]]:
    """Workers who may run a group in the viewer's compartments."""
    members = Membership.objects.filter(compartment__in=viewer.compartments)
    rows = Worker.objects.filter(
        id__in=members.values("worker"), is_active=True,
        role__in=[Role.FACILITATOR, Role.PROGRAMME_MANAGER])
    return [(str(key), name) for key, name in rows.order_by("name", "id").values_list("id", "name")]


class RegisterForm(forms.Form):
    """The register of one session: per client a mark, and minutes missed where partly there.

    Posted as `outcome-<case>` and `missed-<case>`. A client without a mark stays unmarked, so
    that a register can be saved in parts. `version` is that of the register when it was shown.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, label="Version of the register")

    def __init__(self, *args: Any, session: Session, members: Sequence[GroupMember],
                 marks: Mapping[UUID, Attendance], **kwargs: Any):
        kwargs["initial"] = {"version": session.version}
        super().__init__(*args, **kwargs)
        self.session, self.members, self.marks = session, members, marks
        self.theirs: dict[UUID, str] = {}
        for member in members:
            self._add(member, marks.get(member.case_id))

    def _add(self, member: GroupMember, mark: Attendance | None) -> None:
        name, key = member.case.client.full_name, member.case_id
        partly = mark is not None and mark.outcome in PARTLY
        self.fields[f"outcome-{key}"] = forms.ChoiceField(
            label=name, choices=MARKS, required=False, initial=mark.outcome if mark else "",
            error_messages={"invalid_choice": f"{name}: choose one of the marks."})
        self.fields[f"missed-{key}"] = forms.IntegerField(
            label=f"Minutes missed by {name}", required=False, min_value=0,
            max_value=self.session.minutes,
            initial=self.session.minutes - mark.minutes_attended if partly else None,
            error_messages=dict.fromkeys(
                ("invalid", "min_value", "max_value"),
                f"{name}: write the minutes missed as a number from 0 to {self.session.minutes}."))

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        typed["marks"] = {}
        for member in self.members:
            key = member.case_id
            mark, missed = typed.get(f"outcome-{key}"), typed.get(f"missed-{key}")
            if mark:
                decision = may_mark(SessionState(self.session.state), Mark(mark), missed or 0,
                                    self.session.minutes)
                if not decision:
                    self.add_error(f"missed-{key}",
                                   f"{member.case.client.full_name}: {decision.reason}")
                typed["marks"][key] = (Mark(mark), missed or 0)
            elif missed:
                self.add_error(f"outcome-{key}", f"{member.case.client.full_name}: say whether "
                               "the client came late or left early.")
        return typed

    def rows(self) -> list[dict[str, Any]]:
        """What the page shows of each client: the two boxes, and what somebody else saved."""
        return [{"case": member.case, "outcome": self[f"outcome-{member.case_id}"],
                 "missed": self[f"missed-{member.case_id}"],
                 "theirs": self.theirs.get(member.case_id, ""), "choices": MARKS}
                for member in self.members]


def mark_words(mark: Attendance, planned: int) -> str:
    """A saved mark in words, with the minutes missed where the client was partly there."""
    missed = planned - mark.minutes_attended
    if mark.outcome in PARTLY and missed:
        return f"{said(mark.outcome)}, {missed} minutes missed"
    return said(mark.outcome)


