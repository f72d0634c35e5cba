"""A site with pages only: no database, no sign-in, the programme side's look."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.template import engines
from django.test import Client, override_settings

PLAIN_SITE: dict[str, Any] = {
    "ROOT_URLCONF": "tests.pages.sample_urls",
    "MIDDLEWARE": [
        "casewall.pages.middleware.SecurityHeaders",
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
    ],
    "ALLOWED_HOSTS": ["testserver", "127.0.0.1"],
    "CASEWALL_SIDE": "programme",
    "CASEWALL_SITE_NAME": "Casewall",
    "CASEWALL_DEMO": True,
    "CASEWALL_NAVIGATION": [("Clients", "cases"), ("Groups", "groups")],
    "CASEWALL_SEARCH_URL": "cases",
    "SECURE_SSL_REDIRECT": False,
}


@pytest.fixture
def plain_site() -> Iterator[dict[str, Any]]:
    with override_settings(**PLAIN_SITE):
        yield PLAIN_SITE


@pytest.fixture
def client(plain_site: dict[str, Any]) -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def draw(plain_site: dict[str, Any]) -> Callable[..., str]:
    """Renders template source with the components loaded."""

    def drawn(source: str, **content: Any) -> str:
        template = engines["django"].from_string("{% load casewall %}" + source)
        return " ".join(template.render(content).split())

    return drawn
