"""Setting up: migrations, grants, accounts and invented people. Serves no page."""

from casewall.config.settings import *  # noqa: F403
from casewall.config.settings import (
    NO_DATABASE,
    PAGES_APPS,
    PROGRAMME_APPS,
    SAFETY_APPS,
    STAFF_APPS,
    STAFF_MIDDLEWARE,
    database,
    hex_key,
    needed,
)

CASEWALL_SIDE = None
SECRET_KEY = "setting-up-serves-no-pages"
INSTALLED_APPS = [*PAGES_APPS, *STAFF_APPS, *PROGRAMME_APPS, *SAFETY_APPS]
MIDDLEWARE = STAFF_MIDDLEWARE  # allauth insists, though nothing is served
ROOT_URLCONF = "casewall.config.urls.none"
DATABASES = {
    "default": NO_DATABASE,
    "programme": database(needed("CASEWALL_PROGRAMME_OWNER_URL")),
    "safety": database(needed("CASEWALL_SAFETY_OWNER_URL")),
}
CASEWALL_FIELD_KEYS: dict[str, tuple[bytes, bytes]] = {}
CASEWALL_CONTEXT_KEYS = {
    "programme": hex_key("CASEWALL_PROGRAMME_CONTEXT_KEY"),
    "safety": hex_key("CASEWALL_SAFETY_CONTEXT_KEY"),
}
