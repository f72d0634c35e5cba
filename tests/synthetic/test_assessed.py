"""A few invented clients are assessed, one report is issued, and rights are used, once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from casewall.programme.reports.models import Document
from casewall.programme.rights.models import AccessRequest, BreachReport, Complaint
from casewall.programme.risk.models import Commission, ReportFeedback, RiskAssessment
from casewall.synthetic.bulk_programme import ProgrammeRows
from casewall.synthetic.run_assessed import AssessedLife
from casewall.synthetic.write import any_size
from tests.people import Staff
from tests.synthetic.test_clients import rows
from tests.synthetic.test_living import CENTRE, TODAY, refer

pytestmark = pytest.mark.clusters
MODELS: tuple[Any, ...] = (
    RiskAssessment, Commission, Document, ReportFeedback, AccessRequest, Complaint, BreachReport,
)  # fmt: skip


def test_clients_are_assessed_and_a_report_is_issued_once(staff: Staff, tmp_path: Path) -> None:
    made = any_size("assessed", CENTRE, TODAY, people=24, weeks=30)
    refer(made, tmp_path, staff)
    ProgrammeRows(made.programme, CENTRE, settles=True).run()
    assert AssessedLife(made.programme, CENTRE, TODAY).run() == 4
    once = [len(rows(staff, model)) for model in MODELS]
    assert all(once)
    assert AssessedLife(made.programme, CENTRE, TODAY).run() == 0
    assert [len(rows(staff, model)) for model in MODELS] == once
    states = Counter(row.state for row in rows(staff, RiskAssessment))
    assert states == {"signed": 2, "waiting": 1, "draft": 1}
    [report] = rows(staff, Document)
    assert (report.kind, report.state) == ("risk_report", "issued")
    assert [row.usefulness for row in rows(staff, ReportFeedback)] == ["very_useful"]
    assert all("(invented note)" in row.reasoning for row in rows(staff, RiskAssessment)
               if row.state != "draft")
