"""What support writes: once, by who may, never over what somebody said before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from casewall.safety.partners.actions import close_file, record_contact, set_safe_contact
from casewall.safety.partners.models import PartnerContact, PartnerFile
from casewall.safety.partners.rules import Channel, Outcome, Present
from casewall.safety.support import actions
from casewall.safety.support.actions import PlanChanged, SessionFacts
from casewall.safety.support.models import (
    Expectation,
    InterpreterUse,
    PartnerNeed,
    PeriodExtension,
    SafetyPlan,
    SupportPeriod,
    SupportPlan,
    SupportSession,
)
from casewall.safety.support.rules import (
    Area,
    Came,
    Doer,
    EndReason,
    Handing,
    HelpOutcome,
    Hope,
    Interpreting,
    Level,
    SessionKind,
    Topic,
)
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.sides import Role, Viewer
from tests.people import Staff
from tests.safety.pages.conftest import TODAY, Invented

LATER = TODAY + timedelta(days=28)


@pytest.fixture
def by(staff: Staff) -> Viewer:
    return staff[Role.PARTNER_WORKER]


@pytest.fixture
def file(world: Invented) -> PartnerFile:
    return world.file


def rows(model: Any, by: Viewer, **wanted: Any) -> list[Any]:
    with acting(by):
        return list(model.objects.visible_to(by).filter(**wanted))


def as_stored(file: PartnerFile, by: Viewer) -> PartnerFile:
    return rows(PartnerFile, by, pk=file.pk)[0]


def facts(**other: Any) -> SessionFacts:
    usual = SessionFacts(
        began_at=timezone.now() - timedelta(hours=1),
        kind=SessionKind.SUPPORT,
        came=Came.HELD,
        minutes=50,
        channel=Channel.IN_PERSON,
        present=Present.NOBODY,
        topics=(Topic.SAFETY, Topic.CHILDREN),
        note="Opdigtet.",
    )
    return replace(usual, **other)


@pytest.fixture
def a_year(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service that supports for a year, as Your Choice does."""
    monkeypatch.setattr("casewall.safety.support.actions.periods.months_of", lambda _service: 12)


def test_months_are_those_of_the_definition_and_none_where_it_says_none() -> None:
    assert actions.months_of("your-choice") == 12
    assert actions.months_of("intervention-centre") is None
    assert actions.months_of("nowhere") is None


@pytest.mark.usefixtures("a_year")
def test_support_begins_once_and_has_an_end_of_its_own(file: PartnerFile, by: Viewer) -> None:
    form = uuid4()
    for _ in range(2):
        period = actions.begin_support(file=file, on=TODAY, form=form, by=by)
    assert period.planned_end == date(2037, 3, 11)
    assert as_stored(file, by).support_until == date(2037, 3, 11)
    with pytest.raises(Refused, match="goes on already"):
        actions.begin_support(file=file, on=TODAY, by=by)
    assert len(rows(SupportPeriod, by)) == 1


def test_without_a_length_in_the_definition_support_has_no_end(
    file: PartnerFile, by: Viewer
) -> None:
    period = actions.begin_support(file=file, on=TODAY, by=by)
    assert period.planned_end is None
    with pytest.raises(Refused, match="nothing to extend"):
        actions.extend_support(
            period=period, until=LATER, reason="Opdigtet.", on=TODAY, version=1, by=by
        )


@pytest.mark.usefixtures("a_year")
def test_an_extension_keeps_the_earlier_end_and_its_reason(file: PartnerFile, by: Viewer) -> None:
    period = actions.begin_support(file=file, on=TODAY, by=by)
    form, until = uuid4(), date(2037, 6, 11)
    for _ in range(2):
        longer = actions.extend_support(
            period=period, until=until, reason="Retssag.", on=TODAY, version=1, form=form, by=by
        )
    assert longer.planned_end == until
    (kept,) = rows(PeriodExtension, by)
    assert (kept.until_before, kept.until, kept.reason) == (date(2037, 3, 11), until, "Retssag.")
    with pytest.raises(StaleEdit):
        actions.extend_support(
            period=period, until=date(2037, 9, 1), reason="Mere.", on=TODAY, version=1, by=by
        )
    with pytest.raises(Refused, match="later day"):
        actions.extend_support(
            period=period, until=until, reason="Mere.", on=TODAY, version=2, by=by
        )


