"""The floor of each page: the least SQL that fetches the rows which the page shows.

Prepared statements of psycopg as the site's own role, on the copy without row policies; nothing
is decrypted, nothing audited, nothing rendered. A case page needs a statement for each kind of
record.
"""

from __future__ import annotations

from collections.abc import Mapping
from time import perf_counter
from typing import Any
from uuid import UUID

import psycopg

from casewall.config.bench.databases import Target

Statement = tuple[str, list[Any]]

_ROW = (
    "select c.id, c.stage, c.referred_on, c.next_action, c.next_action_on,"
    " c.last_contact_on, k.given_name, k.family_name from programme_cases_case c"
    " join programme_cases_client k on k.id = c.client_id "
)
_NEWEST = " order by c.referred_on desc, c.id desc limit 26"


_OWN = (
    "where c.id in (select m.case_id from programme_groups_groupmember m"
    " join programme_groups_groupfacilitator f on f.group_id = m.group_id where f.worker = %s)"
)
_HAS = " and c.client_id in (select client_id from programme_cases_clienttoken where token = %s)"
_OF_CASE = (
    "select c.*, k.* from programme_cases_case c join programme_cases_client k"
    " on k.id = c.client_id where c.id = %s",
    "select went_to, moved_on, worker, reason, note from programme_cases_stagemove"
    " where case_id = %s",
    "select tried_at, route, outcome, worker, note from programme_cases_contactattempt"
    " where case_id = %s",
    "select booked_for, held_on, decision, worker, note from programme_cases_assessment"
    " where case_id = %s",
    "select signed_on, text_version, language, worker from programme_agreements_agreement"
    " where case_id = %s",
    "select name, relation, contact_details, stated_by, stated_on"
    " from programme_cases_declaredpartner where case_id = %s",
    "select purpose, text, arrived_on, recalled_on from programme_cases_statement"
    " where case_id = %s",
    "select id, kind, due_on from programme_cases_task where case_id = %s",
    "select a.outcome, a.minutes_attended, s.held_on, s.number, g.name"
    " from programme_groups_attendance a join programme_groups_session s on s.id = a.session_id"
    " join programme_groups_group g on g.id = s.group_id where a.case_id = %s",
    "select m.joined_on, m.left_on, g.name from programme_groups_groupmember m"
    " join programme_groups_group g on g.id = m.group_id where m.case_id = %s",
)
_OF_SESSION = (
    "select s.*, g.name, g.begins_at from programme_groups_session s"
    " join programme_groups_group g on g.id = s.group_id where s.id = %s",
    "select m.case_id, k.given_name, k.family_name, a.outcome, a.minutes_attended"
    " from programme_groups_session s"
    " join programme_groups_groupmember m on m.group_id = s.group_id"
    " join programme_cases_case c on c.id = m.case_id"
    " join programme_cases_client k on k.id = c.client_id"
    " left join programme_groups_attendance a on a.case_id = c.id and a.session_id = s.id"
    " where s.id = %s and m.joined_on <= s.held_on",
)


def statements(
    target: Target, compartment: int, tokens: Mapping[str, list[UUID]], facilitator: UUID
) -> dict[str, list[Statement]]:
    """The statements of each page."""

    def found(by: list[UUID]) -> list[Statement]:
        return [(_ROW + "where true" + _HAS * len(by) + _NEWEST, by)]

    return {
        "list": [(_ROW + "where c.compartment = %s" + _NEWEST, [compartment])],
        "own list": [(_ROW + _OWN + _NEWEST, [facilitator])],
        "case": [(text, [target.case]) for text in _OF_CASE],
        "search, name": found(tokens["name"]),
        "search, phone": found(tokens["phone"]),
        "register": [(text, [target.session]) for text in _OF_SESSION],
    }


class Floor:
    """One database's floors, timed over a connection that stays open."""

    def __init__(self, url: str, target: Target, tokens: Mapping[str, list[UUID]]) -> None:
        self.connection = psycopg.connect(url, autocommit=True)
        self.connection.prepare_threshold = 0
        compartment = self._one(
            "select compartment from programme_cases_case where id = %s", [target.case]
        )
        facilitator = self._one(
            "select f.worker from programme_groups_groupfacilitator f"
            " join programme_groups_session s on s.group_id = f.group_id where s.id = %s",
            [target.session],
        )
        self.statements = statements(target, compartment, tokens, facilitator)

    def _one(self, text: str, values: list[Any]) -> Any:
        row = self.connection.execute(text, values).fetchone()
        if row is None:
            raise LookupError(f"Nothing to measure: {text}")
        return row[0]

    def time(self, page: str, times: int) -> float:
        """The median seconds of fetching a page's rows."""
        took = []
        for _ in range(times):
            before = perf_counter()
            fetched = 0
            for text, values in self.statements[page]:
                fetched += len(self.connection.execute(text, values).fetchall())
            took.append(perf_counter() - before)
            if not fetched:
                raise LookupError(f"The floor of the page “{page}” fetches no row.")
        return sorted(took)[len(took) // 2]

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()
