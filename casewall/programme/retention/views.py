"""The pages of the programme's desk."""

from casewall.programme.retention.files import DESK
from casewall.programme.retention.pages import Pages

PAGES = Pages(DESK)
