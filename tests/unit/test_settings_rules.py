"""Rules that join several keys: what does not go together, and what is told about it."""

from contextlib import suppress
from typing import Any

import pytest

from components.settings import Settings, SettingsError, deployment_rules, read, retraining, rules
from components.settings.rules import RULES
from components.settings.telling import REMOVE
from tests.unit import (
    loop_settings,
    private_settings,
    refused_event_settings,
    refused_switch_settings,
)
from tests.unit.sample_settings import BASE, line_of, sections

GUID = "6f2f7a35-5d0e-4b0c-9f6e-2f4f1a9c7d10"
GROUP = f"/subscriptions/{GUID}/resourceGroups/my-group/providers"
NOBODY = f"{'0' * 8}-0000-0000-0000-{'0' * 12}"
IN_EXAMPLES = f"/subscriptions/{NOBODY}/resourceGroups/my-group/providers"
LOGS = f"{GROUP}/Microsoft.OperationalInsights/workspaces/logs"
WORKSPACE = f"{GROUP}/Microsoft.MachineLearningServices/workspaces/my-workspace"
OTHER_WORKSPACE = f"{GROUP}/Microsoft.MachineLearningServices/workspaces/another"
ROLE = f"/subscriptions/{GUID}/providers/Microsoft.Authorization/roleDefinitions/{GUID}"
ACCOUNT = f"{GROUP}/Microsoft.Storage/storageAccounts/myaccount"
CONTAINERS = "/blobServices/default/containers"
BLOBS = f"{CONTAINERS}/inputs/blobs"
ENDPOINT = f"{WORKSPACE}/batchEndpoints/my-endpoint"
COPY = {"account_id": ACCOUNT, "container": "exports", "folder": "eu/"}
WINDOW = {"every": "1h", "start": "2026-06-01T00:00:00Z"}
DATA = "azureml://datastores/d/paths/in/"
STORE = "azureml://datastores/workspaceblobstore/paths"
PIPELINE = {
    "deployments": [{"name": "diamonds", "pipeline": "samples/diamonds/pipeline.yml"}],
    "blob_events.marker_name": "_SUCCESS",
    "endpoint.input_name": "data",
}
MLFLOW = {
    "deployments[0].model_type": "mlflow_model",
    "deployments[0].model": "samples/heart/model",
}
SUFFIX = "westeurope.inference.ml.azure.com"

