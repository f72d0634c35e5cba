"""What a worker of this side can write about a child, as forms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from casewall.pages.dates import DayMonthYearField
from casewall.safety.children.actions import Person
from casewall.safety.children.models import Child, ChildAdult, GroupChild
from casewall.safety.children.rules import (
    ANSWERS,
    LONGEST_SESSION,
    Asked,
    Came,
    Concern,
    Consent,
    ConsentBy,
    EndReason,
    GoalState,
    Need,
    Of,
    Plan,
    ReferralOutcome,
    Relationship,
    Sex,
    Threshold,
    Told,
    birth_fits,
    referral_fits,
)
from casewall.safety.children.words import answer_words, words_of
from casewall.safety.partners.forms import Once, signs_field
from casewall.safety.pulled.models import PulledCase

INLINE = {"class": "govuk-radios--inline"}
LONGEST_TEXT = 4000
STAYS = "Stays on the safety side. Nothing of it can be seen by the programme."


def worded(members: Iterable[Any]) -> list[tuple[str, str]]:
    """Codes with the words that people read."""
    return [(member.value, words_of(type(member), member)) for member in members]


def day_field(label: str, **more: Any) -> DayMonthYearField:
    """A day, today's date to begin with."""
    more.setdefault("initial", timezone.localdate)
    return DayMonthYearField(label=label, **more)


def past_day(label: str, **more: Any) -> DayMonthYearField:
    """A day that may be left out and that nothing is filled in for."""
    return DayMonthYearField(label=label, required=False, **more)


def line(label: str, *, required: bool = True, help_text: str = "") -> forms.CharField:
    """A name, an agency: one line."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=200,
        help_text=help_text,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )


def text(
    label: str, *, required: bool = True, rows: int = 4, help_text: str = ""
) -> forms.CharField:
    """Free text."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONGEST_TEXT,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}),
    )


class Versioned(forms.Form):
    """A form about a record that somebody else may change meanwhile."""

    version = forms.IntegerField(widget=forms.HiddenInput, label="Version of the record")


class PersonForm(forms.Form):
    """Who a child is, as somebody said it. Everything may be left open."""

    given_name = line("Given name", required=False, help_text="Leave empty if it is not known yet.")
    family_name = line("Family name", required=False)
    born_on = past_day("Date of birth", help_text="For example, 27 3 2016")
    due_on = past_day("Or the birth is expected on", help_text="For a child not born yet.")
    sex = forms.ChoiceField(
        label="Sex, as stated",
        choices=worded(Sex),
        initial="unknown",
        widget=forms.RadioSelect(attrs=INLINE),
    )
    language = forms.CharField(label="Language", required=False, max_length=40)
    needs = forms.MultipleChoiceField(
        label="What the child needs to be met with",
        required=False,
        choices=worded(Need),
        widget=forms.CheckboxSelectMultiple,
    )
    school = line("School or day care", required=False)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if "born_on" in typed and "due_on" in typed:
            fits = birth_fits(typed["born_on"], typed["due_on"], timezone.localdate())
            if not fits:
                self.add_error("born_on" if typed["born_on"] else "due_on", fits.reason)
        return typed

    def person(self) -> Person:
        """What was typed, as the actions take it."""
        typed = self.cleaned_data
        return Person(
            given_name=typed["given_name"] or None,
            family_name=typed["family_name"] or None,
            born_on=typed["born_on"],
            due_on=typed["due_on"],
            sex=Sex(typed["sex"]),
            language=typed["language"],
            needs=tuple(Need(one) for one in typed["needs"]),
            school=typed["school"] or None,
        )


