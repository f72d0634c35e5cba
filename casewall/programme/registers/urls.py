"""Addresses of registers, of what is written about sessions, and of one-to-one work."""

from django.urls import path

from casewall.programme.registers.views import alone, marking, recording

urlpatterns = [
    path("sessions/<uuid:pk>/register/", marking.register, name="register"),
    path("sessions/<uuid:pk>/cancel/", marking.cancel, name="session_cancel"),
    path("sessions/<uuid:pk>/record/", recording.session_record, name="session_record"),
    path("sessions/<uuid:pk>/visitors/", recording.visitors, name="session_visitors"),
    path("visitors/<uuid:pk>/signed/", recording.visitor_signed, name="visitor_signed"),
    path("cases/<uuid:pk>/session/", alone.plan, name="case_session"),
    path("cases/<uuid:pk>/catch-up/", alone.sit_in, name="case_sit_in"),
    path("one-to-one/<uuid:pk>/time/", alone.move, name="one_to_one_time"),
]
