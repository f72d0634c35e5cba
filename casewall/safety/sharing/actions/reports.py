"""Reports of this side: written, checked by a second person, released, recalled."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.audit.rows import known_row, locked
from casewall.programme.reports.rules import clean
from casewall.safety.children.models import Child
from casewall.safety.partners.models import PartnerFile
from casewall.safety.reading import names_of
from casewall.safety.rights.restricted import demand_unrestricted
from casewall.safety.sharing.actions.exports import keep_export, recall_all_of
from casewall.safety.sharing.actions.keeping import own_id, subject_of
from casewall.safety.sharing.content import ReportContent, thawed
from casewall.safety.sharing.facts import day_words, part_of
from casewall.safety.sharing.models import ExternalAgency, SafetyReport, SafetyReportFile
from casewall.safety.sharing.overlap import told_in_confidence
from casewall.safety.sharing.papers import files_of
from casewall.safety.sharing.parties import Recipient, demand_no_party
from casewall.safety.sharing.rules import (
    OF_CHILD,
    OF_PARTNER,
    Answers,
    Asked,
    Basis,
    Check,
    Exported,
    ReportFor,
    ReportState,
    Section,
    may_become,
    may_pass,
    may_write,
)
from casewall.safety.sharing.words import words_of
from casewall.staff.models import Agency, Worker
from casewall.wall.context import acting
from casewall.wall.decide import Refused, demand
from casewall.wall.duties import Duty, require
from casewall.wall.sides import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a writer says about a report. `named` is how the person is called in it."""

    addressed_to: ReportFor
    recipient: str
    named: str
    basis: Basis
    consented: bool
    sections: Sequence[Section]
    words: Mapping[Section, str] = field(default_factory=dict)
    asked_by: str = ""
    consent_on: date | None = None
    agency: ExternalAgency | None = None
    title: str = "Report"


def write_report(
    *,
    written: Written,
    by: Viewer,
    file: PartnerFile | None = None,
    child: Child | None = None,
    form: UUID | None = None,
    replaces: SafetyReport | None = None,
) -> SafetyReport:
    """Write a draft about a partner or a child: its facts are frozen now. The same form is once.

    Raises `Refused` for a section that is not on the list, and for a recipient who is a client
    or a partner.
    """
    require(by, Duty.WRITE_REPORT)
    with acting(by):
        file, child, compartment = subject_of(file, child, by)
        own = own_id(file or child, form, "report")
        known = known_row(SafetyReport, own, by)
        if known is not None:
            return known
        row = SafetyReport(
            id=own, compartment=compartment, file=file, child=child, worker=by.worker,
            written_at=timezone.now(), replaces=replaces,
            edition=replaces.edition + 1 if replaces else 1,
        )  # fmt: skip
        _say(row, written, by)
        row.save(force_insert=True)
        record(by=by, verb="wrote", thing=row)
        return row


def _say(row: SafetyReport, written: Written, by: Viewer) -> None:
    """Put what a report says into an unsaved row, or refuse with a sentence."""
    if not written.recipient.strip():
        raise Refused("Say to whom the report goes.")
    if not written.named.strip():
        raise Refused("Say how the person is called in the report.")
    if written.basis is Basis.CONSENT and not written.consented:
        raise Refused("The basis is consent, and there is none. Choose another basis.")
    allowed = OF_CHILD if row.child is not None else OF_PARTNER
    demand(may_write(written.sections, allowed, written.words))
    demand_no_party(Recipient((written.recipient,)), by)
    today = timezone.localdate()
    content = ReportContent(
        title=clean(written.title), named=clean(written.named), agency=_agency_name(by),
        recipient=clean(written.recipient),
        purpose=words_of(ReportFor, written.addressed_to),
        basis=words_of(Basis, written.basis), written_by=names_of([by.worker]).get(by.worker, ""),
        day=day_words(today),
        parts=tuple(
            part_of(section, row.file, row.child, clean(written.words.get(section, "")), by, today)
            for section in allowed if section in written.sections
        ),
    )  # fmt: skip
    row.addressed_to, row.recipient = written.addressed_to, clean(written.recipient)
    row.asked_by, row.basis = clean(written.asked_by) or None, written.basis
    row.consented = written.consented
    row.consent_on = written.consent_on if written.consented else None
    row.agency, row.content = written.agency, content.frozen()


def _agency_name(by: Viewer) -> str:
    worker = Worker.objects.filter(id=by.worker).first()
    agency = Agency.objects.filter(pk=worker.agency_id).first() if worker else None
    return agency.name if agency else ""


def content_of(report: SafetyReport) -> ReportContent:
    """What a report says."""
    return thawed(str(report.content))


def _become(row: SafetyReport, to: ReportState) -> None:
    demand(may_become(ReportState(row.state), to))
    row.state = to
    row.version += 1


