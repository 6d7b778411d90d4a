"""The order of texts in en-US, as far as Latin letters go.

It follows the root collation's three levels: letters, then accents, then lower before upper case.
Characters outside of ASCII and accented Latin letters are ordered by code point, which is not what
a full collation would do.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

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
