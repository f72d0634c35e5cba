"""What each variable of a research export means, and each of its values: the codebook's words."""

from __future__ import annotations

LEFT_OUT = [
    "Every day is a number of days since the person’s first referral, which is day 0; a day before "
    "it is negative. Keys are drawn anew for each export. Names, contact details, dates, the "
    "texts that anybody wrote and reasons in a worker’s own words are in no file.",
    "",
    "An empty value means that the fact is not known or does not apply; it is never 0. What "
    "clients and what partners say are different sources and are never pooled.",
]

_COMMON = {
    "key": "Person, within this export",
    "side": "Side on which the fact is held",
    "role": "Whether the person is a client or a partner",
    "source": "Who told it",
    "route": "How the referral came",
    "client_key": "Client, within this export",
    "partner_key": "Partner, within this export",
    "wave": "Time point of the answer",
    "answered_day": "Day of the answer",
    "first_day": "First day of the span",
    "last_day": "Last day of the span; empty: it has not ended",
}

VARIABLES: dict[str, dict[str, str]] = {
    "persons": {
        "": "One row for each referral of a person; a person referred twice has two rows.",
        "sex": "Sex as recorded",
        "referred_day": "Day of this referral",
        "contact": "Furthest contact",
        "stage": "Stage that the client has reached",
        "assessed_day": "Day of the assessment",
        "suitable_day": "Day on which the client was found suitable",
        "agreed_day": "Day of the signed agreement",
        "started_day": "Day of the start",
        "completed_day": "Day of the completion",
        "exited_day": "Day on which the client left",
        "exit_reason": "Why the client left",
        "contacted_day": "Day on which the person was first reached",
        "age_band": "Age band at the referral",
        "area": "Area in which the person lived when work began, by the service’s list",
        "language": "Language of the work",
        "risk": "Risk level as last assessed",
        "relationship": "Relation of the couple",
        "employment": "Employment when work began; empty: not asked, or not known",
        "children": "Children stated at the referral; 0: none",
        "violence_months": "How many months the violence had lasted, by the person’s own account",
        "needs": "Needs found, separated by commas; empty: not assessed",
    },
    "scales": {
        "": "One row for each person, scale and time point.",
        "scale": "Scale, or measure and part of it",
        "score": "Score as the measure defines it; empty: not enough was answered",
        "answered": "Questions that were answered",
        "items": "Questions that the scale has",
    },
    "answers": {
        "": "One row for each question that a person was asked at a time point.",
        "measure": "Measure",
        "item": "Question",
        "code": "Answer; empty: asked in vain",
        "about_key": "Client about whom a referrer answered",
    },
    "incidents": {
        "": "One row for each incident that a source told of.",
        "form": "Form of violence",
        "happened_day": "Day of the incident",
        "severity": "Severity from 1 (least) to 4; empty: not rated",
    },
    "followed": {
        "": "Spans of days about which a source was asked. Outside of them its silence "
        "says nothing."
    },
    "custody": {"": "Spans of days on which a client was in custody."},
    "attendance": {
        "": "One row for each mark of a client in a register.",
        "session_day": "Day of the session",
        "status": "Mark",
        "minutes_planned": "Minutes that the session was planned for",
        "minutes_attended": "Minutes that the client was there",
    },
    "treatments": {
        "": "Other treatments of clients.",
        "kind": "Kind of treatment",
        "started_day": "Day of its start",
        "ended_day": "Day of its end",
        "outcome": "How it went",
    },
    "hearings": {
        "": "One row for each time that a person’s case was heard by several agencies.",
        "forum": "Which meeting",
        "heard_day": "Day of the meeting",
    },
    "children": {
        "": "One row for each child and adult of the case.",
        "child_key": "Child, within this export",
        "adult_role": "Whether the adult is a client or a partner",
        "adult_key": "Adult, within this export",
        "plan": "Last known status of a child-protection plan",
    },
    "pairs": {
        "": "Couples: which client and which partner belong to one case.",
        "pair_key": "Couple, within this export",
    },
}
"""Table → variable → label; the table itself under the empty name."""

VALUES: dict[str, dict[str, str]] = {
    "side": {"programme": "work with the client", "safety": "partner support and coordination"},
    "role": {"client": "client", "partner": "partner"},
    "adult_role": {"client": "client", "partner": "partner"},
    "sex": {"male": "male", "female": "female", "other": "other", "unknown": "not known"},
    "contact": {
        "not_tried": "nobody has tried yet",
        "not_reached": "tried and not reached",
        "unsafe": "not safe to reach",
        "declined": "reached and declined",
        "engaged": "reached and engaged",
    },
    "source": {"agency": "another agency", "client": "the client", "partner": "the partner",
               "referrer": "the referrer",
               "worker": "a worker", "police": "the police"},
    "wave": {
        "first_contact": "T0, first contact",
        "before": "T1, before the programme",
        "middle": "T2, in its middle",
        "after": "T3, at its end",
        "follow_up": "T4, follow-up",
        "months_6": "six months after the end",
        "months_12": "twelve months after the end",
    },
    "form": {
        "physical": "physical violence",
        "sexual": "sexual violence",
        "psychological": "psychological violence",
        "economic": "economic violence",
        "control": "coercive control",
        "threats": "threats",
        "stalking": "stalking",
    },
    "outcome": {"completed": "completed", "left": "left before its end", "ongoing": "goes on",
                "unknown": "not known"},
    "forum": {"marac": "conference on victims at high risk",
              "matac": "conference on those who harm most",
              "case_meeting": "case meeting"},
}  # fmt: skip
"""Variable → code → what it means, where the codes are a closed list."""


def label_of(table: str, variable: str) -> str:
    """The label of a variable. Raises KeyError where there is none."""
    return VARIABLES[table].get(variable) or _COMMON[variable]
