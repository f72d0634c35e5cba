"""The codes of risk as people read them."""

from __future__ import annotations

from typing import Any

from casewall.programme.risk.rules import (
    FACTORS,
    SECTION_WORDS,
    Factor,
    Had,
    How,
    Level,
    Rating,
    Section,
    Source,
    State,
    Trigger,
)

LEVEL_WORDS = {
    Level.LOW: "Low",
    Level.MEDIUM: "Medium",
    Level.HIGH: "High",
    Level.VERY_HIGH: "Very high",
}
LEVEL_COLOURS = {
    Level.LOW: "green",
    Level.MEDIUM: "yellow",
    Level.HIGH: "orange",
    Level.VERY_HIGH: "red",
}
STATE_TAGS = {
    State.DRAFT: ("Being written", "yellow"),
    State.WAITING: ("Waits for a signature", "orange"),
    State.SIGNED: ("Signed", "green"),
    State.SUPERSEDED: ("Superseded", "grey"),
}
SOURCE_WORDS = {
    Source.CLIENT: "The client",
    Source.REFERRER: "The referrer",
    Source.POLICE: "Police records",
    Source.PREVIOUS_PROGRAMME: "An earlier programme",
    Source.SOCIAL_CARE: "Social care",
    Source.COURT_PAPERS: "Court papers",
    Source.HEALTH: "Health care",
}
HAD_WORDS = {
    Had.HAD: "Had",
    Had.ASKED: "Asked, and waited for",
    Had.NOT_AVAILABLE: "Cannot be had",
}
NOT_ASKED = "Not asked yet"
HOW_WORDS = {
    How.INTERVIEW: "An interview",
    How.PHONE: "A call",
    How.MEETING: "A meeting",
    How.DOCUMENT: "A document",
}
RATING_WORDS = {
    Rating.ABSENT: "Absent",
    Rating.POSSIBLE: "Possible",
    Rating.PRESENT: "Present",
    Rating.OMITTED: "Left out",
}
RATING_COLOURS = {
    Rating.ABSENT: "grey",
    Rating.POSSIBLE: "yellow",
    Rating.PRESENT: "orange",
    Rating.OMITTED: "grey",
}
TRIGGER_WORDS = {
    Trigger.INCIDENT: "a new incident",
    Trigger.MISSED_SESSIONS: "two missed sessions",
    Trigger.PROCEEDING: "a new proceeding",
}
FACTOR_WORDS = {
    Factor.PHYSICAL: "Physical violence towards a partner",
    Factor.SEXUAL: "Sexual violence or coercion",
    Factor.CONTROL: "Controlling or humiliating behaviour",
    Factor.STALKING: "Stalking or following",
    Factor.THREAT_TO_KILL: "Threats to kill",
    Factor.STRANGULATION: "Strangulation, or hands on the neck",
    Factor.WEAPON: "Use of a weapon, or access to one",
    Factor.ESCALATION: "Violence that grew more frequent or graver",
    Factor.BREACHES: "Breaches of orders, bail or agreements",
    Factor.OTHER_VIOLENCE: "Violence towards others than a partner",
    Factor.ALCOHOL: "Harmful use of alcohol",
    Factor.DRUGS: "Use of drugs",
    Factor.MENTAL_HEALTH: "Mental illness that bears on the violence",
    Factor.SUICIDALITY: "Thoughts, threats or attempts of suicide",
    Factor.STRAIN: "Loss of work, home, money or residence",
    Factor.DENIAL: "Denial or playing down of the violence",
    Factor.BLAME: "Blaming others for the violence",
    Factor.BELIEFS: "Beliefs that allow violence or control",
    Factor.JEALOUSY: "Jealousy or possessiveness",
    Factor.UNWILLING: "Unwillingness to take part or to change",
    Factor.CHILD_HURT: "A child was hurt or threatened",
    Factor.CHILD_SEES: "Children see or hear the violence",
    Factor.CHILD_USED: "Children are used to control the other parent",
    Factor.CONTACT_DISPUTE: "A dispute over contact or residence of children",
    Factor.RESPONSIBILITY: "Takes responsibility for the violence",
    Factor.WANTS_CHANGE: "Wants to change, and has begun to",
    Factor.SUPPORT: "People around who speak against violence",
    Factor.STABLE_LIFE: "Steady work, home or routine",
    Factor.OTHER_HELP: "Takes other help that is needed",
}
WORDS: dict[type[Any], dict[Any, str]] = {
    Level: LEVEL_WORDS,
    Source: SOURCE_WORDS,
    Had: HAD_WORDS,
    How: HOW_WORDS,
    Rating: RATING_WORDS,
    Factor: FACTOR_WORDS,
    Section: SECTION_WORDS,
}


def worded(kind: type[Any]) -> list[tuple[str, str]]:
    """The codes of one kind with their words, in order: the choices of a question."""
    return [(member.value, WORDS[kind][member]) for member in kind]


def level_tag(level: str) -> tuple[str, str]:
    """A level as a tag."""
    return LEVEL_WORDS[Level(level)], LEVEL_COLOURS[Level(level)]


def section_of(factor: Factor) -> Section:
    """The part of an assessment in which a factor stands."""
    return next(section for section, factors in FACTORS.items() if factor in factors)


def listed(sources: Any) -> str:
    """Sources in one line, as they stand in a sentence."""
    return ", ".join(SOURCE_WORDS[one][:1].lower() + SOURCE_WORDS[one][1:] for one in sources)
