"""What a worker chooses before a partner is given a code, as a form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from casewall.measures.definitions import load as load_measure
from casewall.measures.over_time import title_of
from casewall.measures.schedule import WAVE_CHOICES
from casewall.safety.asking.rules import Device
from casewall.safety.asking.words import DEVICES, LANGUAGES
from casewall.wall.ids import new_id


class AskForm(forms.Form):
    """Which questions, for which time, in which language and on which device."""

    form_id = forms.UUIDField(widget=forms.HiddenInput)
    wave = forms.ChoiceField(
        label="For which time?",
        widget=forms.RadioSelect(attrs={"class": "govuk-radios--inline"}),
        choices=WAVE_CHOICES,
    )
    measures = forms.MultipleChoiceField(
        label="Which questions?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one."},
    )
    language = forms.ChoiceField(
        label="In which language?",
        widget=forms.RadioSelect(attrs={"class": "govuk-radios--inline"}),
        choices=list(LANGUAGES.items()),
        help_text="Own wording of Casewall in all three. No translation has been validated.",
    )
    device = forms.ChoiceField(
        label="On which device?",
        widget=forms.RadioSelect,
        choices=[(device.value, words) for device, words in DEVICES.items()],
        help_text="Only one to which nobody else has ever had access. If there is none, use a "
        "tablet of the agency, or ask on the phone.",
    )

    def __init__(self, *args: Any, measures: Sequence[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["form_id"].initial = new_id
        self.fields["measures"].choices = [
            (name, f"{title_of(load_measure(name))} ({len(load_measure(name).items)} questions)")
            for name in measures
        ]

    def chosen_device(self) -> Device:
        """The device as the action takes it."""
        return Device(self.cleaned_data["device"])
