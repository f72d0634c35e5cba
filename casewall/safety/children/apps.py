from django.apps import AppConfig


class ChildrenConfig(AppConfig):
    name = "casewall.safety.children"
    label = "safety_children"

    def ready(self) -> None:
        from casewall.safety.children.models import Child
        from casewall.safety.children.reading import (
            cases_of_own,
            children_part,
            texts_of,
            today_items,
        )
        from casewall.safety.coordination.material import add_material
        from casewall.safety.partners.parts import Part, add_part, add_today
        from casewall.safety.visibility import link_children_by

        add_part(Part("children", "Children", 50, children_part))
        add_today("children", today_items)
        link_children_by(cases_of_own)
        add_material("children", texts_of, of=Child)
