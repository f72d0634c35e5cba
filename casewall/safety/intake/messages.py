"""Referrers' messages: taken in from the front door, settled by a person. None goes down by itself.

What may go down is asked for as any other disclosure, in words that somebody edited.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.safety.intake.loading import Where
from casewall.safety.intake.models import MessageState, ReferrerMessage
from casewall.services.schema import Service
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, require
from casewall.wall.sides import Viewer

LONGEST = {"sender_name": 200, "sender_email": 254, "text": 5_000}
"""Characters that fit: what the front door's form takes, and no more."""

_REFERENCE = re.compile(r"[0-9a-f]{8}")


def message_from(content: Mapping[str, Any], *, id: UUID, service: Service) -> ReferrerMessage:
    """An unsaved message from what the front door sealed.

    Raises `KeyError`, `TypeError` or `ValueError` where it is not what the form sends.
    """
    told = content["message"]
    words = {key: str(told[key]).strip() for key in LONGEST}
    if any(not text or len(text) > LONGEST[key] for key, text in words.items()):
        raise ValueError("a message with a part that is empty or too long")
    reference = str(told["reference"])
    received_at = datetime.fromisoformat(told["received_at"])
    if not _REFERENCE.fullmatch(reference) or received_at.tzinfo is None:
        raise ValueError("a message without a reference or without its moment")
    return ReferrerMessage(
        id=id,
        compartment=Where.of(service).intake,
        service=service.id,
        reference=reference,
        may_read=told["may_read"] is True,
        received_on=timezone.localdate(received_at),
        received_at=received_at,
        **words,
    )


def keep_message(*, message: ReferrerMessage, by: Viewer) -> str:
    """Store a message that arrived; the same entry twice is one. Returns what happened."""
    require(by, Duty.INTAKE)
    with acting(by):
        if ReferrerMessage.objects.visible_to(by).filter(pk=message.pk).exists():
            return "known"
        message.save(force_insert=True)
        record(by=by, verb="took in", thing=message)
        return "loaded"


def locked(message: ReferrerMessage, by: Viewer) -> ReferrerMessage:
    """The message as it stands now, locked until the transaction ends."""
    found: ReferrerMessage = (
        ReferrerMessage.objects.visible_to(by).select_for_update(of=("self",)).get(pk=message.pk)
    )
    return found


def settle(
    *, message: ReferrerMessage, state: MessageState, by: Viewer, at: datetime
) -> ReferrerMessage:
    """Say what came of a message. One that was kept can still be passed on, never the reverse."""
    require(by, Duty.INTAKE)
    with acting(by):
        message = locked(message, by)
        if message.state == state:
            return message
        if message.state == MessageState.PASSED:
            raise Refused("It was asked already that this message goes down.")
        message.state, message.settled_by, message.settled_at = state, by.worker, at
        message.save()
        record(by=by, verb=f"{state.value} the message", thing=message)
        return message


def asked_from(text: str, viewer: Viewer) -> ReferrerMessage | None:
    """The message that a disclosure is asked for from, by the identifier in the page's address."""
    try:
        found: ReferrerMessage | None = (
            ReferrerMessage.objects.visible_to(viewer).filter(pk=UUID(text)).first()
        )
    except ValueError:
        return None
    return found


def words_to_edit(message: ReferrerMessage | None) -> dict[str, Any]:
    """What the disclosure request begins with: a statement, and words that may go into the file.

    Words that the sender did not write for the client's file are not put into the box.
    """
    if message is None:
        return {}
    return {"purpose": "statement", "text": message.text if message.may_read else ""}
