from django.urls import path

from casewall.frontdoor import views

app_name = "frontdoor"
urlpatterns = [
    path("", views.start, name="start"),
    path("yourself/", views.yourself, name="yourself"),
    path("work/", views.work, name="work"),
    path("message/", views.message, name="message"),
    path("received/", views.received, name="received"),
]
