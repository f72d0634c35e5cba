"""How messages leave the house: e-mail through Django's mail backend, texts through an adapter.

A supplier of text messages is one class with the method of `SmsAdapter`, entered in
`SMS_ADAPTERS` under the name that the setting `CASEWALL_SMS_ADAPTER` takes. The one that comes
with Casewall writes each text into a file of the folder `CASEWALL_OUTBOX_DIR`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone

from casewall.safety.sending.actions import Outgoing, Unknown
from casewall.safety.sending.rules import Act
from casewall.safety.sending.texts import ENTRY_FILE, revealing
from casewall.wall.decide import Refused

NO_MAIL = "django.core.mail.backends.dummy.EmailBackend"
"""Django's backend that throws mail away: with it there is no way for an e-mail."""

ENTRY_MINUTES = 30


class SmsAdapter(Protocol):
    """One supplier of text messages."""

    def send(self, *, id: UUID, to: str, text: str) -> None:
        """Hand one text over. Raises `Unknown` or `OSError` where nobody knows whether it went.

        `id` is that of the message; a supplier that takes an identifier gets this one, so that
        the same text twice is once there too.
        """


class TextsInAFolder:
    """Writes each text into a file named after its message, for its reader's eyes only."""

    def __init__(self, folder: Path):
        self.folder = folder

    @classmethod
    def of_site(cls) -> TextsInAFolder:
        """The folder of this site. Raises `Refused` where none is set."""
        folder = getattr(settings, "CASEWALL_OUTBOX_DIR", None)
        if not folder:
            raise Refused("CASEWALL_OUTBOX_DIR is not set: say where texts are to be written.")
        return cls(Path(folder))

    def send(self, *, id: UUID, to: str, text: str) -> None:
        """Write the file. One that is there already is not written again."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with os.fdopen(os.open(self.folder / f"{id}.txt", flags, 0o600), "wb") as file:
            file.write(f"{to}\n{text}\n".encode())


SMS_ADAPTERS: dict[str, Callable[[], SmsAdapter]] = {"file": TextsInAFolder.of_site}
"""Every supplier by the name that the setting takes."""


def sms_adapter() -> SmsAdapter:
    """The supplier that the site has set. Raises `Refused` with the names that there are."""
    name = getattr(settings, "CASEWALL_SMS_ADAPTER", "file")
    if name not in SMS_ADAPTERS:
        known = ", ".join(sorted(SMS_ADAPTERS))
        raise Refused(f"CASEWALL_SMS_ADAPTER is “{name}”; there are: {known}.")
    return SMS_ADAPTERS[name]()


def sender() -> str:
    """The neutral sender of e-mails; empty where mail is not set up.

    Raises `Refused` for a sender that tells who we are.
    """
    address = getattr(settings, "CASEWALL_MAIL_FROM", "")
    if not address or settings.EMAIL_BACKEND == NO_MAIL:
        return ""
    found = revealing(address)
    if found:
        raise Refused(
            f"CASEWALL_MAIL_FROM holds the word “{found}”, which can tell somebody else who "
            "writes. Choose a neutral name and address."
        )
    return str(address)


class Postbox:
    """The ways out of this site, as they are set up."""

    def __init__(self) -> None:
        self._sender = sender()
        self._texts = sms_adapter()

    def can(self, act: Act) -> bool:
        """Whether there is a way for this act."""
        return act is Act.TEXT or (act in (Act.EMAIL, Act.CALENDAR) and bool(self._sender))

    def post(self, outgoing: Outgoing) -> None:
        """Hand a message over. Raises `Unknown` or `OSError` where nobody knows whether it went."""
        if outgoing.act is Act.TEXT:
            self._texts.send(id=outgoing.id, to=outgoing.address, text=outgoing.words.body)
            return
        try:
            taken = email_of(outgoing, self._sender).send()
        except ValueError as problem:
            raise Unknown("The address cannot be written to.") from problem
        if not taken:
            raise Unknown("The mail server took no message.")


def email_of(outgoing: Outgoing, from_address: str) -> EmailMessage:
    """An e-mail, or an e-mail with a calendar entry. Its headers name no machine of ours."""
    domain = parseaddr(from_address)[1].rpartition("@")[2] or "localhost"
    message = EmailMessage(
        subject=outgoing.words.subject,
        body=outgoing.words.body,
        from_email=from_address,
        to=[outgoing.address],
        headers={"Message-ID": f"<{outgoing.id}@{domain}>"},
    )
    if outgoing.act is Act.CALENDAR and outgoing.entry_at is not None:
        message.attach(ENTRY_FILE, calendar_entry(outgoing, outgoing.entry_at), "text/calendar")
    return message


def calendar_entry(outgoing: Outgoing, begins: datetime) -> str:
    """One neutral entry (RFC 5545): no organiser, no place, no alarm."""
    form = "%Y%m%dT%H%M%SZ"
    ends = begins + timedelta(minutes=ENTRY_MINUTES)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Calendar//EN",
        "BEGIN:VEVENT",
        f"UID:{outgoing.id}",
        f"DTSTAMP:{timezone.now().astimezone(UTC):{form}}",
        f"DTSTART:{begins.astimezone(UTC):{form}}",
        f"DTEND:{ends.astimezone(UTC):{form}}",
        f"SUMMARY:{_escaped(outgoing.words.entry)}",
        f"DESCRIPTION:{_escaped(outgoing.words.body)}",
        "CLASS:PRIVATE",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "\r\n".join(_folded(line) for line in lines) + "\r\n"


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> str:
    """A line of at most 75 octets; what is longer goes on in the next line after a space."""
    parts, part = [], ""
    for sign in line:
        if len((part + sign).encode()) > 74:
            parts.append(part)
            part = ""
        part += sign
    return "\r\n ".join([*parts, part])
