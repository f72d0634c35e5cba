"""Case meetings: agenda, decisions, actions and extracts for each person."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "casewall.safety.meetings"
    label = "safety_meetings"
