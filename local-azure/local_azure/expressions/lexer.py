"""Text of an expression, cut into tokens."""

import re
from dataclasses import dataclass
from typing import Any

from local_azure.expressions.errors import ExpressionError

_NUMBER = re.compile(r"[+-]?\d+(\.\d*)?([eE][+-]?\d+)?")
_IDENTIFIER = re.compile(r"[^\W\d][\w$]*|\$[\w$]*")
_STRING = re.compile(r"'((?:[^']|'')*)'")
_MARKS = {
    "(": "LeftParenthesis",
    ")": "RightParenthesis",
    "[": "LeftSquareBracket",
    "]": "RightSquareBracket",
    ".": "Dot",
    ",": "Comma",
    "?": "QuestionMark",
}
_SMALLEST, _LARGEST = -(2**63), 2**63 - 1


@dataclass(frozen=True)
class Token:
    """A token: its kind (a mark's name, "Identifier", "Literal" or "EndOfData") and its value."""

    kind: str
    value: Any = None


def tokens(text: str) -> list[Token]:
    """All tokens of an expression (without its ``@``), the end among them.

    Raises:
        ExpressionError: for a character that can't stand there, an open string, a bad number.
    """
    found: list[Token] = []
    position = 0
    while position < len(text):
        character = text[position]
        if character.isspace():
            position += 1
        elif character in _MARKS:
            found.append(Token(_MARKS[character]))
            position += 1
        else:
            token, position = _word(text, position)
            found.append(token)
    return [*found, Token("EndOfData")]


def _word(text: str, position: int) -> tuple[Token, int]:
    if text[position] == "'":
        return _string(text, position)
    if text[position].isdigit() or text[position] in "+-":
        return _number(text, position)
    match = _IDENTIFIER.match(text, position)
    if match is None:
        raise _unexpected(text, position)
    return Token("Identifier", match.group()), match.end()


def _string(text: str, position: int) -> tuple[Token, int]:
    match = _STRING.match(text, position)
    if match is None:
        message = (
            f"The template language expression '{text}' is not valid: the string constant at "
            f"position '{position}' is not terminated. String constants must be enclosed within "
            "a pair of quotes."
        )
        raise ExpressionError(message)
    return Token("Literal", match.group(1).replace("''", "'")), match.end()


def _number(text: str, position: int) -> tuple[Token, int]:
    match = _NUMBER.match(text, position)
    if match is None:
        raise _bad_number(text, position, text[position])
    end = match.end()
    if end < len(text) and (text[end].isalnum() or text[end] in "_$"):
        raise _unexpected(text, end)
    written = match.group()
    if match.group(1) or match.group(2):
        return Token("Literal", float(written)), end
    if not _SMALLEST <= int(written) <= _LARGEST:
        raise _bad_number(text, position, written)
    return Token("Literal", int(written)), end


def _unexpected(text: str, position: int) -> ExpressionError:
    return ExpressionError(
        f"The template language expression '{text}' is not valid: the string character "
        f"'{text[position]}' at position '{position}' is not expected.",
    )


def _bad_number(text: str, position: int, written: str) -> ExpressionError:
    return ExpressionError(
        f"The template language expression '{text}' is not valid: the value '{written}' at "
        f"position '{position}' cannot be converted to number.",
    )
