"""Addresses of the pages about money and kept releases."""

from django.urls import path

from casewall.safety.costs.views import ledger, releases

_ONE = "releases/<slug:service>/<slug:pack>/<slug:quarter>/<int:version>/"

urlpatterns = [
    path("costs/", ledger.costs, name="costs"),
    path("costs/add/", ledger.add_cost, name="cost-add"),
    path("costs/load/", ledger.load, name="costs-load"),
    path("costs/contracts/add/", ledger.add_contract, name="contract-add"),
    path("costs/contracts/<uuid:pk>/", ledger.contract, name="contract"),
    path("costs/contracts/<uuid:pk>/strike/", ledger.strike_contract, name="contract-strike"),
    path("costs/<uuid:pk>/", ledger.cost, name="cost"),
    path("costs/<uuid:pk>/strike/", ledger.strike_cost, name="cost-strike"),
    path("releases/", releases.releases, name="releases"),
    path(_ONE, releases.release, name="release"),
    path(f"{_ONE}<slug:figure>/", releases.figure, name="release-figure"),
]
