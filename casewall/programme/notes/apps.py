from django.apps import AppConfig


class NotesConfig(AppConfig):
    name = "casewall.programme.notes"
    label = "programme_notes"

    def ready(self) -> None:
        from casewall.drafts.models import keep_drafts_in
        from casewall.programme.cases.parts import Part, add_part, add_today
        from casewall.programme.notes.models import ProgrammeDraft
        from casewall.programme.notes.part import read, today

        keep_drafts_in(ProgrammeDraft)
        add_part(Part("notes", "Notes", 10, read))
        add_today("notes", today)