# What is changed, the key that is told, what is accepted, and the value of the line to add.
BROKEN: list[tuple[dict[str, Any], str, str, str]] = [
    (
        {"location": "chinaeast2"},
        "location",
        "a region of the cloud public; this one is in china",
        '"westeurope"',
    ),
    (
        {"location": "usgovvirginia"},
        "location",
        "a region of the cloud public; this one is in usgovernment",
        '"westeurope"',
    ),
    ({"cluster.min_nodes": 3}, "cluster.min_nodes", "at most max_nodes, 2", "2"),
    (
        {**MLFLOW, "blob_events.marker_name": "_SUCCESS"},
        "blob_events.marker_name",
        (
            "nothing: an MLflow model reads every file of the folder, and its job fails at the"
            " marker; a run of the data factory scores a folder without one"
        ),
        REMOVE,
    ),
    (
        {"deployments[0].model_type": "mlflow_model", "blob_events.extension_filter": ".csv"},
        "deployments[0].model",
        "a folder that MLflow has saved, with MLmodel directly in it",
        '"samples/heart/model"',
    ),
    (
        {
            **MLFLOW,
            "blob_events.extension_filter": ".csv",
            "deployments[0].output_action": "summary_only",
        },
        "deployments[0].output_action",
        "append_row: the script that Azure makes for MLflow writes rows alone",
        '"append_row"',
    ),
    (
        MLFLOW,
        "blob_events.extension_filter",
        f"an end of files that the MLflow model reads: {', '.join(deployment_rules.MLFLOW_FILES)}",
        '".csv"',
    ),
    (
        {
            "endpoint.existing": ENDPOINT,
            "blob_events.job_inputs": {"MNISTinput": {"type": "Literal", "value": "x"}},
        },
        "blob_events.job_inputs",
        "inputs beside input_name, mnistinput, which is the file or the folder",
        "",
    ),
    (
        {"deployments[0].instance_count": 3},
        "deployments[0].instance_count",
        "at most max_nodes, 2",
        "2",
    ),
    (
        {"deployments": [{"name": "one"}, {"name": "ONE"}], "endpoint.default_deployment": "one"},
        "deployments",
        "deployments with names of their own, in whatever case",
        "",
    ),
    (
        {"deployments": [{"name": "one"}, {"name": "two"}]},
        "endpoint.default_deployment",
        "one of one, two",
        '"one"',
    ),
    (
        {"endpoint.default_deployment": "other"},
        "endpoint.default_deployment",
        "one of digits",
        '"digits"',
    ),
    (
        {**MLFLOW, "blob_events.extension_filter": ".pdf"},
        "blob_events.extension_filter",
        (
            "an end of files that the MLflow model reads: .csv, .parquet, .pqt, .png, .jpg, .jpeg,"
            " .tiff, .bmp, .gif"
        ),
        '".csv"',
    ),
    (
        {**PIPELINE, "data_factory.enabled": True},
        "data_factory.output_name",
        "an output of the pipeline: predictions (uri_folder)",
        '"score"',
    ),
    (
        {**PIPELINE, "data_factory.output_name": "predictions"},
        "data_factory.output_type",
        "the type of the pipeline's output: predictions (uri_folder)",
        '"UriFile"',
    ),
    (
        {**PIPELINE, "blob_events.marker_name": None},
        "endpoint.input_name",
        "data as the pipeline takes it: data (uri_folder)",
        '"mnistinput"',
    ),
    (
        {**PIPELINE, "blob_events.job_inputs": {"x": {"type": "Literal", "value": "1"}}},
        "blob_events.job_inputs.x",
        "x as the pipeline takes it: data (uri_folder)",
        "",
    ),
    (
        {
            **PIPELINE,
            "blob_events.job_outputs": {
                "x": {"type": "UriFolder", "uri": f"{STORE}/{{event_id}}/"}
            },
        },
        "blob_events.job_outputs.x",
        "x as the pipeline writes it: predictions",
        "",
    ),
    (
        {"cluster.existing": "cpu-cluster"},
        "workspace.existing",
        "the workspace of cluster.existing",
        f'"{IN_EXAMPLES}/Microsoft.MachineLearningServices/workspaces/my-workspace"',
    ),
    (
        {"endpoint.existing": ENDPOINT, "workspace.existing": OTHER_WORKSPACE},
        "workspace.existing",
        "the workspace of endpoint.existing, or nothing",
        f'"{WORKSPACE}"',
    ),
    (
        {"endpoint.existing": ENDPOINT, "deployments[0].name": "other"},
        "deployments",
        "nothing: with endpoint.existing it is not used",
        REMOVE,
    ),
    (
        {"workspace.existing": WORKSPACE, "workspace.storage_keys": True},
        "workspace.storage_keys",
        "nothing: with existing it is not used",
        REMOVE,
    ),
    (
        {"cluster.existing": "cpu", "workspace.existing": WORKSPACE, "cluster.max_nodes": 4},
        "cluster.max_nodes",
        "nothing: with existing it is not used",
        REMOVE,
    ),
    (
        {"storage.existing": ACCOUNT, "storage.delete_inputs_after_days": 30},
        "storage.delete_inputs_after_days",
        "nothing: with existing it is not used",
        REMOVE,
    ),
    (
        {
            "blob_events.payload": "plain",
            "blob_events.job_outputs": {
                "x": {"type": "UriFile", "uri": f"{STORE}/{{event_id}}/x.csv"}
            },
        },
        "blob_events.job_outputs",
        "nothing: with payload plain it is not sent",
        "{}",
    ),
    (
        {"invoker.existing_role_id": ROLE, "invoker.role": "narrow"},
        "invoker.role",
        "nothing: with existing_role_id it is not used",
        '"documented"',
    ),
    (
        {"workspace.existing": WORKSPACE, "monitoring.logs": True},
        "monitoring.log_workspace",
        "the id of a Log Analytics workspace: one that exists already brings none",
        f'"{IN_EXAMPLES}/Microsoft.OperationalInsights/workspaces/my-logs"',
    ),
    (
        {"hardening.enabled": True},
        "protect",
        (
            "true: with hardening.locks Azure refuses to delete storage accounts, halfway through"
            " a destroy; or set hardening.locks to false"
        ),
        "true",
    ),
    (
        {"hardening.soft_delete_days": 0, "hardening.locks": False},
        "hardening.soft_delete_days",
        "1 or more days: versions are deleted after as many, or set versioning: false",
        "14",
    ),
    ({"monitoring.workbook": True}, "monitoring.logs", "true: the workbook shows the logs", "true"),
    (
        {"monitoring.failed_deliveries_an_hour": 7},
        "monitoring.failed_deliveries_an_hour",
        "nothing: no alerts are made",
        "100",
    ),
    (
        {"monitoring.notify": {"webhook": False}},
        "monitoring.notify.emails",
        "one or more e-mail addresses, or webhook: true",
        '["ml-team@example.com"]',
    ),
    (
        {"monitoring.notify": {"webhook": True}},
        "event_secrets",
        "a secret named alerts: pulumi config set --secret --path event_secrets.alerts",
        "by pulumi config set --secret --path event_secrets.NAME",
    ),
    (
        {"monitoring.log_workspace": LOGS},
        "monitoring.log_workspace",
        "nothing: no logs are kept",
        REMOVE,
    ),
    (
        {"invoker.kind": "managed_identity", "invoker.secret_rotation": "2"},
        "invoker.secret_rotation",
        "nothing: no service principal is used",
        '"1"',
    ),
    (
        {
            "invoker.secret_lifetime_days": 5,
            "data_factory": {"authentication": "service_principal", "max_wait_hours": 49},
        },
        "invoker.secret_lifetime_days",
        "6 or more: a pipeline's run may wait 49 hours with one secret",
        "6",
    ),
    (
        {"blob_events.marker_name": "_SUCCESS", "blob_events.extension_filter": ".csv"},
        "blob_events.extension_filter",
        "nothing: with marker_name only files of that name start a job",
        REMOVE,
    ),
    (
        {
            "endpoint.existing": ENDPOINT,
            "blob_events.job_inputs": {"MnistInput": {"type": "Literal", "value": "x"}},
        },
        "blob_events.job_inputs",
        "inputs beside input_name, mnistinput, which is the file or the folder",
        "",
    ),
    (
        {"blob_events.job_inputs": {"mode": {"type": "Literal", "value": "x"}}},
        "blob_events.job_inputs",
        (
            "nothing: the default deployment is of a model, which takes one input and at most one"
            " output; more are for pipeline components"
        ),
        "{}",
    ),
    (
        {
            "blob_events.job_outputs": {
                "score": {"type": "UriFolder", "uri": f"{STORE}/{{event_id}}/p.csv"}
            }
        },
        "blob_events.job_outputs.score.type",
        "UriFile, because the default deployment is of a model",
        '"UriFile"',
    ),
    (
        {"data_factory.output_type": "UriFolder"},
        "data_factory.output_type",
        "UriFile, because the default deployment is of a model",
        '"UriFile"',
    ),
    (
        {"blob_events.renamed_blobs": True},
        "blob_events.renamed_blobs",
        (
            "false: a new account has neither a hierarchical namespace nor SFTP, without which"
            " nothing is renamed"
        ),
        "false",
    ),
    (
        {"blob_events.existing_system_topic": {"resource_group": "my-group", "name": "my-topic"}},
        "storage.existing",
        "the account of existing_system_topic; a new account has no system topic yet",
        f'"{IN_EXAMPLES}/Microsoft.Storage/storageAccounts/mystorageaccount"',
    ),
    (
        {"publishers": []},
        "publishers",
        (
            "who may upload the model and its code: at least whoever runs `pulumi up`,"
            " as a list of object_id (`az ad signed-in-user show --query id`, `az ad sp show --id"
            " <client id> --query id`) and type (User, Group or ServicePrincipal)"
        ),
        f'[{{"object_id": "{NOBODY}", "type": "ServicePrincipal"}}]',
    ),
    (
        {"deployments[0].scoring_script": "nothing.py"},
        "deployments[0].scoring_script",
        "a Python file that is in samples/digits/code",
        '"score.py"',
    ),
    (
        {
            "blob_events.watch_whole_account": True,
            "blob_events.extension_filter": ".csv",
            "blob_events.prefix_filter": f"{BLOBS}/incoming/",
        },
        "blob_events.prefix_filter",
        "nothing: watch_whole_account is true",
        REMOVE,
    ),
    (
        {"blob_events.prefix_filter": f"{CONTAINERS}/other/blobs/incoming/"},
        "blob_events.prefix_filter",
        "a prefix inside of storage.container, inputs",
        f'"{BLOBS}/incoming/"',
    ),
    (
        {"blob_events.prefix_filter": f"{BLOBS}/data/"},
        "storage.folder",
        "a folder that prefix_filter covers, or what is dropped there starts no job",
        '"data/"',
    ),
    (
        {"blob_events.prefix_filter": f"{BLOBS}/incoming/eu/"},
        "storage.folder",
        "a folder that prefix_filter covers, or what is dropped there starts no job",
        '"incoming/eu/"',
    ),
    (
        {"storage.folder": "inputs/incoming/"},
        "storage.folder",
        (
            "a folder without the container's name in front"
            " (where a folder has the same name, set prefix_filter too)"
        ),
        '"incoming/"',
    ),
    (
        {"endpoint.uri": f"https://my-endpoint.{SUFFIX}/jobs"},
        "endpoint.name",
        "the name in endpoint.uri",
        '"my-endpoint"',
    ),
    (
        {"endpoint.uri": f"https://another.{SUFFIX}/jobs", "endpoint.name": "my-endpoint"},
        "endpoint.uri",
        "the URI of endpoint my-endpoint in this cloud",
        f'"https://my-endpoint.{SUFFIX}/jobs"',
    ),
    (
        {
            "endpoint.uri": "https://my-endpoint.westeurope.evil.example.com/jobs",
            "endpoint.existing": ENDPOINT,
        },
        "endpoint.uri",
        "the URI of endpoint my-endpoint in this cloud",
        f'"https://my-endpoint.{SUFFIX}/jobs"',
    ),
    (
        {"blob_events.enabled": False, "invoker.kind": "managed_identity"},
        "invoker.kind",
        "nothing: no Logic App invokes the endpoint",
        '"service_principal"',
    ),
    (
        {"blob_events.enabled": False, "workflows.plan": "standard"},
        "workflows.plan",
        "nothing: no Logic App invokes the endpoint",
        '"consumption"',
    ),
    (
        {"workflows.sku": "WS2"},
        "workflows.sku",
        "nothing: plan is consumption",
        '"WS1"',
    ),
    (
        {
            "workflows.plan": "standard",
            "blob_events.job_outputs": {
                "score": {
                    "type": "UriFile",
                    "uri": "azureml://datastores/d/paths/@{event_id}/x.csv",
                }
            },
        },
        "blob_events.job_outputs.score",
        "no @ in it: workflows.plan is standard, which reads it as an expression",
        "",
    ),
    (
        {"blob_events.enabled": False, "invoker.secret_rotation": "2"},
        "invoker.secret_rotation",
        "nothing: no service principal is used",
        '"1"',
    ),
    (
        {"data_factory.input_type": "UriFile"},
        "data_factory.input_type",
        "UriFolder: the folder that files are dropped in is one; UriFile needs an input",
        '"UriFolder"',
    ),
    (
        {
            "data_factory.output_container": "predictions",
            "data_factory.output_folder": "azureml://datastores/d/paths/out/",
        },
        "data_factory.output_folder",
        "nothing: output_container is set",
        REMOVE,
    ),
    (
        {"data_factory.output_container": "predictions", "endpoint.existing": ENDPOINT},
        "data_factory.output_container",
        "nothing: without a cluster of the stack's own nobody is let write there",
        REMOVE,
    ),
    (
        {
            "data_factory.enabled": True,
            "cloud_overrides": {"ml_audience": "https://ml.example.com"},
        },
        "cloud_overrides.ml_audience",
        (
            "with data_factory one that pipelines know: https://ml.azure.com,"
            " https://ml.azure.cn, https://ml.azure.us, https://studio.ml.azure.cn"
        ),
        '"https://ml.azure.com"',
    ),
    (
        {"data_factory.copy_after": COPY, "data_factory.output_folder": DATA},
        "data_factory.output_folder",
        "nothing: which container it is in isn't known, and copy_after has to read it",
        REMOVE,
    ),
    *(
        (
            {
                "blob_events.enabled": False,
                "data_factory.window": WINDOW,
                f"data_factory.{key}": COPY,
            },
            f"data_factory.{key}",
            "nothing: window copies its files itself, and leaves the predictions where jobs write",
            REMOVE,
        )
        for key in ("copy_before", "copy_after")
    ),
    (
        {"data_factory.copy_before": COPY, "data_factory.input_uri": DATA},
        "data_factory.input_uri",
        "nothing: with copy_before the copied folder is the input",
        REMOVE,
    ),
    (
        {"data_factory.copy_before": COPY, "blob_events.marker_name": "_SUCCESS"},
        "data_factory.copy_before",
        "nothing: with marker_name the marker's folder is the input",
        REMOVE,
    ),
    (
        {"data_factory.input_uri": "abfss://c@acct.dfs.core.chinacloudapi.cn/in/"},
        "data_factory.input_uri",
        "a host of this cloud, which ends in core.windows.net",
        '"azureml://datastores/my_datastore/paths/my-folder/"',
    ),
    (
        {
            "data_factory.enabled": True,
            "workspace_events.retrain_on_event": {
                **refused_switch_settings.RETRAIN,
                "endpoint_uri": "https://e.chinaeast2.inference.ml.azure.cn/jobs",
            },
        },
        "workspace_events.retrain_on_event.endpoint_uri",
        "an endpoint_uri of this cloud, whose host ends in inference.ml.azure.com",
        '"https://my-endpoint.westeurope.inference.ml.azure.com/jobs"',
    ),
    *refused_event_settings.BROKEN,
    *refused_switch_settings.BROKEN,
    *loop_settings.BROKEN,
    *private_settings.BROKEN,
]

