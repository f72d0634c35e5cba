"""Further facts of an extract: what was stated, asked and suffered, from either side.

Plain SQL over codes, days and identifiers. Each query takes the service; what has been superseded
or withdrawn is left to its caller, who knows which cases and files count.
"""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from casewall.measures.definitions import DefinitionError, load
from casewall.measures.kinds import PREFER_NOT_TO_SAY

LANGUAGES = """
    select c.id, nullif(k.language, '') as language
    from programme_cases_case c
    join programme_cases_client k on k.id = c.client_id
    where c.service = %s"""

CHILDREN_STATED = """
    select distinct on (s.case_id) s.case_id, s.answer, s.number
    from programme_needs_familystatement s
    join programme_cases_case c on c.id = s.case_id
    where c.service = %s and s.of = 'children'
    order by s.case_id, s.stated_on desc, s.version desc, s.id"""

NEEDS = """
    select distinct on (n.case_id, n.kind) n.case_id, n.kind, n.level
    from programme_needs_need n
    join programme_cases_case c on c.id = n.case_id
    where c.service = %s
    order by n.case_id, n.kind, n.recorded_at desc, n.id"""

CIRCUMSTANCES_OF_CLIENTS = """
    select s.case_id as id, s.area, s.employment, s.age_band
    from programme_needs_circumstances s
    join programme_cases_case c on c.id = s.case_id
    where c.service = %s
    order by s.case_id, s.stated_on, s.recorded_at desc, s.id"""

CIRCUMSTANCES_OF_PARTNERS = """
    select s.file_id as id, s.area, s.employment, s.age_band, s.months as violence_months
    from safety_support_partnercircumstances s
    join safety_partners_partnerfile f on f.id = s.file_id
    where f.service = %s
    order by s.file_id, s.stated_on, s.recorded_at desc, s.id"""

MONTHS_OF_CLIENTS = """
    select distinct on (v.case_id) v.case_id as id, v.months as violence_months
    from programme_needs_violencehistory v
    join programme_cases_case c on c.id = v.case_id
    where c.service = %s and v.months is not null
    order by v.case_id, v.stated_on desc, v.recorded_at desc, v.id"""

RISK_OF_CLIENTS = """
    select distinct on (r.case_id) r.case_id as id, r.level as risk
    from programme_risk_riskassessment r
    join programme_cases_case c on c.id = r.case_id
    where c.service = %s and r.level <> ''
    order by r.case_id, r.version desc"""

RISK_OF_PARTNERS = """
    select distinct on (r.file_id) r.file_id as id, r.level as risk
    from safety_risk_jointrisk r
    join safety_partners_partnerfile f on f.id = r.file_id
    where f.service = %s and r.level <> ''
    order by r.file_id, r.reviewed_on desc nulls last, r.id"""

CLIENTS_REACHED = """
    select a.case_id, min(a.tried_at)::date as first_on
    from programme_cases_contactattempt a
    join programme_cases_case c on c.id = a.case_id
    where c.service = %s and a.outcome = any(%s)
    group by a.case_id"""

PARTNERS_REACHED = """
    select a.file_id, min(a.tried_at)::date as first_on
    from safety_partners_partnercontact a
    join safety_partners_partnerfile f on f.id = a.file_id
    where f.service = %s and a.outcome = any(%s)
    group by a.file_id"""

FILES = """
    select f.id, nullif(f.relation, 'unknown') as relation, nullif(p.language, '') as language
    from safety_partners_partnerfile f
    join safety_partners_partner p on p.id = f.partner_id
    where f.service = %s"""

CHILDREN = """
    select coalesce(c.same_as_id, c.id) as child, a.file_id, a.case_id,
        (select p.plan from safety_children_planstatus p
         where p.child_id = c.id order by p.since desc, p.recorded_at desc, p.id limit 1) as plan
    from safety_children_childadult a
    join safety_children_child c on c.id = a.child_id
    where c.service = %s and a.ended_on is null"""

NO_NEED = "none"
ANSWERED = ("spoke", "declined", "may_return")
"""Outcomes of an attempt for which the person answered."""


def stated_number(answer: str, number: int | None) -> int | None:
    """How many children were stated: 0 for *none*, None where nobody knows how many."""
    return 0 if answer == "none" else number


