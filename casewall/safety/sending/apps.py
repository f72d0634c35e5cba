from django.apps import AppConfig


class SendingConfig(AppConfig):
    name = "casewall.safety.sending"
    label = "safety_sending"

    def ready(self) -> None:
        from casewall.safety.partners.parts import Part, add_part, add_today
        from casewall.safety.partners.sections import count_as_attempts
        from casewall.safety.sending.reading import messages_part, sending_today, sent_to

        add_part(Part("messages", "Messages", 20, messages_part))
        count_as_attempts("messages", sent_to)
        add_today("sending", sending_today)
