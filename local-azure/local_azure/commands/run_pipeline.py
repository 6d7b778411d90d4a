"""``try pipeline``: runs an exported pipeline file once and tells what each activity did.

Requests go to the embedded Azure that runs; where none does, each host is refused by name. The
pipeline calls as the identity of the deployed factory, or as whom ``--as`` names. What the pipeline
declares secure is hidden here too.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local_azure.commands import pipeline_files
from local_azure.commands.identities import Identities
from local_azure.commands.run_workflow import sender
from local_azure.control_plane.clock import Clock
from local_azure.errors import LocalAzureError
from local_azure.runs.environment import Environment
from local_azure.services.datafactory.folder import run_pipeline
from local_azure.services.datafactory.parameters import bind, from_text
from local_azure.services.datafactory.records import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from local_azure.home import Home
    from local_azure.services.datafactory.factory import Pipeline
    from local_azure.services.datafactory.folder import Folder
    from local_azure.services.datafactory.records import Record, RunResult


def outcome(
    home: Home,
    source: pipeline_files.Source,
    given: Sequence[str],
    *,
    principal: str | None = None,
) -> tuple[dict[str, Any], Iterator[str], int]:
    """What a run did, lines that tell it, and the exit code: 0 where it succeeded.

    Args:
        home: the state folder, on which a server may run.
        source: where the pipeline is read from.
        given: ``name=value`` each, JSON for parameters that are no strings; ``name=@FILE`` reads
            the value from a file.
        principal: object id of whom it calls as.

    Raises:
        LocalAzureError: a file can't be read, or the pipeline can't be run.
    """
    pipeline = pipeline_files.load(source.file, source.wanted)
    folder = pipeline_files.folder(source, pipeline)
    values = _values(source.file, pipeline.properties.get("parameters", {}), given)
    identities = Identities(home, principal)
    result = asyncio.run(_run(home, pipeline, values, folder, identities))
    told = _told(result, folder.results())
    return told, _lines(told), 0 if result.status is Status.SUCCEEDED else 1


def _values(file: str, declared: Mapping[str, Any], given: Sequence[str]) -> dict[str, Any]:
    try:
        return bind(declared, dict(_value(declared, each) for each in given))
    except (ValueError, OSError) as error:
        message = f"{file}: --parameter NAME=VALUE: {error}"
        raise LocalAzureError(message) from None


def _value(declared: Mapping[str, Any], given: str) -> tuple[str, Any]:
    name, _, text = given.partition("=")
    if text.startswith("@"):
        text = Path(text[1:]).read_text("utf-8").rstrip("\n")
    elif str(declared.get(name, {}).get("type", "")).lower() == "securestring":
        message = f"the secret {name!r} is read from a file: {name}=@FILE."
        raise ValueError(message)
    return name, from_text(declared, name, text)


async def _run(
    home: Home,
    pipeline: Pipeline,
    values: Mapping[str, Any],
    folder: Folder,
    identities: Identities,
) -> RunResult:
    async with sender(home, []) as send:
        return await run_pipeline(
            pipeline, values, Environment(Clock(), send, identities.token), folder
        )


def _told(result: RunResult, called: Mapping[str, RunResult]) -> dict[str, Any]:
    return {
        "run_id": result.run_id,
        "status": result.status.value,
        "message": result.message,
        "activities": [_activity(each, called) for each in result.activities],
    }


def _activity(record: Record, called: Mapping[str, RunResult]) -> dict[str, Any]:
    """An activity; one that called a pipeline has what that run did under ``run``."""
    output = record.output if isinstance(record.output, dict) else {}
    run = called.get(output.get("pipelineRunId", ""))
    return {**record.shown(), **({"run": _told(run, called)} if run else {})}


def _lines(told: Mapping[str, Any], indent: str = "") -> Iterator[str]:
    for each in told["activities"]:
        why = f": {each['error']['message']}" if each["error"] else ""
        yield f"{indent}{each['name']} ({each['type']}): {each['status']}{why}"
        for key in ("inputs", "output"):
            if each[key]:
                yield f"{indent}  {key}: {json.dumps(each[key])}"
        if "run" in each:
            yield from _lines(each["run"], f"{indent}  ")
    yield f"{indent}run: {told['status']} {told['message']}".rstrip()