def edit_report(
    *, report: SafetyReport, written: Written, version: int, by: Viewer
) -> SafetyReport:
    """Write a report anew before it is released; a check that was done is undone."""
    require(by, Duty.WRITE_REPORT)
    with acting(by):
        row = locked(report, by, version)
        if row.state == ReportState.DRAFT:
            row.version += 1
        else:
            _become(row, ReportState.DRAFT)
        _say(row, written, by)
        row.worker, row.written_at = by.worker, timezone.now()
        row.checked_by = row.checked_at = row.checked_text = row.findings = None
        row.returned_at = row.returned_note = None
        row.save()
        record(by=by, verb="edited", thing=row)
        return row


def approve_report(
    *,
    report: SafetyReport,
    answers: Answers,
    accepted: Mapping[Section, str],
    overlaps_seen: bool,
    version: int,
    by: Viewer,
) -> SafetyReport:
    """A second person has read the report as the client may receive it, section by section.

    Raises `Refused` where a section tells where somebody lives, where something told in
    confidence has no ground to stand, and where words of confidential texts were not looked at.
    """
    require(by, Duty.CHECK_REPORT)
    with acting(by):
        row = locked(report, by, version)
        content = content_of(row)
        overlaps = told_in_confidence(content.words(), row.file, row.child, by)
        check = Check(
            is_writer=row.worker == by.worker, sections=[part.key for part in content.parts],
            answers=answers, accepted=accepted, consented=row.consented, basis=Basis(row.basis),
            overlaps=overlaps, overlaps_seen=overlaps_seen,
        )  # fmt: skip
        demand(may_pass(check))
        _become(row, ReportState.CHECKED)
        row.checked_by, row.checked_at = by.worker, timezone.now()
        row.checked_text = content.told().text()
        row.findings = json.dumps(
            {
                section: {
                    **{asked: answers[section][asked] for asked in Asked},
                    "accepted": accepted.get(section, ""),
                }
                for section in check.sections
            },
            ensure_ascii=False,
        )
        row.save()
        record(by=by, verb="checked", thing=row)
        return row


def return_report(*, report: SafetyReport, note: str, version: int, by: Viewer) -> SafetyReport:
    """Give a draft or a checked report back to its writer, with a word on what must change."""
    require(by, Duty.CHECK_REPORT)
    if not note.strip():
        raise Refused("Say what must change, so that the writer knows.")
    with acting(by):
        row = locked(report, by, version)
        if row.state == ReportState.DRAFT:
            row.version += 1
        else:
            _become(row, ReportState.DRAFT)
        row.checked_by = row.checked_at = row.checked_text = row.findings = None
        row.returned_at, row.returned_note = timezone.now(), note.strip()
        row.save()
        record(by=by, verb="returned", thing=row)
        return row


def release_report(*, report: SafetyReport, version: int, by: Viewer) -> SafetyReport:
    """Release a checked report: its files are made once, kept, and never made again.

    Each file stands in the ledger of what left. Sending it is done by a person, elsewhere.
    """
    require(by, Duty.CHECK_REPORT)
    with acting(by):
        row = locked(report, by, version)
        if row.file_id is not None:
            demand_unrestricted(row.file_id, by)
        _become(row, ReportState.RELEASED)
        content = content_of(row)
        told = content.told()
        if told.text() != str(row.checked_text):
            raise Refused("The text is another one than the one that was checked. Return it.")
        made = files_of(
            told, title=content.title, agency=content.agency, language=row.language,
            made_at=row.written_at,
        )  # fmt: skip
        row.released_by, row.released_on = by.worker, timezone.localdate()
        row.save()
        for ending, blob in made.items():
            SafetyReportFile(
                compartment=row.compartment, report=row, ending=ending,
                content=base64.b64encode(blob).decode(),
            ).save(force_insert=True)  # fmt: skip
            keep_export(kind=Exported.REPORT, thing=row, recipient=content.recipient,
                        ending=ending, content=blob, by=by)  # fmt: skip
        record(by=by, verb="released", thing=row)
        return row


def withdraw_report(
    *, report: SafetyReport, note: str, version: int, by: Viewer
) -> SafetyReport:
    """Withdraw a report. A released one is recalled in the ledger, and telling its recipient
    becomes a task; whoever checks reports withdraws it."""
    require(by, Duty.WRITE_REPORT)
    if not note.strip():
        raise Refused("Say why it is withdrawn.")
    with acting(by):
        row = locked(report, by, version)
        was_out = row.state == ReportState.RELEASED
        if was_out:
            require(by, Duty.CHECK_REPORT)
        _become(row, ReportState.WITHDRAWN)
        row.withdrawn_on, row.withdrawn_note = timezone.localdate(), note.strip()
        row.save()
        record(by=by, verb="withdrew", thing=row)
        if was_out:
            recall_all_of(row, note, by)
        return row


def file_of(report: SafetyReport, ending: str, by: Viewer) -> bytes | None:
    """A file of a released report, as it went; None where there is none."""
    rows = SafetyReportFile.objects.visible_to(by).filter(report=report, ending=ending)
    stored = rows.first()
    return base64.b64decode(str(stored.content)) if stored else None


