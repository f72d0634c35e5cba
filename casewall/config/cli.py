"""The command line. Each verb runs in the process of the one site that may do it.

A verb of a site runs in a child process that is given only that site's variables
(`clusters.GIVEN`), so the wall stands between commands as it stands between web servers.
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from casewall.config.clusters import (
    EnvironmentIncompleteError,
    clean_environment,
    embedded_in_use,
    open_clusters,
    site_environment,
)
from casewall.config.embedded import EmbeddedError

ROOT = Path(__file__).resolve().parents[2]
_AS_SITE = "CASEWALL_RUN_AS"
_KEPT = (
    "CASEWALL_DEMO",
    "CASEWALL_CWD",
    "CASEWALL_VAR",
    "CASEWALL_HOSTS",
    "CASEWALL_TLS",
    "CASEWALL_STATIC_ROOT",
    "CASEWALL_PULL_SECONDS",
    "CASEWALL_REPORTS_DIR",
    "CASEWALL_MEASURES_DIR",
    "CASEWALL_DOOR_SERVICES",
    "CASEWALL_FAST",
    "CASEWALL_IDLE_SECONDS",
    "CASEWALL_EXIT_URL",
    "CASEWALL_FRONT_DOOR_ADDRESS",
)
_KEPT_BY = {
    "programme": ("CASEWALL_PROGRAMME_ISSUERS",),
    "safety": (
        "CASEWALL_SAFETY_ISSUERS",
        "CASEWALL_OUTBOX_DIR",
        "CASEWALL_SMS_ADAPTER",
        "CASEWALL_MAIL_FROM",
        "CASEWALL_MAIL_URL",
    ),
}
"""What one site alone is given: nobody but the safety side writes to partners, and each site knows
its own agencies' sign-ins only."""


@dataclass(frozen=True, slots=True)
class Verb:
    """One command: the site whose process runs it (None: no database), and the function.

    `then` is another verb that follows with the same arguments, in its own site's process.
    """

    site: str | None
    function: str
    says: str
    then: str = ""


VERBS: dict[str, Verb] = {
    "demo": Verb(None, "casewall.config.demo:demo", "everything, with invented people"),
    "serve": Verb(None, "casewall.config.serve:serve", "all sites on this machine"),
    "code": Verb(None, "casewall.config.demo:code", "the second factor of a demo account now"),
    "migrate": Verb("owner", "casewall.config.setup:migrate", "bring both databases up to date"),
    "install-service": Verb(
        "owner",
        "casewall.config.setup:install",
        "set up a service definition on both sides",
        then="install-templates",
    ),
    "install-templates": Verb(
        "programme",
        "casewall.programme.curriculum.command:install_templates_command",
        "store the programme templates of a service, each version once",
    ),
    "refer": Verb(
        "safety", "casewall.safety.intake.command:refer", "load referrals from CSV or XLSX"
    ),
    "undo-file": Verb("safety", "casewall.safety.intake.command:undo", "undo a referral file"),
    "arrivals": Verb(
        "programme",
        "casewall.programme.referrals.command:arrivals",
        "take in what arrived on the programme side",
    ),
    "pull": Verb(
        "safety",
        "casewall.safety.pulled.command:pull_once",
        "copy programme facts, take in the front door, send what waits",
    ),
    "send-messages": Verb(
        "safety",
        "casewall.safety.sending.command:send_messages",
        "send what waits for partners, each at most once",
    ),
    "report": Verb("reporting", "casewall.reporting.command:report", "a return or evaluation pack"),
    "extract": Verb(
        "reporting", "casewall.reporting.command:extract", "pseudonymised Parquet of both sides"
    ),
    "figures-for-site": Verb(
        "reporting",
        "casewall.reporting.command:figures_for_site",
        "compute the packs that the safety site shows",
    ),
    "invent": Verb(
        None, "casewall.synthetic.command:invent", "invented people of any size, as files"
    ),
    "accounts": Verb(
        "owner", "casewall.synthetic.command:accounts", "the accounts of the demonstration"
    ),
    "invent-programme": Verb(
        "programme",
        "casewall.synthetic.command:invent_programme",
        "live an invented script on the programme side",
    ),
    "invent-safety": Verb(
        "safety",
        "casewall.synthetic.command:invent_safety",
        "live an invented script on the safety side",
    ),
    "measures": Verb(
        None, "casewall.measures.command:measures", "questionnaires: list, show, check, load"
    ),
    "services": Verb(None, "casewall.services.command:services", "check a service definition"),
    "wall": Verb(None, "casewall.config.wall:wall", "the flow table, the grants"),
    "check": Verb(None, "casewall.config.deployment:check", "deployment checks of every site"),
    "files-due": Verb(
        "programme",
        "casewall.programme.retention.command:due",
        "how many files of each side are due for deletion, and how old the pulled facts are",
        then="files-due-safety",
    ),
    "files-due-safety": Verb(
        "safety", "casewall.safety.retention.command:due", "the same for the safety side alone"
    ),
    "backup": Verb(
        None, "casewall.config.backup:backup", "a backup of each side under that side's own key"
    ),
    "restore": Verb(
        None, "casewall.config.restore:restore", "a backup of one side into an empty database"
    ),
    "bench": Verb(None, "casewall.config.bench:bench", "ratios in one run"),
}


