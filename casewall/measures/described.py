"""What stands in a measure, in words: for the command line and for the reference page."""

from collections.abc import Iterable

from casewall.measures.definitions import DEFINITIONS, read, shipped
from casewall.measures.kinds import WITHOUT_TOTAL, Band, Cut, Definition, Item, Missing, Option

_KINDS = {
    "mean_stretched": "mean, stretched",
    "sum": "sum",
    "sum_of_subscales": "sum of subscales",
    "count_yes": "count of yes",
    "days": "days, no total",
    "ratings": "ratings, no total ever",
    "profile": "parts, no total",
}
_HEAD = """# Measures

Every questionnaire that is shipped, with its scorer. This page is written by
`casewall measures describe`; a test fails when it is out of date. What each word means:

- *Score*: the one number, where the instrument has one. Some have none, on purpose.
- *Cut-off*: the published number from which a score is taken as a case. It does not diagnose.
- *Reliable change*: a change smaller than this may be the wobble of the instrument itself.
- *Alert*: an answer that becomes a task for a worker on the same day, before anything is added up.
- *Missing*: what happens when an answer is missing. It is never counted as zero.

Raw answers are kept; scores are worked out from them, and each score says the version of the
measure and of the scorer.

"""


_TAIL = """
## Loading a measure of your own

`casewall measures copy NAME FOLDER` writes the two files of a shipped measure into a folder. For
an instrument whose wording is with its owner they are the structure: put the wording in, give it
another version, write in `licence` what allows you to use it, and take out `structure_only`.
`casewall measures check FILE` says what is wrong, with file and key or with the row of the
workbook; `casewall measures load FILE` keeps it in the folder `CASEWALL_MEASURES_DIR`
(`var/measures` without it). A version that was loaded is never edited.

FILE is a FHIR R4 `Questionnaire` (JSON; items of the types group, display, choice, boolean,
integer, decimal, string and text; answers as `answerOption` with `ordinalValue`; `enableWhen`) or
an XLSForm (xlsx; notes, groups, select_one, integer, decimal, text; `relevant` as comparisons
joined by only “and” or only “or”; the number of an answer in a column `score` of the choices).
Not read in an XLSForm, and refused with the sheet and the row: every other type (select_multiple,
rank, range, date, time, geopoint, image, audio, file, barcode …), repeats, hints, defaults, media,
triggers and choice filters, a calculation in a question, a condition of a whole group, a `relevant`
that mixes “and” with “or” or calls a function, a constraint that is not the bounds of a whole
number, a score that is no whole number, a form without a version, and a language without its code.
Rows of the type calculate are left out, since scores stand in the scoring file. Beside FILE stands
`FILE.scoring.json`:

| Key | Meaning |
|---|---|
"""
SCORING_KEYS = {
    "measure": "name; the `id` of the questionnaire",
    "version": "version of the questions; the same in both files",
    "scorer_version": "version of the scorer; a changed rule is another one",
    "licence": "whose it is and what allows its use",
    "wording": "whose words these are, and whether they were validated",
    "answered_by": "partner, client, referrer, worker or child; a list where several may",
    "recall": "the time that the questions ask about",
    "languages": "codes; each text must be there in each of them",
    "translations": "by language: translator, dated, version, validated",
    "structure_only": "true: the wording is with the licensee",
    "kind": ", ".join(_KINDS),
    "items": "the questions that the score rests on; all that have numbers where it is absent",
    "reversed": "the questions that are turned",
    "not_scored": "questions that are kept and never scored",
    "without_number": "answers that are no number, such as no-children",
    "missing": "rule none, prorate (sums) or minimum (means), with minimum and source",
    "minimum_answered": "short for the rule minimum",
    "off_counts": "number and source: what a question counts that another answer switched off",
    "lowest": "lowest number of every answer, where all are alike",
    "highest": "highest number of every answer, where all are alike",
    "score_from": "lowest score",
    "score_to": "highest score",
    "higher_is": "better or worse; neither where there is no score",
    "rule": "the whole rule in words",
    "subscales": "code, words, items, method (sum, mean_stretched, count_yes), missing, from, to",
    "bands": "code, words, from, to, and sex where it was published by sex",
    "cuts": "at_least or at_most, source, and sex where it was published by sex",
    "change": "threshold and source; or sd, reliability and source",
    "judgement": "upward: a professional may raise a checklist's result, never lower it",
    "counted": "true where figures count the answers to its single questions",
    "alerts": "item, at_least, task: a task for a worker on the same day",
    "escalations": "item, at_least, task: look closer, not urgent",
    "asked_at": "questions that are asked at some time points only, by question",
}


def reference_page() -> str:
    """`docs/reference/measures.md`: all shipped measures."""
    found = [read(DEFINITIONS, name) for name in sorted(shipped())]
    rows = [
        "| Measure | Title | Answered by | Questions | Score | Wording |",
        "|---|---|---|---|---|---|",
        *(_row(one) for one in found),
    ]
    sections = "".join(_section(one) for one in found)
    keys = "".join(f"| `{key}` | {meaning} |\n" for key, meaning in SCORING_KEYS.items())
    return _HEAD + "\n".join(rows) + "\n" + sections + _TAIL + keys


