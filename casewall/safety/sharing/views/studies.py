"""Case studies and quotations: consents, the check for small communities, publishing, recall."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from casewall.audit.actions import record
from casewall.safety.reading import found, leaf, must, names_of
from casewall.safety.sharing import actions
from casewall.safety.sharing.actions.studies import Text, as_rules_take, possible_persons
from casewall.safety.sharing.forms import RecallForm
from casewall.safety.sharing.forms_studies import (
    ConsentTakenBackForm,
    PublishForm,
    StudyConsentForm,
    StudyForm,
)
from casewall.safety.sharing.models import CaseStudy, StudyConsent
from casewall.safety.sharing.reading import homes
from casewall.safety.sharing.studies.rules import (
    AgeBand,
    Place,
    Rare,
    StudyState,
    must_recall,
    reasons_against,
)
from casewall.safety.sharing.views.steps import answer, done, form_page, posted, viewer_of
from casewall.safety.sharing.words import words_of
from casewall.staff.step_up import fresh_second_factor
from casewall.wall.duties import Duty

COLUMNS = ["Text", "Kind", ("State", "tag"), ("Written", "date"), ("Published", "date")]
TAGS = {
    StudyState.DRAFT: "yellow",
    StudyState.APPROVED: "blue",
    StudyState.PUBLISHED: "green",
    StudyState.RECALLED: "grey",
}


def _tag(row: CaseStudy) -> tuple[str, str]:
    return words_of(StudyState, row.state), TAGS[StudyState(row.state)]


@require_safe
def studies(request: HttpRequest) -> HttpResponse:
    """Texts for publication, the latest first."""
    viewer = viewer_of(request)
    must(viewer, Duty.PUBLISH)
    rows = CaseStudy.objects.visible_to(viewer).defer("text", "changed", "published_where",
                                                      "recalled_because")  # fmt: skip
    page = leaf(rows, day="written_at", query={k: v for k, v in request.GET.items() if v})
    record(by=viewer, verb="listed", kind="casestudy")
    return render(request, "sharing/studies.html", {
        "columns": COLUMNS,
        "page": page,
        "rows": [
            {"url": reverse("study", args=[row.pk]),
             "cells": [row.title, "Quotation" if row.is_quotation else "Case study", _tag(row),
                       row.written_at, row.published_on]}
            for row in page.rows
        ],
    })  # fmt: skip


def _seen(request: HttpRequest, pk: UUID) -> CaseStudy:
    must(viewer_of(request), Duty.PUBLISH)
    row: CaseStudy = found(CaseStudy.objects.visible_to(viewer_of(request)), pk)
    return row


@require_safe
def study(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One text: its consents, what stands against its publication, and what became of it."""
    viewer = viewer_of(request)
    row = _seen(request, pk)
    record(by=viewer, verb="viewed", thing=row)
    today, state = timezone.localdate(), StudyState(row.state)
    is_open = state in (StudyState.DRAFT, StudyState.APPROVED)
    possible = possible_persons(row, viewer) if is_open else row.possible or 0
    taken = as_rules_take(row, possible, viewer)
    consents = StudyConsent.objects.visible_to(viewer).filter(study=row)
    own = row.written_by == viewer.worker
    against = reasons_against(taken, today) if is_open else ()
    return render(request, "sharing/study.html", {
        "study": row, "tag": _tag(row), "facts": _facts(row, possible), "against": against,
        "consents": [
            {"row": one, "holds": one.given.holds(today)}
            for one in consents.order_by("given_on", "id")
        ],
        "is_open": is_open,
        "may_approve": state is StudyState.DRAFT and not own and not against,
        "waits": state is StudyState.DRAFT and own,
        "may_publish": state is StudyState.APPROVED and not against,
        "is_out": state is StudyState.PUBLISHED,
        "must_recall": must_recall(state, row.persons, taken.consents, today),
    })  # fmt: skip


def _facts(row: CaseStudy, possible: int) -> list[tuple[str, Any]]:
    names = names_of([row.written_by, row.approved_by])
    rare = [words_of(Rare, one) for one in row.rare.split(",") if one]
    facts: list[tuple[str, Any]] = [
        ("Kind", "Quotation" if row.is_quotation else "Case study"),
        ("About how many persons", row.persons),
        ("Age that is told", words_of(AgeBand, row.age_band) if row.age_band else "none"),
        ("Place", row.place_name or words_of(Place, row.place)),
        ("Rare facts", "; ".join(rare) or "none"),
        ("Story told in order", row.told_in_order),
        ("Persons of the records who fit", possible),
        ("What was changed", row.changed),
        ("Written by", names.get(row.written_by)),
    ]
    if row.approved_by:
        facts += [("Approved by", names.get(row.approved_by)), ("Approved", row.approved_on)]
    if row.published_on:
        facts += [("Published", row.published_on), ("Where", row.published_where)]
    if row.recalled_on:
        facts += [("Recalled", row.recalled_on), ("Why", row.recalled_because)]
    return facts


