"""Addresses of what is kept and what is deleted."""

from casewall.programme.retention.addresses import addresses
from casewall.programme.retention.views import PAGES

urlpatterns = addresses(PAGES)
