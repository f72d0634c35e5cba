"""The pages of a desk: what is due, one file, holding it, deciding, approving. For both sides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casewall.audit.actions import record
from casewall.pages.parts import Shown
from casewall.programme.retention import actions, forms
from casewall.programme.retention.desk import (
    Desk,
    FileFacts,
    Row,
    decided_now,
    due_rows,
    held_now,
    row_of,
    waiting,
)
from casewall.programme.retention.rules import (
    GROUND_WORDS,
    HOLD_WORDS,
    KIND_WORDS,
    Ground,
    HoldReason,
    Kind,
    Standing,
    keeps_figures,
    why_words,
)
from casewall.staff.models import Worker
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer

LEDGER_SHOWN = 50
STANDING_TAGS = {
    Standing.OPEN: ("Open", "blue"), Standing.KEPT: ("Kept", "grey"),
    Standing.DUE: ("Due for deletion", "orange"), Standing.HELD: ("On hold", "purple"),
    Standing.DECIDED: ("Waits for approval", "yellow"),
}
DUE_COLUMNS = ["File", "Kind", ("Ended", "date"), ("Due", "date"), ("Stands", "tag")]
WAITING_COLUMNS = ["File", "Kind", "Ground", "Decided by", ("Decided", "date")]
HELD_COLUMNS = ["File", "Kind", "Why", "Held by", ("Look again", "date")]
LEDGER_COLUMNS = ["Kind", "Ground", "Decided by", "Approved by", ("Deleted", "date"),
                  "Figures kept"]
View = Callable[..., HttpResponse]


def _viewer(request: HttpRequest) -> Viewer:
    found: Viewer = request.viewer  # type: ignore[attr-defined]
    return found


def _oversees(viewer: Viewer) -> bool:
    return bool(may_do(viewer.role, Duty.HOLD_RECORDS) or may_do(viewer.role, Duty.ERASE))


def _must(viewer: Viewer, *duties: Duty) -> None:
    """These pages are not there for anybody else: a hold or a deletion looks like nothing."""
    if not all(may_do(viewer.role, duty) for duty in duties) or not _oversees(viewer):
        raise Http404


def _names(rows: Iterable[UUID | None]) -> Mapping[UUID | None, str]:
    wanted = {one for one in rows if one is not None}
    return dict(Worker.objects.filter(id__in=wanted).values_list("id", "name"))


def _label(file: FileFacts) -> str:
    return file.name or f"File {str(file.id)[:8]}"


def _page_of(file: FileFacts) -> str:
    """The address of the file's own page; "" for whoever may not see the file."""
    return reverse(file.page, args=[file.id]) if file.page else ""


