"""Texts put together from values that may hold any character: JSON, and forms."""

import re
from collections.abc import Iterator

from local_azure.expressions.syntax import Call, Expression, Interpolation, Literal, calls
from local_azure.lint.subject import Finding, Subject

_JSON = re.compile(r'[{\[,]\s*"|"\s*:|"\s*[}\]]')
_FIELD = re.compile(r"(?:^|[&?])[\w.-]+=$")


def spliced_json(subject: Subject) -> Iterator[Finding]:
    """A value that is put into the text of a JSON document."""
    for written in subject.expressions:
        if any(_is_json(parts) for parts in _texts(written.expression)):
            message = (
                "a value is put into the text of a JSON document, which a quote or a backslash in "
                "it breaks; write the document as an object with an expression as the value"
            )
            yield Finding("spliced-json", written.where, message, written.text)


def plain_form_fields(subject: Subject) -> Iterator[Finding]:
    """A secret that is put into a form, or a query, as it is."""
    for written in subject.expressions:
        for parts in _texts(written.expression):
            for name in _plain_secrets(parts, subject.secure):
                message = (
                    f"the secure parameter '{name}' is put into a form as it is, which &, =, + or "
                    "% in it breaks; wrap it in encodeUriComponent()"
                )
                yield Finding("unencoded-secret", written.where, message, written.text)


def _texts(expression: Expression) -> Iterator[tuple[Expression, ...]]:
    """The parts of each text that an expression puts together; of replace() text and value."""
    if isinstance(expression, Interpolation):
        yield expression.parts
    for call in calls(expression):
        if call.name.lower() == "concat":
            yield call.arguments
        elif call.name.lower() == "replace" and call.arguments:
            yield call.arguments[0], call.arguments[-1]


def _is_json(parts: tuple[Expression, ...]) -> bool:
    literal = [part.value for part in parts if isinstance(part, Literal)]
    mixed = len(literal) < len(parts)
    return mixed and any(isinstance(text, str) and _JSON.search(text) for text in literal)


def _plain_secrets(parts: tuple[Expression, ...], secure: frozenset[str]) -> Iterator[str]:
    before = ""
    for part in parts:
        name = _parameter(part)
        if name.lower() in secure and _FIELD.search(before):
            yield name
        text = part.value if isinstance(part, Literal) else None
        before = text if isinstance(text, str) else ""


def _parameter(part: Expression) -> str:
    if isinstance(part, Call) and part.name.lower() == "parameters" and part.arguments:
        first = part.arguments[0]
        return str(first.value) if isinstance(first, Literal) else ""
    return ""
