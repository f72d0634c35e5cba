"""Pages about access: keep a colleague away, open out of turn, who viewed a file, the review.

The safety site has the same pages with a desk of its own.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casewall.audit.actions import record
from casewall.programme.access import actions
from casewall.programme.access.actions import File
from casewall.programme.access.desk import Desk
from casewall.programme.access.forms import (
    ConflictForm,
    DecideForm,
    KeepAwayForm,
    LetBackForm,
    OpenForm,
    SeekForm,
)
from casewall.programme.access.reading import (
    LOOKED_BACK,
    colleagues_of,
    exclusion_rows,
    finding_rows,
    look_rows,
    names_of,
    opening_facts,
    opening_rows,
    own_openings,
)
from casewall.programme.access.rules import OPEN_FOR, Verdict, Why
from casewall.staff.cluster import looks_at
from casewall.staff.step_up import fresh_second_factor
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer

form_page = require_http_methods(["GET", "HEAD", "POST"])
HOURS = int(OPEN_FOR.total_seconds() // 3600)


def _viewer(request: HttpRequest) -> Viewer:
    found: Viewer = request.viewer  # type: ignore[attr-defined]
    return found


def _sent(request: HttpRequest) -> Any:
    """What was sent with a form, if only nothing; None where the page is only looked at."""
    return request.POST if request.method == "POST" else None


def _must(request: HttpRequest, duty: Duty) -> Viewer:
    """The viewer, where the page is for this role; a page for others is not there."""
    if not may_do(_viewer(request).role, duty):
        raise Http404
    return _viewer(request)


def _file(request: HttpRequest, desk: Desk, kind: str, pk: UUID, duty: Duty) -> File:
    """The file that the viewer sees and has the duty for; hidden and absent are one 404."""
    viewer = _viewer(request)
    file = desk.found(viewer, kind, pk)
    if file is None or not may_do(viewer.role, duty):
        raise Http404
    return file


def _row(rows: Any, pk: UUID) -> Any:
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


# --- opening out of turn ------------------------------------------------------------------------


@form_page
@fresh_second_factor
def find(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Ask for a file by its exact name, and open it with a reason: the second press of a button."""
    viewer = _must(request, Duty.OPEN_OUT_OF_TURN)
    seek = SeekForm(_sent(request), hint=desk.hint)
    open_form, answer = None, ""
    if seek.is_valid():
        text = seek.cleaned_data["sought"]
        files, problem = desk.sought(viewer, text)
        answer = problem or _answer(files, desk)
        record(by=viewer, verb="asked whether there is a file")
        if len(files) == 1:
            open_form = OpenForm(
                request.POST if "reason" in request.POST else None, initial={"sought": text})
            if desk.seen(viewer, [files[0].id]) or _opened(request, desk, files[0], open_form):
                return redirect(files[0].url)
    bad = seek.errors or (open_form is not None and open_form.errors)
    return render(request, "access/find.html", {
        "form": open_form or seek, "seek": seek, "open": open_form, "answer": answer,
        "hours": HOURS, "mine": own_openings(desk, viewer),
    }, status=422 if bad else 200)


def _opened(request: HttpRequest, desk: Desk, file: File, form: OpenForm) -> bool:
    """Open the file where a reason was sent; what is wrong with it stands on the form."""
    if not form.is_valid():
        return False
    try:
        actions.open_out_of_turn(
            model=desk.openings, file=file, reason=form.cleaned_data["reason"],
            seen_already=False, at=timezone.now(), by=_viewer(request),
            form=form.cleaned_data["form_id"])
    except Refused as refused:
        form.add_error("reason", str(refused))
        return False
    messages.success(request, f"The file is open to you for {HOURS} hours. The manager has been "
                              "told and will review it.")
    return True


def _answer(files: list[File], desk: Desk) -> str:
    if not files:
        return (f"No {desk.of}'s file that you could open has exactly these words. Check the "
                "spelling, or ask the manager.")
    if len(files) > 1:
        return "More than one file fits. Write a date of birth or a phone number too."
    return ""


@require_POST
def hand_back(request: HttpRequest, pk: UUID, desk: Desk) -> HttpResponse:
    """End one's own opening before its time."""
    viewer = _must(request, Duty.OPEN_OUT_OF_TURN)
    row = _row(desk.openings.objects.visible_to(viewer).filter(worker=viewer.worker), pk)
    actions.hand_back(opening=row, at=timezone.now(), by=viewer)
    messages.success(request, "The file is closed to you again.")
    return redirect("today")


# --- exclusions -----------------------------------------------------------------------------------


@form_page
def kept_away(request: HttpRequest, pk: UUID, kind: str, desk: Desk) -> HttpResponse:
    """Who is kept away from a file, and keeping somebody away."""
    file = _file(request, desk, kind, pk, Duty.EXCLUDE)
    viewer = _viewer(request)
    others = {str(one.id): one for one in file.others}
    form = KeepAwayForm(
        _sent(request), colleagues=colleagues_of(file.compartment, but=viewer.worker),
        others=[(key, one.words) for key, one in others.items()])
    if form.is_valid():
        typed = form.cleaned_data
        people = [*file.people, *(others[key] for key in typed.get("others", []))]
        try:
            actions.keep_away(
                model=desk.exclusions, file=file, people=people, by=viewer,
                colleague=colleagues_of(file.compartment, one=typed["colleague"]),
                why=Why(typed["why"]), reason=typed["reason"], at=timezone.now(),
                form=typed["form_id"])
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "From now on the file is not there for this colleague.")
            return redirect(f"{kind}-kept-away", pk)
    rows = desk.exclusions.objects.visible_to(viewer).filter(
        person__in=[one.id for one in (*file.people, *file.others)])
    record(by=viewer, verb="read who is kept away from", kind=kind, object_id=file.id)
    return render(request, "access/kept_away.html", {
        "file": file, "form": form,
        **exclusion_rows(rows, {one.id: one.words for one in (*file.people, *file.others)}),
    }, status=422 if form.is_bound else 200)


