"""A client's reply is the same in every byte whether or not there is a partner's file."""

from __future__ import annotations

import base64
import io

import pypdf
import time_machine

from casewall.safety.rights import actions
from casewall.safety.rights.models import RightsItem, RightsReply
from casewall.safety.rights.reply import wording
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
