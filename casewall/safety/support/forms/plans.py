"""Forms about needs, plans and periods of support."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from casewall.pages.dates import DayMonthYearField
from casewall.safety.support.forms.fields import (
    INLINE,
    FileForm,
    day_field,
    line_field,
    one_of,
    text_field,
    yes_no,
)
from casewall.safety.support.rules import (
    PLAN_REVIEW_DAYS,
    SAFETY_REVIEW_DAYS,
    Area,
    Doer,
    EndReason,
    Handing,
    Hope,
    Level,
    may_review_on,
)
from casewall.safety.support.words import worded, words_of

HEADINGS = {
    "signs": ("How do I notice that it is becoming dangerous?", ""),
    "places": ("Where can I go, and whom can I call?", ""),
    "leaving": ("How do I get out, and what do I take with me?", ""),
    "children": ("What do the children know, and what do they do?", ""),
    "devices": (
        "Phone, accounts and car: who can follow me there?",
        "Shared accounts, location, cameras, trackers.",
    ),
    "other": ("Anything else", ""),
}


class NeedsForm(FileForm):
    """What a partner needs, by area. What was not spoken of stays open."""

    past = ("on",)

    on = day_field("Said on")
    note = text_field("Note")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for area in Area:
            self.fields[area.value] = forms.ChoiceField(
                label=words_of(Area, area),
                choices=worded(Level),
                required=False,
                widget=forms.RadioSelect(attrs=INLINE),
            )
        self.order_fields([*(area.value for area in Area), "note", "on"])

    def levels(self) -> dict[Area, Level]:
        """The areas that were answered."""
        given = self.cleaned_data
        return {area: Level(given[area]) for area in Area if given.get(area.value)}

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if not self.levels():
            self.add_error(None, "No area is answered yet, so there is nothing to save.")
        return given


class ExpectationForm(FileForm):
    """What a partner expects of the client's change."""

    past = ("on",)

    hope = one_of("What does the partner expect?", worded(Hope))
    own_words = text_field("In the partner's own words")
    caveat_told = yes_no(
        "Was the sentence above told?",
        "Hope can keep somebody in danger. Tell it kindly, and tell it each time.",
    )
    on = day_field("Said on")


class VersionForm(FileForm):
    """A new version of a plan; `seen` is the number that the writer had before them."""

    past = ("written_on",)
    review_days = 0

    written_on = day_field("Written on")
    review_on = DayMonthYearField(label="Look at it again on")
    seen = forms.IntegerField(widget=forms.HiddenInput, initial=0)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        again = timezone.localdate() + timedelta(days=self.review_days)
        self.fields["review_on"].initial = again
        own = [name for name in self.fields if name not in ("written_on", "review_on")]
        self.order_fields([*own, "written_on", "review_on"])

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("written_on") and given.get("review_on"):
            decision = may_review_on(given["written_on"], given["review_on"])
            if not decision:
                self.add_error("review_on", decision.reason)
        return given


class SupportPlanForm(VersionForm):
    """What a partner wants to reach."""

    review_days = PLAN_REVIEW_DAYS

    goals = text_field(
        "What do you want to reach?",
        8,
        "In the partner's own words; one goal on a line.",
        required=True,
        error_messages={"required": "Write what the partner wants, in the partner's own words."},
    )
    note = text_field("Note of the worker")


class SafetyPlanForm(VersionForm):
    """What a partner does to be safer."""

    review_days = SAFETY_REVIEW_DAYS

    agreed = yes_no("Does the partner agree to this plan?")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name, (label, hint) in HEADINGS.items():
            self.fields[name] = text_field(label, 4, hint)
        self.order_fields(["form_id", *HEADINGS, "agreed", "written_on", "review_on"])

    def words(self) -> dict[str, str]:
        """What is written, by heading."""
        return {name: self.cleaned_data[name] for name in HEADINGS}

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if not any((given.get(name) or "").strip() for name in HEADINGS):
            self.add_error(None, "Nothing is written yet, so there is no safety plan to save.")
        return given


class HandOverForm(FileForm):
    """How the partner got the safety plan."""

    how = one_of("How did the partner get it?", worded(Handing))


class StepForm(FileForm):
    """One step towards a goal."""

    what = line_field("What is to be done?", max_length=500)
    who = one_of("Who does it?", worded(Doer))
    due_on = DayMonthYearField(label="By when?", required=False)


class BeginForm(FileForm):
    """Support begins."""

    past = ("on",)
    on = day_field("Support began on")


class ExtendForm(FileForm):
    """Support is planned to last longer."""

    past = ("on",)

    until = DayMonthYearField(label="Support lasts until")
    reason = text_field(
        "Why is more time needed?", required=True, error_messages={"required": "Write why."}
    )
    on = day_field("Decided on")
    version = forms.IntegerField(widget=forms.HiddenInput)


class EndForm(FileForm):
    """Support ends, for a reason of its own."""

    past = ("on",)

    reason = one_of("Why does support end?", worded(EndReason))
    on = day_field("Support ended on")
    note = text_field("Note")
    closes_file = forms.BooleanField(
        label="Close the file too",
        required=False,
        help_text="Leave it open while a linked client is on the programme: without support, too, "
        "the partner is told when something happens there.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
