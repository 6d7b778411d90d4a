"""The windows in which files are scored together: pipeline, grants, and a started trigger."""

import asyncio
from typing import Any
from unittest import mock

import pulumi
import pytest
from azure.core.exceptions import HttpResponseError

from components.data_factory import trigger_state
from components.settings.data_factory import Window
from tests.unit.azure import GROUP, MANAGER
from tests.unit.engine import Deployment, bound
from tests.unit.program import run
from tests.unit.sample_settings import changed

PROVIDERS = f"{GROUP}/providers/Microsoft"
ENDPOINT = f"{PROVIDERS}.MachineLearningServices/workspaces/ws-1/batchEndpoints/theirs"
THEIRS = f"{PROVIDERS}.Storage/storageAccounts/theirs"
FACTORY = f"{PROVIDERS}.DataFactory/factories/fact"
TRIGGER = f"{FACTORY}/triggers/Score-Window"
REFUSED = 'Code="TriggerEnabledCannotUpdate" Message="Cannot update enabled Trigger; …"'


def _deployed(
    window: dict[str, Any] | None = None, stack: dict[str, Any] | None = None, **factory: Any
) -> Deployment:
    cut = {"every": "1h", "start": "2026-06-01T00:00:00Z", **(window or {})}
    said = {"data_factory": {"window": cut, **factory}, **(stack or {})}
    return run(changed({"blob_events.enabled": False}, **said))


def test_the_trigger_runs_score_window_with_its_window_s_times() -> None:
    sent = _deployed().one("datafactory:Trigger").inputs["properties"]

    assert sent["pipeline"] == {
        "pipelineReference": {"type": "PipelineReference", "referenceName": "Score-Window"},
        "parameters": {
            "windowStart": "@trigger().outputs.windowStartTime",
            "windowEnd": "@trigger().outputs.windowEndTime",
        },
    }
    told = {key: each for key, each in sent.items() if key not in {"pipeline", "description"}}
    assert told == {
        "type": "TumblingWindowTrigger",
        "frequency": "Hour",
        "interval": 1,
        "startTime": "2026-06-01T00:00:00Z",
        "delay": "00:01:00",
        "maxConcurrency": 1,
        "retryPolicy": {"count": 0, "intervalInSeconds": 900},
    }


def test_the_pipeline_writes_where_and_what_is_said() -> None:
    folder = "azureml://datastores/d/paths/o/"
    adopted: dict[str, Any] = {"endpoint": {"existing": ENDPOINT}, "deployments": []}
    deployed = _deployed(stack=adopted, output_folder=folder, output_type="UriFolder")
    parameters = deployed.named("windows-pipeline").inputs["parameters"]

    assert parameters["output_folder"]["defaultValue"] == folder
    assert parameters["endpoint_output_type"]["defaultValue"] == "UriFolder"


def test_windows_that_are_cut_otherwise_get_another_trigger_once_the_former_is_gone() -> None:
    trigger = _deployed().one("datafactory:Trigger")

    cut = ("properties.frequency", "properties.interval", "properties.startTime")
    assert (trigger.replaced_for, trigger.deleted_first) == (cut, True)
    assert trigger.error_hooks == ("windows-stop",)


def test_it_is_started_once_all_that_a_window_needs_is_there() -> None:
    deployed = _deployed()
    started = deployed.named("windows-started")

    assert len(started.create_hooks) == 1
    needed = deployed.everything_before("windows-started")
    assert {"windows-trigger", "windows-pipeline", "windows-input-copies", "ml-inputs"} <= needed


@pytest.mark.parametrize("change", [{"delay": "5m"}, {"retries": 1}, {"every": "2h"}])
def test_a_trigger_that_is_changed_is_started_again(change: dict[str, Any]) -> None:
    former, now = (_deployed(each).named("windows-started").inputs for each in ({}, change))

    assert former["keepers"] != now["keepers"]


def test_the_factory_may_write_the_copies_and_reads_its_source_there() -> None:
    elsewhere = {"account_id": THEIRS, "container": "exports", "folder": "eu/"}
    own, other = (
        {
            each.name: each.inputs["scope"].partition("/storageAccounts/")[2]
            for each in deployed.all("RoleAssignment")
            if each.parent == "windows"
        }
        for deployed in (_deployed(), _deployed({"copy_from": elsewhere}))
    )
    written = "stinputs0a1b2c3d4e/blobServices/default/containers/inputs"
    assert own == {"windows-input-copies": written}
    assert other.keys() == {"windows-input-copies", "windows-source-copies"}


