"""What a stack file says to be there already is looked up before anything is made."""

from types import SimpleNamespace
from typing import Any

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
from components.settings import Settings, read
from components.stack.existing import look_up
from tests.unit.azure import GROUP
from tests.unit.sample_event_settings import FACTORY, HUB, PROVIDERS, rule
from tests.unit.sample_settings import changed, sections

WORKSPACE = f"{PROVIDERS}/Microsoft.MachineLearningServices/workspaces/ws-1"
ENDPOINT = f"{WORKSPACE}/batchEndpoints/their-ep"
ACCOUNT = f"{PROVIDERS}/Microsoft.Storage/storageAccounts/acct"
INPUTS = f"{ACCOUNT}/blobServices/default/containers/inputs"
TOPIC = f"{PROVIDERS}/Microsoft.EventGrid/systemTopics/their-topic"
MODEL = f"{WORKSPACE}/models/digits/versions/1"
DATA = f"{WORKSPACE}/data/digits/versions/1"

FAR = "6f2f7a35-5d0e-4b0c-9f6e-2f4f1a9c7d10"
There = dict[str, Any]


def _far(resource_id: str) -> str:
    return resource_id.replace(resource_id.split("/")[2], FAR)


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


def told_of(settings: Settings) -> str:
    """What is told in one line; nothing where all will do."""
    try:
        look_up(settings)
    except pulumi.RunError as error:
        return " ".join(str(error).replace("found: ", "found ").split())
    return ""


def to_pipeline(factory_id: str | None, name: str, **parameters: int) -> dict[str, Any]:
    """A rule that starts a pipeline."""
    kind = {"kind": "data_factory_pipeline", "pipeline": name, "event_parameter": "event"}
    run = {**kind, "factory_id": factory_id, "parameters": parameters}
    return {"workspace_events.rules": [rule("train", destination=run)]}


def declaring(parameters: dict[str, Any] | None) -> There:
    """A pipeline that declares these."""
    return {f"{FACTORY}/pipelines/Train": SimpleNamespace(parameters=parameters)}


def encrypted(status: str) -> There:
    """A workspace whose encryption is of this status."""
    return {WORKSPACE: things(encryption=SimpleNamespace(status=status))}


ADOPTED = {"endpoint.existing": ENDPOINT, "deployments": []}
IN_ACCOUNT = {"storage.existing": ACCOUNT}
THEIR_TOPIC = {"resource_group": "rg", "name": "their-topic"}
HUB_RULE = rule("hub", destination={"kind": "event_hub", "resource_id": HUB})
A_FOLDER = {"account_id": ACCOUNT, "container": "inputs", "folder": "a/"}
DEFAULT = SimpleNamespace(deployment_name="digits")
EVENT_AND_RATE = declaring({"Event": {}, "rate": {}})
CASES: list[tuple[dict[str, Any], There, str]] = [
    (ADOPTED, {}, f"endpoint.existing found nothing at {ENDPOINT}"),
    (
        ADOPTED,
        {ENDPOINT: things(defaults=None)},
        "an endpoint with a default deployment, which is invoked: az ml batch-endpoint update",
    ),
    (ADOPTED, {ENDPOINT: things(defaults=DEFAULT)}, ""),
    (ADOPTED, {ENDPOINT: None}, ""),
    (
        {"workspace.existing": WORKSPACE, "cluster.existing": "cpu-cluster"},
        {f"{WORKSPACE}/computes/cpu-cluster": things(compute_type="ComputeInstance")},
        "a cluster (AmlCompute), not one of ComputeInstance",
    ),
    (
        {"workspace.existing": WORKSPACE},
        encrypted("Enabled"),
        f"workspace.existing found {WORKSPACE} accepted: a workspace without custom",
    ),
    ({"workspace.existing": WORKSPACE}, encrypted("Disabled"), ""),
    (IN_ACCOUNT, {}, f"storage.container found nothing at {INPUTS}"),
    (IN_ACCOUNT, {INPUTS: things()}, ""),
    (
        {**IN_ACCOUNT, "blob_events.existing_system_topic": THEIR_TOPIC},
        {INPUTS: things(), TOPIC: things(source=f"{ACCOUNT}2")},
        f"the system topic of {ACCOUNT}; this one is of {ACCOUNT}2",
    ),
    (to_pipeline(FACTORY, "Tain"), {}, f"{FACTORY}/pipelines/Tain"),
    (to_pipeline(FACTORY, "Train", epochs=3), EVENT_AND_RATE, "a pipeline that declares epochs"),
    (to_pipeline(FACTORY, "Train", Rate=3), EVENT_AND_RATE, ""),
    (to_pipeline(FACTORY, "Train"), declaring(None), "a pipeline that declares event"),
    (
        {"resource_group.existing": "no-group"},
        {},
        f"resource_group.existing found nothing at {GROUP.rpartition('/')[0]}/no-group",
    ),
    (
        {**to_pipeline(None, "Tain"), "data_factory.existing": FACTORY},
        {},
        f"workspace_events.rules[0].destination found nothing at {FACTORY}/pipelines/Tain",
    ),
    ({**to_pipeline(None, "Run-BatchEndpoint"), "data_factory.existing": FACTORY}, {}, ""),
    (
        {"workspace_events.rules": [HUB_RULE]},
        {},
        f"workspace_events.rules[0].destination found nothing at {HUB}",
    ),
    (
        {"workspace_events.rules": [HUB_RULE]},
        {},
        "destination: (as accepted), below project:workspace_events.rules[0]; or make",
    ),
    (
        {"data_factory.copy_after": A_FOLDER},
        {},
        f"data_factory.copy_after found nothing at {INPUTS}",
    ),
    (
        {
            "workspace.existing": WORKSPACE,
            "blob_events.enabled": False,
            "data_factory.input_uri": "azureml:digits:1",
        },
        {WORKSPACE: things()},
        f"data_factory.input_uri found nothing at {DATA}",
    ),
    (
        {"data_factory.input_uri": DATA},
        {DATA: things(data_type="uri_file")},
        "accepted: data of type uri_folder, as input_type says; this is uri_file",
    ),
]

