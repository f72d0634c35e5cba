"""Forms about agencies, shares, reports of this side and the ledger. Each keeps what was typed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from casewall.safety.partners.forms import Once
from casewall.safety.sharing.models import AgencyContact, ExternalAgency, SafetyReport
from casewall.safety.sharing.rules import (
    DEFAULT_SHARE_DAYS,
    AgencyKind,
    Asked,
    Basis,
    Condition,
    ReportFor,
    Route,
    Section,
    ShareFor,
)
from casewall.safety.sharing.words import worded, words_of
from casewall.safety.support.forms.fields import (
    FileForm,
    day_field,
    line_field,
    one_of,
    text_field,
    yes_no,
)

STAYS_HERE = "Stays on the safety side. Nothing of it can be seen by the programme."
NO_CHOICE = ("", "None")
YES, NO = "yes", "no"


def _version() -> forms.IntegerField:
    return forms.IntegerField(widget=forms.HiddenInput, label="Version of the record")


def _choice(label: str, help_text: str = "", **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, help_text=help_text, **more)


class AgencyForm(Once):
    """An agency outside the service."""

    service = _choice("Which service is it for?")
    name = line_field("Name of the agency")
    kind = one_of("What kind of agency is it?", worded(AgencyKind))
    area = line_field("Area", "The district or the courts that it is for.", required=False)
    note = text_field("Note", 3, "About the agency. Write nothing about a person here.")
    version = forms.IntegerField(widget=forms.HiddenInput, label="Version", required=False)

    def __init__(self, *args: Any, services: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["service"].choices = services
        if len(services) == 1:
            self.fields["service"].initial = services[0][0]
            self.fields["service"].widget = forms.HiddenInput()


class ContactForm(Once):
    """A way to reach an agency."""

    name = line_field("Office or person")
    role = line_field("What for", "For example: out of hours, duty desk.", required=False)
    phone = line_field("Phone", required=False, max_length=40)
    email = line_field("E-mail", required=False, max_length=200)
    address = text_field("Postal address", 3)


class AgreementForm(Once):
    """An agreement on sharing."""

    what = text_field("What may be shared?", 3, required=True)
    basis = one_of("On what basis?", worded(Basis))
    first_on = day_field("From")
    last_on = day_field("Until", "The last day on which it holds.", initial=None)


class ShareForm(FileForm):
    """Something that was shared with an agency."""

    past = ("shared_on", "consent_on")
    agency = _choice("With which agency?", "An agency that is not on the list has to be written "
                     "into the directory first.")  # fmt: skip
    person = line_field("Who received it?", "The office, and the person where known. Never the "
                        "client or the partner.")  # fmt: skip
    purpose = one_of("For what purpose?", worded(ShareFor))
    what = text_field("What was shared, in words", 4, "As little as the purpose needs. Leave it "
                      "empty only where a report below says it all.")  # fmt: skip
    document = _choice("A report that was released", required=False)
    basis = one_of("On what lawful basis?", worded(Basis))
    condition = _choice("A further condition, where your law asks for one", required=False)
    consented = yes_no("Is there consent to exactly this?")
    consent_on = day_field("Since when?", required=False, initial=None)
    without_because = text_field("Why is it shared without consent?", 3, STAYS_HERE)
    shared_on = day_field("When was it shared?")
    expires_on = day_field("Until when does the share hold?", "A year at the most.")

    def __init__(self, *args: Any, agencies: list[ExternalAgency], reports: list[SafetyReport],
                 **kwargs: Any):  # fmt: skip
        super().__init__(*args, **kwargs)
        self.agencies = {str(one.pk): one for one in agencies}
        self.reports = {str(one.pk): one for one in reports}
        self.fields["agency"].choices = [
            ("", "Choose"),
            *((key, f"{one.name} ({words_of(AgencyKind, one.kind).lower()})")
              for key, one in self.agencies.items()),
        ]  # fmt: skip
        self.fields["condition"].choices = [NO_CHOICE, *worded(Condition)]
        self.fields["document"].choices = [NO_CHOICE, *(
            (key, f"{words_of(ReportFor, one.addressed_to)}, released "
             f"{one.released_on:%-d %B %Y}") for key, one in self.reports.items()
        )]  # fmt: skip
        if not reports:
            self.fields["document"].widget = forms.HiddenInput()
        self.fields["expires_on"].initial = timezone.localdate() + timedelta(
            days=DEFAULT_SHARE_DAYS
        )


class RecallForm(Once):
    """Why something is recalled."""

    reason = text_field("Why is it recalled?", 3, STAYS_HERE, required=True)
    version = _version()


class ToldForm(FileForm):
    """Who was told of a recall."""

    past = ("on",)
    whom = line_field("Who was told?")
    on = day_field("When?")


class MessageForm(FileForm):
    """A message that a worker sent to the agency of a share."""

    past = ("sent_on",)
    route = one_of("How did you send it?", worded(Route))
    contact = _choice("To which office?", required=False)
    words = text_field("What does it say?", 5, STAYS_HERE, required=True)
    sent_on = day_field("When was it sent?")

    def __init__(self, *args: Any, contacts: list[AgencyContact], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.contacts = {str(one.pk): one for one in contacts}
        self.fields["contact"].choices = [
            ("", "None of those below"),
            *((key, f"{one.name}{': ' + one.role if one.role else ''}")
              for key, one in self.contacts.items()),
        ]  # fmt: skip


class ReceiptForm(FileForm):
    """Who at the agency acknowledged a message."""

    past = ("on",)
    whom = line_field("Who acknowledged it?")
    on = day_field("When?")
    receipt = text_field("What did they say?", 3, STAYS_HERE)


class ReportForm(FileForm):
    """A report of this side: for whom, on what basis, with which sections of the allow-list."""

    past = ("consent_on",)
    addressed_to = one_of("For whom is it?", worded(ReportFor))
    recipient = line_field("Name of the recipient", "The court and the number of the case, or the "
                           "social worker and the authority.")  # fmt: skip
    asked_by = line_field("Who asked for it, and when?", required=False)
    title = line_field("Title", initial="Report")
    named = line_field("How is the person called in the report?", "Where the other party does not "
                       "know a new name, write the earlier one or initials.")  # fmt: skip
    basis = one_of("On what lawful basis?", worded(Basis))
    consented = yes_no("Is there consent to this report?")
    consent_on = day_field("Since when?", required=False, initial=None)
    sections = forms.MultipleChoiceField(
        label="Which sections does it hold?", widget=forms.CheckboxSelectMultiple,
        help_text="Nothing else can stand in it. No section reads an address, a phone number, a "
        "school or a court.",
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, label="Version", required=False)

    def __init__(self, *args: Any, allowed: tuple[Section, ...], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.allowed = allowed
        self.fields["sections"].choices = worded(allowed)
        for section in allowed:
            self.fields[f"words_{section}"] = text_field(
                f"{words_of(Section, section)}: in your words", 4,
                "The client may receive this. Write no place, no number, and nothing that was said "
                "in confidence.",
            )  # fmt: skip

    def words(self) -> dict[Section, str]:
        """What was written for each section."""
        return {one: self.cleaned_data.get(f"words_{one}", "") for one in self.allowed}

    def chosen(self) -> list[Section]:
        """The sections that were chosen."""
        return [Section(one) for one in self.cleaned_data["sections"]]


class CheckForm(Once):
    """The second person's check: three questions about each section."""

    version = _version()

    def __init__(self, *args: Any, sections: list[Section], overlaps: tuple[str, ...],
                 **kwargs: Any):  # fmt: skip
        super().__init__(*args, **kwargs)
        self.sections = sections
        for section in sections:
            for asked in Asked:
                self.fields[f"{section}_{asked}"] = yes_no(
                    words_of(Asked, asked),
                    error_messages={"required": "Answer all three questions about this section."},
                )
            self.fields[f"{section}_accepted"] = text_field(
                "Where you said yes: why may it stand?", 2, STAYS_HERE
            )
        if overlaps:
            self.fields["overlaps_seen"] = forms.BooleanField(
                label="I have read these words, and they may stand", required=False
            )

    def groups(self) -> list[tuple[Section, list[Any]]]:
        """The fields of each section, to stand beside it on the page."""
        names = [*Asked, "accepted"]
        return [(one, [self[f"{one}_{name}"] for name in names]) for one in self.sections]

    def answers(self) -> dict[Section, dict[Asked, bool | None]]:
        """The answers, None where a question was left open."""
        given = self.cleaned_data
        return {one: {asked: given.get(f"{one}_{asked}") for asked in Asked}
                for one in self.sections}  # fmt: skip

    def accepted(self) -> dict[Section, str]:
        """Why what was found may stand."""
        return {one: self.cleaned_data.get(f"{one}_accepted", "") for one in self.sections}


class ReturnForm(Once):
    """What must change in a report."""

    note = text_field("What must change?", 3, "For the writer.", required=True)
    version = _version()


class WithdrawForm(Once):
    """Why a report is withdrawn."""

    note = text_field("Why is it withdrawn?", 3, STAYS_HERE, required=True)
    version = _version()


class GivenForm(FileForm):
    """To whom a kept release was given."""

    past = ("on",)
    recipient = line_field("To whom was it given?")
    on = day_field("When?")


class WhichFilter(forms.Form):
    """Which exports to list."""

    which = forms.ChoiceField(label="Which", required=False, choices=[
        ("", "All"), ("recalled", "Recalled"), ("untold", "Recalled, recipient not told yet"),
    ])  # fmt: skip


