"""``try pipeline``: runs an exported pipeline file once and tells what each activity did.

Requests go to the embedded Azure that runs; where none does, each host is refused by name. The
pipeline calls as the identity of the deployed factory, or as whom ``--as`` names. What the pipeline
declares secure is hidden here too.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from local_azure.commands import pipeline_files, process
from local_azure.commands.console_client import Console
from local_azure.commands.run_workflow import sender
from local_azure.control_plane.clock import Clock
from local_azure.errors import LocalAzureError
from local_azure.home import Home
from local_azure.runs.environment import Environment, IdentityError
from local_azure.services.datafactory.factory import Pipeline
from local_azure.services.datafactory.folder import Folder, run_pipeline
from local_azure.services.datafactory.parameters import bind, from_text
from local_azure.services.datafactory.records import Record, RunResult, Status


def outcome(
    home: Home,
    file: str,
    given: Sequence[str],
    *,
    called: Sequence[str] = (),
    principal: str | None = None,
) -> tuple[dict[str, Any], Iterator[str], int]:
    """What a run did, lines that tell it, and the exit code: 0 where it succeeded.

    Args:
        home: the state folder, on which a server may run.
        file: the pipeline's.
        given: ``name=value`` each, JSON for parameters that are no strings; ``name=@FILE`` reads
            the value from a file.
        called: files of called pipelines, where the files beside it don't tell which is meant.
        principal: object id of whom it calls as.

    Raises:
        LocalAzureError: a file can't be read, or the pipeline can't be run.
    """
    pipeline = pipeline_files.load(file)
    folder = pipeline_files.folder(file, called, pipeline)
    values = _values(file, pipeline.properties.get("parameters", {}), given)
    identities = Identities(home, principal)
    result = asyncio.run(_run(home, pipeline, values, folder, identities))
    told = _told(result, folder.results())
    return told, _lines(told), 0 if result.status is Status.SUCCEEDED else 1


def _values(file: str, declared: Mapping[str, Any], given: Sequence[str]) -> dict[str, Any]:
    try:
        return bind(declared, dict(_value(declared, each) for each in given))
    except (ValueError, OSError) as error:
        raise LocalAzureError(f"{file}: --parameter NAME=VALUE: {error}") from None


def _value(declared: Mapping[str, Any], given: str) -> tuple[str, Any]:
    name, _, text = given.partition("=")
    if text.startswith("@"):
        text = Path(text[1:]).read_text("utf-8").rstrip("\n")
    elif str(declared.get(name, {}).get("type", "")).lower() == "securestring":
        raise ValueError(f"the secret {name!r} is read from a file: {name}=@FILE.")
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


class Identities:
    """The identities of the factory that the pipeline is taken to belong to.

    Args:
        home: the state folder, on which a server may run.
        chosen: object id of whom it calls as; by default that is the factory's own identity, where
            exactly one factory exists.
    """

    def __init__(self, home: Home, chosen: str | None) -> None:
        self._home = home
        self._chosen = chosen

    def token(self, identity: str | None, audience: str) -> str:
        """A token.

        Args:
            identity: resource id of a user-assigned identity; None for the factory's own.
            audience: whom is called.

        Raises:
            IdentityError: it can't be said as whom, or nobody gives a token.
        """
        if process.running(self._home) is None:
            message = "A pipeline that runs from a file has no identity: no embedded Azure runs."
            raise IdentityError(message)
        try:
            console = Console.of(self._home)
            factories = console.get("/factories")
            return console.token(self._principal(factories, identity), audience)
        except LocalAzureError as error:
            raise IdentityError(str(error)) from error

    def _principal(self, factories: list[dict[str, Any]], identity: str | None) -> str:
        if identity is not None:
            return _user_assigned(factories, identity)
        if self._chosen:
            return self._chosen
        names = ", ".join(each["name"] for each in factories) or "none"
        own = [each["identity"].get("principalId") for each in factories]
        if len(own) != 1 or own[0] is None:
            message = (
                "The identity of the deployed factory is used where there is exactly one; there "
                f"are: {names}. Say whose identity is meant by --as OBJECT_ID."
            )
            raise IdentityError(message)
        return str(own[0])


def _user_assigned(factories: list[dict[str, Any]], identity: str) -> str:
    for factory in factories:
        assigned = factory["identity"].get("userAssignedIdentities") or {}
        for resource_id, about in assigned.items():
            if resource_id.lower() == identity.lower():
                return str(about["principalId"])
    raise IdentityError(f"The identity '{identity}' is assigned to no factory here.")
