"""A client's reply is the same in every byte whether or not there is a partner's file."""

from __future__ import annotations

import base64
import io

import pypdf
import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from casewall.safety.rights import actions
from casewall.safety.rights.models import RightsItem, RightsReply
from casewall.safety.rights.reply import Allowed, as_pdf, languages, told, wording
from casewall.safety.rights.rules import Origin, Route
from tests.emptying import empty
from tests.people import Staff
from tests.programme.conftest import NOW, TODAY
from tests.safety.rights.conftest import NAMED, OWN_NOTE, PHONE, Rights, rows
from tests.safety.rights.test_reviews import RELEASE


def lived(staff: Staff, *, with_hers: bool) -> tuple[bytes, RightsReply, list[RightsItem]]:
    """One world: a request, a review by the same rule, and the reply as it left."""
    world = Rights(staff)
    case = world.case()
    if with_hers:
        world.linked_file(case)
    request = world.collected(case)
    world.decide_all(request)
    with time_machine.travel(NOW + (RELEASE - TODAY), tick=False):
        reply = actions.release(request=request, route=Route.LETTER, version=request.version,
                                by=world.dpo)
    items = rows(RightsItem, world.dpo, request=request)
    return base64.b64decode(reply.content), reply, items


def test_the_reply_its_day_and_its_words_are_equal_in_both_worlds(
        staff: Staff, owner_urls: dict[str, str]) -> None:
    empty(owner_urls.values())
    alone, first, _ = lived(staff, with_hers=False)
    empty(owner_urls.values())
    beside, second, items = lived(staff, with_hers=True)
    assert any(item.origin == Origin.PARTNER_FILE for item in items)
    assert alone == beside
    assert (first.released_on, first.items) == (second.released_on, second.items)
    said = " ".join(
        " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(beside)).pages).split()
    )
    assert OWN_NOTE.split(".")[1].strip() in said
    assert NAMED not in said
    assert PHONE not in said
    for line in (wording("en")["standing"], *wording("en")["recipients"]):
        assert " ".join(line.split())[:60] in said


HELD = st.builds(
    Allowed, st.sampled_from(["", "2036-01-02", "2035-12-31"]), st.sampled_from(["Note", "Letter"]),
    st.just('{"facts": [], "texts": [["Text", "Invented."]]}'), st.sampled_from(["", "Invented"]),
)  # fmt: skip


@pytest.mark.parametrize("language", languages())
@given(held=st.lists(HELD, max_size=12), name=st.sampled_from(["Anders Opdigtet", "سامي المخترع"]))
def test_who_is_told_stands_in_the_same_words_whatever_is_held(
        language: str, held: list[Allowed], name: str) -> None:
    days = {"received_on": TODAY, "release_on": RELEASE}
    full, empty = (told(one, name=name, language=language, **days) for one in (held, []))
    words = wording(language)
    records = next(n for n, one in enumerate(full.blocks) if one.text == words["records_heading"])
    assert full.blocks[: records + 1] == empty.blocks[: records + 1]
    items = [one.text for one in full.blocks[:records] if one.kind == "item"]
    assert items == [*words["recipients"], *words["rights"]]
    assert (full.head, full.foot) == (empty.head, empty.foot)


@pytest.mark.parametrize("language", languages())
def test_the_same_records_in_another_order_are_the_same_bytes(language: str) -> None:
    held = [Allowed("2036-01-02", "Note", '{"facts": [], "texts": [["Text", "One."]]}'),
            Allowed("2035-12-31", "Letter", '{"facts": [], "texts": [["Text", "Two."]]}')]
    first, second = (
        as_pdf(told(one, name="Anders Opdigtet", language=language, received_on=TODAY,
                    release_on=RELEASE), agency="Invented", language=language)
        for one in (held, held[::-1]))  # fmt: skip
    assert first == second
