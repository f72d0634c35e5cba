"""Invented clients are asked at their time points; some are silent, and why is kept."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from casewall.programme.cases.models import Task
from casewall.programme.groups.models import Group, Session
from casewall.programme.incidents.models import AskedSpan, CustodySpan, Incident, Proceeding
from casewall.programme.measuring.actions import DANGER
from casewall.programme.measuring.models import MeasureAnswer
from casewall.synthetic.bulk_programme import ProgrammeRows
from casewall.synthetic.run_clients import CLIENTS, READ_WITHIN, ClientLife
from casewall.synthetic.write import any_size
from casewall.wall.context import acting
from casewall.wall.sides import Role
from tests.people import Staff
from tests.synthetic.test_living import CENTRE, TODAY, refer

pytestmark = pytest.mark.clusters


def rows(staff: Staff, model: Any) -> list[Any]:
    with acting(staff[Role.PROGRAMME_SYSTEM]):
        return list(model.objects.for_system("synthetic"))


def test_clients_are_asked_once_and_silence_has_a_reason(staff: Staff, tmp_path: Path) -> None:
    made = any_size("asked", CENTRE, TODAY, people=44, weeks=50)
    refer(made, tmp_path, staff)
    ProgrammeRows(made.programme, CENTRE, settles=True).run()
    assert 4 <= ClientLife(made.programme, CENTRE, TODAY).run() <= CLIENTS
    models = (MeasureAnswer, Incident, CustodySpan, Proceeding, AskedSpan)
    once = [len(rows(staff, model)) for model in models]
    assert all(once)
    ClientLife(made.programme, CENTRE, TODAY).run()
    assert [len(rows(staff, model)) for model in models] == once
    tasks = rows(staff, Task)
    late = TODAY - READ_WITHIN
    assert [task for task in tasks if task.done_on is None and task.due_on < late] == []
    answers = rows(staff, MeasureAnswer)
    dangers = [task for task in tasks if task.kind == DANGER]
    assert len(dangers) < len(answers)  # danger is the exception
    silent = Counter(bool(row.not_answered) for row in answers)
    assert silent[False] > silent[True] > 0
    assert all(row.answered_on <= TODAY for row in answers if not row.not_answered)
    assert all("(invented note)" in row.what for row in rows(staff, Incident))


def test_a_group_ends_after_its_last_session_when_nobody_is_in_it(
    staff: Staff, tmp_path: Path
) -> None:
    made = any_size("ended", CENTRE, TODAY, people=12, weeks=30)
    refer(made, tmp_path, staff)
    ProgrammeRows(made.programme, CENTRE, settles=True).run()
    last = max(session.held_on for session in rows(staff, Session) if session.group_id)
    after = last + timedelta(days=1)
    life = ProgrammeRows(made.programme, CENTRE)

    def still_open(day: date) -> int:
        with acting(life.system):
            life._end_groups(day)
            life.rows.write()
        return sum(group.is_open for group in rows(staff, Group))

    before = still_open(date.min)
    assert before == len(life.groups) > 0
    assert still_open(after) > 0  # somebody has a place
    life.members.clear()
    assert still_open(last) > 0  # its last session is not before that day
    assert still_open(after) == 0
