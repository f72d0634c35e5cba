from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "casewall.programme.courses"
    label = "programme_courses"

    def ready(self) -> None:
        from casewall.programme.cases.moves import on_move
        from casewall.programme.cases.parts import Part, add_part, add_today
        from casewall.programme.courses.actions import follow_case
        from casewall.programme.courses.enrolment.actions import enrol_placed
        from casewall.programme.courses.part import course_head, course_part, today_courses
        from casewall.programme.groups.placements import on_placement

        on_move("courses", follow_case)
        on_placement("courses", enrol_placed)
        add_part(Part("course", "Course", 10, course_part, head=course_head))
        add_today("courses", today_courses)
