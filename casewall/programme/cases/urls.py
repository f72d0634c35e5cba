"""Addresses of the pages about cases."""

from django.urls import path

from casewall.programme.cases import steps, views

urlpatterns = [
    path("", views.today, name="today"),
    path("cases/", views.cases, name="cases"),
    path("search/", views.search, name="search"),
    path("cases/<uuid:pk>/", views.case, name="case"),
    path("cases/<uuid:pk>/contact/", steps.contact, name="case_contact"),
    path("cases/<uuid:pk>/assessment/", steps.book, name="case_book"),
    path("cases/<uuid:pk>/move/", steps.move, name="case_move"),
    path("cases/<uuid:pk>/exit/", steps.exit_case, name="case_exit"),
    path("cases/<uuid:pk>/pause/", steps.pause, name="case_pause"),
    path("cases/<uuid:pk>/resume/", steps.resume, name="case_resume"),
    path("cases/<uuid:pk>/reopen/", steps.reopen, name="case_reopen"),
    path("cases/<uuid:pk>/correct/", steps.correct, name="case_correct"),
    path("cases/<uuid:pk>/partner/", steps.declare, name="case_declare"),
    path("tasks/<uuid:pk>/done/", steps.task_done, name="task_done"),
]
