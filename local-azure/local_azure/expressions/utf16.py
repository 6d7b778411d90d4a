"""Strings as .NET counts and folds them: UTF-16 code units, one character to one character."""

from __future__ import annotations

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
