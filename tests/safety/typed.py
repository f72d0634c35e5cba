"""Typing into a form without saving it, as the script of a page does."""

from __future__ import annotations

import json
from html import unescape

from django.test import Client
from django.urls import reverse


def token_of(page: str) -> str:
    """The token of the draft of the form on a page."""
    return unescape(page.split('data-casewall-draft="')[1].split('"')[0])


def keep_typed(client: Client, page: str, **boxes: str) -> int:
    """Send what stands in some boxes as a draft; the status of the answer."""
    answer = client.post(
        reverse("draft_save"),
        {
            "draft": token_of(page),
            "fields": json.dumps(list(boxes.items())),
            "base": "0",
            "tab": "a",
            "turn": "1",
        },
    )
    return answer.status_code
