"""The programme site's addresses and one empty page, whose time says how busy the machine is."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from casewall.config.urls import programme
from casewall.config.urls.programme import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


@login_not_required
def empty(request: HttpRequest) -> HttpResponse:
    """A page that asks no database and renders no template."""
    return HttpResponse("empty")


urlpatterns = [path("empty/", empty), *programme.urlpatterns]