def needs_of(rows: list[Any]) -> dict[UUID, str]:
    """The needs of each case that are known to exist, as codes in order, between commas; empty
    where all that were asked about are none. *Not known* is no need, and is not *none*."""
    found: dict[UUID, set[str]] = {}
    for row in rows:
        if row.level == "not_known":
            continue
        needs = found.setdefault(row.case_id, set())
        if row.level != "none":
            needs.add(row.kind)
    return {case: ",".join(sorted(needs)) for case, needs in found.items()}


def _columns(row: Any) -> dict[str, Any]:
    return {name: value for name, value in vars(row).items() if name != "id"}


def at_intake(rows: list[Any]) -> dict[UUID, dict[str, Any]]:
    """The circumstances of each case or file when work with it began, as columns of `Person`.

    Of each fact the first day counts on which somebody said it, and of that day the last entry,
    which puts the others right. `rows` come in that order. *Asked, not known* is not known.
    """
    found: dict[UUID, dict[str, Any]] = {}
    for row in rows:
        facts = found.setdefault(row.id, {})
        for name, value in _columns(row).items():
            if value not in ("", None, "not_known"):
                facts.setdefault(name, value)
    return found


def person_facts(safety: dict[str, list[Any]], programme: dict[str, list[Any]]) -> dict[UUID, Any]:
    """Facts of a person by the case or file, as columns of `Person`; absent where not known."""
    facts: dict[UUID, dict[str, Any]] = {}
    for row in programme["languages"]:
        facts.setdefault(row.id, {})["language"] = row.language
    for row in programme["children_stated"]:
        facts.setdefault(row.case_id, {})["children"] = stated_number(row.answer, row.number)
    for case, needs in needs_of(programme["needs"]).items():
        facts.setdefault(case, {})["needs"] = needs or NO_NEED
    for row in programme["reached"]:
        facts.setdefault(row.case_id, {})["contacted_on"] = row.first_on
    for row in (*programme["months"], *programme["risk"], *safety["risk"]):
        facts.setdefault(row.id, {}).update(_columns(row))
    for whose in (programme["circumstances"], safety["circumstances"]):
        for owner, stated in at_intake(whose).items():
            facts.setdefault(owner, {}).update(stated)
    for row in safety["files"]:
        facts.setdefault(row.id, {}).update(relationship=row.relation, language=row.language)
    for row in safety["reached"]:
        facts.setdefault(row.file_id, {})["contacted_on"] = row.first_on
    return facts


INCIDENTS_OF_CLIENTS = """
    select i.case_id, i.source, i.happened_on, i.severity, i.forms
    from programme_incidents_incident i
    join programme_cases_case c on c.id = i.case_id
    where c.service = %s and not i.taken_back
      and not exists (select from programme_incidents_incident x where x.corrects_id = i.id)"""

CLIENTS_FOLLOWED = """
    select a.case_id, a.source, a.first_on, a.last_on
    from programme_incidents_askedspan a
    join programme_cases_case c on c.id = a.case_id
    where c.service = %s"""

CUSTODY = """
    select s.case_id, s.first_on, s.last_on
    from programme_incidents_custodyspan s
    join programme_cases_case c on c.id = s.case_id
    where c.service = %s and not s.taken_back"""

TREATMENTS = """
    select o.case_id, o.kind, o.made_on, o.outcome, o.outcome_on
    from programme_needs_onwardreferral o
    join programme_cases_case c on c.id = o.case_id
    where c.service = %s and o.outcome not in ('declined', 'not_accepted')"""

AS_TREATMENT = {"completed": "completed", "left": "left", "began": "ongoing"}
"""What came of help elsewhere as the outcome of a treatment; anything else is not known."""

INCIDENTS_OF_PARTNERS = """
    select i.file_id, i.source, i.happened_on, i.severity, i.forms
    from safety_incidents_sufferedincident i
    join safety_partners_partnerfile f on f.id = i.file_id
    where f.service = %s and not i.taken_back and i.suffered_by <> 'child'
      and not exists (select from safety_incidents_sufferedincident x where x.corrects_id = i.id)"""

PARTNERS_FOLLOWED = """
    select a.file_id, a.source, a.first_on, a.last_on
    from safety_incidents_fileasked a
    join safety_partners_partnerfile f on f.id = a.file_id
    where f.service = %s"""

ANSWERS_OF_CLIENTS = """
    select a.case_id, a.source, a.measure, a.wave, a.score, a.parts, a.coded, a.answered_items,
           a.items, a.answered_on, a.not_answered
    from programme_measuring_measureanswer a
    join programme_cases_case c on c.id = a.case_id
    where c.service = %s"""

