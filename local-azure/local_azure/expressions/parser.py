"""The grammar: from a template's string to an expression.

::

    template   = "@@" anything             the text after the first "@", as it stands
               | "@" expression
               | text with "@{" expression "}" in it; "@@{" stands for "@{"
    expression = literal | name "(" [expression {"," expression}] ")" {step}
    step       = ["?"] "." name | ["?"] "[" expression "]"
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NoReturn

from local_azure.expressions.errors import ExpressionError
from local_azure.expressions.lexer import Token, tokens
from local_azure.expressions.syntax import (
    Call,
    Expression,
    Interpolation,
    Literal,
    Selection,
    Step,
)

_DEEPEST = 100
_CONSTANTS: dict[str, Any] = {"true": True, "false": False, "null": None}


def is_expression(text: str) -> bool:
    """Whether a template's string means something other than itself."""
    return (text.startswith("@") and text != "@") or "@{" in text


@lru_cache(maxsize=16384)
def parse(text: str) -> Expression:
    """The expression that a template's string stands for; plain text is a literal.

    Raises:
        ExpressionError: where the string is not well-formed.
    """
    if not is_expression(text):
        return Literal(text)
    if text.startswith("@@"):
        return Literal(text[1:])
    if text.startswith("@") and not text.startswith("@{"):
        return _Parser(text[1:]).whole()
    return Interpolation(tuple(_segments(text)))


def _segments(text: str) -> list[Expression]:
    parts: list[Expression] = []
    position, literal = 0, ""
    while (start := text.find("@{", position)) >= 0:
        literal += text[position:start]
        if literal.endswith("@"):  # "@@{" stands for "@{"
            literal += "{"
            position = start + 2
            continue
        end = _segment_end(text, start)
        parts += [Literal(literal), _Parser(text[start + 2 : end]).whole()]
        position, literal = end + 1, ""
    return [*parts, Literal(literal + text[position:])]


def _segment_end(text: str, start: int) -> int:
    """Where the brace stands that ends a segment: the first one outside of a string."""
    quoted = False
    for position in range(start + 2, len(text)):
        if text[position] == "'":
            quoted = not quoted
        elif text[position] == "}" and not quoted:
            return position
    message = (
        f"The template language expression '{text}' is not valid: the string interpolation "
        f"segment starting at position '{start}' is not terminated. Make sure that every '@{{' "
        "is followed by its '}'."
    )
    raise ExpressionError(message)


class _Parser:
    """Recursive descent over the tokens of one expression."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._tokens = tokens(source)
        self._next = 0
        self._depth = 0

    def whole(self) -> Expression:
        expression = self._expression()
        self._expect("EndOfData")
        return expression

    def _expression(self) -> Expression:
        self._depth += 1
        if self._depth > _DEEPEST:
            message = (
                f"Unable to parse template language expression: its functions are nested more than "
                f"{_DEEPEST} deep. It starts with '{self._source[:80]}'."
            )
            raise ExpressionError(message)
        expression = self._read()
        self._depth -= 1
        return expression

    def _read(self) -> Expression:
        if self._peek().kind == "Literal":
            return Literal(self._take().value)
        name = self._name()
        if name.lower() in _CONSTANTS:
            return Literal(_CONSTANTS[name.lower()])
        self._expect("LeftParenthesis")
        call = Call(name, self._arguments())
        steps = tuple(self._steps())
        return Selection(call, steps, self._source) if steps else call

    def _arguments(self) -> tuple[Expression, ...]:
        if self._accept("RightParenthesis"):
            return ()
        arguments = [self._expression()]
        while self._accept("Comma"):
            arguments.append(self._expression())
        self._expect("RightParenthesis")
        return tuple(arguments)

    def _steps(self) -> Iterator[Step]:
        while True:
            safe = self._accept("QuestionMark")
            if self._accept("Dot"):
                yield Step(Literal(self._name()), safe)
            elif self._accept("LeftSquareBracket"):
                yield Step(self._expression(), safe)
                self._expect("RightSquareBracket")
            elif safe:
                self._fail_after_question_mark()
            else:
                return

    def _name(self) -> str:
        return str(self._expect("Identifier").value)

    def _peek(self) -> Token:
        return self._tokens[self._next]

    def _take(self) -> Token:
        self._next += 1
        return self._tokens[self._next - 1]

    def _accept(self, kind: str) -> bool:
        if self._peek().kind != kind:
            return False
        self._next += 1
        return True

    def _expect(self, kind: str) -> Token:
        found = self._peek().kind
        if found == kind:
            return self._take()
        message = (
            f"Unable to parse template language expression '{self._source}': "
            f"expected token '{kind}' and actual '{found}'."
        )
        raise ExpressionError(message)

    def _fail_after_question_mark(self) -> NoReturn:
        message = (
            f"Unable to parse template language expression '{self._source}': encountered "
            f"unexpected token '{self._peek().kind}' after null-safe property dereference "
            "operator '?'."
        )
        raise ExpressionError(message)
