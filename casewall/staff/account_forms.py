"""Forms of the pages about accounts."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib.auth.password_validation import validate_password

from casewall.staff.accounts import Account
from casewall.staff.models import Agency, Compartment, Worker
from casewall.wall.sides import SIDE_OF_ROLE, SYSTEM_ROLES, Role, Side


class AccountForm(forms.Form):
    """One account: who, as what, of which agency, for which files, until when."""

    form_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)
    name = forms.CharField(
        label="Name", max_length=120, error_messages={"required": "Write the name."})
    email = forms.EmailField(
        label="E-mail address at work", max_length=254,
        error_messages={"required": "Write the e-mail address.",
                        "invalid": "Write an e-mail address, like name@agency.example."})
    role = forms.ChoiceField(
        label="Role", widget=forms.RadioSelect, error_messages={"required": "Choose a role."})
    agency = forms.ChoiceField(
        label="Agency", error_messages={"required": "Choose an agency."})
    places = forms.TypedMultipleChoiceField(
        label="Whose files may be seen, within what the role sees", coerce=int, required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Administrators and evaluators see no files, whatever is chosen.")
    until = forms.DateField(
        label="Last day", required=False,
        help_text="For somebody who stays for a while. As day.month.year, for example 31.3.2027.",
        input_formats=["%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d"],
        error_messages={"invalid": "Write the last day as day.month.year."})
    active = forms.BooleanField(
        label="May sign in", required=False, initial=True,
        help_text="Without it the worker is signed out by the next page and cannot sign in.")

    def __init__(self, *args: Any, side: Side, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [
            (role.value, role.value.replace("_", " ").capitalize())
            for role in Role if SIDE_OF_ROLE[role] is side and role not in SYSTEM_ROLES
        ]  # fmt: skip
        agencies = list(Agency.objects.order_by("name").values_list("code", "name"))
        self.fields["agency"].choices = [("", "Choose an agency"), *agencies]
        rows = Compartment.objects.select_related("agency", "service").order_by(
            "service__name", "agency__name", "-sensitivity")
        self.fields["places"].choices = [
            (row.number, f"{row.service.name}: {row.agency.name}, {row.sensitivity}")
            for row in rows
        ]  # fmt: skip

    def account(self) -> Account:
        """What was typed, once it is valid."""
        typed = self.cleaned_data
        return Account(
            email=typed["email"], name=typed["name"], role=Role(typed["role"]),
            agency=typed["agency"], compartments=frozenset(typed["places"]),
            until=typed["until"], active=typed["active"])

    @staticmethod
    def of(worker: Worker, places: frozenset[int]) -> dict[str, Any]:
        """An account as the form begins with it."""
        return {
            "name": worker.name, "email": worker.email, "role": worker.role,
            "agency": worker.agency_id, "places": sorted(places), "until": worker.until,
            "active": worker.is_active,
        }  # fmt: skip


class SubjectForm(forms.Form):
    """Who a worker is at the agency's issuer. Empty ends it."""

    subject = forms.CharField(
        label="The worker's subject at the agency's sign-in", max_length=255, required=False,
        help_text="What the issuer sends as “sub”, letter by letter; whoever keeps the agency's "
                  "sign-in knows it. Leave it empty to end this way of signing in.")


class FirstPasswordForm(forms.Form):
    """A password, twice."""

    password = forms.CharField(
        label="New password", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 15 characters. Several words that you can remember are good.",
        error_messages={"required": "Write a password."})
    again = forms.CharField(
        label="The same password again",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Write the password again."})

    def clean_password(self) -> str:
        """The password, if it is good enough."""
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password

    def clean(self) -> dict[str, Any]:
        """Both boxes must hold the same."""
        typed = super().clean() or {}
        if typed.get("password") and typed.get("again") and typed["password"] != typed["again"]:
            self.add_error("again", "This is not the same password.")
        return typed
