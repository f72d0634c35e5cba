"""The scorer of a measure, read from its scoring file and held against its questions."""

from collections.abc import Mapping
from typing import Any

from casewall.measures.kinds import (
    SCORER_KINDS,
    SEXES,
    WITHOUT_TOTAL,
    AlertRule,
    Band,
    Change,
    Cut,
    Item,
    Missing,
    Scorer,
    Subscale,
    reliable_change,
)
from casewall.measures.reader import Reader

_METHODS = ("sum", "mean_stretched", "count_yes")
_MEANS = ("mean_stretched",)


def scorer_in(scored: Reader, items: tuple[Item, ...]) -> Scorer:
    """The scorer that the file describes. Raises DefinitionError."""
    kind = scored.one_of("kind", SCORER_KINDS) if scored.has("kind") else "mean_stretched"
    known = {item.link_id: item for item in items}
    named = _item_names(scored, "items", known) if scored.has("items") else None
    rests_on = named or tuple(item.link_id for item in items if item.scored)
    subscales = _subscales(scored, known)
    valued = kind not in WITHOUT_TOTAL
    scorer = Scorer(
        kind=kind,  # type: ignore[arg-type]
        items=rests_on,
        missing=_missing(scored, kind, len(rests_on)),
        rule=scored.text("rule"),
        higher_is=_direction(scored, valued),  # type: ignore[arg-type]
        lowest=scored.number("score_from") if valued else None,
        highest=scored.number("score_to") if valued else None,
        subscales=subscales,
        bands=_bands(scored),
        cuts=_cuts(scored),
        change=_change(scored.inner("change")) if scored.has("change") else None,
        off_number=_off_number(scored),
        off_source=scored.inner("off_counts").text("source") if scored.has("off_counts") else "",
        judgement=scored.one_of("judgement", ("upward",)) if scored.has("judgement") else "",
    )
    _check(scored, scorer, known)
    return scorer


def alerts_in(scored: Reader, key: str, items: tuple[Item, ...]) -> tuple[AlertRule, ...]:
    """The rules under a key: which answer of which question asks for a worker."""
    known = {item.link_id: item for item in items}
    found = []
    for reader in scored.each(key, optional=key != "alerts"):
        if reader.text("item") not in known:
            reader.refuse("item", f"there is no question {reader.text('item')}")
        found.append(AlertRule(reader.text("item"), reader.number("at_least"), reader.text("task")))
    return tuple(found)


def _direction(scored: Reader, valued: bool) -> str:
    return scored.one_of("higher_is", ("better", "worse", *(() if valued else ("neither",))))


def _item_names(reader: Reader, key: str, known: Mapping[str, Item]) -> tuple[str, ...]:
    named = reader.texts(key)
    for link_id in named:
        if link_id not in known:
            reader.refuse(key, f"there is no question {link_id}")
        if not known[link_id].scored:
            reader.refuse(key, f"{link_id} has no numbers")
    if not named or len(set(named)) != len(named):
        reader.refuse(key, "questions are needed, each once")
    return tuple(named)


def _missing(reader: Reader, kind: str, of: int) -> Missing:
    """The rule for missing answers; means may still write it as ``minimum_answered`` alone."""
    if kind in WITHOUT_TOTAL or kind == "count_yes" or kind == "sum_of_subscales":
        return Missing("none", of)
    if kind in _MEANS and not reader.has("missing"):
        minimum = reader.number("minimum_answered")
        if not 1 <= minimum <= of:
            reader.refuse("minimum_answered", f"it must be from 1 to {of}")
        return Missing("minimum", minimum)
    written = reader.inner("missing")
    allowed = ("none", "minimum") if kind in _MEANS else ("none", "prorate")
    rule = written.one_of("rule", allowed)
    if rule == "none":
        return Missing("none", of)
    if not 1 <= written.number("minimum") <= of:
        written.refuse("minimum", f"it must be from 1 to {of}")
    return Missing(rule, written.number("minimum"), written.text("source"))  # type: ignore[arg-type]


def _subscales(scored: Reader, known: Mapping[str, Item]) -> tuple[Subscale, ...]:
    found = []
    for reader in scored.each("subscales"):
        items = _item_names(reader, "items", known)
        method = reader.one_of("method", _METHODS)
        low, high = reader.number("from"), reader.number("to")
        if low >= high:
            reader.refuse("to", "it must be above from")
        missing = _missing(reader, method, len(items))
        sub = Subscale(
            reader.text("code"),
            reader.words("words"),
            items,
            method,  # type: ignore[arg-type]
            missing,
            low,
            high,
        )
        _check_range(reader, ("from", "to"), method, [known[i] for i in items], (low, high))
        found.append(sub)
    codes = [sub.code for sub in found]
    if len(set(codes)) != len(codes):
        scored.refuse("subscales", "two of them have the same code")
    return tuple(found)


def _bands(scored: Reader) -> tuple[Band, ...]:
    return tuple(
        Band(
            reader.text("code"),
            reader.words("words"),
            reader.number("from"),
            reader.number("to"),
            _sex(reader),
        )
        for reader in scored.each("bands")
    )


