"""The addresses of a desk, the same on both sites."""

from __future__ import annotations

from typing import Any

from django.urls import path

from casewall.programme.retention.pages import Pages

_ADDRESSES = {
    "keeping": "keeping/",
    "keeping-file": "keeping/<slug:kind>/<uuid:pk>/",
    "keeping-hold": "keeping/<slug:kind>/<uuid:pk>/hold/",
    "keeping-delete": "keeping/<slug:kind>/<uuid:pk>/delete/",
    "keeping-lift": "keeping/holds/<uuid:pk>/lift/",
    "keeping-deletion": "keeping/decisions/<uuid:pk>/",
    "keeping-refuse": "keeping/decisions/<uuid:pk>/refuse/",
}
"""`<slug:kind>` takes `case`, `partner_file`, `child`; a decision is found before a kind is."""


def addresses(pages: Pages) -> list[Any]:
    """The patterns of one desk."""
    views = pages.views()
    first = ("keeping", "keeping-deletion", "keeping-refuse", "keeping-lift")
    names = [*first, *(name for name in _ADDRESSES if name not in first)]
    return [path(_ADDRESSES[name], views[name], name=name) for name in names]
