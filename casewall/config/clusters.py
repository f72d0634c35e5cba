"""Who may log in to which cluster, and what each site process is given to know.

A site process gets exactly the variables in :data:`GIVEN`, and nothing else of this project:
that is how the programme process comes to hold no credential for the safety cluster. On real
servers an operator sets the same variables; for the embedded clusters they are made here, once,
and kept in private files inside the folder of each side.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

import psycopg
from psycopg import sql

from casewall.config.embedded import Cluster, connection_url, write_private

Side = Literal["programme", "safety"]
Site = Literal[
    "programme",
    "safety",
    "front_door",
    "reporting",
    "owner",
    "backup_programme",
    "backup_safety",
    "restore_programme",
    "restore_safety",
]

PROGRAMME_ROLES = {
    "OWNER": "prog_owner",
    "APP": "prog_app",
    "FLOW": "prog_flow",
    "BRIDGE": "prog_bridge",
    "DOOR": "prog_door",
    "REPORT": "prog_report",
}
SAFETY_ROLES = {
    "OWNER": "safe_owner",
    "APP": "safe_app",
    "DOOR": "safe_door",
    "REPORT": "safe_report",
}
# Nobody logs in as these: they own the views and functions that look across a policy, so that
# the code in them holds one narrow right each and neither the owner's nor a superuser's.
PROGRAMME_LOCKED_ROLES = (
    "prog_flow_owner",
    "prog_bridge_owner",
    "prog_door_owner",
    "prog_erase_owner",
    "prog_desk_owner",
)
SAFETY_LOCKED_ROLES = (
    "safe_flow_owner",
    "safe_door_owner",
    "safe_erase_owner",
    "safe_desk_owner",
)


@dataclass(frozen=True)
class SideNames:
    """The names of one side: its database and its roles, by their word in a variable."""

    side: Side
    dbname: str
    roles: Mapping[str, str]
    locked_roles: tuple[str, ...]


SIDES: Mapping[str, SideNames] = {
    "programme": SideNames(
        "programme", "casewall_programme", PROGRAMME_ROLES, PROGRAMME_LOCKED_ROLES
    ),
    "safety": SideNames("safety", "casewall_safety", SAFETY_ROLES, SAFETY_LOCKED_ROLES),
}

# What each process is given, all of it. A line added here is a credential handed out.
GIVEN: Mapping[Site, tuple[str, ...]] = {
    "programme": (
        "CASEWALL_PROGRAMME_APP_URL",
        "CASEWALL_PROGRAMME_FIELD_KEY",
        "CASEWALL_PROGRAMME_INDEX_KEY",
        "CASEWALL_PROGRAMME_CONTEXT_KEY",
        "CASEWALL_PROGRAMME_SEAL_SECRET",
        "CASEWALL_PROGRAMME_SECRET_KEY",
    ),
    "safety": (
        "CASEWALL_SAFETY_APP_URL",
        "CASEWALL_PROGRAMME_FLOW_URL",
        "CASEWALL_PROGRAMME_BRIDGE_URL",
        "CASEWALL_SAFETY_FIELD_KEY",
        "CASEWALL_SAFETY_INDEX_KEY",
        "CASEWALL_SAFETY_CONTEXT_KEY",
        "CASEWALL_SAFETY_SEAL_SECRET",
        "CASEWALL_SAFETY_SECRET_KEY",
        # Safety reads and finds a declared name; the programme never reads one of safety's.
        "CASEWALL_PROGRAMME_FIELD_KEY",
        "CASEWALL_PROGRAMME_INDEX_KEY",
    ),
    "front_door": (
        "CASEWALL_PROGRAMME_DOOR_URL",
        "CASEWALL_SAFETY_DOOR_URL",
        "CASEWALL_PROGRAMME_SEAL_PUBLIC",
        "CASEWALL_SAFETY_SEAL_PUBLIC",
        "CASEWALL_FRONT_DOOR_SECRET_KEY",
    ),
    "reporting": (
        "CASEWALL_PROGRAMME_REPORT_URL",
        "CASEWALL_SAFETY_REPORT_URL",
        "CASEWALL_EXTRACT_KEY",
    ),
    "owner": (
        "CASEWALL_PROGRAMME_OWNER_URL",
        "CASEWALL_SAFETY_OWNER_URL",
        "CASEWALL_PROGRAMME_CONTEXT_KEY",
        "CASEWALL_SAFETY_CONTEXT_KEY",
        "CASEWALL_PROGRAMME_SEAL_PUBLIC",
        "CASEWALL_SAFETY_SEAL_PUBLIC",
    ),
    # One side each: who makes the backups of a side can close them and not open them again.
    "backup_programme": ("CASEWALL_PROGRAMME_BACKUP_URL", "CASEWALL_PROGRAMME_BACKUP_PUBLIC"),
    "backup_safety": ("CASEWALL_SAFETY_BACKUP_URL", "CASEWALL_SAFETY_BACKUP_PUBLIC"),
    "restore_programme": (
        "CASEWALL_PROGRAMME_BACKUP_URL",
        "CASEWALL_PROGRAMME_BACKUP_SECRET",
        "CASEWALL_PROGRAMME_INDEX_KEY",
    ),
    "restore_safety": (
        "CASEWALL_SAFETY_BACKUP_URL",
        "CASEWALL_SAFETY_BACKUP_SECRET",
        "CASEWALL_SAFETY_INDEX_KEY",
    ),
}


LARGE_OBJECT_FUNCTIONS = (
    "lo_creat(integer)",
    "lo_create(oid)",
    "lo_from_bytea(oid, bytea)",
    "lo_open(oid, integer)",
    "lo_put(oid, bigint, bytea)",
    "lo_get(oid)",
    "lowrite(integer, bytea)",
)


class EnvironmentIncompleteError(RuntimeError):
    """Some variables of real servers are set and others are missing."""


# --- roles -------------------------------------------------------------------------------------


def ensure_roles(
    superuser_url: str, side: Side, var: Path, *, dbname: str | None = None
) -> dict[str, str]:
    """Make the side's roles and its database, as far as they are missing or differ.

    Args:
        superuser_url: of the cluster; used here and never handed on.
        side: whose roles.
        var: folder of the state; passwords are kept in ``var/<side>/roles.json`` (mode 0600).
        dbname: another database than the side's own, for tests.

    Returns:
        The password of each role that may log in.
    """
    names = SIDES[side]
    target = dbname or names.dbname
    passwords = role_passwords(side, var)
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        known = _roles_as_they_are(connection)
        for role in names.roles.values():
            if known.get(role) != LOGIN_ATTRIBUTES:
                _make_role(connection, role, exists=role in known, login=True)
            if not _password_works(superuser_url, role, passwords[role]):
                _set_password(connection, role, passwords[role])
        for role in names.locked_roles:
            if known.get(role) != LOCKED_ATTRIBUTES:
                _make_role(connection, role, exists=role in known, login=False)
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [target])
        if found.fetchone() is None:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'").format(
                    sql.Identifier(target), sql.Identifier(names.roles["OWNER"])
                )
            )
        for statement in _rights_in_cluster(names, target):
            connection.execute(statement)
    with psycopg.connect(_with_database(superuser_url, target)) as connection:
        for statement in _rights_in_database(names):
            connection.execute(statement)
    return passwords


def role_passwords(side: Side, var: Path) -> dict[str, str]:
    """The password of each role that may log in, made on the first call."""
    wanted = {role: lambda: secrets.token_urlsafe(24) for role in SIDES[side].roles.values()}
    return _kept(var / side / "roles.json", wanted)


LOGIN_ATTRIBUTES = (True, False, False, False, False, False, False)
LOCKED_ATTRIBUTES = (False, *LOGIN_ATTRIBUTES[1:])
_READ_ATTRIBUTES = (
    "SELECT rolname, rolcanlogin, rolinherit, rolsuper, rolcreatedb, rolcreaterole,"
    " rolreplication, rolbypassrls FROM pg_roles"
)


def _roles_as_they_are(connection: psycopg.Connection[Any]) -> dict[str, tuple[bool, ...]]:
    return {row[0]: tuple(row[1:]) for row in connection.execute(_READ_ATTRIBUTES)}


def _make_role(
    connection: psycopg.Connection[Any], role: str, *, exists: bool, login: bool
) -> None:
    connection.execute(
        sql.SQL(
            "{} ROLE {} {} NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
        ).format(
            sql.SQL("ALTER" if exists else "CREATE"),
            sql.Identifier(role),
            sql.SQL("LOGIN" if login else "NOLOGIN"),
        )
    )


def _password_works(superuser_url: str, role: str, password: str) -> bool:
    """Whether the server takes this password for the role.

    Asked first, because setting a password again would change the catalogue at every start.
    """
    parts = urlsplit(superuser_url)
    query = parse_qs(parts.query)
    host, port = parts.hostname or query["host"][0], parts.port or int(query["port"][0])
    try:
        psycopg.connect(
            host=host, port=port, user=role, password=password, dbname=parts.path[1:]
        ).close()
    except psycopg.OperationalError as error:
        # The password is checked before the right to connect to this database.
        return "permission denied for database" in str(error)
    return True


def _set_password(connection: psycopg.Connection[Any], role: str, password: str) -> None:
    # Turned into a SCRAM verifier here: the password itself never appears in a statement.
    verifier = connection.pgconn.encrypt_password(
        password.encode(), role.encode(), b"scram-sha-256"
    )
    connection.execute(
        sql.SQL("ALTER ROLE {} PASSWORD {}").format(
            sql.Identifier(role), sql.Literal(verifier.decode())
        )
    )


def _rights_in_cluster(names: SideNames, dbname: str) -> Iterator[sql.Composed]:
    owner = sql.Identifier(names.roles["OWNER"])
    for role in names.locked_roles:
        yield sql.SQL("GRANT {} TO {}").format(sql.Identifier(role), owner)
    for database in ("postgres", "template1", dbname):
        yield sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(database))
    yield sql.SQL("ALTER DATABASE {} OWNER TO {}").format(sql.Identifier(dbname), owner)
    yield sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(
        sql.Identifier(dbname), sql.SQL(", ").join(map(sql.Identifier, names.roles.values()))
    )


def _rights_in_database(names: SideNames) -> Iterator[sql.Composed]:
    # Stated, since a role that inherits nothing does not act as the database's owner here.
    yield sql.SQL("ALTER SCHEMA public OWNER TO {}").format(sql.Identifier(names.roles["OWNER"]))
    yield sql.SQL("REVOKE CREATE ON SCHEMA {} FROM PUBLIC").format(sql.Identifier("public"))
    # A large object would be a place to leave a word for the other side outside every table.
    for function in LARGE_OBJECT_FUNCTIONS:
        yield sql.SQL("REVOKE EXECUTE ON FUNCTION {} FROM PUBLIC").format(sql.SQL(function))


def _with_database(url: str, dbname: str) -> str:
    return urlsplit(url)._replace(path=f"/{dbname}").geturl()


# --- what a process is given ---------------------------------------------------------------------


def site_environment(
    site: Site, var: Path, environ: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """The variables that this process may have, all of them and no others.

    Variables that an operator set win. When none of the site's URLs is set, they lead to the
    embedded clusters under ``var`` and ``CASEWALL_EMBEDDED=1`` says so; keys are then made once.
    Starts no server.

    Raises:
        EnvironmentIncompleteError: some URLs are set, and others or a key are missing. Making a key
            for a real server would lock up its records when the key's file is lost.
    """
    names = GIVEN[site]
    given = {name: environ[name] for name in names if environ.get(name)}
    if any(name.endswith("_URL") for name in given):
        if missing := [name for name in names if name not in given]:
            raise EnvironmentIncompleteError(
                f"The {site} process needs these variables too: {', '.join(missing)}."
            )
        return given | ({"CASEWALL_EMBEDDED": "1"} if embedded_in_use(environ) else {})
    made = {name: given.get(name) or _embedded_value(name, var) for name in names}
    return made | {"CASEWALL_EMBEDDED": "1"}


def embedded_in_use(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether this process works on the embedded clusters, for the deployment check."""
    return environ.get("CASEWALL_EMBEDDED") == "1"


