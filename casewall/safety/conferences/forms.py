"""Forms about MARAC and MATAC. Each keeps what was typed; an empty answer is “not known”."""

from __future__ import annotations

from typing import Any

from django import forms

from casewall.pages.dates import DayMonthYearField
from casewall.pages.wording import WordingForm
from casewall.safety.conferences import tasking
from casewall.safety.conferences.actions import Filled
from casewall.safety.conferences.rules import (
    Answer,
    Consent,
    FlagEnd,
    Ground,
    Heard,
    YesNo,
)
from casewall.safety.conferences.words import FORM, LONG, REFERRED_BY, worded
from casewall.safety.meetings.forms import STAYS_HERE, MomentForm, hidden_version
from casewall.safety.partners.forms import Once
from casewall.safety.support.forms.fields import day_field, line_field, one_of, text_field

NOT_SAID = ("", "Not known")
YES_NO_NOT = [NOT_SAID, ("yes", "Yes"), ("no", "No")]
CHECKLIST = "How many questions of the checklist were answered yes?"


def _three(label: str, help_text: str = "") -> forms.ChoiceField:
    return one_of(label, YES_NO_NOT, inline=True, required=False, help_text=help_text)


def _said(code: str) -> bool | None:
    return {"yes": True, "no": False}.get(code)


def _number(label: str, most: int, help_text: str = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=most, help_text=help_text,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-3"}),
    )  # fmt: skip


def _question(key: str, label: str) -> forms.CharField:
    if key in LONG:
        return text_field(label, 4)
    return line_field(label, required=False, max_length=2000)


Questions: type[forms.Form] = type(
    "Questions", (forms.Form,), {key: _question(key, label) for key, label in FORM.items()}
)
"""The questions of the conference's own form, none of which has to be answered."""


class ReferralForm(WordingForm, Questions, Once):  # type: ignore[misc, valid-type]
    """A referral as it will be sent: filled in from the records, to be checked and completed."""

    watched = ("judgement", *(key for key in FORM if key in LONG))
    referred_by = forms.ChoiceField(label="Who refers?", choices=list(REFERRED_BY.items()))
    ticks = _number(CHECKLIST, 24, "Left empty where it was not asked, or not as a whole.")
    judgement = text_field(
        "Your professional judgement, where you judge the risk to be high", 3, STAYS_HERE
    )
    honour = _three("Is honour-based abuse suspected?")
    high_risk = _three("Is the partner at high risk?")
    consent = one_of("Does the partner consent to being referred?", worded(Consent))
    consent_on = DayMonthYearField(label="On which day did the partner consent?", required=False)
    ground = one_of(
        "Without consent: on what lawful ground is it shared?",
        [("", "Not needed: the partner consents"), *worded(Ground)], required=False,
    )  # fmt: skip
    ground_reason = text_field("Why does it hold here?", 3, STAYS_HERE)
    children_count = _number("How many children live in the household?", 30)
    lgbt = one_of("Is the partner lesbian, gay, bisexual or trans?",
                  [NOT_SAID, *worded(YesNo)], required=False,
                  help_text="Only as the partner said.")  # fmt: skip
    minority = one_of("Does the partner belong to a minority ethnic group?",
                      [NOT_SAID, *worded(YesNo)], required=False)  # fmt: skip
    disabled = one_of("Does the partner have a disability?", [NOT_SAID, *worded(YesNo)],
                      required=False)  # fmt: skip
    version = hidden_version()

    @staticmethod
    def shown_first(row: Any, answers: dict[str, str]) -> dict[str, Any]:
        """What the form holds for a draft."""
        words = {True: "yes", False: "no", None: ""}
        return {
            **answers, "referred_by": row.referred_by, "ticks": row.ticks,
            "judgement": row.judgement or "", "honour": words[row.honour],
            "high_risk": words[row.high_risk], "consent": row.consent,
            "consent_on": row.consent_on, "ground": row.ground,
            "ground_reason": row.ground_reason or "", "children_count": row.children,
            "lgbt": row.lgbt, "minority": row.minority, "disabled": row.disabled,
            "version": row.version,
        }  # fmt: skip

    def filled(self) -> Filled:
        """The answers as the act takes them."""
        typed = self.cleaned_data
        consents = typed["consent"] == Consent.YES
        return Filled(
            answers={key: typed[key] for key in FORM},
            referred_by=typed["referred_by"],
            ticks=typed["ticks"],
            judgement=typed["judgement"],
            honour=_said(typed["honour"]),
            consent=Consent(typed["consent"]),
            consent_on=typed["consent_on"] if consents else None,
            ground=Ground(typed["ground"]) if typed["ground"] and not consents else None,
            ground_reason="" if consents else typed["ground_reason"],
            children=typed["children_count"],
            high_risk=_said(typed["high_risk"]),
            facts={
                name: YesNo(typed[name]) if typed[name] else None
                for name in ("lgbt", "minority", "disabled")
            },
        )


