"""Workflow: calls another workflow's Request trigger, and waits for its response."""

from collections.abc import Iterator, Mapping
from typing import Any

from local_azure.runs.content import encode, texts
from local_azure.runs.retry import problems as retry_problems
from local_azure.runs.transport import HttpRequest
from local_azure.services.logic.actions.base import ActionType
from local_azure.services.logic.errors import TriggerError
from local_azure.services.logic.exchange import answered
from local_azure.services.logic.records import Outcome, failed
from local_azure.services.logic.step import Step


class CallWorkflow(ActionType):
    """Calls a workflow."""

    type = "Workflow"
    input_keys = frozenset({"host", "headers", "body", "retryPolicy"})
    required_inputs = frozenset({"host"})

    def problems(self, spec: Mapping[str, Any]) -> Iterator[str]:
        """What is wrong with the host and the retry policy."""
        host = spec["inputs"]["host"]
        if set(host) != {"workflow", "triggerName"} or set(host["workflow"]) != {"id"}:
            yield f"host has workflow.id and triggerName; found {host!r}"
        if "retryPolicy" in spec["inputs"]:
            yield from retry_problems(spec["inputs"]["retryPolicy"])

    async def run(self, step: Step, inputs: Any) -> Outcome:
        """Send the request to the trigger's callback URL."""
        host = inputs["host"]
        try:
            uri = step.environment.callback_url(
                str(host["workflow"]["id"]), str(host["triggerName"])
            )
        except (TriggerError, LookupError) as error:
            return failed("WorkflowNotFound", str(error), status="NotFound")
        body, headers = encode(inputs.get("body"), texts(inputs, "headers"))
        return await answered(HttpRequest("POST", uri, headers, body), inputs, step.environment)
