"""Addresses of intake."""

from django.urls import path

from casewall.safety.intake import views

urlpatterns = [
    path("referrals/", views.referrals, name="referrals"),
    path("referrals/upload/", views.upload, name="upload-referrals"),
    path("referrals/trial/<uuid:key>/", views.try_again, name="try-referrals"),
    path("referrals/trial/<uuid:key>/load/", views.load, name="load-referrals"),
    path("referrals/files/<uuid:pk>/", views.referral_file, name="referral-file"),
    path("referrals/files/<uuid:pk>/undo/", views.undo, name="undo-referral-file"),
]