class SendForm(Once):
    """To whom a referral goes."""

    sent_to = line_field("To whom does it go?", "The office of the conference and its coordinator.")
    version = hidden_version()


class WhyForm(Once):
    """A reason in words."""

    because = text_field("Why?", 3, STAYS_HERE, required=True)


class ConferenceForm(MomentForm):
    """When a conference is."""

    service = forms.ChoiceField(label="Of which service?")
    place = line_field("Where, or by which line?", required=False, max_length=120)
    field_order = ("form_id", "service", "on", "at", "place")

    def __init__(self, *args: Any, services: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["service"].choices = services
        if len(services) == 1:
            self.fields["service"].widget = forms.HiddenInput()
            self.fields["service"].initial = services[0][0]


class ListForm(Once):
    """Which sent referral goes on the list."""

    referral = forms.ChoiceField(label="Which referral?", widget=forms.RadioSelect)

    def __init__(self, *args: Any, referrals: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["referral"].choices = referrals


class AgencyForm(Once):
    """Which agency is asked what it knows."""

    agency = line_field("Which agency is asked?", "The agency and, where known, the person.")


class ResearchForm(Once):
    """What an agency answered."""

    answer = one_of("What did the agency answer?", worded(Answer))
    text = text_field("What it knows, in words", 5, STAYS_HERE)
    version = hidden_version()


class HeardForm(WordingForm, Once):
    """What came of a hearing."""

    watched = ("summary",)
    heard = one_of(
        "What came of the hearing?", worded(one for one in Heard if one is not Heard.LISTED)
    )
    summary = text_field("In words", 4, STAYS_HERE)
    version = hidden_version()


class FlagForm(Once):
    """Why a flag is taken off."""

    because = one_of(
        "Why is the flag taken off?", worded(one for one in FlagEnd if one != FlagEnd.HEARD_AGAIN)
    )


class PeriodForm(forms.Form):
    """From which to which day figures are counted, and of which service."""

    service = forms.ChoiceField(label="Service")
    first = DayMonthYearField(label="From")
    last = DayMonthYearField(label="To")

    def __init__(self, *args: Any, services: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["service"].choices = services

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if typed.get("first") and typed.get("last") and typed["first"] > typed["last"]:
            self.add_error("last", "The last day lies before the first.")
        return typed


class NominateForm(WordingForm, Once):
    """Who is nominated for the tasking meeting, by whom and why."""

    watched = ("reason",)
    case = forms.ChoiceField(label="Which client?")
    nominated_by = line_field("Who nominates?", "The agency and, where known, the person.")
    reason = text_field("Why?", 4, STAYS_HERE, required=True)

    def __init__(self, *args: Any, cases: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["case"].choices = cases


class DecideForm(Once):
    """Whether a nomination is accepted."""

    accept = one_of("Is the nomination accepted?", [("yes", "Yes"), ("no", "No")], inline=True)
    because = text_field("Why?", 3, STAYS_HERE, required=True)
    version = hidden_version()


class HarmForm(Once):
    """The facts of a score: as the records have them, to be corrected by what agencies told."""

    on = day_field("On which day is it scored?")
    last_on = DayMonthYearField(label="When was the last known incident?", required=False)
    incidents = _number("How many incidents in the period?", 999)
    gravest = one_of(
        "How grave was the gravest?",
        [("0", "Not rated"), ("1", "Slight"), ("2", "Moderate"), ("3", "Serious"),
         ("4", "Life-threatening")],
    )  # fmt: skip
    victims = _number("How many different victims?", 99)

    def harm(self) -> tasking.Harm:
        """The answers as the rule takes them."""
        typed = self.cleaned_data
        return tasking.Harm(
            last_on=typed["last_on"], incidents=typed["incidents"] or 0,
            gravest=int(typed["gravest"]), victims=typed["victims"] or 0,
        )  # fmt: skip


class TacticForm(Once):
    """A tactic, and what is done."""

    tactic = one_of("Which tactic?", worded(tasking.Tactic))
    note = text_field("What is done?", 3, STAYS_HERE, required=True)


class ProfileForm(WordingForm, Once):
    """What is known of the client's ways of causing harm."""

    watched = ("text",)
    text = text_field("What is known, and what helps", 6, STAYS_HERE)
    version = hidden_version()


class NoteForm(Once):
    """What a review found."""

    note = text_field("What did you find?", 4, STAYS_HERE, required=True)


class DischargeForm(Once):
    """Why a nomination ends."""

    because = one_of("Why does it end?", worded(tasking.Discharge))
    note = text_field("In words", 3, STAYS_HERE, required=True)
    version = hidden_version()
