"""A site process of a world: real settings and credentials, a stopped clock, repeatable randomness.

Reads one JSON command a line and answers with one. Everything random that the process draws comes
from a seed, and time stands where the command says, so that two worlds in which this process was
told the same things are equal to the last byte, unless something crossed the wall.
"""

from __future__ import annotations

import json
import logging
import random
import secrets
import sys
import traceback
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import time_machine

_RNG = random.Random(f"own {sys.argv[1:]}")  # noqa: S311  # repeatable is what it is for
_DOWN = random.Random("down")  # noqa: S311


def _uuid(rng: random.Random) -> Callable[[], uuid.UUID]:
    return lambda: uuid.UUID(int=rng.getrandbits(128), version=4)


def _make_repeatable() -> None:
    secrets.choice = _RNG.choice
    secrets.token_bytes = lambda n=None: _RNG.randbytes(n or 32)  # type: ignore[assignment]
    secrets.token_hex = lambda n=None: _RNG.randbytes(n or 32).hex()  # type: ignore[assignment]
    uuid.uuid4 = _uuid(_RNG)
    from casewall.wall import context, ids

    ids.draw_from(own=_uuid(_RNG), down=_uuid(_DOWN))
    # The database checks expiry against its own clock, which nobody stops.
    context.time = SimpleNamespace(time=time_machine.escape_hatch.time.time)  # type: ignore[attr-defined,assignment]


def _again(seed: str) -> None:
    """Begin the randomness anew, so that looks at two worlds are equal."""
    _RNG.seed(seed)


class _Planted:
    """The leak that is planted in this process at the moment, if any."""

    def __init__(self, side: str) -> None:
        self.side, self.stack = side, ExitStack()

    def plant(self, leak: str) -> str:
        """Patch the product as the leak of that name does, where it is of this side."""
        from casewall.config.prove.leaks import LEAKS

        found = LEAKS[leak]
        if found.side == self.side:
            self.stack.enter_context(found.planted())
        return leak

    def revert(self) -> str:
        """Take every patch back."""
        self.stack.close()
        return "reverted"


def main() -> None:
    """Set the site up, then obey until the input ends."""
    import django

    _make_repeatable()
    django.setup()
    # Log lines are looked at where they belong, and are no talk of this process.
    logging.lastResort = None
    side = sys.argv[1]
    planted = _Planted(side)
    if side == "programme":
        from casewall.config.prove.programme import Programme as Site
    else:
        from casewall.config.prove.safety import Safety as Site  # type: ignore[assignment]
    site = Site()
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        command = json.loads(line)
        now = datetime.fromisoformat(command.pop("at"))
        print(json.dumps(_done(site, planted, command.pop("do"), now, command)), flush=True)


def _done(site: Any, planted: _Planted, do: str, now: datetime, details: dict[str, Any]) -> Any:
    try:
        if do == "plant":
            return {"answer": planted.plant(**details)}
        if do == "revert":
            return {"answer": planted.revert()}
        if do in ("crawl", "look"):
            # A look leaves entries of the audit behind: the next one needs other identifiers.
            _again(details.pop("seed", do))
        with time_machine.travel(now, tick=False):
            return {"answer": getattr(site, do)(now, **details)}
    except Exception:  # noqa: BLE001  # whoever asked raises it
        return {"error": traceback.format_exc()}


if __name__ == "__main__":
    main()
