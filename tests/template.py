"""Two migrated clusters, made once for all test processes and copied by each.

Bringing two clusters up to date takes longer than most test files. What the databases are made of
(migrations, models with their labels, the generated grants) is hashed; while the hash stands, a
copy of what was made before is the same as what would be made now.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PRODUCT = ROOT / "casewall"
KEPT = 4
"""Copies that stay behind for the next run; older ones are taken away."""
_MADE_OF = (b"django.db", b"LABELS", b"models.Model")
_WHOLE = ("wall", "config", "vault", "services")
"""Packages of which every file counts."""


def copied(var: Path, make: Callable[[Path], None]) -> None:
    """Put migrated, stopped clusters into the folder `var`; `make` makes them where none fit."""
    place = Path(tempfile.gettempdir()) / f"casewall-template-{os.getuid()}"
    place.mkdir(mode=0o700, exist_ok=True)
    kept = place / _hash()
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.is_dir():
            fresh = Path(tempfile.mkdtemp(dir=place))
            try:
                make(fresh)
                fresh.rename(kept)
            finally:
                shutil.rmtree(fresh, ignore_errors=True)
        kept.touch()
        _take_away_old(place)
        shutil.copytree(kept, var, dirs_exist_ok=True,
                        ignore=shutil.ignore_patterns("run", "*.sock*", "postmaster.pid"))


def _hash() -> str:
    digest = hashlib.sha256(str(ROOT).encode())
    for path in sorted(PRODUCT.rglob("*.py")):
        inside = path.relative_to(PRODUCT)
        content = path.read_bytes()
        if inside.parts[0] in _WHOLE or any(word in content for word in _MADE_OF):
            digest.update(str(inside).encode() + b"\0" + content + b"\0")
    return digest.hexdigest()[:24]


def _take_away_old(place: Path) -> None:
    made = sorted((one for one in place.iterdir() if one.is_dir()),
                  key=lambda one: one.stat().st_mtime)
    for old in made[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)
