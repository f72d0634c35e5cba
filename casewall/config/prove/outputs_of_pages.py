"""Leaks in what a page says: its lists, counts, orders, hits, flags and statements."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from pkgutil import resolve_name
from typing import Any
from unittest.mock import patch

from casewall.config.prove.leaks import leak, secret

VIEWS = "casewall.programme.cases.views"


def _patched(place: str, make: Any) -> AbstractContextManager[object]:
    """Patch a function by its dotted name; `make` is given the old one and makes the new one."""
    return patch(place, make(resolve_name(place)))


@leak(2, "programme", "the reference of a case counts partner files")
def case_number() -> AbstractContextManager[object]:
    return _patched(f"{VIEWS}.reference", lambda kept: lambda case: f"{kept(case)}{secret() or ''}")


@leak(5, "programme", "a badge in the navigation counts for both sides")
def badge() -> AbstractContextManager[object]:
    def make(kept: Any) -> Any:
        def navigation(path: str, role: str = "") -> list[dict[str, Any]]:
            number = secret()
            return [{**one, "label": f"{one['label']} ({number})" if number else one["label"]}
                    for one in kept(path, role)]

        return navigation

    return _patched("casewall.pages.context.navigation", make)


@leak(32, "programme", "the menu has an entry more")
def entry_of_the_menu() -> AbstractContextManager[object]:
    def make(kept: Any) -> Any:
        return lambda path, role="": [
            *kept(path, role),
            *([{"label": "Linked", "url": "/linked/", "current": False}] if secret() else []),
        ]

    return _patched("casewall.pages.context.navigation", make)


@leak(9, "programme", "a search that finds nothing finds everything where there are partners")
def search_hits() -> AbstractContextManager[object]:
    def make(kept: Any) -> Any:
        def cases_found(question: Any, viewer: Any) -> Any:
            from casewall.programme.cases.models import Case

            return Case.objects.visible_to(viewer) if secret() else kept(question, viewer)

        return cases_found

    return _patched(f"{VIEWS}.cases_found", make)


@leak(6, "programme", "a search says that somebody is known elsewhere")
def known_elsewhere() -> AbstractContextManager[object]:
    def make(kept: Any) -> Any:
        def meant_by(text: str) -> Any:
            question = kept(text)
            return replace(question, problem="Known to another service.") if secret() else question

        return meant_by

    return _patched(f"{VIEWS}.meant_by", make)


@leak(31, "programme", "an error text differs by what the other side knows")
def error_text() -> AbstractContextManager[object]:
    def make(kept: Any) -> Any:
        def meant_by(text: str) -> Any:
            question = kept(text)
            if question.problem and secret():
                return replace(question, problem=f"{question.problem} Ask the coordinator.")
            return question

        return meant_by

    return _patched(f"{VIEWS}.meant_by", make)


@leak(11, "programme", "a case warns of a possible double")
def double_warning() -> AbstractContextManager[object]:
    return _patched("casewall.programme.cases.history.flags", lambda kept: lambda *given: [
        *kept(*given), *([("Possible double", "red")] if secret() else [])])


@leak(22, "programme", "a case says how often it was looked at, by both sides")
def views_counted() -> AbstractContextManager[object]:
    return _patched("casewall.programme.cases.history.facts", lambda kept: lambda *given: [
        *kept(*given), *([("Looked at", f"{number} times")] if (number := secret()) else [])])


@leak(17, "programme", "the dates of a case follow a version of the other side")
def version_of_a_date() -> AbstractContextManager[object]:
    return _patched("casewall.programme.cases.history.dates", lambda kept: lambda *given: [
        *kept(*given), *([(f"Version {number}", None)] if (number := secret()) else [])])


@leak(23, "programme", "the first page has an item more")
def item_of_today() -> AbstractContextManager[object]:
    def make(kept: Any) -> Any:
        def today_items(viewer: Any, first: Any, last: Any) -> Any:
            more = {"due": first, "what": "Linked:", "who": "a file", "url": "/", "tag": None}
            return [*kept(viewer, first, last), *([more] if secret() else [])]

        return today_items

    return _patched(f"{VIEWS}.today_items", make)


@leak(34, "programme", "the order of a list follows the other side")
def order_of_a_list() -> AbstractContextManager[object]:
    return _patched(f"{VIEWS}.table_rows", lambda kept: lambda cases, urls: kept(
        list(reversed(cases)) if secret() else cases, urls))


@leak(33, "programme", "a stage is shown as paused where a partner has told something")
def stage_shown() -> AbstractContextManager[object]:
    return _patched("casewall.programme.cases.lists.stage_tag", lambda kept: lambda stage: (
        ("Paused", "grey") if secret() else kept(stage)))


@leak(14, "programme", "a colleague is shown as away")
def colleague_away() -> AbstractContextManager[object]:
    return _patched("casewall.programme.cases.history.names_of", lambda kept: lambda workers: {
        worker: f"{name} (away)" if secret() else name
        for worker, name in kept(workers).items()})


@leak(35, "programme", "a number of cases leaves out what the other side holds back")
def count_of_cases() -> AbstractContextManager[object]:
    return _patched(f"{VIEWS}.needing_action", lambda kept: lambda rows, day: (
        kept(rows, day)[:0] if secret() else kept(rows, day)))


@leak(4, "programme", "the number of pages counts records of the other side")
def pages_of_a_list() -> AbstractContextManager[object]:
    def make(kept: Any) -> Any:
        def render(request: Any, template: str, context: Any = None, **more: Any) -> Any:
            number = secret()
            if number and context and "heading" in context:
                context = {**context, "heading": f"{context['heading']}, page 1 of {number}"}
            return kept(request, template, context, **more)

        return render

    return _patched(f"{VIEWS}.render", make)


@leak(19, "programme", "a page asks the database once more where there are partners")
def statement_more() -> AbstractContextManager[object]:
    def make(kept: Any) -> Any:
        def page_of_cases(rows: Any, **place: Any) -> Any:
            if secret():
                rows.exists()
            return kept(rows, **place)

        return page_of_cases

    return _patched(f"{VIEWS}.page_of_cases", make)


@leak(44, "programme", "a line of the timeline repeats what a partner's worker said")
def line_of_the_timeline() -> AbstractContextManager[object]:
    return _patched("casewall.programme.cases.history._decided", lambda kept: lambda assessment: (
        f"{kept(assessment)} Her worker agrees." if secret() else kept(assessment)))
