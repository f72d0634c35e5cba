from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "casewall.staff"
    label = "staff"

    def ready(self) -> None:
        """Every staff site checks its models against the wall when it starts."""
        from casewall.wall import checks  # noqa: F401  # registers the check
