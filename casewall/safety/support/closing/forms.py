"""The forms of closing a file and of opening it again."""

from __future__ import annotations

from django import forms

from casewall.safety.support.closing.rules import CLOSE_WORDS, OPEN_WORDS
from casewall.safety.support.forms.fields import FileForm, day_field, one_of, text_field


class CloseForm(FileForm):
    """Why and since when a file is closed."""

    past = ("on",)

    reason: forms.ChoiceField = one_of(
        "Why is the file closed?", [(one.value, words) for one, words in CLOSE_WORDS.items()]
    )
    on = day_field("Closed on")
    note = text_field("Note", help_text="Needed for “Another reason”.")


class OpenForm(FileForm):
    """Why and since when a file is open again."""

    past = ("on",)

    reason: forms.ChoiceField = one_of(
        "Why is the file opened again?", [(one.value, words) for one, words in OPEN_WORDS.items()]
    )
    on = day_field("Open again from")
    note = text_field("Note", help_text="Needed for “Another reason”.")
