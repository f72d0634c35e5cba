"""Deployment checks of our own, run by `casewall check`."""

from __future__ import annotations

import os
from typing import Any

from django.core.checks import Warning as Doubt
from django.core.checks import register

from casewall.config.clusters import embedded_in_use
from casewall.config.confine import landlock_version


@register(deploy=True)
def embedded_server(app_configs: Any = None, **kwargs: Any) -> list[Doubt]:
    """The embedded servers are for evaluation, training, demonstration and single small sites."""
    if not embedded_in_use(os.environ):
        return []
    return [
        Doubt(
            "This process uses an embedded PostgreSQL server.",
            hint="Real services need servers that somebody patches and backs up: name them in the "
            "environment, one URL for each role and cluster (docs/how-to/install.md).",
            id="casewall.W001",
        )
    ]


@register(deploy=True)
def one_account_for_all(app_configs: Any = None, **kwargs: Any) -> list[Doubt]:
    """On one machine the kernel must hide the files of one side from the other."""
    if not embedded_in_use(os.environ) or landlock_version() > 0:
        return []
    return [
        Doubt(
            "This kernel has no Landlock, so only file ownership separates the two sides' files.",
            hint="Run each site under an operating-system account of its own, or on a machine of "
            "its own.",
            id="casewall.W002",
        )
    ]
