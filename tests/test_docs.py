"""The documents say what the code says: generated pages, links, names, variables, SQL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from casewall.config import wall
from casewall.config.cli import VERBS
from casewall.config.clusters import (
    GIVEN,
    LOCKED_ATTRIBUTES,
    LOGIN_ATTRIBUTES,
    SIDES,
    SideNames,
    ensure_roles,
)
from casewall.config.embedded import Cluster

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(
    [
        ROOT / "README.md",
        ROOT / "CHANGELOG.md",
        ROOT / "frontend" / "README.md",
        *DOCS.rglob("*.md"),
        *(ROOT / "casewall").rglob("*.md"),
    ]
)
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
INSTALL = DOCS / "how-to" / "install.md"

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_FILE = re.compile(r"`((?:casewall|tests|docs|frontend)/[\w./-]+?)/?`")


def without_blocks(text: str) -> str:
    """The prose of a page: fenced blocks hold examples, not links."""
    return re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """The places of a page that a link can lead to."""
    found = re.findall(r"^#+ (.+)$", without_blocks(page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in found}


def broken_links(page: Path) -> Iterator[str]:
    """Links of a page that lead nowhere, or out of the repository."""
    for link in _LINK.findall(without_blocks(page.read_text(encoding="utf-8"))):
        path, _, place = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if (
            "://" in link
            or not target.is_relative_to(ROOT)
            or not target.exists()
            or (place and place not in anchors(target))
        ):
            yield link


def test_a_link_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    page = ROOT / "docs" / "glossary.md"
    copy = tmp_path / "page.md"
    copy.write_text("# One\n[a](gone.md) [b](#two) [c](#one) [d](http://example.invalid)")
    assert list(broken_links(copy)) == ["gone.md", "#two", "#one", "http://example.invalid"]
    assert "people-and-organisations" in anchors(page)


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_link_leads_to_a_file_and_a_place_in_it(page: Path) -> None:
    assert list(broken_links(page)) == []


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    named = _FILE.findall(without_blocks(page.read_text(encoding="utf-8")))
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_no_page_names_a_host_or_a_home(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert re.findall(r"https?://\S+|/home/\S+|/root/\S+|/work/\S+", text) == []


def test_the_page_of_the_flows_is_not_stale() -> None:
    assert wall.FLOWS_PAGE.read_text(encoding="utf-8") == wall.flows_page()


def test_the_page_of_the_stages_is_not_stale_and_holds_the_drawing() -> None:
    text = wall.STAGES_PAGE.read_text(encoding="utf-8")
    assert text == wall.stages_page()
    assert text.count("stateDiagram-v2") == 1


def test_the_pages_are_written_by_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("FLOWS_PAGE", "STAGES_PAGE", "PRACTICE_PAGE"):
        monkeypatch.setattr(wall, name, tmp_path / getattr(wall, name).name)
    assert wall.wall(["docs"]) == 0
    assert (tmp_path / "stages.md").read_text(encoding="utf-8") == wall.stages_page()
    assert (tmp_path / "flows.md").read_text(encoding="utf-8") == wall.flows_page()
    assert capsys.readouterr().out == (
        "Wrote flows.md.\nWrote stages.md.\nWrote good-practice.md.\n"
    )


def test_every_verb_has_its_section_and_no_other_has_one() -> None:
    text = (DOCS / "reference" / "commands.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^### (\S+)$", text, re.MULTILINE)) == sorted(VERBS)
    for name, verb in VERBS.items():
        section = text.partition(f"\n### {name}\n")[2].partition("\n### ")[0]
        assert f"`casewall {name}" in section
        if verb.site is not None:
            assert f"({verb.site})" in section


def test_every_verb_of_do_is_named() -> None:
    usage = (ROOT / "do").read_text(encoding="utf-8").partition("<<'END'\n")[2].partition("\nEND\n")
    verbs = set(re.findall(r"^  (\w+) ", usage[0], re.MULTILINE)) - {"help"}
    text = (DOCS / "reference" / "commands.md").read_text(encoding="utf-8")
    line = next(one for one in text.splitlines() if one.startswith("`./do` itself has"))
    assert set(re.findall(r"`(\w+)`", line)) == verbs


def test_every_record_is_in_the_glossary() -> None:
    from django.apps import apps

    text = (DOCS / "glossary.md").read_text(encoding="utf-8")
    ours = {m.__name__ for m in apps.get_models() if m.__module__.startswith("casewall.")}
    assert len(ours) > 30
    assert sorted(name for name in ours if f"`{name}`" not in text) == []
    named = set(re.findall(r"`([A-Z]\w+)`", text))
    assert sorted(named - ours) == []


def test_every_decision_is_listed_once_with_its_number() -> None:
    pages = sorted(p.name for p in (DOCS / "adr").glob("0*.md"))
    assert [int(name[:4]) for name in pages] == list(range(1, len(pages) + 1))
    listed = _LINK.findall((DOCS / "adr" / "README.md").read_text(encoding="utf-8"))
    assert listed == pages
    for name in pages:
        text = (DOCS / "adr" / name).read_text(encoding="utf-8")
        assert text.startswith(f"# {name[:4]} ")
        assert re.search(r"^2\d{3}-\d\d, (in force|replaced by .+)$", text, re.MULTILINE)


def test_each_variable_is_listed_with_the_processes_that_are_given_it() -> None:
    rows = re.findall(
        r"^\| `(CASEWALL_\w+)` \| [^|]+ \| ([\w, ]+) \|$",
        INSTALL.read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    listed = {name: set(processes.split(", ")) for name, processes in rows}
    assert len(listed) == len(rows)
    given: dict[str, set[str]] = {}
    for site, names in GIVEN.items():
        for name in names:
            given.setdefault(name, set()).add(site)
    assert listed == given


INTERNAL = {
    "CASEWALL_CWD",  # set by ./do: where somebody stood
    "CASEWALL_CHROMIUM",  # set by ./do: the browser of the tests
    "CASEWALL_DEMO",  # set by the demonstration
    "CASEWALL_EMBEDDED",  # set where an embedded server is in use
    "CASEWALL_FAST",  # set by the tests: embedded servers that may lose everything
    "CASEWALL_RUN_AS",  # set for the child process of a verb
}


def test_each_setting_that_the_code_reads_is_in_the_page_on_installing() -> None:
    sources = [*(ROOT / "casewall" / "config").rglob("*.py"), ROOT / "casewall" / "frontdoor"]
    files = [f for s in sources for f in ([s] if s.is_file() else s.rglob("*.py"))]
    read = set()
    for file in files:
        read |= set(
            re.findall(
                r"""environ(?:\.get\(|\[)\s*["'](CASEWALL_\w+)["']""",
                file.read_text(encoding="utf-8"),
            )
        )
    assert "CASEWALL_HOSTS" in read
    text = INSTALL.read_text(encoding="utf-8")
    assert sorted(name for name in read - INTERNAL if f"`{name}`" not in text) == []


def sql_blocks() -> dict[str, list[str]]:
    """The SQL of the page on installing, by the database that it is for."""
    blocks = re.findall(r"^```sql\n(.*?)^```$", INSTALL.read_text("utf-8"), re.DOTALL | re.M)
    assert len(blocks) == 4
    return {"programme": blocks[:2], "safety": blocks[2:]}


@pytest.mark.clusters
@pytest.mark.parametrize("names", SIDES.values(), ids=list(SIDES))
def test_the_sql_for_real_servers_makes_what_the_embedded_servers_have(
    names: SideNames, tmp_path: Path
) -> None:
    catalogue = (
        "select rolname, rolcanlogin, rolinherit, rolsuper, rolcreatedb, rolcreaterole, "
        "rolreplication, rolbypassrls from pg_roles where rolname !~ '^(pg_|postgres)' order by 1"
    )
    members = (
        "select r.rolname, m.rolname from pg_auth_members a join pg_roles r on r.oid = a.roleid "
        "join pg_roles m on m.oid = a.member where m.rolname !~ '^pg_' order by 1, 2"
    )
    rights = "select datname, datdba::regrole::text, datacl::text from pg_database order by 1"
    schema = "select nspowner::regrole::text, nspacl::text from pg_namespace where nspname='public'"
    found = []
    for way in ("written", "made"):
        with Cluster(tmp_path / way, fast=True) as cluster:
            if way == "made":
                ensure_roles(cluster.superuser_url(), names.side, tmp_path)
            else:
                first, second = sql_blocks()[names.side]
                with psycopg.connect(cluster.superuser_url(), autocommit=True) as connection:
                    for statement in first.split(";")[:-1]:
                        connection.execute(statement.encode())
                with psycopg.connect(cluster.superuser_url(names.dbname)) as connection:
                    connection.execute(second.encode())
            with psycopg.connect(cluster.superuser_url(names.dbname)) as connection:
                found.append(
                    [
                        connection.execute(query.encode()).fetchall()
                        for query in (catalogue, members, rights, schema)
                    ]
                )
    written, made = found
    assert {row[0]: row[1:] for row in written[0]} == {
        **dict.fromkeys(names.roles.values(), LOGIN_ATTRIBUTES),
        **dict.fromkeys(names.locked_roles, LOCKED_ATTRIBUTES),
    }
    assert written == made


LOOKED_UP = ("glossary.md", "indicators.md", "measures.md")
"""Lists in which one entry is looked up; nobody reads them from end to end."""


def test_a_page_is_short_enough_to_be_read() -> None:
    long = {
        str(page): len(page.read_text("utf-8").splitlines())
        for page in PAGES
        if page.name not in LOOKED_UP
    }
    assert {name: lines for name, lines in long.items() if lines > 300} == {}
