"""What a run did: its definition as a graph, and each step with what it got and answered.

Each definition is one request, or two, of the kind that Azure bills nothing or next to nothing for.
It is the one that the run began with; of a pipeline and of a site's workflow, of which Azure keeps
no other, today's.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import quote

from batch_client import pipelines
from batch_client.answers import RefusedError
from batch_client.caller import Caller
from batch_client.errors import ClientError
from batch_client.page import graph, views
from batch_client.page.elements import Inside, element
from batch_client.page.graph import Step
from batch_client.verify.resources import Resources
from batch_client.verify.runs import Runs, content
from batch_client.verify.workflow import Workflow

_NOW, _THEN = "As it is defined now", "As it was defined when the run began"
_DRAWN = "with the states of this run, the last one of what ran repeatedly."


def workflow_run(caller: Caller, name: str) -> Iterator[Inside]:
    """What a run of the workflow did.

    Raises:
        ClientError: it can't be read.
    """
    actions = Runs(caller).actions(name)
    told = [(str(each["name"]), each["properties"]) for each in actions]
    states = {action: str(properties.get("status", "")) for action, properties in told}

    def steps() -> tuple[list[Step], str]:
        when, definition = _definition(caller, name)
        return graph.of_workflow(definition.get("actions") or {}), when

    yield from _graph("The workflow", steps, states)
    yield from views.steps((action, states[action], _contents(each)) for action, each in told)


def _definition(caller: Caller, run: str) -> tuple[str, dict[str, Any]]:
    """When a workflow was so defined, and how: as the run began, where Azure keeps that."""
    workflow, resources = Workflow(caller.environment.need("workflow_id")), Resources(caller)
    if not workflow.is_hosted:
        with suppress(RefusedError):  # a version may be gone before its runs
            told = resources.properties(f"{workflow.id}/runs/{run}", workflow.version)
            version = resources.properties(told["workflow"]["id"], workflow.version)
            return _THEN, workflow.definition(version)
    return _NOW, workflow.definition(resources.properties(workflow.id, workflow.version))


def _contents(properties: Mapping[str, Any]) -> dict[str, Any]:
    links = {key: (properties.get(f"{key}Link") or {}).get("uri") for key in ("inputs", "outputs")}
    return {key: content(uri) for key, uri in links.items() if uri}


def pipeline_run(caller: Caller, name: str) -> Iterator[Inside]:
    """What a run of a pipeline did, and those that it called.

    Raises:
        ClientError: it can't be read.
    """
    found = list(caller.pipelines.activities(name))
    states: dict[str, dict[str, str]] = {}
    for each in sorted(found, key=lambda each: each.get("activityRunStart") or ""):
        states.setdefault(str(each["pipelineName"]), {})[each["activityName"]] = each["status"]

    def steps(pipeline: str) -> tuple[list[Step], str]:
        path = f"{caller.environment.need('factory_id')}/pipelines/{quote(pipeline, safe='')}"
        found = Resources(caller).properties(path, pipelines.VERSION)
        return graph.of_pipeline(found.get("activities") or []), _NOW

    for pipeline, ended in states.items():
        yield from _graph(f"Pipeline {pipeline}", partial(steps, pipeline), ended)
    parts = ("input", "output", "error")
    yield from views.steps(
        (
            str(each["activityName"]),
            str(each["status"]),
            {key: each[key] for key in parts if each.get(key)},
        )
        for each in found
    )


def _graph(
    title: str, steps: Callable[[], tuple[list[Step], str]], states: Mapping[str, str]
) -> Iterator[Inside]:
    yield element("h2", title)
    try:
        found, when = steps()
    except ClientError as error:
        yield element("p", f"Its definition can't be shown. {error}", class_="faint")
        return
    yield graph.drawn(title, found, states)
    yield element("p", f"{when}; {_DRAWN}", class_="faint")
