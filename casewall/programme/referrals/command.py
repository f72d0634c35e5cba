"""`casewall arrivals`: one round of the programme side's background work."""

from __future__ import annotations

import argparse
import sys

from django.db import DatabaseError, connections
from django.utils import timezone

from casewall.drafts.actions import throw_away_old
from casewall.programme.courses.actions import begin_breaks
from casewall.programme.referrals.actions import apply_arrivals
from casewall.services.load import shipped
from casewall.services.schema import Service
from casewall.staff.actions import installed_codes
from casewall.staff.models import system_viewer
from casewall.wall.cadence import SHORTEST, Stop, in_rounds
from casewall.wall.context import on_side
from casewall.wall.sides import Role, Side, Viewer


def installed_services() -> dict[str, Service]:
    """The definitions of the services that are set up on this side."""
    known = shipped()
    return {code: known[code] for code in installed_codes(Side.PROGRAMME) if code in known}


def one_round(by: Viewer, services: dict[str, Service]) -> str:
    """Take in what arrived, and do what a day brings. Returns a line about it.

    Every round asks for the day's work, and finds it done in all but the first one of a day.
    """
    today = timezone.localdate()
    taken = apply_arrivals(by=by, services=services, on=today)
    begin_breaks(by=by, on=today)
    throw_away_old(by=by)
    return f"{taken} arrivals taken in."


def arrivals(arguments: list[str]) -> int:
    """`casewall arrivals [--every SECONDS]`: one round, or rounds until it is stopped."""
    parser = argparse.ArgumentParser(prog="casewall arrivals")
    parser.add_argument("--every", type=int, metavar="SECONDS", help="at a fixed cadence")
    every = parser.parse_args(arguments).every
    if every is None:
        print(_round())
        return 0
    if every < SHORTEST:
        print(f"Rounds can be {SHORTEST} second apart at the least.", file=sys.stderr)
        return 1
    stop = Stop()
    stop.listen()
    in_rounds(_round_or_reason, every=every, stop=stop)
    return 0


def _round() -> str:
    services = installed_services()
    if not services:
        return "No service is set up here yet; `casewall install-service` does that."
    with on_side(Side.PROGRAMME):
        by = system_viewer(Role.PROGRAMME_SYSTEM)
    return one_round(by, services)


def _round_or_reason() -> None:
    """A round that the database refuses is said and tried again at the next beat."""
    try:
        _round()
    except DatabaseError as problem:
        first = str(problem).strip().partition("\n")[0]
        print(f"This round could not be done: {first}", file=sys.stderr)
    finally:
        connections.close_all()