def _cuts(scored: Reader) -> tuple[Cut, ...]:
    found = []
    for reader in scored.each("cuts"):
        least, most = reader.number_or_none("at_least"), reader.number_or_none("at_most")
        if (least is None) == (most is None):
            reader.refuse("at_least", "either at_least or at_most is needed")
        edge = reader.number("at_most" if least is None else "at_least")
        found.append(Cut(edge, least is not None, _sex(reader), reader.text("source")))
    sexes = [cut.sex for cut in found]
    if len(set(sexes)) != len(sexes) or (None in sexes and len(sexes) > 1):
        scored.refuse("cuts", "one cut-off for everybody, or one for each sex, is needed")
    return tuple(found)


def _sex(reader: Reader) -> str | None:
    return reader.one_of("sex", SEXES) if reader.has("sex") else None


def _change(reader: Reader) -> Change:
    source = reader.text("source")
    if reader.has("threshold"):
        return Change(reader.quantity("threshold"), None, None, source)
    sd = reader.quantity("sd")
    reliability = reader.quantity("reliability")
    if reliability >= 1:
        reader.refuse("reliability", "it must be below 1")
    return Change(reliable_change(sd, reliability), sd, reliability, source)


def _off_number(scored: Reader) -> int | None:
    return scored.inner("off_counts").number("number") if scored.has("off_counts") else None


def _check(scored: Reader, scorer: Scorer, known: Mapping[str, Item]) -> None:
    if scorer.judgement and scorer.kind != "count_yes":
        scored.refuse("judgement", "only a checklist can be raised by judgement")
    if scorer.kind == "sum_of_subscales" and not scorer.subscales:
        scored.refuse("subscales", "a sum of subscales needs some")
    if scorer.kind in WITHOUT_TOTAL:
        for key in ("bands", "cuts", "change", "score_from", "score_to"):
            if scored.has(key):
                scored.refuse(key, WITHOUT_TOTAL[scorer.kind])
        if scorer.kind == "ratings" and scorer.subscales:
            scored.refuse("subscales", WITHOUT_TOTAL["ratings"])
        return
    low, high = scored.number("score_from"), scored.number("score_to")
    if low >= high:
        scored.refuse("score_to", "it must be above score_from")
    rests_on = [known[link_id] for link_id in scorer.items]
    if scorer.kind == "sum_of_subscales":
        sums = sum(s.lowest for s in scorer.subscales), sum(s.highest for s in scorer.subscales)
        if sums != (low, high):
            scored.refuse("score_to", f"the subscales add up to {sums[0]} to {sums[1]}")
    else:
        _check_range(scored, ("score_from", "score_to"), scorer.kind, rests_on, (low, high))
    _check_written_span(scored, rests_on)
    _check_bands(scored, scorer.bands, low, high)


def _check_range(
    reader: Reader,
    keys: tuple[str, str],
    method: str,
    items: list[Item],
    given: tuple[int, int],
) -> None:
    """The range that a file states must be the range that its questions can give."""
    for item in items:
        if item.span is None or item.span[0] == item.span[1]:
            reader.refuse("items", f"{item.link_id} has no lowest and highest number")
        if method == "count_yes" and item.span != (0, 1):
            reader.refuse("items", f"{item.link_id} is not a question of yes and no")
    if method == "mean_stretched":
        return
    spans = [item.span for item in items if item.span is not None]
    possible = sum(span[0] for span in spans), sum(span[1] for span in spans)
    for key, stated, real in zip(keys, given, possible, strict=True):
        if stated != real:
            reader.refuse(key, f"the questions add up to {possible[0]} to {possible[1]}")


def _check_written_span(scored: Reader, items: list[Item]) -> None:
    """Where a file says how answers are numbered, every question must be numbered so."""
    if not scored.has("lowest") and not scored.has("highest"):
        return
    low, high = scored.number("lowest"), scored.number("highest")
    if low >= high:
        scored.refuse("highest", "it must be above lowest")
    wanted = set(range(low, high + 1))
    for item in items:
        given: list[Any] = [o.number for o in item.options if o.number is not None]
        if set(given) != wanted or len(given) != len(wanted):
            scored.refuse("lowest", f"the numbers of {item.link_id} do not run from it to highest")


def _check_bands(scored: Reader, bands: tuple[Band, ...], low: int, high: int) -> None:
    """Bands must cover the range without gap or overlap, for everybody or for each sex."""
    sexes = {band.sex for band in bands}
    if None in sexes and len(sexes) > 1:
        scored.refuse("bands", "they are for everybody, or each is for one sex")
    for sex in sorted(sexes, key=str):
        edge = low
        for band in sorted((b for b in bands if b.sex == sex), key=lambda b: b.lowest):
            if band.lowest != edge or band.highest < band.lowest:
                scored.refuse("bands", f"{band.code} does not begin where the one before ends")
            edge = band.highest + 1
        if edge != high + 1:
            scored.refuse("bands", f"they end at {edge - 1} and the score at {high}")
