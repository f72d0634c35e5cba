"""Only for tests and development: no site includes this in production."""

from django.urls import path

from casewall.pages import style_guide

app_name = "pages_style"
urlpatterns = [
    path("", style_guide.guide, name="guide"),
    path("public/", style_guide.public, name="public"),
]
