"""What a stack file says to be there already is looked up before anything is made."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from pulumi_azure_native import (
    authorization,
    datafactory,
    machinelearningservices,
    resources,
    storage,
)

from components.azure import lookup
from components.settings import read
from components.settings.events.model import PipelineRun, Resource, WorkspaceEventSettings
from components.settings.model import BlobFolder, EndpointSettings, ExistingEndpoint, SystemTopic
from components.stack import look_up
from tests.unit.azure import GROUP
from tests.unit.sample_event_settings import FACTORY, HUB, PROVIDERS, rule
from tests.unit.sample_settings import FACTORY as FACTORY_SETTINGS
from tests.unit.sample_settings import changed

if TYPE_CHECKING:
    from components.settings import Settings

WORKSPACE = f"{PROVIDERS}/Microsoft.MachineLearningServices/workspaces/ws"
ENDPOINT = f"{WORKSPACE}/batchEndpoints/ep"
ACCOUNT = f"{PROVIDERS}/Microsoft.Storage/storageAccounts/acct"
INPUTS = f"{ACCOUNT}/blobServices/default/containers/inputs"
TOPIC = f"{PROVIDERS}/Microsoft.EventGrid/systemTopics/their-topic"
MODEL = f"{WORKSPACE}/models/digits/versions/1"

There = dict[str, Any]


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> There:
    """What exists, by id; the fixture's test fills it."""
    existing: There = {}

    def read(resource_id: str) -> Any:
        if resource_id not in existing:
            raise lookup.AbsentError(resource_id)
        return existing[resource_id]

    who = SimpleNamespace(subscription_id=PROVIDERS.split("/")[2])
    monkeypatch.setattr(lookup, "read", read)
    monkeypatch.setattr(authorization, "get_client_config", lambda: who)
    return existing


def things(**properties: Any) -> SimpleNamespace:
    return SimpleNamespace(name="ep", properties=SimpleNamespace(**properties), **properties)


def to_pipeline(factory_id: str | None, name: str, **parameters: int) -> WorkspaceEventSettings:
    run = PipelineRun(factory_id, name, parameters, "event")
    return WorkspaceEventSettings((rule("train", destination=run),), None)


ADOPTED = EndpointSettings(existing=ExistingEndpoint(WORKSPACE, "ep"), name=None, uri=None)
DEFAULT = SimpleNamespace(deployment_name="digits")
CASES: list[tuple[dict[str, Any], There, str]] = [
    ({"endpoint": ADOPTED}, {}, f"existing_endpoint found nothing at {ENDPOINT}"),
    (
        {"endpoint": ADOPTED},
        {ENDPOINT: things(defaults=None)},
        "an endpoint with a default deployment, which is invoked: az ml batch-endpoint update",
    ),
    ({"endpoint": ADOPTED}, {ENDPOINT: things(defaults=DEFAULT)}, ""),
    ({"endpoint": ADOPTED}, {ENDPOINT: None}, ""),
    (
        {"existing_workspace_id": WORKSPACE, "cluster": {"existing_name": "cpu"}},
        {f"{WORKSPACE}/computes/cpu": things(compute_type="ComputeInstance")},
        "a cluster (AmlCompute), not one of ComputeInstance",
    ),
    (
        {"storage": {"existing_account_id": ACCOUNT}},
        {},
        f"input_container found nothing at {INPUTS}",
    ),
    ({"storage": {"existing_account_id": ACCOUNT}}, {INPUTS: things()}, ""),
    (
        {
            "storage": {"existing_account_id": ACCOUNT},
            "events": {"existing_system_topic": SystemTopic("rg", "their-topic")},
        },
        {INPUTS: things(), TOPIC: things(source=f"{ACCOUNT}2")},
        f"the system topic of {ACCOUNT}; this one is of {ACCOUNT}2",
    ),
    ({"workspace_events": to_pipeline(FACTORY, "Tain")}, {}, f"{FACTORY}/pipelines/Tain"),
    (
        {"workspace_events": to_pipeline(FACTORY, "Train", epochs=3)},
        {f"{FACTORY}/pipelines/Train": SimpleNamespace(parameters={"Event": {}, "rate": {}})},
        "a pipeline that declares epochs",
    ),
    (
        {"workspace_events": to_pipeline(FACTORY, "Train", Rate=3)},
        {f"{FACTORY}/pipelines/Train": SimpleNamespace(parameters={"Event": {}, "rate": {}})},
        "",
    ),
    (
        {"workspace_events": to_pipeline(FACTORY, "Train")},
        {f"{FACTORY}/pipelines/Train": SimpleNamespace(parameters=None)},
        "a pipeline that declares event",
    ),
    (
        {"existing_resource_group": "no-group"},
        {},
        f"existing_resource_group found nothing at {GROUP.rpartition('/')[0]}/no-group",
    ),
    (
        {
            "workspace_events": to_pipeline(None, "Tain"),
            "factory": {**vars(FACTORY_SETTINGS), "existing_id": FACTORY},
        },
        {},
        f"workspace_events: train found nothing at {FACTORY}/pipelines/Tain",
    ),
    (
        {
            "workspace_events": to_pipeline(None, "Run-BatchEndpoint"),
            "factory": {**vars(FACTORY_SETTINGS), "existing_id": FACTORY},
        },
        {},
        "",
    ),
    (
        {
            "workspace_events": WorkspaceEventSettings(
                (rule("hub", destination=Resource("event_hub", HUB, None)),), None
            )
        },
        {},
        f"workspace_events: hub found nothing at {HUB}",
    ),
    (
        {"factory": {**vars(FACTORY_SETTINGS), "copy_after": BlobFolder(ACCOUNT, "inputs", "a/")}},
        {},
        f"copy_after found nothing at {INPUTS}",
    ),
]


