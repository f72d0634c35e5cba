"""Asking for a disclosure, and answering one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from casewall.pages.dates import DayMonthYearField
from casewall.safety.coordination.actions import Agreed
from casewall.safety.coordination.rules import (
    MAXIMUM_CHARACTERS,
    Ground,
    InDanger,
    Purpose,
    State,
)
from casewall.safety.partners.forms import Once

PURPOSES = [
    (Purpose.STATEMENT.value, "A statement that the partner wants the programme to have"),
    (Purpose.RISK_LEVEL.value, "A risk level, without reasons"),
    (Purpose.PLACEMENT.value, "A placement constraint: cannot be placed together"),
    (Purpose.MEETING_ACTION.value, "An action that a case meeting decided"),
    (Purpose.SAFEGUARDING.value, "Safeguarding of a child or an adult"),
]
GROUNDS = [
    (Ground.PARTNER_CONSENT.value, "The partner agrees to exactly these words"),
    (Ground.RECORDED_OVERRIDE.value, "The partner does not agree or was not asked: an override"),
]
IN_DANGER = [
    (InDanger.PARTNER.value, "The partner"),
    (InDanger.CHILD.value, "A child"),
    (InDanger.CLIENT.value, "The client"),
    (InDanger.WORKER.value, "A worker"),
    (InDanger.SOMEBODY_ELSE.value, "Somebody else"),
]
STATES_SHOWN = [
    (State.ASKED.value, "Waiting for approvers"),
    (State.APPROVED.value, "Approved, not yet released"),
    (State.RELEASED.value, "Released"),
    (State.REFUSED.value, "Refused"),
    (State.RECALLED.value, "Recalled"),
]
EMERGENCIES = "emergency"
NARROW = {"class": "govuk-input--width-10", "autocomplete": "off"}


class WordsForm(Once):
    """Words about a linked case that cross to the programme side.

    The box about the partner's own words stands there only after a text was stopped.
    """

    case_id = forms.TypedChoiceField(
        label="About which case?", coerce=UUID, widget=forms.RadioSelect
    )
    purpose = forms.ChoiceField(
        label="For what purpose?", choices=PURPOSES, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label="The words that cross",
        widget=forms.Textarea(attrs={"rows": 4}),
        strip=True,
        help_text=f"At most {MAXIMUM_CHARACTERS} characters. Nothing else crosses, not even who "
        "said it. Leave out everything that tells where it came from.",
    )
    own_words = forms.BooleanField(
        label="The partner agreed to exactly these words, the partner's own among them",
        required=False,
        widget=forms.HiddenInput,
    )
    agreed_on = DayMonthYearField(
        label="On which day did the partner agree to exactly these words?",
        required=False,
        help_text="Only where the partner agrees. It is kept with the words, and the partner can "
        "take it back.",
    )

    def __init__(self, *args: Any, cases: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["case_id"].choices = cases
        if len(cases) == 1:
            self.fields["case_id"].initial = cases[0][0]
        if self.data.get("own_words"):
            self.was_stopped()

    def was_stopped(self) -> None:
        """Show the box, unticked or as it was posted."""
        self.fields["own_words"].widget = forms.CheckboxInput()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        ticked, dated = given.get("own_words"), given.get("agreed_on")
        if ticked and not dated and "agreed_on" not in self.errors:
            self.add_error("agreed_on", "Write the day on which the partner agreed.")
        return given

    def agreed(self) -> Agreed | None:
        """The agreement as typed, or None."""
        on = self.cleaned_data.get("agreed_on")
        return Agreed(on, bool(self.cleaned_data.get("own_words"))) if on else None


class AskForm(WordsForm):
    """What the programme side is to know of a linked case."""

    other = forms.CharField(
        label="Reference of the other client's case",
        required=False,
        max_length=8,
        help_text="For a placement constraint between two clients of the programme: eight "
        "characters. Then only the pair crosses, and the words below are for the approvers.",
        widget=forms.TextInput(attrs=NARROW),
    )
    ground = forms.ChoiceField(label="On what ground?", choices=GROUNDS, widget=forms.RadioSelect)
    override_reason = forms.CharField(
        label="Reason for the override",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It stays on the safety side.",
    )
    other_sources = forms.IntegerField(
        label="How many sources besides the partner could have produced this?",
        min_value=0,
        max_value=20,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-2"}),
        help_text="With fewer than two, the partner would be recognised as its source.",
    )

    field_order = (
        "form_id",
        "case_id",
        "purpose",
        "other",
        "text",
        "own_words",
        "ground",
        "agreed_on",
        "override_reason",
        "other_sources",
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("ground") != Ground.PARTNER_CONSENT:
            # The day stands in the form from the start; it says nothing about an override.
            given["agreed_on"] = None
        elif not given.get("agreed_on") and "agreed_on" not in self.errors:
            self.add_error("agreed_on", "Write the day on which the partner agreed.")
        return given


class EmergencyForm(WordsForm):
    """What cannot wait for approvers, since somebody is in danger."""

    in_danger = forms.ChoiceField(
        label="Who is in danger?", choices=IN_DANGER, widget=forms.RadioSelect
    )
    danger = forms.CharField(
        label="What is the danger, and why can it not wait?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It stays on the safety side, for the worker who reviews this.",
    )

    field_order = (
        "form_id",
        "case_id",
        "in_danger",
        "danger",
        "purpose",
        "text",
        "own_words",
        "agreed_on",
    )


class ReviewForm(forms.Form):
    """Looking again at what was released at once."""

    upheld = forms.ChoiceField(
        label="Was it right to release it at once?",
        widget=forms.RadioSelect,
        choices=[
            ("yes", "Yes: the danger was there and the words were needed"),
            ("no", "No: take the words back"),
        ],
    )
    note = forms.CharField(
        label="What did you find?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It stays on the safety side. Say too whether the partner would be recognised "
        "as the source.",
    )


class DisclosuresFilter(forms.Form):
    """Which disclosures to list."""

    state = forms.ChoiceField(label="State", required=False)

    def __init__(self, *args: Any, counts: dict[str, int], **kwargs: Any):
        super().__init__(*args, **kwargs)
        named = [*STATES_SHOWN, (EMERGENCIES, "Released in an emergency")]
        self.fields["state"].choices = [
            ("", "All"),
            *((code, f"{words} ({counts.get(code, 0)})") for code, words in named),
        ]


PERIODS = [("", "All the time"), ("365", "The last 12 months"), ("90", "The last 90 days")]


class PeriodFilter(forms.Form):
    """Of which time to count."""

    days = forms.ChoiceField(label="Asked for in", required=False, choices=PERIODS)


class RefuseForm(forms.Form):
    """Why a disclosure is refused."""

    reason = forms.CharField(
        label="Why not?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For whoever asked. Nothing of it, not even that it was asked for, goes down.",
    )
