"""Evaluating the values of a definition: what is an expression, and in whose surroundings."""

from datetime import UTC, datetime
from typing import Any

import pytest

from local_azure.expressions.context import Context
from local_azure.expressions.errors import ExpressionError
from local_azure.expressions.registry import DATA_FACTORY, LOGIC_APPS
from local_azure.expressions.static_context import StaticContext
from local_azure.expressions.template import evaluate, evaluate_data_factory

_EVENT = {"data": {"url": "https://s.blob.core.windows.net/in/a'b\"c%20d.csv"}}


def _evaluate(value: Any, **context: Any) -> Any:
    return evaluate(value, StaticContext(context))


def test_a_hostile_blob_name_reaches_the_job_as_it_is() -> None:
    body = "@setProperty(json('{}'),'Uri',triggerBody()?[0]['data']['url'])"

    evaluated = _evaluate(body, trigger={"outputs": {"body": [_EVENT]}})

    assert evaluated == {"Uri": "https://s.blob.core.windows.net/in/a'b\"c%20d.csv"}


def test_the_current_time_is_the_contexts() -> None:
    assert _evaluate("@utcNow()", now="2026-01-02T03:04:05Z") == "2026-01-02T03:04:05.0000000Z"


def test_a_past_and_a_future_time_are_counted_from_the_contexts() -> None:
    moment = "2026-03-31T00:00:00Z"

    assert _evaluate("@getFutureTime(1,'Month','d')", now=moment) == "4/30/2026"
    assert _evaluate("@getPastTime(1,'Month','d')", now=moment) == "2/28/2026"


def test_a_windows_time_zone_is_known() -> None:
    expression = "@convertFromUtc('2026-07-01T12:00:00Z','W. Europe Standard Time')"

    assert _evaluate(expression) == "2026-07-01T14:00:00.0000000"


def test_data_factory_reads_an_expression_object() -> None:
    value = {"url": {"value": "@pipeline().parameters.uri", "type": "Expression"}, "method": "GET"}
    context = StaticContext({"pipeline": {"parameters": {"uri": "https://e/jobs"}}})

    evaluated = evaluate_data_factory(value, context)

    assert evaluated == {"url": "https://e/jobs", "method": "GET"}


class _Workflow(Context):
    services = LOGIC_APPS

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)


class _Pipeline(Context):
    services = DATA_FACTORY


@pytest.mark.parametrize(
    ("expression", "context", "told"),
    [
        ("@pipeline()", _Workflow(), "is not defined or not valid"),
        ("@triggerBody()", _Pipeline(), "is not defined or not valid"),
        ("@item()", _Workflow(), "is not expected at this location"),
    ],
)
def test_a_function_that_its_surroundings_do_not_have_is_refused(
    expression: str, context: Context, told: str
) -> None:
    with pytest.raises(ExpressionError, match=f"'{expression[1:-2]}' {told}"):
        evaluate(expression, context)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        (
            "@replace('a',1,'b')",
            (
                "The template language function 'replace' expects its second parameter 'old' to be "
                "of type string. The provided value is of type 'Integer'."
            ),
        ),
        (
            "@add(1)",
            (
                "The template language function 'add' expects 'summand' (number), 'summand' "
                "(number). The function was invoked with '1' parameter(s)."
            ),
        ),
        ("@nonsense()", "The template function 'nonsense' is not defined or not valid."),
        (
            "@int('five')",
            (
                "The template language function 'int' was invoked with a parameter that is not "
                "valid. The value cannot be converted to the target type; found String '\"five\"'."
            ),
        ),
        (
            "@concat('a'",
            (
                "Unable to parse template language expression 'concat('a'': expected token "
                "'RightParenthesis' and actual 'EndOfData'."
            ),
        ),
        (
            "@variables('count')",
            (
                "Template language expression cannot be evaluated: the template variable 'count' "
                "is not defined; defined are: total."
            ),
        ),
        (
            "@json('{}').name",
            (
                "The template language expression 'json('{}').name' cannot be evaluated because "
                "property 'name' doesn't exist, available properties are ''."
            ),
        ),
    ],
)
def test_a_refusal_names_the_function_the_argument_and_what_it_got(
    expression: str, message: str
) -> None:
    with pytest.raises(ExpressionError) as refused:
        _evaluate(expression, variables={"total": 1})

    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"a": 1, "@concat('a')": 2}, "which the object already has"),
        ("@json('{a:1}')", "cannot be parsed"),
        ("@float('1,5','de-DE')", "knows no locale 'de-DE'; known is en-US"),
    ],
    ids=["a name twice", "nearly JSON", "another locale"],
)
def test_what_can_not_be_evaluated_is_told(value: Any, told: str) -> None:
    with pytest.raises(ExpressionError, match=told):
        _evaluate(value)


def test_every_guid_is_another_one() -> None:
    assert _evaluate("@equals(guid(),guid())") is False


def test_a_random_number_stays_below_its_maximum() -> None:
    drawn = {_evaluate("@rand(3,5)") for _ in range(200)}

    assert drawn == {3, 4}
