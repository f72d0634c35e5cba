from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "casewall.staff"
    label = "staff"

    def ready(self) -> None:
        """Have every start check the labels of all fields and the paths between models."""
        from casewall.wall import checks  # noqa: F401
