"""Every write to documents and to their templates. Each is one transaction with an audit entry."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict, replace
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.programme.cases.models import Case
from casewall.programme.courses.absence.actions import mark_done
from casewall.programme.courses.models import Act
from casewall.programme.courses.rules import ActState
from casewall.programme.groups.models import Attendance
from casewall.programme.groups.rules import Mark
from casewall.programme.reports.checking import check_template
from casewall.programme.reports.facts import Entries, build, records_of
from casewall.programme.reports.models import Document, IssuedFile, Letterhead, LetterTemplate
from casewall.programme.reports.paper import NoPaper
from casewall.programme.reports.releases import REFERRER, chosen, releases_for, scope_of
from casewall.programme.reports.rendering import filled, own_template, paper_of, template_for
from casewall.programme.reports.risk import commissioned, refuse_statements
from casewall.programme.reports.rules import (
    AFTER_AN_ABSENCE,
    FOR_ACT,
    PURPOSE_OF,
    TO_THE_CLIENT,
    Basis,
    DocumentFacts,
    Kind,
    Purpose,
    State,
    clean,
    frozen,
    may_become,
    may_check,
    may_go_now,
    may_go_out,
    missing,
    plain,
)
from casewall.programme.reports.word import fill, told_by
from casewall.programme.reports.words import title_of
from casewall.programme.rights.actions import demand_unrestricted
from casewall.programme.risk.commissions.actions import report_issued, report_withdrawn
from casewall.services.load import shipped
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_of_form, new_id
from casewall.wall.sides import Viewer


def write_document(
    *,
    case: Case,
    kind: Kind,
    language: str,
    entries: Entries,
    on: date,
    by: Viewer,
    act: UUID | None = None,
    form: UUID | None = None,
    replaces: Document | None = None,
) -> Document:
    """Write a draft: what it says is frozen now. The same form, or the same act, makes one.

    Raises `Refused` where a fact is missing, or where there is no ground to send it.
    """
    require(by, Duty.WRITE_DOCUMENT)
    with acting(by):
        case = Case.objects.visible_to(by).select_related("client").get(pk=case.pk)
        own = id_of_form(case.pk, form) if form else new_id()
        known = Document.objects.visible_to(by).filter(pk=own).first()
        if known is None and act is not None and replaces is None:
            known = (
                Document.objects.visible_to(by)
                .filter(act=act)
                .exclude(state=State.WITHDRAWN)
                .first()
            )
        if known is not None:
            return known
        document = Document(
            id=own,
            compartment=case.compartment,
            case=case,
            kind=kind,
            language=language,
            act=act,
            replaces=replaces,
            edition=replaces.edition + 1 if replaces else 1,
            written_by=by.worker,
            written_at=timezone.now(),
        )
        _say(document, entries, on, by)
        document.save(force_insert=True)
        record(by=by, verb="wrote", thing=document)
        return document


def _say(document: Document, entries: Entries, on: date, by: Viewer) -> None:
    """Put recipient, ground and facts into an unsaved document, or refuse with a sentence."""
    kind, case = Kind(document.kind), document.case
    template_for(case.compartment, kind, document.language, by)
    purpose = Purpose(entries.purpose or PURPOSE_OF[kind])
    recipient, to_referrer = _recipient(document, kind, entries, on, by)
    facts = build(
        records_of(case, by, on, kind, entries.commission),
        replace(
            entries,
            recipient=recipient,
            purpose=purpose,
            basis=None if kind in TO_THE_CLIENT else entries.basis,
        ),
        on=on,
        language=document.language,
    )
    lacking = missing(kind, facts)
    if lacking:
        raise Refused(" ".join(lacking))
    refuse_statements(case, plain(facts), by)
    document.recipient, document.to_referrer = recipient, to_referrer
    document.purpose = purpose
    document.basis = "" if kind in TO_THE_CLIENT or entries.basis is None else entries.basis
    document.release = entries.release if document.basis == Basis.RELEASE else None
    document.facts, document.entries = frozen(facts), _kept(entries)


def _recipient(
    document: Document, kind: Kind, entries: Entries, on: date, by: Viewer
) -> tuple[str, bool]:
    """To whom a document goes, and whether that is the agency that referred."""
    case = document.case
    if kind in TO_THE_CLIENT:
        return case.client.full_name, False
    release = None
    if entries.basis is Basis.RELEASE:
        release = chosen(releases_for(case, by, on), entries.release)
    ground = may_go_out(kind, entries.basis, scope_of(release))
    if not ground:
        raise Refused(ground.reason)
    if release is not None:
        return release.recipient_name or case.referrer_agency, release.recipient == REFERRER
    named = clean(entries.recipient)
    if not named and not case.referrer_agency:
        raise Refused("Say to whom it goes: no agency is on file that referred this client.")
    return named or case.referrer_agency, named in ("", case.referrer_agency)


def _kept(entries: Entries) -> str:
    return json.dumps(asdict(entries), ensure_ascii=False, sort_keys=True, default=str)


def entries_of(document: Document) -> Entries:
    """What the writer said about a document, to be gone on from."""
    kept: dict[str, Any] = json.loads(str(document.entries))
    for name in ("since", "until", "meeting_on"):
        kept[name] = date.fromisoformat(kept[name]) if kept[name] else None
    kept["meeting_at"] = time.fromisoformat(kept["meeting_at"]) if kept["meeting_at"] else None
    kept["release"] = UUID(kept["release"]) if kept["release"] else None
    kept["basis"] = Basis(kept["basis"]) if kept["basis"] else None
    kept["commission"] = UUID(kept["commission"]) if kept.get("commission") else None
    return Entries(**kept)


def write_for_act(*, act: UUID, on: date, language: str, by: Viewer) -> Document:
    """Turn an accepted act of the absence ladder into a draft; once, however often it is sent.

    A notice to the referrer takes the release that holds, where there is one.
    """
    require(by, Duty.WRITE_DOCUMENT)
    with acting(by):
        found = Act.objects.visible_to(by).select_related("case").get(pk=act)
        if found.kind not in FOR_ACT:
            raise Refused("This act needs no letter.")
        if found.state not in (ActState.ACCEPTED, ActState.DONE):
            raise Refused("Accept the act first; then its letter can be written.")
        kind = FOR_ACT[found.kind]
        entries = default_entries(case=found.case, kind=kind, on=on, by=by)
        return write_document(
            case=found.case,
            kind=kind,
            language=language,
            entries=entries,
            on=on,
            act=found.pk,
            by=by,
        )


def default_entries(*, case: Case, kind: Kind, on: date, by: Viewer) -> Entries:
    """What a writer most often says: the release to the referrer that covers this kind.

    A report on risk is most often written for the commission that is due first.
    """
    entries = Entries(purpose=PURPOSE_OF[kind])
    if kind in TO_THE_CLIENT:
        return entries
    with acting(by):
        releases = releases_for(case, by, on)
        if kind is Kind.RISK_REPORT:
            entries = replace(entries, **commissioned(case, by))
    if entries.basis is not None:
        return entries
    for release in releases:
        if may_go_out(kind, Basis.RELEASE, scope_of(release)) and release.recipient == REFERRER:
            return replace(entries, basis=Basis.RELEASE, release=release.pk)
    return entries


def _locked(document: Document, by: Viewer, version: int | None = None) -> Document:
    """The document as it stands now, locked. Raises `StaleEdit` where it is another version."""
    found: Document = (
        Document.objects.visible_to(by).select_for_update(of=("self",)).get(pk=document.pk)
    )
    if version is not None and found.version != version:
        raise StaleEdit(
            "Somebody changed this document while the page was open. Nothing was "
            "overwritten: compare, and save again."
        )
    return found


def _become(document: Document, to: State) -> None:
    decision = may_become(State(document.state), to)
    if not decision:
        raise Refused(decision.reason)
    document.state = to
    document.version += 1


def edit_document(
    *, document: Document, language: str, entries: Entries, version: int, on: date, by: Viewer
) -> Document:
    """Write a document anew before it is issued; a check that was done is undone."""
    require(by, Duty.WRITE_DOCUMENT)
    with acting(by):
        document = _locked(document, by, version)
        if document.state == State.DRAFT:
            document.version += 1
        else:
            _become(document, State.DRAFT)
        document.case = (
            Case.objects.visible_to(by).select_related("client").get(pk=document.case_id)
        )
        document.language = language
        _say(document, entries, on, by)
        document.written_by, document.written_at = by.worker, timezone.now()
        document.checked_by = document.checked_at = document.checked_text = None
        document.returned_at = document.returned_note = None
        document.save()
        record(by=by, verb="edited", thing=document)
        return document


def approve_document(
    *, document: Document, version: int, nothing_from_others: bool | None, by: Viewer
) -> Document:
    """A second person has read the text as it will go and found nothing from anybody else."""
    require(by, Duty.ISSUE_DOCUMENT)
    with acting(by):
        document = _locked(document, by, version)
        decision = may_check(document.written_by == by.worker, nothing_from_others)
        if not decision:
            raise Refused(decision.reason)
        _become(document, State.CHECKED)
        document.checked_by, document.checked_at = by.worker, timezone.now()
        document.checked_text = filled(document, by, as_it_goes=True).told.text()
        document.save()
        record(by=by, verb="checked", thing=document)
        return document


def return_document(*, document: Document, note: str, version: int, by: Viewer) -> Document:
    """Give a draft or a checked document back to its writer, with a word on what must change."""
    require(by, Duty.ISSUE_DOCUMENT)
    with acting(by):
        document = _locked(document, by, version)
        if not note.strip():
            raise Refused("Say what must change, so that the writer knows.")
        if document.state == State.DRAFT:
            document.version += 1
        else:
            _become(document, State.DRAFT)
        document.checked_by = document.checked_at = document.checked_text = None
        document.returned_at, document.returned_note = timezone.now(), note
        document.save()
        record(by=by, verb="returned", thing=document)
        return document


def issue_document(*, document: Document, version: int, on: date, by: Viewer) -> Document:
    """Issue a checked document: its files are made once, stored, and never made again.

    The ground is looked at again, since a release can be withdrawn after the check, and so is
    the text, since a template can be changed.
    """
    require(by, Duty.ISSUE_DOCUMENT)
    with acting(by):
        document = _locked(document, by, version)
        document.case = (
            Case.objects.visible_to(by).select_related("client").get(pk=document.case_id)
        )
        demand_unrestricted(document.case, by)
        _become(document, State.ISSUED)
        _recipient(document, Kind(document.kind), entries_of(document), on, by)
        _not_too_soon(document, by)
        made = filled(document, by, as_it_goes=True)
        if made.told.text() != str(document.checked_text):
            raise Refused(
                "The agency's template or letterhead was changed after the check, so "
                "the text is another one now. Return it, and let it be checked again."
            )
        document.issued_by, document.issued_on = by.worker, on
        document.save()
        _store(document, "docx", made.word)
        try:
            _store(document, "pdf", paper_of(document, made.told))
        except NoPaper:
            # The Word file is whole; the page says that there is no PDF.
            record(by=by, verb="could not set as PDF", thing=document)
        record(by=by, verb="issued", thing=document)
        if document.kind == Kind.RISK_REPORT:
            report_issued(
                case=document.case,
                document=document.pk,
                commission=entries_of(document).commission,
                to_referrer=document.to_referrer,
                replaces=document.replaces_id,
                on=on,
                by=by,
            )
        if document.act is not None:
            _do_act(document.act, by)
        return document


def _not_too_soon(document: Document, by: Viewer) -> None:
    """Raise `Refused` where the interval after the register has not passed."""
    kind = Kind(document.kind)
    if kind not in AFTER_AN_ABSENCE:
        return
    service = shipped().get(document.case.service)
    hours = service.clocks.programme_contact_delay_hours if service else 0
    missed = (
        Attendance.objects.visible_to(by)
        .filter(case=document.case_id, outcome=Mark.ABSENT_NOT_ACCEPTED)
        .order_by("-session__held_on", "-session__begins_at", "-id")
        .first()
    )
    decision = may_go_now(
        kind, missed.recorded_at if missed else None, timedelta(hours=hours), timezone.localtime()
    )
    if not decision:
        raise Refused(decision.reason)


def _do_act(act: UUID, by: Viewer) -> None:
    """The act of the absence ladder that asked for the document is done with its issue."""
    found = Act.objects.visible_to(by).filter(pk=act, state=ActState.ACCEPTED).first()
    if found is not None:
        mark_done(act=found, note="", by=by)


def _store(document: Document, ending: str, content: bytes) -> None:
    IssuedFile(
        compartment=document.compartment,
        document=document,
        ending=ending,
        content=base64.b64encode(content).decode(),
    ).save(force_insert=True)


def withdraw_document(
    *, document: Document, note: str, version: int, on: date, by: Viewer
) -> Document:
    """Withdraw a document. What was issued stays on file and is no longer shown to a referrer.

    A draft is withdrawn by whoever may write; an issued one by whoever may issue.
    """
    require(by, Duty.WRITE_DOCUMENT)
    with acting(by):
        document = _locked(document, by, version)
        if document.state == State.ISSUED:
            require(by, Duty.ISSUE_DOCUMENT)
        if not note.strip():
            raise Refused("Say why it is withdrawn.")
        if document.kind == Kind.RISK_REPORT and document.state == State.ISSUED:
            report_withdrawn(document=document.pk, by=by)
        _become(document, State.WITHDRAWN)
        document.withdrawn_on, document.withdrawn_note = on, note
        document.save()
        record(by=by, verb="withdrew", thing=document)
        return document


def write_anew(*, document: Document, on: date, by: Viewer, form: UUID | None = None) -> Document:
    """A new edition of an issued or withdrawn document, with the facts of today."""
    require(by, Duty.WRITE_DOCUMENT)
    with acting(by):
        old: Document = Document.objects.visible_to(by).select_related("case").get(pk=document.pk)
        if State(old.state) not in (State.ISSUED, State.WITHDRAWN):
            raise Refused("This document can still be changed: edit it.")
        return write_document(
            case=old.case,
            kind=Kind(old.kind),
            language=old.language,
            entries=replace(entries_of(old), until=None),
            on=on,
            act=old.act,
            form=form,
            replaces=old,
            by=by,
        )


# --- texts of the agency -------------------------------------------------------------------------


def keep_template(
    *, compartment: int, kind: Kind, language: str, file_name: str, content: bytes, by: Viewer
) -> LetterTemplate:
    """Keep a Word file as the agency's template; the one before it is retired, not deleted.

    Raises `Refused` (`NotATemplate`) with what is wrong and where; nothing is kept then.
    """
    require(by, Duty.EDIT_TEXTS)
    check_template(content)
    told = told_by(
        fill(
            content,
            DocumentFacts(client_name="Trial"),
            title=title_of(kind, language),
            made_at=timezone.now(),
        )
    )
    if not told.blocks:
        raise Refused("The file holds no text.")
    with acting(by):
        _retire(compartment, kind, language, by)
        template = LetterTemplate(
            compartment=compartment,
            kind=kind,
            language=language,
            worker=by.worker,
            file_name=clean(file_name)[:200],
            kept_at=timezone.now(),
            content=base64.b64encode(content).decode(),
        )
        template.save(force_insert=True)
        record(by=by, verb="kept", thing=template)
        return template


def retire_template(*, compartment: int, kind: Kind, language: str, by: Viewer) -> None:
    """Go back to the template that comes with Casewall."""
    require(by, Duty.EDIT_TEXTS)
    with acting(by):
        _retire(compartment, kind, language, by)


def _retire(compartment: int, kind: Kind, language: str, by: Viewer) -> None:
    old = own_template(compartment, kind, language, by)
    if old is not None:
        old.retired_at = timezone.now()
        old.save()
        record(by=by, verb="retired", thing=old)


def set_letterhead(*, compartment: int, text: str, version: int, by: Viewer) -> Letterhead:
    """Set the lines at the head of the agency's documents. `version` 0: there were none."""
    require(by, Duty.EDIT_TEXTS)
    with acting(by):
        found = (
            Letterhead.objects.visible_to(by)
            .select_for_update(of=("self",))
            .filter(compartment=compartment)
            .first()
        )
        if (found.version if found else 0) != version:
            raise StaleEdit(
                "Somebody changed the letterhead while the page was open. Nothing "
                "was overwritten: compare, and save again."
            )
        letterhead = found or Letterhead(compartment=compartment, version=0)
        letterhead.text, letterhead.worker = clean(text), by.worker
        letterhead.kept_at, letterhead.version = timezone.now(), letterhead.version + 1
        letterhead.save()
        record(by=by, verb="set", thing=letterhead)
        return letterhead
