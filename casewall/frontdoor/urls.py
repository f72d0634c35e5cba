from django.urls import include, path, register_converter

from casewall.frontdoor import views
from casewall.frontdoor.questions import views as questions


class Language:
    """A language of the pages other than English, which needs no name."""

    regex = "|".join(sorted(set(views.LANGUAGES) - {"en"}))

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Language, "language")
app_name = "frontdoor"
pages = [
    path("", views.start, name="start"),
    path("yourself/", views.yourself, name="yourself"),
    path("work/", views.work, name="work"),
    path("message/", views.message, name="message"),
    path("received/", views.received, name="received"),
]
urlpatterns = [
    *pages,
    path("<language:language>/", include(pages)),
    path("form/", questions.start, name="form"),
    path("form/now/", questions.now, name="form_now"),
    path("form/safety/", questions.safety, name="form_safety"),
    path("form/stay/", questions.stay, name="form_stay"),
    path("form/idle/", questions.idle, name="form_idle"),
    path("form/<str:entrance>/", questions.code, name="form_code"),
    # Before the page of the same address that every site has: here a visit ends first.
    path("leave/", questions.leave, name="leave"),
]
