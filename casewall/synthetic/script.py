"""A script: what happens to invented people on one side, as lines of JSON in a private file."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tqdm import tqdm

from casewall.services.schema import Service
from casewall.synthetic.calendar import Event

TOGETHER = 100
"""Events in one transaction: waiting for the disk after each would take most of the time."""


@dataclass(slots=True)
class Script:
    """What happens on one side: the people by number, and the events in their order.

    `seed` and `today` (an ISO day) are those of its invention. They stand in the safety side's
    script alone: from the seed follow the canaries.
    """

    people: list[dict[str, Any]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    seed: str = ""
    today: str = ""

    def lines(self) -> Iterator[str]:
        """The script as JSON lines, the same bytes for the same script."""
        if self.seed:
            yield json.dumps({"kind": "invention", "seed": self.seed, "today": self.today})
        for kind, things in (("person", self.people), ("event", self.events)):
            for thing in things:
                yield json.dumps({"kind": kind, **thing}, ensure_ascii=False, sort_keys=True)

    def sort(self) -> None:
        """Put the events in the order in which they happen."""
        self.events.sort(key=lambda one: (one["on"], one["at"]))

    def until(self, day: date) -> Script:
        """The events before a day."""
        events = [e for e in self.events if e["on"] < day.isoformat()]
        return Script(self.people, events, self.seed, min(self.today, day.isoformat()))

    def since(self, day: date) -> Script:
        """The events from a day on."""
        events = [e for e in self.events if e["on"] >= day.isoformat()]
        return Script(self.people, events, self.seed, self.today)


def write_private(path: Path, text: str) -> None:
    """A file that only its owner may open (mode 0600)."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(text.encode("utf-8"))


def write_script(path: Path, script: Script) -> None:
    """A script as JSON lines, private."""
    write_private(path, "".join(f"{line}\n" for line in script.lines()))


def read_script(path: Path) -> Script:
    """A script as it was written."""
    script = Script()
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            thing = json.loads(line)
            kind = thing.pop("kind")
            if kind == "invention":
                script.seed, script.today = thing["seed"], thing["today"]
                continue
            (script.people if kind == "person" else script.events).append(thing)
    return script


# --- living it --------------------------------------------------------------------------------


def moment(day: str, clock: str, service: Service) -> datetime:
    """A moment in the service's own time."""
    return datetime.combine(
        date.fromisoformat(day), time.fromisoformat(clock), tzinfo=ZoneInfo(service.time_zone)
    )


def chunks(events: Iterable[Event], size: int = TOGETHER) -> Iterator[list[Event]]:
    """Some events at a time."""
    rest = iter(events)
    while some := list(islice(rest, size)):
        yield some


@contextmanager
def shown(total: int, what: str) -> Iterator[Callable[[int], object]]:
    """A progress bar, on a terminal only."""
    with tqdm(total=total, desc=what, unit=" events", disable=None) as bar:
        yield bar.update
