"""Both sides in one process, each through its own site role: for tests, never for a site.

Tests of the wall itself start real site processes and do not use this module.
"""

from casewall.config.settings import *  # noqa: F403
from casewall.config.settings import (
    NO_DATABASE,
    PAGES_APPS,
    PROGRAMME_APPS,
    SAFETY_APPS,
    STAFF_APPS,
    STAFF_MIDDLEWARE,
    database,
    field_keys,
    hex_key,
    needed,
    reports_folder,
)

CASEWALL_SIDE = None
CASEWALL_SITE_NAME = "Casewall"
SECRET_KEY = "tests-sign-nothing-that-matters"
INSTALLED_APPS = [
    *PAGES_APPS,
    *STAFF_APPS,
    *PROGRAMME_APPS,
    *SAFETY_APPS,
    "casewall.frontdoor",
    "casewall.reporting",
]
MIDDLEWARE = STAFF_MIDDLEWARE
ROOT_URLCONF = "casewall.config.urls.none"
STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DATABASES = {
    "default": NO_DATABASE,
    "programme": database(needed("CASEWALL_PROGRAMME_APP_URL")),
    "safety": database(needed("CASEWALL_SAFETY_APP_URL")),
    "programme_flow": database(needed("CASEWALL_PROGRAMME_FLOW_URL"), search_path="flow"),
    "programme_bridge": database(needed("CASEWALL_PROGRAMME_BRIDGE_URL")),
    "programme_door": database(needed("CASEWALL_PROGRAMME_DOOR_URL")),
    "safety_door": database(needed("CASEWALL_SAFETY_DOOR_URL")),
    "programme_report": database(needed("CASEWALL_PROGRAMME_REPORT_URL")),
    "safety_report": database(needed("CASEWALL_SAFETY_REPORT_URL")),
}
CASEWALL_FIELD_KEYS = {"programme": field_keys("programme"), "safety": field_keys("safety")}
CASEWALL_CONTEXT_KEYS = {
    "programme": hex_key("CASEWALL_PROGRAMME_CONTEXT_KEY"),
    "safety": hex_key("CASEWALL_SAFETY_CONTEXT_KEY"),
}
CASEWALL_SEAL_SECRETS = {
    "programme": hex_key("CASEWALL_PROGRAMME_SEAL_SECRET"),
    "safety": hex_key("CASEWALL_SAFETY_SEAL_SECRET"),
}
CASEWALL_SEAL_PUBLIC = {
    "programme": hex_key("CASEWALL_PROGRAMME_SEAL_PUBLIC"),
    "safety": hex_key("CASEWALL_SAFETY_SEAL_PUBLIC"),
}
CASEWALL_EXTRACT_KEY = hex_key("CASEWALL_EXTRACT_KEY")
CASEWALL_REPORTS_DIR = reports_folder()
CASEWALL_DOOR_SERVICES = ["intervention-centre"]
