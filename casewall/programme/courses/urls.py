"""Addresses of the pages about courses and acts on absence."""

from django.urls import path

from casewall.programme.courses import act_steps as absence
from casewall.programme.courses import steps, views

urlpatterns = [
    path("courses/", views.courses, name="courses"),
    path("acts/", views.acts, name="acts"),
    path("cases/<uuid:pk>/acts/accept/", absence.accept_of_case, name="acts_accept"),
    path(
        "sessions/<uuid:pk>/acts/accept/", absence.accept_of_register, name="acts_accept_register"
    ),
    path("acts/<uuid:pk>/done/", absence.act_done, name="act_done"),
    path("acts/<uuid:pk>/dismiss/", absence.act_dismiss, name="act_dismiss"),
    path("cases/<uuid:pk>/enrol/", steps.enrol_client, name="case_enrol"),
    path("courses/<uuid:pk>/review/", steps.review, name="course_review"),
    path("courses/<uuid:pk>/extend/", steps.extend_course, name="course_extend"),
    path("courses/<uuid:pk>/break/", steps.break_course, name="course_break"),
    path("courses/<uuid:pk>/resume/", steps.resume_course, name="course_resume"),
    path("courses/<uuid:pk>/level/", steps.level_of_course, name="course_level"),
    path("reviews/<uuid:pk>/", steps.sign_review, name="review_sign"),
    path("follow-ups/<uuid:pk>/", steps.follow_up, name="follow_up"),
]
