"""Addresses of sending."""

from django.urls import path

from casewall.safety.sending.views import sent, writing

urlpatterns = [
    path("partners/<uuid:pk>/write/", writing.write, name="write-to-partner"),
    path("partners/<uuid:pk>/still-safe/<str:channel>/", writing.still_safe, name="still-safe"),
    path("partners/<uuid:pk>/messages/<uuid:message>/", sent.message, name="message-to-partner"),
    path(
        "partners/<uuid:pk>/messages/<uuid:message>/print/",
        sent.print_letter,
        name="print-letter-to-partner",
    ),
    path("partners/<uuid:pk>/messages/<uuid:message>/posted/", sent.posted, name="message-posted"),
    path("partners/<uuid:pk>/messages/<uuid:message>/recall/", sent.recall, name="recall-message"),
    path("overrides/", sent.overrides, name="overrides"),
    path("overrides/<uuid:pk>/", sent.read, name="read-override"),
]
