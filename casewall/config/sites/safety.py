"""The safety site. It may read the flow views, append to the bridge, and recognise his name."""

import os

from casewall.config.settings import *  # noqa: F403
from casewall.config.settings import (
    NO_DATABASE,
    PAGES_APPS,
    SAFETY_APPS,
    STAFF_APPS,
    STAFF_MIDDLEWARE,
    database,
    field_keys,
    hex_key,
    issuers,
    mail_settings,
    needed,
    outbox_folder,
    reports_folder,
)

CASEWALL_SIDE = "safety"
CASEWALL_ISSUERS = issuers("safety")
INTAKE = ("coordinator", "safety_manager")
FILES = ("partner_worker", *INTAKE)
CHILDREN = ("childrens_worker", *FILES)
CASEWALL_SEARCH_ROLES = FILES
CASEWALL_SITE_NAME = "Casewall"
OVERSIGHT = ("safety_manager", "data_protection_officer")
CASEWALL_NAVIGATION = [
    ("Today", "today"),
    ("Partners", "partners", FILES),
    ("Children", "children", CHILDREN),
    ("Appointments", "appointments", CHILDREN),
    ("Referrals", "referrals", INTAKE),
    ("Risk", "joint-risks", FILES),
    ("Meetings", "meetings", CHILDREN),
    ("Disclosures", "disclosures", FILES),
    ("Requests", "rights-requests", ("data_protection_officer",)),
    ("Breaches", "breaches", ("data_protection_officer",)),
    ("People", "accounts", ("safety_administrator",)),
    ("Figures", "figures", (*INTAKE, "evaluator", "data_protection_officer")),
]
CASEWALL_MORE = [
    ("Signs of danger", "danger-signals", CHILDREN),
    ("MARAC", "maracs", FILES),
    ("MATAC", "matacs", FILES),
    ("Support groups", "support-groups", FILES),
    ("Measures due", "measures-due", ("partner_worker", "safety_manager")),
    ("Caseload", "support-caseload", ("safety_manager",)),
    ("Overrides of the safe-contact gate", "overrides", INTAKE),
    ("Other agencies", "agencies", CHILDREN),
    ("What left this side", "exports", INTAKE),
    ("Texts for publication", "studies", INTAKE),
    ("Requests about own records", "rights-requests", ("safety_manager",)),
    ("Complaints", "complaints", CHILDREN),
    ("Breaches and near misses", "breaches", CHILDREN),
    ("How long files are kept", "keeping", OVERSIGHT),
    ("Open a file that is not one's own work", "access-find",
     ("partner_worker", "childrens_worker")),
    ("Who opened which file", "access-review", OVERSIGHT),
    ("Costs and contracts", "costs", ("safety_manager",)),
    ("Releases", "releases", ("safety_manager",)),
]
CASEWALL_SEARCH_URL = "search"
SECRET_KEY = needed("CASEWALL_SAFETY_SECRET_KEY")
INSTALLED_APPS = [*PAGES_APPS, *STAFF_APPS, *SAFETY_APPS]
MIDDLEWARE = STAFF_MIDDLEWARE
ROOT_URLCONF = "casewall.config.urls.safety"
WSGI_APPLICATION = "casewall.config.wsgi.application"
SESSION_COOKIE_NAME = "safety_session"
CSRF_COOKIE_NAME = "safety_csrf"
DATABASES = {
    "default": NO_DATABASE,
    "safety": database(needed("CASEWALL_SAFETY_APP_URL"), pool=True),
    "programme_flow": database(needed("CASEWALL_PROGRAMME_FLOW_URL"), search_path="flow"),
    "programme_bridge": database(needed("CASEWALL_PROGRAMME_BRIDGE_URL")),
}
CASEWALL_FIELD_KEYS = {"programme": field_keys("programme"), "safety": field_keys("safety")}
CASEWALL_CONTEXT_KEYS = {"safety": hex_key("CASEWALL_SAFETY_CONTEXT_KEY")}
CASEWALL_SEAL_SECRETS = {"safety": hex_key("CASEWALL_SAFETY_SEAL_SECRET")}
CASEWALL_REPORTS_DIR = reports_folder()
CASEWALL_FRONT_DOOR_URL = os.environ.get("CASEWALL_FRONT_DOOR_ADDRESS", "")
CASEWALL_OUTBOX_DIR = outbox_folder()
CASEWALL_SMS_ADAPTER = os.environ.get("CASEWALL_SMS_ADAPTER", "file")
CASEWALL_MAIL_FROM = os.environ.get("CASEWALL_MAIL_FROM", "")
globals().update(mail_settings(os.environ.get("CASEWALL_MAIL_URL", "")))
