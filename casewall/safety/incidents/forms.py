"""Forms about what a partner or child suffered. Each keeps what was typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from casewall.programme.incidents.fields import (
    CourtDayFields,
    EndFields,
    HappenedFields,
    OutcomeFields,
    ProceedingFields,
    SpanFields,
    one_of,
    open_day,
)
from casewall.programme.incidents.rules import SAFETY_SOURCES
from casewall.programme.incidents.words import worded as codes
from casewall.safety.incidents.rules import (
    ENDED_BY_HAND,
    Authority,
    Consent,
    Ground,
    Reached,
    Suffered,
)
from casewall.safety.incidents.words import worded
from casewall.safety.partners.forms import HourField, Once
from casewall.safety.partners.rules import Channel
from casewall.safety.partners.words import in_words
from casewall.safety.support.forms.fields import FileForm, day_field, line_field, text_field

STAYS_HERE = "Stays on the safety side. Nothing of it can be seen by the programme."
ANSWERED = (Consent.YES, Consent.NO)


class SufferedForm(HappenedFields, Once):
    """An incident that the partner or a child suffered."""

    sources = SAFETY_SOURCES
    suffered_by = one_of("Who suffered it?", worded(Suffered), initial="partner")
    what = text_field("What happened, in words", 5, STAYS_HERE)
    asked_from = open_day(
        "Since which day was asked?",
        "The first day about which this source was asked what happened. Leave it empty if nobody "
        "asked: what is not asked is not counted as safe.",
    )
    field_order = ("form_id", "suffered_by", "forms_of", "signs", "severity", "what",
                   "happened_on", "exact", "source", "told_on", "asked_from")  # fmt: skip

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        first, told = typed.get("asked_from"), typed.get("told_on")
        if first and told and first > told:
            self.add_error("asked_from", "This is after the day on which it was told.")
        return typed

    def row(self) -> dict[str, Any]:
        """The answers as the act takes them."""
        typed = self.cleaned_data
        return {
            **super().row(),
            "suffered_by": Suffered(typed["suffered_by"]),
            "asked_from": typed["asked_from"],
        }

    @staticmethod
    def shown_first(row: Any) -> dict[str, Any]:
        """What the form holds when a recorded incident is corrected."""
        return {**HappenedFields.shown_first(row), "suffered_by": row.suffered_by}


class ChildIncidentForm(HappenedFields, Once):
    """An incident that a child suffered, by whoever works with the child."""

    sources = SAFETY_SOURCES
    what = text_field("What happened, in words", 5, STAYS_HERE)
    field_order = ("form_id", "forms_of", "signs", "severity", "what", "happened_on", "exact",
                   "source", "told_on")  # fmt: skip


class FileProceedingForm(ProceedingFields, Once):
    """A proceeding as this side knows it."""

    sources = SAFETY_SOURCES


class FileEndForm(EndFields):
    """Change or end a proceeding of a file."""


class FileCourtDayForm(CourtDayFields, Once):
    """A day in court of a proceeding of a file."""

    sources = SAFETY_SOURCES


class FileOutcomeForm(OutcomeFields):
    """What came of a day in court of a file."""


class FileAskedForm(SpanFields, Once):
    """The days about which a source was asked."""

    source = one_of("Who was asked?", codes(SAFETY_SOURCES))
    first_on = day_field("About the days from")
    last_on = day_field("until")


def _hidden_version() -> forms.IntegerField:
    return forms.IntegerField(widget=forms.HiddenInput, label="Version of the record")


class ConsentForm(FileForm):
    """What the partner answered."""

    past = ("on",)
    consent = one_of("May the authority be told?", worded(ANSWERED))
    on = day_field("When did the partner answer?")
    version = _hidden_version()


class GroundForm(FileForm):
    """On what legal ground an authority is told without consent."""

    ground = one_of("What is the legal ground?", worded(Ground))
    reason = text_field("Why does it hold here?", 4, STAYS_HERE, required=True)
    version = _hidden_version()


class _Moment(FileForm):
    """A form with a day and a time that have come."""

    on = day_field("On which day?")
    at = HourField(label="At what time?", help_text="For example, 09:30")

    past = ("on",)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean()
        given["moment"] = self.moment("on", "at")
        if given["moment"] is not None and given["moment"] > timezone.now():
            self.add_error("at", "That time has not come yet.")
        return given


class TryForm(_Moment):
    """One attempt to tell the partner."""

    channel = one_of(
        "How did you try?", [(one.value, in_words(one)) for one in Channel],
        "Only by a way that is confirmed safe now. The file shows which.",
    )  # fmt: skip
    outcome = one_of("What came of it?", worded(Reached))
    note = text_field("Note", 3, STAYS_HERE)
    field_order = ("form_id", "channel", "outcome", "on", "at", "note")


class TellForm(_Moment):
    """That an authority was told."""

    authority = one_of("What kind of authority?", worded(Authority))
    recipient = line_field("Who was told?", "The office and, where known, the person.")
    content = text_field("What was told, in words", 6, "As little as the purpose needs.",
                         required=True)  # fmt: skip
    field_order = ("form_id", "authority", "recipient", "content", "on", "at")


class EndReportForm(FileForm):
    """Why nothing more is done about a report."""

    because = one_of("Why is nothing more done?", worded(ENDED_BY_HAND))
    version = _hidden_version()


