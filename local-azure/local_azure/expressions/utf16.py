"""Strings as .NET counts, folds and orders them.

Counted are UTF-16 code units, folded is one character to one character. The order is that of en-US
as far as Latin letters go: the root collation's three levels, letters, then accents, then lower
before upper case. Characters outside of ASCII and accented Latin letters are ordered by code point,
which is not what a full collation would do.
"""

import unicodedata
from functools import lru_cache

_DOTLESS_I = "\u0131"  # the invariant culture leaves it out of the mapping


def units(text: str) -> str:
    """The string with each character beyond U+FFFF as its two surrogates."""
    if text.isascii() or max(text) <= "\uffff":
        return text
    raw = text.encode("utf-16-le", "surrogatepass")
    return "".join(chr(raw[i] | raw[i + 1] << 8) for i in range(0, len(raw), 2))


def joined(text: str) -> str:
    """The string with its surrogate pairs as the characters that they stand for."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def utf8(text: str) -> bytes:
    """The string's bytes; half a surrogate pair becomes U+FFFD, as in .NET."""
    if text.isascii():
        return text.encode()
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()


def upper(text: str) -> str:
    """Upper case by the invariant culture: "ß" stays."""
    return text.upper() if text.isascii() else "".join(map(_upper, text))


def lower(text: str) -> str:
    """Lower case by the invariant culture: "İ" stays."""
    return text.lower() if text.isascii() else "".join(map(_lower, text))


def _upper(character: str) -> str:
    for mapped in (character.upper(), character.title()):
        if len(mapped) == 1 and character != _DOTLESS_I:
            return mapped
    return character


def _lower(character: str) -> str:
    mapped = character.lower()
    return mapped if len(mapped) == 1 else character


_MARKS = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$"
_WHITE_SPACE = "\t\n\v\f\r "
_ORDER = {mark: place for place, mark in enumerate(_WHITE_SPACE + _MARKS)}
_Key = tuple[tuple[tuple[int, int], ...], tuple[str, ...], tuple[bool, ...]]


def compare_texts(left: str, right: str) -> int:
    """Negative, zero or positive, as the first text comes before, with or after the second."""
    if left == right:
        return 0
    first, second = _key(left), _key(right)
    return int(first > second) - int(first < second)


@lru_cache(maxsize=4096)
def _key(text: str) -> _Key:
    primary: list[tuple[int, int]] = []
    accents: list[str] = []
    cases: list[bool] = []
    for character in unicodedata.normalize("NFD", text):
        if unicodedata.combining(character) and primary:
            accents[-1] += character
        else:
            primary.append(_primary(character))
            accents.append("")
            cases.append(character.isupper())
    return tuple(primary), tuple(accents), tuple(cases)


def _primary(character: str) -> tuple[int, int]:
    if character in _ORDER:
        return 0, _ORDER[character]
    if character.isascii() and character.isdigit():
        return 1, ord(character)
    return 2, ord(character.lower()[0])
