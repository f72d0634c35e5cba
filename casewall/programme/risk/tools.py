"""Checklists and other tools that were filled in about a client, each by its own rule.

The answers and the scoring belong to the measures; here they are only read beside the assessment.
A structured judgement shows its ratings and has no total. A result is raised only where the
tool's own definition says so, with a reason, and never lowered.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.measures.definitions import Definition, DefinitionError
from casewall.measures.definitions import load as load_measure
from casewall.measures.kinds import WITHOUT_TOTAL
from casewall.measures.scoring import AnswerError, Score, band_words, judged, score
from casewall.programme.cases.models import Case
from casewall.programme.measuring.models import MeasureAnswer
from casewall.programme.risk.actions import CHANGED, may_write
from casewall.programme.risk.models import RaisedResult
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit, demand
from casewall.wall.ids import new_id
from casewall.wall.sides import Viewer

OF_A_WORKER = "worker"
UPWARD = "upward"


@dataclass(frozen=True, slots=True)
class Result:
    """What a tool came to: by its rule, and by a professional who raised it, where it may be."""

    answer: MeasureAnswer
    title: str
    words: str
    may_be_raised: bool
    raised: RaisedResult | None


def results_of(case: Case, viewer: Viewer) -> list[Result]:
    """The tools that workers filled in about a client, newest first. Two queries."""
    rows = (
        MeasureAnswer.objects.visible_to(viewer)
        .filter(case=case, source=OF_A_WORKER, answers__isnull=False)
        .select_related("case__client")
        .order_by("-answered_on", "measure", "id")
    )
    raised = {
        (one.answer_id, one.answer_version): one
        for one in RaisedResult.objects.visible_to(viewer).filter(case=case)
    }
    found = (_result(row, raised) for row in rows)
    return [one for one in found if one is not None]


def _result(row: MeasureAnswer, raised: dict[tuple[UUID, int], RaisedResult]) -> Result | None:
    scored = scored_of(row)
    if scored is None:
        return None
    definition, found = scored
    own = raised.get((row.pk, row.version))
    allowed = definition.scorer.judgement == UPWARD and not found.clinical and own is None
    return Result(row, definition.titles["en"], _words(definition, found), allowed, own)


def scored_of(row: MeasureAnswer) -> tuple[Definition, Score] | None:
    """A tool and its result by its own rule; None where the measure is no longer here."""
    try:
        definition = load_measure(row.measure, row.measure_version)
        return definition, score(definition, json.loads(row.answers or "{}"),
                                 sex=_known(row.case.client.sex))
    except (DefinitionError, AnswerError):
        return None


def _known(sex: str) -> str | None:
    return sex if sex in ("male", "female") else None


def _words(definition: Definition, found: Score) -> str:
    if definition.scorer.kind in WITHOUT_TOTAL:
        rated = len([one for one in found.ratings.values() if one])
        return f"{rated} of {len(found.ratings)} ratings given; there is no total"
    if found.value is None:
        least = f"; at the least {found.least:g}" if found.least is not None else ""
        return f"No result: {found.reason}{least}"
    span = f"{found.value:g} of {definition.score_to}"
    band = band_words(definition, found.band)
    return f"{span} ({band})" if band else span


def raise_result(
    *, answer: MeasureAnswer, reason: str, version: int, by: Viewer
) -> RaisedResult:
    """Raise the result of a checklist by professional judgement, with the reason.

    Raises `Refused` where the tool says nothing about it, where the result is high by its own
    rule, and without a reason; `StaleEdit` where the answers were corrected meanwhile.
    """
    demand(may_write(by.role))
    with acting(by):
        rows = MeasureAnswer.objects.visible_to(by).select_for_update(of=("self",))
        row: MeasureAnswer = rows.select_related("case__client").get(pk=answer.pk)
        known: RaisedResult | None = (
            RaisedResult.objects.visible_to(by)
            .filter(answer=row, answer_version=row.version)
            .first()
        )
        if known is not None:
            return known
        if row.version != version:
            raise StaleEdit(CHANGED)
        scored = scored_of(row)
        if scored is None:
            raise Refused("This measure is no longer installed here.")
        _may_raise(scored, reason)
        made = RaisedResult(
            id=new_id(), compartment=row.compartment, case=row.case, answer=row,
            answer_version=row.version, reason=reason.strip(), raised_on=timezone.localdate(),
            worker=by.worker,
        )  # fmt: skip
        made.save(force_insert=True)
        record(by=by, verb="raised the result of a checklist in", thing=row.case)
        return made


def _may_raise(scored: tuple[Definition, Any], reason: str) -> None:
    definition, found = scored
    try:
        said = judged(definition, found, high=True, reason=reason)
    except AnswerError as problem:
        raise Refused(str(problem)) from problem
    if said.by == "threshold":
        raise Refused("The result is high by its own rule: there is nothing to raise.")
