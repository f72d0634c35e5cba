"""A sign of danger is kept the moment it comes in, by whatever record, until somebody acts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from casewall.programme.incidents.rules import Form, Severity, Sign, Source
from casewall.safety.children import actions as with_children
from casewall.safety.children.rules import Came as ChildCame
from casewall.safety.children.rules import Work
from casewall.safety.coordination.material import opened, shared_with_opened
from casewall.safety.incidents import actions as on_incidents
from casewall.safety.partners.actions import finish_task, record_contact, record_scale
from casewall.safety.partners.danger import Danger
from casewall.safety.partners.models import PartnerFile, PartnerTask
from casewall.safety.partners.rules import Channel, Outcome, Present, Wave
from casewall.safety.risk import actions
from casewall.safety.risk.models import DangerSignal
from casewall.safety.support.actions import SessionFacts, record_session
from casewall.safety.support.rules import Came, SessionKind
from casewall.wall.decide import Refused
from casewall.wall.sides import Role
from tests.people import Staff
from tests.safety.children import conftest as families
from tests.safety.children.conftest import Family, family, workers
from tests.safety.incidents.conftest import Told
from tests.safety.pages.conftest import TODAY, Invented
from tests.safety.risk.conftest import MANAGER, WORKER, rows

__all__ = ["family", "workers"]
Browser = Callable[[Role], Client]


def by_answer(staff: Staff, file: PartnerFile) -> None:
    record_scale(
        file=file, measure="abuse-experienced", wave=Wave.BEFORE, answered_on=TODAY,
        answers={"abuse-experienced-strangled": "yes"}, mode="in_person", language="en",
        by=staff[WORKER],
    )  # fmt: skip


def by_contact(staff: Staff, file: PartnerFile) -> None:
    record_contact(
        file=file, tried_at=timezone.now(), channel=Channel.CALL, outcome=Outcome.SPOKE,
        signs=[Danger.STRANGULATION], by=staff[WORKER],
    )  # fmt: skip


def by_session(staff: Staff, file: PartnerFile) -> None:
    facts = SessionFacts(
        began_at=timezone.now(), kind=next(iter(SessionKind)), came=Came.HELD, minutes=50,
        channel=Channel.CALL, present=Present.NOBODY,
    )  # fmt: skip
    form = uuid4()
    for _ in range(2):
        record_session(file=file, facts=facts, signs=[Danger.STRANGULATION], form=form,
                       by=staff[WORKER])  # fmt: skip


def by_hand(staff: Staff, file: PartnerFile) -> None:
    form = uuid4()
    for _ in range(2):
        actions.raise_by_hand(
            file=file, signs=[Danger.STRANGULATION], form=form, by=staff[WORKER]
        )


@pytest.mark.parametrize(
    ("raises", "heard_by"),
    [(by_answer, "answer"), (by_contact, "contact"), (by_session, "session"), (by_hand, "worker")],
)
def test_every_source_raises_one_sign_and_one_task_at_once(
    staff: Staff, world: Invented, raises: Callable[[Staff, PartnerFile], None], heard_by: str
) -> None:
    raises(staff, world.file)
    (signal,) = rows(DangerSignal, staff[WORKER])
    assert (signal.heard_by, signal.signs, signal.raised_on) == (heard_by, "strangulation", TODAY)
    (task,) = rows(PartnerTask, staff[WORKER], kind="answer_signals_danger")
    assert (task.pk, task.due_on) == (signal.task_id, TODAY)


def test_it_stands_first_on_the_day_of_worker_and_manager_until_somebody_says_what_was_done(
    staff: Staff, world: Invented, told: Told, browser: Browser
) -> None:
    told(signs=[Sign.STRANGULATION])
    (signal,) = rows(DangerSignal, staff[WORKER])
    page = reverse("danger-signal", args=[signal.pk])
    for role in (WORKER, MANAGER, Role.COORDINATOR):
        shown = browser(role).get("/").content.decode()
        assert shown.count(page) == 1
        assert shown.index(page) < shown.index(">Due<")
    own = browser(WORKER)
    done = reverse("finish-task", args=[world.file.pk, signal.task_id])
    assert own.post(done).headers["Location"] == page, "a press of a button is not an act"
    assert own.post(page, {"done": " "}).status_code == 422
    for _ in range(2):
        assert own.post(page, {"done": "Opdigtet: spoke and went there."}).status_code == 302
    assert page not in own.get("/").content.decode()
    (kept,) = rows(DangerSignal, staff[WORKER])
    assert kept.acknowledged_by == staff[WORKER].worker
    (task,) = rows(PartnerTask, staff[WORKER], pk=signal.task_id)
    assert task.done_on == TODAY


def test_a_task_that_was_marked_done_can_still_be_given_its_words(
    staff: Staff, told: Told
) -> None:
    told(signs=[Sign.WEAPON])
    (task,) = rows(PartnerTask, staff[WORKER], kind="answer_signals_danger")
    finish_task(task=task, on=TODAY, by=staff[WORKER])
    (signal,) = rows(DangerSignal, staff[WORKER])
    assert signal.acknowledged_at is not None
    assert signal.done is None
    with pytest.raises(Refused, match="Write what was done"):
        actions.acknowledge(signal=signal, done="", by=staff[WORKER])
    actions.acknowledge(signal=signal, done="Opdigtet.", by=staff[WORKER])
    (signal,) = rows(DangerSignal, staff[WORKER])
    assert signal.done == "Opdigtet."


def incident(family: Family, **more: Any) -> Any:
    child = more.pop("child", None) or family.supported().child
    on_incidents.record_child_incident(
        child=child, forms=[Form.PHYSICAL], signs=[Sign.CHILD_HURT], severity=Severity.SERIOUS,
        source=Source.WORKER, happened_on=families.TODAY, exact=True, told_on=families.TODAY,
        what="Opdigtet: a bruise.", by=family["children"], **more,
    )  # fmt: skip
    return child


def test_danger_in_a_child_s_incident_is_told_to_everybody_who_works_with_the_child(
    family: Family,
) -> None:
    form = uuid4()
    child = incident(family, form=form)
    incident(family, child=child, form=form)
    for name in ("children", "partner", "coordinator", "manager"):
        (signal,) = family.seen(name, DangerSignal)
        assert (signal.child_id, signal.heard_by) == (child.pk, "child_incident"), name
        assert "bruise" not in signal.words
    for name in ("other", "colleague", "officer", "evaluator", "administrator"):
        assert family.seen(name, DangerSignal) == [], name


def test_what_a_child_says_in_a_session_is_a_sign_too(family: Family) -> None:
    support = family.supported()
    with_children.hold_session(
        kind=Work.ONE_TO_ONE, held_on=families.TODAY, minutes=45,
        came={support: ChildCame.ATTENDED},
        signs=[Danger.CHILD_HURT], note="Opdigtet.", by=family["children"],
    )  # fmt: skip
    (signal,) = family.seen("partner", DangerSignal)
    assert signal.heard_by == "child_session"


def test_the_child_s_worker_acts_on_it_on_a_page(family: Family, site: None) -> None:
    from tests.people import signed_in

    child = incident(family)
    (signal,) = family.seen("children", DangerSignal)
    page = reverse("danger-signal", args=[signal.pk])
    own = signed_in(family.workers["children"])
    assert page in own.get("/").content.decode()
    shown = own.get(page).content.decode()
    assert reverse("child-safeguarding", args=[child.pk]) in shown
    assert "cw-above" in own.get(reverse("child", args=[child.pk])).content.decode()
    assert own.post(page, {"done": "Opdigtet: called social care."}).status_code == 302
    for name in ("other", "colleague", "officer", "evaluator"):
        assert signed_in(family.workers[name]).get(page).status_code == 404, name
    partner = signed_in(family.workers["partner"]).get(page).content.decode()
    assert "Invented children" not in partner.split("Acted on")[0], "who wrote it stays apart"


def test_what_was_done_about_a_sign_does_not_go_down_by_itself(
    staff: Staff, world: Invented
) -> None:
    done = "Rang til politiet og fulgte hende til krisecentret"
    actions.raise_by_hand(file=world.file, signs=[Danger.STRANGULATION], by=staff[WORKER])
    (signal,) = rows(DangerSignal, staff[WORKER])
    actions.acknowledge(signal=signal, done=done, by=staff[WORKER])
    opened(by=staff[WORKER], thing=world.file, at=timezone.now())
    found = shared_with_opened(text=f"Vi {done}.", by=staff[WORKER], at=timezone.now())
    assert found == (done,)
