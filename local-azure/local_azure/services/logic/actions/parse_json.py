"""Parse JSON: a text (or value) as a value, when it fits a schema."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from local_azure.services.logic.actions.base import ActionType
from local_azure.services.logic.records import Outcome, failed, succeeded
from local_azure.services.logic.schema import mismatches, schema_problems
from local_azure.services.logic.step import Step


class ParseJson(ActionType):
    """Parses and validates."""

    type = "ParseJson"
    input_keys = frozenset({"content", "schema"})
    required_inputs = input_keys

    def problems(self, spec: Mapping[str, Any]) -> Iterator[str]:
        """What of the schema can't be enforced here."""
        yield from schema_problems(spec["inputs"]["schema"])

    def inputs(self, step: Step) -> Any:
        """The content; a schema has no expressions in it."""
        inputs = step.action.spec["inputs"]
        return {"content": step.evaluate(inputs["content"]), "schema": inputs["schema"]}

    async def run(self, _step: Step, inputs: Any) -> Outcome:
        """Parse, then compare with the schema."""
        content = inputs["content"]
        if isinstance(content, str):
            try:
                content = json.loads(content)
            except ValueError as error:
                message = f"The 'content' of a 'ParseJson' action must be valid JSON. {error}"
                return failed("InvalidTemplate", message, status="BadRequest")
        if why := list(mismatches(content, inputs["schema"])):
            outputs = {"errors": why}
            return failed("ValidationFailed", "The schema validation failed.", outputs)
        return succeeded({"body": content})
