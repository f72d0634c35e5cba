"""What a partner or child suffered, and the way to an authority, by its acts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from casewall.programme.incidents.rules import Ended, Kind, Sign, Source
from casewall.safety.coordination.material import opened, shared_with_opened
from casewall.safety.incidents import actions
from casewall.safety.incidents.models import (
    AuthorityTold,
    FileAsked,
    SufferedIncident,
    TryToTell,
    ViolenceReport,
)
from casewall.safety.incidents.rules import (
    Authority,
    Consent,
    EndedBecause,
    Ground,
    Reached,
    Step,
)
from casewall.safety.partners.models import PartnerTask
from casewall.safety.partners.rules import Channel
from casewall.safety.partners.words import DANGER
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.sides import SIDE_OF_ROLE, Role, Side
from tests.people import Staff
from tests.safety.incidents.conftest import (
    COORDINATOR,
    DAY,
    MANAGER,
    STRANGLED,
    WORDS,
    WORKER,
    Told,
    rows,
)
from tests.safety.pages.conftest import TODAY, Invented

NOT_THEIRS = [
    role
    for role in Role
    if SIDE_OF_ROLE[role] is Side.SAFETY
    and role not in (WORKER, COORDINATOR, MANAGER, Role.CHILDRENS_WORKER)
]


def again(report: ViolenceReport, staff: Staff) -> ViolenceReport:
    found: ViolenceReport
    (found,) = rows(ViolenceReport, staff[WORKER], pk=report.pk)
    return found


def tried(staff: Staff, report: ViolenceReport, **changed: Any) -> TryToTell:
    given: dict[str, Any] = {
        "tried_at": timezone.now() - timedelta(hours=1),
        "channel": Channel.CALL,
        "outcome": Reached.NOT_REACHED,
        "note": None,
        "by": staff[WORKER],
    }
    return actions.record_try(report=report, **{**given, **changed})


def tell(staff: Staff, report: ViolenceReport, **changed: Any) -> AuthorityTold:
    given: dict[str, Any] = {
        "authority": Authority.POLICE,
        "recipient": "Opdigtet politi",
        "content": "Opdigtet: what happened on that day.",
        "told_at": timezone.now(),
        "by": staff[WORKER],
    }
    return actions.tell_authority(report=report, **{**given, **changed})


def test_new_violence_begins_a_report_whose_first_step_is_to_ask(
    staff: Staff, report: ViolenceReport
) -> None:
    assert (report.step, report.due_on, report.origin) == (Step.ASK, TODAY + DAY, Source.PARTNER)
    assert not rows(PartnerTask, staff[WORKER], kind=DANGER)


def test_a_sign_of_danger_is_a_task_for_today_at_once_and_once(
    staff: Staff, told: Told
) -> None:
    first = told(happened_on=TODAY - 400 * DAY, **STRANGLED)
    (task,) = rows(PartnerTask, staff[WORKER], kind=DANGER)
    assert (task.due_on, task.note) == (TODAY, "In an incident: strangulation, or hands on the "
                                               "neck.")  # fmt: skip
    (report,) = rows(ViolenceReport, staff[WORKER])
    assert (report.danger, report.due_on) == (True, TODAY)
    told(corrects=first, signs=[Sign.STRANGULATION, Sign.WEAPON])
    notes = {task.note for task in rows(PartnerTask, staff[WORKER], kind=DANGER)}
    assert notes == {task.note, "In an incident: a weapon was used or shown."}


def test_old_violence_and_what_the_police_told_begin_no_report_but_one_can_be_begun(
    staff: Staff, told: Told
) -> None:
    old = told(happened_on=TODAY - 400 * DAY)
    told(source=Source.POLICE)
    assert not rows(ViolenceReport, staff[WORKER])
    made = [actions.begin_report(incident=old, by=staff[WORKER]) for _ in range(2)]
    assert made[0].pk == made[1].pk
    assert len(rows(ViolenceReport, staff[WORKER])) == 1


def test_the_same_form_twice_is_one_incident_with_one_span_of_asking(
    staff: Staff, told: Told
) -> None:
    form = uuid4()
    for _ in range(2):
        told(form=form, asked_from=TODAY - 90 * DAY, **STRANGLED)
    assert len(rows(SufferedIncident, staff[WORKER])) == 1
    assert len(rows(PartnerTask, staff[WORKER], kind=DANGER)) == 1
    (asked,) = rows(FileAsked, staff[WORKER])
    assert (asked.first_on, asked.last_on) == (TODAY - 90 * DAY, TODAY)


def test_bad_incidents_are_refused_in_words(staff: Staff, told: Told) -> None:
    for changed, says in (
        ({"forms": []}, "at least one form"),
        ({"source": Source.CLIENT}, "kept on the programme side"),
        ({"asked_from": TODAY + DAY}, "have not come yet"),
    ):
        with pytest.raises(Refused, match=says):
            told(**changed)
    assert not rows(SufferedIncident, staff[WORKER])


def test_a_correction_carries_the_report_over_and_one_taken_back_ends_it(
    staff: Staff, told: Told
) -> None:
    first = told()
    second = told(corrects=first, what="Opdigtet: corrected.")
    (report,) = rows(ViolenceReport, staff[WORKER])
    assert report.incident_id == second.pk
    with pytest.raises(StaleEdit):
        told(corrects=first)
    gone = actions.take_back(incident=second, by=staff[WORKER])
    (report,) = rows(ViolenceReport, staff[WORKER])
    assert (report.incident_id, report.step) == (gone.pk, Step.DONE)
    assert (report.ended_because, report.due_on) == (EndedBecause.TAKEN_BACK, None)


def test_with_consent_an_authority_is_told_at_once_and_the_report_is_done(
    staff: Staff, report: ViolenceReport
) -> None:
    with pytest.raises(Refused, match="has not consented"):
        tell(staff, report)
    asked: dict[str, Any] = {"report": report, "on": TODAY, "version": report.version,
                             "by": staff[WORKER]}  # fmt: skip
    for _ in range(2):
        row = actions.record_consent(consent=Consent.YES, **asked)
    assert (row.step, row.due_on) == (Step.TELL, TODAY)
    with pytest.raises(StaleEdit):
        actions.record_consent(consent=Consent.NO, **asked)
    form = uuid4()
    assert tell(staff, report, form=form).pk == tell(staff, report, form=form).pk
    (told_of,) = rows(AuthorityTold, staff[WORKER])
    assert (told_of.consented, told_of.ground) == (True, "")
    assert again(report, staff).step == Step.DONE


def test_without_consent_a_ground_and_an_attempt_come_first_and_telling_the_partner_last(
    staff: Staff, report: ViolenceReport
) -> None:
    row = actions.record_consent(report=report, consent=Consent.NO, on=TODAY,
                                 version=report.version, by=staff[WORKER])  # fmt: skip
    assert row.step == Step.DECIDE
    with pytest.raises(Refused, match="in words"):
        actions.record_ground(report=row, ground=Ground.LIFE_IN_DANGER, reason=" ",
                              version=row.version, by=staff[WORKER])  # fmt: skip
    row = actions.record_ground(report=row, ground=Ground.LIFE_IN_DANGER, reason="Opdigtet",
                                version=row.version, by=staff[WORKER])  # fmt: skip
    assert (row.step, row.ground_by) == (Step.TRY, staff[WORKER].worker)
    with pytest.raises(Refused, match="Try to tell the partner first"):
        tell(staff, row)
    form = uuid4()
    for _ in range(2):
        attempt = tried(staff, row, form=form)
    assert attempt.confirmed_safe is False
    assert again(row, staff).step == Step.TELL
    assert tell(staff, row).ground == Ground.LIFE_IN_DANGER
    after = again(row, staff)
    assert (after.step, after.due_on) == (Step.TELL_AFTERWARDS, TODAY + DAY)
    tried(staff, row, outcome=Reached.TOLD)
    assert again(row, staff).step == Step.DONE


def test_bad_steps_are_refused_in_words(staff: Staff, report: ViolenceReport) -> None:
    worker, ahead = staff[WORKER], timezone.now() + timedelta(hours=2)
    bad: list[tuple[str, Callable[[], Any]]] = [
        ("yes or no", lambda: actions.record_consent(
            report=report, consent=Consent.NOT_ASKED, on=TODAY, version=1, by=worker)),
        ("has not come yet", lambda: actions.record_consent(
            report=report, consent=Consent.YES, on=TODAY + DAY, version=1, by=worker)),
        ("has not come yet", lambda: tried(staff, report, tried_at=ahead)),
        ("has not come yet", lambda: tell(staff, report, told_at=ahead)),
        ("who was told, and what", lambda: tell(staff, report, content=" ")),
        ("has not said no", lambda: actions.end_report(
            report=report, because=EndedBecause.PARTNER_SAID_NO, version=report.version,
            by=worker)),
    ]  # fmt: skip
    for says, act in bad:
        with pytest.raises(Refused, match=says):
            act()
    assert again(report, staff).version == report.version


def test_an_ended_report_takes_nothing_more(staff: Staff, report: ViolenceReport) -> None:
    ends: dict[str, Any] = {"report": report, "version": report.version, "by": staff[WORKER]}
    for _ in range(2):
        row = actions.end_report(because=EndedBecause.NO_DUTY, **ends)
    assert (row.step, row.due_on, row.ended_on) == (Step.DONE, None, TODAY)
    with pytest.raises(StaleEdit):
        actions.end_report(because=EndedBecause.KNOWN_ALREADY, **ends)
    with pytest.raises(Refused, match="ended already"):
        actions.end_report(report=row, because=EndedBecause.KNOWN_ALREADY, version=row.version,
                           by=staff[WORKER])  # fmt: skip
    for act in (lambda: tried(staff, row), lambda: tell(staff, row)):
        with pytest.raises(Refused, match="has ended"):
            act()


@pytest.mark.parametrize("role", NOT_THEIRS)
def test_no_other_role_records_or_tells(
    staff: Staff, report: ViolenceReport, told: Told, role: Role
) -> None:
    by = staff[role]
    acts: list[Callable[[], Any]] = [
        lambda: told(by=role),
        lambda: tried(staff, report, by=by),
        lambda: tell(staff, report, by=by),
        lambda: actions.record_consent(report=report, consent=Consent.YES, on=TODAY,
                                       version=report.version, by=by),
        lambda: actions.record_ground(report=report, ground=Ground.COURT_ORDER, reason="x",
                                      version=report.version, by=by),
        lambda: actions.end_report(report=report, because=EndedBecause.NO_DUTY,
                                   version=report.version, by=by),
    ]  # fmt: skip
    for act in acts:
        with pytest.raises(Refused, match="may not"):
            act()


def test_proceedings_and_hearings_of_a_file(staff: Staff, world: Invented) -> None:
    worker = staff[WORKER]
    given: dict[str, Any] = {
        "file": world.file, "kind": Kind.PROTECTIVE_ORDER, "began_on": TODAY,
        "until_on": TODAY + 30 * DAY, "court": None, "conditions": "Opdigtet.",
        "stated_on": TODAY, "by": worker,
    }  # fmt: skip
    with pytest.raises(Refused, match="programme side"):
        actions.open_proceeding(source=Source.CLIENT, **given)
    form = uuid4()
    made, same = (actions.open_proceeding(source=Source.PARTNER, form=form, **given)
                  for _ in range(2))  # fmt: skip
    assert made.pk == same.pk
    ended = actions.change_proceeding(
        proceeding=made, until_on=made.until_on, conditions=None, court=None, ended_on=TODAY,
        ended_how=Ended.LIFTED, version=1, by=worker,
    )  # fmt: skip
    assert ended.version == 2
    with pytest.raises(Refused, match="cannot be before"):
        actions.set_court_day(proceeding=made, held_on=TODAY - DAY, at_time=None,
                              source=Source.PARTNER, by=worker)  # fmt: skip


def test_what_was_suffered_is_material_that_no_disclosure_may_repeat(
    staff: Staff, world: Invented, told: Told
) -> None:
    told()
    worker = staff[WORKER]
    opened(by=worker, thing=world.file, at=timezone.now())
    found = shared_with_opened(text=f"The client: {WORDS}", by=worker, at=timezone.now())
    assert found
