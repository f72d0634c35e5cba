"""What a child suffered: written by the child's worker, and not read by a partner's worker."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from casewall.programme.incidents.rules import Form, Severity, Sign, Source
from casewall.safety.incidents import actions
from casewall.safety.incidents.models import ChildIncident
from casewall.wall.decide import Refused
from tests.programme.conftest import day_boxes
from tests.safety.children.conftest import TODAY, Family, _clock, browser, family, site, workers

__all__ = ["_clock", "browser", "family", "site", "workers"]

Browser = Callable[[str], Client]
OTHERS = ("officer", "evaluator", "administrator")
SENT: dict[str, Any] = {
    "forms_of": ["physical"], "signs": ["child_hurt"], "severity": "2", "exact": "yes",
    "source": "worker", "what": "Opdigtet: a bruise.", **day_boxes("happened_on", TODAY),
    **day_boxes("told_on", TODAY),
}  # fmt: skip


def test_the_child_s_worker_writes_it_once_on_a_page(family: Family, browser: Browser) -> None:
    child = family.supported().child
    page = reverse("child-incidents", args=[child.pk])
    own = browser("children")
    assert own.get(page).status_code == 200
    sent = {"form_id": str(uuid4()), **SENT}
    for _ in range(2):
        answer = own.post(page, sent)
        assert answer.status_code == 302, answer.content.decode()
    assert len(family.seen("manager", ChildIncident)) == 1
    assert "Make a safeguarding referral" in own.get(page).content.decode()
    wrong = own.post(page, {**sent, "form_id": str(uuid4()), "forms_of": []})
    assert wrong.status_code == 422
    assert "choose at least one answer" in wrong.content.decode()


def test_a_partner_s_worker_who_sees_the_child_reads_only_own_words(
    family: Family, browser: Browser
) -> None:
    child = family.supported().child
    actions.record_child_incident(
        child=child, forms=[Form.PHYSICAL], signs=[Sign.CHILD_HURT], severity=Severity.SLIGHT,
        source=Source.WORKER, happened_on=TODAY, exact=True, told_on=TODAY,
        what="Opdigtet: a bruise.", by=family["children"],
    )  # fmt: skip
    page = reverse("child-incidents", args=[child.pk])
    shown = browser("partner").get(page)
    assert shown.status_code == 200
    assert "a bruise" not in shown.content.decode()
    assert "a bruise" in browser("coordinator").get(page).content.decode()
    for name in (*OTHERS, "other", "colleague"):
        assert browser(name).get(page).status_code == 404, name


@pytest.mark.parametrize("name", OTHERS)
def test_no_other_role_writes_what_a_child_suffered(family: Family, name: str) -> None:
    child = family.child()
    with pytest.raises(Refused, match="may not record what"):
        actions.record_child_incident(
            child=child, forms=[Form.PHYSICAL], signs=[], severity=None, source=Source.WORKER,
            happened_on=TODAY, exact=True, told_on=TODAY, what=None, by=family[name],
        )  # fmt: skip
