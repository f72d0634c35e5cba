"""A programme template in words, for the reading pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from casewall.programme.curriculum.rules import hours_words
from casewall.services.kinds import Dose
from casewall.services.programmes import LadderStep, Template

ACTS = {
    "call": "call the client",
    "letter": "write to the client",
    "referrer_notice": "tell the referrer",
    "review": "review the course",
}

EVENTS = {
    "decision": "The decision on suitability",
    "absence": "An absence",
    "exit": "An exit",
    "completion": "A completion",
    "midpoint": "The midpoint",
    "level_change": "A change of level",
}


def step_words(step: LadderStep) -> str:
    """A step of the ladder in words: when it is reached."""
    number, several = str(step.after), step.after > 1
    match step.counting:
        case "unaccepted_in_a_row":
            text = (
                f"{number} absences in a row that were not accepted"
                if several
                else "An absence that was not accepted"
            )
        case "unaccepted":
            text = (
                f"{number} absences that were not accepted"
                if several
                else "The first absence that was not accepted"
            )
        case "absences":
            text = f"{number} absences of any kind" if several else "The first absence"
        case "late":
            text = f"Late {number} times" if several else "Late for the first time"
    return text + (" within a phase" if step.within == "phase" else "")


def _dose(dose: Dose) -> str:
    parts = [f"{dose.sessions} sessions"] if dose.sessions is not None else []
    parts += [f"{hours_words(dose.hours)} hours"] if dose.hours is not None else []
    return " and ".join(parts)


def facts_of(template: Template, retired_on: date | None) -> list[tuple[str, Any]]:
    """What a reader wants first: approach, length, dose, limits."""
    programme = template.programme
    ending = programme.completion
    return [
        ("Service", template.service),
        ("Agency", programme.agency),
        ("Approach", ", ".join(programme.approaches).replace("_", "-")),
        ("Methods", ", ".join(programme.methods) or None),
        ("Languages", ", ".join(programme.languages) or None),
        ("Components", ", ".join(component.name for component in template.components)),
        ("Length", f"{programme.weeks} weeks" if programme.weeks else "no set length"),
        ("Planned", f"{len(programme.schedule)} sessions, {hours_words(template.hours)} hours"),
        ("Minimum dose", _dose(programme.minimum_dose)),
        (
            "Extensions, most",
            f"{ending.extension_weeks_most} weeks" if ending.extension_weeks_most else "no limit",
        ),
        (
            "Breaks, most",
            f"{ending.break_days_most} days" if ending.break_days_most else "no limit",
        ),
        ("Follow-up after", ", ".join(map(str, ending.follow_up_months)) + " months"),
        (
            "Contact with the client after a register",
            f"{template.contact_delay_hours} hours later, for everybody",
        ),
        *([("Retired on", retired_on)] if retired_on else []),
    ]


def schedule_rows(template: Template) -> list[dict[str, Any]]:
    """The planned sessions in the order of the template."""
    rows = []
    for planned in template.programme.schedule:
        phase = template.phase_of(planned.module)
        rows.append(
            {
                "cells": [
                    planned.title,
                    planned.number,
                    template.component(planned.component).name,
                    template.module(planned.module).name,
                    phase.name if phase else "–",
                    template.minutes_of(planned),
                ]
            }
        )
    return rows


def level_rows(template: Template) -> list[dict[str, Any]]:
    """The levels, where the programme has any."""
    return [
        {
            "cells": [
                level.name,
                level.months,
                level.sessions,
                hours_words(level.hours) if level.hours is not None else "–",
                level.authority,
            ]
        }
        for level in template.programme.levels
    ]


def ladder_rows(template: Template) -> list[dict[str, Any]]:
    """The steps of the absence ladder."""
    return [
        {"cells": [step_words(step), ", ".join(ACTS[act] for act in step.proposes), step.authority]}
        for step in template.programme.ladder
    ]


def criteria_rows(template: Template) -> list[tuple[str, bool]]:
    """The criteria of completion, and whether each is required."""
    return [(one.text, one.required) for one in template.programme.completion.criteria]


def notice_rows(template: Template) -> list[dict[str, Any]]:
    """What the referrer is told, and how soon."""
    return [
        {"cells": [EVENTS[notice.of], f"{notice.within_days} days", notice.authority]}
        for notice in template.programme.notices
    ]


def sources_of(template: Template) -> list[tuple[str, str]]:
    """Where the numbers come from, part by part."""
    programme = template.programme
    found = [
        ("Programme", programme.authority),
        ("Minimum dose", programme.minimum_dose.authority),
        ("Completion", programme.completion.authority),
    ]
    for label, table in (
        ("Programme", programme),
        ("Minimum dose", programme.minimum_dose),
        ("Completion", programme.completion),
    ):
        found += [
            (f"{label}: {key.replace('_', ' ')}", text) for key, text in table.authority_of.items()
        ]
    return found
