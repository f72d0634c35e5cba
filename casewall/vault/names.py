"""Search keys of names, phones and dates of birth: one spelling for all the ways to write one.

Pure. Whoever stores a blind index and whoever searches it call the same three functions, so
that "Sørensen", "SOERENSEN" and "Sorensen" meet. A key is for finding and matching only: the
name that a person gave is stored and shown as they gave it.
"""

import re
import unicodedata
from datetime import date

__all__ = ["MAX_PHONE_DIGITS", "MIN_PHONE_DIGITS", "birth_key", "phone_key", "plain", "tokens"]

MIN_PHONE_DIGITS = 6
MAX_PHONE_DIGITS = 15  # ITU-T E.164

# Letters that Unicode does not decompose into a base letter and a mark. Danish and Norwegian æ
# is always written "ae" where the letter is missing; ø is written both "oe" and "o", å both
# "aa" and "a", so those two fold to the shorter spelling (see _shorter).
_LETTERS = str.maketrans(
    {
        "æ": "ae",
        "ø": "o",
        "œ": "o",
        "ð": "d",
        "đ": "d",
        "ł": "l",
        "ı": "i",
        "þ": "th",
        # Arabic: forms of one letter that people use interchangeably when they type a name.
        "ٱ": "ا",
        "ة": "ه",
        "ى": "ي",
        "ی": "ي",
        "ک": "ك",
        "ہ": "ه",
        "ھ": "ه",
        "ە": "ه",
        "ـ": "",
    }
)


class _Plain(dict[int, str]):
    """What a single letter becomes once text is decomposed; found out when first met."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        category = unicodedata.category(letter)
        if category.startswith("M") or category == "Cf":
            letter = ""  # accents, Arabic vowel signs; joiners and direction marks
        elif category == "Nd":
            letter = str(unicodedata.decimal(letter))
        if code < 0x3000:  # alphabets; the rest is too many to keep
            self[code] = letter
        return letter


_PLAIN = _Plain()


def plain(text: str) -> str:
    """`text` without case, accents and invisible marks, in plain digits; punctuation stays."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKD", text.casefold()).casefold().translate(_LETTERS)
    return unicodedata.normalize("NFKD", folded).translate(_PLAIN)


_WORD = re.compile(r"[^\W_]+")


def _shorter(token: str) -> str:
    """Fold the spelled-out ø ("oe") and å ("aa") to the letter that replaces them elsewhere."""
    if "oe" in token:  # most names hold neither, and a long file asks for many names
        token = re.sub("oe+", "o", token)
    return re.sub("a{2,}", "a", token) if "aa" in token else token


def tokens(name: str) -> tuple[str, ...]:
    """The exact tokens of a name, in the order written, for search and matching.

    Case, accents, Arabic vowel signs and letter forms, apostrophes and hyphens do not count:
    `tokens("Al-Ṣāliḥ") == tokens("al salih")`. Two names match by a token only when it is equal;
    nothing is matched by sound or by likeness. The price of folding both spellings of ø and å is
    that a few different names share a token ("Joe" and "Jo").
    """
    return tuple(_shorter(word) for word in _WORD.findall(plain(name)))


def phone_key(text: str, prefix: str) -> str:
    """A phone number as `+` and digits (E.164), or "" where `text` is not one phone number.

    `prefix` is the country prefix of the service ("+45"), used for a number that names none; one
    leading trunk 0 is dropped then (not under +39, where it belongs to the number). "00" at the
    start means "+". Two numbers in one text, letters, fewer than 6 or more than 15 digits give "".
    """
    spoken = plain(text).strip()
    if not re.fullmatch(r"\+?[0-9\s().\-‐‑–/]*", spoken):
        return ""
    if sum(len(re.sub(r"\D", "", part)) >= MIN_PHONE_DIGITS for part in spoken.split("/")) > 1:
        return ""
    abroad = spoken.startswith(("+", "00"))
    if abroad:
        spoken = spoken.replace("(0)", "", 1)
    digits = re.sub(r"\D", "", spoken)
    if abroad:
        number = digits if spoken.startswith("+") else digits[2:]
        national = number
    else:
        national = digits[1:] if digits.startswith("0") and prefix != "+39" else digits
        number = re.sub(r"\D", "", prefix) + national
    if len(national) < MIN_PHONE_DIGITS or len(number) > MAX_PHONE_DIGITS:
        return ""
    return f"+{number}"


def birth_key(born_on: date) -> str:
    """A date of birth as YYYY-MM-DD."""
    return born_on.isoformat()
