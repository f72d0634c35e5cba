"""What no line of the package may say (A13), and the short lists of what few lines may."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = {str(path.relative_to(ROOT / "casewall")): ast.parse(path.read_text(encoding="utf-8"))
         for path in sorted((ROOT / "casewall").rglob("*.py")) if "migrations" not in path.parts}
NODES = {file: list(ast.walk(tree)) for file, tree in FILES.items()}
SIDES = {name: tree for name, tree in FILES.items()
         if name.startswith(("programme/", "safety/"))}


def found_in(files: dict[str, ast.Module], is_one: Callable[[ast.AST], bool]) -> dict[str, int]:
    """How often a node of some kind stands in each file."""
    counts = {name: sum(is_one(node) for node in NODES[name]) for name in files}
    return {name: count for name, count in counts.items() if count}


def attribute(*names: str) -> Callable[[ast.AST], bool]:
    return lambda node: isinstance(node, ast.Attribute) and node.attr in names


def name(*names: str) -> Callable[[ast.AST], bool]:
    return lambda node: ((isinstance(node, ast.Name) and node.id in names)
                         or (isinstance(node, ast.alias) and node.name in names))


def test_the_walk_sees_the_package() -> None:
    assert len(FILES) > 100
    assert len(SIDES) > 40


# --- reading -------------------------------------------------------------------------------------

SHARED = {"Worker", "Agency", "Service", "Compartment", "Membership", "Entry"}
"""Models of accounts and of the audit: they hold nothing about clients or partners."""


def test_a_side_reads_its_records_through_a_viewer_or_a_registered_reason_only() -> None:
    unsealed = []
    for file, tree in SIDES.items():
        parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Attribute) and node.attr == "objects"):
                continue
            model = node.value.id if isinstance(node.value, ast.Name) else ast.unparse(node.value)
            after = parents[node]
            opens = isinstance(after, ast.Attribute) and after.attr in ("visible_to", "for_system")
            if model not in SHARED and not opens:
                unsealed.append(f"{file}:{node.lineno} {ast.unparse(after)}")
    assert unsealed == []


@pytest.mark.parametrize("word", [
    "_base_manager", "_default_manager", "_raw_delete", "_opened", "extra", "raw",
    "_refuse_unless_opened", "opened"])
def test_nobody_reaches_round_the_seal(word: str) -> None:
    outside = {file: tree for file, tree in FILES.items() if file != "wall/sealed.py"}
    assert found_in(outside, attribute(word)) == ALLOWED.get(word, {})


ALLOWED = {"extra": {"vault/clean/archives.py": 1}}
"""The extra field of a part of an archive, which has nothing to do with a query."""


@pytest.mark.parametrize("word", ["RawSQL", "SealedQuery", "SealedQuerySet", "get_model",
                                  "import_string", "exec", "eval", "__import__"])
def test_nobody_writes_raw_sql_or_looks_a_model_up_by_its_name(word: str) -> None:
    # What is erased follows the relations of a model of which only the name is known.
    free = {"wall/sealed.py", *(["wall/erasing.py"] if word == "get_model" else [])}
    outside = {file: tree for file, tree in FILES.items() if file not in free}
    assert found_in(outside, name(word)) == {}
    assert found_in(outside, attribute(word)) == {}


CURSORS = {
    "config/bench/databases.py": 1,  # the raw floor of the benchmark
    "config/prove/downward.py": 1,   # a leak put in by the prover, at the cursor of bridge_append
    "frontdoor/actions.py": 1,       # door_append
    "frontdoor/questions/slots.py": 1,  # the slot functions
    "reporting/extract.py": 4,       # the report role, on coded columns
    "reporting/releases.py": 1,      # the report role, on identifiers
    "programme/retention/actions.py": 1,     # carry_out, what two people decided
    "safety/intake/outbox.py": 1,    # bridge_append
    "safety/retention/forgetting.py": 1,     # forget_case, at the programme's word
    "staff/cluster.py": 1,           # who looked, and keeping an account
    "wall/context.py": 2,            # who is looking
    "wall/grants.py": 1,             # the owner, at migration
}
"""Every place that opens a cursor. A view never does."""


def test_every_cursor_is_on_the_list() -> None:
    assert found_in(FILES, attribute("cursor")) == CURSORS


def strings(tree: ast.Module) -> Iterator[str]:
    return (node.value for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str))


def test_no_lookup_walks_a_hidden_relation_backwards() -> None:
    assert [file for file, tree in FILES.items() if any('+__' in text for text in strings(tree))
            ] == []


def test_no_relation_hides_its_way_back() -> None:
    hidden = [file for file, tree in FILES.items() for node in ast.walk(tree)
              if isinstance(node, ast.keyword) and node.arg == "related_name"
              and isinstance(node.value, ast.Constant) and "+" in node.value.value]
    assert hidden == []


# --- answering -----------------------------------------------------------------------------------

WITHOUT_A_WORKER = {
    "config/bench/urls.py": {"csrf_exempt": 0, "login_not_required": 1},
    "frontdoor/questions/views.py": {"csrf_exempt": 3, "login_not_required": 0},
    "frontdoor/views.py": {"csrf_exempt": 3, "login_not_required": 0},
    "pages/style_guide.py": {"csrf_exempt": 0, "login_not_required": 2},
    "pages/views.py": {"csrf_exempt": 0, "login_not_required": 2},
    "staff/account_views.py": {"csrf_exempt": 0, "login_not_required": 1},
    "staff/agency_views.py": {"csrf_exempt": 0, "login_not_required": 2},
}
"""Views that answer somebody who has not signed in, or a form that did not come from our page."""


def test_every_view_without_a_worker_is_on_the_list() -> None:
    found: dict[str, Counter[str]] = {}
    for file, tree in FILES.items():
        for node in ast.walk(tree):
            for decorator in getattr(node, "decorator_list", ()):
                word = ast.unparse(decorator)
                if word in ("csrf_exempt", "login_not_required"):
                    found.setdefault(file, Counter())[word] += 1
    assert {file: {word: counts[word] for word in ("csrf_exempt", "login_not_required")}
            for file, counts in found.items()} == WITHOUT_A_WORKER


BEFORE = "by the role alone, before any record is looked for"
AFTER = "by the role, after the record was found among those that the viewer sees"
REFUSED_BY_ROLE = {
    "programme/agreements/views.py": AFTER,
    "programme/groups/planning/views.py": BEFORE,
    "programme/groups/views.py": BEFORE,
    "programme/notes/views.py": AFTER,
    "programme/rights/views.py": BEFORE,
    "programme/risk/commissions/views.py": AFTER,
    "programme/risk/views.py": AFTER,
    "programme/registers/views/marking.py": AFTER,
    "programme/registers/views/recording.py": AFTER,
}


def test_no_view_answers_that_something_is_forbidden_where_it_would_tell_that_it_exists() -> None:
    views = {file: tree for file, tree in SIDES.items() if "views" in file}
    words = name("PermissionDenied", "HttpResponseForbidden", "Http403")
    assert found_in(views, words).keys() <= REFUSED_BY_ROLE.keys()


# --- acting --------------------------------------------------------------------------------------

WRITES = frozenset({"save", "bulk_create", "bulk_update", "update", "delete", "create",
                    "get_or_create", "update_or_create"})
NOT_YET_ANYBODY = {
    ("frontdoor/actions.py", "leave"): "the public has no account",
    ("staff/actions.py", "install_service"): "the owner sets up before there are accounts",
    ("staff/actions.py", "add_worker"): "the owner sets up before there are accounts",
    ("programme/cases/actions.py", "index_client"): "a part of an act, inside its transaction",
    ("safety/partners/actions/files.py", "index_partner"): "a part of an act",
    ("safety/sending/actions/writing.py", "moved"): "a part of an act, inside its transaction",
    ("safety/risk/actions/triggers.py", "due_now"): "a part of an act, inside its transaction",
}
"""Writes without `by`, and why."""


def acts() -> Iterator[tuple[str, ast.FunctionDef]]:
    """The public functions of every `actions.py`, and of every file of a folder `actions`."""
    for file, tree in FILES.items():
        if file.endswith("/actions.py") or "/actions/" in file:
            for node in tree.body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    yield file, node


def called(function: ast.FunctionDef) -> set[str]:
    """The last names of everything that a function calls."""
    calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    return {c.attr if isinstance(c, ast.Attribute) else getattr(c, "id", "") for c in calls}


def test_every_act_is_keyword_only_and_says_by_whom() -> None:
    acted, nameless = 0, set()
    for file, function in acts():
        if not called(function) & (WRITES | {"acting", "record", "require", "execute"}):
            continue
        acted += 1
        where = f"{file} {function.name}"
        assert not function.args.args, f"{where}: name every argument in the call"
        by = {a.arg: a.annotation for a in function.args.kwonlyargs}.get("by")
        if by is None:
            nameless.add((file, function.name))
        else:
            assert ast.unparse(by) == "Viewer", where
    assert acted > 30
    assert nameless <= set(NOT_YET_ANYBODY)


def test_every_act_of_a_side_asks_for_a_duty_or_is_called_by_one_that_does() -> None:
    without = {(file, function.name) for file, function in acts()
               if file.startswith(("programme/", "safety/"))
               and called(function) & WRITES and "require" not in called(function)}
    assert without <= set(WITHOUT_A_DUTY)


WITHOUT_A_DUTY: dict[tuple[str, str], str] = {
    ("programme/cases/actions.py", "index_client"): "a part of an act that asked",
    ("safety/partners/actions/files.py", "index_partner"): "a part of an act that asked",
    ("programme/cases/actions.py", "add_task"): "whoever sees a case may ask a colleague",
    ("safety/partners/actions/tasks.py", "add_task"): "whoever sees a file may ask a colleague",
    ("safety/sending/actions/writing.py", "moved"): "a part of an act that asked",
    ("safety/support/actions/keeping.py", "kept"): "a part of an act that asked",
    ("safety/support/actions/groups.py", "keep_in_step"): "follows an act that asked",
    ("programme/risk/actions.py", "begin_assessment"): "assessing or reviewing, by `may_write`",
    ("programme/risk/actions.py", "save_sources"): "assessing or reviewing, by `may_write`",
    ("safety/coordination/actions.py", "keep_disclosure"): "a part of an act that asked",
    ("safety/meetings/actions/after.py", "settled"): "a part of an act that asked",
    ("safety/rights/actions/rows.py", "changed"): "a part of an act that asked",
    ("safety/risk/actions/signals.py", "keep_signal"): "follows whatever act kept the answer",
    ("safety/risk/actions/signals.py", "task_was_done"): "follows the act that ended the task",
    ("safety/risk/actions/triggers.py", "due_now"): "a part of an act that asked",
    ("safety/risk/actions/triggers.py", "keep_found"): "one of several duties, by `require_any`",
    ("safety/sharing/actions/exports.py", "keep_export"): "a part of the act that lets it leave",
    ("safety/sharing/actions/exports.py", "take_back"): "a part of an act that asked",
    ("safety/sharing/actions/exports.py", "tell_of_export"): "asks by `_may_take_back`",
}


def test_no_view_and_no_form_writes() -> None:
    views = {file: tree for file, tree in SIDES.items()
             if "views" in file or file.endswith(("forms.py", "lists.py", "finding.py"))}
    writes = {f"{file}:{node.lineno} {ast.unparse(node.func)}" for file, tree in views.items()
              for node in ast.walk(tree)
              if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
              and node.func.attr in WRITES - {"update"}}
    assert writes == set()


def test_no_rule_reads_the_clock() -> None:
    rules = {file: tree for file, tree in FILES.items() if file.endswith("/rules.py")}
    assert len(rules) >= 5
    assert found_in(rules, attribute("now", "today", "utcnow", "time_ns", "monotonic")) == {}
