"""Pipelines with the answers of the hosts that they call: run by our engine, and by the judge.

A scenario is a file of tests/templates/pipelines: ``pipelines`` (names of templates, or whole
pipelines; the first is run), ``parameters`` of the first, ``answers`` by host (``status`` and
``body`` each, in order, the last again and again), and ``differs``, the reason, where the judge is
known to take other steps.

A run is told by the activities that do something, each with the inputs of all its executions in
their order. Containers are told by what they run; branches that run at the same time have no order.
"""

import asyncio
import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from local_azure.control_plane.clock import Clock
from local_azure.runs.environment import Environment
from local_azure.runs.transport import HttpAnswer, HttpRequest
from local_azure.services.datafactory.execution import execute
from local_azure.services.datafactory.factory import Pipeline
from local_azure.services.datafactory.folder import Folder
from local_azure.services.datafactory.parameters import bind
from local_azure.services.datafactory.records import Record, RunResult
from local_azure.services.datafactory.run import Kept, PipelineRun

_PROJECT = Path(__file__).resolve().parents[2]
TEMPLATES = _PROJECT / "adf_templates" / "pipeline"
FOLDER = _PROJECT / "tests" / "templates" / "pipelines"
_RUN_ID = "0b0f8a4e-4f3c-4b7e-9f55-0a5b6a6f7c10"
_START = datetime(2026, 6, 1, 12, tzinfo=UTC)
_CONTAINERS = frozenset({"Until", "ForEach", "IfCondition", "Switch", "ExecutePipeline"})

Told = dict[str, list[Any]]
"""Inputs by activity, in the order of its executions."""


def names() -> list[str]:
    """The names of all scenarios."""
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def load(name: str) -> dict[str, Any]:
    """A scenario, with whole pipelines and the id of its run."""
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    pipelines = [_pipeline(each) for each in found["pipelines"]]
    return {**found, "pipelines": pipelines, "run_id": _RUN_ID}


def fingerprint(scenario: Mapping[str, Any]) -> str:
    """A hash by which a recording knows the scenario that it tells of."""
    asked = {name: each for name, each in scenario.items() if name != "differs"}
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def told(steps: Iterable[tuple[str, Any]]) -> Told:
    """A run by its activities."""
    found: Told = {}
    for name, inputs in steps:
        found.setdefault(name, []).append(_comparable(inputs))
    return found


def ours(scenario: Mapping[str, Any]) -> Told:
    """What our engine does."""
    records = asyncio.run(_run(scenario))
    done = [
        each
        for each in sorted(records, key=lambda record: record.start)
        if each.type not in _CONTAINERS and each.start and each.inputs is not None
    ]
    return told((each.name, each.inputs) for each in done)


async def _run(scenario: Mapping[str, Any]) -> list[Record]:
    clock = Clock(_START)
    first, *_ = scenario["pipelines"]
    properties = {each["name"]: each["properties"] for each in scenario["pipelines"]}
    folder = Folder(properties)
    values = bind(first["properties"].get("parameters", {}), scenario["parameters"])
    world = Environment(clock, _Hosts(scenario["answers"]).send, lambda *_: "token")
    pipeline = Pipeline(first["name"], first["properties"])
    run = PipelineRun(pipeline, values, world, folder, Kept(_RUN_ID))
    work = asyncio.create_task(execute(run))
    while not await _settled(work):
        clock.advance(timedelta(seconds=20))
    await folder.settle()
    ends = [work.result(), *folder.results().values()]
    return [each for end in ends for each in end.activities]


async def _settled(work: asyncio.Task[RunResult]) -> bool:
    for _ in range(100):
        await asyncio.sleep(0)
        if work.done():
            return True
    return False


class _Hosts:
    """Hosts that answer as they are told."""

    def __init__(self, answers: Mapping[str, list[Mapping[str, Any]]]) -> None:
        self._answers = answers
        self._asked: dict[str, int] = {}

    async def send(self, request: HttpRequest) -> HttpAnswer:
        host = urlsplit(request.uri).hostname or ""
        turn = min(self._asked.get(host, 0), len(self._answers[host]) - 1)
        self._asked[host] = turn + 1
        found = self._answers[host][turn]
        return HttpAnswer(found["status"], {}, json.dumps(found.get("body", {})).encode())


def _pipeline(named: Any) -> dict[str, Any]:
    if isinstance(named, str):
        return _pipeline(json.loads((TEMPLATES / f"{named}.json").read_text("utf-8")))
    return {"name": named["name"], "properties": named["properties"]}


def _comparable(inputs: Any) -> Any:
    """What both sides tell of an activity's inputs: not what a Filter's condition is."""
    plain = json.loads(json.dumps(inputs))
    return {key: each for key, each in plain.items() if key not in {"condition", "conditions"}}
