"""Writing to a partner, calling, and taking back what has not gone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.safety.partners.actions import add_task, locked_file, reveal_details
from casewall.safety.partners.models import Partner, PartnerFile, SafeContact
from casewall.safety.partners.rules import Channel, Purpose, SafeFor, next_review
from casewall.safety.sending.actions.asking import Addresses, Stopped, gate, plan_of, token_of
from casewall.safety.sending.models import Message, Override
from casewall.safety.sending.oversight import to_read
from casewall.safety.sending.rules import (
    CHANNEL_OF,
    MOVES,
    NO_PLAN,
    QUEUED,
    Act,
    State,
    Stop,
    Verdict,
    opening,
)
from casewall.safety.sending.texts import (
    LANGUAGES,
    TEMPLATES,
    WITHOUT_NUMBER,
    Rendered,
    is_number,
    rendered,
    revealing,
    texts_in,
)
from casewall.staff.models import Agency, Service
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, require
from casewall.wall.ids import new_id
from casewall.wall.sides import Viewer

LETTER_WAITS = timedelta(days=7)
"""How long a written letter may wait for its printing. Default of ours."""

TAKE_BACK = "take_back_a_letter_to_the_old_address"


def plan_for(file: PartnerFile, act: Act, by: Viewer) -> SafeContact | None:
    """The plan that decides about an act, where there is one."""
    found: SafeContact | None = (
        SafeContact.objects.visible_to(by).filter(file=file, channel=CHANNEL_OF[act]).first()
    )
    return found


def words_for(
    plan: SafeContact | None, template: str, language: str, number: str | None
) -> Rendered:
    """A message as the plan lets it be said now: name to use, code word first."""
    call_as = (plan.call_as if plan else None) or ""
    code_word = (plan.code_word if plan else None) or ""
    return rendered(template, language, number=number or "", call_as=call_as, code_word=code_word)


def refuse_revealing(words: Rendered) -> None:
    """Raise `Refused` where a name to use or a code word would tell who we are."""
    names = [
        *Agency.objects.values_list("name", flat=True),
        *Service.objects.values_list("name", flat=True),
    ]
    found = revealing(words.body, names)
    if found:
        raise Refused(
            f"The message would hold the word “{found}”, which can tell somebody else who writes. "
            "Change the name to use or the code word under “Safe contact” first."
        )


def stops_now(verdict: Verdict) -> bool:
    """Whether an act stops here. A message outside its safe hours alone waits for them."""
    return bool(verdict.stops) and not (
        verdict.act in QUEUED and verdict.stops == (Stop.WRONG_HOUR,)
    )


def preview(
    *, file: PartnerFile, act: Act, template: str, language: str, number: str | None, by: Viewer
) -> Rendered:
    """A message as it would be sent now. Raises `Refused` for a word that must not stand in it."""
    _known(act, template, language, number)
    words = words_for(plan_for(file, act, by), template, language, number)
    refuse_revealing(words)
    return words


def _known(act: Act, template: str, language: str, number: str | None) -> None:
    if act not in QUEUED:
        raise Refused("This is not something that can be written.")
    if template not in TEMPLATES:
        raise Refused("Choose one of the messages.")
    if language not in LANGUAGES:
        raise Refused("There is no message in this language.")
    if template not in WITHOUT_NUMBER and not is_number(number or ""):
        raise Refused("Number to call back: write a phone number and nothing else.")


def write_message(
    *,
    file: PartnerFile,
    act: Act,
    template: str,
    language: str,
    at: datetime,
    by: Viewer,
    number: str | None = None,
    entry_at: datetime | None = None,
    override_reason: str | None = None,
    id: UUID | None = None,
) -> Message:
    """Queue a neutral message, where the gate lets it pass or a reason overrides it.

    It goes in the safe window that is open or opens next. Raises `Stopped` with the verdict, and
    `Refused` with a sentence. The same `id` twice is the same message.
    """
    require(by, Duty.SEND_MESSAGE)
    with acting(by):
        file = locked_file(file, by)
        known = _written_before(id, file, by)
        if known:
            return known
        if act is Act.CALENDAR and (entry_at is None or entry_at <= at):
            raise Refused("A calendar entry needs a day and an hour to come.")
        given = {"act": act, "template": template, "language": language, "number": number}
        words = preview(file=file, by=by, **given)
        verdict = gate(file=file, act=act, at=at, by=by)
        override = _overridden(file, verdict, override_reason, at, by)
        begins, ends = _window(file, act, at, override, by)
        message = Message(
            id=id or new_id(),
            compartment=file.compartment,
            file=file,
            act=act,
            template=template,
            language=language,
            texts_version=texts_in(language).version,
            number=None if template in WITHOUT_NUMBER else number,
            body=words.body,
            entry_at=entry_at if act is Act.CALENDAR else None,
            address_token=_address_now(file, act, by),
            not_before=begins,
            not_after=ends,
            override=override,
            written_at=at,
            worker=by.worker,
        )
        return _stored(message, by)


def _stored(message: Message, by: Viewer) -> Message:
    message.save(force_insert=True)
    record(by=by, verb="wrote a message to", thing=message.file, purpose=message.act)
    return message


def _written_before(id: UUID | None, file: PartnerFile, by: Viewer) -> Message | None:
    known: Message | None = Message.objects.visible_to(by).filter(pk=id).first()
    if known is not None and known.file_id != file.pk:
        raise Refused("This form was sent from another file. Load the page again.")
    return known


def _address_now(file: PartnerFile, act: Act, by: Viewer) -> UUID:
    partner = Partner.objects.visible_to(by).get(pk=file.partner_id)
    return token_of(act, Addresses.of(partner))


def _window(
    file: PartnerFile, act: Act, at: datetime, override: Override | None, by: Viewer
) -> tuple[datetime, datetime]:
    if act is Act.LETTER:
        return at, at + LETTER_WAITS
    if override is not None:
        return at, at + timedelta(days=1)
    row = plan_for(file, act, by)
    return opening(plan_of(row) if row else NO_PLAN, timezone.localtime(at))


def _overridden(
    file: PartnerFile, verdict: Verdict, reason: str | None, at: datetime, by: Viewer
) -> Override | None:
    """The override that lets a stopped act go on, or None where nothing stops it."""
    if not stops_now(verdict):
        return None
    if verdict.never or not (reason or "").strip():
        raise Stopped(verdict)
    override = Override(
        id=new_id(),
        compartment=file.compartment,
        file=file,
        act=verdict.act,
        stops=",".join(verdict.stops),
        reason=(reason or "").strip(),
        made_at=at,
        worker=by.worker,
    )
    override.save(force_insert=True)
    record(by=by, verb="overrode a stop for", thing=file, purpose=override.stops[:200])
    return override


@dataclass(frozen=True, slots=True)
class Call:
    """What a worker needs in order to call: shown once, kept in the audit."""

    number: str
    call_as: str
    code_word: str
    safe_for: SafeFor
    may_leave_message: bool


def place_call(
    *, file: PartnerFile, at: datetime, by: Viewer, override_reason: str | None = None
) -> Call:
    """Show the number to call, where the gate lets a call pass or a reason overrides it.

    Raises `Stopped`. A message may be left only where the gate allows a voicemail too.
    """
    require(by, Duty.SEND_MESSAGE)
    with acting(by):
        file = locked_file(file, by)
        verdict = gate(file=file, act=Act.CALL, at=at, by=by)
        _overridden(file, verdict, override_reason, at, by)
        number = reveal_details(file=file, purpose=Purpose.TO_CONTACT, by=by).phone or ""
        plan = plan_for(file, Act.CALL, by)
        return Call(
            number=number,
            call_as=(plan.call_as if plan else None) or "",
            code_word=(plan.code_word if plan else None) or "",
            safe_for=SafeFor(plan.safe_for) if plan else SafeFor.PARTNER_ONLY,
            may_leave_message=bool(gate(file=file, act=Act.VOICEMAIL, at=at, by=by)),
        )


def confirm_still_safe(*, file: PartnerFile, channel: Channel, on: date, by: Viewer) -> SafeContact:
    """The partner has just said that a channel is still safe. Twice on a day is once.

    Raises `Refused` for a channel that nobody has called safe: that takes the whole form.
    """
    require(by, Duty.SET_SAFE_CONTACT)
    with acting(by):
        file = locked_file(file, by)
        plan: SafeContact | None = (
            SafeContact.objects.visible_to(by)
            .select_for_update(of=("self",))
            .filter(file=file, channel=channel)
            .first()
        )
        if plan is None or not plan.is_safe:
            raise Refused("Nobody has said that this channel is safe. Fill in its plan first.")
        if plan.confirmed_on == on and plan.review_on is not None and plan.review_on > on:
            return plan
        plan.confirmed_on = on
        plan.review_on = next_review(on, plan.review_on)
        plan.worker, plan.version = by.worker, plan.version + 1
        plan.save()
        record(by=by, verb="confirmed as still safe", thing=file, purpose=channel.value)
        return plan


def moved(*, message: Message, state: State, at: datetime, because: Iterable[Stop] = ()) -> None:
    """Move a message on and save it. Raises `Refused` for a move that no message can make."""
    if state not in MOVES[State(message.state)]:
        raise Refused(f"This message is {message.state}; it cannot become {state.value}.")
    message.state = state
    message.stopped_because = ",".join(because)
    if state is State.CLAIMED:
        message.claimed_at = at
    else:
        message.ended_at = at
    message.version += 1
    message.save()


def locked_message(message_id: UUID, by: Viewer, *, skip: bool = False) -> Message | None:
    """A message as it stands now; None where another process holds it and `skip` says so."""
    found: Message | None = (
        Message.objects.visible_to(by)
        .select_for_update(of=("self",), skip_locked=skip)
        .filter(pk=message_id)
        .first()
    )
    return found


def recall_message(*, message: Message, at: datetime, by: Viewer) -> Message:
    """Take back a message that waits, or a printed letter that was not posted.

    Twice is once. Raises `Refused` for one that is on its way or has gone.
    """
    require(by, Duty.SEND_MESSAGE)
    with acting(by):
        now = locked_message(message.pk, by)
        if now is None:
            raise Refused("This message is not there any more.")
        if now.state == State.RECALLED:
            return now
        if now.state == State.CLAIMED and now.act != Act.LETTER:
            raise Refused("This message is on its way; it cannot be taken back.")
        moved(message=now, state=State.RECALLED, at=at)
        record(by=by, verb="recalled", thing=now)
        return now


def recall_waiting(
    *, file: PartnerFile, channels: Iterable[Channel], at: datetime, by: Viewer
) -> int:
    """Take back everything that waits for an address which no longer holds; how many there were.

    A letter that is printed but not known to be posted becomes doubtful, with a task to take it
    back.
    """
    require(by, Duty.CHANGE_DETAILS)
    acts = [act for act in QUEUED if CHANNEL_OF[act] in set(channels)]
    with acting(by):
        waiting = list(
            Message.objects.visible_to(by)
            .select_for_update(of=("self",))
            .filter(file=file, act__in=acts, state__in=[State.QUEUED, State.CLAIMED])
        )
        for message in waiting:
            if message.state == State.QUEUED:
                moved(message=message, state=State.RECALLED, at=at, because=[Stop.ADDRESS_CHANGED])
                record(by=by, verb="recalled", thing=message)
            elif message.act == Act.LETTER:
                moved(message=message, state=State.DOUBTFUL, at=at, because=[Stop.ADDRESS_CHANGED])
                record(by=by, verb="doubted", thing=message)
                add_task(file=file, kind=TAKE_BACK, due_on=timezone.localdate(at), by=by)
        return len(waiting)


def read_override(*, override: Override, at: datetime, by: Viewer) -> Override:
    """The supervisor has read why somebody went on. Nobody reads the own one; twice is once.

    What a safety manager overrode is read by another one, or by a coordinator: a service may
    have a single manager.
    """
    require(by, Duty.READ_OVERRIDES)
    with acting(by):
        now = Override.objects.visible_to(by).select_for_update(of=("self",)).get(pk=override.pk)
        if now.worker == by.worker:
            raise Refused("Somebody else has to read what you have overridden yourself.")
        if not to_read(Override.objects.visible_to(by).filter(pk=now.pk), by).exists():
            raise Refused("A safety manager reads this one.")
        if now.read_at is None:
            now.read_at, now.read_by = at, by.worker
            now.save()
            record(by=by, verb="read an override of", thing=now.file)
        return now
