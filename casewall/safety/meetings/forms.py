"""Forms about meetings. Each keeps what was typed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from casewall.pages.wording import WordingForm
from casewall.safety.meetings.rules import For, Kind, Presence
from casewall.safety.meetings.words import worded
from casewall.safety.partners.forms import HourField, Once
from casewall.safety.support.forms.fields import FileForm, day_field, line_field, one_of, text_field

STAYS_HERE = "Stays on the safety side. Nothing of it can be seen by the programme."


def hidden_version() -> forms.IntegerField:
    """The version of the record that the page showed."""
    return forms.IntegerField(widget=forms.HiddenInput, label="Version of the record")


class MomentForm(FileForm):
    """A day and a time, as one moment under `moment`."""

    on = day_field("On which day?")
    at = HourField(label="At what time?", help_text="For example, 09:30")

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean()
        given["moment"] = self.moment("on", "at")
        return given


class PlanForm(MomentForm):
    """A new meeting."""

    service = forms.ChoiceField(label="Of which service?")
    kind = one_of("What kind of meeting?", worded(Kind), initial=Kind.REGULAR)
    field_order = ("form_id", "service", "kind", "on", "at")

    def __init__(self, *args: Any, services: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["service"].choices = services
        if len(services) == 1:
            self.fields["service"].widget = forms.HiddenInput()
            self.fields["service"].initial = services[0][0]


class AddItemForm(WordingForm, Once):
    """Why a file is to be spoken of, and at which meeting."""

    watched = ("why",)
    meeting = forms.ChoiceField(label="At which meeting?", widget=forms.RadioSelect)
    why = text_field("Why?", 3, STAYS_HERE, required=True)

    def __init__(self, *args: Any, meetings: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["meeting"].choices = meetings
        if len(meetings) == 1:
            self.fields["meeting"].initial = meetings[0][0]


class TakeOffForm(WordingForm, Once):
    """Why an item is taken off the agenda."""

    watched = ("because",)
    because = text_field("Why is it taken off?", 3, "It stays readable.", required=True)
    version = hidden_version()


class ItemForm(WordingForm, Once):
    """What was said and decided about one item."""

    watched = ("discussion", "decision")
    discussion = text_field("What was said", 5, STAYS_HERE)
    decision = text_field("What was decided", 3, STAYS_HERE)
    version = hidden_version()

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if not typed.get("discussion") and not typed.get("decision") and not self.errors:
            self.add_error("discussion", "Write what was said, what was decided, or both.")
        return typed


class MinutesForm(WordingForm, Once):
    """What was said beside the items."""

    watched = ("text",)
    text = text_field("What was said beside the items", 6, STAYS_HERE, required=True)
    version = hidden_version()


class AttendeeForm(Once):
    """Somebody who was asked to the meeting."""

    name = line_field("Name", required=False)
    agency = line_field("Agency", required=False)
    presence = one_of("Was this person there?", worded(Presence), initial=Presence.PRESENT)

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if not typed.get("name") and not typed.get("agency"):
            self.add_error("name", "Write a name, an agency, or both.")
        return typed


class ActionForm(Once):
    """What somebody is to do. A worker of this side, or an agency by its name."""

    what = text_field("What is to be done?", 3, required=True)
    owner = forms.ChoiceField(label="By which worker?", required=False)
    agency = line_field("Or by which agency?", "The agency and, where known, the person.",
                        required=False)  # fmt: skip
    due_on = day_field("By when?", initial=None)

    def __init__(self, *args: Any, workers: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [("", "No worker of this side"), *workers]

    def row(self) -> dict[str, Any]:
        """The answers as the act takes them."""
        typed = self.cleaned_data
        return {
            "what": typed["what"],
            "owner": UUID(typed["owner"]) if typed["owner"] else None,
            "agency": typed["agency"],
            "due_on": typed["due_on"],
            "form": typed["form_id"],
        }


class OutcomeForm(Once):
    """What came of an action."""

    done = one_of("Was it done?", [("yes", "Yes"), ("no", "No, it is dropped")], inline=True)
    outcome = text_field("What came of it, or why it is dropped", 3, required=True)
    version = hidden_version()


class ExtractForm(WordingForm, Once):
    """What of an item is kept for one file. Nothing is copied by itself."""

    watched = ("text",)
    whom = one_of("For whose file?", worded(For))
    child = forms.ChoiceField(label="Which child?", required=False)
    case_id = forms.ChoiceField(label="Which client?", required=False)
    text = text_field(
        "What is kept for this file", 4,
        "For the client's file: no name of a partner or child, nothing that a partner said, at "
        "most 500 characters. It leaves this side only when two approvers release it.",
        required=True,
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        children: list[tuple[str, str]],
        cases: list[tuple[str, str]],
        with_partner: bool = True,
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        possible = [*([For.PARTNER] if with_partner else [])]
        possible += [*([For.CHILD] if children else []), *([For.CLIENT] if cases else [])]
        self.fields["whom"].choices = worded(possible)
        for name, rows in (("child", children), ("case_id", cases)):
            self.fields[name].choices = [("", "Not chosen"), *rows]
            if not rows:
                del self.fields[name]
        if len(cases) == 1:
            self.fields["case_id"].widget = forms.HiddenInput()
            self.fields["case_id"].initial = cases[0][0]

    def chosen(self, name: str) -> UUID | None:
        """A child or a case, as chosen."""
        code = self.cleaned_data.get(name)
        return UUID(code) if code else None
