"""Reports of this side: written, checked by a second person, released, recalled."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from casewall.audit.actions import record
from casewall.pages.templatetags.casewall import worded as in_words
from casewall.safety.reading import names_of
from casewall.safety.sharing import actions, forms
from casewall.safety.sharing.actions.reports import Written, content_of, file_of
from casewall.safety.sharing.models import SafetyReport
from casewall.safety.sharing.overlap import told_in_confidence
from casewall.safety.sharing.papers import TYPES
from casewall.safety.sharing.reading import report_tag
from casewall.safety.sharing.rules import (
    OF_CHILD,
    OF_PARTNER,
    Basis,
    ReportFor,
    ReportState,
    Section,
)
from casewall.safety.sharing.views.steps import (
    Subject,
    answer,
    child_subject,
    done,
    file_subject,
    form_page,
    looked_at,
    posted,
    row_seen,
    subject_of,
    viewer_of,
)
from casewall.safety.sharing.words import words_of
from casewall.staff.step_up import fresh_for_button, fresh_second_factor
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer

LEAD = (
    "The client may receive everything that stands in this report. A second person checks each "
    "section before it is released."
)


@form_page
def of_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write a report about a partner."""
    return _write(request, file_subject(request, pk, Duty.WRITE_REPORT))


@form_page
def of_child(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write a report about a child."""
    return _write(request, child_subject(request, pk, Duty.WRITE_REPORT))


def _allowed(about: Subject) -> tuple[Section, ...]:
    """The sections of a report: those of a child wherever it is about one."""
    return OF_CHILD if about.child is not None else OF_PARTNER


def _write(
    request: HttpRequest, about: Subject, replaces: SafetyReport | None = None
) -> HttpResponse:
    initial: dict[str, Any] = {"named": about.who}
    if replaces is not None:
        initial = _shown_first(replaces)
    form = forms.ReportForm(posted(request), allowed=_allowed(about), initial=initial)

    def act() -> SafetyReport:
        return actions.write_report(
            written=_written(form), file=about.file, child=about.child, replaces=replaces,
            form=form.cleaned_data["form_id"], by=viewer_of(request),
        )  # fmt: skip

    return answer(
        request, form, act, thing=about.thing, heading="Write a report", button="Save draft",
        saved="The draft has been saved. Somebody else checks it before it is released.",
        back=lambda made: reverse("safety-report", args=[made.pk]), cancel=about.back,
        back_words=about.back_words, who=about.who, lead=LEAD,
    )  # fmt: skip


def _written(form: forms.ReportForm) -> Written:
    typed = form.cleaned_data
    return Written(
        addressed_to=ReportFor(typed["addressed_to"]), recipient=typed["recipient"],
        named=typed["named"], title=typed["title"], basis=Basis(typed["basis"]),
        consented=typed["consented"], consent_on=typed["consent_on"], asked_by=typed["asked_by"],
        sections=form.chosen(), words=form.words(),
    )  # fmt: skip


def _shown_first(row: SafetyReport) -> dict[str, Any]:
    content = content_of(row)
    return {
        "addressed_to": row.addressed_to, "recipient": row.recipient, "asked_by": row.asked_by,
        "title": content.title, "named": content.named, "basis": row.basis,
        "consented": "yes" if row.consented else "no", "consent_on": row.consent_on,
        "sections": [part.key.value for part in content.parts], "version": row.version,
        **{f"words_{part.key}": part.words for part in content.parts},
    }  # fmt: skip


@form_page
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write a report anew before it is released."""
    row = row_seen(request, SafetyReport, pk, Duty.WRITE_REPORT)
    if row.state not in (ReportState.DRAFT, ReportState.CHECKED):
        raise Http404
    about = subject_of(row)
    form = forms.ReportForm(posted(request), allowed=_allowed(about), initial=_shown_first(row))

    def act() -> SafetyReport:
        return actions.edit_report(report=row, written=_written(form),
                                   version=form.cleaned_data["version"] or 0,
                                   by=viewer_of(request))  # fmt: skip

    return answer(
        request, form, act, thing=about.thing, row=row, heading="Change a report",
        button="Save draft", saved="The draft has been saved. It has to be checked again.",
        back=reverse("safety-report", args=[pk]), back_words="Back to the report", who=about.who,
        lead=f"It was returned: {row.returned_note}" if row.returned_note else LEAD,
    )  # fmt: skip


@form_page
def anew(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write a new version of a released or withdrawn report, with the facts of today."""
    row = row_seen(request, SafetyReport, pk, Duty.WRITE_REPORT)
    if row.state not in (ReportState.RELEASED, ReportState.WITHDRAWN):
        raise Http404
    return _write(request, subject_of(row), replaces=row)


@require_safe
def report(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One report: what it says, how far it has come, and its files."""
    viewer = viewer_of(request)
    row = row_seen(request, SafetyReport, pk, Duty.WRITE_REPORT)
    about, content = subject_of(row), content_of(row)
    looked_at(request, about.thing)
    record(by=viewer, verb="read", thing=row)
    return render(request, "sharing/report.html", {
        "report": row, "content": content, "told": content.told(), "tag": report_tag(row),
        "back": about.back, "back_words": about.back_words, "who": about.who,
        "facts": _facts(row), "file": row.file, "child": row.child,
        "overlaps": told_in_confidence(content.words(), row.file, row.child, viewer)
        if row.state == ReportState.DRAFT else (),
        **_can(row, viewer),
    })  # fmt: skip


def _facts(row: SafetyReport) -> list[tuple[str, Any]]:
    names = names_of([row.worker, row.checked_by, row.released_by])

    def by(worker: UUID | None, when: Any) -> str | None:
        return f"{names.get(worker, 'a worker')}, {in_words(when)}" if worker and when else None

    facts: list[tuple[str, Any]] = [
        ("To", row.recipient),
        ("For", words_of(ReportFor, row.addressed_to)),
        ("Asked for by", row.asked_by or "nobody named"),
        ("Lawful basis", words_of(Basis, row.basis)),
        ("Consent", "yes" if row.consented else "no"),
        ("Version", row.edition),
        ("Written", by(row.worker, row.written_at)),
    ]
    if row.returned_at:
        facts += [("Returned", in_words(row.returned_at)), ("What must change", row.returned_note)]
    if row.checked_by:
        facts.append(("Checked", by(row.checked_by, row.checked_at)))
    if row.released_by:
        facts.append(("Released", by(row.released_by, row.released_on)))
    if row.withdrawn_on:
        facts += [("Withdrawn", row.withdrawn_on), ("Why", row.withdrawn_note)]
    return facts


def _can(row: SafetyReport, viewer: Viewer) -> dict[str, Any]:
    state, checks = ReportState(row.state), bool(may_do(viewer.role, Duty.CHECK_REPORT))
    is_open = state in (ReportState.DRAFT, ReportState.CHECKED)
    return {
        "may_edit": is_open,
        "may_check": checks and state is ReportState.DRAFT and row.worker != viewer.worker,
        "waits": state is ReportState.DRAFT and (row.worker == viewer.worker or not checks),
        "may_release": checks and state is ReportState.CHECKED,
        "may_withdraw": is_open or (checks and state is ReportState.RELEASED),
        "is_out": state is ReportState.RELEASED,
        "may_write_anew": not is_open,
        "has_files": row.released_on is not None,
    }


@form_page
def check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The second person's check: the client will receive this."""
    viewer = viewer_of(request)
    row = row_seen(request, SafetyReport, pk, Duty.CHECK_REPORT)
    if row.state != ReportState.DRAFT or row.worker == viewer.worker:
        return redirect("safety-report", pk)
    about, content = subject_of(row), content_of(row)
    overlaps = told_in_confidence(content.words(), row.file, row.child, viewer)
    sections = [part.key for part in content.parts]
    form = forms.CheckForm(posted(request), sections=sections, overlaps=overlaps,
                           initial={"version": row.version})  # fmt: skip

    def act() -> SafetyReport:
        return actions.approve_report(
            report=row, answers=form.answers(), accepted=form.accepted(),
            overlaps_seen=form.cleaned_data.get("overlaps_seen", False),
            version=form.cleaned_data["version"], by=viewer,
        )  # fmt: skip

    parts = {part.key: part for part in content.parts}
    return answer(
        request, form, act, thing=about.thing, row=row, heading="The client will receive this",
        button="Nothing stands against it", saved="The report is checked. It can be released.",
        back=reverse("safety-report", args=[pk]), back_words="Back to the report", who=about.who,
        template="sharing/check.html", report=row, content=content, overlaps=overlaps,
        groups=[(parts[key], fields) for key, fields in form.groups()],
        seen=form["overlaps_seen"] if overlaps else None,
        return_url=reverse("safety-report-return", args=[pk]),
    )  # fmt: skip


@form_page
def send_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give a report back to its writer."""
    row = row_seen(request, SafetyReport, pk, Duty.CHECK_REPORT)
    form = forms.ReturnForm(posted(request), initial={"version": row.version})
    return _below(
        request, row, form, "Return a report", "Return it", "The report goes back to its writer.",
        lambda typed: actions.return_report(report=row, note=typed["note"],
                                            version=typed["version"], by=viewer_of(request)),
    )  # fmt: skip


def _below(request: HttpRequest, row: SafetyReport, form: Any, heading: str, button: str,
           saved: str, act: Any) -> HttpResponse:  # fmt: skip
    about = subject_of(row)
    return answer(
        request, form, lambda: act(form.cleaned_data), thing=about.thing, row=row, heading=heading,
        button=button, saved=saved, back=reverse("safety-report", args=[row.pk]),
        back_words="Back to the report", who=about.who,
    )  # fmt: skip


@form_page
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Withdraw a report; a released one is recalled."""
    row = row_seen(request, SafetyReport, pk, Duty.WRITE_REPORT)
    if not _can(row, viewer_of(request))["may_withdraw"]:
        raise Http404
    form = forms.WithdrawForm(posted(request), initial={"version": row.version})
    return _below(
        request, row, form, "Withdraw a report", "Withdraw it", "The report is withdrawn. Where it "
        "was released, tell its recipient: it is on your day.",
        lambda typed: actions.withdraw_report(report=row, note=typed["note"],
                                              version=typed["version"], by=viewer_of(request)),
    )  # fmt: skip


@require_POST
@fresh_for_button("safety-report")
def release(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Release a checked report: its files are made now, and never again."""
    row = row_seen(request, SafetyReport, pk, Duty.CHECK_REPORT)
    return done(
        request,
        lambda: actions.release_report(report=row, version=_version(request),
                                       by=viewer_of(request)),
        "The report is released. Send its file by the way that the recipient has agreed to, and "
        "record the share.",
        reverse("safety-report", args=[pk]),
    )  # fmt: skip


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() else 0


@require_safe
@fresh_second_factor
def download(request: HttpRequest, pk: UUID, ending: str) -> HttpResponse:
    """A file of a released report: the same bytes every time."""
    row = row_seen(request, SafetyReport, pk, Duty.WRITE_REPORT)
    content = file_of(row, ending, viewer_of(request)) if ending in TYPES else None
    if content is None:
        raise Http404
    record(by=viewer_of(request), verb=f"downloaded as {ending}", thing=row)
    return HttpResponse(
        content,
        content_type=TYPES[ending],
        headers={"Content-Disposition": f'attachment; filename="report-{row.pk.hex[:8]}-'
                 f'{row.edition}.{ending}"'},
    )  # fmt: skip
