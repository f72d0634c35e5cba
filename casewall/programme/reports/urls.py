"""Addresses of the pages about documents and about their templates."""

from django.urls import path

from casewall.programme.reports import ledger, steps, texts_pages, views

urlpatterns = [
    path("cases/<uuid:pk>/documents/<slug:kind>/", steps.new, name="document_new"),
    path("acts/<uuid:pk>/document/", steps.for_act, name="document_for_act"),
    path("documents/", ledger.out, name="documents_out"),
    path("documents/<uuid:pk>/told/", ledger.told, name="document_told"),
    path("documents/<uuid:pk>/", views.document, name="document"),
    path("documents/<uuid:pk>/edit/", steps.edit, name="document_edit"),
    path("documents/<uuid:pk>/check/", steps.check, name="document_check"),
    path("documents/<uuid:pk>/issue/", steps.issue, name="document_issue"),
    path("documents/<uuid:pk>/withdraw/", steps.withdraw, name="document_withdraw"),
    path("documents/<uuid:pk>/anew/", steps.anew, name="document_anew"),
    path("documents/<uuid:pk>/<str:ending>/", views.download, name="document_file"),
    path("letter-templates/", texts_pages.templates, name="letter_templates"),
    path(
        "letter-templates/<int:compartment>/letterhead/", texts_pages.letterhead, name="letterhead"
    ),
    path(
        "letter-templates/<int:compartment>/<slug:kind>/<slug:language>/",
        texts_pages.template,
        name="letter_template",
    ),
    path(
        "letter-templates/<int:compartment>/<slug:kind>/<slug:language>/file/",
        texts_pages.download,
        name="letter_template_file",
    ),
]
