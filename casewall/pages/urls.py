from django.urls import path

from casewall.pages import views

app_name = "pages"
urlpatterns = [
    path("leave/", views.leave, name="leave"),
    path("closed/", views.closed, name="closed"),
]