def var_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where the embedded clusters and their keys lie."""
    return Path(environ.get("CASEWALL_VAR") or ROOT / "var")


def environment_of(site: str, var: Path, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The whole environment of a site's process: its own variables and nothing of the others."""
    names = (*_KEPT, *_KEPT_BY.get(site, ()))
    kept = {name: environ[name] for name in names if name in environ}
    return {
        **clean_environment(environ),
        **kept,
        **site_environment(site, var, environ),  # type: ignore[arg-type]
        "DJANGO_SETTINGS_MODULE": f"casewall.config.sites.{site}",
        "CASEWALL_VAR": str(var),
    }


def run_as(site: str, arguments: Sequence[str], *, quiet: bool = False) -> int:
    """Run a verb in a child process of a site. Returns its exit code."""
    environment = {**environment_of(site, var_folder()), _AS_SITE: site}
    done = subprocess.run(
        [sys.executable, "-m", "casewall", *arguments],
        env=environment,
        check=False,
        stdout=subprocess.DEVNULL if quiet else None,
    )
    return done.returncode


def _call(verb: Verb, arguments: list[str]) -> int:
    module, _, name = verb.function.partition(":")
    return int(getattr(importlib.import_module(module), name)(arguments) or 0)


def _run_all(verb: Verb, given: list[str]) -> int:
    """Run a verb and, where it succeeded, what follows it."""
    assert verb.site is not None  # noqa: S101  # for the type checker
    code = run_as(verb.site, given)
    if code or not verb.then:
        return code
    site = VERBS[verb.then].site
    assert site is not None  # noqa: S101  # for the type checker
    return run_as(site, [verb.then, *given[1:]])


def usage() -> str:
    """The verbs, a line each."""
    lines = ["casewall VERB [arguments]", ""]
    lines += [f"  {name:<16} {verb.says}" for name, verb in VERBS.items()]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb and return the exit code: 0 done, 1 refused with a sentence, 2 not a verb."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or given[0] in ("help", "--help", "-h"):
        print(usage())
        return 0
    verb = VERBS.get(given[0])
    if verb is None:
        print(f"“{given[0]}” is not a command.\n\n{usage()}", file=sys.stderr)
        return 2
    try:
        if verb.site is None:
            return _call(verb, given[1:])
        if os.environ.get(_AS_SITE) == verb.site:
            import django

            django.setup()
            return _call(verb, given[1:])
        if not embedded_in_use(environment_of(verb.site, var_folder())):
            return _run_all(verb, given)
        with open_clusters(var_folder(), fast=os.environ.get("CASEWALL_FAST") == "1"):
            return _run_all(verb, given)
    except (EmbeddedError, EnvironmentIncompleteError) as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
