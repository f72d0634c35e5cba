"""The page of the pages that are not of every day."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from casewall.pages.context import more_pages, navigation


@require_safe
def more(request: HttpRequest) -> HttpResponse:
    """Links to the pages that are not of every day; not there for whoever has none."""
    role = getattr(request.user, "role", "")
    pages = more_pages(role)
    if not pages:
        raise Http404
    folded = [one for one in navigation(request.path, role) if one.get("folds")]
    return render(request, "pages/more.html", {"pages": pages, "folded": folded})
