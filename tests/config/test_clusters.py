"""Who may log in where, and what each process is given."""

from __future__ import annotations

import json
import stat
from urllib.parse import urlsplit

import psycopg
import pytest
from nacl.public import PrivateKey, SealedBox

from casewall.config import clusters
from casewall.config.clusters import (
    GIVEN,
    EnvironmentIncompleteError,
    clean_environment,
    embedded_in_use,
    ensure_roles,
    open_clusters,
    role_passwords,
    role_url,
    side_keys,
    sides_to_start,
    site_environment,
)

REAL = {name: f"set-{name}" for names in GIVEN.values() for name in names}


@pytest.fixture(scope="module")
def var(tmp_path_factory):
    return tmp_path_factory.mktemp("var")


@pytest.fixture(scope="module")
def servers(var):
    with open_clusters(var, environ={}, fast=True) as running:
        yield running


needs_servers = pytest.mark.clusters


@needs_servers
def test_every_url_that_a_process_is_given_opens_its_database(servers, var):
    for site in GIVEN:
        given = site_environment(site, var, {})
        assert embedded_in_use(given)
        for name, url in given.items():
            if name.endswith("_URL"):
                side, word = name.removeprefix("CASEWALL_").removesuffix("_URL").split("_")
                with psycopg.connect(url) as connection:
                    role, dbname = connection.execute(
                        "SELECT current_user, current_database()"
                    ).fetchone()
                names = clusters.SIDES[side.lower()]
                # Whoever copies everything must be held back by no row policy.
                wanted = "postgres" if word == "BACKUP" else names.roles[word]
                assert (role, dbname) == (wanted, names.dbname)


@pytest.mark.parametrize("site", list(GIVEN))
def test_a_process_is_given_its_variables_and_no_others(servers, var, site):
    given = site_environment(site, var, {})
    assert set(given) == {*GIVEN[site], "CASEWALL_EMBEDDED"}


def test_the_programme_is_given_nothing_of_the_safety_side_and_nothing_of_the_other_roles(var):
    given = site_environment("programme", var, {})
    assert not [name for name in given if "SAFETY" in name]
    of_safety = {*role_passwords("safety", var).values(), *side_keys("safety", var).values()}
    others = {
        password
        for role, password in role_passwords("programme", var).items()
        if role != "prog_app"
    }
    text = json.dumps(given)
    assert not [secret for secret in of_safety | others if secret in text]


def test_safety_reads_and_finds_programme_names_and_cannot_sign_for_the_programme(var):
    given = site_environment("safety", var, {})
    keys = side_keys("programme", var)
    assert given["CASEWALL_PROGRAMME_FIELD_KEY"] == keys["FIELD_KEY"]
    assert given["CASEWALL_PROGRAMME_INDEX_KEY"] == keys["INDEX_KEY"]
    text = json.dumps(given)
    assert not [word for word in ("CONTEXT_KEY", "SEAL_SECRET", "SECRET_KEY") if keys[word] in text]


def test_the_front_door_seals_to_each_side_and_can_open_neither(var):
    given = site_environment("front_door", var, {})
    for side in clusters.SIDES:
        keys = side_keys(side, var)
        assert given[f"CASEWALL_{side.upper()}_SEAL_PUBLIC"] == keys["SEAL_PUBLIC"]
        assert keys["SEAL_SECRET"] not in json.dumps(given)
        secret = PrivateKey(bytes.fromhex(keys["SEAL_SECRET"]))
        sealed = SealedBox(secret.public_key).encrypt(b"a word")
        assert SealedBox(secret).decrypt(sealed) == b"a word"


def test_keys_have_their_lengths_are_private_and_are_made_once(var):
    keys = side_keys("programme", var)
    lengths = {name: len(bytes.fromhex(value)) for name, value in keys.items()}
    assert lengths == {
        "FIELD_KEY": 64,
        "INDEX_KEY": 32,
        "CONTEXT_KEY": 32,
        "SEAL_SECRET": 32,
        "SEAL_PUBLIC": 32,
        "SECRET_KEY": 32,
        "BACKUP_SECRET": 32,
        "BACKUP_PUBLIC": 32,
    }
    assert side_keys("programme", var) == keys
    assert side_keys("safety", var)["FIELD_KEY"] != keys["FIELD_KEY"]
    role_passwords("programme", var)
    for name in ("keys.json", "roles.json"):
        path = var / "programme" / name
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@needs_servers
def test_no_credential_of_one_side_opens_the_other(servers, var):
    pairs = [("programme", "safety"), ("safety", "programme")]
    for side, other in pairs:
        secrets = [*role_passwords(side, var).values(), *side_keys(side, var).values()]
        for role in [*clusters.SIDES[other].roles.values(), "postgres"]:
            for secret in secrets:
                with pytest.raises(psycopg.OperationalError, match="password authentication"):
                    psycopg.connect(
                        host=str(servers[other].socket_dir),
                        user=role,
                        password=secret,
                        dbname=clusters.SIDES[other].dbname,
                    )


