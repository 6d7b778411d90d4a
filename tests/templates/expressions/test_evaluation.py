"""Evaluating the values of a definition: what is an expression, and in whose surroundings."""

from datetime import UTC, datetime
from typing import Any

import pytest

from local_azure.expressions import (
    Context,
    ExpressionError,
    StaticContext,
    evaluate,
    evaluate_data_factory,
)
from local_azure.expressions.registry import DATA_FACTORY, LOGIC_APPS

_EVENT = {"data": {"url": "https://s.blob.core.windows.net/in/a'b\"c%20d.csv"}}


def _evaluate(value: Any, **context: Any) -> Any:
    return evaluate(value, StaticContext(context))


def test_text_without_an_expression_stays_as_it_is() -> None:
    assert _evaluate("mail@example.com costs 5 @ each") == "mail@example.com costs 5 @ each"


def test_two_at_signs_stand_for_one() -> None:
    assert _evaluate("@@triggerBody()") == "@triggerBody()"


def test_an_expression_keeps_its_type_and_an_interpolated_one_is_text() -> None:
    assert _evaluate({"number": "@add(1,2)", "text": "@{add(1,2)}"}) == {"number": 3, "text": "3"}


def test_a_hostile_blob_name_reaches_the_job_as_it_is() -> None:
    body = "@setProperty(json('{}'),'Uri',triggerBody()?[0]['data']['url'])"

    evaluated = _evaluate(body, trigger={"outputs": {"body": [_EVENT]}})

    assert evaluated == {"Uri": "https://s.blob.core.windows.net/in/a'b\"c%20d.csv"}


def test_names_of_functions_properties_and_actions_ignore_case() -> None:
    actions = {"Authorize": {"outputs": {"body": {"Access_Token": "t"}}}}

    assert _evaluate("@BODY('authorize').access_TOKEN", actions=actions) == "t"


def test_a_branch_that_is_not_taken_is_not_evaluated() -> None:
    assert _evaluate("@if(true,'taken',div(1,0))") == "taken"


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


def test_a_workflow_has_no_function_of_a_pipeline() -> None:
    with pytest.raises(ExpressionError, match="'pipeline' is not defined or not valid"):
        evaluate("@pipeline()", _Workflow())


def test_a_pipeline_has_no_function_of_a_workflow() -> None:
    with pytest.raises(ExpressionError, match="'triggerBody' is not defined or not valid"):
        evaluate("@triggerBody()", _Pipeline())


def test_what_a_context_does_not_have_is_refused_at_this_location() -> None:
    with pytest.raises(ExpressionError, match="'item' is not expected at this location"):
        evaluate("@item()", _Workflow())


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        (
            "@replace('a',1,'b')",
            (
                "The template language function 'replace' expects its second parameter 'old' to "
                "be of "
                "type string. The provided value is of type 'Integer'."
            ),
        ),
        (
            "@add(1)",
            (
                "The template language function 'add' expects 'summand' (number), 'summand' "
                "(number). "
                "The function was invoked with '1' parameter(s)."
            ),
        ),
        ("@nonsense()", "The template function 'nonsense' is not defined or not valid."),
        (
            "@int('five')",
            (
                "The template language function 'int' was invoked with a parameter that is not "
                "valid. "
                "The value cannot be converted to the target type; found String '\"five\"'."
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
                "is "
                "not defined; defined are: total."
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
    expression: str,
    message: str,
) -> None:
    with pytest.raises(ExpressionError) as refused:
        _evaluate(expression, variables={"total": 1})

    assert str(refused.value) == message


def test_a_name_that_evaluates_to_one_the_object_has_is_refused() -> None:
    with pytest.raises(ExpressionError, match="which the object already has"):
        _evaluate({"a": 1, "@concat('a')": 2})


def test_json_that_is_only_nearly_json_is_refused() -> None:
    with pytest.raises(ExpressionError, match="cannot be parsed"):
        _evaluate("@json('{a:1}')")


def test_another_locale_than_en_us_is_refused_by_name() -> None:
    with pytest.raises(ExpressionError, match="knows no locale 'de-DE'; known is en-US"):
        _evaluate("@formatNumber(1,'N','de-DE')")


def test_every_guid_is_another_one() -> None:
    assert _evaluate("@equals(guid(),guid())") is False


def test_a_random_number_stays_below_its_maximum() -> None:
    drawn = {_evaluate("@rand(3,5)") for _ in range(200)}

    assert drawn == {3, 4}
