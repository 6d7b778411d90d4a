"""Rules that join several keys: what does not go together, and what is told about it."""

import json
import re
from contextlib import suppress
from copy import deepcopy
from typing import Any

import pytest

from components.settings import Settings, SettingsError, read, retraining, rules
from components.settings.rules import RULES
from components.settings.telling import REMOVE
from tests.unit import (
    loop_settings,
    private_settings,
    refused_event_settings,
    refused_switch_settings,
)
from tests.unit.sample_ids import (
    ACCOUNT,
    BLOBS,
    CONTAINERS,
    COPY,
    ENDPOINT,
    GROUP,
    GUID,
    WINDOW,
    WORKSPACE,
)
from tests.unit.sample_settings import BASE, Broken, sections

LOGS = f"{GROUP}/Microsoft.OperationalInsights/workspaces/logs"
OTHER_WORKSPACE = f"{GROUP}/Microsoft.MachineLearningServices/workspaces/another"
ROLE = f"/subscriptions/{GUID}/providers/Microsoft.Authorization/roleDefinitions/{GUID}"
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
WINDOWED = {"blob_events.enabled": False, "data_factory.window": WINDOW}
COPIES_ITSELF = "nothing: window copies its files itself, and leaves the predictions"
NAMESPACE = "azureml-batch-events:"
A_SECRET = f"{NAMESPACE}event_secrets: by pulumi config set --secret --path event_secrets.NAME"
ONLY_A_DEFAULT = ("an output of the pipeline", "the type of the pipeline's output")
"""What is accepted where the line to add is the field's default, which does not do."""

