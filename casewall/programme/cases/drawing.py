"""The stages of a case as a drawing and as tables, for the documentation. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from casewall.programme.cases.national import STATUSES, WITHDRAWALS
from casewall.programme.cases.reasons import EXIT_WORDS, PAUSE_WORDS, REOPEN_WORDS
from casewall.programme.cases.rules import (
    ENDS,
    FOLLOWS,
    NEXT_ACTION,
    NEXT_ACTION_WORDS,
    PAUSE_REASONS,
    PAUSES,
    UNDER_WAY,
    Stage,
    goes_on_to,
    reopens_to,
    words,
)

_BOX = "under_way"


def drawing() -> str:
    """The moves as a Mermaid diagram.

    The stages from the referral to the minimum dose stand in a box, since a case can wait, or
    leave, at each of them.
    """
    lines = ["stateDiagram-v2", "    [*] --> referred", f'    state "under way" as {_BOX} {{']
    lines += [
        f"        {stage} --> {to}"
        for stage in UNDER_WAY
        for to in FOLLOWS[stage]
        if to in UNDER_WAY
    ]
    lines += ["    }", *(f"    {_BOX} --> {to}" for to in (*PAUSES, Stage.EXITED))]
    lines += [
        f"    {stage} --> {to}"
        for stage in FOLLOWS
        if stage not in PAUSES
        for to in FOLLOWS[stage]
        if to not in (*UNDER_WAY, *PAUSES, Stage.EXITED)
    ]
    for pause in PAUSES:
        lines.append(f"    {pause} --> {_BOX} : goes on")
        lines += [f"    {pause} --> {to}" for to in FOLLOWS[pause] if to not in UNDER_WAY]
    lines += _reopenings()
    lines += [f"    {end} --> [*]" for end in Stage if end in ENDS]
    return "\n".join(lines) + "\n"


def _reopenings() -> Iterator[str]:
    for end in Stage:
        if end not in ENDS:
            continue
        targets = {to for left in UNDER_WAY for to in reopens_to(end, left)}
        ahead = [_BOX] if len(targets) > 2 else [to for to in Stage if to in targets]
        yield from (f"    {end} --> {to} : reopened" for to in ahead)


def _national() -> str:
    return _table(
        ("national status", "stage", "with the reason"),
        (
            (one.name, _list(one.stages), _said(PAUSE_WORDS[r] for r in one.reasons) or "–")
            for one in STATUSES
        ),
    )


def stage_tables() -> str:
    """The stages, the pauses, the exit reasons and the national list, as Markdown."""
    return (
        "\n\n".join(
            [
                _table(
                    ("stage", "what it waits for", "within", "next can be"),
                    (_stage_row(stage) for stage in FOLLOWS),
                ),
                "A case that waits goes on where it stopped, or is assessed anew:",
                _table(
                    ("stopped at", "goes on at"),
                    ((words(left), _list(goes_on_to(left))) for left in UNDER_WAY),
                ),
                "Why a case may wait:",
                _table(
                    ("stage", "reasons"),
                    (
                        (words(pause), _said(PAUSE_WORDS[one] for one in PAUSE_REASONS[pause]))
                        for pause in PAUSES
                    ),
                ),
                f"An exit needs one reason: {_said(EXIT_WORDS.values())}.",
                "A programme manager reopens a case that has ended. One that was exited goes on "
                "as a case that waited does; one that was closed becomes follow up or "
                "contacted; one that was withdrawn is a referral again. It needs a reason: "
                f"{_said(REOPEN_WORDS.values())}.",
                "A wrong move stays on record. A correcting move puts the case back where it "
                "stood.",
                "## The statuses of a national programme",
                "The probation service of England and Wales uses these; each is one of our stages:",
                _national(),
                "Its reasons for a withdrawal are these exit reasons:",
                _table(
                    ("code", "exit reason"),
                    ((code, EXIT_WORDS[reason].lower()) for code, reason in WITHDRAWALS.items()),
                ),
            ]
        )
        + "\n"
    )


def _stage_row(stage: Stage) -> tuple[str, ...]:
    waits = NEXT_ACTION[stage]
    what, within = (NEXT_ACTION_WORDS[waits[0]], f"{waits[1]} days") if waits else ("–", "–")
    return words(stage), what, within, _list(FOLLOWS[stage]) or "nothing, unless it is reopened"


def _list(stages: tuple[Stage, ...]) -> str:
    return ", ".join(map(words, stages))


def _said(texts: Iterable[str]) -> str:
    return "; ".join(text.lower() for text in texts)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(lines)
