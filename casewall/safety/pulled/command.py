"""`casewall pull`: one round of what the safety side's background work does."""

from __future__ import annotations

import argparse
import sys

from django.db import DatabaseError, connections
from django.utils import timezone

from casewall.safety.coordination.actions import release_due
from casewall.safety.intake.actions import take_in_forms
from casewall.safety.intake.outbox import send_outbox
from casewall.safety.pulled.actions import pull
from casewall.safety.retention.forgetting import forget_deleted
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
    return {code: known[code] for code in installed_codes(Side.SAFETY) if code in known}


def one_round(by: Viewer, services: dict[str, Service]) -> str:
    """Front door, pull, releases that are due, outbox: in this order. Returns a line about it."""
    now = timezone.now()
    forms = take_in_forms(by=by, services=services, at=now)
    done = pull(by=by, services=services, at=now)
    forget_deleted(by=by)
    released = release_due(by=by, at=now)
    sent = send_outbox(by=by)
    return (
        f"{forms} forms taken in, {done.cases} cases pulled ({done.changed} facts new), "
        f"{released} disclosures released, {sent} items sent down."
    )


def pull_once(arguments: list[str]) -> int:
    """`casewall pull [--every SECONDS]`: one round, or rounds until it is stopped."""
    parser = argparse.ArgumentParser(prog="casewall pull")
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
    with on_side(Side.SAFETY):
        by = system_viewer(Role.SAFETY_SYSTEM)
    return one_round(by, services)


def _round_or_reason() -> None:
    """A round that a database refuses is said and tried again at the next beat."""
    try:
        _round()
    except DatabaseError as problem:
        first = str(problem).strip().partition("\n")[0]
        print(f"This round could not be done: {first}", file=sys.stderr)
    finally:
        connections.close_all()
