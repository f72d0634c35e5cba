"""From a referral to a repeat within twelve months, as the people who do it would tell it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from casewall.safety.conferences import actions
from casewall.safety.conferences.models import ConferenceReferral, Hearing, Research
from casewall.safety.conferences.reading import hearing_facts, today_items
from casewall.safety.conferences.rules import Answer, Consent, FlagEnd, Heard, State, marac_figures
from casewall.safety.intake.models import OutboxItem
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.sides import Role, Viewer
from tests.people import SERVICE, Staff
from tests.safety.conferences.conftest import (
    COORDINATOR,
    DAY,
    SENT_TO,
    WORKER,
    at_day,
    filled,
    moment,
    rows,
    violence,
)
from tests.safety.pages.conftest import TODAY, Invented

pytestmark = pytest.mark.usefixtures("site")


def whats(viewer: Viewer, day: date) -> list[str]:
    """What stands on somebody's day of conferences."""
    with acting(viewer):
        return [item["what"] for item in today_items(viewer, day, day)]


def refer(staff: Staff, world: Invented) -> ConferenceReferral:
    worker = staff[WORKER]
    begun = actions.begin_referral(file=world.file, by=worker)
    kept = actions.keep_referral(
        referral=begun, filled=filled(), version=begun.version, by=worker
    )
    return actions.send_referral(
        referral=kept, sent_to=SENT_TO, version=kept.version, by=worker
    )


def hear(staff: Staff, referral: ConferenceReferral, days: int) -> Hearing:
    by = staff[COORDINATOR]
    day = actions.plan_conference(service=SERVICE, held_at=moment(days), place="", by=by)
    listed = actions.list_referral(conference=day, referral=referral, by=by)
    return actions.keep_hearing(
        hearing=listed, outcome=Heard.ACTIONS, summary="Opdigtet.", version=listed.version, by=by
    )


