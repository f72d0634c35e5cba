"""Referrals to a MARAC: begin, fill in, send, withdraw, read and print."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from casewall.safety.conferences import actions, forms
from casewall.safety.conferences.criteria import marac_of
from casewall.safety.conferences.models import ConferenceReferral, Hearing
from casewall.safety.conferences.rules import Consent, Criterion, Ground, State, missing
from casewall.safety.conferences.words import FORM, REFERRED_BY, words_of
from casewall.safety.meetings.views.steps import answer, form_page, looked_at, viewer_of
from casewall.safety.partners.models import PartnerFile
from casewall.safety.reading import found, must, names_of
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty
from casewall.wall.sides import Viewer

NOT_KNOWN = "not known"
SAID = {True: "yes", False: "no", None: NOT_KNOWN}


def section_of(file: PartnerFile) -> str:
    """The address of the section of the file."""
    return f"{reverse('partner', args=[file.pk])}?show=conferences"


def referral_seen(request: HttpRequest, pk: UUID) -> ConferenceReferral:
    """A referral with its file and partner, where this viewer sees it; 404 otherwise."""
    rows = ConferenceReferral.objects.visible_to(viewer_of(request))
    row: ConferenceReferral = found(rows.select_related("file__partner"), pk)
    must(viewer_of(request), Duty.REFER_CONFERENCE)
    return row


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Begin a referral: what the records hold is filled in."""
    viewer = viewer_of(request)
    file = found(PartnerFile.objects.visible_to(viewer).select_related("partner"), pk)
    must(viewer, Duty.REFER_CONFERENCE)
    if request.method == "POST":
        try:
            row = actions.begin_referral(file=file, by=viewer)
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect(section_of(file))
        return redirect("marac-fill", row.pk)
    looked_at(request, file, file)
    local = marac_of(file.service)
    return render(
        request,
        "conferences/begin.html",
        {"file": file, "local": local, "back": section_of(file), "rule": rule_words(local)},
    )


def rule_words(local: Any) -> list[str]:
    """The local rule in sentences."""
    words = []
    if local.threshold is not None:
        words.append(f"{local.threshold} questions of the checklist answered yes, or more")
    words.append("Professional judgement, with its reason")
    words += [
        f"{one.at_least} {one.of} within {one.months} months" for one in local.escalation
    ]
    words.append(f"New violence within {local.repeat_months} months of the last hearing")
    if local.honour_automatic:
        words.append("Suspected honour-based abuse, by itself")
    return words


def shown_answers(row: ConferenceReferral) -> list[tuple[str, str]]:
    """The form with every question; what nobody knows says so."""
    answers = actions.answers_of(row)
    return [(label, answers[key].strip() or NOT_KNOWN) for key, label in FORM.items()]


def _facts(row: ConferenceReferral, viewer: Viewer) -> list[tuple[str, Any]]:
    consented = row.consent == Consent.YES
    said: list[tuple[str, Any]] = [
        ("Referred by", REFERRED_BY[row.referred_by]),
        ("Answers of yes in the checklist", NOT_KNOWN if row.ticks is None else str(row.ticks)),
        ("Professional judgement", row.judgement or "none written down"),
        ("At high risk", SAID[row.high_risk]),
        ("Honour-based abuse suspected", SAID[row.honour]),
        ("Children in the household", NOT_KNOWN if row.children is None else str(row.children)),
        ("Consent", words_of(Consent, row.consent)),
    ]
    if consented:
        said.append(("Consented on", row.consent_on))
    elif row.ground:
        said += [
            ("Lawful ground without consent", words_of(Ground, row.ground)),
            ("Why it holds here", row.ground_reason),
        ]
    if row.sent_at:
        names = names_of([row.sent_by])
        said += [("Sent to", row.sent_to), ("Sent", row.sent_at),
                 ("Sent by", names.get(row.sent_by, ""))]  # fmt: skip
    if row.withdrawn_on:
        said += [("Withdrawn", row.withdrawn_on), ("Because", row.withdrawn_because)]
    return said