@form_page
def conflict(request: HttpRequest, pk: UUID, kind: str, desk: Desk) -> HttpResponse:
    """Say that one knows the person, and lose sight of the file at once."""
    file = _file(request, desk, kind, pk, Duty.OPEN_OUT_OF_TURN)
    form = ConflictForm(_sent(request))
    if form.is_valid():
        typed = form.cleaned_data
        try:
            actions.declare_conflict(
                model=desk.exclusions, file=file, why=Why(typed["why"]), by=_viewer(request),
                reason=typed["reason"], at=timezone.now(), form=typed["form_id"])
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Thank you. The file is closed to you from now on, and a "
                                      "manager sees that you have said so.")
            return redirect("today")
    record(by=_viewer(request), verb="read", kind=kind, object_id=file.id)
    return render(request, "access/conflict.html", {"file": file, "form": form},
                  status=422 if form.is_bound else 200)


@form_page
@fresh_second_factor
def let_back(request: HttpRequest, pk: UUID, desk: Desk) -> HttpResponse:
    """End an exclusion, with a reason."""
    viewer = _must(request, Duty.EXCLUDE)
    row = _row(desk.exclusions.objects.visible_to(viewer).filter(ended_at=None), pk)
    form = LetBackForm(_sent(request))
    if form.is_valid():
        try:
            actions.let_back(exclusion=row, reason=form.cleaned_data["reason"],
                             at=timezone.now(), by=viewer)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "The colleague can see the file again.")
            return redirect("access-review")
    name = names_of([row.worker]).get(row.worker, "")
    return render(request, "access/step.html", {
        "heading": "Let a colleague back", "lead": name, "form": form,
        "button": "Let the colleague back", "back": reverse("access-review"),
        "facts": [("Kept away since", row.begun_at), ("Why", row.get_why_display()),
                  ("Reason", row.reason)],
    }, status=422 if form.is_bound else 200)


# --- who looked -----------------------------------------------------------------------------------


@require_safe
def viewers(request: HttpRequest, pk: UUID, kind: str, desk: Desk) -> HttpResponse:
    """Who viewed this file in the last three months, and what each did to it."""
    file = _file(request, desk, kind, pk, Duty.REVIEW_ACCESS)
    viewer = _viewer(request)
    since = timezone.now() - LOOKED_BACK
    looks = looks_at(things=[file.id, *(one.id for one in file.people)], since=since, by=viewer)
    record(by=viewer, verb="read who viewed", kind=kind, object_id=file.id)
    openings = desk.openings.objects.visible_to(viewer).filter(file=file.id)
    return render(request, "access/viewers.html", {
        "file": file, "since": since, **look_rows(looks),
        "opening_columns": ["Who", ("Opened", "date"), "Review"],
        "openings": opening_rows(openings.order_by("-opened_at"), {file.id: file}),
    })


@require_safe
def review(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What was opened out of turn, what stands out in the audit, and who is kept away."""
    viewer = _must(request, Duty.REVIEW_ACCESS)
    record(by=viewer, verb="viewed", kind="access review")
    openings = desk.openings.objects.visible_to(viewer)
    waiting = list(openings.filter(verdict="").order_by("opened_at", "id"))
    month = timezone.now() - timedelta(days=28)
    decided = list(openings.exclude(verdict="").filter(decided_at__gte=month).order_by(
        "-decided_at", "id"))
    findings = finding_rows(desk, viewer)
    away = list(desk.exclusions.objects.visible_to(viewer).filter(ended_at=None).order_by(
        "-begun_at", "id"))
    files = desk.seen(viewer, [row.file for row in (*waiting, *decided)])
    return render(request, "access/review.html", {
        "opening_columns": ["Who", ("Opened", "date"), "Whose file", "Review"],
        "waiting": opening_rows(waiting, files, with_name=True),
        "decided": opening_rows(decided, files, with_name=True),
        "finding_columns": ["Who", "Whose file", "What stands out", "Views", ("Last", "date")],
        "findings": findings,
        "may_exclude": bool(may_do(viewer.role, Duty.EXCLUDE)),
        **exclusion_rows(away, desk.named(viewer, [row.person for row in away])),
    })


@form_page
def decide(request: HttpRequest, pk: UUID, desk: Desk) -> HttpResponse:
    """Read why somebody opened a file out of turn, and say whether it was justified."""
    viewer = _must(request, Duty.REVIEW_ACCESS)
    row = _row(desk.openings.objects.visible_to(viewer), pk)
    form = None
    if not row.verdict and row.worker != viewer.worker:
        form = DecideForm(_sent(request), initial={"version": row.version})
        if form.is_valid():
            typed = form.cleaned_data
            try:
                actions.decide(opening=row, verdict=Verdict(typed["verdict"]), by=viewer,
                               note=typed["note"], at=timezone.now(), version=typed["version"])
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, "The review has been saved.")
                return redirect("access-review")
    since = row.opened_at
    looks = [one for one in looks_at(things=[row.file], since=since, by=viewer)
             if one.worker == row.worker]
    record(by=viewer, verb="read an opening of", kind=row.kind, object_id=row.file)
    return render(request, "access/decide.html", {
        "form": form, "facts": opening_facts(row, desk.seen(viewer, [row.file])),
        "own": row.worker == viewer.worker, **look_rows(looks),
    }, status=422 if form is not None and form.is_bound else 200)
