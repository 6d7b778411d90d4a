"""What a workspace tells Event Grid, from its cause to the event that is kept for delivery."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from local_azure.command_line import cli
from local_azure.services.machinelearning.jobs import Job
from local_azure.services.machinelearning.news import DriftError
from local_azure_tests.machinelearning.world import ECHO, GROUP, WORKSPACE, World
from local_azure_tests.recorded.patterns import differences
from local_azure_tests.storage.world import Hook

Json = dict[str, Any]
PREFIX = "Microsoft.MachineLearningServices."
TOPIC = f"{GROUP}/providers/Microsoft.EventGrid/systemTopics/workspace"
RAISES = "def init():\n    raise ValueError('no')\ndef run(mini_batch):\n    return []\n"


@pytest.fixture(scope="module", autouse=True)
def prepared(world: World) -> None:
    world.deploy("red", RAISES)


@pytest.fixture(autouse=True)
def topic(world: World) -> Iterator[None]:
    topic_type = "Microsoft.MachineLearningServices.Workspaces"
    world.put(TOPIC, {"source": WORKSPACE, "topicType": topic_type})
    yield
    forget_topic(world)


def forget_topic(world: World) -> None:
    for each in (*world.running.call(world.azure.resources.below, TOPIC), TOPIC):
        world.running.call(world.azure.resources.delete, each)


def events(world: World, of: str) -> list[Json]:
    """The events of a run, oldest first."""
    history = world.running.call(world.azure.eventgrid.history, 1000)
    return [each["event"] for each in reversed(history) if each["event"]["subject"].endswith(of)]


def told(world: World, job: Json) -> list[tuple[str, str | None]]:
    """Type and status of each event of a job."""
    return [
        (each["eventType"].removeprefix(PREFIX), each["data"].get("runStatus"))
        for each in events(world, job["name"])
    ]


def test_a_job_tells_each_of_its_states_and_its_completion(world: World) -> None:
    job = world.score()

    assert told(world, job) == [
        ("RunStatusChanged", "Preparing"),
        ("RunStatusChanged", "Queued"),
        ("RunStatusChanged", "Preparing"),
        ("RunStatusChanged", "Running"),
        ("RunStatusChanged", "Finalizing"),
        ("RunStatusChanged", "Completed"),
        ("RunCompleted", None),
    ]
    # Of an experiment that nobody named.
    assert {each["data"]["experimentName"] for each in events(world, job["name"])} == {"digits"}


def test_the_events_of_a_run_have_the_documented_form(world: World) -> None:
    job = world.score(tags={"team": "blue"}, properties={"experimentName": "nightly"})

    *_, changed, completed = events(world, job["name"])
    experiment = completed["data"]["experimentId"]
    documented = {
        "id": "<guid>",
        "eventTime": "<ticks>",
        "topic": WORKSPACE,
        "subject": f"experiments/{experiment}/runs/{job['name']}",
        "eventType": f"{PREFIX}RunCompleted",
        "data": {
            "experimentId": experiment,
            "experimentName": "nightly",
            "runId": job["name"],
            "runType": "azureml.PipelineRun",
            "runTags": {"team": "blue"},
            "runProperties": {
                "azureml.runsource": "azureml.PipelineRun",
                "experimentName": "nightly",
            },
        },
        "dataVersion": "",
        "metadataVersion": "1",
    }
    assert dict(differences(documented, completed)) == {}
    assert changed["data"] == {**completed["data"], "runStatus": "Completed"}


def test_a_job_without_success_tells_its_status_and_no_completion(world: World) -> None:
    world.deploy("slow", ECHO.replace("return [", "__import__('time').sleep(60)\n    return ["))
    failed = world.score_on("red")
    _, cancelled = world.invoke(deployment="slow")
    world.running.run(world.azure.machinelearning.cancel(cancelled["name"]))

    for job, status in ((failed, "Failed"), (cancelled, "Canceled")):
        assert told(world, job)[-1] == ("RunStatusChanged", status)
        assert "RunCompleted" not in [kind for kind, _ in told(world, job)]


def test_an_invocation_that_is_refused_raises_nothing(world: World) -> None:
    before = len(world.running.call(world.azure.eventgrid.history, 1000))

    status, _ = world.invoke("ftp://somewhere/a.txt")

    assert status == 400
    assert len(world.running.call(world.azure.eventgrid.history, 1000)) == before


def test_without_a_topic_on_the_workspace_nothing_is_raised(world: World) -> None:
    forget_topic(world)

    job = world.score()

    assert events(world, job["name"]) == []


@pytest.fixture
def waiting(world: World) -> Iterator[Job]:
    """A job that is kept and runs nowhere."""
    jobs = world.azure.machinelearning.jobs
    done = world.running.call(jobs.get, world.score()["name"])
    added = world.running.call(jobs.add, replace(done, name=f"waiting-{uuid4()}"))
    yield added
    world.running.call(jobs.enter, added.name, "Canceled")


def test_a_state_that_is_entered_again_is_no_change(world: World, waiting: Job) -> None:
    for _ in range(2):
        world.running.call(world.azure.machinelearning.jobs.enter, waiting.name, "Queued")

    statuses = [each["data"]["runStatus"] for each in events(world, waiting.name)]
    assert statuses == ["Preparing", "Queued"]


def test_a_job_and_its_event_are_kept_together_or_not_at_all(
    world: World, waiting: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = world.azure.machinelearning.jobs

    def crash(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr(world.azure.eventgrid, "publish", crash)
        with pytest.raises(MemoryError):
            world.running.call(jobs.add, replace(waiting, name="lost"))
        with pytest.raises(MemoryError):
            world.running.call(jobs.enter, waiting.name, "Running")

    assert world.running.call(jobs.find, "lost") is None
    assert world.running.call(jobs.get, waiting.name).status == "Preparing"


def test_a_handler_of_failures_gets_the_one_event_that_tells_of_one(world: World) -> None:
    handler = world.running.call(Hook, world.azure)
    destination = {"endpointType": "WebHook", "endpointUrl": "https://hook.example.test/failed"}
    failures = {"operatorType": "StringIn", "key": "data.runStatus", "values": ["failed"]}
    body = {"destination": destination, "filter": {"advancedFilters": [failures]}}
    world.put(f"{TOPIC}/eventSubscriptions/failed", body)

    world.score()
    job = world.score_on("red")
    world.running.run(world.azure.eventgrid.settled())

    got = [event["data"] for _, _, delivered in handler.got for event in delivered]
    assert [(data["runId"], data["runStatus"]) for data in got] == [(job["name"], "Failed")]


def test_drift_is_told_as_the_documentation_has_it(world: World) -> None:
    event = world.running.call(world.azure.machinelearning.news.raise_drift, "WS", "monitor", 0.83)

    [kept] = events(world, event["subject"])
    monitor, run = kept["data"]["DataDriftId"], kept["data"]["RunId"]
    data = {
        "DataDriftId": "<guid>",
        "DataDriftName": "monitor",
        "RunId": f"{monitor}_<digits>",
        "BaseDatasetId": "<guid>",
        "TargetDatasetId": "<guid>",
        "DriftCoefficient": 0.83,
        "StartTime": "<seconds>",
        "EndTime": "<seconds>",
    }
    documented = {
        "eventType": f"{PREFIX}DatasetDriftDetected",
        "subject": f"datadrift/{monitor}/run/{run}",
        "data": data,
        "...": "",
    }
    assert dict(differences(documented, kept)) == {}


def test_drift_that_nobody_hears_of_is_refused(world: World) -> None:
    forget_topic(world)

    with pytest.raises(DriftError, match="'ws' has no system topic"):
        world.running.call(world.azure.machinelearning.news.raise_drift, "ws", "monitor", 0.5)


@pytest.mark.parametrize("name", ["", "w's", "ws/", f"{WORKSPACE}/computes/batch-cluster", "ö\n"])
def test_drift_in_a_workspace_that_there_is_not_is_refused(world: World, name: str) -> None:
    with pytest.raises(DriftError, match=r"There is no workspace .*; accepted: 'ws'\."):
        world.running.call(world.azure.machinelearning.news.raise_drift, name, "monitor", 0.5)


def test_a_workspace_whose_name_is_not_unique_is_asked_for_by_its_id(world: World) -> None:
    twin = WORKSPACE.replace("/rg/", "/other/")
    world.put(twin, {})
    try:
        with pytest.raises(DriftError, match=f"several .*{twin}"):
            world.running.call(world.azure.machinelearning.news.raise_drift, "ws", "monitor", 0.5)
    finally:
        world.running.call(world.azure.resources.delete, twin)


@pytest.mark.usefixtures("console")
def test_the_command_raises_drift_and_tells_a_refusal_in_one_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = cli.main(["act", "raise-drift", "--workspace", "nowhere"])

    assert code == 1
    assert capsys.readouterr().err == "error: There is no workspace 'nowhere'; accepted: 'ws'.\n"


@pytest.mark.parametrize("share", ["1.1", "-1", "nan", "much"])
def test_a_coefficient_is_a_number_from_0_to_1(
    share: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["act", "raise-drift", "--workspace", "ws", f"--coefficient={share}"]

    assert cli.main(command) == 2
    assert share in capsys.readouterr().err