def _context(row: ConferenceReferral, viewer: Viewer) -> dict[str, Any]:
    local = marac_of(row.file.service)
    met = actions.criteria_of(row, viewer) if row.state == State.DRAFT else ()
    stored = [code for code in row.criteria.split(",") if code]
    return {
        "row": row,
        "file": row.file,
        "back": section_of(row.file),
        "state": (words_of(State, row.state),
                  {"draft": "yellow", "sent": "green"}.get(row.state, "grey")),
        "met": [(words_of(Criterion, one.criterion), one.sentence) for one in met]
        or [(words_of(Criterion, code), "") for code in stored],
        "local": local,
        "consent": actions.consent_of(row),
        "facts": _facts(row, viewer),
        "answers": shown_answers(row),
        "missing": missing(FORM, actions.answers_of(row)),
        "is_draft": row.state == State.DRAFT,
        "hearings": list(
            Hearing.objects.visible_to(viewer)
            .filter(referral=row)
            .select_related("conference")
            .order_by("conference__held_at", "id")
        ),
    }  # fmt: skip


@require_safe
def referral(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One referral: criteria, consent, what is missing, and the form."""
    row = referral_seen(request, pk)
    looked_at(request, row, row.file)
    return render(request, "conferences/referral.html", _context(row, viewer_of(request)))


@require_safe
def printed(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The form to print: it goes to the conference's office, never to the client."""
    row = referral_seen(request, pk)
    looked_at(request, row, row.file)
    context = _context(row, viewer_of(request))
    return render(
        request, "conferences/print.html", {**context, "printed_at": timezone.localtime()}
    )


def _page(pk: UUID) -> str:
    return reverse("marac-referral", args=[pk])


@form_page
def fill(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Check and complete a draft."""
    row = referral_seen(request, pk)
    if row.state != State.DRAFT:
        messages.error(request, "This referral has been sent or withdrawn: it stays as it is.")
        return redirect("marac-referral", pk)
    first = forms.ReferralForm.shown_first(row, actions.answers_of(row))
    form = forms.ReferralForm(request.POST or None, initial=first)

    def act() -> None:
        actions.keep_referral(
            referral=row, filled=form.filled(), version=form.cleaned_data["version"],
            by=viewer_of(request),
        )  # fmt: skip

    return answer(
        request, form, act, heading="Refer to the MARAC", button="Save the draft",
        saved="The draft has been saved. Nothing has been sent.", back=_page(pk), of=row, row=row,
        material=row.file, name=row.file.partner.full_name,
        lead="What the records hold is filled in. Check it. Leave empty what nobody knows: the "
        "form then says “not known”.",
        draft=f"MARAC: {row.file.partner.full_name}",
    )  # fmt: skip


@form_page
def send(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say that a referral is sent: the second step."""
    row = referral_seen(request, pk)
    form = forms.SendForm(request.POST or None, initial={"version": row.version})

    def act() -> None:
        typed = form.cleaned_data
        actions.send_referral(
            referral=row, sent_to=typed["sent_to"], version=typed["version"],
            by=viewer_of(request),
        )  # fmt: skip

    unknown = missing(FORM, actions.answers_of(row))
    facts = [
        ("Consent", actions.consent_of(row).reason),
        ("Criteria met", "; ".join(one.sentence for one in actions.criteria_of(row, viewer_of(
            request))) or "none"),
        ("Not known", "; ".join(unknown) or "nothing is missing"),
    ]  # fmt: skip
    return answer(
        request, form, act, heading="Send the referral", button="It is sent",
        saved="The referral is sent. It stays as it is.", back=_page(pk), of=row, row=row,
        name=row.file.partner.full_name, facts=facts,
        lead="Print it and send it by the agreed safe way. It is never shared with the client.",
    )  # fmt: skip


@form_page
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Withdraw a referral."""
    row = referral_seen(request, pk)
    form = forms.WhyForm(request.POST or None)

    def act() -> None:
        actions.withdraw_referral(
            referral=row, because=form.cleaned_data["because"], by=viewer_of(request)
        )

    return answer(
        request, form, act, heading="Withdraw the referral", button="Withdraw it",
        saved="The referral is withdrawn. It stays readable.", back=_page(pk), of=row,
        name=row.file.partner.full_name,
    )  # fmt: skip
