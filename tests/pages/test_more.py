"""The page "more": what is not of every day, for whom it is, and for nobody else."""

from __future__ import annotations

import pytest
from django.http import Http404
from django.test import RequestFactory, override_settings

from casewall.pages import context, more

MORE = [("Complaints", "cases", ("manager",)), ("Costs", "groups", ("manager",))]
MAIN = [("Clients", "cases"), ("Groups", "groups", ("manager",))]


class Somebody:
    is_authenticated = True

    def __init__(self, role: str) -> None:
        self.role = role


@pytest.fixture(autouse=True)
def _addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "reverse", lambda name: f"/{name}/")


def test_the_navigation_ends_with_more_only_where_there_is_more() -> None:
    with override_settings(CASEWALL_NAVIGATION=MAIN, CASEWALL_MORE=MORE):
        labels = [str(one["label"]) for one in context.navigation("/", "manager")]
        assert labels == ["Clients", "Groups", "More"]
        assert [one["label"] for one in context.navigation("/", "worker")] == ["Clients"]


def test_more_is_current_on_its_own_page() -> None:
    with override_settings(CASEWALL_NAVIGATION=MAIN, CASEWALL_MORE=MORE):
        current = [str(one["label"]) for one in context.navigation("/more/", "manager")
                   if one["current"]]
    assert current == ["More"]


def test_the_pages_of_more_are_those_of_the_role() -> None:
    with override_settings(CASEWALL_MORE=MORE):
        assert [one["label"] for one in context.more_pages("manager")] == ["Complaints", "Costs"]
        assert context.more_pages("worker") == []


def test_whoever_has_nothing_more_has_no_such_page() -> None:
    request = RequestFactory().get("/more/")
    request.user = Somebody("worker")
    with override_settings(CASEWALL_MORE=MORE), pytest.raises(Http404):
        more.more(request)


def test_the_page_lists_them(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = {}
    monkeypatch.setattr(more, "render", lambda request, template, data: shown.update(data))
    request = RequestFactory().get("/more/")
    request.user = Somebody("manager")
    with override_settings(CASEWALL_MORE=MORE):
        more.more(request)
    assert [one["url"] for one in shown["pages"]] == ["/cases/", "/groups/"]


def test_what_folds_away_on_a_phone_stands_on_the_page_of_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown = {}
    monkeypatch.setattr(more, "render", lambda request, template, data: shown.update(data))
    request = RequestFactory().get("/more/")
    request.user = Somebody("manager")
    many = [(f"Page {n}", f"page-{n}") for n in range(context.FIRST + 2)]
    with override_settings(CASEWALL_NAVIGATION=many, CASEWALL_MORE=MORE):
        more.more(request)
        without_more = context.navigation("/", "worker")
    assert [one["label"] for one in shown["folded"]] == ["Page 4", "Page 5"]
    assert not any(one.get("folds") for one in without_more)
