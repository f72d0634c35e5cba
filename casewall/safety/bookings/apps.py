from django.apps import AppConfig


class BookingsConfig(AppConfig):
    name = "casewall.safety.bookings"
    label = "safety_bookings"

    def ready(self) -> None:
        from casewall.safety.bookings.meetings import expect_child_too
        from casewall.safety.bookings.moving import move_clashing
        from casewall.safety.bookings.reading import appointments_part, meetings_of, today_items
        from casewall.safety.bookings.separation import (
            read_children_by,
            read_groups_of_children_by,
            same_person_pairs,
        )
        from casewall.safety.bookings.with_children import parties_of_children, parties_of_groups
        from casewall.safety.children.planned import meetings_by
        from casewall.safety.partners.parts import Part, add_part, add_today
        from casewall.safety.pulled.appointments import add_afterwards
        from casewall.safety.pulled.linking import ask_before_linking

        add_part(Part("appointments", "Appointments", 30, appointments_part))
        add_today("appointments", today_items)
        add_afterwards("bookings", move_clashing)
        ask_before_linking(same_person_pairs)
        meetings_by(read=meetings_of, expect=expect_child_too)
        read_children_by(parties_of_children)
        read_groups_of_children_by(parties_of_groups)