ASKED = {"resource_group_name": "rg", "workspace_name": "ws-1", "name": "digits", "version": "1"}
"""By what a version of an asset is asked for."""


@pytest.mark.parametrize(
    ("resource_id", "asked"),
    [
        (GROUP, {"resource_group_name": "rg"}),
        (INPUTS, {"resource_group_name": "rg", "account_name": "acct", "container_name": "inputs"}),
        (MODEL, ASKED),
        (DATA, ASKED),
        (WORKSPACE, {"resource_group_name": "rg", "workspace_name": "ws-1"}),
    ],
)
def test_an_id_is_asked_for_by_its_names(
    resource_id: str, asked: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, function in (
        (resources, "get_resource_group"),
        (storage, "get_blob_container"),
        (machinelearningservices, "get_model_version"),
        (machinelearningservices, "get_data_version"),
        (machinelearningservices, "get_workspace"),
    ):
        monkeypatch.setattr(module, function, dict)

    assert lookup.read(resource_id) == asked


@pytest.mark.parametrize(("changes", "existing", "told"), CASES)
def test_what_is_not_there_or_will_not_do_stops_the_preview(
    there: There, changes: dict[str, Any], existing: There, told: str
) -> None:
    there.update(existing)
    found = told_of(changed(changes))

    assert told in found
    assert found.count("accepted:") == bool(told)


CONTAINER_OF_JOBS = "azureml-blobstore-1"
OWN = {"workspaceblobstore": CONTAINER_OF_JOBS, "workspaceartifactstore": "azureml"}
SHARED: dict[str, Any] = {
    "location": "westeurope",
    "workspace.existing": WORKSPACE,
    "storage.existing": ACCOUNT,
    "storage.container": CONTAINER_OF_JOBS,
}
THEIRS = {
    "blob_events.job_outputs": {
        "scores": {
            "type": "UriFile",
            "uri": "azureml://datastores/theirs/paths/scores/{event_id}/a.csv",
        }
    }
}
LEFT = "what jobs leave in the workspace's own storage would start jobs"
APART = f"1. storage.folder found … a folder apart from … {LEFT}"


@pytest.mark.parametrize(
    ("changes", "account", "told"),
    [
        ({}, "acct", ""),
        ({"storage.folder": ""}, "another", ""),
        ({"storage.folder": ""}, "ACCT", APART),
        ({"storage.folder": "azureml/runs/"}, "acct", APART),
        ({"storage.folder": "mine/", "endpoint.name": "mine"}, "acct", APART),
        (
            {"blob_events.watch_whole_account": True, "blob_events.extension_filter": ".pgm"},
            "acct",
            f"1. blob_events.watch_whole_account found … false: {LEFT}",
        ),
        (
            {"storage.container": "azureml", "storage.folder": "ExperimentRun/"},
            "acct",
            f"1. storage.folder found … a folder apart from azureml/: {LEFT}",
        ),
        (
            {"data_factory.enabled": True, "storage.folder": "batch/"},
            "acct",
            "1. data_factory.output_folder found … a place apart from azureml-blobstore-1/batch/",
        ),
        (
            {**THEIRS, "storage.folder": "scores/"},
            "acct",
            "1. blob_events.job_outputs found … a place apart from azureml-blobstore-1/scores/",
        ),
        (
            {**THEIRS, "storage.folder": "scores/", "blob_events.extension_filter": ".pgm"},
            "acct",
            "",
        ),
        (
            {
                "blob_events.enabled": False,
                "data_factory.enabled": True,
                "data_factory.output_folder": "azureml://datastores/theirs/paths/incoming/",
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
        there[f"{WORKSPACE}/datastores/{name}"] = SimpleNamespace(properties=lies)
    found = told_of(read(sections(SHARED | changes)))

    assert all(part in found for part in told.split(" … "))
    assert found.count("accepted:") == bool(told)


@pytest.mark.parametrize(
    ("changes", "told"), [({}, ""), (THEIRS, "blob_events.job_outputs found nothing at")]
)
def test_a_datastore_that_is_not_there_is_told_where_a_key_names_it(
    there: There, changes: dict[str, Any], told: str
) -> None:
    there[f"{ACCOUNT}/blobServices/default/containers/{CONTAINER_OF_JOBS}"] = None
    found = told_of(read(sections(SHARED | changes)))

    assert told in found
    assert found.count("accepted:") == bool(told)


@pytest.mark.usefixtures("there")
def test_everything_that_is_missing_is_told_at_once() -> None:
    settings = changed({**ADOPTED, **IN_ACCOUNT, **to_pipeline(FACTORY, "Tain")})

    with pytest.raises(pulumi.RunError, match=r"has 3 problems\. Nothing was changed"):
        look_up(settings)


@pytest.mark.usefixtures("there")
@pytest.mark.parametrize(
    "said",
    [
        to_pipeline(_far(FACTORY), "Tain"),
        {"storage.existing": _far(ACCOUNT), "blob_events.enabled": False},
    ],
    ids=["a pipeline", "an account without events"],
)
def test_what_lies_in_another_subscription_is_not_looked_up(said: dict[str, Any]) -> None:
    look_up(changed(said))


@pytest.mark.parametrize(
    "config",
    [
        {"storage.existing": _far(ACCOUNT)},
        {"workspace.existing": _far(WORKSPACE)},
        {"data_factory.existing": _far(FACTORY)},
    ],
)
def test_what_something_is_made_in_is_in_the_provider_s_subscription(
    config: dict[str, Any], there: There
) -> None:
    there[INPUTS] = things()

    with pytest.raises(pulumi.RunError, match=f"(?s){next(iter(config))}.*{FAR}.*accepted.* one"):
        look_up(changed(config))


def test_a_pipeline_that_somebody_has_to_make_is_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    warned: list[str] = []
    monkeypatch.setattr(pulumi, "warn", warned.append)
    look_up(changed({**to_pipeline(None, "Tain"), "data_factory.enabled": True}))

    (sentence,) = warned
    key = "workspace_events.rules[0].destination"
    assert sentence.startswith(f"{key}: the program makes no pipeline Tain, only")


@pytest.mark.parametrize(
    ("answer", "absent"),
    [
        ('Status=404 Code="PipelineNotFound" Message="gone"', True),
        ("GET https://management.azure.com/… RESPONSE 404: 404 Not Found", True),
        ('Status=403 Code="AuthorizationFailed" Message="no"', False),
    ],
)
def test_who_may_not_read_is_told_nothing(
    answer: str, monkeypatch: pytest.MonkeyPatch, *, absent: bool
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
