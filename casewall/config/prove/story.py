"""The fixed story of a world: what the programme is told is the same in each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from casewall.config.embedded import Cluster
from casewall.config.prove.leaks import SMUGGLED, Leak
from casewall.config.prove.probes import probe
from casewall.config.prove.running import STILL, Actor, dump_of, opened
from casewall.config.prove.worlds import START, World, partner_only_file, referral_file

DAY = timedelta(days=1)
LAST = START + 6 * DAY
"""When the programme side is looked at."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the programme side of a world ended with. `crawl` has a line for each request."""

    dump: bytes
    crawl: bytes
    requests: int
    secrets: list[str]
    probes: dict[str, Any]
    partner_ids: list[str]


def live(world: World, var: Path, folder: Path, terms: Sequence[str]) -> Outcome:
    """Run the whole story of a world in its running clusters."""
    with closing(Actor("programme", var)) as programme, closing(Actor("safety", var)) as safety:
        _story(world, var, programme, safety)
        crawl = folder / f"{world.name}.crawl"
        requests = programme("crawl", LAST, terms=list(terms), into=str(crawl))
        probes: dict[str, Any] = dict(probe(var, at_work=True))
        ids = safety("partner_ids", LAST)
    probes.update(probe(var, at_work=False))
    return Outcome(dump_of(var), crawl.read_bytes(), requests, world.secrets, probes, ids)


def _story(world: World, var: Path, programme: Actor, safety: Actor) -> None:
    files = [referral_file(world, var, n) for n in (1, 2)]
    safety("load", START, file=str(files[0]))
    programme("arrivals", START)
    _talk(world, safety, 1, "before")
    programme("contact", START + DAY)
    safety("pull", START + DAY)
    _talk(world, safety, 2, "after")
    programme("assess", START + 2 * DAY)
    second = safety("load", START + 2 * DAY, file=str(files[1]))
    safety("pull", START + 2 * DAY)
    programme("arrivals", START + 2 * DAY)
    _third_day(world, var, safety)
    programme("group", START + 3 * DAY)
    safety("undo", START + 4 * DAY, file=second)
    safety("pull", START + 4 * DAY)
    programme("arrivals", START + 4 * DAY)
    _talk(world, safety, 4, "follow_up")
    programme("contact", START + 5 * DAY)
    safety("pull", START + 5 * DAY)


def _third_day(world: World, var: Path, safety: Actor) -> None:
    """What only the safety side does, each world its own."""
    at = START + 3 * DAY
    if world.alone:
        alone = safety("load", at, file=str(partner_only_file(world, var)))
        safety("undo", at, file=alone)
    if world.refusals:
        safety("refuse", at, words=world.secrets)
    if world.disclosure:
        safety("disclose", at, text=world.disclosure)
    if world.partners and not safety("work", at, words=world.secrets):
        raise RuntimeError(f"Nobody could be worked with in the world {world.name}.")


def _talk(world: World, safety: Actor, day: int, wave: str) -> None:
    if world.partners:
        safety("support", START + day * DAY, words=world.secrets, wave=wave)


def short(world: World, template: Path, folder: Path, leak: Leak | None) -> bytes:
    """A referral, a talk and another referral, with a leak planted on the safety side: the dump
    of the programme's database whenever something has come down and before it is taken in, since
    what is taken in is emptied, and at the end."""
    seen: list[bytes] = []
    with opened(world, template, folder) as var:
        smuggled = {SMUGGLED: safety_of(var)}
        with (closing(Actor("programme", var)) as programme,
              closing(Actor("safety", var, smuggled)) as safety):
            if leak is not None:
                safety("plant", START, leak=leak.name)
            for n in (1, 2):
                safety("load", START + n * DAY, file=str(referral_file(world, var, n)))
                seen.append(dump_of(var))
                programme("arrivals", START + n * DAY)
                if n == 1:
                    _talk(world, safety, 1, "before")
        return b"".join([*seen, dump_of(var)])


def safety_of(var: Path) -> str:
    """The address by which a planted leak reads the safety cluster, past every role."""
    return Cluster(var / "safety", fast=True, settings=STILL).superuser_url("casewall_safety")


@contextmanager
def looked_at(folder: Path, worlds: Sequence[World]) -> Iterator[dict[str, Actor]]:
    """The programme processes of worlds that were lived through, with their clusters up again."""
    with ExitStack() as stack:
        actors = {}
        for world in worlds:
            var = folder / world.name
            for side in ("programme", "safety"):
                stack.enter_context(Cluster(var / side, fast=True, settings=STILL))
            actor = Actor("programme", var, {SMUGGLED: safety_of(var)})
            actors[world.name] = stack.enter_context(closing(actor))
        yield actors
