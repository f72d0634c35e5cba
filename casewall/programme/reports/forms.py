"""The forms of documents and of their templates. Each keeps what was typed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from casewall.pages.dates import DayMonthYearField
from casewall.programme.cases.forms import time_field
from casewall.programme.cases.lists import language_name
from casewall.programme.reports.facts import Entries
from casewall.programme.reports.rules import (
    BASIS_WORDS,
    PURPOSE_OF,
    PURPOSE_WORDS,
    TO_THE_CLIENT,
    Basis,
    Kind,
)
from casewall.wall.ids import new_id

LONGEST_WORDS = 1500
"""Characters that a writer can add: a letter, not a file."""

_OWN_WORDS = (
    "Left empty, the text of the template stands alone. Write only what the client or "
    "the referrer told, and what you saw in sessions yourself: nothing from anybody "
    "else. Somebody else reads it before it goes."
)


_OF_A_PARTNER = (
    "Does anything in this text come from a partner, a former partner or a child, or from a "
    "statement that is for knowledge only?"
)
_OF_A_PARTNER_HINT = (
    "Findings rest on the sources that the report names. Think of what somebody else told, of an "
    "address, and of what could only be known from them."
)


class DocumentForm(forms.Form):
    """What its writer says about a document."""

    form_id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id, label="Number of the form")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, label="Version")
    language = forms.ChoiceField(
        label="Language", widget=forms.RadioSelect(attrs={"class": "govuk-radios--inline"})
    )
    ground = forms.ChoiceField(
        label="On what ground it goes out", required=False, widget=forms.RadioSelect
    )
    recipient = forms.CharField(
        label="To whom",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    purpose = forms.ChoiceField(
        label="What it is for", choices=[(p.value, w) for p, w in PURPOSE_WORDS.items()]
    )
    commission = forms.ChoiceField(
        label="For which commission",
        required=False,
        widget=forms.RadioSelect,
        help_text="The commission is closed when the report is issued.",
    )
    meeting_on = DayMonthYearField(label="Day of the meeting", help_text="For example, 27 3 2026")
    meeting_at = time_field("Time of the meeting")
    meeting_place = forms.CharField(
        label="Where the meeting is",
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    since = DayMonthYearField(
        label="From", required=False, help_text="Left empty: from the beginning of the course."
    )
    until = DayMonthYearField(label="To", required=False, help_text="Left empty: today.")
    own_words = forms.CharField(
        label="Words of your own",
        required=False,
        max_length=LONGEST_WORDS,
        help_text=_OWN_WORDS,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
    )

    def __init__(
        self,
        *args: Any,
        kind: Kind,
        languages: Iterable[str],
        releases: Iterable[Any],
        referrer: str,
        commissions: Iterable[Any] = (),
        **kwargs: Any,
    ):
        self.kind = kind
        listed = list(commissions)
        kwargs["initial"] = {"purpose": PURPOSE_OF[kind], **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["language"].choices = [(code, language_name(code)) for code in languages]
        for name in self._not_asked(bool(listed)):
            del self.fields[name]
        if "commission" in self.fields:
            fields["commission"].choices = [
                *((str(one.pk), f"{one.commissioned_by}, due on {one.due_on:%-d %B %Y}")
                  for one in listed),
                ("", "For none of them"),
            ]
        if "ground" in self.fields:
            fields["ground"].choices = [
                *(
                    (
                        f"release:{one.pk}",
                        f"{BASIS_WORDS[Basis.RELEASE]}: "
                        f"{one.recipient_name or 'the agency that referred'}",
                    )
                    for one in releases
                ),
                *(
                    (basis.value, text)
                    for basis, text in BASIS_WORDS.items()
                    if basis is not Basis.RELEASE
                ),
            ]
            self.fields["recipient"].help_text = (
                f"Left empty: {referrer or 'nobody; no agency is on file that referred'}. With a "
                "release it goes to whom the release names."
            )

    def _not_asked(self, commissioned: bool) -> set[str]:
        """Fields that this kind has no use for."""
        gone: set[str] = set() if commissioned else {"commission"}
        if self.kind in TO_THE_CLIENT:
            gone |= {"ground", "recipient", "purpose"}
        if self.kind is not Kind.INVITATION:
            gone |= {"meeting_on", "meeting_at", "meeting_place"}
        if self.kind is not Kind.ATTENDANCE_REPORT:
            gone |= {"since", "until"}
        return gone

    def clean(self) -> dict[str, Any]:
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if until and until > timezone.localdate():
            self.add_error("until", f"{until:%-d %B %Y} has not come yet.")
        if since and until and since > until:
            self.add_error("since", "The first day is after the last one.")
        return self.cleaned_data

    def entries(self) -> Entries:
        """What was typed, for the action. The form must be valid."""
        typed = self.cleaned_data
        ground = typed.get("ground", "")
        named, _, release = ground.partition(":")
        return Entries(
            recipient=typed.get("recipient", ""),
            purpose=typed.get("purpose") or PURPOSE_OF[self.kind],
            basis=Basis(named) if named else None,
            release=UUID(release) if release else None,
            since=typed.get("since"),
            until=typed.get("until"),
            meeting_on=typed.get("meeting_on"),
            meeting_at=typed.get("meeting_at"),
            meeting_place=typed.get("meeting_place", ""),
            own_words=typed["own_words"],
            commission=UUID(typed["commission"]) if typed.get("commission") else None,
        )


def initial_of(entries: Entries) -> dict[str, Any]:
    """Entries as the form shows them."""
    ground = f"release:{entries.release}" if entries.release else (entries.basis or "")
    return {
        "ground": ground,
        "recipient": entries.recipient,
        "purpose": entries.purpose,
        "since": entries.since,
        "until": entries.until,
        "meeting_on": entries.meeting_on,
        "meeting_at": entries.meeting_at,
        "meeting_place": entries.meeting_place,
        "own_words": entries.own_words,
        "commission": str(entries.commission) if entries.commission else "",
    }


class CheckForm(forms.Form):
    """The second person's answer."""

    version = forms.IntegerField(widget=forms.HiddenInput, label="Version")
    others = forms.ChoiceField(
        label="Does anything in this text come from somebody other than the client or the "
        "referrer?",
        help_text="What the programme saw in its own sessions is its own. Think of a partner, a "
        "former partner, a child, a neighbour: of what they told, and of what could "
        "only be known from them.",
        choices=[("no", "No, nothing"), ("yes", "Yes, or I am not sure")],
        error_messages={
            "required": "Say whether anything in it comes from somebody other than the client "
            "or the referrer."
        },
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label="What must change",
        error_messages={"required": "Say what must change, so that the writer knows."},
        max_length=LONGEST_WORDS,
        help_text="Needed when you return it.",
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    def __init__(self, *args: Any, kind: Kind | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if kind is Kind.RISK_REPORT:
            self.fields["others"].label = _OF_A_PARTNER
            self.fields["others"].help_text = _OF_A_PARTNER_HINT
            self.fields["others"].error_messages = {"required": _OF_A_PARTNER}
        returns = self.data.get("act") == "return"
        self.fields["others"].required = not returns
        self.fields["note"].required = returns

    def nothing_from_others(self) -> bool | None:
        """True: nothing; False: something, or not sure; None: not answered."""
        answer: str = self.cleaned_data["others"]
        return {"no": True, "yes": False}.get(answer)


class WithdrawForm(forms.Form):
    """Why a document is withdrawn."""

    version = forms.IntegerField(widget=forms.HiddenInput, label="Version")
    note = forms.CharField(
        label="Why it is withdrawn",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )


class UploadForm(forms.Form):
    """A Word file that becomes a template."""

    upload = forms.FileField(
        label="Word file (.docx)",
        allow_empty_file=True,
        widget=forms.ClearableFileInput(
            attrs={
                "accept": ".docx,application/vnd.openxmlformats-officedocument.wordprocessingml."
                "document"
            }
        ),
    )

    def clean_upload(self) -> Any:
        upload = self.cleaned_data["upload"]
        if not upload.name.lower().endswith(".docx"):
            raise ValidationError(f"“{upload.name}” is not a Word document (.docx).")
        return upload


class LetterheadForm(forms.Form):
    """The lines at the head of the agency's documents."""

    version = forms.IntegerField(widget=forms.HiddenInput, label="Version")
    text = forms.CharField(
        label="Letterhead",
        required=False,
        max_length=600,
        help_text="Name, address and telephone number of the agency, a line each. It goes to "
        "clients: write no address that a client should not know.",
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
    )
