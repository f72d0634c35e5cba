"""Partners' answers: time points, corrections, silence, completeness, scored again."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casewall.measures.definitions import load
from casewall.measures.schedule import State, Wave
from casewall.safety.measuring.asked import asked_files, measures_here, on_a_device
from casewall.safety.partners.actions import (
    note_not_answered,
    record_contact,
    record_scale,
    score_again,
)
from casewall.safety.partners.models import (
    EarlierScaleAnswer,
    PartnerFile,
    PartnerTask,
    ScaleAnswer,
)
from casewall.safety.partners.rules import Channel, NotAnswered, Outcome
from casewall.safety.pulled.models import PulledCourse
from casewall.services.load import shipped
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.sides import SIDE_OF_ROLE, Role, Side
from tests.people import Staff
from tests.safety.pages.conftest import TODAY, Invented, new_file

Browser = Callable[[Role], Client]
WORKER, MANAGER = Role.PARTNER_WORKER, Role.SAFETY_MANAGER
SAFE = {"safety-1": "4", "safety-2": "4", "safety-3": "0", "safety-4": "0"}


def keep(staff: Staff, world: Invented, measure: str = "safety", **changed: Any) -> ScaleAnswer:
    given: dict[str, Any] = {
        "file": world.file,
        "measure": measure,
        "wave": Wave.BEFORE,
        "answered_on": TODAY,
        "answers": SAFE,
        "mode": "telephone",
        "language": "en",
        "by": staff[WORKER],
        **changed,
    }
    return record_scale(**given)


def stored(staff: Staff, model: Any) -> list[Any]:
    with acting(staff[MANAGER]):
        return list(model.objects.visible_to(staff[MANAGER]))


def spoke(staff: Staff, file: PartnerFile, ago: int, outcome: Outcome = Outcome.SPOKE) -> None:
    record_contact(
        file=file,
        tried_at=timezone.now() - timedelta(days=ago),
        channel=Channel.CALL,
        outcome=outcome,
        by=staff[WORKER],
    )


def states(staff: Staff, file: PartnerFile, measure: str = "safety") -> dict[Wave, Any]:
    with acting(staff[WORKER]):
        now = PartnerFile.objects.visible_to(staff[WORKER]).get(pk=file.pk)
        [found] = asked_files([now], staff[WORKER], TODAY)
    return {one.wave: one for one in found.every[measure]}


def section(browser: Browser, world: Invented, role: Role = WORKER) -> str:
    address = reverse("partner", args=[world.file.pk])
    return browser(role).get(f"{address}?show=measures").content.decode()


def test_a_correction_needs_the_version_that_was_seen_and_keeps_what_stood_before(
    staff: Staff, world: Invented
) -> None:
    first = keep(staff, world)
    worse = {**SAFE, "safety-1": "0"}
    with pytest.raises(Refused, match="answered for this time already"):
        keep(staff, world, answers=worse)
    with pytest.raises(StaleEdit, match="Somebody else recorded"):
        keep(staff, world, answers=worse, version=first.version + 1)
    now = keep(staff, world, answers=worse, version=first.version)
    [earlier] = stored(staff, EarlierScaleAnswer)
    assert (now.score, earlier.score, earlier.why) == (75.0, 100.0, "corrected")
    assert json.loads(earlier.answers) == SAFE


def test_danger_is_a_task_once_and_stays_one_after_a_correction(
    staff: Staff, world: Invented
) -> None:
    first = keep(staff, world, answers={"safety-3": "4"})
    assert first.score is None
    keep(staff, world, answers={"safety-3": "4", "safety-1": "0"}, version=first.version)
    assert len([t for t in stored(staff, PartnerTask) if t.kind == "answer_signals_danger"]) == 1


def test_a_newer_scorer_scores_again_and_the_raw_answers_and_the_old_score_stay(
    staff: Staff, world: Invented
) -> None:
    row = keep(staff, world)
    with acting(staff[WORKER]):
        row.scorer_version, row.score = "0", 3.0
        row.save()
    with pytest.raises(Refused):
        score_again(measure="safety", by=staff[WORKER])
    assert score_again(measure="safety", by=staff[MANAGER]) == 1
    assert score_again(measure="safety", by=staff[MANAGER]) == 0
    [now], [earlier] = stored(staff, ScaleAnswer), stored(staff, EarlierScaleAnswer)
    assert (now.score, earlier.score, earlier.why) == (100.0, 3.0, "scored_again")
    assert now.answers == earlier.answers


def test_time_points_follow_the_partner_s_own_events(staff: Staff, world: Invented) -> None:
    assert {one.state for one in states(staff, world.file).values()} == {State.NOT_DUE}
    spoke(staff, world.file, 40)
    assert states(staff, world.file)[Wave.BEFORE].state is State.LATE
    keep(staff, world)
    found = states(staff, world.file)[Wave.BEFORE]
    assert (found.state, found.in_window) == (State.ANSWERED, False)


def test_the_start_and_the_end_of_the_linked_client_count_as_pulled(
    staff: Staff, world: Invented, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = staff[Role.SAFETY_SYSTEM]
    with acting(system):
        for number, ended in enumerate((None, TODAY - timedelta(days=10))):
            PulledCourse(
                compartment=world.file.compartment,
                source_version=1,
                as_of=timezone.now(),
                case_id=world.case_id,
                state="open",
                began_on=TODAY - timedelta(days=100 + number),
                ended_on=ended,
            ).save(force_insert=True)
    network = shipped()["wwp-model"]
    block = next(one for one in network.measures if one.asked_of == "partner")
    block = block.model_copy(update={"asks": ("safety",)})
    own = shipped()[world.file.service].model_copy(update={"measures": (block,)})
    monkeypatch.setattr(
        "casewall.safety.measuring.asked.shipped", lambda: {world.file.service: own}
    )
    found = states(staff, world.file)
    assert found[Wave.BEFORE].due_on == TODAY - timedelta(days=101)
    assert found[Wave.MIDDLE].due_on == TODAY - timedelta(days=101 - 84)
    assert found[Wave.AFTER].due_on is None
    with acting(system):
        PulledCourse.objects.visible_to(system).filter(ended_on=None).update(ended_on=TODAY)
    assert states(staff, world.file)[Wave.AFTER].due_on == TODAY


def test_a_partner_who_declined_is_asked_nothing_and_stays_in_the_counts(
    staff: Staff, world: Invented, browser: Browser
) -> None:
    spoke(staff, world.file, 20)
    spoke(staff, world.file, 10, Outcome.DECLINED)
    found = states(staff, world.file)[Wave.BEFORE]
    assert (found.state, found.reason) == (State.SILENT, "contact_declined")
    assert "Declined contact" in section(browser, world)
    assert "Feeling safe" not in browser(WORKER).get("/").content.decode()
    listed = browser(MANAGER).get(reverse("measures-due")).content.decode()
    assert "0 of 1" in listed
    assert "declined contact 1" in listed


def test_the_section_shows_the_change_and_the_chart(
    staff: Staff, world: Invented, browser: Browser
) -> None:
    keep(staff, world, answers={**SAFE, "safety-1": "0"})
    keep(staff, world, wave=Wave.AFTER)
    keep(staff, world, "quality-of-life", wave=Wave.MIDDLE, answers={"quality-of-life-rating": "8"})
    shown = section(browser, world)
    for words in ("75 of 100", "100 of 100", "(+25)", "<svg", "How life is", "8 of 20"):
        assert words in shown
    assert section(browser, world, MANAGER).count("/scales/safety/?wave=") == 3


def test_a_correction_begins_with_what_is_there_and_a_stale_one_is_refused(
    staff: Staff, world: Invented, browser: Browser
) -> None:
    keep(staff, world)
    address = f"{reverse('scale', args=[world.file.pk, 'safety'])}?wave=before"
    shown = browser(WORKER).get(address).content.decode()
    assert "What you save here corrects it" in shown
    assert 'name="version" value="1"' in shown
    sent = {
        "form_id": str(uuid4()),
        "wave": "before",
        "version": "9",
        "mode": "telephone",
        "present": "nobody",
        "language": "en",
        "answered_on_day": str(TODAY.day),
        "answered_on_month": str(TODAY.month),
        "answered_on_year": str(TODAY.year),
        **SAFE,
        "safety-1": "2",
    }
    stale = browser(WORKER).post(address, sent)
    assert stale.status_code == 422
    assert 'name="version" value="1"' in stale.content.decode()
    assert browser(WORKER).post(address, {**sent, "version": "1"}).status_code == 302
    [row] = stored(staff, ScaleAnswer)
    assert (row.score, row.version) == (87.5, 2)


def test_any_questionnaire_can_be_chosen_but_none_that_only_clients_answer(
    world: Invented, browser: Browser
) -> None:
    address = reverse("choose-scale", args=[world.file.pk])
    page = browser(WORKER).get(address).content.decode()
    assert 'value="quality-of-life"' in page
    assert 'value="risk-checklist-24"' in page
    assert 'value="abuse-used"' not in page
    sent = browser(WORKER).post(address, {"measure": "phq-9", "wave": "months_12"})
    assert sent["Location"].endswith("/scales/phq-9/?wave=months_12")
    assert browser(WORKER).post(address, {}).status_code == 422
    assert browser(WORKER).get(sent["Location"]).status_code == 200
    used = reverse("scale", args=[world.file.pk, "abuse-used"])
    assert browser(WORKER).get(used).status_code == 404


def test_questions_of_one_time_are_asked_at_that_time_only(
    world: Invented, browser: Browser
) -> None:
    address = reverse("scale", args=[world.file.pk, "impact-partner"])
    late = "impact-partner-change-noticed"
    assert late not in browser(WORKER).get(f"{address}?wave=first_contact").content.decode()
    assert late in browser(WORKER).get(f"{address}?wave=after").content.decode()


def test_a_device_is_offered_choices_only_and_nothing_that_needs_a_worker() -> None:
    assert on_a_device("intervention-centre") == ["freedom", "safety", "empowerment"]
    for service in shipped():
        for name in on_a_device(service):
            kinds = {item.kind for item in load(name).items}
            assert kinds <= {"choice", "yes_no"}
    assert "risk-checklist-24" in measures_here()


def test_silence_names_its_reason(staff: Staff, world: Invented, browser: Browser) -> None:
    spoke(staff, world.file, 5)
    note_not_answered(
        file=world.file,
        measure="safety",
        wave=Wave.BEFORE,
        reason=NotAnswered.UNSAFE_TO_ASK,
        by=staff[WORKER],
    )
    assert "Unsafe to ask" in section(browser, world)
    due = reverse("measures-due")
    assert "unsafe to ask 1" in browser(MANAGER).get(due).content.decode()
    silent = browser(WORKER).get(f"{due}?state=silent&wave=before").content.decode()
    assert "Feeling safe" in silent
    assert "Feeling safe" not in browser(WORKER).get(f"{due}?wave=after").content.decode()


@pytest.mark.parametrize(
    "role",
    [
        role
        for role, side in SIDE_OF_ROLE.items()
        if side is Side.SAFETY and role is not Role.SAFETY_SYSTEM
    ],
)
def test_the_list_and_its_button_are_there_for_those_who_record(
    browser: Browser, role: Role
) -> None:
    seen = browser(role).get(reverse("measures-due"))
    assert seen.status_code == (200 if role in (WORKER, MANAGER) else 404)
    said = "How complete the answers are"
    assert (said in seen.content.decode()) is (role is MANAGER)
    again = browser(role).post(reverse("measures-again"), {"measure": "safety"})
    assert again.status_code == (302 if role is MANAGER else 404)


def test_another_worker_s_partner_is_not_in_the_list(
    staff: Staff, world: Invented, browser: Browser
) -> None:
    other = new_file(staff, "Anden", "Opfindelse")
    with acting(staff[Role.COORDINATOR]):
        other.worker = uuid4()
        other.contact = "engaged"
        other.save()
    for wanted in ("", "?state=passed", "?state=late"):
        page = browser(WORKER).get(reverse("measures-due") + wanted).content.decode()
        assert "Opfindelse" not in page


def test_the_number_of_queries_does_not_grow_with_the_files(
    staff: Staff, world: Invented, browser: Browser
) -> None:
    def queries(role: Role, address: str) -> int:
        with CaptureQueriesContext(connections["safety"]) as seen:
            assert browser(role).get(address).status_code == 200
        return len(seen)

    pages = [(MANAGER, reverse("measures-due")), (WORKER, reverse("measures-due"))]
    spoke(staff, world.file, 3)
    for page in pages:
        queries(*page)
    few = [queries(*page) for page in pages]
    for number in range(3):
        spoke(staff, new_file(staff, "Flere", f"Nummer{number}"), 3)
    keep(staff, world)
    assert [queries(*page) for page in pages] == few
