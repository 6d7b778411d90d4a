"""ApiConnection: an operation of a connector, through a connection; here sending an e-mail alone.

Source of its form: D:logic-apps/logic-apps-workflow-actions-triggers.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from local_azure.runs.content import encode
from local_azure.runs.retry import problems as retry_problems
from local_azure.runs.transport import HttpRequest
from local_azure.services.logic.actions.base import ActionType
from local_azure.services.logic.exchange import answered
from local_azure.services.logic.records import Outcome, failed
from local_azure.services.logic.step import Step

_OPERATIONS = {("post", "/v2/mail")}


class ApiConnection(ActionType):
    """Calls a connector."""

    type = "ApiConnection"
    input_keys = frozenset({"host", "method", "path", "body", "retryPolicy"})
    required_inputs = frozenset({"host", "method", "path", "body"})

    def problems(self, spec: Mapping[str, Any]) -> Iterator[str]:
        """What is wrong with the connection's reference, the operation and the retry policy."""
        inputs = spec["inputs"]
        host = inputs["host"]
        named = host.get("connection") if set(host) == {"connection"} else None
        if not isinstance(named, dict) or set(named) != {"name"}:
            yield 'host is {"connection": {"name": <the connection\'s id>}}'
        operation = (str(inputs["method"]).lower(), str(inputs["path"]).lower())
        if operation not in _OPERATIONS:
            yield (
                f"the operation {inputs['method']} {inputs['path']} of a connector is not emulated;"
                " accepted: post /v2/Mail, Office 365 Outlook's Send an email (V2)"
            )
        if "retryPolicy" in inputs:
            yield from retry_problems(inputs["retryPolicy"])

    async def run(self, step: Step, inputs: Any) -> Outcome:
        """Call the connector's runtime."""
        connection = str(inputs["host"]["connection"]["name"])
        try:
            base, authorization = step.environment.connection(connection)
        except LookupError:
            return failed("ApiConnectionNotFound", f"There is no API connection '{connection}'.")
        body, headers = encode(inputs["body"], {"Authorization": authorization})
        method = str(inputs["method"]).upper()
        request = HttpRequest(method, f"{base}{inputs['path']}", headers, body)
        return await answered(request, inputs, step.environment)
