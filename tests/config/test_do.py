"""The two commands and what they install."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from casewall.config.clusters import GIVEN, clean_environment

CHECKOUT = Path(__file__).resolve().parents[2]
LOCKS = ["requirements.lock", "requirements-dev.lock"]
VERBS = ["bench", "casewall", "check", "clean", "code", "demo", "help", "nightly", "test"]


def do(*words, cwd=CHECKOUT):
    return subprocess.run(
        ["sh", str(CHECKOUT / "do"), *words], cwd=cwd, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("words", [(), ("help",), ("--help",)])
def test_help_lists_every_verb_from_anywhere(tmp_path, words):
    said = do(*words, cwd=tmp_path)
    assert said.returncode == 0
    assert sorted(re.findall(r"^  (\w+)", said.stdout, re.MULTILINE)) == VERBS


def test_every_verb_in_the_script_is_in_its_help():
    script = (CHECKOUT / "do").read_text()
    body = script[script.index("\ncase $verb in") :]
    labels = re.findall(r"^([a-z| -]+)\)$", body, re.MULTILINE)
    verbs = {word for label in labels for word in label.split(" | ") if not word.startswith("-")}
    assert sorted(verbs) == VERBS


def test_an_unknown_verb_is_named_and_the_verbs_are_listed():
    said = do("dance")
    assert said.returncode == 2
    assert "There is no verb 'dance'." in said.stderr
    assert "demo [--no-serve]" in said.stderr


def test_a_code_without_an_account_asks_for_one():
    said = do("code")
    assert said.returncode == 1
    assert "./do code EMAIL" in said.stderr


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_versions_and_hashes_and_no_address_or_path(lock):
    text = (CHECKOUT / lock).read_text()
    assert not re.findall(r"https?:|file:|index-url|find-links|(?<![\w.])/\w+", text)
    packages = re.findall(r"^([a-z0-9][^ ]*)==[^ ]+ .*\\$", text, re.MULTILINE)
    assert len(packages) > 20
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(packages)
    assert [block for block in blocks if "--hash=sha256:" not in block] == []


def test_the_development_lock_contains_the_run_time_lock_version_by_version():
    pins = [
        set(re.findall(r"^[a-z0-9][^ ]*==[^ ]+", (CHECKOUT / lock).read_text(), re.MULTILINE))
        for lock in LOCKS
    ]
    assert pins[0] < pins[1]


def test_every_dependency_is_locked_and_says_what_it_is_for():
    text = (CHECKOUT / "pyproject.toml").read_text()
    project = tomllib.loads(text)
    lock = (CHECKOUT / "requirements-dev.lock").read_text()
    wanted = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    reason = False
    justified = set()
    for line in text.splitlines():
        if found := re.match(r'\s+"(.+)",$', line):
            justified |= {found[1]} if reason else set()
        else:
            reason = line.lstrip().startswith("#")
    for requirement in wanted:
        name = re.match(r"[\w-]+", requirement)[0]
        assert f"\n{name}==" in lock, name
        assert requirement in justified, f"{name} has no line on what it is for"


def test_the_type_checker_is_given_every_variable_without_a_server(tmp_path):
    body = (CHECKOUT / "do").read_text().split("types() {")[1].split("\n}\n")[0]
    program = body.split("-c '\n")[1].split("' \"$made_up\"")[0]
    assert '[".venv/bin/mypy"]' in program
    program = program.replace('[".venv/bin/mypy"]', '["/bin/sh", "-c", "env"]')
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        check=True, capture_output=True, text=True, cwd=CHECKOUT, env=clean_environment(),
    )  # fmt: skip
    given = {line.partition("=")[0] for line in done.stdout.splitlines()}
    settled = ("programme", "safety", "front_door", "reporting", "owner")
    assert {name for site in settled for name in GIVEN[site]} <= given
    assert not any((tmp_path / side / "super.pw").exists() for side in ("programme", "safety"))
