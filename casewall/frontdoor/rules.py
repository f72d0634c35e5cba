"""What a public form becomes before it is sealed. Pure: it looks at the form itself, never at
anything that is stored, so that nobody can learn from it whom we know."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from casewall.vault.names import phone_key, tokens

CLIENT_TEXT_LABEL = "For the client's file; the client may read it"

SEXES = {"female": "Woman", "male": "Man", "other": "Other", "unknown": "Not said"}
ANSWERS = {"yes": "Yes", "no": "No", "unknown": "Not known"}
RELATIONS = {"current": "Current partner", "former": "Former partner", "unknown": "Not known"}
ROUTES = {
    "police": "Police",
    "probation": "Probation",
    "family_court": "Family court",
    "child_social_care": "Children's social care",
    "adult_social_care": "Adult social care",
    "health": "Health care",
    "substance_service": "Substance use service",
    "marac": "MARAC",
    "other_agency": "Another agency",
}
"""Where a professional refers from. A self-referral is the other form."""

LONGEST = {
    "name": 200, "phone": 60, "email": 254, "address": 500, "language": 40, "reference": 200,
    "agency": 200, "times": 500, "orders": 5_000, "client_text": 20_000, "notes": 20_000,
    "message": 5_000,
}
"""Characters that fit into each kind of box: no more than what the other end takes in."""

MOST_CHILDREN = 30
OLDEST = 120
"""Years: a date of birth before that is a slip of the pen."""

_EMERGENCY = {"GB": "999", "US": "911"}
_DAYS = ("received_on", "referred_on", "received_at")
_REFERENCE = re.compile(r"[0-9a-f]{8}")


def emergency_number(country: str) -> str:
    """The number to call in danger. 112 holds all over Europe and in much of the world."""
    return _EMERGENCY.get(country, "112")


def names_somebody(*names: str) -> bool:
    """Whether there is a letter or figure in what stands as a name."""
    return any(tokens(name) for name in names)


def is_phone(text: str, prefix: str) -> bool:
    """Whether it is one phone number; the same rule as for referral files."""
    return bool(phone_key(text, prefix))


def same_person(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two parties have one name, in whichever order, and one known date of birth."""
    return (one.get("born_on") is not None and one.get("born_on") == other.get("born_on")
            and _name(one) == _name(other))


def _name(person: Mapping[str, Any]) -> list[str]:
    return sorted(tokens(f"{person.get('given_name', '')} {person.get('family_name', '')}"))


def self_referral(filled: Mapping[str, Any], *, service: str, prefix: str, today: date
                  ) -> dict[str, Any]:
    """The content for the programme side: the same slots as every client's part has, whatever was
    left out. The identifier is the inbox's own. `agree` was needed to send, so consent is yes."""
    born_on = filled.get("born_on")
    return {
        "service": service,
        "slots": {
            "given_name": filled.get("given_name", ""),
            "family_name": filled.get("family_name", ""),
            "born_on": born_on.isoformat() if born_on else None,
            "sex": filled.get("sex") or "unknown",
            "phone": phone_key(filled.get("phone", ""), prefix),
            "email": filled.get("email", ""),
            "address": filled.get("address", ""),
            "language": filled.get("language", ""),
            "consent": "yes",
            "route": "self",
            "referrer_agency": "",
            "referrer_email": "",
            "received_on": today.isoformat(),
            "text": filled.get("text", ""),
        },
    }


def professional_referral(filled: Mapping[str, Any], *, service: str, today: date
                          ) -> dict[str, Any]:
    """The content for the safety side, which splits it: every field that was filled in, as text,
    and the day."""
    fields = {key: value.isoformat() if isinstance(value, date) else str(value)
              for key, value in filled.items() if value not in (None, "")}
    return {"service": service, "fields": {**fields, "referred_on": today.isoformat()}}


def reference_of(text: str) -> str:
    """A case's reference as it is written everywhere: eight characters 0–9 and a–f, or nothing.

    Spaces and capitals do not count: people read it out and write it down.
    """
    plain = "".join(text.split()).lower()
    return plain if _REFERENCE.fullmatch(plain) else ""


def referrer_message(filled: Mapping[str, Any], *, service: str, at: datetime) -> dict[str, Any]:
    """The content for the safety side: who writes, about which reference, and the words.

    `may_read` says that the sender wrote them for the client's file.
    """
    return {
        "service": service,
        "message": {
            "sender_name": filled["sender_name"],
            "sender_email": filled["sender_email"],
            "reference": filled["reference"],
            "text": filled["text"],
            "may_read": bool(filled.get("may_read")),
            "received_at": at.isoformat(timespec="seconds"),
        },
    }


def entry_id(secret: str, side: str, form: UUID, content: Mapping[str, Any]) -> UUID:
    """The identifier of an inbox entry: nobody can foresee it, and sending one form twice gives
    the same one.

    Another text in the same form, after a step back in the browser, is another entry: nothing
    that was typed may be taken for a repetition of something else. The day does not count, since
    midnight may pass between two clicks.
    """
    timeless = {name: {key: value for key, value in part.items() if key not in _DAYS}
                if isinstance(part, Mapping) else part for name, part in content.items()}
    said = json.dumps(timeless, sort_keys=True, ensure_ascii=False)
    mac = hmac.new(secret.encode(), f"door:{side}:{form}:{said}".encode(), hashlib.sha256)
    return UUID(bytes=mac.digest()[:16], version=4)
