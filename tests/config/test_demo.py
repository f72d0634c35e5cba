"""The demonstration from nothing to two signed-in workers, and the code of the second factor."""

from __future__ import annotations

import http.cookiejar
import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import psycopg
import pytest
from allauth.mfa.totp.internal.auth import validate_totp_code

from casewall.config import demo
from casewall.config.clusters import clean_environment, open_clusters
from casewall.config.embedded import Cluster
from casewall.synthetic.accounts import draw_up, keep, kept
from casewall.wall.sides import SYSTEM_ROLES, Role, Side

CENTRE = demo.shipped()[demo.SERVICE]

# --- the code ------------------------------------------------------------------------------------


def test_the_code_is_the_one_that_the_site_accepts() -> None:
    secret = draw_up(CENTRE)[Side.SAFETY][0].secret
    assert validate_totp_code(secret, demo.time_code(secret, time.time()))
    assert not validate_totp_code(secret, demo.time_code(secret, time.time() + 3600))


def test_the_code_is_that_of_the_standard() -> None:
    # RFC 6238, appendix B: the key is 12345678901234567890; the last six of the eight digits.
    key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert demo.time_code(key, 59) == "287082"
    assert demo.time_code(key, 1111111109) == "081804"
    assert demo.time_code(key, 20000000000) == "353130"


def test_there_is_no_code_outside_the_demonstration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CASEWALL_VAR", str(tmp_path))
    keep(tmp_path, draw_up(CENTRE))
    assert demo.code(["facilitator@demo.invalid"]) == 1
    assert "no demonstration here" in capsys.readouterr().err
    (tmp_path / demo.MARK).write_text('{"finished_at": "2026-11-23T02:00"}')
    assert demo.code(["nobody@demo.invalid"]) == 1
    assert "facilitator@demo.invalid" in capsys.readouterr().err
    assert demo.code(["Facilitator@demo.invalid"]) == 0
    assert re.fullmatch(r"\d{6}\n", capsys.readouterr().out)


def test_every_role_has_an_account_on_its_own_site_in_a_private_file(tmp_path: Path) -> None:
    keep(tmp_path, draw_up(CENTRE))
    roles = {Role(one.role) for side in Side for one in kept(tmp_path, side)}
    assert roles == set(Role) - SYSTEM_ROLES
    for side in Side:
        path = tmp_path / side.value / "demo-accounts.json"
        assert path.stat().st_mode & 0o777 == 0o600
        assert all("invented" in one.name for one in kept(tmp_path, side))
    assert len(kept(tmp_path, Side.SAFETY)[0].password) >= 15


def test_accounts_are_listed_in_columns(tmp_path: Path) -> None:
    keep(tmp_path, draw_up(CENTRE, *(one for one in demo.shipped().values() if one != CENTRE)))
    told = {one.email: one.sees for side in Side for one in kept(tmp_path, side)}
    for side in demo.signs_in(tmp_path).split("  The ")[1:]:
        lines = [line for line in side.splitlines() if "@" in line]
        assert len({line.index(told[line.split()[0]]) for line in lines}) == 1


# --- what it refuses -----------------------------------------------------------------------------


def test_real_servers_are_refused(tmp_path: Path) -> None:
    named = {"CASEWALL_SAFETY_APP_URL": "postgresql://safe_app:x@example.invalid/casewall_safety"}
    with pytest.raises(demo.DemoRefused, match="embedded databases only"):
        demo.make(tmp_path, environ=named)
    assert not any(tmp_path.iterdir())


def test_databases_of_somebody_else_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "safety").mkdir()
    (tmp_path / "safety" / "keys.json").write_text("{}")
    with pytest.raises(demo.DemoRefused, match="did not make"):
        demo.make(tmp_path, environ={})
    assert (tmp_path / "safety" / "keys.json").exists()


def test_an_interrupted_demonstration_is_made_afresh(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "programme").mkdir()
    (tmp_path / "programme" / "half.jsonl").write_text("{}")
    (tmp_path / demo.MARK).write_text('{"started_at": "2026-11-23T02:00"}')
    made: list[int] = []
    monkeypatch.setattr(demo, "open_clusters", lambda *a, **k: nullcontext())
    monkeypatch.setattr(demo, "_make_all", lambda var, people, cohort: made.append(people))
    assert "Made in" in demo.make(tmp_path, people=7, environ={})
    assert made == [7]
    assert "afresh" in capsys.readouterr().out
    assert not (tmp_path / "programme").exists()
    assert demo.read_mark(tmp_path)["finished_at"]


# --- from nothing --------------------------------------------------------------------------------


def free_ports() -> list[int]:
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(3)]
    ports = [listener.getsockname()[1] for listener in listeners]
    for listener in listeners:
        listener.close()
    return ports


