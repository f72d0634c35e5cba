"""Forms about incidents and proceedings of a case. Each keeps what was typed."""

from __future__ import annotations

from django import forms

from casewall.programme.cases.forms import OnceForm, StepForm
from casewall.programme.incidents.fields import (
    CourtDayFields,
    EndFields,
    HappenedFields,
    OutcomeFields,
    ProceedingFields,
    SpanFields,
    day_field,
    one_of,
    open_day,
    prose,
)
from casewall.programme.incidents.rules import DECIDED_BY_HAND, PROGRAMME_SOURCES, Custody
from casewall.programme.incidents.words import worded


class IncidentForm(HappenedFields, OnceForm):
    """An incident as this side knows it."""

    sources = PROGRAMME_SOURCES
    what = prose("What happened, in words",
                 "Only what the client, the police, the referrer or a worker of this side said. "
                 "The client may read it.", 5)
    field_order = ("form_id", "seen", "forms_of", "signs", "severity", "what", "happened_on",
                   "exact", "source", "told_on")


class ReviewForm(StepForm):
    """What a manager decides after an incident."""

    follows = one_of("What follows?", worded(DECIDED_BY_HAND))
    reason = forms.CharField(
        label="Why", max_length=4000, widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        error_messages={"required": "Say in words why you decide so."})
    version = forms.IntegerField(widget=forms.HiddenInput, label="Version of the record")


class ProceedingForm(ProceedingFields, OnceForm):
    """A proceeding as this side knows it."""

    sources = PROGRAMME_SOURCES
    field_order = ("form_id", "seen")


class EndForm(EndFields, StepForm):
    """Change or end a proceeding of a case."""


class CourtDayForm(CourtDayFields, OnceForm):
    """A day in court of a proceeding of a case."""

    sources = PROGRAMME_SOURCES
    field_order = ("form_id", "seen")


class DayOutcomeForm(OutcomeFields, StepForm):
    """What came of a day in court of a case."""


class CustodyForm(SpanFields, OnceForm):
    """Days in custody."""

    why = one_of("Why?", worded(Custody))
    first_on = day_field("From which day?")
    last_on = open_day("Until which day?", "Leave empty while the client is still there.")
    source = one_of("Who says so?", worded(PROGRAMME_SOURCES))


class ReleasedForm(SpanFields, StepForm):
    """When the client came out, or that the days were written down by mistake."""

    last_on = open_day("Until which day?", "Leave empty while the client is still there.")
    taken_back = forms.BooleanField(label="This was written down by mistake", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, label="Version of the record")


class AskedForm(SpanFields, OnceForm):
    """The days about which a source was asked."""

    source = one_of("Who was asked?", worded(PROGRAMME_SOURCES))
    first_on = day_field("About the days from")
    last_on = day_field("until")
