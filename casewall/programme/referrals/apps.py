from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "casewall.programme.referrals"
    label = "programme_referrals"
