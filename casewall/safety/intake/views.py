"""Pages of intake: what arrived, loading a referral file after a trial, undoing one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casewall.audit.actions import record, record_many
from casewall.safety.intake.actions import Trial, load_file, try_file, undo_file
from casewall.safety.intake.fields import FIELDS
from casewall.safety.intake.forms import ColumnsForm, UploadForm
from casewall.safety.intake.holding import Held, hold, look_at, take
from casewall.safety.intake.models import IntakeReferral, ReferralFile
from casewall.safety.intake.parts import Level
from casewall.safety.intake.table import Unreadable
from casewall.safety.partners.words import in_words
from casewall.safety.reading import found, leaf, must, names_of
from casewall.services.load import shipped
from casewall.staff.models import Compartment
from casewall.staff.requests import SignedInRequest
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer

FILES_SHOWN = 10
PROBLEMS_SHOWN = 200
MOST_ROWS = 5000
GONE = "This trial has ended, or its file was loaded already. Upload the file again."
COLUMNS = ["Reference", "Route", ("Received", "date"), "Client", "Partner", "Children"]
FILE_COLUMNS = [
    "File",
    ("State", "tag"),
    ("Loaded", "date"),
    ("Rows", "number"),
    ("Loaded rows", "number"),
    ("Refused", "number"),
    "By",
]


@require_safe
def referrals(request: SignedInRequest) -> HttpResponse:
    """The latest files, and every referral with what came of each party."""
    viewer = request.viewer
    must(viewer, Duty.INTAKE)
    page = leaf(
        IntakeReferral.objects.visible_to(viewer).defer("circumstances", "referrer"),
        day="received_on",
        query={k: v for k, v in request.GET.items() if v},
    )
    files = list(
        ReferralFile.objects.visible_to(viewer).order_by("-loaded_at", "-id")[:FILES_SHOWN]
    )
    record_many(by=viewer, verb="listed", things=[*files, *page.rows])
    return render(
        request,
        "intake/referrals.html",
        {
            "page": page,
            "columns": COLUMNS,
            "rows": [_row(one) for one in page.rows],
            "file_columns": FILE_COLUMNS,
            "files": _files(files),
        },
    )


def _row(one: IntakeReferral) -> dict[str, Any]:
    client = "sent to the programme side" if one.client_item else "none"
    partner = (
        "file opened"
        if one.partner_fingerprint
        else ("known already" if one.partner_file_id else "none")
    )
    if one.withdrawn_on:
        client = partner = "withdrawn"
    return {
        "url": reverse("partner", args=[one.partner_file_id]) if one.partner_file_id else "",
        "cells": [
            one.reference or "No reference",
            in_words(one.route),
            one.received_on,
            client,
            partner,
            one.children or "not said",
        ],
    }


def _files(files: list[ReferralFile]) -> list[dict[str, Any]]:
    names = names_of(file.loaded_by for file in files)
    return [
        {
            "url": reverse("referral-file", args=[file.pk]),
            "cells": [
                file.name,
                _state(file),
                file.loaded_at,
                file.rows,
                file.loaded_rows,
                file.refused_rows,
                names.get(file.loaded_by, ""),
            ],
        }
        for file in files
    ]


def _state(file: ReferralFile) -> tuple[str, str]:
    return ("Undone", "orange") if file.undone_at else ("Loaded", "green")


def _services(viewer: Viewer) -> list[tuple[str, str]]:
    """Services that this viewer does intake for and whose definition is known."""
    codes = set(
        Compartment.objects.filter(number__in=viewer.compartments).values_list(
            "service_id", flat=True
        )
    )
    return [(code, one.name) for code, one in sorted(shipped().items()) if code in codes]


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: SignedInRequest) -> HttpResponse:
    """Choose a file; the answer is its trial, row by row. Nothing is stored yet."""
    viewer = request.viewer
    must(viewer, Duty.INTAKE)
    services = _services(viewer)
    if request.method != "POST":
        return render(request, "intake/upload.html", {"form": UploadForm(services=services)})
    form = UploadForm(request.POST, request.FILES, services=services)
    if form.is_valid():
        file = form.cleaned_data["file"]
        held = Held.of(
            file.read(),
            name=file.name,
            service=form.cleaned_data["service"],
            date_order=form.cleaned_data["date_order"],
        )
        try:
            return _trial_page(request, held, _try(held, viewer))
        except (Unreadable, Refused, LookupError) as problem:
            form.add_error("file", str(problem))
    return render(request, "intake/upload.html", {"form": form}, status=422)


def _try(held: Held, viewer: Viewer) -> Trial:
    with held.as_path() as path:
        return try_file(
            source=path,
            name=held.name,
            service=shipped()[held.service],
            by=viewer,
            today=timezone.localdate(),
            date_order=held.date_order or None,
            columns=held.columns or None,
        )


def _trial_page(
    request: SignedInRequest, held: Held, trial: Trial, status: int = 200, problem: str = ""
) -> HttpResponse:
    viewer = request.viewer
    record(by=viewer, verb="tried", kind="referral file")
    shown = trial.problems[:PROBLEMS_SHOWN]
    return render(
        request,
        "intake/trial.html",
        {
            "trial": trial,
            "key": hold(held, viewer),
            "problem": problem,
            "counts": [
                ("Rows in the file", trial.rows),
                ("Rows that can be loaded", trial.loadable),
                ("Clients in them", trial.clients),
                ("Partners in them", trial.partners),
                ("Rows loaded before", trial.known),
                ("Rows with something refused", trial.refused),
            ],
            "problems": [
                {"cells": [one.row, one.column or "whole row", one.sentence, _level(one)]}
                for one in shown
            ],
            "problem_columns": [("Row", "number"), "Column", "What is wrong", ("Effect", "tag")],
            "left": trial.problems_in_all - len(shown),
            "read": [(header, FIELDS[key].label) for header, key in trial.headers.items()],
            "form": ColumnsForm(headers=trial.unmatched, initial={"date_order": held.date_order}),
            "loads": trial.loadable > 0 and trial.rows <= MOST_ROWS,
            "too_long": trial.rows > MOST_ROWS,
            "most": MOST_ROWS,
        },
        status=status,
    )


def _level(problem: Any) -> tuple[str, str]:
    if problem.level is Level.REFUSED:
        return "Kept back", "red"
    return "Look at it", "yellow"


@require_POST
def try_again(request: SignedInRequest, key: UUID) -> HttpResponse:
    """The trial once more, with more said about the columns."""
    viewer = request.viewer
    must(viewer, Duty.INTAKE)
    held = look_at(key, viewer)
    if held is None:
        messages.warning(request, GONE)
        return redirect("upload-referrals")
    before = _try(held, viewer)
    form = ColumnsForm(request.POST, headers=before.unmatched)
    if not form.is_valid():
        return _trial_page(
            request,
            held,
            before,
            status=422,
            problem="One of the columns was given a field that does not exist.",
        )
    said = held.understood(form.columns(), form.cleaned_data["date_order"])
    try:
        return _trial_page(request, said, _try(said, viewer))
    except (Unreadable, Refused) as problem:
        return _trial_page(request, held, before, status=422, problem=str(problem))


@require_POST
def load(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Load the good rows of a file that was tried. A second press finds it loaded."""
    viewer = request.viewer
    must(viewer, Duty.INTAKE)
    held = take(key, viewer)
    if held is None:
        messages.warning(request, GONE)
        return redirect("referrals")
    try:
        with held.as_path() as path:
            loaded = load_file(
                source=path,
                name=held.name,
                service=shipped()[held.service],
                by=viewer,
                at=timezone.now(),
                date_order=held.date_order or None,
                columns=held.columns or None,
            )
    except (Unreadable, Refused) as problem:
        messages.error(request, str(problem))
        return redirect("upload-referrals")
    messages.success(request, f"{loaded.trial.loadable} rows of {held.name} were loaded.")
    return redirect("referral-file", loaded.file.pk)


