"""`casewall send-messages`: what waits for partners and whose safe hour has come."""

from __future__ import annotations

import argparse
import sys

from django.db import DatabaseError, connections

from casewall.safety.sending.actions import send_due
from casewall.safety.sending.adapters import Postbox
from casewall.staff.models import system_viewer
from casewall.wall.cadence import SHORTEST, Stop, in_rounds
from casewall.wall.context import on_side
from casewall.wall.decide import Refused
from casewall.wall.sides import Role, Side


def send_messages(arguments: list[str]) -> int:
    """`casewall send-messages [--every SECONDS]`: one round, or rounds until it is stopped."""
    parser = argparse.ArgumentParser(prog="casewall send-messages")
    parser.add_argument("--every", type=int, metavar="SECONDS", help="at a fixed cadence")
    every = parser.parse_args(arguments).every
    if every is not None and every < SHORTEST:
        print(f"Rounds can be {SHORTEST} second apart at the least.", file=sys.stderr)
        return 1
    try:
        if every is None:
            print(one_round())
            return 0
        Postbox()
    except Refused as refused:
        print(str(refused), file=sys.stderr)
        return 1
    stop = Stop()
    stop.listen()
    in_rounds(_round_or_reason, every=every, stop=stop)
    return 0


def one_round() -> str:
    """Send what is due. Returns a line about it, with counts only."""
    posting = Postbox()
    with on_side(Side.SAFETY):
        by = system_viewer(Role.SAFETY_SYSTEM)
    done = send_due(posting=posting, by=by)
    return (
        f"{done.sent} sent, {done.waiting} waiting, {done.stopped} stopped, "
        f"{done.doubtful} doubtful."
    )


def _round_or_reason() -> None:
    """A round that a database refuses is said and tried again at the next beat."""
    try:
        one_round()
    except (DatabaseError, Refused) as problem:
        first = str(problem).strip().partition("\n")[0]
        print(f"This round could not be done: {first}", file=sys.stderr)
    finally:
        connections.close_all()
