"""A confined process opens its own files and nobody else's."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from casewall.config import confine as subject
from casewall.config.clusters import clean_environment, open_clusters, site_environment
from casewall.config.confine import confine, landlock_version, site_paths

needs_landlock = pytest.mark.skipif(not landlock_version(), reason="this kernel has no Landlock")


def environment(**more):
    # Coverage would write its file into the checkout, which is refused.
    kept = {k: v for k, v in clean_environment().items() if not k.startswith("COV")}
    return kept | more


def run_confined(arguments, program, **more):
    """What a Python program says when it runs confined."""
    command = [sys.executable, "-m", "casewall.config.confine", *map(str, arguments), "--"]
    return subprocess.run(
        [*command, sys.executable, "-c", program],
        env=environment(**more),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def of_site(var):
    return ["--site", "programme", "--var", var]


ATTEMPT = """
import sys
try:
    {attempt}
except PermissionError:
    print("refused")
else:
    print("allowed")
"""


@pytest.fixture
def var(tmp_path):
    for name in ("programme", "safety", "site/programme", "site/safety"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "keys.json").write_text("{}")
    return tmp_path


@needs_landlock
@pytest.mark.parametrize(
    ("attempt", "answer"),
    [
        ("open({var!r} + '/safety/keys.json')", "refused"),
        ("open({var!r} + '/safety/new', 'w')", "refused"),
        ("open({var!r} + '/programme/keys.json')", "refused"),
        ("open({var!r} + '/site/safety/keys.json')", "refused"),
        ("__import__('os').listdir({var!r} + '/safety')", "refused"),
        ("__import__('os').listdir({var!r})", "refused"),
        ("__import__('os').truncate({var!r} + '/safety/keys.json', 0)", "refused"),
        ("open('/proc/{parent}/environ')", "refused"),
        ("open('/proc/{parent}/mem')", "refused"),
        ("__import__('os').kill({parent}, 0)", "refused"),
        ("__import__('os').listdir('/dev/shm')", "refused"),
        ("open('/usr/new-file', 'w')", "refused"),
        ("open({var!r} + '/site/programme/keys.json')", "allowed"),
        ("open({var!r} + '/site/programme/new', 'w')", "allowed"),
        ("__import__('tempfile').mkdtemp()", "allowed"),
        ("__import__('django'), __import__('casewall.config.sites')", "allowed"),
    ],
)
def test_the_programme_site_opens_its_own_folder_and_no_other(var, attempt, answer):
    text = attempt.format(var=str(var), parent=os.getpid())
    said = run_confined(of_site(var), ATTEMPT.format(attempt=text))
    assert said.stdout == f"{answer}\n", said.stderr


@needs_landlock
def test_what_a_confined_process_starts_is_confined_too(var):
    program = f"import subprocess; subprocess.run(['cat', {str(var / 'safety/keys.json')!r}])"
    said = run_confined(of_site(var), program)
    assert said.stdout == ""
    assert "Permission denied" in said.stderr


@needs_landlock
@pytest.mark.clusters
def test_a_confined_site_still_reaches_its_own_database(tmp_path):
    program = """if True:
        import os, psycopg
        with psycopg.connect(os.environ["CASEWALL_PROGRAMME_APP_URL"]) as connection:
            print(connection.execute("SELECT current_user").fetchone()[0])
    """
    with open_clusters(tmp_path, environ={}, fast=True):
        given = site_environment("programme", tmp_path, {})
        said = run_confined(of_site(tmp_path), program, **given)
    assert said.stdout == "prog_app\n", said.stderr


@needs_landlock
@pytest.mark.skipif(landlock_version() < 4, reason="this kernel cannot refuse connections")
@pytest.mark.parametrize(("words", "answer"), [(["--no-connect"], "refused"), ([], "allowed")])
def test_outgoing_connections_can_be_refused_as_well(var, words, answer):
    with socket.create_server(("127.0.0.1", 0)) as server:
        attempt = f"__import__('socket').create_connection({server.getsockname()!r})"
        said = run_confined([*of_site(var), *words], ATTEMPT.format(attempt=attempt))
    assert said.stdout == f"{answer}\n", said.stderr


@needs_landlock
@pytest.mark.parametrize("version", [version for version in (1, 2, 3, 4, 5, 6) if version])
def test_an_older_kernels_landlock_refuses_the_same_files(var, version):
    if version > landlock_version():
        pytest.skip("this kernel is older than that")
    program = f"""if True:
        from pathlib import Path
        from casewall.config import confine
        confine.landlock_version = lambda: {version}
        print(confine.confine([Path("/usr"), Path("/no such path")], [Path("/dev/null")]))
        open("/dev/null", "w").close()
        try:
            open({str(var / "safety/keys.json")!r})
        except PermissionError:
            print("refused")
    """
    said = subprocess.run(
        [sys.executable, "-c", program], env=environment(), capture_output=True, text=True
    )
    assert said.stdout == "True\nrefused\n", said.stderr


def test_a_kernel_without_landlock_restricts_nothing_and_says_so(var, monkeypatch, capsys):
    monkeypatch.setattr(subject, "landlock_version", lambda: 0)
    assert confine([], []) is False
    became = []
    monkeypatch.setattr(os, "execvpe", lambda *words: became.append(words))
    subject.main([*map(str, of_site(var)), "--", "serve", "--port", "1"], {"KEPT": "yes"})
    assert "not confined" in capsys.readouterr().err
    program, words, environ = became[0]
    assert (program, words) == ("serve", ["serve", "--port", "1"])
    assert environ["KEPT"] == "yes"
    assert environ["TMPDIR"] == str(var / "site/programme/tmp")


def test_a_process_with_threads_is_not_half_confined(monkeypatch):
    monkeypatch.setattr(subject, "landlock_version", lambda: 1)
    over = threading.Event()
    thread = threading.Thread(target=over.wait)
    thread.start()
    try:
        with pytest.raises(RuntimeError, match="several threads"):
            confine([], [])
    finally:
        over.set()
        thread.join()


def test_a_refusal_of_the_kernel_is_an_error_and_never_a_silent_yes():
    with pytest.raises(OSError, match="Bad file descriptor"):
        subject._checked(subject._kernel().close(-1))


def test_state_inside_a_readable_folder_is_refused():
    with pytest.raises(RuntimeError, match="cannot be kept from a site"):
        site_paths("programme", Path("/usr/local/src/casewall/var"))


def test_a_site_without_the_folder_of_the_state_is_refused(capsys):
    with pytest.raises(SystemExit):
        subject.main(["--site", "programme", "--", "true"])
    assert "--site needs --var" in capsys.readouterr().err


def test_the_link_to_the_code_follows_a_checkout_that_moved(var):
    link = var / "site/programme/code/casewall"
    link.parent.mkdir()
    link.symlink_to("/an/older/place")
    subject.site_places("programme", var)
    subject.site_places("programme", var)
    assert (link / "config" / "confine.py").is_file()
