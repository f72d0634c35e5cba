"""Each site starts by itself: with its own apps only, as its process really has them.

In the test process both sides are installed, so that a page of one side which leads to a record of
the other would not be noticed there.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from casewall.config.clusters import GIVEN

ROOT = Path(__file__).resolve().parents[2]
STARTS = """
import django; django.setup()
from django.conf import settings
from django.core.management import call_command
from django.urls import get_resolver, reverse
call_command("check")
if getattr(settings, "ROOT_URLCONF", ""):
    get_resolver().reverse_dict
for label, name, *roles in [*settings.CASEWALL_NAVIGATION, *settings.CASEWALL_MORE]:
    reverse(name)
"""


def invented(name: str) -> str:
    """A value of the right form that opens nothing."""
    if name.endswith("_URL"):
        return "postgresql://x:y@/casewall?host=/nowhere&port=5432"
    return "00" * (64 if name.endswith("FIELD_KEY") else 32)


@pytest.mark.parametrize("site", ["programme", "safety", "front_door", "reporting", "owner"])
def test_a_site_starts_with_its_own_apps_alone(site: str) -> None:
    environment = {
        "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": f"casewall.config.sites.{site}",
        **{name: invented(name) for name in GIVEN[site]},
    }  # fmt: skip
    started = subprocess.run([sys.executable, "-W", "ignore", "-c", STARTS], env=environment,
                             cwd=ROOT, capture_output=True, text=True, check=False)
    assert started.returncode == 0, started.stderr[-2000:]
