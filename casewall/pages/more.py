"""The page of the pages that are not of every day."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from casewall.pages.context import more_pages


@require_safe
def more(request: HttpRequest) -> HttpResponse:
    """Links to the pages that are not of every day; not there for whoever has none."""
    pages = more_pages(getattr(request.user, "role", ""))
    if not pages:
        raise Http404
    return render(request, "pages/more.html", {"pages": pages})
