"""Sending what is due, at most once: claimed and committed first, sent, then confirmed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.safety.partners.actions import add_task, count_unanswered, locked_file
from casewall.safety.partners.models import Partner, PartnerFile
from casewall.safety.sending.actions.asking import (
    Addresses,
    Stopped,
    gate,
    standing_of,
    token_of,
)
from casewall.safety.sending.actions.writing import (
    locked_message,
    moved,
    plan_for,
    refuse_revealing,
    words_for,
)
from casewall.safety.sending.models import Message
from casewall.safety.sending.rules import (
    CHANNEL_OF,
    Act,
    Next,
    State,
    Stop,
    Verdict,
    is_doubtful,
    next_for,
    reason_for,
)
from casewall.safety.sending.texts import Rendered
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, require
from casewall.wall.sides import Viewer

STOPPED = "a_message_was_stopped"
DOUBTFUL = "find_out_whether_a_message_went_out"


class Unknown(Exception):
    """Nobody can say whether a message went out. It is never sent again."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A claimed message, ready to leave the house."""

    id: UUID
    act: Act
    address: str
    words: Rendered
    entry_at: datetime | None
    to_name: str


class Posting(Protocol):
    """How messages leave the house; `adapters.Postbox` is the one of the site."""

    def can(self, act: Act) -> bool:
        """Whether there is a way for this act at all."""

    def post(self, outgoing: Outgoing) -> None:
        """Hand it over. Raises `Unknown` or `OSError` where nobody knows whether it went."""


@dataclass(slots=True)
class Round:
    """What one round of sending did."""

    sent: int = 0
    stopped: int = 0
    waiting: int = 0
    doubtful: int = 0


def send_due(*, posting: Posting, by: Viewer, now: Callable[[], datetime] = timezone.now) -> Round:
    """Send every message whose time has come, each at most once.

    What an earlier round left claimed is settled as doubtful first and never sent again. Letters
    are printed by a worker, not here.
    """
    require(by, Duty.SEND_DUE)
    done = Round(doubtful=settle_doubts(at=now(), by=by))
    with acting(by):
        due = list(
            Message.objects.visible_to(by)
            .filter(state=State.QUEUED)
            .order_by("not_before", "id")
            .values_list("id", "act")
        )
    for message_id, act in due:
        if act != Act.LETTER and posting.can(Act(act)):
            _send_one(message_id, posting, by, now, done)
        else:
            _stop_if_late(message_id, by, now(), done)
    return done


def _send_one(
    message_id: UUID, posting: Posting, by: Viewer, now: Callable[[], datetime], done: Round
) -> None:
    step, outgoing = _claim(message_id, by, now())
    if outgoing is None:
        done.stopped += step is Next.STOP
        done.waiting += step is Next.WAIT
        return
    try:
        posting.post(outgoing)
    except (Unknown, OSError):
        _doubt(message_id, by, now())
        done.doubtful += 1
    else:
        confirm_sent(message_id=message_id, at=now(), by=by)
        done.sent += 1


def _claim(message_id: UUID, by: Viewer, at: datetime) -> tuple[Next, Outgoing | None]:
    """Ask the gate again, and write down that this process sends it, before anything leaves.

    `durable`: committed when this returns, so that a crash can only leave a claimed message.
    """
    with acting(by, durable=True):
        message = locked_message(message_id, by, skip=True)
        if message is None or message.state != State.QUEUED:
            return Next.WAIT, None
        step, stops, outgoing = _decided(message, at, by)
        if step is Next.SEND:
            moved(message=message, state=State.CLAIMED, at=at)
            record(by=by, verb="claimed for sending", thing=message)
            return step, outgoing
        if step is Next.STOP:
            _stop(message, stops, at, by)
        return step, None


def _decided(message: Message, at: datetime, by: Viewer) -> tuple[Next, tuple[Stop, ...], Outgoing]:
    """What becomes of a message now, by the file, the plan and the address as they stand now."""
    act = Act(message.act)
    partner = Partner.objects.visible_to(by).get(pk=message.file.partner_id)
    addresses = Addresses.of(partner)
    words = words_for(
        plan_for(message.file, act, by), message.template, message.language, message.number
    )
    try:
        refuse_revealing(words)
    except Refused:
        same_words = False
    else:
        same_words = words.body == message.body
    step, stops = next_for(
        at=at,
        not_before=message.not_before,
        not_after=message.not_after,
        verdict=gate(file=message.file, act=act, at=at, by=by),
        covered=_covered(message),
        same_address=message.address_token == token_of(act, addresses),
        same_words=same_words,
    )
    outgoing = Outgoing(
        id=message.pk,
        act=act,
        address=addresses.for_channel(CHANNEL_OF[act]),
        words=words,
        entry_at=message.entry_at,
        to_name=partner.full_name if act is Act.LETTER else "",
    )
    return step, stops, outgoing


