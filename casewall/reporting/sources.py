"""Further facts of an extract: what was stated, asked and suffered, from either side.

Plain SQL over codes, days and identifiers. Each query takes the service; what has been superseded
or withdrawn is left to its caller, who knows which cases and files count.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

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
    for row in safety["files"]:
        facts.setdefault(row.id, {}).update(relationship=row.relation, language=row.language)
    for row in safety["reached"]:
        facts.setdefault(row.file_id, {})["contacted_on"] = row.first_on
    return facts