@pytest.mark.parametrize(
    ("resource_id", "asked"),
    [
        (GROUP, {"resource_group_name": "rg"}),
        (
            INPUTS,
            {"resource_group_name": "rg", "account_name": "acct", "container_name": "inputs"},
        ),
        (
            MODEL,
            {
                "resource_group_name": "rg",
                "workspace_name": "ws",
                "name": "digits",
                "version": "1",
            },
        ),
    ],
)
def test_an_id_is_asked_for_by_its_names(
    resource_id: str, asked: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, function in (
        (resources, "get_resource_group"),
        (storage, "get_blob_container"),
        (machinelearningservices, "get_model_version"),
    ):
        monkeypatch.setattr(module, function, dict)

    assert lookup.read(resource_id) == asked


def configured(groups: dict[str, Any]) -> Settings:
    factory = groups.get("factory")
    made = type(FACTORY_SETTINGS)(**factory) if factory else None
    return changed(**{**groups, "factory": made})


@pytest.mark.parametrize(("groups", "existing", "told"), CASES)
def test_what_is_not_there_or_will_not_do_stops_the_preview(
    there: There, groups: dict[str, Any], existing: There, told: str
) -> None:
    there.update(existing)
    if not told:
        look_up(configured(groups))
        return

    with pytest.raises(pulumi.RunError) as caught:
        look_up(configured(groups))
    lines = " ".join(str(caught.value).replace("found: ", "found ").split())
    assert told in lines


CONTAINER_OF_JOBS = "azureml-blobstore-1"
OWN = {"workspaceblobstore": CONTAINER_OF_JOBS, "workspaceartifactstore": "azureml"}
SHARED: dict[str, Any] = {
    "location": "westeurope",
    "existing_workspace_id": f"{WORKSPACE}-1",
    "existing_storage_account_id": ACCOUNT,
    "input_container": CONTAINER_OF_JOBS,
}
THEIRS = {
    "job_outputs": {
        "scores": {
            "type": "UriFile",
            "uri": "azureml://datastores/theirs/paths/scores/{event_id}/a.csv",
        }
    }
}
LEFT = "what jobs leave in the workspace's own storage would start jobs"


@pytest.mark.parametrize(
    ("changes", "account", "told"),
    [
        ({}, "acct", ""),
        ({"input_folder": ""}, "another", ""),
        ({"input_folder": ""}, "ACCT", f"input_folder a folder apart from … {LEFT}"),
        ({"input_folder": "azureml/runs/"}, "acct", f"input_folder a folder apart from … {LEFT}"),
        (
            {"input_folder": "mine/", "endpoint_name": "mine"},
            "acct",
            f"input_folder a folder apart from … {LEFT}",
        ),
        (
            {"watch_whole_account": True, "extension_filter": ".pgm"},
            "acct",
            f"watch_whole_account false: {LEFT}",
        ),
        (
            {"input_container": "azureml", "input_folder": "ExperimentRun/"},
            "acct",
            f"input_folder a folder apart from azureml/: {LEFT}",
        ),
        (
            {"data_factory": True, "input_folder": "batch/"},
            "acct",
            "pipeline_output_folder a place apart from azureml-blobstore-1/batch/",
        ),
        (
            {**THEIRS, "input_folder": "scores/"},
            "acct",
            "job_outputs a place apart from azureml-blobstore-1/scores/",
        ),
        ({**THEIRS, "input_folder": "scores/", "extension_filter": ".pgm"}, "acct", ""),
        (
            {
                "blob_events": False,
                "data_factory": True,
                "pipeline_output_folder": "azureml://datastores/theirs/paths/incoming/",
            },
            "acct",
            "",
        ),
    ],
)
def test_what_jobs_write_in_a_workspace_that_exists_starts_no_job(
    there: There, changes: dict[str, Any], account: str, told: str
) -> None:
    containers = {**OWN, "theirs": CONTAINER_OF_JOBS}
    for container in containers.values():
        there[f"{ACCOUNT}/blobServices/default/containers/{container}"] = None
    for name, container in containers.items():
        lies = {"accountName": account, "containerName": container}
        there[f"{WORKSPACE}-1/datastores/{name}"] = SimpleNamespace(properties=lies)
    settings = read(SHARED | changes)
    if not told:
        look_up(settings)
        return

    with pytest.raises(pulumi.RunError, match="has 1 problem") as caught:
        look_up(settings)
    key, accepted = told.split(" ", 1)
    assert f" {key}\n" in str(caught.value)
    assert all(part in str(caught.value) for part in accepted.split(" … "))


@pytest.mark.parametrize(("changes", "told"), [({}, ""), (THEIRS, "job_outputs found nothing at")])
def test_a_datastore_that_is_not_there_is_told_where_a_key_names_it(
    there: There, changes: dict[str, Any], told: str
) -> None:
    there[f"{ACCOUNT}/blobServices/default/containers/{CONTAINER_OF_JOBS}"] = None
    settings = read(SHARED | changes)
    if not told:
        look_up(settings)
        return

    with pytest.raises(pulumi.RunError, match="has 1 problem") as caught:
        look_up(settings)
    assert told in " ".join(str(caught.value).replace("found: ", "found ").split())


@pytest.mark.usefixtures("there")
def test_everything_that_is_missing_is_told_at_once() -> None:
    settings = changed(
        endpoint=ADOPTED,
        storage={"existing_account_id": ACCOUNT},
        workspace_events=to_pipeline(FACTORY, "Tain"),
    )

    with pytest.raises(pulumi.RunError, match=r"has 3 problems\. Nothing was changed"):
        look_up(settings)


@pytest.mark.usefixtures("there")
def test_what_lies_in_another_subscription_is_not_looked_up() -> None:
    elsewhere = FACTORY.replace(FACTORY.split("/")[2], "6f2f7a35-5d0e-4b0c-9f6e-2f4f1a9c7d10")
    look_up(changed(workspace_events=to_pipeline(elsewhere, "Tain")))


def test_a_pipeline_that_somebody_has_to_make_is_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    warned: list[str] = []
    monkeypatch.setattr(pulumi, "warn", warned.append)
    look_up(changed(factory=FACTORY_SETTINGS, workspace_events=to_pipeline(None, "Tain")))

    (sentence,) = warned
    assert sentence.startswith("workspace_events: train: the program makes no pipeline Tain, only")


@pytest.mark.parametrize(
    ("answer", "absent"),
    [
        ('Status=404 Code="PipelineNotFound" Message="gone"', True),
        ("GET https://management.azure.com/… RESPONSE 404: 404 Not Found", True),
        ('Status=403 Code="AuthorizationFailed" Message="no"', False),
    ],
)
def test_who_may_not_read_is_told_nothing(
    answer: str,
    absent: bool,  # noqa: FBT001 - a parameter of the table
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[dict[str, str]] = []

    def get_pipeline(**given: str) -> None:
        asked.append(given)
        raise Exception(answer)  # noqa: TRY002 as the SDK

    monkeypatch.setattr(datafactory, "get_pipeline", get_pipeline)
    if absent:
        with pytest.raises(lookup.AbsentError):
            lookup.read(f"{FACTORY}/pipelines/Train again")
    else:
        assert lookup.read(f"{FACTORY}/pipelines/Train again") is None
    assert asked == [
        {
            "resource_group_name": FACTORY.split("/")[4],
            "factory_name": "training",
            "pipeline_name": "Train again",
        }
    ]