def described(definition: Definition) -> str:
    """One measure in words, with its questions where their wording is here."""
    lines = _section(definition).strip().splitlines()
    lines += ["", *(_question(item) for item in definition.items), ""]
    return "\n".join(lines)


def listed(found: Iterable[Definition]) -> str:
    """A line for each measure."""
    return "\n".join(
        f"{one.name:<20} {one.version:<7} {', '.join(one.answerers):<16} "
        f"{_KINDS[one.scorer.kind]:<24} {one.titles[one.languages[0]]}"
        + ("" if one.has_text else " (wording is with the licensee)")
        for one in found
    )


def _row(one: Definition) -> str:
    score = f"{one.score_from} to {one.score_to}" if one.score_to is not None else "none"
    text = ", ".join(one.languages) if one.has_text else "with the licensee"
    who = ", ".join(one.answerers)
    title = one.titles["en"]
    return f"| [{one.name}](#{one.name}) | {title} | {who} | {len(one.items)} | {score} | {text} |"


def _section(one: Definition) -> str:
    language = one.languages[0]
    scorer = one.scorer
    lines = [
        f"\n## {one.name}\n",
        f"{one.titles[language]}. Version {one.version}, scorer {one.scorer_version} "
        f"({_KINDS[scorer.kind]}). {one.wording}\n",
        f"- Asks about {one.recall}; answered by {' or '.join(one.answerers)}.",
        f"- Rule: {scorer.rule}",
    ]
    if scorer.kind in WITHOUT_TOTAL:
        lines.append(f"- No score: {WITHOUT_TOTAL[scorer.kind][0].lower()}{_rest(scorer.kind)}")
    else:
        better = {"better": "higher is better", "worse": "higher is worse"}[scorer.higher_is]
        lines.append(f"- Score from {scorer.lowest} to {scorer.highest}; {better}.")
        if scorer.kind not in ("sum_of_subscales", "count_yes"):
            lines.append(f"- Missing: {_missing(scorer.missing, len(scorer.items))}")
    turned = [str(item.number) for item in one.items if item.reversed]
    if turned:
        lines.append(f"- Turned by the scorer: questions {', '.join(turned)}.")
    for sub in scorer.subscales:
        counted = f"{sub.lowest} to {sub.highest}, {_plural(len(sub.items), 'question')}"
        lines.append(f"- Part `{one.name}.{sub.code}`: {sub.texts['en']} ({counted}).")
    lines += _limits(one)
    lines += [f"- Alert: {_asked(one, a.link_id)}, from {a.at_least}: {a.task}" for a in one.alerts]
    lines += [
        f"- Look closer: {_asked(one, e.link_id)}, from {e.at_least}: {e.task}"
        for e in one.escalations
    ]
    lines += [f"- Licence: {one.licence.rstrip('.')}.", f"- {one.acknowledgement}", ""]
    return "\n".join(lines)


def _limits(one: Definition) -> list[str]:
    scorer = one.scorer
    lines = [f"- Band: {_band(band)}." for band in scorer.bands]
    lines += [f"- Cut-off: {_cut(cut)} ({cut.source})." for cut in scorer.cuts]
    if scorer.change is not None:
        change = scorer.change
        how = "as published" if change.sd is None else f"from SD {change.sd:g} and reliability "
        how += "" if change.reliability is None else f"{change.reliability:g}"
        lines.append(f"- Reliable change: {change.least:.3g} points, {how} ({change.source}).")
    if scorer.off_number is not None:
        lines.append(
            f"- A question that is skipped counts {scorer.off_number}: {scorer.off_source}."
        )
    if scorer.judgement:
        lines.append(
            "- Professional judgement may raise the result, with a reason; never lower it."
        )
    return lines


def _rest(kind: str) -> str:
    return WITHOUT_TOTAL[kind][1:]


def _missing(missing: Missing, of: int) -> str:
    if missing.rule == "none":
        return "no score with any question unanswered."
    if missing.rule == "minimum":
        return f"the mean of what was answered, from {missing.minimum} of {of} answers on."
    return (
        f"raised in proportion to all {of}, from {missing.minimum} answers on ({missing.source})."
    )


def _band(band: Band) -> str:
    sex = f" ({band.sex})" if band.sex else ""
    return f"{band.lowest} to {band.highest}{sex}: {band.texts['en']}"


def _cut(cut: Cut) -> str:
    side = "or more" if cut.upward else "or less"
    return f"{cut.edge} {side}" + (f", {cut.sex}" if cut.sex else "")


def _asked(one: Definition, link_id: str) -> str:
    number = next(item.number for item in one.items if item.link_id == link_id)
    return f"question {number} (`{link_id}`)"


def _question(item: Item) -> str:
    language = next(iter(item.texts), "en")
    answers = " / ".join(_option(option, language) for option in item.options)
    if item.kind in ("integer", "decimal"):
        answers = f"a number from {item.at_least} to {item.at_most}"
    return f"{item.number:>3}. {item.asked(language)} [{item.link_id}] {answers}".rstrip()


def _option(option: Option, language: str) -> str:
    said = option.said(language)
    return said if option.number is None else f"{said} = {option.number}"


def _plural(count: int, word: str) -> str:
    return f"{count} {word}" + ("" if count == 1 else "s")
