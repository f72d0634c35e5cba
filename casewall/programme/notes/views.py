"""Pages of notes: write, read, change, correct, approve; and the chronology of a case."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from casewall.audit.actions import record, record_many
from casewall.drafts.forms import forget, restore, restore_all
from casewall.programme.cases.lists import names_of, reference, stage_tag
from casewall.programme.cases.models import Case
from casewall.programme.cases.steps import case_with, form_page
from casewall.programme.notes import actions, forms
from casewall.programme.notes.chronology import entries_of, kinds_of
from casewall.programme.notes.lists import Queue, late_words, queue_of, state_tag, title_of
from casewall.programme.notes.models import Note
from casewall.programme.notes.rules import NoteState, may_change, may_correct
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer


def _note_for(request: HttpRequest, pk: UUID) -> Note:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    rows = Note.objects.visible_to(viewer).select_related("case__client")
    found: Note = get_object_or_404(rows, pk=pk)
    return found


def _form(request: HttpRequest, template: str, case: Case, form: Any, **more: Any) -> HttpResponse:
    """A page with a form below a case; 422 where it was sent and not taken."""
    shown = {"case": case, "form": form, "stage": stage_tag(case.stage), "title": more["heading"]}
    status = 422 if form.is_bound else 200
    return render(request, template, {**shown, **more}, status=status)


def _refused(form: Any, refusal: Refused) -> Note | None:
    """Put the sentence on the form; the note as it stands where it changed meanwhile."""
    form.add_error(None, str(refusal))
    return refusal.note if isinstance(refusal, actions.NoteChanged) else None


@form_page
def new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write a note on a case."""
    case = case_with(request, pk, Duty.WRITE_NOTE)
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    form = forms.NewNote(request.POST or None, case=case)
    restore(request, form, "note", of=case, title=f"Case note: {case.client.full_name}")
    stored = None
    unfinished = "unfinished" in request.POST
    if form.is_bound and form.is_valid() and (unfinished or not form.asks_about_wording()):
        try:
            note = actions.write_note(
                case=case,
                form=form.cleaned_data["form_id"],
                unfinished=unfinished,
                by=viewer,
                **form.as_written(),
            )
        except Refused as refusal:
            stored = _refused(form, refusal)
        else:
            forget(form)
            return _written(request, note)
    record(by=viewer, verb="read", thing=case)
    return _form(request, "notes/write.html", case, form, heading="Write a note", stored=stored,
                 offers_unfinished=True, cancel=reverse("case", args=[case.pk]))  # fmt: skip


def _written(request: HttpRequest, note: Note) -> HttpResponse:
    if note.state == NoteState.UNFINISHED:
        messages.success(request, "The note has been kept unfinished. Only you see it.")
        return redirect("note_edit", note.pk)
    messages.success(request, "The note has been saved.")
    return redirect(reverse("case", args=[note.case_id]) + "?show=notes")


