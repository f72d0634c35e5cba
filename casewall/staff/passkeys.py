"""Passkeys and security keys as a second factor: what the package's forms take from a browser.

A key answers for one host name. A browser lets a page of one site ask for the keys of the host
above it, and every port of a machine is one host, so the address that the key answered to must
also be this site's own, to the letter: scheme, name and port.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from allauth.mfa.webauthn.internal import auth
from django import forms
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from fido2.utils import websafe_decode

from casewall.staff.models import Worker

LONGEST_NAME = 60
_UNREADABLE = (KeyError, IndexError, AttributeError, TypeError, ValueError, OverflowError,
               struct.error)
"""What the package raises over an answer that no key has given."""


def passkeys_of(worker: Worker) -> list[Authenticator]:
    """The worker's passkeys, the oldest first."""
    found = Authenticator.objects.filter(user=worker, type=Authenticator.Type.WEBAUTHN)
    return list(found.order_by("pk"))


def is_last_factor(key: Authenticator, worker: Worker) -> bool:
    """Whether the worker would be left without a second factor. Recovery codes are none."""
    others = Authenticator.objects.filter(user=worker).exclude(pk=key.pk)
    return not others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


def asked_of(worker: Worker) -> str:
    """What the browser is asked for, as JSON; "" where the worker has no passkey."""
    return as_json(auth.begin_authentication(worker)) if passkeys_of(worker) else ""


def as_json(options: Any) -> str:
    """Options of the package as the page's script reads them."""
    return json.dumps(options, cls=DjangoJSONEncoder)


@contextmanager
def _one_refusal() -> Iterator[None]:
    """Whatever is wrong with an answer is said in the same words; too many tries stay told."""
    try:
        yield
    except ValidationError as refused:
        if refused.code != "incorrect_code":
            raise
    except _UNREADABLE:
        pass
    else:
        return
    raise get_adapter().validation_error("passkey_refused")


def _answered_here(answer: dict[str, Any]) -> None:
    told = json.loads(websafe_decode(answer["response"]["clientDataJSON"]))
    request = context.request
    if told["origin"] != f"{request.scheme}://{request.get_host()}" or told.get("crossOrigin"):
        raise ValueError("The key has answered to another site.")


class AddPasskey(AddWebAuthnForm):
    """A new passkey, with the name by which its worker knows it again."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label="Name of the passkey", max_length=LONGEST_NAME, required=False,
            help_text="So that you know it again, for example: key on my key ring.")

    def clean(self) -> dict[str, Any]:
        """What the key says, if it says it to this site."""
        with _one_refusal():
            if self.cleaned_data.get("credential"):
                _answered_here(self.cleaned_data["credential"])
            return super().clean()


class _Used:
    """A passkey that the worker has, used on this site."""

    def clean_credential(self) -> Authenticator:
        """Which of the worker's passkeys has answered."""
        with _one_refusal():
            _answered_here(self.cleaned_data["credential"])  # type: ignore[attr-defined]
            return super().clean_credential()  # type: ignore[misc]


class UsePasskey(_Used, AuthenticateWebAuthnForm):
    """The second step of signing in."""


class ConfirmByPasskey(_Used, ReauthenticateWebAuthnForm):
    """The second factor once more."""
