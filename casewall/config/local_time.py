"""Days and hours as the clock on the worker's wall shows them."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from casewall.services.load import zone_of


class LocalTime:
    """Shows and reads times in the zone of the worker's service.

    Whoever works for services in several zones sees the zone of the settings, and so does nobody's
    page. Stands after `ActingWorker`, which knows the worker.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        viewer = getattr(request, "viewer", None)
        zones = {zone_of(code) for code in viewer.services} - {None} if viewer else set()
        if len(zones) != 1:
            return self.get_response(request)
        with timezone.override(zones.pop()):
            return self.get_response(request)
