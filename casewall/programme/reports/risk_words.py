"""The codes of risk in each language that has texts. Other languages use English."""

from __future__ import annotations

from casewall.programme.risk.rules import SECTION_WORDS, Rating
from casewall.programme.risk.words import (
    FACTOR_WORDS,
    HAD_WORDS,
    LEVEL_WORDS,
    NOT_ASKED,
    RATING_WORDS,
    SOURCE_WORDS,
)

_EN: dict[str, dict[str, str]] = {
    "level": {one.value: text.lower() for one, text in LEVEL_WORDS.items()},
    "source": {one.value: text for one, text in SOURCE_WORDS.items()},
    "had": {**{one.value: text for one, text in HAD_WORDS.items()}, "not_asked": NOT_ASKED},
    "rating": {one.value: text.lower() for one, text in RATING_WORDS.items()},
    "section": {one.value: text for one, text in SECTION_WORDS.items()},
    "factor": {one.value: text for one, text in FACTOR_WORDS.items()},
    "tool": {"raised": "Raised to high by professional judgement"},
}
_DA: dict[str, dict[str, str]] = {
    "level": {"low": "lav", "medium": "mellem", "high": "høj", "very_high": "meget høj"},
    "source": {
        "client": "Klienten",
        "referrer": "Henviseren",
        "police": "Politiets oplysninger",
        "previous_programme": "Et tidligere forløb",
        "social_care": "Socialforvaltningen",
        "court_papers": "Retsdokumenter",
        "health": "Sundhedsvæsenet",
    },
    "had": {
        "had": "Indhentet",
        "asked": "Spurgt, svar afventes",
        "not_available": "Kan ikke indhentes",
        "not_asked": "Endnu ikke spurgt",
    },
    "rating": {
        Rating.ABSENT: "ikke til stede",
        Rating.POSSIBLE: "muligt",
        Rating.PRESENT: "til stede",
        Rating.OMITTED: "udeladt",
    },
    "section": {
        "violence": "Voldens historie",
        "substances": "Rusmidler, helbred og belastninger",
        "attitudes": "Holdninger og benægtelse",
        "children": "Børn",
        "strengths": "Styrker",
    },
    "factor": {
        "physical": "Fysisk vold mod en partner",
        "sexual": "Seksuel vold eller tvang",
        "control": "Kontrollerende eller nedværdigende adfærd",
        "stalking": "Stalking eller forfølgelse",
        "threat_to_kill": "Dødstrusler",
        "strangulation": "Kvælning eller greb om halsen",
        "weapon": "Brug af eller adgang til våben",
        "escalation": "Vold, der er blevet hyppigere eller grovere",
        "breaches": "Brud på påbud, vilkår eller aftaler",
        "other_violence": "Vold mod andre end en partner",
        "alcohol": "Skadeligt forbrug af alkohol",
        "drugs": "Brug af stoffer",
        "mental_health": "Psykisk sygdom, der har betydning for volden",
        "suicidality": "Tanker, trusler eller forsøg om selvmord",
        "strain": "Tab af arbejde, bolig, penge eller ophold",
        "denial": "Benægtelse eller bagatellisering af volden",
        "blame": "Lægger skylden for volden på andre",
        "beliefs": "Holdninger, der tillader vold eller kontrol",
        "jealousy": "Jalousi eller besiddertrang",
        "unwilling": "Uvilje mod at deltage eller ændre sig",
        "child_hurt": "Et barn er blevet skadet eller truet",
        "child_sees": "Børn ser eller hører volden",
        "child_used": "Børn bruges til at kontrollere den anden forælder",
        "contact_dispute": "Strid om samvær eller bopæl for børn",
        "responsibility": "Tager ansvar for volden",
        "wants_change": "Ønsker at ændre sig og er begyndt",
        "support": "Mennesker omkring klienten taler imod vold",
        "stable_life": "Fast arbejde, bolig eller hverdag",
        "other_help": "Tager imod anden nødvendig hjælp",
    },
    "tool": {"raised": "Hævet til høj ved faglig vurdering"},
}
_WORDS = {"en": _EN, "da": _DA}


def said(code: str, language: str, of: str) -> str:
    """A code of one kind in the words of a language; in English where it has none."""
    return _WORDS.get(language, _EN)[of][str(code)]
