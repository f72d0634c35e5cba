"""Pages for what went wrong. Each is the same bytes every time: nothing in it depends on the
address, the person or the reason, so a hidden record cannot be told from one that is not there.
"""

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from casewall.pages.context import standing

WORDS = {
    400: (
        _("That request could not be understood"),
        _("Nothing was changed. Go back and try once more."),
    ),
    403: (
        _("This could not be accepted"),
        _(
            "Nothing was changed. Your sign-in may have ended, or the page was open for too long. "
            "Go back, load the page again and repeat the step."
        ),
    ),
    404: (
        _("There is no such page"),
        _(
            "The address may be mistyped, or the page may have moved, or it is not among the "
            "things that you work with."
        ),
    ),
    500: (
        _("Something went wrong on our side"),
        _("It has been recorded. What you last saved is safe. Wait a minute and try once more."),
    ),
}


def bad_request(request, exception=None) -> HttpResponse:
    return page(400)


def forbidden(request, exception=None) -> HttpResponse:
    return page(403)


def csrf_failed(request, reason="") -> HttpResponse:
    """`CSRF_FAILURE_VIEW`. The reason is for the log, not for the page."""
    return page(403)


def not_found(request, exception=None) -> HttpResponse:
    return page(404)


def server_error(request) -> HttpResponse:
    return page(500)


def page(status: int) -> HttpResponse:
    """The error page of a status (400, 403, 404 or 500), drawn without the request."""
    heading, text = WORDS[status]
    drawn = render_to_string("pages/error.html", {**standing(), "heading": heading, "text": text})
    return HttpResponse(drawn, status=status)
