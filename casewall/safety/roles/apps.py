from django.apps import AppConfig


class RolesConfig(AppConfig):
    name = "casewall.safety.roles"
    label = "safety_roles"

    def ready(self) -> None:
        from casewall.safety.coordination.material import add_material
        from casewall.safety.partners.parts import Part, add_part, add_today
        from casewall.safety.roles.models import RoleAssessment
        from casewall.safety.roles.reading import roles_part, texts_of, today_items

        add_part(Part("roles", "Who does what", 80, roles_part))
        add_today("roles", today_items)
        add_material("roles", texts_of, of=RoleAssessment)