@require_safe
def referral_file(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One file: what was loaded from it, and how to undo it."""
    viewer = request.viewer
    must(viewer, Duty.INTAKE)
    file = found(ReferralFile.objects.visible_to(viewer), pk)
    rows = (
        IntakeReferral.objects.visible_to(viewer)
        .filter(file=file)
        .defer("circumstances", "referrer")
    )
    page = leaf(rows, day="received_on", query={k: v for k, v in request.GET.items() if v})
    record(by=viewer, verb="viewed", thing=file)
    record_many(by=viewer, verb="listed", things=page.rows)
    return render(
        request,
        "intake/file.html",
        {
            "file": file,
            "state": _state(file),
            "page": page,
            "columns": COLUMNS,
            "rows": [_row(one) for one in page.rows],
            "may_undo": bool(may_do(viewer.role, Duty.UNDO_INTAKE)) and file.undone_at is None,
            "facts": [
                ("Rows", file.rows),
                ("Loaded", file.loaded_rows),
                ("Loaded before", file.known_rows),
                ("With something refused", file.refused_rows),
                ("Loaded at", file.loaded_at),
                ("Loaded by", names_of([file.loaded_by]).get(file.loaded_by, "")),
                ("Undone at", file.undone_at or "not undone"),
            ],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Undo a whole file, after saying what that does."""
    viewer = request.viewer
    must(viewer, Duty.UNDO_INTAKE)
    file = found(ReferralFile.objects.visible_to(viewer), pk)
    if request.method != "POST":
        record(by=viewer, verb="viewed", thing=file)
        points = [
            f"Every row that was loaded from it is taken back: {file.loaded_rows} in all.",
            "Partner files that nobody has touched are withdrawn. A file with work in it stays "
            "and becomes a task for its worker.",
            "The clients' parts are withdrawn on the programme side, by the same rule.",
            "The file can be loaded again later.",
        ]
        return render(request, "intake/undo.html", {"file": file, "points": points})
    try:
        undone = undo_file(file=file, by=viewer, at=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(
            request,
            f"Undone: {undone.withdrawn} partner files were withdrawn, {undone.tasks} "
            f"with work in them became tasks, {undone.sent_down} withdrawals go to the "
            "programme side.",
        )
    return redirect("referral-file", pk)
