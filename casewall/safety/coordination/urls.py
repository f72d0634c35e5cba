"""Addresses of coordination: the home page, search, disclosures, figures."""

from django.urls import path

from casewall.safety.coordination.views import asking, disclosures, figures, home

urlpatterns = [
    path("", home.today, name="today"),
    path("search/", home.search, name="search"),
    path("disclosures/", disclosures.queue, name="disclosures"),
    path("disclosures/counts/", disclosures.disclosure_counts, name="disclosure-counts"),
    path("disclosures/<uuid:pk>/", disclosures.disclosure, name="disclosure"),
    path("disclosures/<uuid:pk>/approve/", disclosures.approve_one, name="approve-disclosure"),
    path("disclosures/<uuid:pk>/refuse/", disclosures.refuse_one, name="refuse-disclosure"),
    path("disclosures/<uuid:pk>/recall/", disclosures.recall_one, name="recall-disclosure"),
    path("disclosures/<uuid:pk>/review/", disclosures.review_one, name="review-disclosure"),
    path("disclosures/<uuid:pk>/revoke/", disclosures.revoke_one, name="revoke-permission"),
    path("partners/<uuid:pk>/disclose/", asking.ask_for, name="ask-disclosure"),
    path("partners/<uuid:pk>/emergency/", asking.emergency, name="emergency-disclosure"),
    path("figures/", figures.figures, name="figures"),
]
