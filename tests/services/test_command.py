"""`casewall services check FILE` and `casewall services list` as an administrator sees them."""

import pytest

from casewall.services.command import services


def test_the_command_shows_each_contradiction_of_a_programme_and_fails(
    spoiled_course, capsys, monkeypatch
) -> None:
    path = spoiled_course(('after = 2\ncounting = "absences"', 'after = 9\ncounting = "absences"'))
    monkeypatch.setenv("CASEWALL_CWD", str(path.parent))
    assert services(["check", path.name]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "error: line 202, programmes[1].ladder[3].after: “block” is never reached: it counts to 9 "
        "within a phase of 3 sessions",
        "definition.toml: 1 errors, 0 warnings.",
    ]


def test_the_command_passes_a_definition_with_warnings_only(spoiled_course, capsys) -> None:
    assert services(["check", str(spoiled_course(("weeks = 6", "weeks = 3")))]) == 0
    assert capsys.readouterr().out.endswith("definition.toml: 0 errors, 1 warnings.\n")


def test_the_command_lists_what_is_shipped(capsys) -> None:
    assert services(["list"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 5


def test_the_command_needs_a_verb() -> None:
    with pytest.raises(SystemExit):
        services([])
