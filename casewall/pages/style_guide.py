"""Every component on one page, with invented content. For tests and development only."""

import datetime

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from casewall.pages.charts import (
    Bar,
    Drawing,
    Point,
    Series,
    Stage,
    bar_chart,
    flow_chart,
    wave_chart,
)
from casewall.pages.charts.told import flow_drawing, series_drawing
from casewall.pages.context import SIDES
from casewall.pages.dates import DayMonthYearField

TODAY = datetime.date(2026, 3, 3)
CALLED_AT = datetime.datetime(2026, 1, 14, 10, 30, tzinfo=datetime.UTC)
LANGUAGES = [("da", "Danish"), ("ar", "Arabic"), ("en", "English")]
ROUTES = [("police", "Police"), ("self", "The client"), ("social", "Social care")]
OUTCOMES = [
    ("attended", "Attended"),
    ("late", "Came late"),
    ("excused", "Absent, told us"),
    ("absent", "Absent"),
]


class Sample(forms.Form):
    """One field of every kind."""

    full_name = forms.CharField(label="Name", help_text="As the person writes it.")
    phone = forms.CharField(
        label="Phone",
        required=False,
        widget=forms.TextInput(
            attrs={"class": "govuk-input--width-20", "type": "tel", "dir": "ltr"}
        ),
    )
    born_on = DayMonthYearField(label="Date of birth", help_text="For example, 27 3 1985")
    seen_on = forms.DateField(
        label="Seen on", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    language = forms.ChoiceField(label="Language", choices=LANGUAGES)
    route = forms.ChoiceField(
        label="Who made the referral?", choices=ROUTES, widget=forms.RadioSelect
    )
    needs = forms.MultipleChoiceField(
        label="What is needed?",
        required=False,
        help_text="Choose all that apply.",
        choices=[
            ("interpreter", "An interpreter"),
            ("evening", "An evening group"),
            ("travel", "Help with travel"),
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    agrees = forms.BooleanField(label="The agreement has been signed")
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"rows": 4}))
    letter = forms.FileField(label="Letter", required=False)


class Narrow(forms.Form):
    """A filter of a list."""

    stage = forms.ChoiceField(
        label="Stage", required=False, choices=[("", "All"), ("start", "Started")]
    )
    worker = forms.ChoiceField(label="Worker", required=False, choices=[("", "Everybody")])


@login_not_required
def guide(request: HttpRequest) -> HttpResponse:
    """The guide; `?dir=rtl`, `?side=safety` and `?errors=1` show its variants."""
    typed = {
        "full_name": "Anders Prøve",
        "born_on_day": "31",
        "born_on_month": "2",
        "born_on_year": "1985",
        "language": "da",
    }
    form = Sample(typed if request.GET.get("errors") else None)
    side = request.GET.get("side", "programme")
    arabic = request.GET.get("dir") == "rtl"
    content = {
        "form": form,
        "direction": "rtl" if arabic else "ltr",
        "side": side,
        "side_label": SIDES.get(side, ""),
        "side_class": "cw-side-" + side.replace("_", "-"),
        "site_name": "Casewall",
        "demo": True,
        "navigation": _navigation(),
        "search_url": "/",
        "narrow": Narrow(),
        "chosen": [("Stage: started", "?"), ("Group: Tuesday", "?")],
        "today": TODAY,
        "now": datetime.datetime(2026, 3, 3, 14, 5, tzinfo=datetime.UTC),
        "name": "سامر مثال" if arabic else "Anders Prøve",
        **_PERSON,
        **_LISTS,
        "charts": drawings(),
        "figures": _figures(),
        "points": ["The letter goes to the address on file.", "It cannot be called back."],
        "colours": ["grey", "green", "teal", "blue", "purple", "pink", "red", "orange", "yellow"],
        "outcomes": OUTCOMES,
    }
    return render(request, "pages/style_guide.html", content)


@login_not_required
def public(request: HttpRequest) -> HttpResponse:
    """The front door's look, with the button for leaving."""
    return render(
        request,
        "pages/style_guide_public.html",
        {
            "direction": "rtl" if request.GET.get("dir") == "rtl" else "ltr",
            "side": "front_door",
            "side_class": "cw-side-front-door",
            "site_name": "Questions and answers",
            "form": Sample({"full_name": ""}) if request.GET.get("errors") else Sample(),
        },
    )


