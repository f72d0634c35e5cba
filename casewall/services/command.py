"""`casewall services check FILE` and `casewall services list`."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from casewall.services.load import check, shipped


def services(arguments: list[str]) -> int:
    """Check a service definition, or list those that are shipped. Returns 1 where one is wrong."""
    parser = argparse.ArgumentParser(prog="casewall services")
    verbs = parser.add_subparsers(dest="verb", required=True)
    checked = verbs.add_parser("check", help="say what is wrong, with key and line")
    checked.add_argument("file", type=Path)
    verbs.add_parser("list", help="the service definitions that are shipped")
    options = parser.parse_args(arguments)
    if options.verb == "list":
        for code, service in shipped().items():
            print(f"{code:<22} {service.name}, modelled on {service.modelled_on}")
        return 0
    return _check(Path(os.environ.get("CASEWALL_CWD", ".")) / options.file)


def _check(path: Path) -> int:
    findings = check(path)
    for finding in findings:
        print(finding)
    errors = sum(finding.level == "error" for finding in findings)
    warnings = len(findings) - errors
    print(f"{path.name}: {errors} errors, {warnings} warnings.")
    return 1 if errors else 0