class NewChildForm(Once, PersonForm):
    """A child to be recorded: on a partner's file, or by a children's worker."""

    def __init__(
        self,
        *args: Any,
        partner: str | None = None,
        cases: Sequence[PulledCase] = (),
        services: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.cases = list(cases)
        if partner is not None:
            self.fields["relationship"] = forms.ChoiceField(
                label=f"{partner} is the child's",
                choices=worded(Relationship),
                initial="unknown",
            )
        for place, case in enumerate(self.cases):
            self.fields[f"client_{place}"] = forms.ChoiceField(
                label=f"{case.name} is the child's",
                required=False,
                choices=[("", "Not linked to the child"), *worded(Relationship)],
                help_text="The client of this file. Nothing of this goes to the programme side.",
            )
        if services:
            self.fields["service"] = forms.ChoiceField(
                label="Service", choices=services, initial=services[0][0]
            )

    def clients(self) -> list[tuple[Any, Relationship]]:
        """The clients to whom the child is to be linked, with what they are to the child."""
        typed = self.cleaned_data
        return [
            (case.pk, Relationship(typed[f"client_{place}"]))
            for place, case in enumerate(self.cases)
            if typed[f"client_{place}"]
        ]


class ChildForm(PersonForm, Versioned):
    """A child's record, to be corrected."""

    @staticmethod
    def first_shown(child: Child) -> dict[str, Any]:
        """What the form holds when it is opened."""
        return {
            "given_name": child.given_name,
            "family_name": child.family_name,
            "born_on": date.fromisoformat(child.born_on) if child.born_on else None,
            "due_on": date.fromisoformat(child.due_on) if child.due_on else None,
            "sex": child.sex,
            "language": child.language,
            "needs": child.needs.split(",") if child.needs else [],
            "school": child.school,
            "version": child.version,
        }


class LinkChildForm(forms.Form):
    """A child who is recorded, to be linked to a partner's file."""

    child = forms.UUIDField(widget=forms.HiddenInput)
    statement = forms.UUIDField(widget=forms.HiddenInput, required=False)
    relationship = forms.ChoiceField(
        label="The partner is the child's", choices=worded(Relationship), initial="unknown"
    )


class LinkAdultForm(Once):
    """An adult in a child's life: the client of a file, or somebody by name."""

    who = forms.ChoiceField(label="Who", widget=forms.RadioSelect)
    adult_name = line("Name of the other adult", required=False)
    relationship = forms.ChoiceField(
        label="What this adult is to the child", choices=worded(Relationship), initial="unknown"
    )
    on = day_field("Known since")

    def __init__(self, *args: Any, cases: Sequence[PulledCase], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = [
            *((str(case.pk), f"The client {case.name}") for case in cases),
            ("other", "Another adult, for example a grandparent"),
        ]
        if not cases:
            self.fields["who"].initial = "other"

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if typed.get("who") == "other" and not typed.get("adult_name"):
            self.add_error("adult_name", "Write the name of the other adult.")
        return typed


class ArrangementForm(Once):
    """What holds between a child and an adult from a day on. What is not answered stays."""

    responsibility = forms.ChoiceField(label=words_of(Of, Of.RESPONSIBILITY), required=False)
    lives_with = forms.ChoiceField(label=words_of(Of, Of.LIVES_WITH), required=False)
    contact = forms.ChoiceField(label=words_of(Of, Of.CONTACT), required=False)
    since = day_field("Since when")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for of in Of:
            codes = [(code, answer_words(code).capitalize()) for code in ANSWERS[of]]
            self.fields[of.value].choices = [("", "Not changed"), *codes]

    def answers(self) -> list[tuple[Of, str]]:
        """The questions that were answered."""
        typed = self.cleaned_data
        return [(of, typed[of.value]) for of in Of if typed[of.value]]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if not any(typed.get(of.value) for of in Of):
            raise forms.ValidationError("Nothing is answered yet, so there is nothing to save.")
        return typed


class EndLinkForm(Versioned):
    """That an adult is no longer linked to a child."""

    on = day_field("Ended on", help_text="What was written stays in the history.")


class PlanForm(Once):
    """Which plan holds from a day on."""

    plan = forms.ChoiceField(label="Plan", choices=worded(Plan), widget=forms.RadioSelect)
    since = day_field("Since when")
    agency = line("Authority", required=False)
    social_worker = line("Social worker", required=False)


class AskedForm(Once):
    """Whether a partner has children, as asked."""

    answer = forms.ChoiceField(
        label="What was answered",
        choices=worded(Asked),
        widget=forms.RadioSelect,
        help_text="“There are none” is an answer. “Not known” means that nobody could say.",
    )
    asked_on = day_field("Asked on")


class SafeguardingForm(Once):
    """A referral to those who protect children."""

    concern = forms.ChoiceField(
        label="What it is about", choices=worded(Concern), widget=forms.RadioSelect
    )
    threshold = forms.ChoiceField(
        label="How grave, as you judge it", choices=worded(Threshold), widget=forms.RadioSelect
    )
    made_to = line("To whom", help_text="The authority and, where known, the person.")
    reason = text("What was said or seen", rows=5)
    consented = forms.TypedChoiceField(
        label="Did somebody with parental responsibility, or the young adult, consent?",
        choices=[("yes", "Yes"), ("no", "No, or not asked")],
        coerce=lambda typed: typed == "yes",
        widget=forms.RadioSelect(attrs=INLINE),
        help_text="A referral can be made without consent. The client is not asked from this side.",
    )
    without_because = text("Why without consent", required=False, rows=2)
    told = forms.MultipleChoiceField(
        label="Who was told of the referral",
        required=False,
        choices=worded(Told),
        widget=forms.CheckboxSelectMultiple,
        help_text="Nobody is told by Casewall. Tick only whom a person has told.",
    )
    made_on = day_field("Referred on")

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if "consented" in typed and "without_because" in typed:
            fits = referral_fits(
                consented=typed["consented"], without_because=typed["without_because"]
            )
            if not fits:
                self.add_error("without_because", fits.reason)
        return typed


class OutcomeForm(Versioned):
    """What the authority did."""

    outcome = forms.ChoiceField(
        label="What came of it", choices=worded(ReferralOutcome), widget=forms.RadioSelect
    )
    on = day_field("Known since")


class SameForm(Versioned):
    """Which other record is the same child."""

    other = forms.ChoiceField(label="The record that stays", widget=forms.RadioSelect)

    def __init__(self, *args: Any, others: Sequence[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["other"].choices = [*others, ("none", "None: this is a child of its own")]


class BeginForm(forms.Form):
    """The day on which work with a child begins."""

    on = day_field("Begun on")


class EndForm(Versioned):
    """That the work with a child has ended, and why."""

    reason = forms.ChoiceField(
        label="Why it ended", choices=worded(EndReason), widget=forms.RadioSelect
    )
    on = day_field("Ended on")


class AllocateForm(Versioned):
    """Which worker works with a child."""

    worker = forms.ChoiceField(label="Children's worker", widget=forms.RadioSelect)

    def __init__(self, *args: Any, workers: Sequence[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["worker"].choices = workers


class ConsentForm(Once):
    """What somebody said who may consent."""

    by = forms.ChoiceField(label="Who spoke", choices=worded(ConsentBy), widget=forms.RadioSelect)
    adult = forms.ChoiceField(label="Which adult", required=False)
    authority = line("Which authority", required=False)
    said = forms.ChoiceField(
        label="Consent to the work was", choices=worded(Consent), widget=forms.RadioSelect
    )
    said_on = day_field("Said on")

    def __init__(self, *args: Any, adults: Sequence[ChildAdult], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["adult"].choices = [
            ("", "Choose an adult"),
            *((str(one.pk), adult_words(one)) for one in adults),
        ]


def adult_words(link: ChildAdult) -> str:
    """An adult in a child's life, as a line."""
    name = link.adult_name or "No name given"
    return f"{name} ({words_of(Relationship, link.relationship).lower()})"


class GoalForm(Once):
    """What a child wants from the work."""

    goal = text("What the child wants, in own words", rows=3)
    on = day_field("Said on")


class GoalStateForm(Versioned):
    """Where a goal stands."""

    state = forms.ChoiceField(
        label="Where it stands", choices=worded(GoalState), widget=forms.RadioSelect
    )
    on = day_field("Since when")


def minutes_field() -> forms.IntegerField:
    """How long a session took."""
    return forms.IntegerField(
        label="Minutes",
        min_value=1,
        max_value=LONGEST_SESSION,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-3"}),
        error_messages={
            "max_value": f"A session takes from 1 to {LONGEST_SESSION} minutes.",
            "min_value": f"A session takes from 1 to {LONGEST_SESSION} minutes.",
        },
    )


class SessionForm(Once):
    """A one-to-one session."""

    held_on = day_field("On which day")
    minutes = minutes_field()
    came = forms.ChoiceField(
        label="Did the child come?", choices=worded(Came), widget=forms.RadioSelect
    )
    note = text("Note", required=False, help_text=STAYS)
    signs = signs_field()


class GroupForm(Once):
    """A new group. Its name says nothing about anybody."""

    name = forms.CharField(
        label="Name of the group",
        max_length=80,
        help_text="Neutral: no names of children, nothing about violence.",
    )
    service = forms.ChoiceField(label="Service")
    begins_on = day_field("Begins on")

    def __init__(self, *args: Any, services: Sequence[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["service"].choices = services
        if services:
            self.fields["service"].initial = services[0][0]


class JoinForm(forms.Form):
    """A child who joins a group."""

    support = forms.ChoiceField(label="Child", widget=forms.RadioSelect)
    on = day_field("Joined on")

    def __init__(self, *args: Any, children: Sequence[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["support"].choices = children


class GroupSessionForm(Once):
    """A session of a group, and who came."""

    held_on = day_field("On which day")
    minutes = minutes_field()
    note = text("Note about the group", required=False, help_text=STAYS)

    def __init__(self, *args: Any, places: Sequence[tuple[GroupChild, str]] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.places = [place for place, _ in places]
        for place, name in places:
            self.fields[f"came_{place.pk}"] = forms.ChoiceField(
                label=name,
                choices=worded(Came),
                widget=forms.RadioSelect(attrs=INLINE),
            )

    def came(self) -> dict[Any, Came]:
        """Whether each child of the group came."""
        return {place.support: Came(self.cleaned_data[f"came_{place.pk}"]) for place in self.places}