SMALL = [sys.executable, "-m", "casewall", "demo", "--no-cohort", "--people", "30"]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """A whole small demonstration: made, and then asked for again and served."""
    folder = tmp_path_factory.mktemp("demonstration")
    var, ports = folder / "var", free_ports()
    environment = {
        **clean_environment(),
        "CASEWALL_VAR": str(var),
        "CASEWALL_FAST": "1",
        "PYTHONPATH": str(Path(demo.__file__).parents[2]),
    }
    made = subprocess.run(
        [*SMALL, "--no-serve"], env=environment, check=False, capture_output=True, text=True
    )
    assert made.returncode == 0, made.stderr
    with open_clusters(var, environ={}, fast=True):
        before = counts(var)
    names = ["--programme-port", "--safety-port", "--front-door-port"]
    options = [str(word) for pair in zip(names, ports, strict=True) for word in pair]
    said = folder / "said"
    with said.open("wb") as out:
        process = subprocess.Popen(
            [*SMALL, *options], env=environment, stdout=out, stderr=subprocess.STDOUT
        )
    try:
        until = time.monotonic() + 120
        while "The sites answer at" not in said.read_text():
            assert process.poll() is None, said.read_text()
            assert time.monotonic() < until, said.read_text()
            time.sleep(0.3)
        yield {
            "var": var,
            "ports": ports,
            "made": made.stdout,
            "said": said.read_text(),
            "environment": environment,
            "before": before,
            "after": counts(var),
        }
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        assert not [port for port in ports if answers(port)]


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def counts(var: Path) -> dict[str, int]:
    """Rows of some tables, as the superuser: owners are under the row policies too."""
    tables = {
        "programme": ("programme_cases_case", "programme_groups_attendance", "staff_worker"),
        "safety": (
            "safety_partners_partnerfile",
            "safety_intake_referralfile",
            "safety_partners_scaleanswer",
            "mfa_authenticator",
        ),
    }
    found = {}
    for side, names in tables.items():
        url = Cluster(var / side).superuser_url(f"casewall_{side}")
        with psycopg.connect(url) as connection:
            for name in names:
                row = connection.execute(f"select count(*) from {name}").fetchone()
                found[name] = row[0] if row else 0
    return found


class Browser:
    """Cookies and forms, as a browser without JavaScript sends them."""

    def __init__(self, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}"
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._open = urllib.request.build_opener(cookies).open
        self.page, self.address = "", self.base + "/"

    def get(self, path: str) -> str:
        return self._read(self.base + path)

    def send(self, **fields: str) -> str:
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.page)
        assert found, self.page
        fields["csrfmiddlewaretoken"] = found[1]
        return self._read(self.address, urllib.parse.urlencode(fields).encode())

    def _read(self, address: str, written: bytes | None = None) -> str:
        request = urllib.request.Request(  # noqa: S310  # always this machine, over HTTP
            address, written, {"Referer": self.address}
        )
        with self._open(request, timeout=30) as answer:
            self.address, self.page = answer.url, answer.read().decode()
        return self.page


@pytest.mark.clusters
@pytest.mark.parametrize(
    ("site", "email"), [(0, "facilitator@demo.invalid"), (1, "partner-worker@demo.invalid")]
)
def test_a_demo_worker_signs_in_with_password_and_code(
    running: dict[str, Any], site: int, email: str
) -> None:
    side = list(Side)[site]
    account = next(one for one in kept(running["var"], side) if one.email == email)
    assert account.email in running["said"]
    assert account.password in running["said"]
    browser = Browser(running["ports"][site])
    browser.get("/")
    assert "/accounts/login/" in browser.address
    browser.send(login=email, password=account.password)
    assert "2fa" in browser.address
    code = subprocess.run(
        [sys.executable, "-m", "casewall", "code", email],
        check=True,
        env=running["environment"],
        capture_output=True,
        text=True,
    )
    browser.send(code=code.stdout.strip())
    assert urllib.parse.urlsplit(browser.address).path == "/"
    assert account.name in browser.page


@pytest.mark.clusters
def test_the_front_door_answers_and_the_table_was_printed(running: dict[str, Any]) -> None:
    assert Browser(running["ports"][2]).get("/")
    assert "Persons referred" in running["said"]
    assert re.search(r"Made in \d+ seconds. Every person in it is invented.", running["made"])


@pytest.mark.clusters
def test_no_script_and_no_police_file_is_left_behind(running: dict[str, Any]) -> None:
    assert not list(running["var"].rglob("*.jsonl"))
    assert not list(running["var"].rglob("*.csv"))


@pytest.mark.clusters
def test_a_second_demonstration_beside_it_is_refused(running: dict[str, Any]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "casewall", "demo", "--no-serve"],
        check=False,
        env=running["environment"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "Another demonstration" in done.stderr


@pytest.mark.clusters
def test_making_it_again_adds_nothing_and_says_so(running: dict[str, Any]) -> None:
    assert running["before"]["programme_cases_case"] > 5
    assert running["before"]["safety_partners_scaleanswer"] > 20
    assert running["before"]["mfa_authenticator"] == len(kept(running["var"], Side.SAFETY))
    assert running["after"] == running["before"]
    assert "nothing was added" in running["said"]


@pytest.mark.clusters
def test_the_mark_tells_when_and_from_which_seed(running: dict[str, Any]) -> None:
    mark = json.loads((running["var"] / demo.MARK).read_text())
    assert mark["seed"] == demo.SEED
    assert (running["var"] / demo.MARK).stat().st_mode & 0o777 == 0o600
