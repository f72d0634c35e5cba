"""What sending adds to a partner's file and to the first page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from casewall.safety.partners.models import PartnerFile
from casewall.safety.partners.parts import Shown
from casewall.safety.partners.sections import Sent
from casewall.safety.reading import names_of
from casewall.safety.sending.models import Message, Override
from casewall.safety.sending.oversight import to_read
from casewall.safety.sending.rules import CHANNEL_OF, NAMES, Act, State
from casewall.safety.sending.texts import TEMPLATES, texts_in
from casewall.safety.sending.words import moment, state_tag, why
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Role, Viewer

SHOWN = 25


def messages_part(file: PartnerFile, viewer: Viewer, today: date) -> Shown:
    """The messages of a file, what they wait for, and writing another."""
    may_write = bool(may_do(viewer.role, Duty.SEND_MESSAGE))
    messages = list(
        Message.objects.visible_to(viewer)
        .filter(file=file)
        .defer("body", "number")
        .order_by("-written_at", "id")
    )
    overrides = list(Override.objects.visible_to(viewer).filter(file=file).order_by("-made_at"))
    write = ("Write to the partner, or call", reverse("write-to-partner", args=[file.pk]))
    return Shown(
        entries=[*_entries(messages), *_overridden(overrides)],
        waits_for=list(_letters(messages, today)) if may_write else [],
        steps=[write] if may_write and file.withdrawn_on is None else [],
        template="sending/section.html",
        context=lambda: {
            "messages_of_file": _rows(messages, may_write, today),
            "may_write": may_write and file.withdrawn_on is None,
            "write_url": write[1],
        },
    )


def _entries(messages: Iterable[Message]) -> Iterable[dict[str, Any]]:
    for one in messages:
        if one.state in (State.QUEUED, State.CLAIMED):
            continue
        because = f"Because {why(one.stopped_because)}." if one.stopped_because else ""
        yield {
            "title": f"{NAMES[Act(one.act)]}: {TEMPLATES[one.template].lower()}",
            "when": one.ended_at,
            "by": one.worker,
            "text": because,
            "label": state_tag(one),
        }


def sent_to(file: PartnerFile, viewer: Viewer) -> list[Sent]:
    """What went out to a partner, for the proof of effort. One query."""
    rows = Message.objects.visible_to(viewer).filter(file=file, state=State.SENT)
    return [
        Sent(CHANNEL_OF[Act(one.act)], one.ended_at, "Message sent", one.worker)
        for one in rows.defer("body", "number")
        if one.ended_at is not None and one.act != Act.CALENDAR
    ]


def _overridden(overrides: Iterable[Override]) -> Iterable[dict[str, Any]]:
    for one in overrides:
        yield {
            "title": f"{NAMES[Act(one.act)]}: went on although {why(one.stops)}",
            "when": one.made_at,
            "by": one.worker,
            "text": one.reason,
            "label": ("Override", "red"),
        }


def _letters(messages: Iterable[Message], today: date) -> Iterable[dict[str, Any]]:
    for one in messages:
        if one.act == Act.LETTER and one.state in (State.QUEUED, State.CLAIMED):
            what = "Print the letter" if one.state == State.QUEUED else "Say that it was posted"
            yield {"what": what, "due": today, "url": _url(one)}


def _url(message: Message) -> str:
    return reverse("message-to-partner", args=[message.file_id, message.pk])


def _rows(messages: list[Message], may_write: bool, today: date) -> list[dict[str, Any]]:
    names = names_of(one.worker for one in messages[:SHOWN])
    return [
        {
            "what": f"{NAMES[Act(one.act)]}: {TEMPLATES[one.template].lower()}",
            "language": texts_in(one.language).name,
            "tag": state_tag(one),
            "because": why(one.stopped_because),
            "when": one.ended_at or one.claimed_at or one.written_at,
            "waits": waits_until(one, today),
            "by": names.get(one.worker, ""),
            "url": _url(one) if may_write else "",
            "recall": reverse("recall-message", args=[one.file_id, one.pk])
            if may_write and one.state == State.QUEUED
            else "",
        }
        for one in messages[:SHOWN]
    ]


def waits_until(message: Message, today: date) -> str:
    """When a waiting message goes, in words; empty for others."""
    if message.state != State.QUEUED:
        return ""
    if message.act == Act.LETTER:
        return "Waits for its printing."
    if message.not_before <= timezone.now():
        return f"Goes with the next round, by {moment(message.not_after, today)} at the latest."
    begins, ends = moment(message.not_before, today), moment(message.not_after, today)
    return f"Goes between {begins} and {ends}."


def sending_today(viewer: Viewer, today: date, last: date) -> list[dict[str, Any]]:
    """Letters to print or post, and for the supervisor the overrides that nobody has read."""
    items: list[dict[str, Any]] = []
    if may_do(viewer.role, Duty.SEND_MESSAGE):
        items += _letters_today(viewer, today)
    if may_do(viewer.role, Duty.READ_OVERRIDES):
        items += _overrides_today(viewer)
    return items


def _letters_today(viewer: Viewer, today: date) -> list[dict[str, Any]]:
    letters = (
        Message.objects.visible_to(viewer)
        .select_related("file__partner")
        .filter(act=Act.LETTER, state__in=[State.QUEUED, State.CLAIMED])
        .defer("body", "number")
        .order_by("written_at")[:SHOWN]
    )
    return [
        {**row, "who": letter.file.partner.full_name}
        for letter in letters
        for row in _letters([letter], today)
    ]


def _of_a_manager(viewer: Viewer) -> str:
    """Why a coordinator reads one: nobody reads the own, and there may be one manager only."""
    return ". By a safety manager: you read it" if viewer.role is Role.COORDINATOR else ""


def _overrides_today(viewer: Viewer) -> list[dict[str, Any]]:
    unread = (
        to_read(Override.objects.visible_to(viewer), viewer)
        .select_related("file__partner")
        .filter(read_at=None)
        .exclude(worker=viewer.worker)
        .order_by("made_at")[:SHOWN]
    )
    return [
        {
            "due": timezone.localdate(one.made_at),
            "what": f"Read why somebody went on although {why(one.stops)}",
            "who": one.file.partner.full_name,
            "url": reverse("overrides"),
            "tag": ("Override", "red"),
            "note": NAMES[Act(one.act)] + _of_a_manager(viewer),
        }
        for one in unread
    ]
