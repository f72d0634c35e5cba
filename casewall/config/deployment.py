"""`casewall check`: Django's deployment checks and our own, in the process of each site."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from casewall.config.backup import last_backup
from casewall.config.cli import environment_of, run_as, var_folder
from casewall.config.clusters import SIDES, open_clusters


def check(arguments: list[str]) -> int:
    """Check each site with what its process is given. Returns 1 if one has an error."""
    worst = 0
    with open_clusters(var_folder()):
        for site in ("programme", "safety", "front_door"):
            print(f"{site.replace('_', ' ').capitalize()}:", flush=True)
            done = subprocess.run(
                [sys.executable, "-m", "django", "check", "--deploy", *arguments],
                env=environment_of(site, var_folder()),
                check=False,
                cwd=Path(__file__).resolve().parents[2],
            )
            worst = max(worst, done.returncode)
        print("Operations:", flush=True)
        for side in SIDES:
            print(last_backup(var_folder(), side), flush=True)
        for site, verb in (("programme", "files-due"), ("safety", "files-due-safety")):
            worst = max(worst, run_as(site, [verb]))
    return min(worst, 1)