def test_support_ends_by_its_own_reason_and_the_file_stays_open(
    file: PartnerFile, by: Viewer
) -> None:
    period = actions.begin_support(file=file, on=TODAY - timedelta(days=9), by=by)
    for _ in range(2):
        ended = actions.end_support(
            period=period, on=TODAY, reason=EndReason.GOALS_REACHED, version=1, by=by
        )
    assert ended.ended_on == TODAY
    now = as_stored(file, by)
    assert (now.closed_on, now.support_until) == (None, TODAY)
    with pytest.raises(StaleEdit):
        actions.end_support(period=period, on=TODAY, reason=EndReason.MOVED_AWAY, version=1, by=by)
    with pytest.raises(Refused, match="cannot begin before"):
        actions.begin_support(file=file, on=TODAY - timedelta(days=5), by=by)


def test_who_said_no_comes_back_to_a_file_that_was_closed(file: PartnerFile, by: Viewer) -> None:
    period = actions.begin_support(file=file, on=TODAY, by=by)
    actions.end_support(
        period=period, on=TODAY, reason=EndReason.DECLINED_FURTHER, version=1, by=by,
        closes_file=True,
    )  # fmt: skip
    assert as_stored(file, by).closed_on == TODAY
    actions.begin_support(file=file, on=TODAY, by=by)
    assert as_stored(file, by).closed_on is None


def test_a_day_that_has_not_come_and_one_before_the_beginning_are_refused(
    file: PartnerFile, by: Viewer
) -> None:
    with pytest.raises(Refused, match="has not come yet"):
        actions.begin_support(file=file, on=LATER, by=by)
    period = actions.begin_support(file=file, on=TODAY, by=by)
    with pytest.raises(Refused, match="cannot have ended before"):
        actions.end_support(
            period=period, on=TODAY - timedelta(days=1), reason=EndReason.DIED, version=1, by=by
        )


def test_none_not_known_and_not_asked_are_three_things(file: PartnerFile, by: Viewer) -> None:
    form = uuid4()
    levels = {Area.HOUSING: Level.NONE, Area.MONEY: Level.NOT_KNOWN}
    assert actions.state_needs(file=file, levels=levels, on=TODAY, form=form, by=by) == 2
    assert actions.state_needs(file=file, levels=levels, on=TODAY, form=form, by=by) == 0
    actions.state_needs(file=file, levels={Area.HOUSING: Level.SERIOUS}, on=TODAY, by=by)
    assert len(rows(PartnerNeed, by, area=Area.HOUSING)) == 2
    assert rows(PartnerNeed, by, area=Area.HEALTH) == []
    with pytest.raises(Refused, match="nothing to save"):
        actions.state_needs(file=file, levels={}, on=TODAY, by=by)


def test_a_plan_has_versions_and_nobody_writes_over_a_colleague_s(
    file: PartnerFile, by: Viewer, staff: Staff
) -> None:
    form = uuid4()
    said = {"written_on": TODAY, "review_on": LATER}
    for _ in range(2):
        actions.write_support_plan(file=file, goals="Sove trygt.", seen=0, form=form, by=by, **said)
    with pytest.raises(PlanChanged):
        actions.write_support_plan(
            file=file, goals="Andet.", seen=0, by=staff[Role.SAFETY_MANAGER], **said
        )
    actions.write_support_plan(file=file, goals="Sove. Arbejde.", seen=1, by=by, **said)
    assert {(p.number, p.goals) for p in rows(SupportPlan, by)} == {
        (1, "Sove trygt."),
        (2, "Sove. Arbejde."),
    }
    with pytest.raises(Refused, match="own words"):
        actions.write_support_plan(file=file, goals="  ", seen=2, by=by, **said)
    with pytest.raises(Refused, match="review must come after"):
        actions.write_support_plan(
            file=file, goals="x", seen=2, by=by, written_on=TODAY, review_on=TODAY
        )


