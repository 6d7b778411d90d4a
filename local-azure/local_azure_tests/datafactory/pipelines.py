"""Activities as pipelines write them, and how those of a run end."""

from typing import Any

from local_azure.services.datafactory.check import check_definition
from local_azure.services.datafactory.folder import Folder
from local_azure.services.datafactory.records import Record, RunResult
from local_azure_tests.pipeline_world import run
from local_azure_tests.world import World


def activity(
    name: str, kind: str, after: dict[str, str] | None = None, **own: Any
) -> dict[str, Any]:
    depends = [
        {"activity": before, "dependencyConditions": [condition]}
        for before, condition in (after or {}).items()
    ]
    return {"name": name, "type": kind, "dependsOn": depends, "typeProperties": own}


def wait(name: str, after: dict[str, str] | None = None) -> dict[str, Any]:
    return activity(name, "Wait", after, waitTimeInSeconds=20)


def fail(name: str, after: dict[str, str] | None = None) -> dict[str, Any]:
    return activity(name, "Fail", after, message="no", errorCode="7")


def web(name: str, **own: Any) -> dict[str, Any]:
    return activity(name, "WebActivity", **{"method": "GET", "url": "https://h/", **own})


def set_variable(name: str, value: Any, after: dict[str, str] | None = None) -> dict[str, Any]:
    return activity(name, "SetVariable", after, variableName="v", value=value)


def append(name: str, value: Any, after: dict[str, str] | None = None) -> dict[str, Any]:
    return activity(name, "AppendVariable", after, variableName="all", value=value)


VARIABLES = {"v": {"type": "String"}, "all": {"type": "Array"}}


def result(
    *activities: dict[str, Any], world: World | None = None, folder: Folder | None = None
) -> RunResult:
    """The end of a run of these activities, with the variables ``v`` and ``all``."""
    pipeline = {"activities": list(activities), "variables": VARIABLES}
    assert check_definition(pipeline) == []
    return run(pipeline, {}, world or World({}), folder)


def ends(*activities: dict[str, Any], world: World | None = None) -> dict[str, str]:
    """The run's and each activity's end."""
    found = result(*activities, world=world)
    return {"run": found.status.value} | {each.name: each.status.value for each in found.activities}


def record(found: RunResult, name: str) -> Record:
    """The last record of an activity."""
    return {each.name: each for each in found.activities}[name]
