"""`casewall install-templates`: the programme templates of service definitions."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from casewall.programme.curriculum.actions import install_templates
from casewall.services.load import DefinitionError, load, shipped
from casewall.staff.models import system_viewer
from casewall.wall.context import on_side
from casewall.wall.decide import Refused
from casewall.wall.sides import Role, Side


def install_templates_command(arguments: list[str]) -> int:
    """`casewall install-templates NAME_OR_FILE …`: store the templates of these definitions.

    The services are set up before, with `casewall install-service`. Answers 1 with a sentence
    where a definition cannot be read or a version is in use with other contents; then nothing
    of that definition is stored.
    """
    parser = argparse.ArgumentParser(prog="casewall install-templates")
    parser.add_argument("service", nargs="+", help="a shipped service, or a file")
    wanted = parser.parse_args(arguments).service
    try:
        definitions = [shipped().get(one) or load(Path(one)) for one in wanted]
        with on_side(Side.PROGRAMME):
            by = system_viewer(Role.PROGRAMME_SYSTEM)
            for definition in definitions:
                made = install_templates(service=definition, by=by)
                names = ", ".join(str(version) for version in made)
                print(f"{definition.name}: {names or 'the programme templates are up to date'}.")
    except (DefinitionError, OSError, LookupError, Refused) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0
