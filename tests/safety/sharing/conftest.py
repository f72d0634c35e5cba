"""The invented family of the children's tests, with an invented agency."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from casewall.safety.sharing import actions
from casewall.safety.sharing.actions.reports import Written
from casewall.safety.sharing.actions.shares import Terms
from casewall.safety.sharing.models import ExternalAgency, SafetyReport, Share
from casewall.safety.sharing.rules import (
    AgencyKind,
    Asked,
    Basis,
    ReportFor,
    Section,
    ShareFor,
)
from tests.safety.children.conftest import (
    SERVICE,
    TODAY,
    Family,
    _clock,
    browser,
    family,
    site,
    workers,
)

__all__ = ["_clock", "browser", "family", "site", "workers"]

DAY = timedelta(days=1)
RECIPIENT = "Invented Family Court, case 12"


def terms(**changed: Any) -> Terms:
    """A share with consent, unless something is changed."""
    return Terms(**{
        "person": "Duty desk", "purpose": ShareFor.SAFETY, "basis": Basis.CONSENT,
        "consented": True, "consent_on": TODAY, "what": "Invented: needs a new lock.",
        "shared_on": TODAY, "expires_on": TODAY + 90 * DAY, **changed,
    })  # fmt: skip


def written(**changed: Any) -> Written:
    """A report to a court by consent, unless something is changed."""
    return Written(**{
        "addressed_to": ReportFor.COURT, "recipient": RECIPIENT, "named": "A. I.",
        "basis": Basis.CONSENT, "consented": True, "consent_on": TODAY,
        "sections": [Section.SUPPORT, Section.ASSESSMENT],
        "words": {Section.ASSESSMENT: "Invented: a careful assessment."}, **changed,
    })  # fmt: skip


def answers(report_sections: list[Section], **yes: Section) -> dict[Section, dict[Asked, bool]]:
    """No to every question, but yes where `lives`, `confidence` or `answered` names a section."""
    return {
        one: {asked: yes.get(asked.value) is one for asked in Asked} for one in report_sections
    }


@pytest.fixture
def agency(family: Family) -> ExternalAgency:
    """An invented agency without an agreement."""
    return actions.keep_agency(
        service=SERVICE, compartment=family.file.compartment, name="Invented Housing Office",
        kind=AgencyKind.HOUSING, by=family["coordinator"],
    )  # fmt: skip


Sharing = Callable[..., Share]


@pytest.fixture
def shared(family: Family, agency: ExternalAgency) -> Sharing:
    """Makes a share about the first partner."""

    def make(by: str = "partner", **changed: Any) -> Share:
        return actions.share(agency=agency, terms=terms(**changed), file=family.file,
                             by=family[by])  # fmt: skip

    return make


@pytest.fixture
def report(family: Family) -> SafetyReport:
    """A draft about the first partner, by the partner's worker."""
    return actions.write_report(written=written(), file=family.file, by=family["partner"])
