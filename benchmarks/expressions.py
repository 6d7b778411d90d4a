"""The templates' own expressions: how many a second, ours beside Microsoft's engine.

Both do the same work, warm and in one process each: evaluate, and write the value as JSON. The
engine's process is the judge's (`tools.oracle`), which needs Linux on x86-64.
"""

import json
import time
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure
from local_azure.expressions.check import strings
from local_azure.expressions.errors import ExpressionError
from local_azure.expressions.json_types import compact
from local_azure.expressions.parser import is_expression
from local_azure.expressions.static_context import StaticContext
from local_azure.expressions.template import evaluate
from tools.oracle import judge

_TEMPLATES = Path(__file__).resolve().parent.parent / "logicapp_templates"
_RUNS = 5
_EVALUATIONS = 20_000
_URL = "https://inputs.blob.core.windows.net/images/in/seven.pgm"
_JOB: dict[str, Any] = {"InputData": {}, "tags": {"event_id": "event-1"}}
_CONTEXT: dict[str, Any] = {
    "parameters": {
        "tenant_id": "t",
        "client_id": "c",
        "client_secret": "s&=",
        "endpoint_uri": "https://scorer.westeurope.inference.ml.azure.com/jobs",
        "storage_account_id": "/subscriptions/s/storageAccounts/inputs",
        "login_host": "login.microsoftonline.com",
        "audience": "https://ml.azure.com",
        "input_name": "mnistinput",
        "job_inputs": {},
        "job_outputs": {},
        "marker_name": "",
    },
    "trigger": {
        "name": "When_a_resource_event_occurs",
        "outputs": {"body": [{"id": "event-1", "eventType": "x", "topic": "/t"}]},
    },
    "actions": {
        "Event": {
            "status": "Succeeded",
            "outputs": {"count": 1, "id": "event-1", "type": "x", "topic": "/t", "url": _URL},
        },
        "Authorize": {"status": "Succeeded", "code": "OK", "outputs": {"body": {}}},
        "Job_input": {"status": "Succeeded", "outputs": {"JobInputType": "UriFile", "Uri": _URL}},
        "Job": {"status": "Succeeded", "outputs": _JOB},
        "Job_name": {"status": "Succeeded", "outputs": "batchjob-7"},
        "Invoke": {
            "status": "Succeeded",
            "code": "OK",
            "outputs": {"statusCode": 200, "body": {"name": "batchjob-7"}},
        },
    },
}


def measure() -> list[Figure]:
    """One figure: evaluations a second, ours and the engine's in turn."""
    asked = _expressions()
    asked *= -(-_EVALUATIONS // len(asked))
    pairs = [(_ours(asked), _theirs(asked)) for _ in range(_RUNS)]
    return [
        Figure(
            "the templates' expressions, evaluated and written as JSON",
            tuple(len(asked) / ours for ours, _ in pairs),
            "1/s",
            tuple(len(asked) / theirs for _, theirs in pairs),
            "Microsoft's engine, called directly",
            "at least 1",
        )
    ]


def _expressions() -> list[str]:
    """Every expression of every template that has a value in the context."""
    context = StaticContext(_CONTEXT)
    found = []
    for file in sorted(_TEMPLATES.glob("*.json")):
        for text in filter(is_expression, strings(json.loads(file.read_text("utf-8")))):
            try:
                evaluate(text, context)
            except ExpressionError:
                continue
            found.append(text)
    return found


def _ours(asked: list[str]) -> float:
    context = StaticContext(_CONTEXT)
    began = time.perf_counter()
    for text in asked:
        compact(evaluate(text, context))
    return time.perf_counter() - began


def _theirs(asked: list[str]) -> float:
    question = {"service": "logic", "context": _CONTEXT, "expressions": asked}
    return judge.ask([question]).seconds
