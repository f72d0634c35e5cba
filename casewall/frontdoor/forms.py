"""The three public forms. What is wrong is said beside the box, and nothing typed is lost.

They look at what was typed and at nothing else. Browsers are asked to remember none of it: the
device may not be the person's own.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casewall.frontdoor.rules import (
    ANSWERS,
    CLIENT_TEXT_LABEL,
    LONGEST,
    MOST_CHILDREN,
    OLDEST,
    RELATIONS,
    ROUTES,
    SEXES,
    is_phone,
    names_somebody,
    reference_of,
    same_person,
)
from casewall.pages.dates import DayMonthYearField
from casewall.services.schema import Service

_EMAIL = re.compile(r"[^\s@<>,;\"]{1,64}@[^\s@<>,;\"]{1,190}")
_FORGET = {"autocomplete": "off", "spellcheck": "false", "dir": "auto"}


Words = str | Promise
"""Words in the language of the page."""


def _day(value: date) -> str:
    return date_format(value, "j F Y")


class _Text(forms.CharField):
    """One line, or several, of at most so many characters."""

    def __init__(self, label: Words, kind: str, *, lines: int = 1, width: str = "", **more: Any):
        longest = LONGEST[kind]
        css = {"class": f"govuk-input--width-{width}"} if width else {}
        attrs = {**_FORGET, **css}
        widget = forms.Textarea(attrs={**attrs, "rows": lines}) if lines > 1 else None
        super().__init__(
            label=label, max_length=longest, required=more.pop("required", False),
            widget=widget or forms.TextInput(attrs=attrs),
            error_messages={
                "required": _("Write it here."),
                "max_length": format_lazy(
                    _("At most {most} characters fit; you have written %(show_value)d."),
                    most=f"{longest:,}"),
                "null_characters_not_allowed":
                    _("There is a character in it that cannot be kept. Write it again.")},
            **more)
        self.lines = lines

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        # A browser counts a line's end as one character and sends two.
        return text.replace("\r\n", "\n") if self.lines > 1 else " ".join(text.split())


class _Phone(_Text):
    """A phone number; whether it is one depends on the service's country, see `_check_phones`."""

    def __init__(self, label: Words = "", **more: Any):
        super().__init__(label or _("Phone"), "phone", width="20", **more)
        self.widget.input_type = "tel"
        self.widget.attrs["dir"] = "ltr"


class _Email(_Text):
    def __init__(self, label: Words = "", **more: Any):
        super().__init__(label or _("E-mail"), "email", **more)
        self.widget.input_type = "email"
        self.widget.attrs["dir"] = "ltr"

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not _EMAIL.fullmatch(value):
            raise ValidationError(
                gettext("Write one e-mail address, such as name@example.com."))


class _Day(DayMonthYearField):
    """A day that is past, within so many years."""

    def __init__(self, label: Words, years: int = OLDEST, **more: Any):
        super().__init__(label=label, required=False, **more)
        self.years = years

    def run_validators(self, value: date) -> None:
        today = timezone.localdate()
        if value > today:
            raise ValidationError(gettext("%(day)s has not come yet.") % {"day": _day(value)})
        if today.year - value.year > self.years:
            raise ValidationError(gettext("%(day)s is more than %(years)d years ago.") % {
                "day": _day(value), "years": self.years})


def _choices(words: dict[str, str]) -> list[tuple[str, Words]]:
    return [(code, _(said)) for code, said in words.items()]


def _choice(label: Words, words: dict[str, str], **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=_choices(words), required=more.pop("required", False),
        widget=forms.RadioSelect(attrs={"class": "govuk-radios--inline"}),
        error_messages={"required": _("Choose one."),
                        "invalid_choice": _("Choose one of the answers.")}, **more)


