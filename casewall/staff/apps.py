from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "casewall.staff"
    label = "staff"

    def ready(self) -> None:
        """Have every start check the labels of all fields and the paths between models, and every
        sign-in start the clock of its session."""
        from django.contrib.auth.signals import user_logged_in

        from casewall.staff.idle import begin
        from casewall.wall import checks  # noqa: F401

        user_logged_in.connect(begin, dispatch_uid="casewall.staff.idle")
