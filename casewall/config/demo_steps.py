"""Steps of the demonstration, each in the process that may do it, some of them at the same time.

A step waits for a database or for a processor, seldom for both: two lanes of steps take little
more than half the time of one. Within a lane the order stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event

from casewall.config.cli import run_as


class DemoRefused(RuntimeError):
    """The demonstration cannot be made here; the message says why in a sentence."""


@dataclass(frozen=True, eq=False)
class Step:
    """A verb of the command line in the process of a site.

    `says` is printed when it begins; with `after` it waits for the end of a step of another lane.
    """

    site: str
    words: tuple[str, ...]
    says: str = ""
    after: Step | None = None
    done: Event = field(default_factory=Event)


def say(what: str) -> None:
    """A line with the time of day, for whoever waits."""
    print(f"{datetime.now().astimezone():%H:%M:%S}  {what} …", flush=True)


def do_together(lanes: Sequence[Sequence[Step]]) -> None:
    """Take the steps of each lane in their order, all lanes at the same time.

    Where a step fails, no lane begins another one. Raises `DemoRefused` when all have ended.
    """
    failed = Event()
    with ThreadPoolExecutor(max_workers=len(lanes)) as at_once:
        running = [at_once.submit(_do, lane, failed) for lane in lanes]
        try:
            wait(running)
        except BaseException:
            failed.set()  # interrupted: end with the steps that run now
            raise
    for lane in running:
        lane.result()


def _do(lane: Sequence[Step], failed: Event) -> None:
    for step in lane:
        while step.after and not failed.is_set() and not step.after.done.wait(0.1):
            pass
        if failed.is_set():
            return
        if step.says:
            say(step.says)
        if run_as(step.site, step.words, quiet=True) != 0:
            failed.set()
            raise DemoRefused(
                f"“casewall {' '.join(step.words)}” did not succeed; the reason stands above. "
                "Running the demonstration again starts it afresh."
            )
        step.done.set()
