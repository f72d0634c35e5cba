"""Every service of the demonstration has groups that meet today, and two years of registers."""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from casewall.config import demo
from casewall.config.clusters import open_clusters
from casewall.config.embedded import Cluster
from casewall.services.load import shipped
from casewall.services.programmes import templates_of
from casewall.synthetic.calendar import Event
from casewall.synthetic.script import Script
from casewall.synthetic.write import demonstration

TODAY = date(2026, 11, 23)
IN_THE_HOLIDAYS = date(2026, 7, 25)
TWO_YEARS = timedelta(days=730)
LEAST = 140
"""Registers of one service: more than one a week for two years, holidays left out."""

each_day = pytest.mark.parametrize("today", [TODAY, *(
    pytest.param(day, marks=pytest.mark.slow)
    for day in (IN_THE_HOLIDAYS, date(2026, 12, 31), date(2027, 4, 9)))], ids=str)


def script_of(service: str, today: date) -> Script:
    """What the demonstration tells about the clients of a service, at its own size."""
    people = demo.CASELOAD if service == demo.SERVICE else round(demo.CASELOAD * demo.ELSEWHERE)
    return demonstration(
        demo.SEED, shipped()[service], today, people=people, with_cohort=False).programme


def told(script: Script, what: str) -> list[Event]:
    return [one for one in script.events if one["do"] == what]


def placed(script: Script, group: str) -> set[int]:
    """Who has a place in a group and has not left it."""
    left = {one["who"] for one in told(script, "leave") if one["group"] == group}
    return {one["who"] for one in told(script, "place") if one["group"] == group} - left


def in_progress(script: Script, today: date) -> list[str]:
    """Groups that have been marked, have sessions to come, and in which somebody has a place."""
    marked = {one["group"] for one in told(script, "register")}
    return [plan["group"] for plan in told(script, "plan_group")
            if plan["group"] in marked and plan["days"][-1] >= today.isoformat()
            and placed(script, plan["group"])]


@each_day
@pytest.mark.parametrize("service", shipped())
def test_a_group_is_in_progress_after_two_years_of_registers(service: str, today: date) -> None:
    script = script_of(service, today)
    assert in_progress(script, today)
    registers = told(script, "register")
    assert date.fromisoformat(registers[0]["on"]) <= today - TWO_YEARS
    assert date.fromisoformat(registers[-1]["on"]) >= today - timedelta(weeks=4)
    assert len(registers) >= LEAST
    enrolled = {one["template"] for one in told(script, "enrol")}
    assert enrolled == {template.id for template in templates_of(shipped()[service])}


REGISTERS = """
    select g.service, count(distinct s.id), min(s.held_on), count(distinct g.id) filter (
        where g.is_open
        and exists (select from programme_groups_session later where later.group_id = g.id
                    and later.held_on >= %(today)s and later.state = 'planned')
        and exists (select from programme_groups_groupmember m where m.group_id = g.id
                    and m.left_on is null))
    from programme_groups_group g
    join programme_groups_session s on s.group_id = g.id
    where exists (select from programme_groups_attendance a where a.session_id = s.id)
    group by g.service
"""
"""By service: marked sessions, the first of them, and groups in progress."""


@pytest.mark.slow
@pytest.mark.clusters
def test_the_databases_of_the_demonstration_hold_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("CASEWALL_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CASEWALL_VAR", str(tmp_path))
    monkeypatch.setenv("CASEWALL_DEMO", "1")
    environ = {"CASEWALL_FAST": "1"}
    demo.make(tmp_path, cohort=False, environ=environ)
    today = datetime.now().astimezone().date()
    with (
        open_clusters(tmp_path, environ={}, fast=True),
        psycopg.connect(
            Cluster(tmp_path / "programme").superuser_url("casewall_programme")
        ) as programme,
    ):
        found = programme.execute(REGISTERS, {"today": today}).fetchall()
    assert {service for service, *_ in found} == set(shipped())
    for _, registers, first, groups in found:
        assert registers >= LEAST
        assert first <= today - TWO_YEARS
        assert groups >= 1
