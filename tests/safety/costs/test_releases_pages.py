"""Kept releases on the safety site: to their records for a manager, for nobody else there."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.urls import reverse

from casewall.outcomes.cards import Pack, load_pack
from casewall.outcomes.releases import kept_releases
from casewall.reporting.extract import Snapshot
from casewall.reporting.releases import Kept, identifiers_of, keep_release
from casewall.safety.partners.models import PartnerFile
from casewall.services.load import shipped
from casewall.wall.sides import Role
from tests.people import SERVICE, Staff
from tests.reporting.people import open_file
from tests.safety.costs.conftest import MANAGER, OTHERS, Browse, text
from tests.spec.cohort import client, extract, partner

WHOLE = load_pack("intervention-centre")
PACK = Pack(WHOLE.name, WHOLE.title, WHOLE.version,
            tuple(card for card in WHOLE.cards if card.id in ("referred", "partners")))
DAY = date(2014, 8, 1)


def keep(file: PartnerFile | None = None, service: str = SERVICE, more: int = 0) -> Kept:
    """Forty invented persons, of whom one is the partner of a file."""
    persons = [(client if n % 2 else partner)(f"k{n}", referred_on=DAY) for n in range(40 + more)]
    taken = extract(persons=persons, period_from=date(2013, 1, 1),
                    period_to=date(2014, 9, 30), as_of=date(2014, 12, 31))
    identifiers = {"partner:k0": [str(file.pk)] if file else [], "client:k1": [str(uuid4())]}
    return keep_release(folder=Path(settings.CASEWALL_REPORTS_DIR), pack=PACK,
                        snapshot=Snapshot(taken, {}), service=shipped()[service],
                        quarter="2014Q3", identifiers=identifiers)


def address(name: str, kept: Kept, *more: str) -> str:
    return reverse(name, args=[kept.service, kept.pack, kept.quarter, kept.version, *more])


def test_a_figure_leads_a_manager_to_its_records(staff: Staff, browse: Browse) -> None:
    browser, kept = browse(MANAGER), keep(file := open_file(staff))
    listed = browser.get(reverse("releases"))
    assert "2014Q3" in text(listed)
    assert address("release", kept) in listed.content.decode()
    shown = browser.get(address("release", kept))
    assert address("release-figure", kept, "partners") in shown.content.decode()
    assert address("release-given", kept) in shown.content.decode()
    assert "20 of 40" in text(shown)
    found = browser.get(address("release-figure", kept, "partners"))
    assert "Counted: 20 persons" in text(found)
    assert "Out of: 40 persons" in text(found)
    assert "19 of them are not among the records that you see." in text(found)
    assert "Benedikte Fiktivsen" in text(found)
    assert reverse("partner", args=[file.pk]) in found.content.decode()


def test_a_revision_is_listed_with_what_it_says_otherwise(staff: Staff, browse: Browse) -> None:
    keep()
    kept = keep(more=40)
    assert kept.version == 2
    shown = text(browse(MANAGER).get(address("release", kept)))
    assert "What this version says otherwise" in shown
    assert "was 40 (40 persons), is 80 (80 persons)." in shown


@pytest.mark.parametrize("role", OTHERS)
def test_for_nobody_else_is_there_a_release(staff: Staff, browse: Browse, role: Role) -> None:
    kept = keep(open_file(staff))
    for place in (reverse("releases"), address("release", kept),
                  address("release-figure", kept, "partners")):
        assert browse(role).get(place).status_code == 404


def test_a_release_of_another_service_is_not_there(staff: Staff, browse: Browse) -> None:
    kept = keep(service="your-choice")
    assert "No release has been kept yet." in text(browse(MANAGER).get(reverse("releases")))
    assert browse(MANAGER).get(address("release", kept)).status_code == 404


def test_what_is_not_there_is_404(staff: Staff, browse: Browse) -> None:
    kept = keep()
    browser = browse(MANAGER)
    for place in (address("release-figure", kept, "nothing"),
                  address("release", kept).replace("2014Q3", "2014Q4"),
                  address("release", kept).replace("/1/", "/2/")):
        assert browser.get(place).status_code == 404


def test_a_file_that_was_changed_is_said_and_not_shown(staff: Staff, browse: Browse) -> None:
    kept = keep()
    kept.path.chmod(0o600)
    kept.path.write_text("{}")
    answer = browse(MANAGER).get(reverse("releases"))
    assert "is not the file that was kept" in text(answer)
    assert browse(MANAGER).get(address("release", kept)).status_code == 404


def test_pseudonyms_lead_to_the_files_of_both_clusters(staff: Staff) -> None:
    file = open_file(staff)
    found = identifiers_of(shipped()[SERVICE])
    assert [str(file.pk)] in found.values()
    assert {who.partition(":")[0] for who in found} == {"partner"}


def test_without_a_folder_there_is_no_release(staff: Staff, browse: Browse) -> None:
    assert kept_releases(Path(settings.CASEWALL_REPORTS_DIR), SERVICE, PACK.name) == []
    assert "No release has been kept yet." in text(browse(MANAGER).get(reverse("releases")))