def drawings() -> list[Drawing]:
    """One chart of each kind, on invented numbers."""
    bars = bar_chart(
        title="Declined or not reached (invented numbers)",
        description="Share of the people referred, by who made the referral.",
        bars=[
            Bar("Police", 18.6, 73, 392, 15.1, 22.8),
            Bar("Social care or another service of the municipality", 41.0, 16, 39, 27.1, 56.6),
            Bar("The client", None, note="Fewer than eight people"),
            Bar("Not known", 0, 0, 12, 0, 24.2),
        ],
    )
    waves = wave_chart(
        title="Freedom to act, mean score (invented numbers)",
        description="Mean of the scale from 0 to 10, with 95% intervals, for two groups.",
        waves=["Before", "After", "At follow-up after six months"],
        series=[
            Series(
                "Group programme",
                [Point(3.1, 2.6, 3.6, 88), Point(5.6, 5.0, 6.2, 71), Point(6.2, 5.4, 7.0, 49)],
            ),
            Series("One to one", [Point(3.4, 2.5, 4.3, 31), None, Point(5.1, 3.8, 6.4, 17)]),
        ],
        minimum=0,
        maximum=10,
    )
    flow = flow_chart(
        title="From referral to the end of the programme (invented numbers)",
        description="How many people reached each stage.",
        stages=[
            Stage("Referred", 392),
            Stage("Reached", 319),
            Stage("Assessed suitable", 240),
            Stage("Started", 212),
            Stage("Completed", 107),
        ],
    )
    return [bars, waves, flow, flow_drawing(_LOST), *(series_drawing(one) for one in _SERIES)]


_LOST: dict = {
    "title": "Who was lost, and why (invented numbers)",
    "steps": [
        {"label": "Referred", "count": 392, "unrecorded": 0,
         "lost": [{"reason": "not reached", "count": 40}, {"reason": "not tried", "count": 12}]},
        {"label": "Came to the service", "count": 340, "unrecorded": 3,
         "lost": [{"reason": "left: moved", "count": 128}]},
        {"label": "Started the programme", "count": 212, "unrecorded": 0, "lost": []},
    ],
    "answers": [
        {"label": "Before (T1)", "answered": 201, "not_asked": 91,
         "silent": [{"reason": "preferred not to", "count": 100}]},
    ],
}
_SERIES: list[dict] = [
    {
        "kind": "change",
        "title": "Before and after, by who answered (invented numbers)",
        "description": "Means from 0 to 100 of those who answered both times.",
        "first": "Before (T1)",
        "second": "After (T3)",
        "rows": [
            {"label": "Abuse", "who": "Partner", "first": {"value": 61, "n": 88},
             "second": {"value": 34, "n": 88}, "change": -27, "low": -33, "high": -21,
             "counted": "88 of 131"},
            {"label": "Abuse", "who": "Client", "first": {"value": 38, "n": 94},
             "second": {"value": 17, "n": 94}, "change": -21, "low": -26, "high": -16,
             "counted": "94 of 107"},
        ],
    },
    {
        "kind": "survival",
        "title": "Without a new incident, by who tells (invented numbers)",
        "description": "The band is the 95% interval.",
        "ticks": [[0, "0"], [183, "6 months"], [365, "12"]],
        "curves": [
            {"label": "Partners themselves", "at_risk": [120, 71, 40], "until": 365,
             "steps": [[0, 100, None, None], [90, 78, 70, 84], [240, 61, 51, 69]]},
            {"label": "Police about clients", "at_risk": [107, 88, 60], "until": 365,
             "steps": [[0, 100, None, None], [120, 91, 84, 95], [300, 84, 75, 90]]},
        ],
    },
    {
        "kind": "stacked",
        "title": "Do you feel safer? (invented numbers)",
        "description": "Answers of partners at two time points; who was not asked is not in it.",
        "answers": ["Yes", "A little", "No"],
        "rows": [
            {"label": "After (T3)", "counts": [52, 21, 15], "note": ""},
            {"label": "At follow-up (T4)", "counts": [31, 12, 14], "note": ""},
        ],
    },
]
"""What newer charts are drawn from, as an extract gives it."""


