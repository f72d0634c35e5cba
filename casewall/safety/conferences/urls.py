"""Addresses of MARAC and MATAC."""

from django.urls import path

from casewall.safety.conferences.views import hearings, marac, matac

urlpatterns = [
    path("marac/", hearings.conferences, name="maracs"),
    path("marac/new/", hearings.plan, name="marac-new"),
    path("marac/figures/", hearings.figures, name="marac-figures"),
    path("marac/<uuid:pk>/", hearings.conference, name="marac"),
    path("marac/<uuid:pk>/list/", hearings.put_on_list, name="marac-list"),
    path("partners/<uuid:pk>/marac/", marac.begin, name="marac-begin"),
    path("marac/referrals/<uuid:pk>/", marac.referral, name="marac-referral"),
    path("marac/referrals/<uuid:pk>/print/", marac.printed, name="marac-print"),
    path("marac/referrals/<uuid:pk>/fill/", marac.fill, name="marac-fill"),
    path("marac/referrals/<uuid:pk>/send/", marac.send, name="marac-send"),
    path("marac/referrals/<uuid:pk>/withdraw/", marac.withdraw, name="marac-withdraw"),
    path("marac/hearings/<uuid:pk>/", hearings.hearing, name="marac-hearing"),
    path("marac/hearings/<uuid:pk>/ask/", hearings.ask, name="marac-ask"),
    path("marac/hearings/<uuid:pk>/heard/", hearings.heard, name="marac-heard"),
    path("marac/hearings/<uuid:pk>/flag/", hearings.end_flag, name="marac-flag"),
    path("marac/hearings/<uuid:pk>/action/", hearings.add_action, name="marac-action-new"),
    path("marac/research/<uuid:pk>/", hearings.research, name="marac-research"),
    path("marac/actions/<uuid:pk>/", hearings.action, name="marac-action"),
    path("matac/", matac.nominations, name="matacs"),
    path("matac/new/", matac.nominate, name="matac-new"),
    path("matac/<uuid:pk>/", matac.nomination, name="matac"),
    path("matac/<uuid:pk>/decide/", matac.decide, name="matac-decide"),
    path("matac/<uuid:pk>/score/", matac.score, name="matac-score"),
    path("matac/<uuid:pk>/tactic/", matac.tactic, name="matac-tactic"),
    path("matac/<uuid:pk>/profile/", matac.profile, name="matac-profile"),
    path("matac/<uuid:pk>/action/", matac.add_action, name="matac-action-new"),
    path("matac/<uuid:pk>/review/", matac.review, name="matac-review"),
    path("matac/<uuid:pk>/discharge/", matac.discharge, name="matac-discharge"),
    path("matac/tactics/<uuid:pk>/end/", matac.end_tactic, name="matac-tactic-end"),
    path("matac/actions/<uuid:pk>/", matac.action, name="matac-action"),
]
