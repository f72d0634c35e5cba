"""`casewall wall prove`: worlds lived through and compared, and leaks planted and caught."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Any

from casewall.config.prove.compare import (
    SHOWN,
    Difference,
    broken,
    differences,
    of_crawls,
    of_dumps,
)
from casewall.config.prove.leaks import LEAKS, Leak
from casewall.config.prove.running import Actor, build_template, opened
from casewall.config.prove.story import LAST, Outcome, live, looked_at, short
from casewall.config.prove.worlds import CROWD, QUIET, QUIET_AGAIN, TALKS, World

WORLDS = (QUIET, QUIET_AGAIN, CROWD, TALKS)
"""In the order in which they are taken: the second is the first one again, to measure noise."""
FEWEST = 3
TERMS = ("Opdigtet", "20000100", "1988", *TALKS.secrets[:12], *CROWD.secrets[:12])
"""What is searched for in every world: what a client is called, and secrets of partners."""

Say = Callable[[str], None]


def prove(*, worlds: int, leaks: Sequence[Leak], say: Say) -> dict[str, Any]:
    """Live through so many worlds, compare them, plant the leaks. Returns what was found."""
    began = time.monotonic()
    with _folder() as folder:
        say("Making two clusters ...")
        template = build_template(folder)
        lived = dict(_lived(WORLDS[:worlds], template, folder, say))
        found = list(_compared(lived))
        missed, after, failed = (_planted(leaks, template, folder, say) if leaks else ([], [], []))
    failed = sorted({*failed, *(page for one in lived.values() for page in broken(one.crawl))})
    roles = {json.loads(line)["role"] for line in lived[QUIET.name].crawl.splitlines()}
    return {
        "worlds": len(lived),
        "roles": len(roles),
        "requests": sum(one.requests for one in lived.values()),
        "differing_bytes": sum(one.bytes for one in [*found, *after]),
        "differences": [one.told() for one in [*found, *after][:SHOWN]],
        "pages_that_failed": failed,
        "seeded_leaks": len(leaks),
        "seeded_leaks_caught": len(leaks) - len(missed),
        "missed": missed,
        "seconds": round(time.monotonic() - began),
    }


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="casewall-prove-"))
    kept = {name: os.environ.pop(name) for name in list(os.environ)
            if name.startswith("CASEWALL_")}
    try:
        yield folder
    finally:
        os.environ.update(kept)
        shutil.rmtree(folder, ignore_errors=True)


def _lived(worlds: Sequence[World], template: Path, folder: Path, say: Say
           ) -> Iterator[tuple[str, Outcome]]:
    for world in worlds:
        say(f"Living through the world “{world.name}” ...")
        with opened(world, template, folder) as var:
            yield world.name, live(world, var, folder, TERMS)


def _compared(lived: dict[str, Outcome]) -> Iterator[Difference]:
    """Each world beside the quiet one. What differs between the quiet one and itself is noise of
    the server's counters; in pages and in the database there must be none."""
    quiet, again = lived[QUIET.name], lived[QUIET_AGAIN.name]
    noise = frozenset(name for name in quiet.probes if quiet.probes[name] != again.probes.get(name))
    for name, outcome in lived.items():
        if name != QUIET.name:
            yield from differences(f"{QUIET.name} and {name}", quiet, outcome, noise)


def _planted(leaks: Sequence[Leak], template: Path, folder: Path, say: Say
             ) -> tuple[list[str], list[Difference], list[str]]:
    """The leaks that nobody would have noticed, what still differs without any leak, and the
    pages that then failed."""
    missed = []
    with looked_at(folder, (QUIET, CROWD)) as actors:
        for leak in [one for one in leaks if one.side == "programme"]:
            if not _told(leak, of_crawls(leak.name, *looks(actors, folder, leak)), say):
                missed.append(leak.name)
        say("Looking again without a leak ...")
        seen = looks(actors, folder, None)
        after = of_crawls("after the leaks", *seen)
        failed = broken(seen[0])
    for leak in [one for one in leaks if one.side == "safety"]:
        if not _told(leak, of_dumps(leak.name, *dumps(leak, template, folder)), say):
            missed.append(leak.name)
    if any(one.side == "safety" for one in leaks):
        say("Going down again without a leak ...")
        after += of_dumps("after the leaks", *dumps(None, template, folder))
    return missed, after, failed


def _told(leak: Leak, found: list[Difference], say: Say) -> bool:
    where = f"{found[0].channel}, {found[0].where}" if found else "nowhere"
    say(f"  {'caught' if found else 'MISSED'}: {leak.name}, {leak.says} ({where})")
    return bool(found)


def looks(actors: dict[str, Actor], folder: Path, leak: Leak | None) -> list[bytes]:
    """What two worlds show of themselves, with a leak planted in both or without any."""
    found, seed = [], token_hex(8)
    for name, actor in actors.items():
        into = folder / f"{name}.look"
        if leak is not None:
            actor("plant", LAST, leak=leak.name)
        actor("look", LAST, terms=list(TERMS), into=str(into), seed=seed)
        actor("revert", LAST)
        found.append(into.read_bytes())
    return found


def dumps(leak: Leak | None, template: Path, folder: Path) -> list[bytes]:
    """What two worlds have stored after the short story, with a leak planted in both or none."""
    name = leak.name if leak else "none"
    return [short(world, template, _place(folder, f"{name}-{world.name}"), leak)
            for world in (QUIET, CROWD)]


def _place(folder: Path, name: str) -> Path:
    place = folder / name
    place.mkdir()
    return place


def command(worlds: int, with_leaks: bool, as_json: bool) -> int:
    """Print what was found; 1 where anything differs, a leak was missed or a page failed."""
    if not FEWEST <= worlds <= len(WORLDS):
        sys.stderr.write(f"There are {FEWEST} to {len(WORLDS)} worlds.\n")
        return 2
    found = prove(worlds=worlds, leaks=list(LEAKS.values()) if with_leaks else [],
                  say=lambda text: print(text, file=sys.stderr, flush=True))
    if as_json:
        print(json.dumps(found, indent=2))
    else:
        for key, value in found.items():
            print(f"{key.replace('_', ' ')}: {value}")
    return 1 if found["differing_bytes"] or found["missed"] or found["pages_that_failed"] else 0