class Pages:
    """The pages of one desk, as views for its `urls.py`."""

    def __init__(self, desk: Desk):
        self.desk = desk

    # --- the list ---------------------------------------------------------------------------

    def overview(self, request: HttpRequest) -> HttpResponse:
        """What is due, what waits for a second person, what is held, what was deleted."""
        viewer, today = _viewer(request), timezone.localdate()
        _must(viewer)
        due = due_rows(self.desk, viewer, today)
        decided, held = decided_now(self.desk, viewer), held_now(self.desk, viewer)
        done = list(actions.erased_before(self.desk, viewer, timezone.now())[:LEDGER_SHOWN])
        known = self._facts_of({**decided, **held}, due, viewer)
        names = _names([*(r.decided_by for r in (*decided.values(), *done)),
                        *(r.held_by for r in held.values()), *(r.approved_by for r in done)])
        record(by=viewer, verb="listed", kind="retention")
        return render(request, "pages/keeping/list.html", {
            "due_columns": DUE_COLUMNS, "due": [self._due_row(row) for row in due],
            "waiting_columns": WAITING_COLUMNS,
            "waiting": [self._waiting_row(row, known, names) for row in decided.values()],
            "held_columns": HELD_COLUMNS,
            "held": [self._held_row(row, known, names) for row in held.values()],
            "ledger_columns": LEDGER_COLUMNS,
            "ledger": [self._ledger_row(row, names) for row in done],
        })

    def _facts_of(
        self, rows: Mapping[UUID, Any], due: list[Row], viewer: Viewer
    ) -> dict[UUID, FileFacts]:
        """The files that holds and decisions are about: those on the list, and others one by one
        (open files are held seldom)."""
        known = {row.file.id: row.file for row in due}
        for row in rows.values():
            if row.file_id not in known:
                facts = self.desk.one(Kind(row.kind), row.file_id, viewer)
                if facts is not None:
                    known[row.file_id] = facts
        return known

    def _due_row(self, row: Row) -> dict[str, Any]:
        return {"url": self._file_url(row.file.kind, row.file.id),
                "cells": [_label(row.file), KIND_WORDS[row.file.kind], row.file.ended.on, row.due,
                          STANDING_TAGS[row.standing]]}

    def _waiting_row(self, row: Any, known: Any, names: Any) -> dict[str, Any]:
        return {"url": reverse("keeping-deletion", args=[row.pk]),
                "cells": [self._known(row, known), KIND_WORDS[Kind(row.kind)],
                          GROUND_WORDS[Ground(row.ground)], names.get(row.decided_by, ""),
                          timezone.localdate(row.decided_at)]}

    def _held_row(self, row: Any, known: Any, names: Any) -> dict[str, Any]:
        return {"url": self._file_url(Kind(row.kind), row.file_id),
                "cells": [self._known(row, known), KIND_WORDS[Kind(row.kind)],
                          HOLD_WORDS[HoldReason(row.ground)], names.get(row.held_by, ""),
                          row.review_on]}

    def _ledger_row(self, row: Any, names: Any) -> dict[str, Any]:
        return {"cells": [KIND_WORDS[Kind(row.kind)], GROUND_WORDS[Ground(row.ground)],
                          names.get(row.decided_by, ""), names.get(row.approved_by, ""),
                          timezone.localdate(row.done_at), "yes" if row.keeps_figures else "no"]}

    def _known(self, row: Any, known: Mapping[UUID, FileFacts]) -> str:
        return _label(known[row.file_id]) if row.file_id in known else f"File {str(row.pk)[:8]}"

    def _file_url(self, kind: Kind, file: UUID) -> str:
        return reverse("keeping-file", args=[kind.value, file])

    # --- one file ---------------------------------------------------------------------------

    def _found(self, request: HttpRequest, kind: str, pk: UUID, *duties: Duty) -> FileFacts:
        viewer = _viewer(request)
        _must(viewer, *duties)
        if kind not in self.desk.kinds:
            raise Http404
        facts = self.desk.one(Kind(kind), pk, viewer)
        if facts is None:
            raise Http404
        return facts

    def file(self, request: HttpRequest, kind: str, pk: UUID) -> HttpResponse:
        """One file: its clock, what holds it, what was decided."""
        facts = self._found(request, kind, pk)
        viewer, today = _viewer(request), timezone.localdate()
        row = row_of(self.desk, facts, viewer, today)
        held = held_now(self.desk, viewer).get(pk)
        decided = decided_now(self.desk, viewer).get(pk)
        names = _names([held.held_by if held else None, decided.decided_by if decided else None])
        record(by=viewer, verb="read", kind=facts.kind.value, object_id=pk, purpose="retention")
        may_erase = bool(may_do(viewer.role, Duty.ERASE))
        return render(request, "pages/keeping/file.html", {
            "heading": _label(facts), "stands": STANDING_TAGS[row.standing],
            "facts": _file_rows(facts, row), "why": why_words(facts.ended, facts.clock),
            "authority": facts.clock.authority, "file_url": _page_of(facts),
            "held": _held_rows(held, names) if held else [],
            "lift_url": reverse("keeping-lift", args=[held.pk]) if held else "",
            "hold_url": "" if held else reverse("keeping-hold", args=[kind, pk]),
            "delete_url": reverse("keeping-delete", args=[kind, pk])
            if may_erase and row.standing not in (Standing.HELD, Standing.DECIDED) else "",
            "decision_url": reverse("keeping-deletion", args=[decided.pk]) if decided else "",
        })

    def hold(self, request: HttpRequest, kind: str, pk: UUID) -> HttpResponse:
        """Keep a file back from deletion."""
        facts = self._found(request, kind, pk, Duty.HOLD_RECORDS)
        form = forms.HoldForm(request.POST or None)

        def act(typed: dict[str, Any]) -> str:
            actions.hold(desk=self.desk, file=facts, ground=HoldReason(typed["ground"]),
                         reason=typed["reason"], review_on=typed["review_on"],
                         form=typed["form_id"], by=_viewer(request))
            return "The file is held. Its years go on, and nobody can delete it."

        return self._form(request, facts, form, act, heading="Hold the file", button="Hold it")

    def lift(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Lift a hold."""
        viewer = _viewer(request)
        _must(viewer, Duty.HOLD_RECORDS)
        held = self.desk.holds.objects.visible_to(viewer).filter(pk=pk).first()
        if held is None:
            raise Http404
        facts = self._found(request, held.kind, held.file_id)
        form = forms.LiftForm(request.POST or None, initial={"version": held.version})

        def act(typed: dict[str, Any]) -> str:
            actions.lift(desk=self.desk, held=held, because=typed["because"],
                         version=typed["version"], by=viewer)
            return "The hold is lifted."

        return self._form(request, facts, form, act, heading="Lift the hold", button="Lift it")

    def delete(self, request: HttpRequest, kind: str, pk: UUID) -> HttpResponse:
        """Decide that a file is deleted; a second person approves it."""
        facts = self._found(request, kind, pk, Duty.ERASE)
        viewer, today = _viewer(request), timezone.localdate()
        is_due = row_of(self.desk, facts, viewer, today).standing is Standing.DUE
        form = forms.DecideForm(request.POST or None, is_due=is_due)

        def act(typed: dict[str, Any]) -> str:
            actions.decide(desk=self.desk, file=facts, ground=Ground(typed["ground"]),
                           keeps=form.keeps_figures(), form=typed["form_id"], by=viewer)
            return "Decided. Nothing is deleted until a second person approves it."

        children = len(facts.with_children)
        also = (f" {children} child’s record that belongs to no other file goes with it."
                if children == 1 else f" {children} children’s records that belong to no other "
                "file go with it." if children else "")
        return self._form(request, facts, form, act, heading="Delete the file",
                          button="Decide to delete it", warning=True,
                          lead=f"Everything in the file goes, for good.{also} A second person "
                               "approves it before anything happens.")

    def _form(
        self, request: HttpRequest, facts: FileFacts, form: Any,
        act: Callable[[dict[str, Any]], str], **more: Any,
    ) -> HttpResponse:
        status, back = 200, self._file_url(facts.kind, facts.id)
        if request.method == "POST":
            if form.is_valid():
                try:
                    said = act(form.cleaned_data)
                except Refused as refusal:
                    form.add_error(None, str(refusal))
                else:
                    messages.success(request, said)
                    return redirect(back)
            status = 422
        record(by=_viewer(request), verb="read", kind=facts.kind.value, object_id=facts.id,
               purpose="retention")
        return render(request, "pages/keeping/form.html", {
            "form": form, "back": back, "name": _label(facts), **more}, status=status)

    # --- a decision -------------------------------------------------------------------------

    def deletion(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """A decision that waits: approve it, and the file is gone."""
        row, facts = self._decision(request, pk)
        viewer = _viewer(request)
        own = row.decided_by == viewer.worker
        form, status = forms.ApproveForm(request.POST or None), 200
        if request.method == "POST":
            if form.is_valid():
                try:
                    actions.approve(desk=self.desk, deletion=row, by=viewer)
                except Refused as refusal:
                    form.add_error(None, str(refusal))
                else:
                    messages.success(request, "The file has been deleted for good.")
                    return redirect("keeping")
            status = 422
        names = _names([row.decided_by])
        record(by=viewer, verb="read", kind=facts.kind.value, object_id=facts.id,
               purpose="retention")
        return render(request, "pages/keeping/deletion.html", {
            "form": form, "name": _label(facts), "own": own, "file_url": _page_of(facts),
            "refuse_url": reverse("keeping-refuse", args=[pk]),
            "facts": [("Kind", KIND_WORDS[facts.kind]), ("Ended", facts.ended.on),
                      ("Due", facts.due), ("Ground", GROUND_WORDS[Ground(row.ground)]),
                      ("Decided by", names.get(row.decided_by, "")),
                      ("Decided on", timezone.localdate(row.decided_at)),
                      ("Coded figures stay", "yes" if row.keeps_figures else "no"),
                      ("Children’s records that go with it", len(facts.with_children) or None)],
            "unusual": row.keeps_figures != keeps_figures(Ground(row.ground)),
        }, status=status)

    def refuse(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Keep the file after all."""
        row, _facts = self._decision(request, pk)
        actions.refuse(desk=self.desk, deletion=row, by=_viewer(request))
        messages.success(request, "The file stays as it is.")
        return redirect("keeping")

    def _decision(self, request: HttpRequest, pk: UUID) -> tuple[Any, FileFacts]:
        viewer = _viewer(request)
        _must(viewer, Duty.ERASE)
        row = waiting(self.desk.deletions.objects.visible_to(viewer)).filter(pk=pk).first()
        facts = self.desk.one(Kind(row.kind), row.file_id, viewer) if row is not None else None
        if facts is None:
            raise Http404
        return row, facts

    # --- other pages ------------------------------------------------------------------------

    def part(self, kind: Kind, pk: UUID, viewer: Viewer) -> Shown:
        """What the page of a file shows of it, to those who hold and delete. One query."""
        if not _oversees(viewer):
            return Shown()
        held = self.desk.holds.objects.visible_to(viewer).filter(file_id=pk, lifted_at=None)
        return Shown(flags=[("On hold", "purple")] if held.exists() else [],
                     steps=[("Hold or delete the file", self._file_url(kind, pk))])

    def today_items(self, viewer: Viewer, today: date, last: date) -> list[dict[str, Any]]:
        """Decisions that wait for another person, and holds to be looked at again."""
        if not _oversees(viewer):
            return []
        decided = waiting(self.desk.deletions.objects.visible_to(viewer)).filter(with_file=None)
        items = [{"what": "Approve or refuse a deletion", "due": timezone.localdate(r.decided_at),
                  "url": reverse("keeping-deletion", args=[r.pk])}
                 for r in decided.exclude(decided_by=viewer.worker)
                 if may_do(viewer.role, Duty.ERASE)]
        held = self.desk.holds.objects.visible_to(viewer)
        return items + [{"what": "Look at a hold again", "due": row.review_on,
                         "url": self._file_url(Kind(row.kind), row.file_id)}
                        for row in held.filter(lifted_at=None, review_on__lte=last)]

    def views(self) -> dict[str, View]:
        """The views by name, each with the methods that it answers."""
        form_page = require_http_methods(["GET", "HEAD", "POST"])
        return {
            "keeping": require_safe(self.overview), "keeping-file": require_safe(self.file),
            "keeping-hold": form_page(self.hold), "keeping-lift": form_page(self.lift),
            "keeping-delete": form_page(self.delete),
            "keeping-deletion": form_page(self.deletion),
            "keeping-refuse": require_POST(self.refuse),
        }


def _file_rows(facts: FileFacts, row: Row) -> list[tuple[str, Any]]:
    return [("Kind", KIND_WORDS[facts.kind]), ("Ended", facts.ended.on or "It is open"),
            ("Due for deletion", row.due or "Never, while it is open")]


def _held_rows(held: Any, names: Mapping[UUID | None, str]) -> list[tuple[str, Any]]:
    return [("Why", HOLD_WORDS[HoldReason(held.ground)]), ("In words", held.reason),
            ("Held by", names.get(held.held_by, "")),
            ("Since", timezone.localdate(held.held_at)), ("Look again on", held.review_on)]
