"""Addresses of referrers' messages."""

from django.urls import path

from casewall.safety.messages import views

urlpatterns = [
    path("referrals/messages/", views.messages_list, name="referrer-messages"),
    path("referrals/messages/<uuid:pk>/", views.message, name="referrer-message"),
    path("referrals/messages/<uuid:pk>/keep/", views.keep, name="keep-referrer-message"),
    path("referrals/messages/<uuid:pk>/tell/", views.tell, name="tell-referrer-message"),
]