def test_a_step_is_ended_once_done_or_dropped(file: PartnerFile, by: Viewer) -> None:
    step = actions.add_step(file=file, what="Ringe", who=Doer.WORKER, due_on=LATER, by=by)
    done = actions.end_step(step=step, on=TODAY, by=by)
    again = actions.end_step(step=step, on=TODAY, by=by, dropped=True)
    assert (done.done_on, again.done_on, again.dropped_on) == (TODAY, TODAY, None)
    other = actions.add_step(file=file, what="Skrive", who=Doer.PARTNER, due_on=None, by=by)
    assert actions.end_step(step=other, on=TODAY, by=by, dropped=True).dropped_on == TODAY


@pytest.fixture
def plan(file: PartnerFile, by: Viewer) -> SafetyPlan:
    return actions.write_safety_plan(
        file=file, words={"places": "Hos en nabo.", "other": " "}, agreed=True, seen=0,
        written_on=TODAY, review_on=LATER, by=by,
    )  # fmt: skip


def test_a_safety_plan_needs_words_and_keeps_them(
    file: PartnerFile, by: Viewer, plan: SafetyPlan
) -> None:
    assert (plan.places, plan.other, plan.agreed) == ("Hos en nabo.", None, True)
    with pytest.raises(Refused, match="Nothing is written"):
        actions.write_safety_plan(
            file=file, words={"other": " "}, agreed=True, seen=1, written_on=TODAY,
            review_on=LATER, by=by,
        )  # fmt: skip


def test_a_safety_plan_is_never_sent_by_a_way_that_is_not_confirmed_safe(
    file: PartnerFile, by: Viewer, plan: SafetyPlan
) -> None:
    form = uuid4()
    for how in (Handing.LETTER, Handing.EMAIL):
        with pytest.raises(Refused, match="never sent that way"):
            actions.hand_over(plan=plan, how=how, by=by)
    first = actions.hand_over(plan=plan, how=Handing.READ_OUT, form=form, by=by)
    assert actions.hand_over(plan=plan, how=Handing.READ_OUT, form=form, by=by) == first
    set_safe_contact(
        file=file, channel=Channel.LETTER, is_safe=True, confirmed_on=TODAY, review_on=LATER, by=by
    )
    assert actions.hand_over(plan=plan, how=Handing.LETTER, by=by).how == Handing.LETTER
    record_contact(
        file=file, tried_at=timezone.now(), channel=Channel.CALL,
        outcome=Outcome.UNSAFE_TO_CONTACT, by=by,
    )  # fmt: skip
    with pytest.raises(Refused, match="judged unsafe"):
        actions.hand_over(plan=plan, how=Handing.LETTER, by=by)


def test_an_expectation_says_whether_the_caveat_was_told(file: PartnerFile, by: Viewer) -> None:
    form = uuid4()
    for _ in range(2):
        actions.state_expectation(
            file=file, hope=Hope.VIOLENCE_ENDS, caveat_told=False, on=TODAY, form=form, by=by
        )
    (kept,) = rows(Expectation, by)
    assert (kept.hope, kept.caveat_told) == (Hope.VIOLENCE_ENDS, False)


def test_a_session_that_was_held_is_a_contact_too_and_both_are_kept_once(
    file: PartnerFile, by: Viewer
) -> None:
    form, held = uuid4(), facts()
    for _ in range(2):
        actions.record_session(file=file, facts=held, form=form, by=by)
    (session,) = rows(SupportSession, by)
    assert (session.minutes, session.topics) == (50, "safety,children")
    (contact,) = rows(PartnerContact, by)
    assert (contact.outcome, contact.channel, contact.confirmed_safe) == (
        Outcome.SPOKE,
        Channel.IN_PERSON,
        False,
    )
    actions.record_session(file=file, facts=facts(came=Came.DID_NOT_COME, minutes=0), by=by)
    assert len(rows(PartnerContact, by)) == 1


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"present": Present.CLIENT}, "for the partner alone"),
        ({"minutes": 0}, "between 1 and 600"),
        ({"minutes": 601}, "between 1 and 600"),
        ({"came": Came.DID_NOT_COME}, "has no minutes"),
        ({"began_at": timezone.now() + timedelta(days=9999)}, "has not come yet"),
    ],
)
def test_a_session_that_does_not_fit_is_refused_in_words(
    file: PartnerFile, by: Viewer, wrong: dict[str, Any], says: str
) -> None:
    with pytest.raises(Refused, match=says):
        actions.record_session(file=file, facts=facts(**wrong), by=by)
    assert rows(SupportSession, by) == []


