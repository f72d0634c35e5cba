"""The reporting process: read-only on coded columns of each cluster, no field key at all."""

from casewall.config.settings import *  # noqa: F403
from casewall.config.settings import NO_DATABASE, database, hex_key, needed, reports_folder

CASEWALL_SIDE = None
SECRET_KEY = "reporting-serves-no-pages"
INSTALLED_APPS = ["casewall.pages", "casewall.reporting"]
DATABASES = {
    "default": NO_DATABASE,
    "programme_report": database(needed("CASEWALL_PROGRAMME_REPORT_URL")),
    "safety_report": database(needed("CASEWALL_SAFETY_REPORT_URL")),
}
CASEWALL_FIELD_KEYS: dict[str, tuple[bytes, bytes]] = {}
CASEWALL_CONTEXT_KEYS: dict[str, bytes] = {}
CASEWALL_EXTRACT_KEY = hex_key("CASEWALL_EXTRACT_KEY")
CASEWALL_REPORTS_DIR = reports_folder()