def _text(typed: dict[str, Any]) -> Text:
    return Text(
        title=typed["title"], text=typed["text"], is_quotation=typed["is_quotation"],
        persons=typed["persons"], changed=typed["changed"], place=Place(typed["place"]),
        age_band=AgeBand(typed["age_band"]) if typed["age_band"] else None,
        place_name=typed["place_name"], rare=[Rare(one) for one in typed["rare"]],
        told_in_order=typed["told_in_order"],
    )  # fmt: skip


@form_page
def new(request: HttpRequest) -> HttpResponse:
    """Write a text for publication."""
    viewer = viewer_of(request)
    must(viewer, Duty.PUBLISH)
    places = homes(viewer)
    form = StudyForm(posted(request), services=[(k, name) for k, (_, name) in places.items()])

    def act() -> CaseStudy:
        typed = form.cleaned_data
        return actions.write_study(
            text=_text(typed), service=typed["service"],
            compartment=places[typed["service"]][0], form=typed["form_id"], by=viewer,
        )  # fmt: skip

    return answer(
        request, form, act, thing=None, heading="Write a text for publication",
        button="Save draft", saved="The draft has been saved. Record each consent next.",
        back=lambda made: reverse("study", args=[made.pk]), cancel=reverse("studies"),
        back_words="Back to the texts",
        lead="Write no name, no exact age and no date. Change what is not needed.",
    )  # fmt: skip


@form_page
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a text before it is published."""
    row = _seen(request, pk)
    if row.state not in (StudyState.DRAFT, StudyState.APPROVED):
        raise Http404
    form = StudyForm(
        posted(request), services=[(row.service, row.service)],
        initial={
            "service": row.service, "title": row.title, "text": row.text,
            "is_quotation": "yes" if row.is_quotation else "no", "persons": row.persons,
            "age_band": row.age_band, "place": row.place, "place_name": row.place_name,
            "rare": [one for one in row.rare.split(",") if one], "changed": row.changed,
            "told_in_order": "yes" if row.told_in_order else "no", "version": row.version,
        },
    )  # fmt: skip
    return _below(
        request, row, form, "Change a text", "Save draft",
        "It has been saved. Somebody else approves it anew.",
        lambda typed: actions.edit_study(study=row, text=_text(typed),
                                         version=typed["version"] or 0, by=viewer_of(request)),
    )  # fmt: skip


def _below(request: HttpRequest, row: CaseStudy, form: Any, heading: str, button: str, saved: str,
           act: Any, **more: Any) -> HttpResponse:  # fmt: skip
    return answer(
        request, form, lambda: act(form.cleaned_data), thing=row, row=row, heading=heading,
        button=button, saved=saved, back=reverse("study", args=[row.pk]),
        back_words="Back to the text", who=row.title, **more,
    )  # fmt: skip


@form_page
def consent(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep one person's consent to exactly this text."""
    row = _seen(request, pk)
    form = StudyConsentForm(posted(request))

    def act(typed: dict[str, Any]) -> Any:
        given = {key: typed[key] for key in ("person", "given_on", "expires_on")}
        return actions.consent_to_study(study=row, form=typed["form_id"], by=viewer_of(request),
                                        **given)  # fmt: skip

    return _below(request, row, form, "Record a consent", "Save consent",
                  "The consent has been saved.", act)  # fmt: skip


@form_page
def take_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A person takes a consent back."""
    must(viewer_of(request), Duty.PUBLISH)
    rows = StudyConsent.objects.visible_to(viewer_of(request)).select_related("study")
    given = found(rows, pk)
    form = ConsentTakenBackForm(posted(request))
    return _below(
        request, given.study, form, "Record that a consent was taken back", "Save",
        "It has been saved. Where the text is published, take it back now.",
        lambda typed: actions.withdraw_consent(consent=given, on=typed["on"],
                                               by=viewer_of(request)),
        lead=f"Consent of {given.person}.",
    )  # fmt: skip


@require_POST
def approve(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let a text be published, as a second person."""
    row = _seen(request, pk)
    text = request.POST.get("version", "")
    version = int(text) if text.isdecimal() else 0
    return done(
        request,
        lambda: actions.approve_study(study=row, version=version, by=viewer_of(request)),
        "Approved. It may be published.",
        reverse("study", args=[pk]),
    )


@form_page
@fresh_second_factor
def publish(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep where a text was published."""
    row = _seen(request, pk)
    form = PublishForm(posted(request), initial={"version": row.version})
    return _below(
        request, row, form, "Record where it was published", "Save", "It has been saved.",
        lambda typed: actions.publish_study(study=row, where=typed["where"],
                                            version=typed["version"], by=viewer_of(request)),
    )  # fmt: skip


@form_page
def recall(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a published text back."""
    row = _seen(request, pk)
    form = RecallForm(posted(request), initial={"version": row.version})
    return _below(
        request, row, form, "Take a published text back", "Take it back",
        "It is taken back. Tell whoever published it: it is on your day.",
        lambda typed: actions.recall_study(study=row, reason=typed["reason"],
                                           version=typed["version"], by=viewer_of(request)),
    )  # fmt: skip