class _DoorForm(forms.Form):
    """A form for one of the services on offer; asked which only where there are several."""

    PHONES: tuple[str, ...] = ()

    def __init__(self, *args: Any, services: tuple[Service, ...], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.services = {service.id: service for service in services}
        if len(services) > 1:
            self.fields["service"] = forms.ChoiceField(
                label=_("Service"),
                choices=[("", _("Choose")), *((s.id, s.name) for s in services)],
                error_messages={"required": _("Choose one."),
                                "invalid_choice": _("Choose one of the list.")})

    @property
    def service(self) -> Service | None:
        """The service that was chosen, or the only one; None while none is chosen."""
        if len(self.services) == 1:
            return next(iter(self.services.values()))
        return self.services.get(self.cleaned_data.get("service", ""))

    def filled(self) -> dict[str, Any]:
        """What was filled in, without the choice of the service."""
        return {key: value for key, value in self.cleaned_data.items() if key != "service"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.service is not None:
            for key in self.PHONES:
                text = cleaned.get(key, "")
                if text and not is_phone(text, self.service.phone_prefix):
                    self.add_error(key, gettext(
                        "Write one phone number in figures, for example %(example)s.") % {
                            "example": f"{self.service.phone_prefix} 20 00 00 01"})
        return cleaned


class SelfReferralForm(_DoorForm):
    """Somebody who wants help to change his or her own behaviour."""

    PHONES = ("phone",)

    given_name = _Text(_("First name"), "name", required=True,
                       help_text=_("The name that we should use when we speak with you."))
    family_name = _Text(_("Family name"), "name")
    phone = _Phone(help_text=_("We need a phone number, an e-mail address or a postal address."))
    email = _Email()
    address = _Text(_("Address"), "address")
    language = _Text(_("Language that you want to speak"), "language", width="20")
    born_on = _Day(_("Date of birth"), help_text=_("For example, 27 3 1985"))
    sex = _choice(_("Sex"), SEXES)
    text = _Text(_("What you want us to know before we talk"), "message", lines=6,
                 help_text=_("It goes into your file, and you can read it there."))
    agree = forms.BooleanField(
        label=_("Somebody from the service may contact me in this way"),
        error_messages={
            "required": _("Tick the box if we may contact you. Without it we cannot.")})

    def clean_given_name(self) -> str:
        name: str = self.cleaned_data["given_name"]
        if not names_somebody(name):
            raise ValidationError(gettext("Write it in letters."))
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        ways = ("phone", "email", "address")
        if not any(cleaned.get(way) or way in self.errors for way in ways):
            self.add_error("phone", gettext(
                "Write a phone number, an e-mail address or a postal address, "
                                    "so that we can reach you."))
        return cleaned


class ProfessionalForm(_DoorForm):
    """Somebody who refers a client, a partner or both, as part of his or her work."""

    PHONES = ("client_phone", "partner_phone", "partner_safe_phone")

    referrer_agency = _Text(_("Your agency"), "agency", required=True)
    referrer_name = _Text(_("Your name"), "name", required=True)
    referrer_email = _Email(_("Your work e-mail"),
                            help_text=_("If you have an account with the programme, the referral "
                                      "then appears in your list."))
    route = forms.ChoiceField(
        label=_("You refer from"), choices=[("", _("Choose")), *_choices(ROUTES)],
        error_messages={"required": _("Choose one."),
                        "invalid_choice": _("Choose one of the list.")})
    reference = _Text(_("Your reference"), "reference", width="20",
                      help_text=_("A case number, if you have one. It stays off the client's "
                                  "file."))

    client_given_name = _Text(_("First name"), "name")
    client_family_name = _Text(_("Family name"), "name")
    client_born_on = _Day(_("Date of birth"), help_text=_("For example, 27 3 1985"))
    client_sex = _choice(_("Sex"), SEXES)
    client_phone = _Phone()
    client_email = _Email()
    client_address = _Text(_("Address"), "address")
    client_language = _Text(_("Language"), "language", width="20")
    client_consent = _choice(_("Has this person agreed to be referred?"), ANSWERS)
    client_text = _Text(
        _(CLIENT_TEXT_LABEL), "client_text", lines=5,
        help_text=_("Write only what you would say to the client. Name nobody else here."))

    partner_given_name = _Text(_("First name"), "name")
    partner_family_name = _Text(_("Family name"), "name")
    partner_relation = _choice(_("Current or former partner?"), RELATIONS)
    partner_born_on = _Day(_("Date of birth"), help_text=_("For example, 27 3 1985"))
    partner_sex = _choice(_("Sex"), SEXES)
    partner_phone = _Phone()
    partner_safe_phone = _Phone(_("Phone that is safe to call"),
                                help_text=_("Only if the partner told you so."))
    partner_safe_to_call = _choice(_("Is it safe to call?"), ANSWERS)
    partner_safe_times = _Text(_("Safe times"), "times", help_text=_("For example: before 15.00"))
    partner_email = _Email()
    partner_address = _Text(_("Address"), "address")
    partner_language = _Text(_("Language"), "language", width="20")
    partner_consent = _choice(_("Has this person agreed to be referred?"), ANSWERS)

    incident_on = _Day(_("Date of the incident"), help_text=_("If there was one."))
    children_count = forms.IntegerField(
        label=_("Number of children"), required=False, min_value=0, max_value=MOST_CHILDREN,
        help_text=_("0 if there are none. Leave it empty if you do not know."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-3",
                                      "autocomplete": "off"}),
        error_messages={
            "invalid": _("Write a whole number."),
            "min_value": _("Write 0 or more."),
            "max_value": _("%(limit_value)d is the most that can be written.")})
    known_orders = _Text(_("Court orders that you know of"), "orders", lines=3)
    notes = _Text(_("Your notes"), "notes", lines=8,
                  help_text=_("For the coordination and the partner's worker. The client never "
                              "reads them."))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        client, partner = (self._party(who, cleaned) for who in ("client", "partner"))
        if not client and not partner and not self.errors:
            self.add_error("client_given_name", gettext(
                "Write about one person at least: the client or the partner."))
        for who, party in (("client", client), ("partner", partner)):
            self._check_name(who, party)
        if client and partner and same_person(client, partner):
            self.add_error("partner_given_name", gettext(
                "Both people have the same name and date of "
                                                 "birth. Correct one of them."))
        return cleaned

    def _party(self, who: str, cleaned: dict[str, Any]) -> dict[str, Any]:
        """What was said of one party; "not said" says nothing."""
        prefix = f"{who}_"
        return {key.removeprefix(prefix): value for key, value in cleaned.items()
                if key.startswith(prefix) and value not in (None, "", "unknown")}

    def _check_name(self, who: str, party: dict[str, Any]) -> None:
        keys = [f"{who}_given_name", f"{who}_family_name"]
        if not party or any(key in self.errors for key in keys):
            return
        if not names_somebody(party.get("given_name", ""), party.get("family_name", "")):
            self.add_error(keys[0], gettext(
                "Write this person's name, as far as you know it."))


class MessageForm(_DoorForm):
    """Somebody who referred a client writes about that referral."""

    sender_name = _Text(_("Your name"), "name", required=True)
    sender_email = _Email(_("Your work e-mail"), required=True)
    reference = forms.CharField(
        label=_("Reference of the referral"), max_length=40,
        help_text=_("Eight characters, 0–9 and a–f, as the programme's pages and letters show it."),
        widget=forms.TextInput(attrs={**_FORGET, "dir": "ltr", "class": "govuk-input--width-10"}),
        error_messages={
            "required": _("Write the reference."),
            "max_length": _("The reference has eight characters."),
            "null_characters_not_allowed": _("The reference has eight characters, 0–9 and a–f.")})
    text = _Text(_("Your message"), "message", lines=8, required=True)
    may_read = forms.BooleanField(
        label=_(CLIENT_TEXT_LABEL), required=False,
        help_text=_("Leave it empty if the client must not read what you write. The service "
                    "decides what goes into the file."))

    def clean_sender_name(self) -> str:
        name: str = self.cleaned_data["sender_name"]
        if not names_somebody(name):
            raise ValidationError(gettext("Write it in letters."))
        return name

    def clean_reference(self) -> str:
        reference = reference_of(self.cleaned_data["reference"])
        if not reference:
            raise ValidationError(
                gettext("Write the eight characters of the reference, 0–9 and a–f."))
        return reference