def test_what_lies_in_the_factory_goes_with_it_and_the_grants_do_not() -> None:
    inside = {"Trigger", "Pipeline", "Dataset", "LinkedService"}
    made = [each for each in _deployed().resources if each.parent == "windows"]

    goes = {each.type.rpartition(":")[2] for each in made if each.deleted_with == "pipelines"}
    stays = {each.type.rpartition(":")[2] for each in made if not each.deleted_with}
    assert goes == inside
    assert stays & inside == set()


@pytest.mark.parametrize(
    ("every", "cut"), [("15m", ("Minute", 15)), ("2h", ("Hour", 2)), ("1d", ("Hour", 24))]
)
def test_a_window_s_length_is_told_in_the_factory_s_units(every: str, cut: Any) -> None:
    window = Window(every=every, start="2026-06-01T00:00:00Z")
    assert (window.frequency, window.interval) == cut


@pytest.mark.parametrize(
    ("delay", "span"), [("1m", "00:01:00"), ("90m", "01:30:00"), ("25h", "1.01:00:00")]
)
def test_a_delay_is_told_as_the_factory_writes_it(delay: str, span: str) -> None:
    window = Window(every="1h", start="2026-06-01T00:00:00Z", delay=delay)
    assert window.delay_span == span


@pytest.mark.parametrize(
    ("errors", "outcome"),
    [
        ([REFUSED], ("stop", "tried again")),
        (["another refusal"], ("", "given up")),
        (["another refusal", REFUSED], ("start", "given up")),
        ([REFUSED] * 21, ("", "given up")),
    ],
)
def test_a_started_trigger_is_stopped_to_be_changed_and_goes_on_where_it_can_t_be(
    monkeypatch: pytest.MonkeyPatch, errors: list[str], outcome: tuple[str, str]
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(trigger_state, "send", lambda *sent: asked.append(sent[-1]))
    failure = pulumi.ErrorHookArgs(
        "urn", TRIGGER, "t", "T", failed_operation="update", errors=errors
    )

    again = _outcome(failure)

    assert ("".join(asked), "tried again" if again else "given up") == outcome


def test_a_stack_without_windows_stops_the_trigger_that_it_had() -> None:
    made = run(changed({"data_factory.enabled": True}))

    assert "windows-stop" in made.hooks
    assert "azure-native:datafactory:Trigger" not in made.types()


def _outcome(failure: pulumi.ErrorHookArgs) -> bool:
    (hook,) = bound(lambda: trigger_state.stopped_to_change("stop", MANAGER)).on_error
    outcome: bool = asyncio.run(hook.callback(failure))
    return outcome


def test_a_trigger_is_started_by_its_hook(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(trigger_state, "send", lambda *sent: asked.append(sent))
    [start] = bound(
        lambda: trigger_state.started_before_create(pulumi.Output.from_input(TRIGGER), MANAGER)
    ).before_create

    asyncio.run(start(None))

    assert asked == [(MANAGER, TRIGGER, "start")]


def test_the_deployer_asks_for_it_in_the_stack_s_own_cloud(monkeypatch: pytest.MonkeyPatch) -> None:
    signed, policy = mock.MagicMock(), mock.Mock()
    refused = mock.Mock(**{"raise_for_status.side_effect": HttpResponseError("Forbidden")})
    monkeypatch.setattr("azure.identity.DefaultAzureCredential", signed)
    monkeypatch.setattr("azure.core.pipeline.policies.BearerTokenCredentialPolicy", policy)
    client = mock.MagicMock(**{"send_request.return_value": refused})
    monkeypatch.setattr("azure.core.PipelineClient", lambda *_, **__: client)

    with pytest.raises(HttpResponseError, match="Forbidden"):
        trigger_state.send(MANAGER, TRIGGER, "stop")

    (request,) = client.send_request.call_args.args
    assert signed.call_args.kwargs["authority"] == "login.example"
    assert policy.call_args.args[1] == "https://arm.example//.default"
    assert f"{request.method} {request.url}" == (
        f"POST https://arm.example{TRIGGER}/stop?api-version=2018-06-01"
    )
