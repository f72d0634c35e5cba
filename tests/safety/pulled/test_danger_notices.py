"""Danger and a raised level on the programme side are on the partner worker's day at once, once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

from casewall.programme.incidents import actions as theirs
from casewall.programme.incidents.rules import Form, Kind, Severity, Sign, Source
from casewall.safety.partners.models import PartnerTask
from casewall.safety.pulled.models import PulledIncident, PulledProceeding, PulledRisk
from casewall.safety.risk.models import JointRisk, RiskTrigger
from casewall.wall.sides import Role
from tests.people import Staff
from tests.safety.incidents.conftest import rows
from tests.safety.pulled.test_notices import programme, pull, referred, tasks
from tests.safety.test_taking_in import BOTH, NOON

DAY = NOON.date()
TOLD = {"tell_danger", "tell_incident", "tell_risk"}


def told_of(staff: Staff) -> list[PartnerTask]:
    return [one for one in tasks(staff) if one.kind in TOLD]


def test_an_incident_with_a_sign_is_told_on_the_day_of_the_pull_and_a_proceeding_is_copied(
    staff: Staff, tmp_path: Path
) -> None:
    [case] = referred(staff, tmp_path, BOTH)
    pull(staff)
    by = staff[Role.PROGRAMME_MANAGER]
    for signs in ([Sign.STRANGULATION], []):
        theirs.record_incident(
            case=case, forms=[Form.PHYSICAL], signs=signs, severity=Severity.SERIOUS,
            source=Source.CLIENT, happened_on=DAY, exact=True, told_on=DAY, what="Opdigtet.",
            by=by,
        )  # fmt: skip
    theirs.open_proceeding(
        case=case, kind=Kind.BAIL, began_on=DAY, until_on=DAY + timedelta(days=9), court=None,
        conditions="Opdigtet.", source=Source.POLICE, stated_on=DAY, by=by,
    )  # fmt: skip
    pull(staff, NOON + timedelta(minutes=5))
    pull(staff, NOON + timedelta(minutes=10))
    found = {one.kind: one for one in told_of(staff)}
    assert set(found) == {"tell_danger", "tell_incident"}
    assert found["tell_danger"].due_on == DAY
    assert found["tell_incident"].due_at is not None
    assert len(told_of(staff)) == 2
    coordinator = staff[Role.COORDINATOR]
    assert len(rows(PulledIncident, coordinator)) == 2
    (bail,) = rows(PulledProceeding, coordinator)
    assert (bail.kind, bail.until_on) == (Kind.BAIL, DAY + timedelta(days=9))
    (risk,) = rows(JointRisk, coordinator)
    assert risk.case_id == case.pk
    triggers = {one.trigger for one in rows(RiskTrigger, coordinator)}
    assert {"strangulation", "disclosure", "order"} <= triggers


def test_a_level_that_is_signed_higher_than_before_is_told_once(
    staff: Staff, tmp_path: Path, var: Path
) -> None:
    [case] = referred(staff, tmp_path, BOTH)
    first, second = uuid4(), uuid4()

    def assessed(pk: UUID, version: int, level: str) -> None:
        programme(
            var,
            "insert into programme_risk_riskassessment (id, compartment, case_id, version, state, "
            "level, judged, writers, worker, begun_on, signed_on, signed_by, signed_at, "
            "review_on, revision) values "
            "(%s, %s, %s, %s, 'signed', %s, %s, '', %s, %s, %s, %s, %s, %s, 1)",
            pk, case.compartment, case.pk, version, level, level, uuid4(), DAY, DAY, uuid4(),
            NOON, DAY,
        )  # fmt: skip

    assessed(first, 1, "medium")
    pull(staff)
    assert told_of(staff) == []
    programme(
        var,
        "update programme_risk_riskassessment set state = 'superseded' where id = %s",
        first,
    )
    assessed(second, 2, "high")
    for minutes in (5, 10):
        pull(staff, NOON + timedelta(minutes=minutes))
    (task,) = told_of(staff)
    assert (task.kind, task.fact_id) == ("tell_risk", second)
    assert task.due_at is not None
    levels = rows(PulledRisk, staff[Role.COORDINATOR])
    assert {one.level for one in levels} == {"medium", "high"}
