"""What a partner was told, and how hard somebody tried, as pages of their own."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from casewall.audit.actions import record
from casewall.safety.partners.actions import tell
from casewall.safety.partners.forms import ToldForm
from casewall.safety.partners.sections import tried
from casewall.safety.partners.views.files import SEES_FILES, file_seen
from casewall.safety.reading import must, names_of, only
from casewall.staff.requests import SignedInRequest
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty


@require_http_methods(["GET", "HEAD", "POST"])
def told(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Record what a partner was told where no contact is recorded with it."""
    viewer = request.viewer
    file = file_seen(viewer, pk)
    must(viewer, Duty.SUPPORT_PARTNER)
    if request.method != "POST":
        record(by=viewer, verb="viewed", thing=file)
        form = ToldForm(initial={"told_on": timezone.localdate()})
        return render(request, "partners/told.html", {"file": file, "form": form})
    form = ToldForm(request.POST)
    if form.is_valid():
        try:
            tell(
                file=file,
                items=form.cleaned_data["told"],
                on=form.cleaned_data["told_on"],
                by=viewer,
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "It has been recorded.")
            return redirect("partner", pk)
    return render(request, "partners/told.html", {"file": file, "form": form}, status=422)


@require_safe
def attempts(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The proof of effort, to print: every attempt, without notes and without contact details."""
    viewer = request.viewer
    only(viewer, *SEES_FILES)
    file = file_seen(viewer, pk)
    now = timezone.localtime()
    record(by=viewer, verb="viewed", thing=file)
    context = {
        "file": file,
        "reference": str(file.pk)[:8],
        "printed_at": now,
        "printed_by": names_of([viewer.worker]).get(viewer.worker, ""),
        **tried(file, viewer, now.date()),
    }
    return render(request, "partners/attempts.html", context)
