"""The data operations: Compose, Parse JSON, and those that work on the items of an array."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from local_azure.expressions.json_types import text
from local_azure.expressions.template import evaluate
from local_azure.services.logic.actions.base import ActionType
from local_azure.services.logic.conditions import holds, problems
from local_azure.services.logic.frame import Frame
from local_azure.services.logic.records import Outcome, failed, succeeded
from local_azure.services.logic.schema import mismatches, schema_problems
from local_azure.services.logic.step import Step


class Compose(ActionType):
    """Makes a value: its evaluated inputs are its outputs."""

    type = "Compose"

    async def run(self, _step: Step, inputs: Any) -> Outcome:
        """Hand the inputs on."""
        return succeeded(inputs)


class ParseJson(ActionType):
    """Parses a text (or takes a value), when it fits a schema."""

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


class Join(ActionType):
    """Makes one text of the items of an array."""

    type = "Join"
    input_keys = frozenset({"from", "joinWith"})
    required_inputs = input_keys

    def inputs(self, step: Step) -> Any:
        """The array and what stands between its items."""
        between = step.evaluate(step.action.spec["inputs"]["joinWith"])
        return {"from": step.items(), "joinWith": between}

    async def run(self, _step: Step, inputs: Any) -> Outcome:
        """Join the items' texts."""
        return succeeded({"body": str(inputs["joinWith"]).join(map(text, inputs["from"]))})


class Select(ActionType):
    """Makes another array, item by item."""

    type = "Select"
    input_keys = frozenset({"from", "select"})
    required_inputs = input_keys

    def inputs(self, step: Step) -> Any:
        """The array."""
        return {"from": step.items()}

    async def run(self, step: Step, inputs: Any) -> Outcome:
        """Evaluate ``select`` for each item."""
        template = step.action.spec["inputs"]["select"]
        made = [
            evaluate(template, Frame(step.run, step.frame, item=item)) for item in inputs["from"]
        ]
        return succeeded({"body": made})


class Query(ActionType):
    """Filter array: keeps the items for which a condition holds."""

    type = "Query"
    input_keys = frozenset({"from", "where"})
    required_inputs = input_keys

    def problems(self, spec: Mapping[str, Any]) -> Iterator[str]:
        """What is wrong with the condition."""
        yield from problems(spec["inputs"]["where"])

    def inputs(self, step: Step) -> Any:
        """The array."""
        return {"from": step.items()}

    async def run(self, step: Step, inputs: Any) -> Outcome:
        """Look at each item."""
        where = step.action.spec["inputs"]["where"]
        kept = [
            item for item in inputs["from"] if holds(where, Frame(step.run, step.frame, item=item))
        ]
        return succeeded({"body": kept})
