"""The facts of a report on risk: from the signed assessment of this side, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from casewall.programme.cases.lists import names_of
from casewall.programme.cases.models import Case, Statement
from casewall.programme.reports.risk_words import said
from casewall.programme.reports.rules import Basis, Purpose, repeated
from casewall.programme.reports.words import day_in_words
from casewall.programme.risk.actions import ratings_of, signed_of, sources_of
from casewall.programme.risk.commissions.actions import open_commissions
from casewall.programme.risk.models import Commission, RiskAssessment
from casewall.programme.risk.rules import FACTORS, Factor, Had, Rated, Said, Section, Source
from casewall.programme.risk.terms.rules import By as CommissionedBy
from casewall.programme.risk.tools import Result, results_of
from casewall.wall.decide import Refused
from casewall.wall.sides import Viewer

TEXTS = ("reasoning", "recommendations", "limits", *Section)


@dataclass(frozen=True, slots=True)
class RiskRecords:
    """What is on file of the risk of one case, each kind read once."""

    signed: RiskAssessment
    sources: Mapping[Source, Said]
    ratings: Mapping[Factor, Rated]
    tools: list[Result] = field(default_factory=list)
    names: Mapping[UUID, str] = field(default_factory=dict)


def risk_records(case: Case, by: Viewer) -> RiskRecords | None:
    """The signed assessment of a case with what belongs to it; None where none is signed."""
    row = signed_of(case, by)
    if row is None:
        return None
    return RiskRecords(
        row, sources_of(row, by), ratings_of(row, by), results_of(case, by),
        names_of([row.worker, row.signed_by]),
    )  # fmt: skip


def risk_facts(records: RiskRecords | None, language: str) -> dict[str, Any]:
    """The facts of the allow-list about risk, in the language of the document."""
    if records is None:
        return {}
    row = records.signed
    return {
        "risk_level": said(row.level, language, "level"),
        "risk_signed_on": day_in_words(row.signed_on, language),
        "risk_version": str(row.version),
        "risk_review_on": day_in_words(row.review_on, language),
        "risk_assessor": records.names.get(row.worker, ""),
        "risk_signer": records.names.get(row.signed_by, "") if row.signed_by else "",
        **{f"risk_{name}": getattr(row, name) or "" for name in TEXTS},
        "risk_sources": [
            _source(one, records.sources.get(one), language)
            for one in Source if _was_had(records, one)
        ],
        "risk_missing": [
            _source(one, records.sources.get(one), language)
            for one in Source if not _was_had(records, one)
        ],
        "risk_ratings": [
            {"part": said(section, language, "section"), "name": said(one, language, "factor"),
             "rating": said(records.ratings[one].rating, language, "rating"),
             "reason": records.ratings[one].reason}
            for section, factors in FACTORS.items() for one in factors if one in records.ratings
        ],
        "risk_tools": [
            {"name": one.title, "date": day_in_words(one.answer.answered_on, language),
             "result": _result(one, language)}
            for one in records.tools
        ],
    }  # fmt: skip


def _was_had(records: RiskRecords, source: Source) -> bool:
    return source in records.sources and records.sources[source].had is Had.HAD


def _source(source: Source, known: Said | None, language: str) -> dict[str, str]:
    return {
        "name": said(source, language, "source"),
        "state": said(known.had if known else "not_asked", language, "had"),
        "since": (known.reason or day_in_words(known.on, language)) if known else "",
    }


def _result(one: Result, language: str) -> str:
    if one.raised is None:
        return one.words
    return f"{one.words}. {said('raised', language, 'tool')}: {one.raised.reason}"


def commission_facts(commission: Commission | None, language: str) -> dict[str, str]:
    """Who commissioned the assessment, and when."""
    if commission is None:
        return {}
    return {
        "commissioned_by": commission.commissioned_by,
        "commissioned_on": day_in_words(commission.asked_on, language),
    }


def commissioned(case: Case, by: Viewer) -> dict[str, Any]:
    """What the commission that is due first says of a report: for whom it is, and the ground."""
    for first in open_commissions(case, by)[:1]:
        said_so = {"commission": first.pk, "recipient": first.commissioned_by}
        if first.commissioner == CommissionedBy.COURT:
            return {**said_so, "basis": Basis.COURT, "purpose": Purpose.COURT}
        return said_so
    return {}


def refuse_statements(case: Case, facts: Mapping[str, Any], by: Viewer) -> None:
    """Raise `Refused` where a text holds words of a statement that an approved disclosure brought.

    Such a statement is for knowledge only. One query.
    """
    rows = Statement.objects.visible_to(by).filter(case=case).order_by("arrived_on", "id")
    statements = [str(row.text) for row in rows]
    for text in _texts(facts):
        words = repeated(text, statements)
        if words:
            raise Refused(
                f"“{words}” stands in a statement that is for knowledge only, so it may not go "
                "out. Take it out, or write what another source says in that source's words."
            )


def _texts(facts: Mapping[str, Any]) -> list[str]:
    reasons = [row["reason"] for row in facts.get("risk_ratings", ())]
    return [facts.get("own_words", ""), *(facts.get(f"risk_{name}", "") for name in TEXTS),
            *reasons, *(row["since"] for row in facts.get("risk_missing", ())),
            *(row["result"] for row in facts.get("risk_tools", ()))]
