"""What is shown of shares and reports on a file, on a child and on Today, in few queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from casewall.safety.children.models import Child
from casewall.safety.children.reading import named
from casewall.safety.partners.models import PartnerFile
from casewall.safety.partners.parts import Shown
from casewall.safety.sharing.models import (
    AgencyMessage,
    CaseStudy,
    Export,
    SafetyReport,
    Share,
    SharingAgreement,
    StudyConsent,
)
from casewall.safety.sharing.rules import (
    WARN_DAYS,
    Basis,
    Exported,
    ReportFor,
    ReportState,
    ShareFor,
)
from casewall.safety.sharing.studies.rules import Given, StudyState, must_recall
from casewall.safety.sharing.words import words_of
from casewall.services.load import shipped
from casewall.staff.models import Compartment
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Role, Viewer

MOST = 25
SHARE_COLUMNS = ["Agency", "Purpose", "Basis", ("Shared", "date"), ("Holds until", "date"),
                 ("State", "tag")]  # fmt: skip
REPORT_COLUMNS = ["Report", "Basis", ("State", "tag"), ("Written", "date"), ("Released", "date")]
REPORT_TAGS = {
    ReportState.DRAFT: "yellow",
    ReportState.CHECKED: "blue",
    ReportState.RELEASED: "green",
    ReportState.WITHDRAWN: "grey",
}
SHARE_TEXTS = ("what", "without_because", "recalled_because", "told_whom", "person")
REPORT_TEXTS = ("content", "checked_text", "findings", "returned_note", "withdrawn_note",
                "recipient", "asked_by")  # fmt: skip


def share_state(row: Share, today: date) -> tuple[str, str]:
    """Where a share stands, as a tag."""
    if row.recalled_on:
        return ("Recalled", "grey") if row.told_on else ("Recalled, tell them", "red")
    return ("Run out", "grey") if row.expires_on < today else ("Holds", "green")


def share_rows(shares: Iterable[Share], today: date) -> list[dict[str, Any]]:
    """Shares as rows of a table."""
    return [
        {
            "url": reverse("share", args=[row.pk]),
            "cells": [
                row.agency.name, words_of(ShareFor, row.purpose), words_of(Basis, row.basis),
                row.shared_on, row.expires_on, share_state(row, today),
            ],
        }
        for row in shares
    ]  # fmt: skip


def report_tag(row: SafetyReport) -> tuple[str, str]:
    """Where a report stands, as a tag."""
    if row.state == ReportState.DRAFT and row.returned_at:
        return "Returned", "orange"
    return words_of(ReportState, row.state), REPORT_TAGS[ReportState(row.state)]


def report_rows(reports: Iterable[SafetyReport]) -> list[dict[str, Any]]:
    """Reports as rows of a table."""
    return [
        {
            "url": reverse("safety-report", args=[row.pk]),
            "cells": [
                words_of(ReportFor, row.addressed_to), words_of(Basis, row.basis),
                report_tag(row), row.written_at, row.released_on,
            ],
        }
        for row in reports
    ]  # fmt: skip


def _shares(viewer: Viewer, **of: Any) -> list[Share]:
    rows = Share.objects.visible_to(viewer).filter(**of).select_related("agency")
    return list(rows.defer(*SHARE_TEXTS).order_by("-shared_on", "id"))


def _reports(viewer: Viewer, **of: Any) -> list[SafetyReport]:
    rows = SafetyReport.objects.visible_to(viewer).filter(**of)
    return list(rows.defer(*REPORT_TEXTS).order_by("-written_at", "id"))


def _messages(viewer: Viewer, **of: Any) -> list[AgencyMessage]:
    rows = AgencyMessage.objects.visible_to(viewer).filter(**of).select_related("share__agency")
    return list(rows.defer("words", "receipt", "acknowledged_by").order_by("-sent_on", "id"))


def steps_for(viewer: Viewer, share: tuple[str, UUID], report: tuple[str, UUID]
              ) -> list[tuple[str, str]]:  # fmt: skip
    """What this viewer can do here, each a link."""
    found = []
    if may_do(viewer.role, Duty.SHARE):
        found.append(("Record a share with an agency", reverse(share[0], args=[share[1]])))
    if may_do(viewer.role, Duty.WRITE_REPORT):
        found.append(("Write a report", reverse(report[0], args=[report[1]])))
    return found


def shared_part(file: PartnerFile, viewer: Viewer, today: date) -> Shown:
    """Shares, messages and reports of a partner's file: three queries."""
    shares = _shares(viewer, file=file)
    messages = _messages(viewer, file=file)
    reports = _reports(viewer, file=file)
    steps = steps_for(viewer, ("share-new", file.pk), ("safety-report-new", file.pk))
    untold = any(row.recalled_on and not row.told_on for row in shares)
    return Shown(
        entries=[*_share_entries(shares), *_message_entries(messages)],
        waits_for=[*_shares_wait(shares), *_messages_wait(messages)],
        steps=steps,
        flags=[("A recalled share: tell the agency", "red")] if untold else [],
        template="sharing/section.html",
        context=lambda: {**section_of(shares, reports, today), "sharing_steps": steps},
    )


