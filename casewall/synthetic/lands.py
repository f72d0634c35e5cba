"""Where invented people live: languages, towns that are on no map, and numbers that nobody has.

Danish numbers that begin with 10 are given to nobody. British numbers are from the range that the
regulator Ofcom keeps for drama (07700 900000 to 900999), German ones from the range that the
Bundesnetzagentur keeps for it (030 23125 000 to 999).
"""

from __future__ import annotations

from dataclasses import dataclass

_MILLION = 1_000_000
_STEP = 615_277
"""Without a common factor with a million or a thousand: stepping repeats no number."""


@dataclass(frozen=True, slots=True)
class Land:
    """A country: languages with their shares, towns, and how numbers and addresses are written.

    `pattern` takes the figures of a number as `{}`: six of them in Denmark, three elsewhere.
    """

    tongues: tuple[tuple[str, float], ...]
    towns: tuple[str, ...]
    pattern: str
    numbers: int
    house_first: bool = False
    day: str = "%d.%m.%Y"

    def phone(self, n: int) -> str:
        """The n-th invented number of the country, as people write it."""
        tail = n * _STEP % self.numbers
        if self.numbers == _MILLION:
            text = f"{tail:06d}"
            return self.pattern.format(f"{text[:2]} {text[2:4]} {text[4:]}")
        return self.pattern.format(f"{tail:03d}")


LANDS: dict[str, Land] = {
    "DK": Land(
        tongues=(("da", 0.8), ("en", 0.1), ("ar", 0.1)),
        towns=(
            "8991 Hejlskov",
            "8992 Vindbøl",
            "8993 Tornager",
            "8994 Sandlund",
            "8995 Egelykke",
            "8996 Strandvig",
            "8997 Kildemark",
        ),
        pattern="10 {}",
        numbers=_MILLION,
    ),
    "GB": Land(
        tongues=(("en", 0.88), ("ar", 0.12)),
        towns=("Trentmere", "Northwold", "Millbeck", "Thameslea", "Alderwick", "Cobblehurst"),
        pattern="07700 900{}",
        numbers=1000,
        house_first=True,
        day="%d/%m/%Y",
    ),
    "DE": Land(
        tongues=(("de", 0.86), ("en", 0.06), ("ar", 0.08)),
        towns=("00991 Wegmark", "00992 Lindental", "00993 Oberhain", "00994 Unterhain"),
        pattern="030 23125{}",
        numbers=1000,
    ),
}
"""By the country of a service definition."""
