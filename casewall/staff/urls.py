"""Signing in: the pages of the package that an account given out by an administrator needs.

Its other pages are left out on purpose. Signing up, another e-mail address and a password by
e-mail would be ways around the administrator, and no site sends e-mail.
"""

from allauth.account import views
from allauth.mfa.totp.views import activate_totp
from django.urls import include, path

from casewall.staff import account_views, agency_views
from casewall.staff.step_up import fresh_agency
from casewall.staff.views import (
    confirm,
    confirm_by_key,
    enter_code,
    keys,
    new_key,
    remove_key,
    stay,
)

urlpatterns = [
    path("login/", views.LoginView.as_view(extra_context={"agencies": agency_views.offered}),
         name="account_login"),
    path("agency/back/", agency_views.by_agency_back, name="account_by_agency_back"),
    path("agency/<slug:agency>/", agency_views.by_agency, name="account_by_agency"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("stay/", stay, name="stay"),
    path("people/", account_views.account_list, name="accounts"),
    path("people/new/", account_views.account_new, name="account_new"),
    path("people/<uuid:pk>/", account_views.account, name="account"),
    path("people/<uuid:pk>/reset/", account_views.account_reset, name="account_reset"),
    path("people/<uuid:pk>/agency/", agency_views.subject, name="account_agency"),
    path("first/<str:word>/", account_views.first_password, name="first_password"),
    path("2fa/authenticate/", enter_code, name="mfa_authenticate"),
    path("2fa/totp/activate/", fresh_agency(activate_totp), name="mfa_activate_totp"),
    path("2fa/reauthenticate/", confirm, name="mfa_reauthenticate"),
    path("2fa/webauthn/", keys, name="mfa_list_webauthn"),
    path("2fa/webauthn/add/", fresh_agency(new_key), name="mfa_add_webauthn"),
    path("2fa/webauthn/reauthenticate/", confirm_by_key, name="mfa_reauthenticate_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/remove/", remove_key, name="mfa_remove_webauthn"),
    path("2fa/", include("allauth.mfa.urls")),
]
