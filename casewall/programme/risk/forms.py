"""The forms of an assessment of risk. Each keeps what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from casewall.pages.dates import DayMonthYearField
from casewall.pages.wording import WordingForm
from casewall.programme.cases.forms import OnceForm, StepForm
from casewall.programme.risk.models import RiskAssessment
from casewall.programme.risk.rules import (
    DANGER,
    FACTORS,
    SECTION_WORDS,
    Factor,
    Had,
    How,
    Level,
    Rated,
    Rating,
    Said,
    Section,
    Source,
    evidence_fits,
    rating_fits,
    source_fits,
)
from casewall.programme.risk.words import (
    FACTOR_WORDS,
    NOT_ASKED,
    RATING_WORDS,
    SOURCE_WORDS,
    worded,
)

LONGEST = 20_000
INLINE = {"class": "govuk-radios--inline"}
ONLY_OURS = (
    "Only what the client, the referrer, the authorities or a worker of this side said, with the "
    "source. The client may read it, and it may go into the report."
)
SECTION_HINTS: dict[Section, str] = {
    Section.VIOLENCE: "What happened, how often and how gravely, what went before it, and whether "
    "it has grown.",
    Section.SUBSTANCES: "Alcohol and drugs, illness, thoughts of suicide, and what presses now.",
    Section.ATTITUDES: "How the client speaks of the violence, and of whoever suffered it.",
    Section.CHILDREN: "What children live with, without their names.",
    Section.STRENGTHS: "What speaks for change, and what can be built on.",
}


def prose(label: str, hint: str = "", rows: int = 8) -> forms.CharField:
    """Free text of an assessment."""
    return forms.CharField(
        label=label, required=False, max_length=LONGEST, help_text=hint,
        widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}))


class PartForm(StepForm):
    """One part of an assessment. `revision` is that of the assessment when it was shown."""

    revision = forms.IntegerField(widget=forms.HiddenInput, label="Revision of the assessment")

    def __init__(self, *args: Any, assessment: RiskAssessment, **kwargs: Any):
        self.assessment = assessment
        kwargs["initial"] = {"revision": assessment.revision, **kwargs.get("initial", {})}
        super().__init__(*args, case=assessment.case, **kwargs)

    def show_again(self) -> None:
        """Take the assessment as it is now: whoever saves once more has seen both."""
        super().show_again()
        self.data["revision"] = str(self.assessment.revision)


class SourcesForm(PartForm):
    """Which sources were had, which are waited for, and why others cannot be had."""

    def __init__(self, *args: Any, known: Mapping[Source, Said], **kwargs: Any):
        super().__init__(*args, **kwargs)
        for source in Source:
            said = known.get(source)
            self.fields[f"had-{source}"] = forms.ChoiceField(
                label=SOURCE_WORDS[source], choices=[("", NOT_ASKED), *worded(Had)],
                required=False, widget=forms.RadioSelect(attrs=INLINE),
                initial=said.had.value if said else "")
            self.fields[f"on-{source}"] = DayMonthYearField(
                label=f"{SOURCE_WORDS[source]}: had or asked on", required=False,
                initial=said.on if said else None)
            self.fields[f"reason-{source}"] = forms.CharField(
                label=f"{SOURCE_WORDS[source]}: why it cannot be had", required=False,
                max_length=500, initial=said.reason if said else "",
                widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}))

    def groups(self) -> list[tuple[Any, Any, Any]]:
        """The three boxes of each source, for the page."""
        return [(self[f"had-{one}"], self[f"on-{one}"], self[f"reason-{one}"]) for one in Source]

    def sources(self) -> dict[Source, Said]:
        """What is said of each source of which something is said."""
        typed = self.cleaned_data
        return {
            one: Said(Had(typed[f"had-{one}"]), typed.get(f"on-{one}"),
                      typed.get(f"reason-{one}", ""))
            for one in Source if typed.get(f"had-{one}")
        }

    def clean(self) -> dict[str, Any]:
        """Add the sentence of the rule at the box where something is missing."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        for source, said in self.sources().items():
            fits = source_fits(said, timezone.localdate())
            where = "reason" if said.had is Had.NOT_AVAILABLE else "on"
            if not fits and f"{where}-{source}" not in self.errors:
                self.add_error(f"{where}-{source}", fits.reason)
        return typed