TOGETHER: list[dict[str, Any]] = [
    {"cloud": "usgovernment", "location": "usgovvirginia"},
    {
        **MLFLOW,
        "deployments[0].model": f"{WORKSPACE}/models/heart/versions/1",
        "blob_events.enabled": False,
    },
    {"endpoint.uri": f"https://MY-endpoint.{SUFFIX}/jobs", "endpoint.name": "my-Endpoint"},
    {**loop_settings.BESIDE, "blob_events.extension_filter": ".pgm", "data_factory.enabled": True},
    {"endpoint.existing": ENDPOINT, "data_factory.enabled": True},
    {
        "endpoint.existing": ENDPOINT,
        "cluster.existing": "cpu-cluster",
        "data_factory.output_container": "predictions",
    },
    {
        "workspace_events.rules": refused_event_settings.to(
            kind="data_factory_pipeline",
            factory_id=f"{GROUP}/Microsoft.DataFactory/factories/training",
            pipeline="Train",
        )
    },
    {"cluster.min_nodes": 2, "deployments[0].instance_count": 2},
    {"cluster.existing": "cpu-cluster", "workspace.existing": WORKSPACE},
    {
        "cluster.existing": "cpu-cluster",
        "workspace.existing": WORKSPACE,
        "deployments[0].instance_count": 9,
    },
    {"cluster.existing": "cpu-cluster", "endpoint.existing": ENDPOINT},
    {"endpoint.existing": ENDPOINT, "publishers": []},
    {"workspace.existing": WORKSPACE, "publishers": []},
    {"endpoint.existing": ENDPOINT, "workspace.existing": WORKSPACE.upper()},
    {
        "storage.existing": ACCOUNT,
        "blob_events.existing_system_topic": {"resource_group": "my-group", "name": "my-topic"},
    },
    {"deployments": [{"name": "one"}, {"name": "two"}], "endpoint.default_deployment": "two"},
    {"deployments": [{"name": "one"}], "endpoint.default_deployment": "one"},
    {**PIPELINE},
    {
        **PIPELINE,
        "data_factory.output_name": "predictions",
        "data_factory.output_type": "UriFolder",
    },
    {
        **MLFLOW,
        "blob_events.extension_filter": ".CSV",
        "deployments[0].scoring_script": "nothing.py",
    },
    {
        "endpoint.existing": ENDPOINT,
        "blob_events.job_inputs": {"mode": {"type": "Literal", "value": "x"}},
    },
    {"blob_events.marker_name": "_DONE"},
    {"blob_events.prefix_filter": f"{BLOBS}/"},
    {"blob_events.prefix_filter": f"{BLOBS}/incoming/"},
    {"blob_events.prefix_filter": f"{BLOBS}/inputs/", "storage.folder": "inputs/eu/"},
    {"storage.folder": "inputs2/"},
    {"endpoint.uri": f"https://my-endpoint.{SUFFIX}/jobs", "endpoint.name": "my-endpoint"},
    {"blob_events.enabled": False},
    {"blob_events.enabled": False, "data_factory.window": WINDOW},
    {"data_factory.window": {**WINDOW, "copy_from": COPY}},
    {"blob_events.enabled": False, "storage.folder": "", "data_factory.copy_before": COPY},
    {"data_factory.enabled": True, "blob_events.marker_name": "_SUCCESS"},
    {"data_factory.input_type": "UriFile", "data_factory.input_uri": f"{DATA}a"},
    {"data_factory.output_container": "predictions", "data_factory.copy_after": COPY},
    {
        "data_factory.authentication": "service_principal",
        "invoker.kind": "managed_identity",
        "invoker.secret_rotation": "2",
    },
    {"data_factory.input_uri": "https://acct.blob.core.windows.net/c/in/"},
    *loop_settings.TOGETHER,
    *private_settings.TOGETHER,
]


