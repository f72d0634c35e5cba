"""What was measured, as tables for people. Pure."""

from __future__ import annotations

from typing import Any


def _thousands(number: int) -> str:
    return f"{number:,}"


def _pair(pair: list[float] | None) -> str:
    return f"{pair[0]:.2f} ({pair[1]:.2f})" if pair else "–"


def ratios(result: dict[str, Any]) -> str:
    """The ratios of each page, as a Markdown table: of medians, and in brackets of minima."""
    least, most = (_thousands(n) for n in (result["people"][0], result["people"][-1]))
    lines = [
        f"| page | {most} ÷ {least} people | page ÷ SQL floor | wall on ÷ off | "
        "encryption on ÷ off | queries |",
        "|---|---|---|---|---|---|",
    ]
    for name, page in result["pages"].items():
        queries = " / ".join(str(page["queries"][str(size)]) for size in result["people"])
        lines.append(
            f"| {name} | {_pair(page['growth'])} | {_pair(page['over_floor'])} | "
            f"{_pair(page['wall'])} | {_pair(page['encryption'])} | {queries} |"
        )
    return "\n".join(lines)


def work(result: dict[str, Any]) -> str:
    """The same ratios of the processor time that the site's own process used."""
    least, most = (_thousands(n) for n in (result["people"][0], result["people"][-1]))
    lines = [
        f"| page | {most} ÷ {least} people | wall on ÷ off | encryption on ÷ off | "
        "ms of processor | values decrypted |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {name} | {page['work_growth']:.2f} | {page['work_wall']:.2f} | "
        f"{page['work_encryption']:.2f} | {page['work_ms'][str(result['people'][-1])]:.1f} | "
        f"{page['decrypted']} |"
        for name, page in result["pages"].items()
    ]
    return "\n".join(lines)


def times(result: dict[str, Any]) -> str:
    """Milliseconds of each variant: median, and in brackets the quickest round."""
    names = list(next(iter(result["pages"].values()))["ms"])
    lines = [
        "| page | " + " | ".join(names) + " | rounds kept, discarded |",
        "|---" * (len(names) + 2) + "|",
    ]
    for name, page in result["pages"].items():
        cells = [f"{page['ms'][key][0]:.2f} ({page['ms'][key][1]:.2f})" for key in names]
        lines.append(
            f"| {name} | " + " | ".join(cells) + f" | {page['rounds']}, {page['discarded']} |"
        )
    return "\n".join(lines)


def loading(result: dict[str, Any]) -> str:
    """Time and memory of loading a referral file."""
    lines = ["| command | rows | seconds | ms a row | peak memory |", "|---|---|---|---|---|"]
    lines += [
        f"| {step['step']} | {_thousands(step['rows'])} | {step['seconds']:.1f} | "
        f"{1000 * step['seconds'] / step['rows']:.2f} | {step['peak_bytes'] / 2**20:.0f} MB |"
        for step in result["referrals"]
    ]
    return "\n".join(lines)


def machine(result: dict[str, Any]) -> str:
    """On what it was measured."""
    on, load = result["machine"], result["machine"]["load"]
    versions = ", ".join(f"{name} {version}" for name, version in result["versions"].items())
    canary = ", ".join(f"{name} {1000 * took:.2f} ms" for name, took in result["canary"].items())
    return (
        f"{on['cores']} cores, {on['memory_bytes'] / 2**30:.0f} GB; load {load[0]:.1f} at the "
        f"beginning, {load[1]:.1f} at the end. {versions}. Commit {result['commit']}. Quickest "
        f"canaries: {canary}. The run took {result['seconds']:.0f} s."
    )


def whole(result: dict[str, Any]) -> str:
    """Everything, ratios first."""
    parts = [
        "Ratios of medians (in brackets: of the quickest rounds)",
        ratios(result),
        "The same of the site's own processor time, which other work disturbs less",
        work(result),
        "Milliseconds, median (quickest round)",
        times(result),
    ]
    if result["referrals"]:
        parts += ["A referral file in which every row names two parties", loading(result)]
    return "\n\n".join([*parts, machine(result)])