def _navigation() -> list[dict]:
    labels = ("Today", "Clients", "Groups", "Referrals", "Figures")
    return [{"label": label, "url": "?", "current": label == "Clients"} for label in labels]


_PERSON: dict = {
    "facts": [
        ("Born", datetime.date(1985, 3, 27)),
        ("Language", "Danish"),
        ("Worker", "Mette Opdigtet"),
        ("Phone", None),
    ],
    "flags": [
        ("Interpreter needed", "blue"),
        ("Do not send letters", "red"),
        ("Court date near", "orange"),
    ],
    "dates": [
        ("Referred", datetime.date(2026, 1, 12)),
        ("Assessed", datetime.date(2026, 2, 2)),
        ("Started", None),
    ],
    "actions": [("Record a contact", "?"), ("Book", "?")],
    "sections": [
        {"label": "Overview", "url": "?", "current": True},
        {"label": "Contacts", "url": "?", "current": False, "count": 12},
        {"label": "Attendance", "url": "?", "current": False},
        {"label": "Measures", "url": "?", "current": False, "count": 2},
    ],
    "entries": [
        {
            "title": "Referral received",
            "when": datetime.date(2026, 1, 12),
            "by": "Intake",
            "text": "From the police, by file.",
        },
        {
            "title": "Phone call",
            "when": CALLED_AT,
            "by": "Mette Opdigtet",
            "text": "Agreed to come to a first meeting.",
            "label": ("Reached", "green"),
        },
        {
            "title": "Assessment",
            "when": datetime.date(2026, 2, 2),
            "by": "Jonas Fiktiv",
            "text": "Suitable for the Tuesday group.\n\nAn interpreter is not needed.",
            "url": "?",
        },
    ],
    "rows": [
        ("Address", "Opfundne Vej 1"),
        ("E-mail", None, "Change", "?"),
        ("Agreement signed on", datetime.date(2026, 2, 9), "Change", "?"),
    ],
}


_LISTS: dict = {
    "tasks": [
        {
            "due": datetime.date(2026, 3, 4),
            "what": "Assessment of",
            "who": "Bo Digt",
            "url": "?",
            "tag": ("Booked", "teal"),
        },
        {
            "due": datetime.date(2026, 2, 28),
            "what": "Call",
            "who": "Anders Prøve",
            "url": "?",
            "note": "Two sessions missed in a row",
            "tag": ("Overdue", "red"),
        },
        {"due": TODAY, "what": "Register of the Tuesday group", "url": "?"},
    ],
    "columns": [
        "Name",
        ("Stage", "tag"),
        ("Referred", "date"),
        ("Sessions", "number"),
        "Worker",
    ],
    "cases": [
        {
            "cells": [
                "Anders Prøve",
                ("Started", "green"),
                datetime.date(2026, 1, 12),
                14,
                "Mette Opdigtet",
            ],
            "url": "?",
        },
        {
            "cells": ["سامر مثال", ("Waiting", "yellow"), datetime.date(2026, 2, 20), 0, None],
            "url": "?",
        },
        {
            "cells": [
                "Bo Digt",
                ("Left early", "orange"),
                datetime.date(2025, 9, 1),
                5,
                "Jonas Fiktiv",
            ],
            "url": "?",
        },
    ],
    "people": [
        {"key": "a", "name": "Anders Prøve", "value": "attended", "note": "Session 14 of 24"},
        {
            "key": "b",
            "name": "Bo Digt",
            "note": "Missed the last session",
            "error": "Say whether Bo Digt came.",
        },
        {"key": "c", "name": "سامر مثال", "url": "?"},
    ],
}


def _figures() -> list[dict]:
    return [
        {
            "label": "Declined or not reached",
            "numerator": 73,
            "denominator": 392,
            "value": 18.62,
            "unit": "%",
            "interval": [15.07, 22.78],
            "missing": 0,
            "source": "worker",
            "printed": "18%",
            "definition": "Of all clients referred",
        },
        {
            "label": "No violence since",
            "numerator": 44,
            "denominator": 61,
            "value": 72.1,
            "unit": "%",
            "interval": [59.8, 81.8],
            "missing": 27,
            "response_rate": 69.3,
            "source": "partner",
            "bounds": [50.0, 80.7],
        },
        {"label": "Children living with the client", "suppressed": True, "source": "client"},
    ]
