"""What is written about a session after its register, and who visited it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from casewall.audit.actions import record, record_many
from casewall.programme.cases.lists import said
from casewall.programme.cases.steps import form_page
from casewall.programme.groups.models import Session, Visitor
from casewall.programme.groups.rules import SessionState, VisitPurpose
from casewall.programme.registers import actions, forms
from casewall.programme.registers.lists import people_of, template_of_session
from casewall.programme.registers.views.marking import back_of, session_for, whose
from casewall.wall.decide import Refused
from casewall.wall.sides import Viewer


@form_page
def session_record(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Participation, homework, disclosures, debrief, module and deviation of one session."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    session = session_for(request, pk)
    if session.state != SessionState.HELD:
        messages.warning(
            request, "Mark the register first: what is written is about who was there."
        )
        return redirect("register", session.pk)
    form = _record_form(session, viewer, request.POST.dict() if request.method == "POST" else None)
    theirs: list[tuple[str, list[tuple[str, Any]]]] = []
    if form.is_bound and form.is_valid():
        try:
            actions.keep_record(
                session=session,
                whole=form.whole(),
                people=form.people(),
                shown=form.seen(),
                by=viewer,
            )
        except actions.RecordClash as clash:
            theirs = _theirs(clash)
            form = _both_records(session, viewer, request.POST.dict(), clash)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"The record of session {session.number} has been saved.")
            return redirect(back_of(session))
    record_many(by=viewer, verb="read", things=[mark.case for mark in form.marks])
    return render(
        request,
        "programme/session_record.html",
        {
            "session": session,
            "form": form,
            "rows": form.rows(),
            "whose": whose(session),
            "theirs": theirs,
            "back": reverse("register", args=[session.pk]),
            "whole": [
                form[name] for name in ("delivered", "deviation", "debrief") if name in form.fields
            ],
        },
        status=422 if form.is_bound else 200,
    )


def _record_form(session: Session, viewer: Viewer, typed: Any = None) -> forms.RecordForm:
    marks = [person.mark for person in people_of(session, viewer) if person.mark is not None]
    return forms.RecordForm(
        typed, session=session, marks=marks, template=template_of_session(session, viewer)
    )


def _both_records(
    session: Session, viewer: Viewer, typed: dict[str, str], clash: actions.RecordClash
) -> forms.RecordForm:
    """What this worker typed, over the record as it stands now, so that it can be saved again."""
    session = (
        Session.objects.visible_to(viewer).select_related("group__template").get(pk=session.pk)
    )
    fresh = _record_form(session, viewer)
    signs = {
        name: fresh.get_initial_for_field(field, name)
        for name, field in fresh.fields.items()
        if name.startswith("shown")
    }
    form = _record_form(session, viewer, {**typed, **signs})
    form.add_error(None, str(clash))
    return form


def _theirs(clash: actions.RecordClash) -> list[tuple[str, list[tuple[str, Any]]]]:
    """What somebody else saved, in words: whose, and its rows."""
    found: list[tuple[str, list[tuple[str, Any]]]] = []
    for mark in clash.people.values():
        kept = actions.record_of(mark)
        found.append(
            (
                mark.case.client.full_name,
                [
                    ("Participation", kept.participation),
                    ("Homework", said(kept.homework) if kept.homework else None),
                    ("What the client disclosed", kept.disclosed or None),
                    ("Remark", kept.remark or None),
                ],
            )
        )
    if clash.session is not None:
        whole = actions.record_of_session(clash.session)
        found.append(
            (
                "The session",
                [
                    ("Module delivered", whole.delivered or None),
                    ("Deviation from the manual", whole.deviation or None),
                    ("Debrief of the facilitators", whole.debrief or None),
                ],
            )
        )
    return found


@form_page
def visitors(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who sat in on a session: the log, and one more."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    session = session_for(request, pk)
    form = forms.VisitorForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        try:
            actions.add_visitor(
                session=session,
                name=typed["name"],
                organisation=typed["organisation"],
                purpose=VisitPurpose(typed["purpose"]),
                signed_on=typed["signed_on"],
                form=typed["form_id"],
                by=viewer,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The visitor is in the log.")
            return redirect("session_visitors", session.pk)
    rows = list(Visitor.objects.visible_to(viewer).filter(session=session).order_by("id"))
    record(by=viewer, verb="read the visitors of", thing=session)
    return render(
        request,
        "programme/session_visitors.html",
        {
            "session": session,
            "form": form,
            "whose": whose(session),
            "visitors": [
                {
                    "visitor": row,
                    "purpose": said(row.purpose),
                    "sign": reverse("visitor_signed", args=[row.pk]),
                }
                for row in rows
            ],
            "back": reverse("register", args=[session.pk]),
        },
        status=422 if form.is_bound else 200,
    )


@require_POST
def visitor_signed(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The visitor signed today to keep confidential what is heard."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    visitor = get_object_or_404(Visitor.objects.visible_to(viewer), pk=pk)
    try:
        actions.sign_visitor(visitor=visitor, on=timezone.localdate(), by=viewer)
    except Refused as refusal:
        raise PermissionDenied from refusal
    messages.success(request, "The signature has been noted.")
    return redirect("session_visitors", visitor.session_id)
