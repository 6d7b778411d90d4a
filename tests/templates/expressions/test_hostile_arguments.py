"""Whatever a function is given, it answers or refuses: nothing else ever leaves the evaluator."""

import itertools
import random

import pytest

from local_azure.expressions.errors import ExpressionError
from local_azure.expressions.registry import functions
from local_azure.expressions.static_context import StaticContext
from local_azure.expressions.template import evaluate

_NINES = "9" * 5000
_HOSTILE = (
    "null",
    "true",
    "0",
    "-1",
    "9223372036854775807",
    "-0.0",
    "1e300",
    "''",
    "'%'",
    "'\ud800'",
    "'\udc00x'",
    "'😀'",
    f"'{_NINES}'",
    "'1e999'",
    "'9999-12-31T23:59:59Z'",
    "'0001-01-01'",
    "'../x'",
    "'Month'",
    "'G99'",
    "'0.0.0;;'",
    "'%d'",
    "'<a b=\"\x01\"/>'",
    "'data:x;base64,a'",
    "'[1,2'",
    f"json('{_NINES[:400]}')",
    f"json('{'[' * 5000}')",
    "json('1e999')",
    "float('NaN')",
    "createArray(1,'a',null)",
    "json('{}')",
    'json(\'{"$content-type":5,"$content":6}\')',
    'json(\'{"$content-type":"application/xml","$content":"!!"}\')',
    'json(\'{"$content-type":"text/plain; charset=nope","$content":"YQ=="}\')',
    "json('{\"\":1}')",
    "binary('é')",
)
_CONTEXT = StaticContext(
    {
        "parameters": {"p": 1},
        "actions": {"a": {"outputs": {"body": 5}}, "b": 5},
        "trigger": {"outputs": {"body": [{"x": 1}]}},
        "item": 1,
    },
)


def _answers_or_refuses(expression: str) -> bool:
    try:
        evaluate(expression, _CONTEXT)
    except ExpressionError:
        return True
    return True


def test_a_function_of_one_argument_answers_or_refuses() -> None:
    for declared, argument in itertools.product(functions(), _HOSTILE):
        assert _answers_or_refuses(f"@{declared.name}({argument})")


@pytest.mark.parametrize("times", [12, pytest.param(60, marks=pytest.mark.long)])
def test_a_function_of_more_arguments_answers_or_refuses(times: int) -> None:
    drawn = random.Random(7)  # noqa: S311 - reproducible
    for declared in functions():
        for _ in range(times):
            count = max(declared.minimum, drawn.randint(2, 3))
            arguments = ",".join(drawn.choice(_HOSTILE) for _ in range(count))

            assert _answers_or_refuses(f"@{declared.name}({arguments})")


def test_functions_nested_without_end_are_refused() -> None:
    with pytest.raises(ExpressionError, match="nested more than 100 deep"):
        evaluate("@" + "concat(" * 3000 + "'a'" + ")" * 3000, _CONTEXT)
