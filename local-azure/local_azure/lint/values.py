"""Parts of expressions that fail whatever a run gives them: nothing in them depends on one."""

from collections.abc import Iterator

from local_azure.expressions.check import check
from local_azure.expressions.context import Context
from local_azure.expressions.errors import ExpressionError
from local_azure.expressions.registry import LOGIC_APPS, find
from local_azure.expressions.syntax import Call, Expression, calls, parts_of
from local_azure.lint.subject import Finding, Subject

_OF_THE_CLOCK = frozenset({"utcnow", "getfuturetime", "getpasttime"})


def failing(subject: Subject) -> Iterator[Finding]:
    """``int('x')``, ``div(1, 0)``, ``json('{')``, wherever it stands in an expression."""
    for written in subject.expressions:
        if not check(written.text, LOGIC_APPS):
            for why in dict.fromkeys(_failures(written.expression)):
                yield Finding("always-fails", written.where, why.rstrip("."), written.text)


def _failures(expression: Expression) -> Iterator[str]:
    """Why the innermost parts fail that do."""
    inner = [why for part in parts_of(expression) for why in _failures(part)]
    yield from inner
    if not inner and all(map(_is_constant, calls(expression))):
        try:
            expression.evaluate(Context())
        except ExpressionError as error:
            yield str(error)


def _is_constant(call: Call) -> bool:
    return not find(call.name, LOGIC_APPS).with_context or call.name.lower() in _OF_THE_CLOCK
