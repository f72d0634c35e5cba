"""Forms about needs, declared families and help elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from casewall.pages.dates import DayMonthYearField
from casewall.programme.cases.forms import STATED_BY, OnceForm, day_field, note_field
from casewall.programme.needs.rules import (
    MOST_DECLARED,
    Concern,
    Declared,
    Help,
    HelpOutcome,
    Level,
    Lives,
    NeedKind,
    Of,
    SafeguardingOutcome,
    Since,
    Violence,
    months_fit,
    number_fits,
)
from casewall.programme.needs.words import words_of
from casewall.services.circumstance_rules import AGE_WORDS, EMPLOYMENT_WORDS, areas_of
from casewall.services.load import shipped

YES_NO = [("yes", "Yes"), ("no", "No"), ("", "Not said")]
INLINE = {"class": "govuk-radios--inline"}


def worded(members: Iterable[Any]) -> list[tuple[str, str]]:
    """Codes with the words that people read."""
    return [(member.value, words_of(type(member), member)) for member in members]


def _yes_no(label: str, help_text: str = "") -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=YES_NO,
        required=False,
        empty_value=None,
        help_text=help_text,
        coerce=lambda typed: typed == "yes",
        initial="",
        widget=forms.RadioSelect(attrs=INLINE),
    )


class StatedForm(OnceForm):
    """Something that the client or the referrer stated, with the day."""

    stated_by = forms.ChoiceField(
        label="Who stated it",
        choices=STATED_BY,
        initial="client",
        widget=forms.RadioSelect(attrs=INLINE),
    )
    stated_on = day_field("Stated on")

    field_order = ("form_id", "seen")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        own = [name for name in self.fields if name not in ("stated_by", "stated_on")]
        self.order_fields([*own, "stated_by", "stated_on"])

    def clean_stated_on(self) -> date:
        return self._not_after_today("stated_on")


class FamilyForm(StatedForm):
    """How many partners or children there are, as stated."""

    of = forms.ChoiceField(
        label="Of whom", choices=worded(Of), widget=forms.RadioSelect(attrs=INLINE)
    )
    answer = forms.ChoiceField(
        label="Answer",
        choices=worded(Declared),
        widget=forms.RadioSelect,
        help_text="“None” is an answer. “Not said” means that nobody answered.",
    )
    number = forms.IntegerField(
        label="How many",
        required=False,
        help_text="Only where a number was stated.",
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-3"}),
        min_value=1,
        max_value=MOST_DECLARED,
        error_messages={
            "max_value": f"This is more than {MOST_DECLARED}: look at the number.",
            "min_value": "“Some” is one or more; where there are none, choose “none”.",
        },
    )

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if "answer" in typed and "number" in typed:
            decision = number_fits(Declared(typed["answer"]), typed["number"])
            if not decision:
                self.add_error("number", decision.reason)
        return typed


class ChildForm(StatedForm):
    """A child as the client or the referrer stated it."""

    name = forms.CharField(
        label="Name, as stated",
        required=False,
        max_length=200,
        help_text="Leave empty if no name was given.",
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    born_on = DayMonthYearField(
        label="Date of birth, as stated",
        required=False,
        help_text="For example, 27 3 2016. Leave empty if not said.",
    )
    lives = forms.ChoiceField(
        label="Where the child lives, as stated", choices=worded(Lives), widget=forms.RadioSelect
    )
    sees_client = _yes_no("Does the client see the child?")

    def clean_born_on(self) -> date | None:
        born: date | None = self.cleaned_data["born_on"]
        if born and born > timezone.localdate():
            raise ValidationError(
                f"{born:%-d %B %Y} has not come yet; for a child that is not "
                "born, leave the date empty."
            )
        return born


class NeedsForm(StatedForm):
    """How much help of each kind the client needs. What is not asked stays open."""

    note = note_field()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for kind in NeedKind:
            self.fields[kind.value] = forms.ChoiceField(
                label=words_of(NeedKind, kind),
                choices=worded(Level),
                required=False,
                widget=forms.RadioSelect(attrs=INLINE),
            )
        self.order_fields([*(kind.value for kind in NeedKind), "note", "stated_by", "stated_on"])

    def levels(self) -> dict[NeedKind, Level]:
        """The kinds that were answered."""
        return {
            kind: Level(self.cleaned_data[kind.value])
            for kind in NeedKind
            if self.cleaned_data.get(kind.value)
        }

    def clean(self) -> dict[str, Any]:
        if not self.levels():
            raise ValidationError("No need is answered yet, so there is nothing to save.")
        return self.cleaned_data


class ViolenceForm(StatedForm):
    """Duration and kinds of violence, and earlier help, as stated."""

    since = forms.ChoiceField(label="For how long", choices=worded(Since), widget=forms.RadioSelect)
    months = forms.IntegerField(
        label="In months, if it can be said that closely",
        required=False,
        help_text="For example, 30 for two years and a half. Comparisons with others need it.",
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-4"}),
    )
    kinds = forms.MultipleChoiceField(
        label="Kinds of violence, as stated",
        required=False,
        choices=worded(Violence),
        widget=forms.CheckboxSelectMultiple,
    )
    earlier_partners = _yes_no("Violence towards earlier partners?")
    convicted = _yes_no("Ever convicted of violence?")
    earlier_help = note_field(
        "Earlier help against violence",
        "For example, another programme, and whether it was completed.",
    )
    note = note_field()

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if "since" in typed and "months" in typed:
            decision = months_fit(Since(typed["since"]), typed["months"])
            if not decision:
                self.add_error("months", decision.reason)
        return typed


class CircumstancesForm(StatedForm):
    """Where a client lives and works, as of a day. What was not spoken of stays open."""

    area = forms.ChoiceField(label="Lives in", required=False)
    employment = forms.ChoiceField(
        label="Work",
        required=False,
        choices=[*EMPLOYMENT_WORDS.items(), ("", "Not spoken of")],
        initial="",
        widget=forms.RadioSelect,
    )
    age_band = forms.ChoiceField(
        label="Age at the referral",
        required=False,
        choices=[("", "Not known"), *AGE_WORDS.items()],
        help_text="Asked because the date of birth is not in the file.",
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        areas = areas_of(shipped().get(self.case.service))
        self.fields["area"].choices = [("", "Not spoken of"), *areas.items()]
        self.fields["stated_on"].label = "As it was on"
        if self.case.client.born_on:
            del self.fields["age_band"]

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if not typed.get("area") and not typed.get("employment"):
            raise ValidationError("Nothing is answered yet, so there is nothing to save.")
        return typed


class OnwardForm(OnceForm):
    """Help elsewhere to which the client is referred."""

    kind = forms.ChoiceField(
        label="Kind of help", choices=worded(Help), widget=forms.RadioSelect(attrs=INLINE)
    )
    agency = forms.CharField(label="To whom", max_length=200, help_text="The place or agency.")
    made_on = day_field("Referred on")
    note = note_field()

    def clean_made_on(self) -> date:
        return self._not_after_today("made_on")


class SafeguardingForm(OnceForm):
    """A referral to those who protect children or adults."""

    concern = forms.ChoiceField(
        label="What it is about", choices=worded(Concern), widget=forms.RadioSelect
    )
    made_to = forms.CharField(
        label="To whom", max_length=200, help_text="The authority and, where known, the person."
    )
    reason = forms.CharField(
        label="What was said or seen",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        help_text="From this side's own work with the client.",
    )
    client_told = forms.TypedChoiceField(
        label="Was the client told of this referral?",
        choices=[("yes", "Yes"), ("no", "No")],
        coerce=lambda typed: typed == "yes",
        widget=forms.RadioSelect(attrs=INLINE),
        help_text="Do not tell where it could put somebody at risk.",
    )
    made_on = day_field("Referred on")

    def clean_made_on(self) -> date:
        return self._not_after_today("made_on")


class OutcomeForm(forms.Form):
    """What came of a referral to somebody else."""

    outcome = forms.ChoiceField(label="What came of it", widget=forms.RadioSelect)
    on = day_field("Known since")
    note = note_field()
    version = forms.IntegerField(widget=forms.HiddenInput, label="Version of the record")

    def __init__(
        self,
        *args: Any,
        outcomes: type[HelpOutcome] | type[SafeguardingOutcome],
        has_note: bool,
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = worded(outcomes)
        if not has_note:
            del self.fields["note"]

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise ValidationError(f"{day:%-d %B %Y} has not come yet.")
        return day