def test_a_correction_keeps_the_original_and_is_made_once(file: PartnerFile, by: Viewer) -> None:
    session = actions.record_session(file=file, facts=facts(), by=by)
    form, right = uuid4(), facts(minutes=30, note="Rettet.")
    for _ in range(2):
        anew = actions.correct_session(
            session=session, facts=right, reason="Forkert tid.", form=form, by=by
        )
    stored = {row.pk: row for row in rows(SupportSession, by)}
    assert (stored[session.pk].minutes, stored[session.pk].note) == (50, "Opdigtet.")
    assert (anew.minutes, anew.corrects_id, anew.reason) == (30, session.pk, "Forkert tid.")
    with pytest.raises(StaleEdit):
        actions.correct_session(session=session, facts=right, reason="Igen.", by=by)
    with pytest.raises(Refused, match="Write why"):
        actions.correct_session(session=anew, facts=right, reason=" ", by=by)


@pytest.mark.parametrize("who", [who for who in Interpreting if who is not Interpreting.AGENCY])
def test_family_and_friends_never_interpret(
    file: PartnerFile, by: Viewer, who: Interpreting
) -> None:
    with pytest.raises(Refused, match="must never interpret"):
        actions.record_interpreter(
            file=file, used_on=TODAY, language="Arabic", who=who, agency="x", minutes=60, by=by
        )
    assert rows(InterpreterUse, by) == []


def test_an_interpreter_comes_from_an_agency_that_is_named(file: PartnerFile, by: Viewer) -> None:
    said = {"file": file, "used_on": TODAY, "language": "Arabic", "who": Interpreting.AGENCY}
    used = actions.record_interpreter(agency="Opdigtet Tolkehus", minutes=60, by=by, **said)
    assert used.agency == "Opdigtet Tolkehus"
    with pytest.raises(Refused, match="which agency"):
        actions.record_interpreter(agency=" ", minutes=60, by=by, **said)
    with pytest.raises(Refused, match="between 1 and"):
        actions.record_interpreter(agency="Tolkehus", minutes=0, by=by, **said)


def test_a_partner_is_referred_on_with_consent_only(file: PartnerFile, by: Viewer) -> None:
    said = {"file": file, "agency": "Opdigtet Klinik", "made_on": TODAY}
    with pytest.raises(Refused, match="only with the partner's consent"):
        actions.refer_on(kind="social", consent_on=None, by=by, **said)
    with pytest.raises(Refused, match="must come before"):
        actions.refer_on(kind="social", consent_on=LATER, by=by, **said)
    with pytest.raises(Refused, match="no help of this kind"):
        actions.refer_on(kind="astrology", consent_on=TODAY, by=by, **said)
    form = uuid4()
    for _ in range(2):
        made = actions.refer_on(kind="social", consent_on=TODAY, form=form, by=by, **said)
    assert (made.outcome, made.ask_on) == (HelpOutcome.WAITING, LATER)
    for _ in range(2):
        began = actions.settle_referral(
            referral=made, outcome=HelpOutcome.BEGAN, on=TODAY, version=1, note="Ja.", by=by
        )
    assert (began.version, began.ask_on, began.note) == (2, LATER, "Ja.")
    with pytest.raises(StaleEdit):
        actions.settle_referral(referral=made, outcome=HelpOutcome.LEFT, on=TODAY, version=1, by=by)
    with pytest.raises(Refused, match="cannot be dated before"):
        actions.settle_referral(
            referral=made, outcome=HelpOutcome.LEFT, on=TODAY - timedelta(days=1), version=2, by=by
        )
    done = actions.settle_referral(
        referral=made, outcome=HelpOutcome.COMPLETED, on=TODAY, version=2, by=by
    )
    assert done.ask_on is None


