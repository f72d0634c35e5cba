from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "casewall.programme.registers"
    label = "programme_registers"

    def ready(self) -> None:
        from casewall.programme.cases.parts import Part, add_part, add_today
        from casewall.programme.registers import parts

        add_part(Part("sessions", "One-to-one", 40, parts.of_a_case))
        add_today("registers", parts.of_today)
