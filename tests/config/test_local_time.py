"""Pages show the hours of the worker's service."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from casewall.config.local_time import LocalTime
from casewall.config.settings import STAFF_MIDDLEWARE, TIME_ZONE
from casewall.wall.sides import Role, Viewer
from tests.people import SERVICE, Staff

LONDON, BOTH = frozenset({"dvip"}), frozenset({"dvip", "intervention-centre"})


@pytest.mark.parametrize(
    ("services", "shown"),
    [
        (LONDON, "Europe/London"),
        (frozenset({"dvip", "your-choice"}), "Europe/London"),
        (frozenset({"intervention-centre"}), "Europe/Copenhagen"),
        (BOTH, TIME_ZONE),
        (frozenset(), TIME_ZONE),
        (frozenset({"a service that was never defined"}), TIME_ZONE),
    ],
)
def test_a_page_is_shown_in_the_zone_of_the_workers_service(
    services: frozenset[str], shown: str
) -> None:
    def page(request: object) -> HttpResponse:
        return HttpResponse(timezone.get_current_timezone_name())

    request = RequestFactory().get("/")
    request.viewer = Viewer(  # type: ignore[attr-defined]
        UUID(int=1), "Invented", Role.FACILITATOR, "a", services=services
    )
    assert LocalTime(page)(request).content.decode() == shown
    assert timezone.get_current_timezone_name() == TIME_ZONE


def test_a_page_without_a_worker_is_shown_in_the_zone_of_the_settings() -> None:
    def page(request: object) -> HttpResponse:
        return HttpResponse(timezone.get_current_timezone_name())

    assert LocalTime(page)(RequestFactory().get("/")).content.decode() == TIME_ZONE


def test_the_worker_is_known_before_the_zone_is_asked_for(staff: Staff) -> None:
    assert STAFF_MIDDLEWARE.index("casewall.staff.middleware.ActingWorker") < (
        STAFF_MIDDLEWARE.index("casewall.config.local_time.LocalTime")
    )
    assert staff[Role.FACILITATOR].services == {SERVICE}
