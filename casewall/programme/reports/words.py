"""What a document calls things, in each language that has texts. Other languages use English."""

from __future__ import annotations

from datetime import date, time

from django.utils import translation
from django.utils.formats import date_format, number_format

from casewall.programme.cases.rules import words
from casewall.programme.reports.rules import Kind

_WORDS: dict[str, dict[str, dict[str, str]]] = {
    "en": {
        "mark": {
            "attended": "attended",
            "late": "attended, came late",
            "left_early": "attended, left early",
            "not_participating": "attended, without taking part",
            "absent_accepted": "absent, reason accepted",
            "absent_not_accepted": "absent, no accepted reason",
        },
        "act": {
            "call": "Call to the client",
            "letter": "Letter to the client",
            "referrer_notice": "Notice to the referrer",
            "review": "Review of the place",
        },
        "course": {
            "waiting": "waiting to start",
            "running": "running",
            "on_break": "on an agreed break",
            "completed": "completed",
            "ended": "ended before completion",
        },
        "basis": {
            "release": "a release that the client signed",
            "court": "an order of a court",
            "duty_by_law": "a duty by law to report",
            "safeguarding": "safeguarding of a child or of an adult at risk",
        },
    },
    "da": {
        "mark": {
            "attended": "deltog",
            "late": "deltog, kom for sent",
            "left_early": "deltog, gik før tid",
            "not_participating": "til stede uden at deltage",
            "absent_accepted": "fravær, grund godtaget",
            "absent_not_accepted": "fravær uden godtaget grund",
        },
        "act": {
            "call": "Opkald til klienten",
            "letter": "Brev til klienten",
            "referrer_notice": "Meddelelse til henviseren",
            "review": "Drøftelse af pladsen",
        },
        "course": {
            "waiting": "venter på at begynde",
            "running": "i gang",
            "on_break": "aftalt pause",
            "completed": "gennemført",
            "ended": "ophørt før tid",
        },
        "basis": {
            "release": "et samtykke, som klienten har skrevet under på",
            "court": "en retskendelse",
            "duty_by_law": "en lovbestemt pligt til at oplyse",
            "safeguarding": "beskyttelse af et barn eller en udsat voksen",
        },
        "decision": {
            "suitable": "egnet",
            "not_suitable": "ikke egnet",
            "suitable_with_conditions": "egnet på betingelser",
            "conditional": "egnet på betingelser",
            "deferred": "udsat",
            "passed_on": "henvist videre",
        },
        "stage": {
            "referred": "henvist",
            "contacted": "kontaktet",
            "assessment_booked": "vurdering aftalt",
            "assessed": "vurderet",
            "suitable": "egnet",
            "agreement_signed": "aftale underskrevet",
            "waiting": "venter på plads",
            "started": "begyndt",
            "minimum_dose": "mindste fremmøde nået",
            "completed": "gennemført",
            "follow_up": "opfølgning",
            "closed": "afsluttet",
            "exited": "ophørt før tid",
            "withdrawn": "henvisning trukket tilbage",
        },
    },
}

TITLES: dict[str, dict[Kind, str]] = {
    "en": {
        Kind.MISSED_SESSION: "Letter about a missed session",
        Kind.INVITATION: "Invitation",
        Kind.PLACE_OFFERED: "Place offered",
        Kind.ATTENDANCE_REPORT: "Attendance report",
        Kind.ABSENCE_NOTICE: "Notice of absence",
        Kind.EXIT_NOTICE: "Notice of exit",
        Kind.COMPLETION_NOTICE: "Notice of completion",
        Kind.DECISION_REPORT: "Decision on suitability",
        Kind.RISK_REPORT: "Risk assessment report",
        Kind.CERTIFICATE: "Certificate of completion",
    },
    "da": {
        Kind.MISSED_SESSION: "Brev om udeblivelse",
        Kind.INVITATION: "Indkaldelse",
        Kind.PLACE_OFFERED: "Tilbud om plads",
        Kind.ATTENDANCE_REPORT: "Rapport om fremmøde",
        Kind.ABSENCE_NOTICE: "Meddelelse om fravær",
        Kind.EXIT_NOTICE: "Meddelelse om ophør",
        Kind.COMPLETION_NOTICE: "Meddelelse om gennemført forløb",
        Kind.DECISION_REPORT: "Afgørelse om egnethed",
        Kind.RISK_REPORT: "Rapport om risikovurdering",
        Kind.CERTIFICATE: "Bevis for gennemført forløb",
    },
}
"""The title that a file carries: what it is, and nobody's name."""


def worded(of: str, code: str, language: str) -> str:
    """A code in the words of a language; its English words where there are no others."""
    if not code:
        return ""
    for known in (language, "en"):
        found = _WORDS.get(known, {}).get(of, {}).get(code)
        if found:
            return found
    return words(code)


def title_of(kind: Kind, language: str) -> str:
    """What a document is called."""
    return TITLES.get(language, TITLES["en"])[kind]


def day_in_words(day: date | None, language: str) -> str:
    """A day as the language writes it; nothing where there is none."""
    if day is None:
        return ""
    with translation.override(_locale(language)):
        return str(date_format(day, "j F Y" if language == "en" else "DATE_FORMAT"))


def time_in_words(moment: time | None) -> str:
    """A time of day in 24 hours."""
    return f"{moment:%H:%M}" if moment else ""


def hours_in_words(minutes: int, language: str) -> str:
    """Minutes as hours: with one decimal where they are not whole."""
    hours = round(minutes / 60, 1)
    with translation.override(_locale(language)):
        return str(number_format(hours, 0 if hours == int(hours) else 1))


def _locale(language: str) -> str:
    return "en-gb" if language == "en" else language