class SectionForm(WordingForm, PartForm):
    """The text of one part, and a rating of each of its factors with what it rests on."""

    watched = ("text",)
    text = prose("In words", ONLY_OURS)

    def __init__(self, *args: Any, section: Section, ratings: Mapping[Factor, Rated],
                 **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.section = section
        self.fields["text"].help_text = f"{SECTION_HINTS[section]} {ONLY_OURS}"
        for factor in FACTORS[section]:
            rated = ratings.get(factor)
            self.fields[f"rating-{factor}"] = forms.ChoiceField(
                label=FACTOR_WORDS[factor], required=False,
                choices=[(one.value, words) for one, words in RATING_WORDS.items()],
                widget=forms.RadioSelect(attrs=INLINE),
                initial=rated.rating.value if rated else "",
                help_text="Possible or present raises a task for today."
                if factor in DANGER else "")
            self.fields[f"reason-{factor}"] = forms.CharField(
                label=f"{FACTOR_WORDS[factor]}: what the rating rests on", required=False,
                max_length=500, initial=rated.reason if rated else "",
                widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}))

    def groups(self) -> list[tuple[Any, Any]]:
        """The boxes of each factor, for the page."""
        return [(self[f"rating-{one}"], self[f"reason-{one}"]) for one in FACTORS[self.section]]

    def ratings(self) -> dict[Factor, Rated]:
        """The factors that were rated."""
        typed = self.cleaned_data
        return {
            one: Rated(Rating(typed[f"rating-{one}"]), typed.get(f"reason-{one}", ""))
            for one in FACTORS[self.section] if typed.get(f"rating-{one}")
        }

    def clean(self) -> dict[str, Any]:
        """Add the sentence of the rule where a factor is left out without a reason."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        for factor, rated in self.ratings().items():
            fits = rating_fits(rated)
            if not fits:
                self.add_error(f"reason-{factor}", fits.reason)
        return typed


class JudgementForm(WordingForm, PartForm):
    """The level that is judged, why, what is recommended, and the limits."""

    watched = ("reasoning", "recommendations")
    level = forms.ChoiceField(
        label="How high do you judge the risk of further violence?", required=False,
        choices=worded(Level), widget=forms.RadioSelect,
        help_text="Your own judgement of everything above. Nothing is added up.")
    reasoning = prose("Why do you judge so?", ONLY_OURS)
    recommendations = prose(
        "What do you recommend to manage the risk?",
        "What should be done, by whom, and by when. This goes into the report.")
    limits = prose(
        "Limits of this assessment",
        "For example, what could not be asked, and how long it holds. This goes into the report.",
        4)


class EvidenceForm(WordingForm, OnceForm):
    """What one source said."""

    watched = ("what",)
    source = forms.ChoiceField(label="From which source?", choices=worded(Source),
                               widget=forms.RadioSelect)
    how = forms.ChoiceField(label="How did it come?", choices=worded(How),
                            widget=forms.RadioSelect)
    held_on = DayMonthYearField(label="On which day?", help_text="For example, 27 3 2026",
                                initial=timezone.localdate)
    what = forms.CharField(
        label="What does it say?", max_length=LONGEST, help_text=ONLY_OURS,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}))
    signs = forms.MultipleChoiceField(
        label="Signs of danger to life in it", required=False,
        choices=[(one.value, FACTOR_WORDS[one]) for one in DANGER],
        widget=forms.CheckboxSelectMultiple,
        help_text="Each one raises a task for today.")

    def clean(self) -> dict[str, Any]:
        """Add the sentence of the rule where the day lies ahead."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        day: date | None = typed.get("held_on")
        if day is not None and typed.get("what"):
            fits = evidence_fits(typed["what"], day, timezone.localdate())
            if not fits:
                self.add_error("held_on", fits.reason)
        return typed


class SignForm(PartForm):
    """Signing what others wrote, or returning it with a word on what must change."""

    note = prose("What must change", "Needed when you return it.", 3)


class RaiseForm(StepForm):
    """Why a professional raises the result of a checklist."""

    version = forms.IntegerField(widget=forms.HiddenInput, label="Version of the answers")
    reason = forms.CharField(
        label="Why do you judge the risk to be high?", max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        error_messages={"required": "A judgement above the threshold needs its reason in words."})


def heading_of(section: Section) -> str:
    """The heading of the page of a part."""
    return SECTION_WORDS[section]
