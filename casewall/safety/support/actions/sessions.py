"""One-to-one sessions with a partner, and who interpreted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.safety.partners.actions import raise_danger, record_contact
from casewall.safety.partners.danger import Danger, HeardBy, in_words
from casewall.safety.partners.models import PartnerFile
from casewall.safety.partners.rules import Channel, Outcome, Present
from casewall.safety.support.actions.keeping import (
    kept,
    locked_file,
    not_ahead,
)
from casewall.safety.support.models import InterpreterUse, SupportSession
from casewall.safety.support.rules import (
    MOST_MINUTES,
    Came,
    Interpreting,
    SessionKind,
    Topic,
    may_interpret,
)
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit, demand
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_of_form, new_id
from casewall.wall.sides import Viewer


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """What is recorded of one session. `minutes` are those of a session that was held."""

    began_at: datetime
    kind: SessionKind
    came: Came
    minutes: int
    channel: Channel
    present: Present
    topics: Collection[Topic] = ()
    note: str | None = None

    def checked(self) -> dict[str, Any]:
        """The facts as they are stored. Raises `Refused` with a sentence for what does not fit."""
        not_ahead(timezone.localdate(self.began_at))
        if self.present is Present.CLIENT:
            raise Refused(
                "Support is for the partner alone, so a conversation with the client there is no "
                "session. Record it as a contact, and meet without the client."
            )
        if self.came is Came.HELD and not 1 <= self.minutes <= MOST_MINUTES:
            raise Refused(f"A session that was held lasts between 1 and {MOST_MINUTES} minutes.")
        if self.came is not Came.HELD and self.minutes:
            raise Refused("A session that was not held has no minutes: leave them empty.")
        return {
            "began_at": self.began_at,
            "kind": self.kind,
            "came": self.came,
            "minutes": self.minutes,
            "channel": self.channel,
            "present": self.present,
            "topics": ",".join(self.topics),
            "note": self.note,
            "recorded_at": timezone.now(),
        }


def record_session(
    *,
    file: PartnerFile,
    facts: SessionFacts,
    by: Viewer,
    form: UUID | None = None,
    signs: Collection[Danger] = (),
) -> SupportSession:
    """Keep a one-to-one session. One that was held is a contact too, and is logged as one, with
    whether its way of contact was confirmed safe. `signs` of danger are a task for today."""
    require(by, Duty.SUPPORT_PARTNER)
    stored = facts.checked()
    with acting(by):
        form = form or new_id()
        own = id_of_form(file.pk, form, SupportSession._meta.model_name or "")
        if signs and not SupportSession.objects.visible_to(by).filter(pk=own).exists():
            _raise(file, own, signs, by)
        session = kept(
            model=SupportSession,
            file=file,
            form=form,
            by=by,
            verb="recorded a session in",
            **stored,
        )
        if facts.came is Came.HELD:
            record_contact(
                file=file,
                tried_at=facts.began_at,
                channel=facts.channel,
                outcome=Outcome.SPOKE,
                by=by,
                id=id_of_form(file.pk, session.pk, "contact"),
            )
        return session


def _raise(file: PartnerFile, session: UUID, signs: Collection[Danger], by: Viewer) -> None:
    raise_danger(
        file=file,
        heard_by=HeardBy.SESSION,
        source_id=session,
        signs=signs,
        words=f"In a session: {in_words(signs).lower()}.",
        on=timezone.localdate(),
        by=by,
    )


def correct_session(
    *,
    session: SupportSession,
    facts: SessionFacts,
    reason: str,
    by: Viewer,
    form: UUID | None = None,
    signs: Collection[Danger] = (),
) -> SupportSession:
    """Write a session anew, and why. The original stays readable beside it.

    Raises `StaleEdit` where somebody else has corrected it already.
    """
    require(by, Duty.SUPPORT_PARTNER)
    stored = facts.checked()
    if not reason.strip():
        raise Refused("Write why the session is corrected.")
    with acting(by):
        # The file's lock is enough: sessions are only ever added, below the same lock.
        file = locked_file(session.file, by)
        rows = SupportSession.objects.visible_to(by)
        own = id_of_form(file.pk, form, "correction")
        known = rows.filter(corrects=session).first()
        if known is not None and known.pk == own:
            return known
        if known is not None:
            raise StaleEdit(
                "Somebody else has corrected this session while the page was open. Look at that "
                "correction, and correct it where it is still wrong."
            )
        anew = SupportSession(
            id=own,
            compartment=file.compartment,
            file=file,
            worker=by.worker,
            corrects=session,
            reason=reason,
            **stored,
        )
        anew.save(force_insert=True)
        record(by=by, verb="corrected a session in", thing=file)
        if signs:
            _raise(file, anew.pk, signs, by)
        return anew


def record_interpreter(
    *,
    file: PartnerFile,
    used_on: date,
    language: str,
    who: Interpreting,
    agency: str,
    minutes: int,
    by: Viewer,
    reference: str | None = None,
    form: UUID | None = None,
) -> InterpreterUse:
    """Keep who interpreted. Raises `Refused` for anybody but an interpreter of an agency."""
    require(by, Duty.SUPPORT_PARTNER)
    not_ahead(used_on)
    demand(may_interpret(who))
    if not agency.strip():
        raise Refused("Write which agency the interpreter came from.")
    if not 1 <= minutes <= MOST_MINUTES:
        raise Refused(f"Interpreting lasts between 1 and {MOST_MINUTES} minutes.")
    return kept(
        model=InterpreterUse,
        file=file,
        form=form,
        by=by,
        verb="recorded an interpreter in",
        used_on=used_on,
        language=language,
        who=who,
        agency=agency,
        reference=reference,
        minutes=minutes,
    )
