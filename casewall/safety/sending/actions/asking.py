"""Asking the gate about a file as it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from casewall.safety.partners.models import Partner, PartnerFile, SafeContact
from casewall.safety.partners.rules import Channel, Contact, Days
from casewall.safety.sending.rules import (
    CHANNEL_OF,
    Act,
    Plan,
    Standing,
    Verdict,
    may_send,
)
from casewall.vault.blind import blind
from casewall.wall.decide import Refused
from casewall.wall.sides import Side, Viewer


class Stopped(Refused):
    """The gate stopped an act; `verdict` says why, and what would be safe."""

    def __init__(self, verdict: Verdict):
        super().__init__(" ".join(verdict.reasons))
        self.verdict = verdict


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a partner can be reached, by channel. Only what is about to go out asks for it."""

    phone: str | None
    email: str | None
    address: str | None

    @classmethod
    def of(cls, partner: Partner) -> Addresses:
        """The contact details as they stand now."""
        return cls(partner.phone, partner.email, partner.address)

    def for_channel(self, channel: Channel) -> str:
        """The address of a channel; empty where none is known."""
        known = {
            Channel.CALL: self.phone,
            Channel.TEXT: self.phone,
            Channel.EMAIL: self.email,
            Channel.LETTER: self.address,
        }
        return (known.get(channel) or "").strip()

    @property
    def known(self) -> frozenset[Channel]:
        """The channels that have an address."""
        return frozenset(channel for channel in Channel if self.for_channel(channel))


def token_of(act: Act, addresses: Addresses) -> UUID:
    """Recognises the address of an act later, without keeping it."""
    channel = CHANNEL_OF[act]
    return blind(f"sent-{channel.value}", addresses.for_channel(channel), Side.SAFETY)


def plan_of(row: SafeContact) -> Plan:
    """A stored plan as the rules take it."""
    return Plan(
        is_safe=row.is_safe,
        confirmed_on=row.confirmed_on,
        review_on=row.review_on,
        days=Days(row.days),
        from_time=row.from_time,
        to_time=row.to_time,
        voicemail=row.voicemail,
        calendar=row.calendar,
    )


IsRestricted = Callable[[PartnerFile, Viewer], bool]
"""A partner's file and who asks → whether the partner has restricted its use."""

_RESTRICTED: list[IsRestricted] = []


def restricted_by(ask: IsRestricted) -> None:
    """Say how it is known that a file is restricted; said again, it replaces the first.

    The records of requests lie above sending and cannot be imported by it.
    """
    _RESTRICTED[:] = [ask]


def standing_of(*, file: PartnerFile, by: Viewer) -> Standing:
    """What the gate needs to know of a file now."""
    rows = SafeContact.objects.visible_to(by).filter(file=file)
    partner = Partner.objects.visible_to(by).get(pk=file.partner_id)
    return Standing(
        contact=Contact(file.contact),
        plans={Channel(row.channel): plan_of(row) for row in rows},
        known=Addresses.of(partner).known,
        withdrawn=file.withdrawn_on is not None,
        closed=file.closed_on is not None,
        restricted=any(ask(file, by) for ask in _RESTRICTED),
    )


def gate(*, file: PartnerFile, act: Act, at: datetime, by: Viewer) -> Verdict:
    """Whether an act may reach this partner at this moment, in the time of the site."""
    return may_send(act, standing_of(file=file, by=by), timezone.localtime(at))
