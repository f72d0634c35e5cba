"""Writing, sending at most once, and what is stopped on the way."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connections
from django.test import override_settings
from django.utils import timezone

from casewall.programme.rights.rules import Because
from casewall.safety.partners.actions import close_file, record_contact, reopen_file
from casewall.safety.partners.models import PartnerFile
from casewall.safety.partners.rules import Channel, Contact, Days, Outcome
from casewall.safety.rights.actions import restrict
from casewall.safety.sending import actions, adapters
from casewall.safety.sending.actions import posting as steps
from casewall.safety.sending.models import Message, Override
from casewall.safety.sending.oversight import to_read
from casewall.safety.sending.rules import Act, State, Stop
from casewall.safety.sending.texts import is_number
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import SIDE_OF_ROLE, Role, Side
from tests.people import Staff
from tests.safety.pages.conftest import PHONE, TODAY, new_file
from tests.safety.sending.conftest import EMAIL, NUMBER, Desk, Recording

WORKER, MANAGER, SYSTEM = Role.PARTNER_WORKER, Role.SAFETY_MANAGER, Role.SAFETY_SYSTEM
ROLES = [role for role in Role if SIDE_OF_ROLE[role] is Side.SAFETY]


# --- writing -------------------------------------------------------------------------------------


def test_a_text_to_a_confirmed_phone_goes_once(desk: Desk, posting: Recording) -> None:
    desk.plan(Channel.TEXT, call_as="Kim", code_word="solsort")
    message = desk.write()
    assert desk.send(posting).sent == 1
    assert desk.send(posting).sent == 0
    [gone] = posting.taken
    assert (gone.id, gone.address) == (message.pk, PHONE)
    assert gone.words.body == f"solsort\nPlease call Kim on {NUMBER} when it suits you."
    kept = desk.now(message)
    assert (kept.state, kept.body, desk.tasks()) == (State.SENT, gone.words.body, [])


def test_a_restricted_file_stops_what_waits_and_what_is_new(
    desk: Desk, posting: Recording, staff: Staff
) -> None:
    for channel in (Channel.TEXT, Channel.LETTER, Channel.CALL):
        desk.plan(channel)
    text, letter = desk.write(), desk.write(Act.LETTER)
    restrict(file=desk.file, because=Because.ACCURACY, by=staff[WORKER])
    assert desk.send(posting).stopped == 1
    with pytest.raises(actions.Stopped, match="This file is restricted"):
        actions.print_letter(message=letter, at=timezone.now(), by=staff[WORKER])
    assert [desk.now(one).state for one in (text, letter)] == [State.STOPPED, State.STOPPED]
    assert posting.taken == []
    with pytest.raises(actions.Stopped, match="until a manager lifts") as stopped:
        desk.write(Act.LETTER, override_reason="An invented reason.")
    assert stopped.value.verdict.never
    assert stopped.value.verdict.alternatives == ()
    # Where somebody is in danger a call may be made, with a reason that the supervisor reads.
    call = actions.place_call(file=desk.file, at=timezone.now(), by=staff[WORKER],
                        override_reason="An invented danger.")
    assert call.number == PHONE


def test_a_text_to_a_phone_that_nobody_confirmed_is_stopped_with_what_is_safe(desk: Desk) -> None:
    desk.plan(Channel.CALL)
    with pytest.raises(actions.Stopped, match="has not confirmed") as stopped:
        desk.write()
    assert [one.act for one in stopped.value.verdict.alternatives] == [Act.CALL]
    assert not stopped.value.verdict.never


def test_the_same_form_twice_is_one_message(desk: Desk) -> None:
    desk.plan(Channel.TEXT)
    key = uuid4()
    assert desk.write(id=key).pk == desk.write(id=key).pk == key


def test_a_form_of_another_file_writes_nothing_here(staff: Staff, desk: Desk) -> None:
    desk.plan(Channel.TEXT)
    key = uuid4()
    desk.write(id=key)
    other = Desk(staff, new_file(staff, "Anden", "Opdigtet", phone="+4511223344"))
    other.plan(Channel.TEXT)
    with pytest.raises(Refused, match="another file"):
        other.write(id=key)


def test_free_text_finds_no_way_into_a_message(desk: Desk) -> None:
    desk.plan(Channel.TEXT)
    for wrong, says in [
        ({"template": "own words"}, "one of the messages"),
        ({"language": "fr"}, "no message in this language"),
        ({"number": "call the shelter"}, "a phone number and nothing else"),
        ({"number": None}, "a phone number and nothing else"),
        ({"act": Act.CALL}, "not something that can be written"),
        ({"act": Act.CALENDAR}, "a day and an hour"),
    ]:
        with pytest.raises(Refused, match=says):
            desk.write(**wrong)


def test_a_name_or_code_word_that_tells_who_we_are_is_refused(desk: Desk) -> None:
    for revealing in ({"call_as": "Lyngholm"}, {"code_word": "shelter"}):
        desk.plan(Channel.TEXT, **revealing)
        with pytest.raises(Refused, match="can tell somebody else who writes"):
            desk.write()


def test_only_those_whose_duty_it_is_write_call_and_send(staff: Staff, desk: Desk) -> None:
    desk.plan(Channel.TEXT)
    desk.plan(Channel.CALL)
    at = timezone.now()
    for role in ROLES:
        if may_do(role, Duty.SEND_MESSAGE):
            assert desk.write(by=staff[role]).state == State.QUEUED
            call = actions.place_call(file=desk.file, at=at, by=staff[role])
            assert call.number == PHONE
        else:
            with pytest.raises(Refused, match="may not write to a partner"):
                desk.write(by=staff[role])
            with pytest.raises(Refused, match="may not write to a partner"):
                actions.place_call(file=desk.file, at=at, by=staff[role])
        if role is not SYSTEM:
            with pytest.raises(Refused, match="may not send the messages"):
                actions.send_due(posting=Recording(), by=staff[role])


# --- overriding ----------------------------------------------------------------------------------


def overrides(staff: Staff) -> list[Override]:
    with acting(staff[MANAGER]):
        found = list(Override.objects.visible_to(staff[MANAGER]))
        assert all(one.reason for one in found)
        return found


def test_an_override_needs_a_reason_and_is_kept_for_the_supervisor(
    staff: Staff, desk: Desk, posting: Recording
) -> None:
    with pytest.raises(actions.Stopped):
        desk.write(override_reason="   ")
    message = desk.write(override_reason="The client is on the way there.")
    [kept] = overrides(staff)
    assert (kept.stops, kept.reason, kept.worker, kept.read_at) == (
        "not_confirmed", "The client is on the way there.", staff[WORKER].worker, None)
    desk.send(posting)
    assert desk.now(message).state == State.SENT


def test_an_override_covers_only_the_stops_that_it_named(desk: Desk, posting: Recording) -> None:
    message = desk.write(override_reason="The client is on the way there.")
    record_contact(file=desk.file, tried_at=timezone.now(), channel=Channel.CALL,
                   outcome=Outcome.UNSAFE_TO_CONTACT, by=desk.staff[WORKER])
    assert desk.send(posting).stopped == 1
    assert posting.taken == []
    assert desk.now(message).stopped_because == "unsafe"


@pytest.mark.parametrize("act", [Act.LETTER, Act.CALENDAR])
def test_no_reason_sends_a_letter_or_a_calendar_entry_to_an_unconfirmed_place(
    staff: Staff, desk: Desk, with_email: Callable[[], None], act: Act
) -> None:
    with_email()
    with pytest.raises(actions.Stopped) as stopped:
        desk.write(act, override_reason="It matters.", entry_at=timezone.now() + timedelta(days=1))
    assert stopped.value.verdict.never
    assert overrides(staff) == []


def test_the_supervisor_reads_an_override_once_and_nobody_the_own(
    staff: Staff, desk: Desk
) -> None:
    desk.write(override_reason="The client is on the way there.")
    desk.write(override_reason="The manager's own.", by=staff[MANAGER])
    theirs, own = sorted(overrides(staff), key=lambda one: one.worker != staff[WORKER].worker)
    with pytest.raises(Refused, match="may not read why"):
        actions.read_override(override=theirs, at=timezone.now(), by=staff[WORKER])
    with pytest.raises(Refused, match="Somebody else has to read"):
        actions.read_override(override=own, at=timezone.now(), by=staff[MANAGER])
    first = actions.read_override(override=theirs, at=timezone.now(), by=staff[MANAGER])
    again = actions.read_override(override=theirs, at=timezone.now(), by=staff[MANAGER])
    assert first.read_at == again.read_at
    assert again.read_by == staff[MANAGER].worker


def test_what_a_manager_overrode_is_read_by_a_coordinator(staff: Staff, desk: Desk) -> None:
    desk.write(override_reason="The client is on the way there.")
    desk.write(override_reason="The manager's own.", by=staff[MANAGER])
    theirs, own = sorted(overrides(staff), key=lambda one: one.worker != staff[WORKER].worker)
    coordinator = staff[Role.COORDINATOR]
    with pytest.raises(Refused, match="A safety manager reads this one"):
        actions.read_override(override=theirs, at=timezone.now(), by=coordinator)
    with acting(coordinator):
        shown = to_read(Override.objects.visible_to(coordinator), coordinator)
        assert [one.pk for one in shown] == [own.pk]
    read = actions.read_override(override=own, at=timezone.now(), by=coordinator)
    assert read.read_by == coordinator.worker


# --- asked again at the moment of sending --------------------------------------------------------

NINE_TO_THREE = {"from_time": time(9), "to_time": time(15)}


def _plan_changed(desk: Desk) -> None:
    desk.plan(Channel.TEXT, is_safe=False)


def _stale(desk: Desk) -> None:
    desk.plan(Channel.TEXT, confirmed_on=TODAY - timedelta(days=40),
              review_on=TODAY - timedelta(days=1))


def _code_changed(desk: Desk) -> None:
    desk.plan(Channel.TEXT, code_word="drossel")


def _name_revealing(desk: Desk) -> None:
    desk.plan(Channel.TEXT, call_as="the shelter")


def _number_changed(desk: Desk) -> None:
    with acting(desk.staff[MANAGER]):
        partner = desk.file.partner
        partner.phone = "+4599887766"
        partner.save()


def _closed(desk: Desk) -> None:
    close_file(file=desk.file, on=TODAY, by=desk.staff[WORKER])


def _withdrawn(desk: Desk) -> None:
    with acting(desk.staff[MANAGER]):
        file = PartnerFile.objects.visible_to(desk.staff[MANAGER]).get(pk=desk.file.pk)
        file.withdrawn_on = TODAY
        file.save()


CHANGES = [
    (_plan_changed, "not_confirmed"),
    (_stale, "stale"),
    (_code_changed, "words_changed"),
    (_name_revealing, "words_changed"),
    (_number_changed, "address_changed"),
    (_closed, "closed"),
    (_withdrawn, "withdrawn"),
]


def test_what_changed_since_it_was_written_stops_a_message_with_a_task(
    staff: Staff, desk: Desk, posting: Recording
) -> None:
    for number, (change, because) in enumerate(CHANGES):
        one = Desk(staff, new_file(staff, "Anden", "Opdigtet", phone=f"+451122334{number}"))
        one.plan(Channel.TEXT)
        message = one.write()
        change(one)
        assert one.send(posting).stopped == 1
        kept = one.now(message)
        assert (kept.state, kept.stopped_because) == (State.STOPPED, because)
        assert one.tasks() == [steps.STOPPED]
        assert one.send(posting).stopped == 0
    assert posting.taken == []


def test_a_message_waits_for_its_hours_and_is_too_late_after_them(
    desk: Desk, posting: Recording
) -> None:
    desk.plan(Channel.TEXT, from_time=time(18), to_time=time(20))
    waits, late = desk.write(), desk.write()
    six = timezone.localtime().replace(hour=18, minute=0, second=0, microsecond=0)
    assert desk.send(posting).waiting == 2
    assert posting.taken == []
    actions.recall_message(message=late, at=six, by=desk.staff[WORKER])
    assert desk.send(posting, at=six + timedelta(minutes=1)).sent == 1
    assert desk.now(waits).state == State.SENT
    missed = desk.write()
    assert desk.send(posting, at=six + timedelta(hours=3)).stopped == 1
    assert desk.now(missed).stopped_because == "wrong_hour,too_late"


def test_still_safe_does_not_stop_what_was_written_before(desk: Desk, posting: Recording) -> None:
    desk.plan(Channel.TEXT)
    desk.write()
    actions.confirm_still_safe(
        file=desk.file, channel=Channel.TEXT, on=TODAY + timedelta(days=1), by=desk.staff[WORKER])
    assert desk.send(posting, at=timezone.now() + timedelta(hours=23)).sent == 1


def test_without_a_way_out_a_message_waits_and_becomes_a_task(
    desk: Desk, posting: Recording
) -> None:
    desk.plan(Channel.TEXT)
    posting.acts = frozenset()
    message = desk.write()
    assert desk.send(posting).waiting == 1
    assert desk.send(posting, at=timezone.now() + timedelta(days=2)).stopped == 1
    assert desk.now(message).stopped_because == "too_late"


def test_of_many_stored_plans_none_is_sent_against(staff: Staff, desk: Desk) -> None:
    """The generated law of test_rules, through the real queue and database."""
    dice, posting = random.Random(11), Recording()
    system = staff[SYSTEM]
    expected = []
    for number in range(40):
        desk.plan(Channel.TEXT)
        message = desk.write()
        safe = dice.random() < 0.85
        ago = dice.choice([0, 10, 40])
        days = dice.choice([Days.EVERY_DAY, *Days])
        hour = dice.choice([None, 8, 8, 14])
        desk.plan(
            Channel.TEXT, is_safe=safe, confirmed_on=TODAY - timedelta(days=ago),
            review_on=TODAY - timedelta(days=ago - 20), days=days,
            from_time=time(hour) if hour else None, to_time=time(hour + 4) if hour else None)
        changed = dice.random() < 0.2
        if changed:
            with acting(staff[MANAGER]):
                partner = desk.file.partner
                partner.phone = f"+4511{number:06}"
                partner.save()
        if safe and ago <= 20 and days is not Days.WEEKENDS and hour != 14 and not changed:
            expected.append(message.pk)
        actions.send_due(posting=posting, by=system)
        if desk.now(message).state == State.QUEUED:
            actions.recall_message(message=message, at=timezone.now(), by=staff[WORKER])
    assert [one.id for one in posting.taken] == expected
    assert 3 < len(expected) < 30


# --- at most once --------------------------------------------------------------------------------


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("where", ["before the claim", "while claiming", "before sending",
                                   "after sending", "while confirming", "after confirming"])
def test_wherever_the_process_dies_a_message_goes_at_most_once_and_nobody_forgets_it(
    desk: Desk, posting: Recording, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    desk.plan(Channel.TEXT)
    message = desk.write()

    def die(*args: object, **named: object) -> None:
        raise Killed

    real_record, real_post, real_confirm = steps.record, posting.post, steps.confirm_sent
    with monkeypatch.context() as fault:
        if where == "before the claim":
            fault.setattr(steps, "locked_message", die)
        if where == "while claiming":
            fault.setattr(steps, "record", die)
        if where == "before sending":
            fault.setattr(posting, "post", die)
        if where == "after sending":
            fault.setattr(posting, "post", lambda one: (real_post(one), die()))
        if where == "while confirming":
            fault.setattr(steps, "record", lambda **named: (
                die() if named["verb"] == "sent" else real_record(**named)))
        if where == "after confirming":
            fault.setattr(steps, "confirm_sent", lambda **named: (real_confirm(**named), die()))
        with pytest.raises(Killed):
            desk.send(posting)
    for later in (1, 5, 11, 30, 60 * 26):
        desk.send(posting, at=timezone.now() + timedelta(minutes=later))
    state = desk.now(message).state
    if where in ("before the claim", "while claiming", "after confirming"):
        assert (state, len(posting.taken), desk.tasks()) == (State.SENT, 1, [])
    else:
        went = 0 if where == "before sending" else 1
        assert (state, len(posting.taken), desk.tasks()) == (
            State.DOUBTFUL, went, [steps.DOUBTFUL])


def test_a_killed_process_leaves_a_doubt_and_no_second_text(desk: Desk, tmp_path: Path) -> None:
    desk.plan(Channel.TEXT)
    message = desk.write()

    class Dying(Recording):
        def post(self, outgoing: actions.Outgoing) -> None:
            (tmp_path / "sent").write_text(outgoing.words.body)
            os.kill(os.getpid(), signal.SIGKILL)

    for connection in connections.all(initialized_only=True):
        connection.close()
    child = os.fork()
    if child == 0:
        desk.send(Dying())
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert (tmp_path / "sent").exists()
    after = Recording()
    assert desk.now(message).state == State.CLAIMED
    assert desk.send(after, at=timezone.now() + timedelta(minutes=11)).doubtful == 1
    assert after.taken == []
    assert desk.now(message).state == State.DOUBTFUL


@pytest.mark.parametrize("problem", [OSError("no line"), actions.Unknown("said nothing")])
def test_a_failed_hand_over_is_doubtful_at_once_and_never_sent_again(
    desk: Desk, posting: Recording, problem: Exception
) -> None:
    desk.plan(Channel.TEXT)
    first, second = desk.write(), desk.write()
    given: list[object] = []

    def fail_once(outgoing: actions.Outgoing) -> None:
        given.append(outgoing.id)
        if len(given) == 1:
            raise problem

    posting.post = fail_once  # type: ignore[method-assign]
    done = desk.send(posting)
    assert (done.sent, done.doubtful) == (1, 1)
    desk.send(posting, at=timezone.now() + timedelta(hours=1))
    assert sorted(map(str, given)) == sorted([str(first.pk), str(second.pk)])
    assert {desk.now(first).state, desk.now(second).state} == {State.SENT, State.DOUBTFUL}
    assert desk.tasks() == [steps.DOUBTFUL]


def test_two_rounds_at_once_send_one_text(desk: Desk, posting: Recording) -> None:
    desk.plan(Channel.TEXT)
    desk.write()

    def other_round(outgoing: actions.Outgoing) -> None:
        posting.taken.append(outgoing)
        if len(posting.taken) == 1:
            assert desk.send(posting).sent == 0

    posting.post = other_round  # type: ignore[method-assign]
    assert desk.send(posting).sent == 1
    assert len(posting.taken) == 1


def test_what_a_worker_finds_out_ends_a_doubt(desk: Desk, posting: Recording) -> None:
    desk.plan(Channel.TEXT)
    message = desk.write()
    posting.post = lambda outgoing: (_ for _ in ()).throw(OSError())  # type: ignore[method-assign]
    desk.send(posting)
    by = desk.staff[WORKER]
    for _ in range(2):
        actions.say_posted(message=message, at=timezone.now(), by=by)
    assert desk.now(message).state == State.SENT
    with pytest.raises(Refused, match="sent"):
        actions.recall_message(message=message, at=timezone.now(), by=by)


def test_what_went_out_is_an_attempt_without_an_answer(desk: Desk, posting: Recording) -> None:
    def standing() -> tuple[str, str, object, object]:
        with acting(desk.staff[WORKER]):
            file = PartnerFile.objects.visible_to(desk.staff[WORKER]).get(pk=desk.file.pk)
        return file.contact, file.next_action, file.next_action_on, file.last_contact_on

    desk.plan(Channel.TEXT)
    desk.plan(Channel.EMAIL, calendar=True)
    desk.plan(Channel.LETTER)
    desk.write()
    letter, now = desk.write(Act.LETTER), timezone.now()
    before = standing()
    assert before[0] == Contact.NOT_TRIED
    actions.print_letter(message=letter, at=now, by=desk.staff[WORKER])
    assert standing() == before  # nothing has gone yet
    assert desk.send(posting).sent == 1
    tried = (Contact.NOT_REACHED, "contact", TODAY + timedelta(days=2), TODAY)
    assert standing() == tried
    for _ in range(2):
        actions.say_posted(message=letter, at=now + timedelta(days=1), by=desk.staff[WORKER])
    later = TODAY + timedelta(days=1)
    assert standing() == (Contact.NOT_REACHED, "contact", later + timedelta(days=2), later)


def test_an_entry_in_a_calendar_is_no_attempt_and_a_text_takes_no_answer_back(
    desk: Desk, posting: Recording, with_email: Callable[[], None]
) -> None:
    with_email()
    desk.plan(Channel.EMAIL, calendar=True)
    desk.plan(Channel.TEXT)
    by = desk.staff[WORKER]

    def contact() -> str:
        with acting(by):
            return PartnerFile.objects.visible_to(by).get(pk=desk.file.pk).contact

    desk.write(Act.CALENDAR, entry_at=timezone.now() + timedelta(days=2))
    assert desk.send(posting).sent == 1
    assert contact() == Contact.NOT_TRIED
    record_contact(file=desk.file, tried_at=timezone.now(), channel=Channel.CALL,
                   outcome=Outcome.SPOKE, by=by)  # fmt: skip
    desk.write()
    assert desk.send(posting).sent == 1
    assert contact() == Contact.ENGAGED


def test_a_partner_who_came_back_is_tried_again_where_nobody_answers(desk: Desk) -> None:
    by = desk.staff[WORKER]
    tried: dict[str, object] = {"tried_at": timezone.now(), "channel": Channel.CALL, "by": by}
    record_contact(file=desk.file, outcome=Outcome.SPOKE, **tried)  # type: ignore[arg-type]
    close_file(file=desk.file, on=TODAY, by=by)
    reopen_file(file=desk.file, on=TODAY, by=by)
    record_contact(file=desk.file, outcome=Outcome.NO_ANSWER, **tried)  # type: ignore[arg-type]
    with acting(by):
        file = PartnerFile.objects.visible_to(by).get(pk=desk.file.pk)
    assert (file.next_action, file.next_action_on) == ("contact", TODAY + timedelta(days=2))


# --- letters, calls, still safe ------------------------------------------------------------------


def test_a_letter_is_printed_once_and_then_posted_or_not(desk: Desk, posting: Recording) -> None:
    desk.plan(Channel.LETTER, call_as="Kim")
    letter = desk.write(Act.LETTER)
    by, now = desk.staff[WORKER], timezone.now()
    assert desk.send(posting).waiting == 1
    going = actions.print_letter(message=letter, at=now, by=by)
    assert (going.address, going.to_name) == ("Opdigtet Vej 1", "Opdigtet Sørensen")
    with pytest.raises(Refused, match="printed before"):
        actions.print_letter(message=letter, at=now, by=by)
    assert actions.say_posted(message=letter, at=now, by=by).state == State.SENT
    other = desk.write(Act.LETTER, at=now)
    actions.print_letter(message=other, at=now, by=by)
    assert actions.recall_message(message=other, at=now, by=by).state == State.RECALLED
    assert posting.taken == []


def test_a_letter_of_which_nobody_says_that_it_was_posted_becomes_a_task(
    desk: Desk, posting: Recording
) -> None:
    desk.plan(Channel.LETTER)
    letter = desk.write(Act.LETTER)
    actions.print_letter(message=letter, at=timezone.now(), by=desk.staff[WORKER])
    assert desk.send(posting, at=timezone.now() + timedelta(days=1)).doubtful == 0
    assert desk.send(posting, at=timezone.now() + timedelta(days=3)).doubtful == 1
    assert desk.tasks() == [steps.DOUBTFUL]


def test_a_letter_whose_place_is_not_safe_any_more_is_not_printed(desk: Desk) -> None:
    desk.plan(Channel.LETTER)
    letter = desk.write(Act.LETTER)
    desk.plan(Channel.LETTER, is_safe=False)
    with pytest.raises(actions.Stopped, match="not confirmed"):
        actions.print_letter(message=letter, at=timezone.now(), by=desk.staff[WORKER])
    assert desk.now(letter).state == State.STOPPED
    assert desk.tasks() == [steps.STOPPED]


def test_a_call_outside_its_hours_is_stopped_and_says_when_it_is_safe(desk: Desk) -> None:
    desk.plan(Channel.CALL, from_time=time(18), to_time=time(20))
    with pytest.raises(actions.Stopped, match="from 18:00 to 20:00") as stopped:
        actions.place_call(file=desk.file, at=timezone.now(), by=desk.staff[WORKER])
    [later] = stopped.value.verdict.alternatives
    assert (later.act, timezone.localtime(later.opens_at).hour) == (Act.CALL, 18)


@pytest.mark.parametrize("cleared", [True, False])
def test_a_message_may_be_left_only_where_it_was_cleared(desk: Desk, cleared: bool) -> None:
    desk.plan(Channel.CALL, voicemail=cleared, call_as="Kim", code_word="solsort")
    call = actions.place_call(file=desk.file, at=timezone.now(), by=desk.staff[WORKER])
    assert (call.number, call.call_as, call.code_word, call.may_leave_message) == (
        PHONE, "Kim", "solsort", cleared)


def test_still_safe_moves_the_review_and_is_refused_where_nobody_called_it_safe(
    desk: Desk
) -> None:
    by = desk.staff[WORKER]
    with pytest.raises(Refused, match="Nobody has said"):
        actions.confirm_still_safe(file=desk.file, channel=Channel.CALL, on=TODAY, by=by)
    desk.plan(Channel.CALL, confirmed_on=TODAY - timedelta(days=20))
    once = actions.confirm_still_safe(file=desk.file, channel=Channel.CALL, on=TODAY, by=by)
    twice = actions.confirm_still_safe(file=desk.file, channel=Channel.CALL, on=TODAY, by=by)
    assert (once.confirmed_on, once.review_on) == (TODAY, TODAY + timedelta(days=28))
    assert once.version == twice.version
    with pytest.raises(Refused, match="may not set how"):
        actions.confirm_still_safe(
            file=desk.file, channel=Channel.CALL, on=TODAY, by=desk.staff[Role.COORDINATOR])


# --- the ways out --------------------------------------------------------------------------------


def test_a_text_lands_in_the_folder_under_the_name_of_its_message(
    desk: Desk, tmp_path: Path
) -> None:
    desk.plan(Channel.TEXT)
    message = desk.write()
    with override_settings(CASEWALL_OUTBOX_DIR=tmp_path / "outbox", CASEWALL_SMS_ADAPTER="file"):
        assert desk.send(adapters.Postbox()).sent == 1
        with pytest.raises(FileExistsError):
            adapters.sms_adapter().send(id=message.pk, to=PHONE, text="again")
    [written] = (tmp_path / "outbox").iterdir()
    assert written.name == f"{message.pk}.txt"
    assert written.read_text() == f"{PHONE}\nPlease call {NUMBER} when it suits you.\n"
    assert written.stat().st_mode & 0o077 == 0


def test_an_e_mail_goes_through_the_mail_backend_of_the_site(
    desk: Desk, tmp_path: Path, with_email: Callable[[], None]
) -> None:
    from django.core import mail

    with_email()
    desk.plan(Channel.EMAIL, calendar=True)
    desk.write(Act.EMAIL)
    desk.write(Act.CALENDAR, entry_at=timezone.now() + timedelta(days=1))
    with override_settings(
        EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend",
        CASEWALL_MAIL_FROM="Kim <kim@example.invalid>", CASEWALL_OUTBOX_DIR=tmp_path,
    ):
        mail.outbox = []
        assert desk.send(adapters.Postbox()).sent == 2
    assert {tuple(one.to) for one in mail.outbox} == {(EMAIL,)}
    assert sorted(len(one.attachments) for one in mail.outbox) == [0, 1]


@pytest.mark.parametrize(("settings", "says"), [
    ({"CASEWALL_OUTBOX_DIR": None}, "CASEWALL_OUTBOX_DIR is not set"),
    ({"CASEWALL_SMS_ADAPTER": "pigeon"}, "there are: file"),
    ({"EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
      "CASEWALL_MAIL_FROM": "Lyngholm Shelter <a@example.invalid>"}, "neutral name"),
])
def test_a_way_out_that_is_not_set_up_says_what_to_set(
    tmp_path: Path, settings: dict[str, object], says: str
) -> None:
    with (override_settings(**{"CASEWALL_OUTBOX_DIR": tmp_path, **settings}),
          pytest.raises(Refused, match=says)):
        adapters.Postbox()


def test_without_a_mail_server_there_is_no_way_for_an_e_mail(tmp_path: Path) -> None:
    with override_settings(CASEWALL_OUTBOX_DIR=tmp_path, CASEWALL_MAIL_FROM=""):
        box = adapters.Postbox()
    assert [act for act in Act if box.can(act)] == [Act.TEXT]


def test_an_address_that_hides_a_header_is_not_written_to(tmp_path: Path) -> None:
    from casewall.safety.sending.texts import rendered

    going = actions.Outgoing(uuid4(), Act.EMAIL, "a@example.invalid\nBcc: b@example.invalid",
                             rendered("will_call", "en"), None, "")
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend",
                           CASEWALL_MAIL_FROM="kim@example.invalid", CASEWALL_OUTBOX_DIR=tmp_path):
        box = adapters.Postbox()
        with pytest.raises(actions.Unknown):
            box.post(going)


def test_the_command_sends_a_round_and_counts_it(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from casewall.safety.sending.command import send_messages

    desk.plan(Channel.TEXT)
    desk.write()
    with override_settings(CASEWALL_OUTBOX_DIR=tmp_path):
        assert send_messages([]) == 0
    assert capsys.readouterr().out == "1 sent, 0 waiting, 0 stopped, 0 doubtful.\n"
    assert send_messages(["--every", "0"]) == 1
    with override_settings(CASEWALL_OUTBOX_DIR=None):
        assert send_messages([]) == 1
    assert "CASEWALL_OUTBOX_DIR" in capsys.readouterr().err


def test_a_stored_message_holds_no_address(desk: Desk, owner_urls: dict[str, str]) -> None:
    desk.plan(Channel.TEXT)
    message = desk.write()
    with acting(desk.staff[MANAGER]):
        row = Message.objects.visible_to(desk.staff[MANAGER]).filter(pk=message.pk).values().get()
    assert PHONE not in str(row)
    assert NUMBER not in str(row)
    assert is_number(NUMBER)
    assert Stop.NO_ADDRESS not in row["stopped_because"]
    assert isinstance(row["not_after"], datetime)
