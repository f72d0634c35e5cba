"""Addresses of what is kept and what is deleted."""

from casewall.programme.retention.addresses import addresses
from casewall.safety.retention.views import PAGES

urlpatterns = addresses(PAGES)
