"""Bringing the databases up to date and setting up services. Runs as the owner."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from casewall.services.load import DefinitionError, load, shipped
from casewall.services.schema import Service
from casewall.staff.actions import install_service
from casewall.wall.context import on_side
from casewall.wall.grants import install as install_grants
from casewall.wall.sides import Side


def migrate(arguments: list[str]) -> int:
    """Migrate both clusters, then install grants, policies, flow views and functions."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections

    from casewall.config.first_tables import make_first_tables

    parser = argparse.ArgumentParser(prog="casewall migrate")
    parser.add_argument("--side", type=Side, choices=list(Side), help="this cluster only")
    only = parser.parse_args(arguments).side
    for side in [only] if only else Side:
        with on_side(side):
            make_first_tables(connections[side.value], side)
            call_command("migrate", database=side.value, verbosity=0, interactive=False)
            call_command("createcachetable", "casewall_cache", database=side.value, verbosity=0)
            install_grants(
                connections[side.value], side, settings.CASEWALL_CONTEXT_KEYS[side.value]
            )
        print(f"The {side} cluster is up to date.")
    return 0


def install(arguments: list[str]) -> int:
    """`casewall install-service NAME_OR_FILE …`: agencies and compartments on each side."""
    parser = argparse.ArgumentParser(prog="casewall install-service")
    parser.add_argument("service", nargs="+")
    wanted = parser.parse_args(arguments).service
    try:
        definitions = [shipped().get(one) or load(Path(one)) for one in wanted]
    except (DefinitionError, OSError) as problem:
        print(problem, file=sys.stderr)
        return 1
    for definition in definitions:
        install_definition(definition)
        print(f"{definition.name} is set up on both sides.")
    return 0


def install_definition(definition: Service) -> None:
    """Set a service up on each side, with that side's agencies only.

    Agencies that refer have accounts on the programme site, where they see own referrals.
    """
    referring = [(a.id, a.name) for a in definition.agencies_on("referrer")]
    for side in Side:
        install_service(
            side=side,
            code=definition.id,
            name=definition.name,
            agencies=[(a.id, a.name) for a in definition.agencies_on(side.value)],
            referring=referring if side is Side.PROGRAMME else [],
        )