def said(changes: dict[str, Any]) -> Settings:
    """Settings with changes, in a cloud that the providers are set to."""
    providers = ("azure-native:environment", "azuread:environment")
    environments = dict.fromkeys(providers, changes["cloud"]) if "cloud" in changes else {}
    return read(BASE | sections(changes), environments=environments, stack="dev")


@pytest.mark.parametrize(("changes", "key", "accepted", "value"), BROKEN)
def test_what_does_not_go_together_is_refused(
    changes: dict[str, Any], key: str, accepted: str, value: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        said(changes)

    (problem,) = caught.value.problems
    assert (problem.key, problem.accepted) == (key, accepted)
    assert problem.line == line_of(key, value)


def test_every_place_and_rule_that_would_start_jobs_for_ever_is_told() -> None:
    (looping,) = loop_settings.to_pipeline()["workspace_events.rules"]
    both = [
        {**looping, "name": name, **loop_settings.LETTERS} for name in ("on-failure", "on-success")
    ]
    keys = {"data_factory.enabled": True, "workspace_events.rules": both}
    with pytest.raises(SettingsError) as caught:
        said({**loop_settings.WHOLE_CONTAINER, **keys})

    assert [(problem.key, problem.accepted) for problem in caught.value.problems] == [
        *(
            (
                f"workspace_events.rules[{at}].dead_letter_container_id",
                loop_settings.apart(f"dead letters of {each['name']}", "inputs/"),
            )
            for at, each in enumerate(both)
        ),
        *(
            (f"workspace_events.rules[{at}].advanced_filters", retraining.ACCEPTED)
            for at, _ in enumerate(both)
        ),
    ]


@pytest.mark.parametrize("changes", TOGETHER)
def test_what_goes_together_is_accepted(changes: dict[str, Any]) -> None:
    assert said(changes)


def test_a_rule_says_nothing_about_a_value_that_is_wrong_by_itself() -> None:
    with pytest.raises(SettingsError) as caught:
        said({"cluster.min_nodes": 5, "cluster.max_nodes": "many"})

    assert [problem.key for problem in caught.value.problems] == ["cluster.max_nodes"]


@pytest.fixture(scope="module")
def before_rules() -> list[Settings]:
    """What breaks a rule, as the sections alone accept it."""
    found = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(rules, "RULES", ())
        for changes, *_ in BROKEN:
            with suppress(SettingsError):  # refused inside of a section already
                found.append(said(changes))
    return found


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_rule_has_a_case_that_breaks_it(rule: Any, before_rules: list[Settings]) -> None:
    assert any(list(rule(settings)) for settings in before_rules)


@pytest.mark.parametrize("section", ["blob_events", "data_factory"])
def test_nothing_that_a_section_says_counts_while_it_is_off(
    section: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "RULES", ())
    for changes, *_ in BROKEN:
        off = {key: value for key, value in changes.items() if key.startswith(section)}
        assert said({**off, f"{section}.enabled": False}) == said({f"{section}.enabled": False})


@pytest.mark.parametrize(
    ("cloud", "location", "environments"),
    [
        ("public", "westeurope", {}),
        ("public", "westeurope", {"azure-native:environment": "public"}),
        ("public", "westeurope", {"azuread:environment": "public"}),
        (
            "china",
            "chinanorth3",
            {"azure-native:environment": "china", "azuread:environment": "china"},
        ),
        (
            "usgovernment",
            "usdodeast",
            {
                "azure-native:environment": "usgovernment",
                "azuread:environment": "usgovernment",
            },
        ),
    ],
)
def test_providers_of_the_same_cloud_are_accepted(
    cloud: str, location: str, environments: dict[str, str]
) -> None:
    settings = read(BASE | {"cloud": cloud, "location": location}, environments=environments)

    assert settings.azure.name == cloud


def test_providers_of_another_cloud_are_refused_with_the_lines_to_add() -> None:
    with pytest.raises(SettingsError) as caught:
        read(
            BASE | {"cloud": "china", "location": "chinaeast2"},
            environments={"azuread:environment": "usgovernment"},
        )

    told = [(problem.key, problem.found, problem.line) for problem in caught.value.problems]
    assert told == [
        (
            "azure-native:environment",
            "nothing, which stands for public",
            "azure-native:environment: china",
        ),
        ("azuread:environment", '"usgovernment"', "azuread:environment: china"),
    ]


def test_the_source_documents_china_hosts_are_accepted_as_overrides() -> None:
    settings = said(
        {
            "cloud": "china",
            "location": "chinaeast2",
            "data_factory.enabled": True,
            "cloud_overrides": {
                "login_host": "login.partner.microsoftonline.cn",
                "ml_audience": "https://studio.ml.azure.cn",
                "inference_suffix": "inference.studio.ml.azure.cn",
            },
            "endpoint.name": "my-endpoint",
            "endpoint.uri": "https://my-endpoint.chinaeast2.inference.studio.ml.azure.cn/jobs",
        }
    )

    assert settings.azure.login_host == "login.partner.microsoftonline.cn"
    assert settings.endpoint.uri == (
        "https://my-endpoint.chinaeast2.inference.studio.ml.azure.cn/jobs"
    )
