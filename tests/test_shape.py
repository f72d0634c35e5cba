"""The shape of the code: sizes, names, and what must not be written down anywhere."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

from casewall.wall.checks import SHARED_APPS
from casewall.wall.router import side_of_label

ROOT = Path(__file__).resolve().parents[1]
MADE = {".git", ".venv", "var", "build", "dist", "node_modules", "__pycache__", "htmlcov",
        ".pytest_cache", ".ruff_cache", ".mypy_cache", ".hypothesis", ".import_linter_cache"}
"""Folders that commands make and that are not kept."""


def kept(*suffixes: str) -> Iterator[Path]:
    """Files that belong to the repository, by the end of their name."""
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        if (path.is_file() and not MADE & set(parts)
                and not any(part.endswith(".egg-info") for part in parts)
                and (not suffixes or path.suffix in suffixes)):
            yield path


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


PYTHON = [path for path in kept(".py") if "migrations" not in path.parts]
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in PYTHON}
LONGER_FILES: dict[str, int] = {}
LONGER_FUNCTIONS: dict[str, int] = {}


def test_the_walk_sees_the_repository() -> None:
    assert len(PYTHON) > 150
    assert ROOT / "casewall" / "wall" / "sealed.py" in PYTHON
    assert not [path for path in PYTHON if ".venv" in path.parts]


def test_no_file_is_longer_than_one_can_keep_in_mind() -> None:
    longer = {}
    for path in [*PYTHON, *kept(".html"), ROOT / "do"]:
        limit = 800 if "tests" in path.relative_to(ROOT).parts[:1] else 500
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > limit:
            longer[short(path)] = lines
    assert longer == LONGER_FILES == {}


def test_no_function_is_longer_than_a_page() -> None:
    longer = {}
    for path, tree in TREES.items():
        if not path.is_relative_to(ROOT / "casewall"):
            continue  # a story is as long as it is
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > 50:
                    longer[f"{short(path)} {node.name}"] = lines
    assert longer == LONGER_FUNCTIONS == {}


BANNED = {"util", "utils", "helper", "helpers", "common", "misc", "manager", "managers", "data",
          "info", "process", "processor", "handle", "handler", "exceptions"}
GIVEN_BY_DJANGO = {"process_view", "process_exception", "process_request", "process_response",
                   "SealedManager", "get_context_data", "handle", "handler400"}


def words(name: str) -> set[str]:
    """The words of a name, in snake or camel case."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def test_names_are_of_the_field_and_not_of_nothing_in_particular() -> None:
    package = [path for path in PYTHON if path.is_relative_to(ROOT / "casewall")]
    found = [short(path) for path in package if words(path.stem) & BANNED]
    found += [short(path) for path in package if words(path.parent.name) & BANNED]
    for path in package:
        for node in ast.walk(TREES[path]):
            if (isinstance(node, (ast.FunctionDef, ast.ClassDef))
                    and node.name not in GIVEN_BY_DJANGO and words(node.name) & BANNED
                    and "manager" not in node.name):  # a programme or safety manager is a person
                found.append(f"{short(path)} {node.name}")
    assert found == []


def test_a_public_function_or_class_of_the_package_says_what_it_means() -> None:
    """Where a mistake harms somebody: the wall, the vault, the rules and the acts."""
    silent = []
    for path, tree in TREES.items():
        where = path.relative_to(ROOT).as_posix()
        if not re.match(r"casewall/(wall|vault|audit)/|casewall/.*(rules|actions)\.py$", where):
            continue
        for node in [tree, *tree.body]:
            if isinstance(node, (ast.Module, ast.FunctionDef, ast.ClassDef)):
                name = getattr(node, "name", "")
                if not name.startswith("_") and not ast.get_docstring(node):
                    silent.append(f"{where} {name}")
    assert [one for one in silent if "apps.py" not in one and "__init__" not in one] == []


# --- what must not be written down ---------------------------------------------------------------

TEXT = {".py", ".toml", ".md", ".txt", ".lock", ".html", ".sql", ".ini", ".cfg", ".json", ".yml",
        ".yaml", ".sh", ".csv", ".scss", ".js", ".css", ".svg", ""}
MACHINE_PATHS = re.compile(r"(?<![\w.<{*-])/(?:" + "|".join(
    ["work/main", "work/shared", "home", "root", "Users"]) + r")/\w")
REGISTRIES = re.compile("|".join(
    ["pypi" + r"\.org", "pythonhosted" + r"\.org", "registry\\." + "npmjs",
     "codeload\\." + "github"]))


def texts() -> Iterator[tuple[Path, str]]:
    for path in kept():
        if path.suffix in TEXT and path.name not in {"LICENSE", "NOTICE"}:
            try:
                yield path, path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue


def test_no_lock_file_holds_an_address_or_a_path() -> None:
    locks = list(ROOT.glob("*.lock"))
    assert {path.name for path in locks} == {"requirements.lock", "requirements-dev.lock"}
    for path in locks:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"https?://|ftp://|file://|git\+", text), path.name
        assert not re.search(r"(^|\s)/\w+/", text), path.name
        pinned = re.findall(r"^[a-z0-9][\w.\[\],-]*==", text, re.MULTILINE | re.IGNORECASE)
        assert len(pinned) > 20
        assert text.count("--hash=sha256:") >= len(pinned)


def test_no_file_names_a_registry_or_somebodys_machine() -> None:
    found = {short(path): [*MACHINE_PATHS.findall(text), *REGISTRIES.findall(text)]
             for path, text in texts() if MACHINE_PATHS.search(text) or REGISTRIES.search(text)}
    assert found == {}


def test_every_dependency_has_a_line_on_what_it_is_for() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    project = tomllib.loads("\n".join(lines))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    assert len(wanted) > 20
    explained, comment = set(), False
    for line in lines:
        package = re.match(r'\s+"([^"]+)",$', line)
        if package and comment:
            explained.add(package[1])
        comment = line.strip().startswith("#") or bool(package and comment)
    assert set(wanted) <= explained


def test_no_task_is_left_in_the_code_and_no_test_is_switched_off() -> None:
    marks = re.compile("|".join(["TO" + "DO", "FIX" + "ME", r"\|\| " + "true", "pragma: no " +
                                 "cover", r"mark\.skip\(", r"mark\.xfail"]))
    assert [short(path) for path in PYTHON
            if marks.search(path.read_text(encoding="utf-8"))] == []


# --- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [
    model for model in apps.get_models()
    if side_of_label(model._meta.app_label) or model._meta.app_label in SHARED_APPS
], ids=lambda model: model.__name__)
def test_every_record_is_explained_in_the_glossary(model: type) -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    assert f"`{model.__name__}`" in glossary, "say in docs/glossary.md what it is"
