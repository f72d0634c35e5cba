"""The pages of this side's desk."""

from casewall.programme.retention.pages import Pages
from casewall.safety.retention.files import DESK

PAGES = Pages(DESK)