@needs_servers
@pytest.mark.parametrize("side", ["programme", "safety"])
def test_a_role_has_one_database_and_may_make_nothing_in_it(servers, var, side):
    names = clusters.SIDES[side]
    for word in names.roles:
        for dbname in ("postgres", "template1"):
            with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
                psycopg.connect(role_url(side, word, var, dbname=dbname))
        if word == "OWNER":
            continue
        with psycopg.connect(role_url(side, word, var), autocommit=True) as connection:
            for attempt in (
                "CREATE TABLE public.mine (n int)",
                "CREATE TEMPORARY TABLE mine (n int)",
                "CREATE SCHEMA mine",
                f"SET ROLE {names.roles['OWNER']}",
                f"SET ROLE {names.locked_roles[0]}",
                "CREATE ROLE mine",
                "SELECT pg_read_file('PG_VERSION')",
                "COPY (SELECT 1) TO PROGRAM 'cat'",
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(attempt)


@needs_servers
def test_the_owner_may_give_a_function_to_a_role_that_nobody_logs_in_as(servers, var):
    with psycopg.connect(role_url("programme", "OWNER", var)) as connection:
        connection.execute("CREATE SCHEMA trial")
        connection.execute("CREATE FUNCTION trial.one() RETURNS int LANGUAGE sql RETURN 1")
        connection.execute("GRANT CREATE ON SCHEMA trial TO prog_bridge_owner")
        connection.execute("ALTER FUNCTION trial.one() OWNER TO prog_bridge_owner")
        connection.rollback()
    for side, cluster in servers.items():
        for role in clusters.SIDES[side].locked_roles:
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(host=str(cluster.socket_dir), user=role, password="")


@needs_servers
def test_making_the_roles_again_changes_neither_a_password_nor_the_catalogue(servers, var):
    url = servers["safety"].superuser_url()
    question = "SELECT rolname, rolpassword, xmin FROM pg_authid ORDER BY rolname"
    with psycopg.connect(url) as connection:
        before = connection.execute(question).fetchall()
        connection.rollback()
        passwords = ensure_roles(url, "safety", var)
        assert connection.execute(question).fetchall() == before
    assert passwords == role_passwords("safety", var)


@needs_servers
def test_a_role_that_was_changed_by_hand_is_set_right(servers, var):
    url = servers["safety"].superuser_url()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER ROLE safe_app PASSWORD 'another' BYPASSRLS")
        connection.execute("ALTER ROLE safe_door_owner LOGIN")
        ensure_roles(url, "safety", var)
        flags = connection.execute(
            "SELECT rolname, rolcanlogin, rolbypassrls FROM pg_roles"
            " WHERE rolname IN ('safe_app', 'safe_door_owner') ORDER BY 1"
        ).fetchall()
    assert flags == [("safe_app", True, False), ("safe_door_owner", False, False)]
    psycopg.connect(role_url("safety", "APP", var)).close()


@needs_servers
def test_a_test_may_have_a_database_of_its_own_with_the_same_roles(servers, var):
    ensure_roles(servers["safety"].superuser_url(), "safety", var, dbname="trial")
    with psycopg.connect(role_url("safety", "OWNER", var, dbname="trial")) as connection:
        connection.execute("CREATE TABLE public.mine (n int)")


def test_variables_of_real_servers_win_and_nothing_is_made(tmp_path):
    given = site_environment("programme", tmp_path, REAL)
    assert given == {name: f"set-{name}" for name in GIVEN["programme"]}
    assert not embedded_in_use(given)
    assert list(tmp_path.iterdir()) == []


def test_a_child_that_is_handed_embedded_urls_still_knows_that_they_are_embedded(tmp_path):
    assert embedded_in_use(site_environment("safety", tmp_path, REAL | {"CASEWALL_EMBEDDED": "1"}))


def test_a_real_server_without_its_key_is_refused_by_name_and_no_key_is_made(tmp_path):
    incomplete = {
        name: value for name, value in REAL.items() if name != "CASEWALL_SAFETY_INDEX_KEY"
    }
    with pytest.raises(EnvironmentIncompleteError, match="CASEWALL_SAFETY_INDEX_KEY"):
        site_environment("safety", tmp_path, incomplete)
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_an_operator_set_is_used_with_an_embedded_server(tmp_path):
    name = "CASEWALL_PROGRAMME_FIELD_KEY"
    assert site_environment("programme", tmp_path, {name: "aa" * 64})[name] == "aa" * 64


@needs_servers
def test_no_cluster_is_started_for_a_side_that_has_a_server(tmp_path):
    assert sides_to_start({}) == ("programme", "safety")
    assert sides_to_start(REAL) == ()
    assert sides_to_start({"CASEWALL_SAFETY_OWNER_URL": "postgresql://x"}) == ("programme",)
    with open_clusters(tmp_path, environ=REAL) as running:
        assert running == {}


def test_a_clean_environment_leads_to_no_database_and_keeps_the_rest():
    kept = clean_environment(
        {
            "PATH": "/bin",
            "CASEWALL_SAFETY_APP_URL": "x",
            "PGPASSWORD": "x",
            "DJANGO_SETTINGS_MODULE": "x",
        }
    )
    assert kept == {"PATH": "/bin"}


def test_a_url_can_be_taken_apart_again(var):
    parts = urlsplit(role_url("programme", "APP", var))
    assert (parts.scheme, parts.username, parts.path) == (
        "postgresql",
        "prog_app",
        "/casewall_programme",
    )