def section_of(shares: list[Share], reports: list[SafetyReport], today: date) -> dict[str, Any]:
    """What the section shows of shares and reports."""
    return {
        "share_columns": SHARE_COLUMNS,
        "shares": share_rows(shares, today),
        "report_columns": REPORT_COLUMNS,
        "safety_reports": report_rows(reports),
    }


def shared_of_child(child: Child, viewer: Viewer, today: date) -> dict[str, Any]:
    """The same of a child, for the child's own page: two queries."""
    steps = steps_for(viewer, ("share-new-child", child.pk), ("safety-report-new-child", child.pk))
    found = section_of(_shares(viewer, child=child), _reports(viewer, child=child), today)
    return {**found, "sharing_steps": steps}


def _share_entries(shares: Iterable[Share]) -> Iterator[dict[str, Any]]:
    for row in shares:
        url = reverse("share", args=[row.pk])
        label = ("Shared", "purple")
        yield {"title": f"Shared with {row.agency.name}", "when": row.shared_on, "by": row.worker,
               "text": words_of(ShareFor, row.purpose), "label": label, "url": url}  # fmt: skip
        if row.recalled_on:
            yield {"title": f"Share with {row.agency.name} recalled", "when": row.recalled_on,
                   "by": "", "text": "", "label": label, "url": url}  # fmt: skip


def _message_entries(messages: Iterable[AgencyMessage]) -> Iterator[dict[str, Any]]:
    for row in messages:
        receipt = (
            f"Acknowledged on {row.acknowledged_on:%-d %B %Y}" if row.acknowledged_on
            else "Not acknowledged yet"
        )  # fmt: skip
        yield {"title": f"Message to {row.share.agency.name}", "when": row.sent_on,
               "by": row.worker, "text": receipt, "label": ("Shared", "purple"),
               "url": reverse("share", args=[row.share_id])}  # fmt: skip


def _shares_wait(shares: Iterable[Share]) -> Iterator[dict[str, Any]]:
    for row in shares:
        if row.recalled_on and not row.told_on:
            yield {"what": f"Tell {row.agency.name} that the share is recalled",
                   "due": row.recalled_on, "url": reverse("share-told", args=[row.pk])}  # fmt: skip


def _messages_wait(messages: Iterable[AgencyMessage]) -> Iterator[dict[str, Any]]:
    for row in messages:
        if row.ask_on:
            yield {"what": f"Ask {row.share.agency.name} whether the message arrived",
                   "due": row.ask_on, "url": reverse("message-receipt", args=[row.pk])}  # fmt: skip


# --- Today --------------------------------------------------------------------------------------


def today_items(viewer: Viewer, today: date, last: date) -> list[dict[str, Any]]:
    """Everything of this app that waits for a viewer, in at most eight queries."""
    items: list[dict[str, Any]] = []
    if may_do(viewer.role, Duty.SHARE):
        items += [*_recalled(viewer, last), *_unanswered(viewer, last)]
    if may_do(viewer.role, Duty.WRITE_REPORT):
        items += _returned(viewer)
    if may_do(viewer.role, Duty.CHECK_REPORT):
        items += [*_to_check(viewer), *_exports_recalled(viewer, last)]
    if may_do(viewer.role, Duty.PUBLISH):
        items += _studies(viewer, today)
    if viewer.role is Role.SAFETY_MANAGER:
        items += _agreements(viewer, today)
    return items


def _whose(row: Any) -> str:
    if row.file_id:
        return row.file.partner.full_name or "No name given"
    return named(row.child)


def _recalled(viewer: Viewer, last: date) -> Iterator[dict[str, Any]]:
    rows = Share.objects.visible_to(viewer).filter(recalled_on__lte=last, told_on=None)
    rows = rows.select_related("agency", "file__partner", "child").order_by("recalled_on", "id")
    for row in rows.defer(*SHARE_TEXTS)[:MOST]:
        yield {"due": row.recalled_on, "what": f"Tell {row.agency.name} of a recalled share:",
               "who": _whose(row), "url": reverse("share-told", args=[row.pk]),
               "tag": ("Recall", "red")}  # fmt: skip


def _unanswered(viewer: Viewer, last: date) -> Iterator[dict[str, Any]]:
    rows = AgencyMessage.objects.visible_to(viewer).filter(ask_on__lte=last)
    rows = rows.select_related("share__agency", "file__partner", "child").order_by("ask_on", "id")
    for row in rows.defer("words", "receipt", "acknowledged_by")[:MOST]:
        yield {"due": row.ask_on,
               "what": f"Ask {row.share.agency.name} whether a message arrived:",
               "who": _whose(row), "url": reverse("message-receipt", args=[row.pk]),
               "tag": ("Agency", "blue")}  # fmt: skip


