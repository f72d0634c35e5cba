"""Forms of joint risk. Each keeps what was typed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from casewall.pages.dates import DayMonthYearField
from casewall.pages.wording import WordingForm
from casewall.safety.partners.forms import signs_field
from casewall.safety.risk.actions import Commissioned, Judgement
from casewall.safety.risk.rules import SOURCES, TRIGGERS, Level, Occasion, SourceOf, Trigger
from casewall.safety.risk.vulnerable.rules import SECTIONS, AskedBy, Basis, Section
from casewall.safety.risk.words import ASKED_BY, BASES, OCCASIONS, level_choices
from casewall.safety.support.forms.fields import (
    FileForm,
    day_field,
    line_field,
    one_of,
    text_field,
    yes_no,
)

STAYS_HERE = "Stays on the safety side. Nothing of it can be seen by the programme."
ALONE = "alone"


def _version() -> forms.IntegerField:
    return forms.IntegerField(widget=forms.HiddenInput, label="Version", initial=0)


def _case(cases: list[tuple[str, str]]) -> forms.ChoiceField:
    """Which case; not asked where there is only one."""
    field = one_of("About which client?", cases)
    field.initial = cases[0][0]
    if len(cases) == 1:
        field.widget = forms.HiddenInput()
    return field


def case_of(typed: str) -> UUID | None:
    """The case of the choice: none where the file stands alone."""
    return None if typed == ALONE else UUID(typed)


class ReviewForm(WordingForm, FileForm):
    """One look at the whole picture."""

    watched = ("reasons", "changed")
    past = ("on",)

    level = one_of("How high is the risk, all sources together?", level_choices())
    occasion = one_of(
        "Why is it looked at now?", [(one.value, OCCASIONS[one]) for one in Occasion]
    )
    sources = forms.TypedMultipleChoiceField(
        label="Which sources did you look at?",
        required=False,
        coerce=SourceOf,
        choices=[(one.value, SOURCES[one]) for one in SourceOf],
        widget=forms.CheckboxSelectMultiple,
        help_text="Those that the records hold are ticked. What is not ticked is shown as "
        "missing: a source that is silent is never a good sign.",
    )
    reasons = text_field(
        "Why?", 7, f"Source by source. Ratings are never added up. {STAYS_HERE}", required=True
    )
    changed = text_field("What has changed since the last review?", 3, STAYS_HERE)
    plan = text_field("Plan", 5, f"Needed from “high” on. {STAYS_HERE}")
    owner = one_of("Who owns this risk?", [])
    on = day_field("When was it looked at?")
    review_on = DayMonthYearField(
        label="Next review on",
        required=False,
        help_text="Leave it empty for three months on; it cannot lie further ahead.",
    )
    version = _version()

    def __init__(
        self,
        *args: Any,
        cases: list[tuple[str, str]],
        owners: list[tuple[str, str]],
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.fields["case"] = _case(cases)
        self.fields["owner"].choices = owners
        self.fields["owner"].initial = owners[0][0]
        self.order_fields(["form_id", "case"])

    def judgement(self) -> Judgement:
        """What is said, once the form is valid."""
        typed = self.cleaned_data
        return Judgement(
            level=Level(typed["level"]),
            occasion=Occasion(typed["occasion"]),
            reasons=typed["reasons"],
            plan=typed["plan"],
            changed=typed["changed"],
            sources=typed["sources"],
            owner=UUID(typed["owner"]),
            review_on=typed["review_on"],
        )


class TriggerForm(FileForm):
    """What makes a review due at once."""

    past = ("on",)

    trigger = one_of(
        "What happened?", [(one.trigger.value, one.words) for one in TRIGGERS]
    )
    on = day_field("When?", "For a day in court or of contact: when you heard of it.")
    note = text_field("In words", 3, STAYS_HERE)

    def __init__(self, *args: Any, cases: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["case"] = _case(cases)
        self.order_fields(["form_id", "case"])

    def kind(self) -> Trigger:
        """The trigger, once the form is valid."""
        return Trigger(self.cleaned_data["trigger"])


class ActionForm(FileForm):
    """One action of the plan."""

    what = line_field("What is to be done?")
    owner = one_of("Who does it?", [], required=False)
    agency = line_field(
        "Or which other agency?", "Leave it empty where one of us does it.", required=False
    )
    due_on = day_field("By when?")
    field_order = ("form_id", "what", "owner", "agency", "due_on")

    def __init__(self, *args: Any, owners: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [*owners, ("", "Another agency, named below")]
        self.fields["owner"].initial = owners[0][0]

    def owner_id(self) -> UUID | None:
        """The worker who does it, or None."""
        typed = self.cleaned_data["owner"]
        return UUID(typed) if typed else None


class SettleForm(forms.Form):
    """What came of an action."""

    came = one_of("Is it done?", [("done", "It is done"), ("dropped", "It is dropped")])
    outcome = text_field("What came of it?", 3, STAYS_HERE, required=True)
    version = _version()


class SignsForm(FileForm):
    """Signs of danger that a worker saw or heard."""

    signs = signs_field()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["signs"].required = True
        self.fields["signs"].error_messages["required"] = "Choose at least one sign of danger."


class DoneForm(forms.Form):
    """What was done about a sign of danger."""

    done = text_field(
        "What was done?",
        3,
        "Whom did you speak with, and what follows? Write too why nothing could be done. "
        + STAYS_HERE,
        required=True,
    )


class CommissionForm(FileForm):
    """Who asks for an assessment of vulnerability, and on what basis."""

    past = ("asked_on", "consent_on")

    asked_by = one_of("Who asks for it?", [(one.value, ASKED_BY[one]) for one in AskedBy])
    asker = line_field("Name of the court, or of the office and the person")
    asked_on = day_field("Asked on which day?")
    due_on = DayMonthYearField(label="Due on", required=False)
    consented = yes_no("Does the partner consent?")
    consent_on = DayMonthYearField(label="If yes: on which day?", required=False)
    basis = one_of("On what legal basis?", [(one.value, BASES[one]) for one in Basis])
    law = line_field(
        "If not on consent: which law or order?", "As it is cited.", required=False
    )
    without_because = text_field(
        "If not on consent: why is it made without it?", 3, STAYS_HERE
    )

    def asked(self) -> Commissioned:
        """What was asked, once the form is valid."""
        typed = self.cleaned_data
        return Commissioned(
            asked_by=AskedBy(typed["asked_by"]),
            asker=typed["asker"],
            asked_on=typed["asked_on"],
            due_on=typed["due_on"],
            basis=Basis(typed["basis"]),
            law=typed["law"],
            consented=typed["consented"],
            consent_on=typed["consent_on"],
            without_because=typed["without_because"],
        )


def _section(section: Section) -> forms.CharField:
    label, hint = SECTIONS[section]
    return text_field(label, 5, hint)


class SectionsForm(WordingForm):
    """The sections of an assessment of vulnerability."""

    watched = tuple(one.value for one in Section)

    situation = _section(Section.SITUATION)
    violence = _section(Section.VIOLENCE)
    effects = _section(Section.EFFECTS)
    children = _section(Section.CHILDREN)
    strengths = _section(Section.STRENGTHS)
    needs = _section(Section.NEEDS)
    advice = _section(Section.ADVICE)
    limits = _section(Section.LIMITS)
    version = _version()

    def sections(self) -> dict[Section, str]:
        """The sections as typed."""
        return {one: self.cleaned_data[one.value] for one in Section}


class ReturnForm(forms.Form):
    """Why an assessment is given back to its author."""

    because = text_field("What is to be changed?", 3, required=True)
    version = _version()
