"""The ledger of documents that went out, and telling whoever received one of its recall."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import override_settings
from django.urls import reverse

from casewall.programme.reports import actions
from casewall.programme.reports.facts import Entries
from casewall.programme.reports.ledger import recalls_today
from casewall.programme.reports.models import Document, RecipientTold
from casewall.programme.reports.recalls import tell_recipient
from casewall.programme.reports.rules import Basis, Kind
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.sides import SIDE_OF_ROLE, Role, Side
from tests.people import signed_in, site_settings
from tests.programme.conftest import TODAY, day_boxes
from tests.programme.reports.conftest import Papers


@pytest.fixture
def recalled(papers: Papers) -> Document:
    """An attendance report that was issued and withdrawn."""
    entries = Entries(basis=Basis.COURT, recipient="Invented court",
                      since=TODAY - timedelta(days=60), until=TODAY)  # fmt: skip
    document = actions.write_document(
        case=papers.case, kind=Kind.ATTENDANCE_REPORT, language="da", entries=entries, on=TODAY,
        by=papers.facilitator,
    )  # fmt: skip
    document = actions.approve_document(document=document, version=1, nothing_from_others=True,
                                        by=papers.manager)  # fmt: skip
    document = actions.issue_document(document=document, version=2, on=TODAY, by=papers.manager)
    return actions.withdraw_document(document=document, note="Opdigtet", version=3, on=TODAY,
                                     by=papers.manager)  # fmt: skip


def waiting(papers: Papers, role: Role = Role.PROGRAMME_MANAGER) -> list[str]:
    viewer = papers.world.staff[role]
    with site_settings(Side.PROGRAMME), acting(viewer):
        return [one["who"] for one in recalls_today(viewer, TODAY, TODAY)]


def test_a_recalled_document_waits_until_its_recipient_was_told(
    papers: Papers, recalled: Document
) -> None:
    assert waiting(papers) == ["Invented court"]
    assert waiting(papers, Role.FACILITATOR) == []
    with pytest.raises(Refused, match="may not check and issue"):
        tell_recipient(document=recalled, whom="x", on=TODAY, by=papers.facilitator)
    with pytest.raises(Refused, match="Write who was told"):
        tell_recipient(document=recalled, whom=" ", on=TODAY, by=papers.manager)
    with pytest.raises(Refused, match="has not come yet"):
        tell_recipient(document=recalled, whom="x", on=TODAY + timedelta(days=1),
                       by=papers.manager)  # fmt: skip
    made = [tell_recipient(document=recalled, whom="The clerk", on=TODAY, by=papers.manager)
            for _ in range(2)]  # fmt: skip
    assert made[0].pk == made[1].pk
    assert len(papers.world.rows(RecipientTold)) == 1
    assert waiting(papers) == []


def test_what_was_never_recalled_has_nobody_to_be_told(papers: Papers) -> None:
    entries = Entries(basis=Basis.COURT, recipient="Invented court",
                      since=TODAY - timedelta(days=60), until=TODAY)  # fmt: skip
    draft = actions.write_document(
        case=papers.case, kind=Kind.ATTENDANCE_REPORT, language="da", entries=entries, on=TODAY,
        by=papers.facilitator,
    )  # fmt: skip
    with pytest.raises(Refused, match="issued and then withdrawn"):
        tell_recipient(document=draft, whom="x", on=TODAY, by=papers.manager)


def test_the_pages_are_there_for_whoever_issues(
    papers: Papers, recalled: Document, tmp_path: Path
) -> None:
    with site_settings(Side.PROGRAMME), override_settings(
        STATIC_ROOT=tmp_path, ALLOWED_HOSTS=["testserver"], CASEWALL_NAVIGATION=[],
        CASEWALL_SEARCH_URL="",
    ):  # fmt: skip
        listed, told = reverse("documents_out"), reverse("document_told", args=[recalled.pk])
        for role, worker in papers.world.staff.workers.items():
            if SIDE_OF_ROLE[role] is not Side.PROGRAMME:
                continue
            browser, may = signed_in(worker), role is Role.PROGRAMME_MANAGER
            assert browser.get(listed).status_code == (200 if may else 404), role
            assert browser.get(told).status_code == (200 if may else 404), role
            assert browser.post(told, {}).status_code == (422 if may else 404), role
        manager = signed_in(papers.world.staff.workers[Role.PROGRAMME_MANAGER])
        assert "Recalled, tell them" in manager.get(listed).content.decode()
        sent = {"whom": "The clerk", **day_boxes("on", TODAY)}
        assert manager.post(told, sent).status_code == 302
        assert "Recalled, tell them" not in manager.get(listed).content.decode()
