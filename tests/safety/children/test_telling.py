"""Telling the programme of danger to a child: asked for by own workers, at once by coordination."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from casewall.safety.children import actions
from casewall.safety.children.actions.telling import ask_for_child, cases_of, release_for_child
from casewall.safety.children.models import Child
from casewall.safety.children.rules import Relationship
from casewall.safety.coordination.actions import approve, release_due
from casewall.safety.coordination.models import Disclosure
from casewall.safety.coordination.rules import Ground, InDanger, Purpose, Review, State
from casewall.safety.intake.models import OutboxItem
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from tests.safety.children.conftest import TODAY, Family

WORDS = "Invented: the child must not be fetched from school alone."


@pytest.fixture
def child(family: Family) -> Child:
    """A child of the children's worker with the client in its life."""
    found: Child = family.supported().child
    actions.link_adult(child=found, case_id=family.case.pk, relationship=Relationship.PARENT,
                       on=TODAY, by=family["coordinator"])  # fmt: skip
    return found


def asked(family: Family, child: Child, who: str = "children", **changed: Any) -> Disclosure:
    return ask_for_child(**{
        "child": child, "case_id": family.case.pk, "text": WORDS,
        "ground": Ground.RECORDED_OVERRIDE, "override_reason": "Invented.", "other_sources": 2,
        "by": family[who], "at": timezone.now(), **changed,
    })  # fmt: skip


def test_a_childrens_worker_asks_and_two_approvers_decide(family: Family, child: Child) -> None:
    own = uuid4()
    for _ in range(2):
        one = asked(family, child, id=own)
    assert (one.file, one.child, one.purpose) == (None, child.pk, Purpose.SAFEGUARDING)
    assert len(family.seen("children", Disclosure)) == 1
    assert not family.seen("colleague", Disclosure)
    for who in ("partner", "coordinator"):
        one = approve(disclosure=one, by=family[who], at=timezone.now())
    assert one.state == State.APPROVED
    assert one.release_at
    release_due(by=family.system, at=one.release_at)
    (after,) = family.seen("children", Disclosure)
    assert after.state == State.RELEASED


def test_nobody_asks_about_a_client_who_is_not_in_the_childs_life(
    family: Family, child: Child
) -> None:
    with pytest.raises(Refused, match="not that of a client in the child's life"):
        asked(family, child, case_id=uuid4())
    other = family.child(given_name="Opdigtet", family_name="Ulinket", by="partner")
    with acting(family["coordinator"]):
        assert not cases_of(other, family["coordinator"])
    for who in ("officer", "evaluator", "administrator"):
        with pytest.raises(Refused, match="may not ask for a disclosure"):
            asked(family, child, who)
    with pytest.raises(Refused, match="Fewer than two other sources"):
        asked(family, child, other_sources=0)


def at_once(family: Family, child: Child, who: str) -> Disclosure:
    return release_for_child(
        child=child, case_id=family.case.pk, text=WORDS, in_danger=InDanger.CHILD,
        danger="Invented: tonight.", by=family[who], at=timezone.now(),
    )  # fmt: skip


def test_in_danger_coordination_tells_at_once_and_another_reviews(
    family: Family, child: Child
) -> None:
    for who in ("children", "partner"):
        with pytest.raises(Refused, match="may not release a disclosure in an emergency"):
            at_once(family, child, who)
    one = at_once(family, child, "coordinator")
    assert (one.state, one.review) == (State.RELEASED, Review.WAITING)
    with acting(family.system):
        assert OutboxItem.objects.visible_to(family.system).filter(pk=one.item).exists()


@pytest.mark.parametrize("name", ["child-disclose", "child-emergency"])
def test_the_pages_are_there_for_their_roles(
    family: Family, child: Child, browser: Any, name: str
) -> None:
    address = reverse(name, args=[child.pk])
    theirs = {"children", "partner", "coordinator", "manager"}
    if name == "child-emergency":
        theirs = {"coordinator", "manager"}
    for who in family.workers:
        answer = browser(who).get(address)
        assert answer.status_code == (200 if who in theirs else 404), who
        assert browser(who).post(address, {}).status_code == (422 if who in theirs else 404), who


def test_what_is_typed_is_asked_for_and_shown_on_the_childs_page(
    family: Family, child: Child, browser: Any
) -> None:
    sent = {
        "form_id": str(uuid4()), "case_id": str(family.case.pk), "text": WORDS,
        "ground": "recorded_override", "override_reason": "Invented.", "other_sources": "2",
    }  # fmt: skip
    worker = browser("children")
    stopped = worker.post(reverse("child-disclose", args=[child.pk]), {**sent, "other_sources": 0})
    assert stopped.status_code == 422
    assert WORDS in stopped.content.decode()
    assert worker.post(reverse("child-disclose", args=[child.pk]), sent).status_code == 302
    shown = worker.get(reverse("child", args=[child.pk])).content.decode()
    assert WORDS in shown
    (one,) = family.seen("coordinator", Disclosure)
    page = browser("coordinator").get(reverse("disclosure", args=[one.pk]))
    assert WORDS in page.content.decode()
    assert reverse("disclosure", args=[one.pk]) not in shown
