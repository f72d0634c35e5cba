"""The register of a session on one page, and a session that does not take place."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from casewall.audit.actions import record_many
from casewall.drafts.forms import forget, restore
from casewall.programme.cases.lists import names_of, said
from casewall.programme.cases.steps import form_page
from casewall.programme.groups.models import Session
from casewall.programme.groups.rules import CancelReason, Mark, SessionState
from casewall.programme.registers import actions, forms
from casewall.programme.registers.lists import codes_of, people_of
from casewall.wall.decide import Refused
from casewall.wall.duties import may_do
from casewall.wall.sides import Viewer


def session_for(request: HttpRequest, pk: UUID) -> Session:
    """The session, where this viewer sees it and may work with it.

    Raises `Http404` for hidden and absent alike, `PermissionDenied` without the duty.
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found: Session = get_object_or_404(
        Session.objects.visible_to(viewer).select_related(
            "group__template", "case__client", "room"
        ),
        pk=pk,
    )
    if not may_do(viewer.role, actions.duty_for(found)):
        raise PermissionDenied
    return found


def whose(session: Session) -> str:
    """The heading of a session: its group, or that it is one-to-one."""
    return session.group.name if session.group else said(session.kind)


def back_of(session: Session) -> str:
    """Where the pages of a session lead back to: its group, or its client's sessions."""
    if session.group_id is not None:
        return reverse("group", args=[session.group_id])
    return reverse("case", args=[session.case_id]) + "?show=sessions"


@form_page
def register(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The register of one session: everybody's mark on one page."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    session = session_for(request, pk)
    typed = _with_the_rest(request.POST) if request.method == "POST" else None
    form = _with_draft(request, _register_form(session, viewer, typed))
    if typed is not None and form.is_valid():
        try:
            _not_before(session)
            actions.record_register(
                session=session,
                marks=form.cleaned_data["lines"],
                by=viewer,
                shown=form.cleaned_data["seen"],
            )
        except actions.Clash as clash:
            form = _with_draft(request, _both_marks(session, viewer, typed, clash))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            forget(form)
            return _saved(request, form)
    record_many(by=viewer, verb="listed", things=[person.case for person in form.people])
    return render(
        request,
        "programme/register.html",
        {
            "session": session,
            "form": form,
            "rows": form.rows(),
            "usual": Mark.ATTENDED.value,
            "usual_words": forms.usual_words(session),
            "whose": whose(session),
            "is_cancelled": session.state == SessionState.CANCELLED,
            "is_held": session.state == SessionState.HELD,
            "is_ahead": session.held_on > timezone.localdate(),
            "may_cancel": session.state == SessionState.PLANNED,
            "has_reasons": bool(form.codes),
            "back_url": back_of(session),
        },
        status=422 if form.is_bound else 200,
    )


def _with_draft(request: HttpRequest, form: forms.RegisterForm) -> forms.RegisterForm:
    """The register with the worker's draft of it: marks are kept as they are made."""
    session = form.session
    title = f"Register of session {session.number}: {whose(session)}"
    restore(request, form, "register", of=session, title=title)
    return form


def _register_form(session: Session, viewer: Viewer, typed: Any = None) -> forms.RegisterForm:
    return forms.RegisterForm(
        typed, session=session, people=people_of(session, viewer), codes=codes_of(session, viewer)
    )


def _with_the_rest(posted: Any) -> dict[str, str]:
    """What was posted; "all attended" without a script marks whoever is not marked yet."""
    typed: dict[str, str] = posted.dict()
    if typed.get("all"):
        for name in [n for n in typed if n.startswith("shown-")]:
            typed.setdefault(name.replace("shown-", "outcome-"), typed["all"])
    return typed


def _not_before(session: Session) -> None:
    if session.held_on > timezone.localdate():
        raise Refused(
            f"This session is on {session.held_on:%-d %B %Y}; its register can be "
            "marked from that day."
        )


def _both_marks(
    session: Session, viewer: Viewer, typed: dict[str, str], clash: actions.Clash
) -> forms.RegisterForm:
    """The register as it stands, with this worker's mark where somebody else's differs from it,
    and that mark beside it."""
    stored = _register_form(session, viewer).as_stored()
    for key in clash.theirs:
        stored |= {
            name: typed.get(name, "")
            for name in stored
            if name.endswith(str(key)) and not name.startswith("shown-")
        }
    form = _register_form(session, viewer, stored)
    names = names_of(mark.worker for mark in clash.theirs.values())
    for key, mark in clash.theirs.items():
        form.theirs[key] = f"{names.get(mark.worker, 'Somebody')} saved: {forms.mark_words(mark)}"
    form.add_error(None, str(clash))
    return form


def _saved(request: HttpRequest, form: forms.RegisterForm) -> HttpResponse:
    lines, session = form.cleaned_data["lines"], form.session
    left = sum(not person.mark and person.case.pk not in lines for person in form.people)
    if left:
        messages.warning(request, f"Saved. {left} of {len(form.people)} are not marked yet.")
        return redirect("register", session.pk)
    messages.success(
        request,
        f"The register of session {session.number} has been saved. "
        "What happened in it can be written down now or later.",
    )
    return redirect(back_of(session))


@form_page
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say that a session does not take place, and why: nobody is absent from it."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    session = session_for(request, pk)
    form = forms.CancelForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            actions.cancel_session(
                session=session, by=viewer, because=CancelReason(form.cleaned_data["because"])
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Session {session.number} is cancelled.")
            return redirect(back_of(session))
    return render(
        request,
        "programme/session_cancel.html",
        {
            "session": session,
            "form": form,
            "whose": whose(session),
            "back": reverse("register", args=[session.pk]),
        },
        status=422 if form.is_bound else 200,
    )