def clean_environment(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The caller's environment without anything that leads to a database or opens a record."""
    return {
        name: value
        for name, value in environ.items()
        if not name.startswith(("CASEWALL_", "PG")) and name != "DJANGO_SETTINGS_MODULE"
    }


def sides_to_start(environ: Mapping[str, str] = os.environ) -> tuple[Side, ...]:
    """The sides that no variable names a server for."""
    return tuple(
        names.side
        for names in SIDES.values()
        if not any(environ.get(_url_name(names.side, word)) for word in names.roles)
    )


@contextlib.contextmanager
def open_clusters(
    var: Path, *, environ: Mapping[str, str] = os.environ, fast: bool = False
) -> Iterator[dict[Side, Cluster]]:
    """Start the embedded clusters that are needed and use them until the block ends.

    None is started for a side whose URLs are in the environment.
    """
    with contextlib.ExitStack() as stack:
        clusters: dict[Side, Cluster] = {}
        for side in sides_to_start(environ):
            clusters[side] = stack.enter_context(Cluster(var / side, fast=fast))
            ensure_roles(clusters[side].superuser_url(), side, var)
        yield clusters


def role_url(side: Side, word: str, var: Path, *, dbname: str | None = None) -> str:
    """URL of one role (``OWNER``, ``APP`` …) of the embedded cluster of a side."""
    names = SIDES[side]
    role = names.roles[word]
    cluster = Cluster(var / side)
    return connection_url(
        role,
        role_passwords(side, var)[role],
        dbname or names.dbname,
        cluster.socket_dir,
        cluster.port,
    )


def _url_name(side: str, word: str) -> str:
    return f"CASEWALL_{side.upper()}_{word}_URL"


# --- keys ----------------------------------------------------------------------------------------


def _random_hex(length: int) -> Callable[[], str]:
    return lambda: secrets.token_hex(length)


# Bytes of each key, written as hexadecimal digits.
SIDE_KEYS: Mapping[str, Callable[[], str]] = {
    "FIELD_KEY": _random_hex(64),
    "INDEX_KEY": _random_hex(32),
    "CONTEXT_KEY": _random_hex(32),
    "SEAL_SECRET": _random_hex(32),  # every 32 bytes are an X25519 secret
    "BACKUP_SECRET": _random_hex(32),
    "SECRET_KEY": _random_hex(32),
}
# Keys that belong to a process and not to a side: their folder, their variable.
OWN_KEYS = {
    "CASEWALL_FRONT_DOOR_SECRET_KEY": "front_door",
    "CASEWALL_EXTRACT_KEY": "reporting",
}


def side_keys(side: Side, var: Path) -> dict[str, str]:
    """The keys of a side, made on the first call and kept in ``var/<side>/keys.json``."""
    from nacl.public import PrivateKey

    keys = _kept(var / side / "keys.json", SIDE_KEYS)
    public = {
        name.replace("SECRET", "PUBLIC"): bytes(
            PrivateKey(bytes.fromhex(keys[name])).public_key
        ).hex()
        for name in ("SEAL_SECRET", "BACKUP_SECRET")
    }
    return keys | public


def _embedded_value(name: str, var: Path) -> str:
    if name in OWN_KEYS:
        return _kept(var / OWN_KEYS[name] / "keys.json", {name: _random_hex(32)})[name]
    side, _, word = name.removeprefix("CASEWALL_").partition("_")
    owner = SIDES[side.lower()].side
    if word == "BACKUP_URL":
        # Whoever copies everything must be held back by no row policy.
        return Cluster(var / owner).superuser_url(SIDES[owner].dbname)
    if word.endswith("_URL"):
        return role_url(owner, word.removesuffix("_URL"), var)
    return side_keys(owner, var)[word]


def _kept(path: Path, wanted: Mapping[str, Callable[[], str]]) -> dict[str, str]:
    """Values from a private file, those that are missing made and written first."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)  # two processes must not each make a different key
        kept: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        if missing := [name for name in wanted if name not in kept]:
            kept |= {name: wanted[name]() for name in missing}
            write_private(path, json.dumps(kept, indent=1, sort_keys=True) + "\n")
    finally:
        os.close(folder)
    return {name: kept[name] for name in wanted}
