"""What a view behind the sign-in is given, for the type checker and for readers."""

from __future__ import annotations

from django.http import HttpRequest

from casewall.wall.sides import Viewer


class SignedInRequest(HttpRequest):
    """A request on which the middleware has put who is looking (`casewall.staff.middleware`).

    No object of this class is made: views name it where they read `request.viewer`.
    """

    viewer: Viewer
