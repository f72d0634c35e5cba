"""How sign-in differs from the package's defaults."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.utils.translation import gettext_lazy as _

from casewall.vault.cipher import lock, unlock
from casewall.vault.keys import keys_of
from casewall.wall.context import current_side


class ClosedSignup(DefaultAccountAdapter):
    """Accounts are made by an administrator, never by signing up."""

    def is_open_for_signup(self, request: Any) -> bool:
        return False

    def set_password(self, user: Any, password: str) -> None:
        """Write the password alone: the site's role may change nothing else of an account."""
        user.set_password(password)
        user.save(update_fields=["password"])


class SealedSecrets(DefaultMFAAdapter):
    """Second-factor secrets are encrypted; the package keeps them in the clear by default."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "passkey_refused": _("This passkey was not accepted. Try again, or use another way.")
    }

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The host that a passkey is for: this site's own, without a port. All are called alike."""
        return {**super().get_public_key_credential_rp_entity(), "name": "Casewall"}

    def encrypt(self, text: str) -> str:
        return lock(text, key=keys_of(current_side()).field, place="mfa").hex()

    def decrypt(self, encrypted_text: str) -> str:
        return unlock(bytes.fromhex(encrypted_text), key=keys_of(current_side()).field, place="mfa")
