"""The expression language of Logic Apps and Data Factory: parse, check and evaluate.

One evaluator for both services. What it answers is judged by Microsoft's own engine (tools.oracle);
where it differs on purpose, tests/templates/expressions/differences.json says so and why.
"""

from local_azure.expressions.check import check, try_expressions
from local_azure.expressions.context import Context, named
from local_azure.expressions.errors import ExpressionError
from local_azure.expressions.parser import is_expression, parse
from local_azure.expressions.registry import Service, functions
from local_azure.expressions.static_context import StaticContext
from local_azure.expressions.syntax import Expression
from local_azure.expressions.template import evaluate, evaluate_data_factory

__all__ = [
    "Context",
    "Expression",
    "ExpressionError",
    "Service",
    "StaticContext",
    "check",
    "evaluate",
    "evaluate_data_factory",
    "functions",
    "is_expression",
    "named",
    "parse",
    "try_expressions",
]