@form_page
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a note that is not approved yet."""
    note = _note_for(request, pk)
    case = case_with(request, note.case_id, Duty.WRITE_NOTE)
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    may = may_change(NoteState(note.state), note.worker == viewer.worker)
    if not may and request.method != "POST":
        messages.warning(request, may.reason)
        return redirect("note", note.pk)
    form = forms.ChangedNote(request.POST or None, note=note)
    restore(request, form, "change", of=note, title=f"Case note: {case.client.full_name}")
    stored = None
    unfinished = "unfinished" in request.POST
    if form.is_bound and form.is_valid() and (unfinished or not form.asks_about_wording()):
        try:
            changed = actions.change_note(
                note=note,
                version=form.cleaned_data["version"],
                unfinished=unfinished,
                by=viewer,
                **form.as_written(),
            )
        except Refused as refusal:
            stored = _refused(form, refusal)
            if stored is not None:
                form.show_again(stored)
        else:
            forget(form)
            return _written(request, changed)
    record(by=viewer, verb="read", thing=note)
    return _form(request, "notes/write.html", case, form, heading="Change the note", stored=stored,
                 comment=note.comment if note.state == NoteState.RETURNED else "",
                 offers_unfinished=note.state == NoteState.UNFINISHED,
                 cancel=reverse("note", args=[note.pk]))  # fmt: skip


@require_safe
def note(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One note: the text, corrections beside it, and earlier texts."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found = _note_for(request, pk)
    corrections = list(found.corrections.visible_to(viewer).order_by("written_at", "id"))
    earlier = list(found.earlier.visible_to(viewer).order_by("-version"))
    names = names_of([found.worker, found.decided_by, *(row.worker for row in corrections)])
    record(by=viewer, verb="read", thing=found)
    may_write = bool(may_do(viewer.role, Duty.WRITE_NOTE))
    state = NoteState(found.state)
    return render(request, "notes/note.html", {
        "note": found, "case": found.case, "title": title_of(found), "state": state_tag(found),
        "rows": _facts(found, names), "earlier": earlier,
        "corrections": [(row, names.get(row.worker, "")) for row in corrections],
        "may_change": may_write and may_change(state, found.worker == viewer.worker),
        "may_correct": may_write and may_correct(state),
    })  # fmt: skip


def _facts(note: Note, names: dict[UUID, str]) -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = [
        ("Day", note.happened_on),
        ("Written on", note.written_at),
        ("Written by", names.get(note.worker)),
    ]
    if late := late_words(note):
        rows.insert(2, ("Late entry", late))
    if note.follow_up_on:
        rows.append(("Follow up on", note.follow_up_on))
    if note.decided_at is not None:
        word = "Approved" if note.state == NoteState.APPROVED else "Last returned"
        rows.append((f"{word} on", note.decided_at))
        rows.append((f"{word} by", names.get(note.decided_by) if note.decided_by else None))
    if note.comment:
        rows.append(("Comment", note.comment))
    return rows


@form_page
def correct(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write a correction beside an approved note."""
    found = _note_for(request, pk)
    case = case_with(request, found.case_id, Duty.WRITE_NOTE)
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    may = may_correct(NoteState(found.state))
    if not may and request.method != "POST":
        messages.warning(request, may.reason)
        return redirect("note", found.pk)
    form = forms.CorrectionForm(request.POST or None)
    restore(request, form, "correct", of=found, title=f"Correction: {case.client.full_name}")
    if form.is_bound and form.is_valid() and not form.asks_about_wording():
        typed = form.cleaned_data
        try:
            actions.correct_note(
                note=found,
                text=typed["text"],
                reason=typed["reason"],
                form=typed["form_id"],
                by=viewer,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            forget(form)
            messages.success(request, "The correction has been saved beside the note.")
            return redirect("note", found.pk)
    record(by=viewer, verb="read", thing=found)
    return _form(request, "notes/correct.html", case, form, heading="Correct the note", note=found)


@form_page
def waiting(request: HttpRequest) -> HttpResponse:
    """Notes that wait for approval: read, approve or return each with one press."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if not may_do(viewer.role, Duty.APPROVE_NOTE):
        raise PermissionDenied
    bound: dict[UUID, forms.DecisionForm] = {}
    if request.method == "POST":
        found = _note_for(request, _asked(request))
        form = forms.DecisionForm(request.POST, prefix=found.pk.hex[:8])
        if _decided(request, found, form):
            return redirect(request.get_full_path())
        bound[found.pk] = form
    queue = queue_of(viewer, request.GET.get("after", ""))
    record_many(by=viewer, verb="read", things=queue.notes)
    shown = _queue_rows(request, queue, bound)
    lost = [form for pk, form in bound.items() if pk not in {n.pk for n in queue.notes}]
    return render(request, "notes/waiting.html", {
        "rows": shown, "lost": lost, "title": "Notes to approve",
        "next": "?" + urlencode({"after": queue.after}) if queue.after else None,
    }, status=422 if bound else 200)  # fmt: skip


def _asked(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("note", ""))
    except ValueError as wrong:
        raise Http404 from wrong


def _decided(request: HttpRequest, found: Note, form: forms.DecisionForm) -> bool:
    """Approve or return as asked; False where the form now says why not."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    title = f"Comment on a note: {found.case.client.full_name}"
    restore(request, form, "decide", of=found, title=title)
    if not form.is_valid():
        return False
    typed, name = form.cleaned_data, found.case.client.full_name
    try:
        if "return" in request.POST:
            actions.return_note(
                note=found, version=typed["version"], comment=typed["comment"], by=viewer
            )
            messages.success(request, f"The note on {name} has been returned to its writer.")
        else:
            actions.approve_note(
                note=found, version=typed["version"], comment=typed["comment"], by=viewer
            )
            messages.success(request, f"The note on {name} is approved and locked.")
    except Refused as refusal:
        stored = _refused(form, refusal)
        if stored is not None:
            form.data = form.data.copy()
            form.data[form.add_prefix("version")] = stored.version
        return False
    forget(form)
    return True


def _queue_rows(
    request: HttpRequest, queue: Queue, bound: dict[UUID, forms.DecisionForm]
) -> list[dict[str, Any]]:
    rows = []
    fresh = []
    for note in queue.notes:
        form = bound.get(note.pk)
        if form is None:
            prefix = note.pk.hex[:8]
            form = forms.DecisionForm(prefix=prefix, initial={"version": note.version})
            title = f"Comment on a note: {note.case.client.full_name}"
            fresh.append((form, "decide", note, title))
        rows.append({"note": note, "form": form, "title": title_of(note), "late": late_words(note),
                     "who": queue.names.get(note.worker, ""),
                     "name": note.case.client.full_name})  # fmt: skip
    restore_all(request, fresh)
    return rows


@require_safe
def chronology(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everything that happened in a case, the oldest first, to read and to print."""
    case = case_with(request, pk, Duty.WRITE_NOTE)
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    kinds = kinds_of(viewer)
    form = forms.KindFilter(request.GET, kinds=kinds)
    kind = form.cleaned_data["kind"] if form.is_valid() else ""
    entries = entries_of(case, viewer, kind, timezone.localdate())
    record(by=viewer, verb="read the chronology of", thing=case)
    return render(request, "notes/chronology.html", {
        "case": case, "name": case.client.full_name, "reference": reference(case), "form": form,
        "entries": entries, "shown_kind": dict(kinds).get(kind, ""),
        "chosen": [(dict(kinds)[kind], request.path)] if kind else [],
        "printed_at": timezone.localtime(), "printed_by": viewer.name, "title": "Chronology",
    })  # fmt: skip
