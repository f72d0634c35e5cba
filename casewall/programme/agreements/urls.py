"""Addresses of the pages of agreements and releases."""

from django.urls import path

from casewall.programme.agreements import views

urlpatterns = [
    path("cases/<uuid:pk>/agreement/", views.sign, name="case_sign"),
    path("cases/<uuid:pk>/release/", views.release, name="case_release"),
    path("agreements/<uuid:pk>/", views.copy, name="agreement_copy"),
    path("releases/<uuid:pk>/withdraw/", views.withdraw, name="release_withdraw"),
    path("agreement-texts/", views.texts, name="agreement_texts"),
    path("agreement-texts/<slug:service>/<slug:language>/", views.text, name="agreement_text"),
]
