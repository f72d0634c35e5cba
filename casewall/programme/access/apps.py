"""Who is kept away from a file of this side, who opened one out of turn, and who looked."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "casewall.programme.access"
    label = "programme_access"

    def ready(self) -> None:
        """Have viewers loaded with what they are kept away from; add to the case page and Today."""
        from casewall.programme.access.looking import CASE, DESK, access_of
        from casewall.programme.access.reading import access_part, today_of
        from casewall.programme.cases.parts import Part, add_part, add_today
        from casewall.staff.access import look_up_by
        from casewall.wall.sides import Side

        look_up_by(Side.PROGRAMME, access_of)
        add_part(Part("access", "", 90, access_part(CASE)))
        add_today("access", today_of(DESK))
