"""Response: answers the request that fired the workflow, once."""

from http import HTTPStatus
from typing import Any

from local_azure.runs.content import texts
from local_azure.services.logic.actions.base import ActionType
from local_azure.services.logic.records import Outcome, Response, Status, failed, succeeded
from local_azure.services.logic.step import Step


class RespondToCaller(ActionType):
    """Sends status, headers and body."""

    type = "Response"
    input_keys = frozenset({"statusCode", "headers", "body", "schema"})
    required_inputs = frozenset({"statusCode"})

    async def run(self, step: Step, inputs: Any) -> Outcome:
        """Answer, unless nobody waits any more; a second response is skipped."""
        try:
            status = _status(inputs["statusCode"])
        except ValueError as error:
            return failed("InvalidTemplate", str(error), status="BadRequest")
        headers = texts(inputs, "headers")
        outcome = step.run.respond(Response(status, headers, inputs.get("body")))
        if outcome.status is not Status.SUCCEEDED:
            return outcome
        outputs = {"statusCode": status, "headers": headers, "body": inputs.get("body")}
        return succeeded({key: value for key, value in outputs.items() if value not in ({}, None)})


def _status(value: Any) -> int:
    text = str(value)
    if not text.isdigit() or not HTTPStatus.OK <= int(text) < 600:  # noqa: PLR2004 last of 5xx
        raise ValueError(f"A response's statusCode is a number from 200 to 599; found {value!r}.")
    return int(text)
