"""The pages of closing a file and of opening it again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from casewall.safety.support.closing import actions, forms
from casewall.safety.support.rules import CloseReason, OpenReason
from casewall.safety.support.views.below import answer, file_with, form_page


@form_page
def close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Close a file, with its reason."""
    file = file_with(request, pk)
    if request.method != "POST" and file.closed_on is not None:
        messages.warning(request, f"This file was closed on {file.closed_on:%-d %B %Y}.")
        return redirect("partner", pk)
    form = forms.CloseForm(request.POST or None)
    return answer(
        request,
        file,
        form,
        lambda: actions.close_with_reason(
            file=file, reason=CloseReason(form.cleaned_data["reason"]), **_typed(request, form)
        ),
        heading="Close the file",
        button="Close the file",
        saved="The file is closed. The partner can come back at any time.",
        section="",
        lead="That the client has left or completed the programme is no reason to close it. While "
        "a linked client is on the programme, the partner is told what happens there only from an "
        "open file.",
    )


@form_page
def open_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Open a closed file again, with its reason."""
    file = file_with(request, pk)
    if request.method != "POST" and file.closed_on is None:
        messages.warning(request, "This file is open.")
        return redirect("partner", pk)
    form = forms.OpenForm(request.POST or None)
    return answer(
        request,
        file,
        form,
        lambda: actions.open_again(
            file=file, reason=OpenReason(form.cleaned_data["reason"]), **_typed(request, form)
        ),
        heading="Open the file again",
        button="Open the file again",
        saved="The file is open again.",
        section="",
    )


def _typed(request: HttpRequest, form: Any) -> dict[str, Any]:
    given = form.cleaned_data
    return {
        "on": given["on"],
        "note": given["note"] or "",
        "form": given["form_id"],
        "by": request.viewer,  # type: ignore[attr-defined]
    }
