"""The programme site. It holds no credential of the safety cluster and no key of that side."""

import os

from casewall.config.settings import *  # noqa: F403
from casewall.config.settings import (
    NO_DATABASE,
    PAGES_APPS,
    PROGRAMME_APPS,
    STAFF_APPS,
    STAFF_MIDDLEWARE,
    database,
    field_keys,
    hex_key,
    issuers,
    needed,
)

CASEWALL_SIDE = "programme"
CASEWALL_ISSUERS = issuers("programme")
GROUPS = ("facilitator", "programme_manager")
CASEWALL_SEARCH_ROLES = (*GROUPS, "assessor", "referrer")
CASEWALL_SITE_NAME = "Casewall"
WORK = (*GROUPS, "assessor")
CASEWALL_NAVIGATION = [
    ("Today", "today", (*WORK, "programme_administrator")),
    ("Cases", "cases", WORK),
    ("Your referrals", "cases", ("referrer",)),
    ("Groups", "groups", GROUPS),
    ("Courses", "courses", GROUPS),
    ("Absences", "acts", GROUPS),
    ("Risk", "risk_list", WORK),
    ("Measures due", "measures-due", WORK),
    ("Notes to approve", "notes_waiting", ("programme_manager",)),
    ("People", "accounts", ("programme_administrator",)),
]
CASEWALL_MORE = [
    ("Commissioned assessments", "commissions", WORK),
    ("Documents that left", "documents_out", ("programme_manager",)),
    ("Programmes", "templates", GROUPS),
    ("Closed weeks", "closed", ("programme_manager",)),
    ("Complaints", "complaints", WORK),
    ("Breaches and near misses", "breaches", WORK),
    ("How long files are kept", "keeping", ("programme_manager",)),
    ("Open a case that is not one's own work", "access-find", ("facilitator", "assessor")),
    ("Who opened which case", "access-review", ("programme_manager",)),
]
CASEWALL_SEARCH_URL = "search"
CASEWALL_FRONT_DOOR_URL = os.environ.get("CASEWALL_FRONT_DOOR_ADDRESS", "")
SECRET_KEY = needed("CASEWALL_PROGRAMME_SECRET_KEY")
INSTALLED_APPS = [*PAGES_APPS, *STAFF_APPS, *PROGRAMME_APPS]
MIDDLEWARE = STAFF_MIDDLEWARE
ROOT_URLCONF = "casewall.config.urls.programme"
WSGI_APPLICATION = "casewall.config.wsgi.application"
SESSION_COOKIE_NAME = "programme_session"
CSRF_COOKIE_NAME = "programme_csrf"
DATABASES = {
    "default": NO_DATABASE,
    "programme": database(needed("CASEWALL_PROGRAMME_APP_URL"), pool=True),
}
CASEWALL_FIELD_KEYS = {"programme": field_keys("programme")}
CASEWALL_CONTEXT_KEYS = {"programme": hex_key("CASEWALL_PROGRAMME_CONTEXT_KEY")}
CASEWALL_SEAL_SECRETS = {"programme": hex_key("CASEWALL_PROGRAMME_SEAL_SECRET")}
