"""How often the check of shared words stops what was pasted, and what is clean (W16).

Every note here is invented. *Pasted*: words of a partner's note, with other capitals and marks, in
the middle of a disclosure. *Clean*: notes about a client, written by somebody who read no note of a
partner. *Retold*: the same facts in other words, which no comparison of words can find; the figure
is printed and has no bound, so that nobody believes that it is a guard against that.
"""

from __future__ import annotations

import sys
from random import Random

import pytest

from casewall.safety.coordination.overlap import LEAST, shared_runs, words_of
from casewall.synthetic import texts
from casewall.synthetic.texts_together import TOGETHER
from tests.programme.rights.files import OWN

OF_PARTNERS = [
    text
    for some in (*texts.SUPPORT.values(), *TOGETHER.values(), texts.PARTNER_CALL)
    for text in some
    if len(words_of(text)) >= LEAST
]
OF_CLIENTS = [*OWN, *texts.CLIENT_CALL, *texts.ASSESSMENT, *texts.NOT_SUITABLE]
DISCLOSURES = (
    "Comes to talks alone for now.",
    "The level is high since the second of March.",
    "The two cannot be placed in one group.",
)
RETOLD = {"the": "this", "and": "as well as", "not": "never", "of": "from", "to": "towards",
          "was": "has been", "is": "remains", "a": "one", "in": "inside", "with": "beside"}


def pasted(note: str, random: Random) -> str:
    """Words of a note in the middle of a disclosure, as hands and telephones change them."""
    words = note.split()
    least = next(size for size in range(LEAST, len(words) + 1)
                 if len(words_of(" ".join(words[:size]))) >= LEAST)
    size = random.randint(least, len(words))
    begin = random.randint(0, len(words) - size)
    some = " ".join(words[begin : begin + size])
    changed = random.choice([str.upper, str.lower, str.title, str])(some)
    changed = random.choice([changed, changed.replace(" ", "  "), changed.replace(",", " –")])
    return f"{random.choice(DISCLOSURES)} {changed} {random.choice(DISCLOSURES)}"


def retold(note: str) -> str:
    """The same in other words: function words exchanged, the halves turned round."""
    words = [RETOLD.get(word.lower(), word) for word in note.split()]
    half = len(words) // 2
    return " ".join([*words[half:], *words[:half]])


def test_pasted_words_are_stopped_and_clean_notes_are_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    random = Random(16)
    assert len(OF_PARTNERS) > 80
    tries = [pasted(note, random) for note in OF_PARTNERS for _ in range(10)]
    stopped = sum(bool(shared_runs(text, OF_PARTNERS)) for text in tries)
    alarms = sum(bool(shared_runs(text, OF_PARTNERS)) for text in OF_CLIENTS)
    told = sum(bool(shared_runs(retold(note), [note])) for note in OF_PARTNERS)
    with capsys.disabled():
        sys.stdout.write(f"\npasted: {stopped} of {len(tries)} stopped; retold: {told} of "
                         f"{len(OF_PARTNERS)}; clean: {alarms} of {len(OF_CLIENTS)} stopped\n")
    assert len(tries) > 500
    assert stopped >= 0.99 * len(tries)
    assert alarms <= 0.01 * len(OF_CLIENTS)

