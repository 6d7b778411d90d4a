"""``try workflow``: runs a definition for a delivery that lies in a file.

The delivery passes by the trigger, as in Azure: its schema may refuse it, its conditions may say
no, and ``splitOn`` starts a run for each item.
Where an embedded Azure runs, requests go to it; where none does, each host is refused by name. The
workflow is no resource there, so it has no identity: an action that asks for a token of one fails.
What the definition hides in the run history is hidden here too.
"""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from local_azure import waiting
from local_azure.commands import environment, process
from local_azure.control_plane import strict_json
from local_azure.control_plane.clock import Clock
from local_azure.errors import LocalAzureError, reason
from local_azure.home import Home
from local_azure.lint.subject import Subject, is_secure, load
from local_azure.runs.environment import Environment
from local_azure.runs.transport import (
    ConnectionFailedError,
    HttpAnswer,
    HttpRequest,
    Transport,
    over,
)
from local_azure.services.logic.check import check_definition
from local_azure.services.logic.definition import read
from local_azure.services.logic.errors import TriggerError
from local_azure.services.logic.execution import RunResult, run_definition
from local_azure.services.logic.records import Record, Response, Status
from local_azure.services.logic.run import parameter_values
from local_azure.services.logic.secure import MARKER, Hidden
from local_azure.services.logic.trigger import TriggerRequest, fire

_FAILED_REPLY = 400


def outcome(
    home: Home, file: str, event: str, parameters: Sequence[str]
) -> tuple[dict[str, Any], list[str], int]:
    """What a run did, lines that tell it, and 0 where it succeeded and its reply is no failure.

    Args:
        home: the state folder, on which a server may run.
        file: the definition.
        event: a file with the body that is posted to the trigger, as it is.
        parameters: ``name=value`` each; ``name=@FILE`` reads the value from a file. A value is
            text or JSON, as the parameter's declared type has it.

    Raises:
        LocalAzureError: a file can't be read, or the definition can't be run.
    """
    definition, given = load(Path(file))
    values = {name: each.get("value") for name, each in given.items()}
    values |= dict(_parameter(definition, each) for each in parameters)
    wrong = check_definition(definition, {name: {"value": each} for name, each in values.items()})
    if wrong:
        of_parameters = any(each.startswith("Parameter ") for each in wrong)
        hint = " Values are given by --parameter NAME=VALUE." if of_parameters else ""
        raise LocalAzureError(f"{file} can't be run: {' '.join(wrong)}{hint}")
    body = _json(Path(event).read_text, event)
    try:
        started = _fired(definition, values, body)
    except TriggerError as refusal:
        error = {"code": refusal.code, "message": str(refusal)}
        return *_unstarted("Refused", refusal.status, error), 1
    if not started:
        return *_unstarted("Skipped", HTTPStatus.ACCEPTED, None), 0
    refused: list[str] = []
    with waiting.shown("The workflow runs, its waits and retries in their full length"):
        results = asyncio.run(_run(sender(home, refused), definition, values, started))
    runs = [{**_told(definition, each), "refused_hosts": refused} for each in results]
    told = {"runs": runs} if "splitOn" in read(definition).trigger else runs[0]
    lines = [line for each in runs for line in _lines(each)]
    return told, lines, 0 if all(map(_went_well, results)) else 1


def _fired(
    definition: Mapping[str, Any], values: Mapping[str, Any], body: Any
) -> list[dict[str, Any]]:
    """The trigger's outputs for each run that the delivery starts."""
    document = read(definition)
    method = (document.trigger.get("inputs") or {}).get("method", "POST").upper()
    headers = {"Content-Type": "application/json"}
    request = TriggerRequest(method, headers, {}, json.dumps(body).encode())
    return fire(document, parameter_values(document, values), request, Clock().now())


def _unstarted(
    status: str, replied: int, error: dict[str, str] | None
) -> tuple[dict[str, Any], list[str]]:
    """What is told where the trigger starts no run."""
    reply = {"status": replied, "headers": {}, "body": {"error": error} if error else None}
    told: dict[str, Any] = {"status": status, "error": error, "actions": [], "reply": reply}
    told |= {"outputs": {}, "refused_hosts": []}
    return told, _lines(told)


async def _run(
    sender: AbstractAsyncContextManager[Transport],
    definition: Mapping[str, Any],
    values: Mapping[str, Any],
    started: Sequence[Mapping[str, Any]],
) -> list[RunResult]:
    async with sender as send:
        world = Environment(Clock(), send)
        return [await run_definition(definition, values, each, world) for each in started]