ANSWERS_OF_PARTNERS = """
    select s.file_id, 'partner' as source, s.measure, s.wave, s.score, s.parts, s.coded,
           s.answered_items, s.items, s.answered_on, s.not_answered
    from safety_partners_scaleanswer s
    join safety_partners_partnerfile f on f.id = s.file_id
    where f.service = %s"""

GRAVEST_FIRST = (
    "sexual", "physical", "threats", "stalking", "control", "psychological", "economic",
)  # fmt: skip
"""Which form stands for an incident of several: one incident is one row, whatever was in it."""


def _object(written: str | dict[str, Any]) -> dict[str, Any]:
    """An object of a JSON column, which a plain query gives as text."""
    found: dict[str, Any] = json.loads(written) if isinstance(written, str) else written
    return found


def form_of(forms: str) -> str:
    """The form that stands for an incident."""
    return min(forms.split(","), key=GRAVEST_FIRST.index)


def scale_rows(answer: Any, who: dict[str, Any]) -> list[dict[str, Any]]:
    """The score of an answer and each of its parts, as rows of `ScaleScore`.

    A measure whose questions stand alone has neither; whoever is silent has a row without score.
    """
    row = {
        **who, "wave": answer.wave, "answered": answer.answered_items, "items": answer.items,
        "answered_on": answer.answered_on,
        "not_answered_reason": answer.not_answered.replace("_", " ") or None,
    }  # fmt: skip
    silent = answer.answered_on is None
    rows = [{**row, "scale": answer.measure, "score": answer.score}]
    parts = [
        {**row, "scale": f"{answer.measure}.{part}", "score": value}
        for part, value in sorted(_object(answer.parts).items())
    ]
    return (rows if silent or answer.score is not None or not parts else []) + parts


def answer_rows(answer: Any, who: dict[str, Any]) -> list[dict[str, Any]]:
    """The answers to single questions that figures count, as rows of `Answer`.

    A question that was asked in vain has a row without a code.
    """
    try:
        definition = load(answer.measure)
    except DefinitionError:  # of an instrument that a service loaded, and that is gone
        return []
    if not definition.counted:
        return []
    row = {**who, "measure": answer.measure, "wave": answer.wave, "answered_on": answer.answered_on}
    found, codes = [], _object(answer.coded)
    for item in definition.items:
        if not item.options or (item.waves and answer.wave not in item.waves):
            continue
        code = codes.get(item.link_id)
        reason = answer.not_answered.replace("_", " ") or None
        if code == PREFER_NOT_TO_SAY:
            code, reason = None, "preferred not to say"
        found.append({**row, "item": item.link_id, "code": code, "not_answered_reason": reason})
    return found


HEARD_OF_PARTNERS = """
    select h.file_id, 'marac' as forum, h.heard_on
    from safety_conferences_hearing h
    join safety_partners_partnerfile f on f.id = h.file_id
    where f.service = %s and h.heard_on is not null
    union
    select i.file_id, 'case_meeting', (m.held_at at time zone %s)::date
    from safety_meetings_agendaitem i
    join safety_meetings_meeting m on m.id = i.meeting_id
    join safety_partners_partnerfile f on f.id = i.file_id
    where f.service = %s and m.state in ('held', 'closed') and not i.is_off
      and i.decided_at is not null"""

HEARD_OF_CLIENTS = """
    select n.case_id, 'matac' as forum, n.decided_on as heard_on
    from safety_conferences_nomination n
    where n.service = %s and n.state in ('accepted', 'discharged') and n.decided_on is not null
    union
    select n.case_id, 'matac', r.reviewed_on
    from safety_conferences_taskingreview r
    join safety_conferences_nomination n on n.id = r.nomination_id
    where n.service = %s"""
"""The days on which several agencies talked of a case: when it was taken, and each look at it."""

COST_LINES = """
    select category, amount, currency, price_year, included, first_on, last_on
    from safety_costs_costline c
    where c.service = %s and not c.struck
      and not exists (select from safety_costs_costline x where x.replaces_id = c.id)
    order by c.category, c.first_on, c.amount"""

CONTRACTS = """
    select funder, first_on, last_on, amount, currency, nullif(area, '') as area, persons
    from safety_costs_fundingcontract c
    where c.service = %s and not c.struck
      and not exists (select from safety_costs_fundingcontract x where x.replaces_id = c.id)
    order by c.funder, c.first_on, c.amount"""
