"""The commands that show pipeline runs, and run a pipeline file as a factory would."""

from pathlib import Path

import pytest

from local_azure.commands import process
from local_azure.home import ENVIRONMENT_VARIABLE
from local_azure.services.datafactory.resources.factory import FACTORY
from local_azure_tests.conftest import Invoke, saved
from local_azure_tests.datafactory.cloud import (
    FACTORY_NAME,
    HERE,
    READER,
    Caller,
    Cloud,
    call,
    object_id,
    read_factory,
    wait,
)


@pytest.fixture(autouse=True)
def of_the_cloud(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands find this server, which is no process of its own."""
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, str(cloud.home.folder))
    told = {"ports": cloud.azure.ports.now}
    monkeypatch.setattr(process, "running", lambda _: told)


@pytest.fixture
def tried(tmp_path: Path, invoke: Invoke) -> Invoke:
    """Runs a file of a pipeline that reads the factory."""
    file = saved(tmp_path, {"name": "p", "properties": {"activities": [read_factory()]}})
    return lambda *options: invoke("try", "pipeline", file, *options)


def test_runs_shows_each_pipeline_run_below_the_one_that_called_it(
    cloud: Cloud, caller: Caller, invoke: Invoke
) -> None:
    cloud.pipeline("inner", wait(0))
    cloud.pipeline("outer", call("inner"))
    run = caller.end("outer").run_id
    child = caller.activities(run)[0].output["pipelineRunId"]

    shown = invoke("show", "runs", "--limit", "1")

    assert (shown.code, shown.err) == (0, "The newest 1; --limit shows more.\n")
    assert shown.out.splitlines() == [
        f"  pipeline run {run} (outer): Succeeded",
        "    Call: Succeeded (ExecutePipeline, 0 ms)",
        f"      pipeline run {child} (inner): Succeeded",
        "        Wait: Succeeded (Wait, 0 ms)",
    ]


def test_runs_gives_scripts_everything(cloud: Cloud, caller: Caller, invoke: Invoke) -> None:
    cloud.pipeline("going", wait(3600))
    run = caller.start("going")
    caller.activities(run)

    [trace] = invoke("show", "runs", "--json", "--limit", "1").json

    going, waits = trace["spans"]
    assert (trace["id"], trace["state"], going["state"]) == (run, "under way", "InProgress")
    assert waits["attributes"]["inputs"] == {"waitTimeInSeconds": 3600}


def test_a_file_calls_as_the_only_factory(cloud: Cloud, tried: Invoke) -> None:
    cloud.let_factory("reads", READER)

    told = tried("--json")

    [activity] = told.json["activities"]
    assert (told.code, activity["output"]["name"]) == (0, FACTORY_NAME)


@pytest.mark.parametrize(
    ("who", "told"),
    [("somebody", object_id("somebody")), ("nobody", "No such identity.")],
)
def test_a_file_calls_as_whom_it_is_told_to(
    cloud: Cloud, tried: Invoke, who: str, told: str
) -> None:
    cloud.credential("somebody")

    code, out, _ = tried("--as", object_id(who))

    assert code == 1
    assert told in out


def test_an_object_id_is_a_guid(tried: Invoke) -> None:
    code, _, told = tried("--as", "no/../body")
    assert "Invalid value for '--as'" in told
    assert (code, "found no/../body" in told) == (2, True)


def test_of_several_factories_one_has_to_be_named(cloud: Cloud, tried: Invoke) -> None:
    other = cloud.put(FACTORY, **HERE, factoryName="factory-two")
    code, told, _ = tried()
    cloud.call(cloud.azure.resources.delete, other.id)

    assert code == 1
    assert "there are: factory-one, factory-two. Say whose identity is meant by --as" in told