def _covered(message: Message) -> frozenset[Stop]:
    if message.override is None:
        return frozenset()
    return frozenset(Stop(code) for code in message.override.stops.split(","))


def _stop(message: Message, stops: tuple[Stop, ...], at: datetime, by: Viewer) -> None:
    moved(message=message, state=State.STOPPED, at=at, because=stops)
    record(by=by, verb="stopped", thing=message)
    add_task(file=message.file, kind=STOPPED, due_on=timezone.localdate(at), by=by)


def _stop_if_late(message_id: UUID, by: Viewer, at: datetime, done: Round) -> None:
    """A letter that nobody printed, or a message for which there is no way, ends with a task."""
    with acting(by, durable=True):
        message = locked_message(message_id, by, skip=True)
        if message is None or message.state != State.QUEUED or at <= message.not_after:
            done.waiting += 1
            return
        _stop(message, (Stop.TOO_LATE,), at, by)
        done.stopped += 1


def confirm_sent(*, message_id: UUID, at: datetime, by: Viewer) -> None:
    """It has left the house."""
    require(by, Duty.SEND_DUE)
    with acting(by):
        # The file first, as whoever writes or takes back a message holds them.
        rows = Message.objects.visible_to(by).select_related("file").filter(pk=message_id)
        files = [locked_file(row.file, by) for row in rows]
        message = locked_message(message_id, by)
        if message is not None and message.state in (State.CLAIMED, State.DOUBTFUL):
            _went(message, files[0], at, by)


def _went(message: Message, file: PartnerFile, at: datetime, by: Viewer) -> None:
    """A message that went is an attempt that has had no answer, like a call that nobody took.

    A calendar entry reminds of what was agreed, and is none. Source: field guide, 3.5.
    """
    moved(message=message, state=State.SENT, at=at)
    if message.act != Act.CALENDAR and file.is_open:
        count_unanswered(file=file, on=timezone.localdate(at), by=by)
    record(by=by, verb="sent", thing=message)


def _doubt(message_id: UUID, by: Viewer, at: datetime) -> bool:
    with acting(by):
        message = locked_message(message_id, by, skip=True)
        if message is None or message.state != State.CLAIMED:
            return False
        moved(message=message, state=State.DOUBTFUL, at=at)
        record(by=by, verb="doubted", thing=message)
        add_task(file=message.file, kind=DOUBTFUL, due_on=timezone.localdate(at), by=by)
        return True


def settle_doubts(*, at: datetime, by: Viewer) -> int:
    """Claimed messages of which nobody has heard again become tasks; how many there were."""
    require(by, Duty.SEND_DUE)
    with acting(by):
        claimed = list(
            Message.objects.visible_to(by)
            .filter(state=State.CLAIMED)
            .values_list("id", "act", "claimed_at")
        )
        silent = [key for key, act, since in claimed if is_doubtful(Act(act), since, at)]
        return sum(_doubt(key, by, at) for key in silent)


def print_letter(*, message: Message, at: datetime, by: Viewer) -> Outgoing:
    """Claim a letter and hand over what to print, once. Its address stands nowhere else.

    Raises `Stopped` where the gate no longer lets it pass; the letter is then stopped for good.
    """
    require(by, Duty.SEND_MESSAGE)
    refused: Verdict | None = None
    with acting(by):
        now = locked_message(message.pk, by)
        if now is None or now.act != Act.LETTER:
            raise Refused("This letter is not there any more.")
        if now.state != State.QUEUED:
            raise Refused(
                "This letter was printed before, or taken back. If nothing came out of the "
                "printer, say that it was not posted, and write it again."
            )
        step, stops, outgoing = _decided(now, at, by)
        if step is Next.SEND:
            moved(message=now, state=State.CLAIMED, at=at)
            record(by=by, verb="printed", thing=now)
            return outgoing
        if step is Next.STOP:
            refused = _verdict(now, stops, by)
            _stop(now, stops, at, by)
    if refused is None:
        raise Refused("This letter cannot be printed at this hour.")
    raise Stopped(refused)


def _verdict(message: Message, stops: tuple[Stop, ...], by: Viewer) -> Verdict:
    act, standing = Act(message.act), standing_of(file=message.file, by=by)
    return Verdict(act, stops, tuple(reason_for(stop, act, standing) for stop in stops))


def say_posted(*, message: Message, at: datetime, by: Viewer) -> Message:
    """A printed letter was posted, or a doubtful message is known to have gone. Twice is once."""
    require(by, Duty.SEND_MESSAGE)
    with acting(by):
        file = locked_file(message.file, by)
        now = locked_message(message.pk, by)
        if now is None:
            raise Refused("This message is not there any more.")
        if now.state != State.SENT:
            _went(now, file, at, by)
        return now
