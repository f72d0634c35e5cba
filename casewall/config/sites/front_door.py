"""The front door: public, reads nothing, seals everything."""

import os

from casewall.config.settings import *  # noqa: F403
from casewall.config.settings import NO_DATABASE, PAGES_APPS, database, hex_key, needed

CASEWALL_SIDE = "front_door"
CASEWALL_SITE_NAME = "Referrals"
SECRET_KEY = needed("CASEWALL_FRONT_DOOR_SECRET_KEY")
INSTALLED_APPS = [*PAGES_APPS, "casewall.frontdoor"]
INSTALLED_APPS = [app for app in INSTALLED_APPS if app != "django.contrib.messages"]
MIDDLEWARE = [
    "casewall.pages.middleware.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "casewall.pages.context.site",
            ]
        },
    }
]
ROOT_URLCONF = "casewall.config.urls.front_door"
WSGI_APPLICATION = "casewall.config.wsgi.application"
CSRF_COOKIE_NAME = "csrf"
AUTHENTICATION_BACKENDS = []
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
DATABASES = {
    "default": NO_DATABASE,
    "programme_door": database(needed("CASEWALL_PROGRAMME_DOOR_URL")),
    "safety_door": database(needed("CASEWALL_SAFETY_DOOR_URL")),
}
CASEWALL_FIELD_KEYS: dict[str, tuple[bytes, bytes]] = {}
CASEWALL_CONTEXT_KEYS: dict[str, bytes] = {}
CASEWALL_SEAL_PUBLIC = {
    "programme": hex_key("CASEWALL_PROGRAMME_SEAL_PUBLIC"),
    "safety": hex_key("CASEWALL_SAFETY_SEAL_PUBLIC"),
}
# The front door reads no table, so somebody must say which services are set up behind it.
CASEWALL_DOOR_SERVICES = os.environ.get("CASEWALL_DOOR_SERVICES", "intervention-centre").split(",")
# Where leaving a page leads: an everyday page that shows nothing about its reader. What no
# operator set is `DEFAULT_EXIT` of casewall/pages/views.py.
if os.environ.get("CASEWALL_EXIT_URL"):
    CASEWALL_EXIT_URL = os.environ["CASEWALL_EXIT_URL"]