def test_a_permission_is_exact_and_can_be_taken_back(file: PartnerFile, by: Viewer) -> None:
    said = {"file": file, "purpose": "Ny skole", "in_writing": True, "given_on": TODAY}
    with pytest.raises(Refused, match="for everything is none"):
        actions.give_permission(information="everything", to_whom="Skolen", by=by, **said)
    with pytest.raises(Refused, match="to whom"):
        actions.give_permission(information="At vi er flyttet", to_whom=" ", by=by, **said)
    given = actions.give_permission(information="At vi er flyttet", to_whom="Skolen", by=by, **said)
    with pytest.raises(Refused, match="before that"):
        actions.revoke_permission(permission=given, on=TODAY - timedelta(days=1), by=by)
    for _ in range(2):
        taken = actions.revoke_permission(permission=given, on=TODAY, by=by)
    assert (taken.revoked_on, taken.version) == (TODAY, 2)


ACTS: dict[str, Callable[[PartnerFile, Viewer], Any]] = {
    "begin": lambda file, by: actions.begin_support(file=file, on=TODAY, by=by),
    "needs": lambda file, by: actions.state_needs(
        file=file, levels={Area.WORK: Level.SOME}, on=TODAY, by=by
    ),
    "expectation": lambda file, by: actions.state_expectation(
        file=file, hope=Hope.NOT_SURE, caveat_told=True, on=TODAY, by=by
    ),
    "plan": lambda file, by: actions.write_support_plan(
        file=file, goals="x", written_on=TODAY, review_on=LATER, seen=0, by=by
    ),
    "safety plan": lambda file, by: actions.write_safety_plan(
        file=file, words={"signs": "x"}, agreed=True, written_on=TODAY, review_on=LATER, seen=0,
        by=by,
    ),
    "step": lambda file, by: actions.add_step(
        file=file, what="x", who=Doer.BOTH, due_on=None, by=by
    ),
    "session": lambda file, by: actions.record_session(file=file, facts=facts(), by=by),
    "interpreter": lambda file, by: actions.record_interpreter(
        file=file, used_on=TODAY, language="ar", who=Interpreting.AGENCY, agency="x", minutes=9,
        by=by,
    ),
    "onward": lambda file, by: actions.refer_on(
        file=file, kind="social", agency="x", made_on=TODAY, consent_on=TODAY, by=by
    ),
    "permission": lambda file, by: actions.give_permission(
        file=file, information="At vi flyttede", to_whom="x", purpose="y", in_writing=False,
        given_on=TODAY, by=by,
    ),
}  # fmt: skip
OTHERS = [
    Role.COORDINATOR,
    Role.CHILDRENS_WORKER,
    Role.DATA_PROTECTION_OFFICER,
    Role.EVALUATOR,
    Role.SAFETY_ADMINISTRATOR,
    Role.SAFETY_SYSTEM,
]


@pytest.mark.parametrize("act", ACTS)
def test_only_who_works_with_partners_writes_about_support(
    staff: Staff, file: PartnerFile, act: str
) -> None:
    for role in OTHERS:
        with pytest.raises(Refused, match="may not work with a partner"):
            ACTS[act](file, staff[role])
    for role in (Role.PARTNER_WORKER, Role.SAFETY_MANAGER):
        if act == "begin" and role is Role.SAFETY_MANAGER:
            continue
        if act.endswith("plan") and role is Role.SAFETY_MANAGER:
            continue
        ACTS[act](file, staff[role])


def test_nothing_is_added_to_a_withdrawn_file(file: PartnerFile, by: Viewer) -> None:
    with acting(by):
        now = PartnerFile.objects.visible_to(by).get(pk=file.pk)
        now.withdrawn_on = TODAY
        now.save()
    for act in ACTS.values():
        with pytest.raises(Refused, match="was withdrawn"):
            act(file, by)


def test_a_closed_file_still_takes_what_is_learned(file: PartnerFile, by: Viewer) -> None:
    close_file(file=file, on=TODAY, by=by)
    for name, act in ACTS.items():
        if name != "begin":
            act(file, by)
    assert as_stored(file, by).closed_on == TODAY
