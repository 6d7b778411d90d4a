"""``run-pipeline``: runs an exported pipeline file once and tells what each activity did.

Requests go to the embedded Azure that runs; where none does, each host is refused by name. The
pipeline belongs to no factory there, so it has no identity: an activity that asks for a token of
one fails. What the pipeline declares secure is hidden here too.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local_azure.clock import Clock
from local_azure.commands.run_workflow import sender
from local_azure.datafactory.check import check_definition
from local_azure.datafactory.factory import Pipeline
from local_azure.datafactory.parameters import bind, from_text
from local_azure.datafactory.records import Status
from local_azure.datafactory.run import run_pipeline
from local_azure.errors import LocalAzureError
from local_azure.logic.environment import Environment, IdentityError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from local_azure.datafactory.records import RunResult
    from local_azure.home import Home


def outcome(home: Home, file: str, given: Sequence[str], *, as_json: bool) -> tuple[str, int]:
    """What a run did, and the exit code: 0 where it succeeded.

    Args:
        home: the state folder, on which a server may run.
        file: the pipeline, ``{"name": ..., "properties": {...}}``.
        given: ``name=value`` each, JSON for parameters that are no strings.
        as_json: for scripts, with inputs and outputs.

    Raises:
        LocalAzureError: the file can't be read, or the pipeline can't be run.
    """
    name, properties = _load(file)
    values = _values(file, properties.get("parameters", {}), given)
    result = asyncio.run(_run(home, name, properties, values))
    told = _told(result)
    text = json.dumps(told, indent=2) if as_json else "\n".join(_lines(told))
    return text, 0 if result.status is Status.SUCCEEDED else 1


def _load(file: str) -> tuple[str, dict[str, Any]]:
    try:
        document = json.loads(Path(file).read_text("utf-8"))
        name, properties = str(document["name"]), dict(document["properties"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f'{file} is no exported pipeline {{"name", "properties"}}: {error}'
        raise LocalAzureError(message) from None
    if wrong := check_definition(properties):
        message = f"{file} can't be run: {' '.join(wrong)}"
        raise LocalAzureError(message)
    return name, properties


def _values(file: str, declared: Mapping[str, Any], given: Sequence[str]) -> dict[str, Any]:
    try:
        pairs = [each.partition("=")[::2] for each in given]
        return bind(declared, {name: from_text(declared, name, text) for name, text in pairs})
    except ValueError as error:
        message = f"{file}: --parameter NAME=VALUE: {error}"
        raise LocalAzureError(message) from None


async def _run(
    home: Home, name: str, properties: Mapping[str, Any], values: Mapping[str, Any]
) -> RunResult:
    async with sender(home, []) as send:
        environment = Environment(Clock(), send, _no_token)
        return await run_pipeline(Pipeline(name, properties), values, environment)


def _no_token(_identity: str | None, _audience: str) -> str:
    message = "A pipeline that runs from a file has no managed identity."
    raise IdentityError(message)


def _told(result: RunResult) -> dict[str, Any]:
    return {
        "run_id": result.run_id,
        "status": result.status.value,
        "message": result.message,
        "activities": [each.shown() for each in result.activities],
    }


def _lines(told: Mapping[str, Any]) -> list[str]:
    lines = []
    for each in told["activities"]:
        why = f": {each['error']['message']}" if each["error"] else ""
        lines.append(f"{each['name']} ({each['type']}): {each['status']}{why}")
        lines += [f"  {key}: {json.dumps(each[key])}" for key in ("inputs", "output") if each[key]]
    return [*lines, f"run: {told['status']} {told['message']}".rstrip()]