def test_from_referral_to_repeat(staff: Staff, world: Invented) -> None:
    worker, coordinator = staff[WORKER], staff[COORDINATOR]
    system = staff[Role.SAFETY_SYSTEM]
    crossed = len(rows(OutboxItem, system))
    violence(staff, world)
    # The draft is filled in from the records; what nobody knows stays empty.
    begun = actions.begin_referral(file=world.file, by=worker)
    answers = actions.answers_of(begun)
    assert answers["name"] == "Opdigtet Sørensen"
    assert answers["born_on"] == "27 March 1985"
    assert answers["client_name"] == "Opdigtet Klient"
    assert "hands round the neck" in answers["what_happened"]
    assert answers["gp"] == ""
    assert begun.criteria == ""
    with pytest.raises(Refused, match="No criterion"):
        actions.send_referral(referral=begun, sent_to=SENT_TO, version=begun.version, by=worker)
    # Judgement is a criterion; without consent a ground and its reason are needed.
    asked = actions.keep_referral(
        referral=begun, filled=filled(consent=Consent.NO, ground=None), version=begun.version,
        by=worker,
    )  # fmt: skip
    with pytest.raises(Refused, match="lawful ground"):
        actions.send_referral(referral=asked, sent_to=SENT_TO, version=asked.version, by=worker)
    referral = refer(staff, world)
    assert (referral.pk, referral.state, referral.criteria) == (begun.pk, State.SENT, "judgement")

    # Research, hearing, actions, flag.
    day = actions.plan_conference(service=SERVICE, held_at=moment(14), place="", by=coordinator)
    listed = actions.list_referral(conference=day, referral=referral, by=coordinator)
    assert listed.repeat is False
    asked_police = actions.ask_research(hearing=listed, agency="Opdigtet Politi", by=coordinator)
    assert asked_police.due_on == TODAY + 7 * DAY
    with at_day(8):
        assert "An agency has not answered for the MARAC yet:" in whats(
            coordinator, TODAY + 8 * DAY
        )
        actions.keep_research(research=asked_police, answer=Answer.CAME, text="To opkald",
                              version=1, by=coordinator)  # fmt: skip
        with pytest.raises(Refused, match="has not come yet"):
            actions.keep_hearing(hearing=listed, outcome=Heard.ACTIONS, summary="", version=1,
                                 by=coordinator)  # fmt: skip
    with at_day(14):
        hearing = actions.keep_hearing(hearing=listed, outcome=Heard.ACTIONS, summary="Aftalt",
                                       version=1, by=coordinator)  # fmt: skip
        heard_on = TODAY + 14 * DAY
        assert (hearing.heard_on, hearing.flag_until) == (heard_on, date(2037, 3, 25))
        action = actions.add_conference_action(
            hearing=hearing, what="Skift lås", owner=worker.worker, agency="",
            due_on=heard_on + DAY, by=coordinator,
        )  # fmt: skip
    with at_day(16):
        assert "Action of a conference:" in whats(worker, TODAY + 16 * DAY)
        actions.finish_conference_action(action=action, outcome="Skiftet", version=1, by=worker)
        assert whats(worker, TODAY + 16 * DAY) == []

    # New violence within twelve months: it stands first, until somebody refers again.
    with at_day(100):
        later = TODAY + 100 * DAY
        violence(staff, world, on=later)
        assert whats(worker, later) == ["New violence within the months after a MARAC: refer "
                                        "again:"]  # fmt: skip
        again = refer(staff, world)
        assert again.pk != referral.pk
        assert again.criteria == "judgement,repeat"
        assert "refer again" not in " ".join(whats(worker, later))
        second = hear(staff, again, 100)
        assert second.repeat is True
    flags = {one.pk: (one.flag_ended, one.flag_ended_on) for one in rows(Hearing, worker)}
    assert flags[hearing.pk] == (FlagEnd.HEARD_AGAIN, later)
    assert flags[second.pk] == ("", None)

    # The figures of the period, and nothing of all this crossed.
    with acting(coordinator):
        facts = hearing_facts(coordinator, SERVICE, TODAY, later)
    found = {one.what: (one.n, one.of) for one in marac_figures(facts, {})}
    assert found["Cases heard"] == (2, None)
    assert found["Partners heard"] == (1, None)
    assert found["Repeats within the local months"] == (1, 2)
    assert len(rows(OutboxItem, system)) == crossed


def test_a_flag_ends_by_a_person_and_only_after_its_months(
    staff: Staff, world: Invented, heard: Hearing
) -> None:
    by = staff[COORDINATOR]
    with pytest.raises(Refused, match="holds until"):
        actions.end_flag(hearing=heard, because=FlagEnd.EXPIRED, by=by)
    last = heard.flag_until
    assert last is not None
    assert "The MARAC flag ends: look at the case again:" in whats(staff[WORKER], last)
    with at_day((last - TODAY).days + 1):
        ended = actions.end_flag(hearing=heard, because=FlagEnd.EXPIRED, by=by)
        assert ended.flag_ended_on == last + timedelta(days=1)
        assert actions.end_flag(hearing=heard, because=FlagEnd.MOVED, by=by).flag_ended == (
            FlagEnd.EXPIRED
        )


def test_violence_after_the_months_is_no_repeat(
    staff: Staff, world: Invented, heard: Hearing
) -> None:
    with at_day(400):
        later = TODAY + 400 * DAY
        violence(staff, world, on=later)
        assert "refer again" not in " ".join(whats(staff[WORKER], later))
        assert "repeat" not in refer(staff, world).criteria


def test_research_that_never_came_is_not_taken_for_nothing_known(
    staff: Staff, world: Invented, listed: Hearing
) -> None:
    by = staff[COORDINATOR]
    row = actions.ask_research(hearing=listed, agency="Opdigtet Skole", by=by)
    with pytest.raises(Refused, match="Write what the agency answered"):
        actions.keep_research(research=row, answer=Answer.CAME, text=" ", version=1, by=by)
    assert [one.answer for one in rows(Research, by)] == [Answer.ASKED]
    kept = actions.keep_research(research=row, answer=Answer.NONE, text="", version=1, by=by)
    assert kept.answered_on == TODAY