BROKEN: Broken = {
    "location": {
        "a region of the cloud public; this one is in china": [{"location": "chinaeast2"}],
        "a region of the cloud public; this one is in usgovernment": [
            {"location": "usgovvirginia"}
        ],
    },
    "cluster.min_nodes": {"at most max_nodes, 2": [{"cluster.min_nodes": 3}]},
    "blob_events.marker_name": {
        "nothing: an MLflow model reads every file of the folder, and": [
            {**MLFLOW, "blob_events.marker_name": "_SUCCESS"}
        ]
    },
    "deployments[0].model": {
        "a folder that MLflow has saved, with MLmodel directly in it": [
            {"deployments[0].model_type": "mlflow_model", "blob_events.extension_filter": ".csv"}
        ]
    },
    "deployments[0].output_action": {
        "append_row: the script that Azure makes for MLflow writes": [
            {
                **MLFLOW,
                "blob_events.extension_filter": ".csv",
                "deployments[0].output_action": "summary_only",
            }
        ]
    },
    "blob_events.job_inputs": {
        "inputs beside input_name, mnistinput, which is the file or": [
            {
                "endpoint.existing": ENDPOINT,
                "blob_events.job_inputs": {"MNISTinput": {"type": "Literal", "value": "x"}},
            }
        ],
        "nothing: the default deployment is of a model, which takes": [
            {"blob_events.job_inputs": {"mode": {"type": "Literal", "value": "x"}}}
        ],
    },
    "deployments[0].instance_count": {
        "at most max_nodes, 2": [{"deployments[0].instance_count": 3}]
    },
    "deployments": {
        "deployments with names of their own, in whatever case": [
            {
                "deployments": [{"name": "one"}, {"name": "ONE"}],
                "endpoint.default_deployment": "one",
            }
        ],
        "nothing: with endpoint.existing it is not used": [
            {"endpoint.existing": ENDPOINT, "deployments[0].name": "other"}
        ],
    },
    "endpoint.default_deployment": {
        "one of one, two": [{"deployments": [{"name": "one"}, {"name": "two"}]}],
        "one of digits": [{"endpoint.default_deployment": "other"}],
    },
    "blob_events.extension_filter": {
        "an end of files that the MLflow model reads: .csv, .parquet": [
            MLFLOW,
            {**MLFLOW, "blob_events.extension_filter": ".pdf"},
        ],
        "nothing: with marker_name only files of that name start a job": [
            {"blob_events.marker_name": "_SUCCESS", "blob_events.extension_filter": ".csv"}
        ],
    },
    "data_factory.output_name": {
        "an output of the pipeline: predictions (uri_folder)": [
            {**PIPELINE, "data_factory.enabled": True}
        ]
    },
    "data_factory.output_type": {
        "the type of the pipeline's output: predictions (uri_folder)": [
            {**PIPELINE, "data_factory.output_name": "predictions"}
        ],
        "UriFile, because the default deployment is of a model": [
            {"data_factory.output_type": "UriFolder"}
        ],
    },
    "endpoint.input_name": {
        "data as the pipeline takes it: data (uri_folder)": [
            {**PIPELINE, "blob_events.marker_name": None}
        ]
    },
    "blob_events.job_inputs.x": {
        "x as the pipeline takes it: data (uri_folder)": [
            {**PIPELINE, "blob_events.job_inputs": {"x": {"type": "Literal", "value": "1"}}}
        ]
    },
    "blob_events.job_outputs.x": {
        "x as the pipeline writes it: predictions": [
            {
                **PIPELINE,
                "blob_events.job_outputs": {
                    "x": {"type": "UriFolder", "uri": f"{STORE}/{{event_id}}/"}
                },
            }
        ]
    },
    "workspace.existing": {
        "the workspace of cluster.existing": [{"cluster.existing": "cpu-cluster"}],
        "the workspace of endpoint.existing, or nothing": [
            {"endpoint.existing": ENDPOINT, "workspace.existing": OTHER_WORKSPACE}
        ],
    },
    "workspace.storage_keys": {
        "nothing: with existing it is not used": [
            {"workspace.existing": WORKSPACE, "workspace.storage_keys": True}
        ]
    },
    "cluster.max_nodes": {
        "nothing: with existing it is not used": [
            {"cluster.existing": "cpu", "workspace.existing": WORKSPACE, "cluster.max_nodes": 4}
        ]
    },
    "hardening.versioning": {
        "false: an account with storage.hierarchical_namespace keeps no versions": [
            {
                "storage.hierarchical_namespace": True,
                "hardening.locks": False,
                "hardening.versioning": True,
            }
        ]
    },
    "storage.delete_inputs_after_days": {
        "nothing: with existing it is not used": [
            {"storage.existing": ACCOUNT, "storage.delete_inputs_after_days": 30}
        ]
    },
    "blob_events.job_outputs": {
        "nothing: with payload plain it is not sent": [
            {
                "blob_events.payload": "plain",
                "blob_events.job_outputs": {
                    "x": {"type": "UriFile", "uri": f"{STORE}/{{event_id}}/x.csv"}
                },
            }
        ]
    },
    "invoker.role": {
        "nothing: with existing_role_id it is not used": [
            {"invoker.existing_role_id": ROLE, "invoker.role": "narrow"}
        ]
    },
    "monitoring.log_workspace": {
        "the id of a Log Analytics workspace: one that exists already": [
            {"workspace.existing": WORKSPACE, "monitoring.logs": True}
        ],
        "nothing: no logs are kept": [{"monitoring.log_workspace": LOGS}],
    },
    "protect": {
        "true: with hardening.locks Azure refuses to delete storage": [{"hardening.enabled": True}]
    },
    "hardening.enabled": {
        "one of true, false: what is switched off here says nothing of the other parts": [
            {"hardening.locks": False},
            {"hardening.versioning": False, "hardening.soft_delete_days": 0},
        ]
    },
    "hardening.soft_delete_days": {
        "1 or more days: versions are deleted after as many, or set": [
            {"hardening.enabled": True, "hardening.soft_delete_days": 0, "protect": True}
        ]
    },
    "monitoring.logs": {"true: the workbook shows the logs": [{"monitoring.workbook": True}]},
    "monitoring.failed_deliveries_an_hour": {
        "nothing: no alerts are made": [{"monitoring.failed_deliveries_an_hour": 7}]
    },
    "monitoring.notify.emails": {
        "one or more e-mail addresses, or webhook: true": [
            {"monitoring.notify": {"webhook": False}}
        ]
    },
    "event_secrets": {
        "a secret named alerts: pulumi config set --secret --path": [
            {"monitoring.notify": {"webhook": True}}
        ]
    },
    "invoker.secret_rotation": {
        "nothing: no service principal is used": [
            {"invoker.kind": "managed_identity", "invoker.secret_rotation": "2"},
            {"blob_events.enabled": False, "invoker.secret_rotation": "2"},
        ]
    },
    "invoker.secret_lifetime_days": {
        "6 or more: a pipeline's run may wait 49 hours with one secret": [
            {
                "invoker.secret_lifetime_days": 5,
                "data_factory": {"authentication": "service_principal", "max_wait_hours": 49},
            }
        ]
    },
    "blob_events.job_outputs.score.type": {
        "UriFile, because the default deployment is of a model": [
            {
                "blob_events.job_outputs": {
                    "score": {"type": "UriFolder", "uri": f"{STORE}/{{event_id}}/p.csv"}
                }
            }
        ]
    },
    "blob_events.renamed_blobs": {
        "false, or storage.hierarchical_namespace: true: an account wi": [
            {"blob_events.renamed_blobs": True}
        ]
    },
    "storage.existing": {
        "the account of existing_system_topic; a new account has no": [
            {
                "blob_events.existing_system_topic": {
                    "resource_group": "my-group",
                    "name": "my-topic",
                }
            }
        ]
    },
    "publishers": {
        "who may upload the model and its code: at least whoever runs": [{"publishers": []}]
    },
    "deployments[0].scoring_script": {
        "a Python file that is in samples/digits/code": [
            {"deployments[0].scoring_script": "nothing.py"}
        ]
    },
    "blob_events.prefix_filter": {
        "nothing: watch_whole_account is true": [
            {
                "blob_events.watch_whole_account": True,
                "blob_events.extension_filter": ".csv",
                "blob_events.prefix_filter": f"{BLOBS}/incoming/",
            }
        ],
        "a prefix inside of storage.container, inputs": [
            {"blob_events.prefix_filter": f"{CONTAINERS}/other/blobs/incoming/"}
        ],
    },
    "storage.folder": {
        "a folder that prefix_filter covers, or what is dropped there": [
            {"blob_events.prefix_filter": f"{BLOBS}/data/"},
            {"blob_events.prefix_filter": f"{BLOBS}/incoming/eu/"},
        ],
        "a folder without the container's name in front (where a": [
            {"storage.folder": "inputs/incoming/"}
        ],
    },
    "invoker.kind": {
        "nothing: no Logic App invokes the endpoint": [
            {"blob_events.enabled": False, "invoker.kind": "managed_identity"}
        ]
    },
    "workflows.plan": {
        "consumption: no Logic App invokes the endpoint": [
            {"blob_events.enabled": False, "workflows.plan": "standard"}
        ]
    },
    "workflows.sku": {"nothing: plan is consumption": [{"workflows.sku": "WS2"}]},
    "blob_events.job_outputs.score": {
        "no @ in it: workflows.plan is standard, which reads it as an": [
            {
                "workflows.plan": "standard",
                "blob_events.job_outputs": {
                    "score": {
                        "type": "UriFile",
                        "uri": "azureml://datastores/d/paths/@{event_id}/x.csv",
                    }
                },
            }
        ]
    },
    "data_factory.input_type": {
        "UriFolder: the folder that files are dropped in is one": [
            {"data_factory.input_type": "UriFile"}
        ]
    },
    "data_factory.output_folder": {
        "nothing: output_container is set": [
            {
                "data_factory.output_container": "predictions",
                "data_factory.output_folder": "azureml://datastores/d/paths/out/",
            }
        ],
        "nothing: which container it is in isn't known, and copy_after": [
            {"data_factory.copy_after": COPY, "data_factory.output_folder": DATA}
        ],
    },
    "data_factory.output_container": {
        "nothing: without a cluster of the stack's own nobody is let": [
            {"data_factory.output_container": "predictions", "endpoint.existing": ENDPOINT}
        ]
    },
    "cloud_overrides.ml_audience": {
        "with data_factory one that pipelines know": [
            {
                "data_factory.enabled": True,
                "cloud_overrides": {"ml_audience": "https://ml.example.com"},
            }
        ]
    },
    "data_factory.input_uri": {
        "nothing: with copy_before the copied folder is the input": [
            {"data_factory.copy_before": COPY, "data_factory.input_uri": DATA}
        ],
        "a host of this cloud, which ends in core.windows.net": [
            {"data_factory.input_uri": "abfss://c@acct.dfs.core.chinacloudapi.cn/in/"}
        ],
    },
    "data_factory.copy_before": {
        "nothing: with marker_name the marker's folder is the input": [
            {"data_factory.copy_before": COPY, "blob_events.marker_name": "_SUCCESS"}
        ],
        COPIES_ITSELF: [{**WINDOWED, "data_factory.copy_before": COPY}],
    },
    "data_factory.copy_after": {COPIES_ITSELF: [{**WINDOWED, "data_factory.copy_after": COPY}]},
    "workspace_events.retrain_on_event.endpoint_uri": {
        "an endpoint_uri of this cloud, whose host ends in": [
            {
                "data_factory.enabled": True,
                "workspace_events.retrain_on_event": {
                    **refused_switch_settings.RETRAIN,
                    "endpoint_uri": "https://e.chinaeast2.inference.ml.azure.cn/jobs",
                },
            }
        ]
    },
}

