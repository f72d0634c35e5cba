"""Addresses of coordination: the home page, search, disclosures, figures."""

from django.urls import path

from casewall.safety.coordination.views import disclosures, figures, home

urlpatterns = [
    path("", home.today, name="today"),
    path("search/", home.search, name="search"),
    path("disclosures/", disclosures.queue, name="disclosures"),
    path("disclosures/<uuid:pk>/", disclosures.disclosure, name="disclosure"),
    path("disclosures/<uuid:pk>/approve/", disclosures.approve_one, name="approve-disclosure"),
    path("disclosures/<uuid:pk>/refuse/", disclosures.refuse_one, name="refuse-disclosure"),
    path("disclosures/<uuid:pk>/recall/", disclosures.recall_one, name="recall-disclosure"),
    path("partners/<uuid:pk>/disclose/", disclosures.ask_for, name="ask-disclosure"),
    path("figures/", figures.figures, name="figures"),
]
