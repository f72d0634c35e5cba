"""Sharing with an agency, its messages and its recall."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from casewall.safety.reading import names_of
from casewall.safety.sharing import actions, forms
from casewall.safety.sharing.actions.shares import Terms
from casewall.safety.sharing.models import (
    AgencyContact,
    AgencyMessage,
    ExternalAgency,
    SafetyReport,
    Share,
)
from casewall.safety.sharing.reading import share_state
from casewall.safety.sharing.rules import (
    Basis,
    Condition,
    ReportFor,
    ReportState,
    Route,
    ShareFor,
)
from casewall.safety.sharing.views.steps import (
    Subject,
    answer,
    child_subject,
    file_subject,
    form_page,
    looked_at,
    posted,
    row_seen,
    subject_of,
    viewer_of,
)
from casewall.safety.sharing.words import words_of
from casewall.wall.duties import Duty
from casewall.wall.sides import Viewer

LEAD = (
    "Write down what was shared. Casewall sends nothing. It is listed on the file and can be "
    "recalled."
)


@form_page
def of_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record a share about a partner."""
    return _new(request, file_subject(request, pk, Duty.SHARE))


@form_page
def of_child(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record a share about a child."""
    return _new(request, child_subject(request, pk, Duty.SHARE))


def _new(request: HttpRequest, about: Subject) -> HttpResponse:
    viewer = viewer_of(request)
    agencies = ExternalAgency.objects.visible_to(viewer).filter(
        service=about.thing.service, retired_on=None
    )
    released = SafetyReport.objects.visible_to(viewer).filter(
        file=about.file, child=about.child, state=ReportState.RELEASED
    )
    form = forms.ShareForm(
        posted(request), agencies=list(agencies.order_by("name", "id")),
        reports=list(released.order_by("-released_on", "id")),
    )  # fmt: skip

    def act() -> Share:
        typed = form.cleaned_data
        condition = typed["condition"]
        return actions.share(
            agency=form.agencies[typed["agency"]],
            terms=Terms(
                person=typed["person"], purpose=ShareFor(typed["purpose"]), what=typed["what"],
                document=form.reports.get(typed["document"]), basis=Basis(typed["basis"]),
                condition=Condition(condition) if condition else None,
                consented=typed["consented"], consent_on=typed["consent_on"],
                without_because=typed["without_because"], shared_on=typed["shared_on"],
                expires_on=typed["expires_on"],
            ),
            file=about.file, child=about.child, form=typed["form_id"], by=viewer,
        )  # fmt: skip

    return answer(
        request, form, act, thing=about.thing, heading="Record a share with an agency",
        button="Save share", saved="The share has been saved.", back=about.back,
        back_words=about.back_words, who=about.who, lead=LEAD, agencies_url=reverse("agencies"),
    )  # fmt: skip


@require_safe
def share(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One share: what, to whom, on what basis; its messages and its recall."""
    viewer = viewer_of(request)
    row = row_seen(request, Share, pk, Duty.SHARE, "agency", "agreement")
    messages = list(
        AgencyMessage.objects.visible_to(viewer)
        .filter(share=row)
        .select_related("contact")
        .order_by("-sent_on", "id")
    )
    about = subject_of(row)
    looked_at(request, about.thing)
    looked_at(request, row)
    names = names_of([row.worker, *(one.worker for one in messages)])
    today = timezone.localdate()
    return render(request, "sharing/share.html", {
        "share": row, "back": about.back, "back_words": about.back_words, "who": about.who,
        "tag": share_state(row, today),
        "facts": _facts(row, names, viewer),
        "sent": [_message(one, names) for one in messages],
        "file": row.file, "child": row.child,
        "holds": row.recalled_on is None and row.expires_on >= today,
        "may_tell": row.recalled_on is not None and row.told_on is None,
    })  # fmt: skip


def _facts(row: Share, names: dict[UUID, str], viewer: Viewer) -> list[tuple[str, Any]]:
    facts: list[tuple[str, Any]] = [
        ("Agency", row.agency.name),
        ("Received by", row.person),
        ("Purpose", words_of(ShareFor, row.purpose)),
        ("What was shared", row.what or "the report below"),
        ("Lawful basis", words_of(Basis, row.basis)),
    ]
    if row.condition:
        facts.append(("Further condition", words_of(Condition, row.condition)))
    if row.document:
        rows = SafetyReport.objects.visible_to(viewer).filter(pk=row.document)
        report = rows.only("addressed_to", "released_on").first()
        if report is not None:
            facts.append(("Report", f"{words_of(ReportFor, report.addressed_to)}, released "
                          f"{report.released_on:%-d %B %Y}"))  # fmt: skip
    facts += [
        ("Consent", "yes" if row.consented else "no"),
        ("Consent since", row.consent_on) if row.consented
        else ("Why without consent", row.without_because),
        ("Agreement", row.agreement.what if row.agreement else "none"),
        ("Shared", row.shared_on),
        ("Holds until", row.expires_on),
        ("Recorded by", names.get(row.worker)),
    ]  # fmt: skip
    if row.recalled_on:
        facts += [("Recalled", row.recalled_on), ("Why", row.recalled_because),
                  ("Recipient told", row.told_on or "not yet"),
                  ("Who was told", row.told_whom or "–")]  # fmt: skip
    return facts


def _message(one: AgencyMessage, names: dict[UUID, str]) -> dict[str, Any]:
    return {
        "facts": [
            ("Sent", one.sent_on),
            ("How", words_of(Route, one.route)),
            ("To", one.contact.name if one.contact else "no office named"),
            ("By", names.get(one.worker)),
            ("Message", one.words),
            ("Acknowledged", one.acknowledged_on or "not yet"),
            *([("By whom", one.acknowledged_by), ("What they said", one.receipt or "–")]
              if one.acknowledged_on else []),
        ],
        "url": "" if one.acknowledged_on else reverse("message-receipt", args=[one.pk]),
    }  # fmt: skip


@form_page
def recall(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a share back."""
    row = row_seen(request, Share, pk, Duty.SHARE, "agency")
    form = forms.RecallForm(posted(request), initial={"version": row.version})

    def act() -> Any:
        typed = form.cleaned_data
        return actions.recall_share(share=row, reason=typed["reason"], version=typed["version"],
                                    by=viewer_of(request))  # fmt: skip

    return _below(
        request, row, form, act, "Recall a share", "Recall", "The share is recalled. Tell the "
        "agency now, and write down whom you told.",
        lead=f"{row.agency.name} keeps what it knows. Ask it to delete what it received.",
    )  # fmt: skip


def _below(request: HttpRequest, row: Any, form: Any, act: Any, heading: str, button: str,
           saved: str, share: UUID | None = None, **more: Any) -> HttpResponse:  # fmt: skip
    about = subject_of(row)
    return answer(
        request, form, act, thing=about.thing, row=row, heading=heading, button=button,
        saved=saved, back=reverse("share", args=[share or row.pk]), back_words="Back to the share",
        who=about.who, **more,
    )  # fmt: skip


@form_page
def told(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write down who at the agency was told of a recall."""
    row = row_seen(request, Share, pk, Duty.SHARE, "agency")
    form = forms.ToldForm(posted(request))

    def act() -> Any:
        typed = form.cleaned_data
        return actions.tell_of_recall(share=row, whom=typed["whom"], on=typed["on"],
                                      by=viewer_of(request))  # fmt: skip

    return _below(request, row, form, act, f"Tell {row.agency.name} of the recall", "Save",
                  "It has been saved.")  # fmt: skip


@form_page
def message(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write down a message that went to the agency."""
    row = row_seen(request, Share, pk, Duty.SHARE, "agency")
    contacts = AgencyContact.objects.visible_to(viewer_of(request)).filter(
        agency=row.agency_id, ended_on=None
    )
    form = forms.MessageForm(posted(request), contacts=list(contacts.order_by("id")))

    def act() -> Any:
        typed = form.cleaned_data
        return actions.send_message(
            share=row, route=Route(typed["route"]), words=typed["words"],
            sent_on=typed["sent_on"], contact=form.contacts.get(typed["contact"]),
            form=typed["form_id"], by=viewer_of(request),
        )  # fmt: skip

    return _below(
        request, row, form, act, f"Record a message to {row.agency.name}", "Save message",
        "The message has been saved. Its receipt will be asked for in a week.",
        lead="Casewall sends nothing: write down what you posted, said or wrote.",
    )  # fmt: skip


@form_page
def receipt(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write down who acknowledged a message."""
    row = row_seen(request, AgencyMessage, pk, Duty.SHARE, "share__agency")
    form = forms.ReceiptForm(posted(request))

    def act() -> Any:
        typed = form.cleaned_data
        return actions.acknowledge(message=row, whom=typed["whom"], on=typed["on"],
                                   receipt=typed["receipt"], by=viewer_of(request))  # fmt: skip

    return _below(
        request, row, form, act, "Record a receipt", "Save receipt", "The receipt has been saved.",
        share=row.share_id,
        lead=f"The message went to {row.share.agency.name} on {row.sent_on:%-d %B %Y}.",
    )  # fmt: skip
