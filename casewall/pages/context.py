"""What every template knows about the site that it is shown on."""

from collections.abc import Collection, Iterator

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from casewall.staff import idle

SIDES = {"programme": _("Programme side"), "safety": _("Safety side"), "front_door": ""}


def site(request: HttpRequest) -> dict:
    """Context processor: `site_name`, `service_name`, `side`, `side_label`, `side_class`, `demo`,
    `navigation`, `session_ends` (signed-in people only) and `search_url`.
    """
    user = getattr(request, "user", None)
    signed_in = getattr(user, "is_authenticated", False)
    role = getattr(user, "role", "")
    searches = signed_in and _for_role(getattr(settings, "CASEWALL_SEARCH_ROLES", ()), role)
    return {
        **standing(),
        "navigation": navigation(request.path, role) if signed_in else [],
        "session_ends": session_ends(request) if signed_in else None,
        "search_url": _address(getattr(settings, "CASEWALL_SEARCH_URL", "")) if searches else "",
    }


FIRST = 4
"""As many entries of the navigation, beside the current one and *More*, stand on a phone."""


def standing() -> dict:
    """The part of the context that depends on the site alone, never on a request.

    Error pages are drawn with this and nothing else, so that a record that is hidden and one that
    does not exist give the same bytes.

    A process that belongs to neither side (`CASEWALL_SIDE` None) looks neutral. Raises KeyError
    when the setting is something else than the three words.
    """
    side = getattr(settings, "CASEWALL_SIDE", None) or "front_door"
    return {
        "site_name": getattr(settings, "CASEWALL_SITE_NAME", "Casewall"),
        "service_name": getattr(settings, "CASEWALL_SERVICE_NAME", ""),
        "side": side,
        "side_label": SIDES[side],
        "side_class": "cw-side-" + side.replace("_", "-"),
        "demo": bool(getattr(settings, "CASEWALL_DEMO", False)),
    }


def session_ends(request: HttpRequest) -> dict | None:
    """When the session ends: `left` and `warning` in seconds, `url` to ask or to stay; None where
    there is no session or no such page.

    `left` is what every page that was just asked for has at least, so that two such pages are the
    same bytes; it is less only where a whole day's work is nearly over.
    """
    session, url = getattr(request, "session", None), _address("stay")
    if session is None or not url:
        return None
    left = min(idle.left_after_use(), idle.left_of(session))
    return {"left": left, "warning": idle.warning(), "url": url}


def navigation(path: str, role: str = "") -> list[dict]:
    """`settings.CASEWALL_NAVIGATION` as dicts of label, url and whether one is there now.

    An entry is a label and a url name, and where not everybody has the page, the roles that do.
    Where there are pages that are not of every day, a page of links to them comes last. The
    longest address that the path begins with is the current one: the home page is current
    only on itself. On a phone those that fold away, after the first few, stand on that page.
    """
    items = _entries("CASEWALL_NAVIGATION", role)
    if next(_shown("CASEWALL_MORE", role), None):
        for item in items[FIRST:]:
            item["folds"] = True
        items.append({"label": _("More"), "url": reverse("more"), "current": False})
    within = [item for item in items if _is_within(path, item["url"])]
    if within:
        max(within, key=lambda item: len(item["url"]))["current"] = True
    return items


def more_pages(role: str) -> list[dict]:
    """`settings.CASEWALL_MORE`: the pages that are not of every day, as `navigation` gives its."""
    return _entries("CASEWALL_MORE", role)


def _entries(setting: str, role: str) -> list[dict]:
    return [
        {"label": label, "url": reverse(name), "current": False}
        for label, name in _shown(setting, role)
    ]


def _shown(setting: str, role: str) -> Iterator[tuple[str, str]]:
    """Label and name of what this role has, before any address is looked up."""
    for label, name, *roles in getattr(settings, setting, []):
        if _for_role(roles[0] if roles else (), role):
            yield label, name


def _for_role(roles: Collection[str], role: str) -> bool:
    """Whether an entry for these roles (none: for everybody) is for this one."""
    return not roles or role in roles


def _is_within(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))


def _address(name: str) -> str:
    if not name:
        return ""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