@asynccontextmanager
async def sender(home: Home, refused: list[str]) -> AsyncIterator[Transport]:
    """Sends to the embedded Azure that runs; where none does, notes the hosts and refuses them."""
    told = process.running(home)
    if told is None:

        async def refuse(request: HttpRequest) -> HttpAnswer:
            refused.append(str(urlsplit(request.uri).hostname))
            raise ConnectionFailedError(f"{refused[-1]} is not asked: no embedded Azure runs.")

        yield refuse
        return
    trust = ssl.create_default_context(cafile=str(home.authority_certificate))
    proxy = environment.for_clients(home, told)["HTTPS_PROXY"]
    connector = aiohttp.TCPConnector(ssl=trust)
    async with aiohttp.ClientSession(connector=connector, proxy=proxy) as client:
        yield over(lambda: client)


def _parameter(definition: Mapping[str, Any], given: str) -> tuple[str, Any]:
    name, equals, text = given.partition("=")
    declared = definition.get("parameters", {}).get(name)
    if not equals or not isinstance(declared, dict):
        known = ", ".join(definition.get("parameters", {})) or "none"
        raise LocalAzureError(f"--parameter {name}: accepted is NAME=VALUE; declared: {known}.")
    if text.startswith("@"):
        text = _json(lambda: json.dumps(Path(text[1:]).read_text("utf-8").rstrip("\n")), text[1:])
    elif is_secure(declared):
        raise LocalAzureError(f"--parameter {name}: a secret is read from a file: {name}=@FILE.")
    kind = str(declared.get("type", "")).lower()
    return name, text if kind in {"string", "securestring"} else _json(lambda: text, name)


def _json(read_text: Any, where: str) -> Any:
    try:
        return strict_json.read(read_text())
    except (OSError, ValueError) as error:
        raise LocalAzureError(f"{where}: {reason(error)}") from None


def _went_well(result: RunResult) -> bool:
    refused = result.response is not None and result.response.status >= _FAILED_REPLY
    return result.status is Status.SUCCEEDED and not refused


def _told(definition: Mapping[str, Any], result: RunResult) -> dict[str, Any]:
    hidden, reveals = read(definition).hidden, Subject(definition).hiding.reveals
    declared = definition.get("outputs", {})
    return {
        "status": result.status.value,
        "error": _error(result, hidden),
        "actions": [
            {"place": place, **_action(record, hidden[record.name])}
            for place, record in result.actions
        ],
        "reply": _reply(result.response),
        "outputs": {
            name: MARKER if reveals(declared[name]) else value
            for name, value in result.outputs.items()
        },
    }


def _error(result: RunResult, hidden: Mapping[str, Hidden]) -> dict[str, Any] | None:
    # What a Terminate action says becomes the run's error.
    ends = [record.name for _, record in result.actions if record.type == "Terminate"]
    if result.error and any(hidden[name].inputs for name in ends):
        return {"code": MARKER, "message": MARKER}
    return result.error


def _action(record: Record, hidden: Hidden) -> dict[str, Any]:
    outcome_, error = record.outcome, record.outcome.error
    if error and hidden != Hidden():
        error = {**error, "message": MARKER}
    return {
        "name": record.name,
        "type": record.type,
        "status": outcome_.status.value,
        "code": outcome_.code,
        "inputs": MARKER if hidden.inputs and record.inputs is not None else record.inputs,
        "outputs": MARKER if hidden.outputs and outcome_.outputs is not None else outcome_.outputs,
        "error": error,
    }


def _reply(response: Response | None) -> dict[str, Any] | None:
    if response is None:
        return None
    return {"status": response.status, "headers": dict(response.headers), "body": response.body}


def _lines(told: Mapping[str, Any]) -> list[str]:
    lines = []
    for action in told["actions"]:
        place = f"{action['place']}/" if action["place"] else ""
        why = f": {action['error']['message']}" if action["error"] else ""
        shown = "" if action["status"] == "Skipped" else why
        lines.append(f"{place}{action['name']}: {action['status']} ({action['code']}){shown}")
    refused = dict.fromkeys(told["refused_hosts"])
    lines += [f"not asked, because no embedded Azure runs: {host}" for host in refused]
    reply = told["reply"]
    body = json.dumps(reply["body"]) if reply else ""
    lines.append(f"reply: {reply['status']} {body}" if reply else "reply: none")
    lines.append(f"run: {told['status']}")
    return lines
