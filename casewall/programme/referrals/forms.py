"""The form that says whose referral a case is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

NOBODY = "Nobody with an account"


class WhoseForm(forms.Form):
    """An account of a referrer, or none. `seen` is whose it was when the form was shown."""

    referrer = forms.TypedChoiceField(
        label="Whose referral is it?",
        required=False,
        coerce=UUID,
        empty_value=None,
        help_text="This account then sees the status, the attendance, the next appointment and "
        "the reports that were released; nothing else.",
        error_messages={"invalid_choice": "Choose one of the list."},
    )
    seen = forms.UUIDField(required=False, widget=forms.HiddenInput, label="Whose it was")

    def __init__(self, *args: Any, accounts: dict[UUID, str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["referrer"].choices = [
            ("", NOBODY),
            *((str(key), words) for key, words in accounts.items()),
        ]

    def show_again(self, now: UUID | None) -> None:
        """What stands now is what was seen, when the form is sent once more."""
        self.data = self.data.copy()
        self.data["seen"] = str(now or "")