def _returned(viewer: Viewer) -> Iterator[dict[str, Any]]:
    rows = SafetyReport.objects.visible_to(viewer).filter(
        state=ReportState.DRAFT, worker=viewer.worker, returned_at__isnull=False
    )
    rows = rows.select_related("file__partner", "child").order_by("returned_at", "id")
    for row in rows.defer(*REPORT_TEXTS)[:MOST]:
        yield {"due": row.returned_at.date(), "what": "Change a report that was returned:",
               "who": _whose(row), "url": reverse("safety-report", args=[row.pk]),
               "tag": ("Report", "orange")}  # fmt: skip


def _to_check(viewer: Viewer) -> Iterator[dict[str, Any]]:
    waits = Q(state=ReportState.DRAFT, returned_at=None) & ~Q(worker=viewer.worker)
    rows = SafetyReport.objects.visible_to(viewer).filter(waits)
    rows = rows.select_related("file__partner", "child").order_by("written_at", "id")
    for row in rows.defer(*REPORT_TEXTS)[:MOST]:
        yield {"due": row.written_at.date(), "what": "Check a report that the client may receive:",
               "who": _whose(row), "url": reverse("safety-report-check", args=[row.pk]),
               "tag": ("Report", "blue")}  # fmt: skip


def _exports_recalled(viewer: Viewer, last: date) -> Iterator[dict[str, Any]]:
    rows = Export.objects.visible_to(viewer).filter(recalled_on__lte=last, told_on=None)
    for row in rows.defer("recalled_because", "told_whom").order_by("recalled_on", "id")[:MOST]:
        what = words_of(Exported, row.kind).lower()
        yield {"due": row.recalled_on, "what": f"Tell the recipient that this is recalled: {what}",
               "who": row.recipient, "url": reverse("export", args=[row.pk]),
               "tag": ("Recall", "red")}  # fmt: skip


def _studies(viewer: Viewer, today: date) -> Iterator[dict[str, Any]]:
    for row, consents in published_studies(viewer):
        if must_recall(StudyState(row.state), row.persons, consents, today):
            yield {"due": today, "what": "Take back a published text, since a consent is gone:",
                   "who": row.title, "url": reverse("study-recall", args=[row.pk]),
                   "tag": ("Recall", "red")}  # fmt: skip


def published_studies(viewer: Viewer) -> list[tuple[CaseStudy, list[Given]]]:
    """Published texts with their consents: two queries."""
    rows = list(
        CaseStudy.objects.visible_to(viewer)
        .filter(state=StudyState.PUBLISHED)
        .defer("text", "changed", "published_where", "recalled_because")
        .order_by("published_on", "id")
    )
    consents: dict[UUID, list[Given]] = {}
    for one in StudyConsent.objects.visible_to(viewer).filter(study__in=rows).defer("person"):
        consents.setdefault(one.study_id, []).append(one.given)
    return [(row, consents.get(row.pk, [])) for row in rows]


def _agreements(viewer: Viewer, today: date) -> Iterator[dict[str, Any]]:
    """Agreements that end within the days of warning and that no later one follows."""
    rows = list(
        SharingAgreement.objects.visible_to(viewer)
        .filter(ended_on=None, agency__retired_on=None)
        .select_related("agency")
        .order_by("last_on", "id")
    )
    lasts: dict[UUID, date] = {}
    for row in rows:
        lasts[row.agency_id] = max(row.last_on, lasts.get(row.agency_id, row.last_on))
    for row in rows[: MOST * 4]:
        soon = row.last_on <= today + timedelta(days=WARN_DAYS)
        if soon and row.last_on == lasts[row.agency_id]:
            ends = "has ended" if row.last_on < today else "ends"
            yield {"due": row.last_on, "what": f"Renew an agreement on sharing; it {ends}:",
                   "who": row.agency.name, "url": reverse("agency", args=[row.agency_id]),
                   "tag": ("Agreement", "orange")}  # fmt: skip


def homes(viewer: Viewer) -> dict[str, tuple[int, str]]:
    """By service: where the directory and the texts of a service lie, and the service's name.

    That is with the agency that supports partners, where the worker is a member of it.
    """
    found: dict[str, tuple[int, str]] = {}
    rows = Compartment.objects.filter(
        number__in=viewer.compartments, sensitivity=Compartment.STANDARD
    ).select_related("service")
    for row in rows.order_by("number"):
        definition = shipped().get(row.service_id)
        if definition is None:
            continue
        if row.agency_id == definition.partner_support.agency or row.service_id not in found:
            found[row.service_id] = (row.number, row.service.name)
    return found