TOGETHER: list[dict[str, Any]] = [
    {"cloud": "usgovernment", "location": "usgovvirginia"},
    {
        **MLFLOW,
        "deployments[0].model": f"{WORKSPACE}/models/heart/versions/1",
        "blob_events.enabled": False,
    },
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
    {"storage.hierarchical_namespace": True, "blob_events.renamed_blobs": True},
    {"blob_events.prefix_filter": f"{BLOBS}/"},
    {"blob_events.prefix_filter": f"{BLOBS}/incoming/"},
    {"blob_events.prefix_filter": f"{BLOBS}/inputs/", "storage.folder": "inputs/eu/"},
    {"storage.folder": "inputs2/"},
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


def configured(changes: dict[str, Any]) -> dict[str, Any]:
    return deepcopy(BASE | sections(deepcopy(changes)))


def accept(config: dict[str, Any]) -> Settings:
    """Settings of a stack whose providers are set to its cloud."""
    providers = ("azure-native:environment", "azuread:environment")
    environments = dict.fromkeys(providers, config["cloud"]) if "cloud" in config else {}
    return read(config, environments=environments, stack="dev")


def said(changes: dict[str, Any]) -> Settings:
    return accept(configured(changes))


def told(config: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Key, accepted and line to add of each problem."""
    try:
        accept(config)
    except SettingsError as error:
        return [(each.key, each.accepted, each.line) for each in error.problems]
    return []


def mend(config: dict[str, Any], key: str, line: str) -> None:
    """Writes the line to add where it is told to stand."""
    place: Any = config
    *above, name = [int(part) if part.isdigit() else part for part in re.findall(r"\w+", key)]
    for part in above:
        place = place[part] if isinstance(part, int) else place.setdefault(part, {})
    if line == REMOVE:
        del place[name]
    elif value := re.fullmatch(rf"(?:{NAMESPACE})?{name}: (.+?)(?:, below {NAMESPACE}.+)?", line):
        place[name] = json.loads(value[1])


EACH_BROKEN = [
    (key, accepted, changes)
    for table in (
        BROKEN,
        refused_event_settings.BROKEN,
        refused_switch_settings.BROKEN,
        loop_settings.BROKEN,
        private_settings.BROKEN,
    )
    for key, told in table.items()
    for accepted, all_of_them in told.items()
    for changes in all_of_them
]


@pytest.mark.parametrize(("key", "accepted", "changes"), EACH_BROKEN)
def test_what_does_not_go_together_is_refused(
    key: str, accepted: str, changes: dict[str, Any]
) -> None:
    ((found, because, _),) = told(configured(changes))

    assert (found, because[: len(accepted)]) == (key, accepted)


def test_no_switch_is_found_as_it_should_be() -> None:
    """A section that is left out is off, though what it has is on by default."""
    on = [changes for key, accepted, changes in EACH_BROKEN if accepted.startswith("true")]
    found: set[str] = set()
    for changes in on:
        with pytest.raises(SettingsError) as caught:
            accept(configured(changes))
        found |= {problem.found for problem in caught.value.problems}
    assert found == {"false"}


@pytest.mark.parametrize(("key", "accepted", "changes"), EACH_BROKEN)
def test_the_line_to_add_mends_it_where_there_is_one(
    key: str, accepted: str, changes: dict[str, Any]
) -> None:
    config = configured(changes)
    ((_, _, line),) = told(config)
    if "(as accepted)" in line or line == A_SECRET:
        return
    mend(config, key, line)

    still = accepted in [because[: len(accepted)] for _, because, _ in told(config)]
    assert still is accepted.startswith(ONLY_A_DEFAULT)


def test_every_place_and_rule_that_would_start_jobs_for_ever_is_told() -> None:
    (looping,) = loop_settings.to_pipeline()["workspace_events.rules"]
    both = [{**looping, "name": name} for name in ("on-failure", "on-success")]
    with pytest.raises(SettingsError) as caught:
        said({**loop_settings.copied("incoming/eu/"), "workspace_events.rules": both})

    assert [(problem.key, problem.accepted) for problem in caught.value.problems] == [
        ("data_factory.copy_after", loop_settings.apart("what copy_after copies")),
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
        for *_, changes in EACH_BROKEN:
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
    for *_, changes in EACH_BROKEN:
        off = {key: value for key, value in changes.items() if key.startswith(section)}
        assert said({**off, f"{section}.enabled": False}) == said({f"{section}.enabled": False})


NATIVE, AZUREAD = "azure-native:environment", "azuread:environment"


@pytest.mark.parametrize(
    ("cloud", "location", "environments"),
    [
        ("public", "westeurope", {}),
        ("public", "westeurope", {NATIVE: "public"}),
        ("public", "westeurope", {AZUREAD: "public"}),
        ("china", "chinanorth3", {NATIVE: "china", AZUREAD: "china"}),
        ("usgovernment", "usdodeast", {NATIVE: "usgovernment", AZUREAD: "usgovernment"}),
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
        }
    )

    assert settings.azure.login_host == "login.partner.microsoftonline.cn"
