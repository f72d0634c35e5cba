"""One version of an assessment as its page shows it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone

from casewall.programme.cases.lists import names_of, stage_tag
from casewall.programme.cases.parts import heads_of
from casewall.programme.risk.actions import (
    may_write,
    ratings_of,
    sources_of,
    texts_of,
    what_lacks,
)
from casewall.programme.risk.models import RiskAssessment
from casewall.programme.risk.reading import TOOL_COLUMNS, tool_row
from casewall.programme.risk.rules import (
    FACTORS,
    SECTION_WORDS,
    Factor,
    Level,
    Rated,
    Said,
    Section,
    Source,
    State,
    missing,
)
from casewall.programme.risk.tools import results_of
from casewall.programme.risk.words import (
    FACTOR_WORDS,
    HAD_WORDS,
    LEVEL_WORDS,
    NOT_ASKED,
    RATING_COLOURS,
    RATING_WORDS,
    SOURCE_WORDS,
    STATE_TAGS,
    level_tag,
)
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer

SOURCE_COLUMNS = ["Source", ("Was it had?", "tag"), "Since, or why not"]
FACTOR_COLUMNS = ["Factor", ("Rating", "tag"), "What it rests on"]
TEXT_WORDS = {
    "reasoning": "Why it is judged so",
    "recommendations": "Recommendations",
    "limits": "Limits",
}


def page_of(row: RiskAssessment, viewer: Viewer) -> dict[str, Any]:
    """Everything that the page of one version shows."""
    said, rated = sources_of(row, viewer), ratings_of(row, viewer)
    drafts = row.state == State.DRAFT and bool(may_write(viewer.role))
    signs = bool(may_do(viewer.role, Duty.SIGN_ASSESSMENT))
    waits = row.state == State.WAITING
    return {
        "case": row.case,
        "row": row,
        "stage": stage_tag(row.case.stage),
        "heads": heads_of(row.case, viewer, timezone.localdate()),
        "heading": f"Risk assessment, version {row.version}",
        "tag": STATE_TAGS[State(row.state)],
        "level": level_tag(row.level or row.judged) if row.level or row.judged else None,
        "proposed": not row.level,
        "case_url": f"{reverse('case', args=[row.case_id])}?show=risk",
        "facts": _facts(row),
        "source_columns": SOURCE_COLUMNS,
        "sources": [_source_row(one, said.get(one)) for one in Source],
        "gaps": [SOURCE_WORDS[one] for one in missing(said)],
        "factor_columns": FACTOR_COLUMNS,
        "parts": [_part(row, section, rated) for section in Section],
        "judgement": [(words, getattr(row, name)) for name, words in TEXT_WORDS.items()],
        "tool_columns": TOOL_COLUMNS,
        "tools": [tool_row(one, drafts) for one in results_of(row.case, viewer)],
        "lacks": what_lacks(row, viewer) if drafts else [],
        "drafts": drafts,
        "may_sign": signs and waits and not row.wrote(viewer.worker),
        "waits_for_another": signs and waits and row.wrote(viewer.worker),
        "report_url": reverse("document_new", args=[row.case_id, "risk_report"])
        if row.state == State.SIGNED and may_do(viewer.role, Duty.WRITE_DOCUMENT) else "",
    }  # fmt: skip


def _facts(row: RiskAssessment) -> list[tuple[str, Any]]:
    names = names_of([row.worker, row.signed_by])
    rows: list[tuple[str, Any]] = [
        ("Begun on", row.begun_on), ("Last written in by", names.get(row.worker)),
    ]
    if row.sent_on:
        rows.append(("Sent to be signed on", row.sent_on))
    if row.returned_on:
        rows += [("Returned on", row.returned_on), ("What must change", row.returned_note)]
    if row.signed_on:
        rows += [("Signed on", row.signed_on), ("Signed by", names.get(row.signed_by)),
                 ("To be reviewed by", row.review_on)]
    return rows


def _source_row(source: Source, said: Said | None) -> dict[str, Any]:
    if said is None:
        return {"cells": [SOURCE_WORDS[source], (NOT_ASKED, "yellow"), "–"]}
    since = f"{said.on:%-d %B %Y}" if said.on else ""
    colour = "green" if said.had == "had" else "yellow"
    return {"cells": [SOURCE_WORDS[source], (HAD_WORDS[said.had], colour),
                      said.reason or since or "–"]}


def _part(
    row: RiskAssessment, section: Section, rated: dict[Factor, Rated]
) -> dict[str, Any]:
    return {
        "heading": SECTION_WORDS[section],
        "text": texts_of(row)[section],
        "rows": [_factor_row(one, rated.get(one)) for one in FACTORS[section]],
        "url": reverse("risk_section", args=[row.pk, section]),
    }


def _factor_row(factor: Factor, rated: Rated | None) -> dict[str, Any]:
    if rated is None:
        return {"cells": [FACTOR_WORDS[factor], ("Not rated", "grey"), "–"]}
    return {"cells": [FACTOR_WORDS[factor],
                      (RATING_WORDS[rated.rating], RATING_COLOURS[rated.rating]),
                      rated.reason or "–"]}


def seen_meanwhile(row: RiskAssessment, part: str, viewer: Viewer) -> list[tuple[str, Any]]:
    """What somebody else saved while a form was open, to be held against what was typed."""
    if part == "judgement":
        level = LEVEL_WORDS[Level(row.judged)] if row.judged else None
        return [("Level", level), *((words, getattr(row, name))
                                    for name, words in TEXT_WORDS.items())]
    if part == "sources":
        said = sources_of(row, viewer)
        return [(SOURCE_WORDS[one], HAD_WORDS[said[one].had] if one in said else NOT_ASKED)
                for one in Source]
    section, rated = Section(part), ratings_of(row, viewer)
    return [("In words", getattr(row, section)),
            *((FACTOR_WORDS[one], RATING_WORDS[rated[one].rating] if one in rated else None)
              for one in FACTORS[section])]
