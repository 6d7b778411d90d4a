"""The whole program: what a stack creates, in which order, and what it tells."""

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable
from typing import Any
from unittest import mock

import pulumi
import pytest

from components.settings import Settings
from tests import PROJECT
from tests.unit.azure import CALLBACK_URL, CLIENT_SECRET, GROUP, SUBSCRIPTION
from tests.unit.engine import Deployment
from tests.unit.program import run, run_anew
from tests.unit.sample_event_settings import rule
from tests.unit.sample_settings import CALLER, PUBLISHER, STACK_FILE, changed

WORKSPACE = (
    f"{SUBSCRIPTION}/resourceGroups/ml-group"
    "/providers/Microsoft.MachineLearningServices/workspaces/team-workspace"
)
ACCOUNT = (
    f"{SUBSCRIPTION}/resourceGroups/data-group/providers/Microsoft.Storage/storageAccounts/data"
)
MLFLOW = {
    "deployments[0].model_type": "mlflow_model",
    "deployments[0].model": "samples/heart/model",
    "blob_events.extension_filter": ".csv",
}
TEAM_ENDPOINT = {
    "endpoint.existing": f"{WORKSPACE}/batchEndpoints/team-endpoint",
    "deployments": [],
}
IN_WORKSPACE = {"workspace.existing": WORKSPACE}
OTHERS_READ = {**IN_WORKSPACE, "workspace.callers_read_predictions": False}
IN_ACCOUNT = {"storage.existing": ACCOUNT}
PIPELINES = {"data_factory.enabled": True}
BOTH = {"object_id": PUBLISHER.upper(), "type": "User"}
KEPT = {
    "protect": True,
    "callers": [*STACK_FILE["callers"], BOTH],
    **IN_ACCOUNT,
    **MLFLOW,
    "data_factory.output_container": "predictions",
}
"""A protected stack with what pipelines write and a model of its own, in an adopted account."""
OTHERWISE = {
    "blob_events.watch_whole_account": True,
    "endpoint.name": "my-endpoint",
    "tags.owner": "team",
}
IN_A_GROUP = {**IN_ACCOUNT, "resource_group.existing": "Data-Group"}


def test_former_versions_stay_in_the_workspace_for_jobs_that_wait() -> None:
    pipeline = {"name": "diamonds", "pipeline": "samples/diamonds/pipeline.yml"}
    made = run(
        changed(
            {"endpoint.default_deployment": "digits"}, deployments=[{"name": "digits"}, pipeline]
        )
    )

    kinds = ("ModelVersion", "CodeVersion", "EnvironmentVersion", "ComponentVersion")
    stay = {kind: {each.retained for each in made.all(f":{kind}")} for kind in kinds}
    assert stay == {kind: {True} for kind in kinds}


def test_a_new_stack_creates_exactly_what_the_design_lists() -> None:
    created = run().types()
    assert created == {
        "azure-native:applicationinsights:Component",
        "azure-native:authorization:RoleAssignment",
        "azure-native:authorization:RoleDefinition",
        "azure-native:containerregistry:Registry",
        "azure-native:eventgrid:SystemTopic",
        "azure-native:eventgrid:SystemTopicEventSubscription",
        "azure-native:keyvault:Vault",
        "azure-native:logic:Workflow",
        "azure-native:machinelearningservices:BatchDeployment",
        "azure-native:machinelearningservices:BatchEndpoint",
        "azure-native:machinelearningservices:CodeVersion",
        "azure-native:machinelearningservices:Compute",
        "azure-native:machinelearningservices:Datastore",
        "azure-native:machinelearningservices:EnvironmentVersion",
        "azure-native:machinelearningservices:ModelVersion",
        "azure-native:machinelearningservices:Workspace",
        "azure-native:managedidentity:UserAssignedIdentity",
        "azure-native:operationalinsights:Workspace",
        "azure-native:resources:Deployment",
        "azure-native:resources:ResourceGroup",
        "azure-native:storage:BlobContainer",
        "azure-native:storage:StorageAccount",
        "azuread:index/application:Application",
        "azuread:index/applicationPassword:ApplicationPassword",
        "azuread:index/servicePrincipal:ServicePrincipal",
        "random:index/randomString:RandomString",
        "random:index/randomUuid:RandomUuid",
    }


@pytest.mark.long  # in a fresh interpreter, which imports the SDK anew: a second and a half
def test_what_only_some_runs_use_is_not_imported_at_the_start() -> None:
    # docs/speed.md: what each of them takes of each preview.
    late = {
        "azure.storage.blob",
        "pulumi_azuread",
        *(
            f"pulumi_azure_native.{each}._inputs"
            for each in (
                *("applicationinsights", "containerregistry", "datafactory", "keyvault"),
                *("logic", "monitor", "network", "privatedns", "web"),
            )
        ),
    }
    # All that the program imports before it knows what the stack has.
    imports = (PROJECT / "__main__.py").read_text().partition("take_no_detours()")[0]
    question = f"{imports}\nimport sys; print(*{late} & set(sys.modules))"
    asked = subprocess.run([sys.executable, "-c", question], capture_output=True, check=True)
    assert asked.stdout == b"\n"


def test_every_grant_has_the_narrowest_scope_and_a_typed_principal() -> None:
    grants: dict[tuple[str, str], dict[str, tuple[str, str]]] = defaultdict(dict)
    for grant in run().all("RoleAssignment"):
        role = grant.inputs["roleDefinitionId"].rsplit("/", 1)[-1]
        scope = grant.inputs["scope"].removeprefix(f"{GROUP}/providers/Microsoft.")
        who = (grant.inputs["principalId"], grant.inputs["principalType"])
        grants[who][grant.name] = (role, scope)

    reader = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
    contributor = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
    invoker = "11111111-2222-3333-4444-555555555555"
    workspace = "MachineLearningServices/workspaces/ml-workspace"
    inputs = "Storage/storageAccounts/stinputs0a1b2c3d4e/blobServices/default/containers/inputs"
    letters = "Storage/storageAccounts/dlinputs0a1b2c3d4e"
    own = "Storage/storageAccounts/stml"
    logs = f"{own}/blobServices/default/containers/azureml"
    predictions = f"{own}/blobServices/default/containers/azureml-blobstore-workspace-guid"
    registry = "ContainerRegistry/registries/crml"
    assert grants == {
        ("uami-principal", "ServicePrincipal"): {
            "compute-reads-inputs": (reader, inputs),
            "compute-writes-artifacts": (contributor, own),
            "compute-uses-queues": ("974c5e8b-45b9-4653-ba55-5f855dd0fb88", own),
            "compute-uses-tables": ("0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3", own),
            "compute-pulls-images": ("7f951dda-4ed3-4680-a7ca-43fe172d538d", registry),
        },
        ("sp-object-id", "ServicePrincipal"): {
            "invoker-invokes": (invoker, workspace),
            "invoker-reads-inputs": (reader, inputs),
        },
        (CALLER, "Group"): {
            f"callers-invoke-{CALLER}": (invoker, workspace),
            f"callers-drop-{CALLER}": (contributor, inputs),
            f"callers-read-predictions-{CALLER}": (reader, predictions),
            f"callers-read-logs-{CALLER}": (reader, logs),
        },
        ("topic-principal", "ServicePrincipal"): {
            "blob-created-writes-dead-letters": (contributor, letters)
        },
        (PUBLISHER, "User"): {f"publishers-{PUBLISHER}": (contributor, predictions)},
    }


def _in_workspace() -> Deployment:
    told = {"storageAccount": ACCOUNT}
    return run(changed(IN_WORKSPACE), {"azure-native:machinelearningservices:Workspace": told})


def test_where_an_adopted_workspace_keeps_predictions_and_logs_is_read_not_computed() -> None:
    deployed = _in_workspace()
    scopes = {each.name: each.inputs["scope"] for each in deployed.all("RoleAssignment")}
    containers = f"{ACCOUNT}/blobServices/default/containers"
    assert scopes[f"callers-read-predictions-{CALLER}"] == (f"{containers}/guid-azureml-blobstore")
    assert scopes[f"callers-read-logs-{CALLER}"] == (f"{containers}/guid-azureml")


def test_what_another_stack_has_given_to_the_callers_is_not_given_again() -> None:
    deployed = run(changed(OTHERS_READ))
    grants = [each.name for each in deployed.all("RoleAssignment")]
    assert [name for name in grants if name.startswith("callers-")] == [
        f"callers-invoke-{CALLER}",
        f"callers-drop-{CALLER}",
    ]


def test_callers_and_publishers_read_the_output_container_and_nobody_gets_that_twice() -> None:
    readers = [
        (each.inputs["principalId"], each.inputs["principalType"])
        for each in run(changed(KEPT)).all("RoleAssignment")
        if each.name.startswith("outputs-read-")
    ]
    assert readers == [(CALLER, "Group"), (PUBLISHER, "User")]


def test_callers_may_run_the_pipelines_of_the_factory_and_follow_each_run() -> None:
    deployed = run(changed(PIPELINES))
    role = deployed.named("callers-runner-role").inputs
    grant = deployed.named(f"callers-run-{CALLER}").inputs
    factory = f"{GROUP}/providers/Microsoft.DataFactory/factories/pipelines-factory"
    assert role["permissions"] == [
        {
            "actions": [
                "Microsoft.DataFactory/factories/pipelines/createrun/action",
                "Microsoft.DataFactory/factories/pipelineruns/read",
                "Microsoft.DataFactory/factories/pipelineruns/queryactivityruns/action",
            ],
            "notActions": [],
            "dataActions": [],
        }
    ]
    assert role["assignableScopes"] == [GROUP]
    assert [grant[each] for each in ("principalId", "principalType", "scope")] == [
        *(CALLER, "Group", factory)
    ]


@pytest.mark.parametrize(
    "settings", [changed(), changed({**PIPELINES, "callers": []})], ids=["no factory", "no callers"]
)
def test_no_role_to_run_pipelines_is_made_where_nobody_would_get_it(settings: Settings) -> None:
    names = {each.name for each in run(settings).all("RoleDefinition")}
    assert "callers-runner-role" not in names


@pytest.mark.parametrize(
    ("changes", "later", "before"),
    [
        pytest.param(
            {},
            "cluster-compute-batch-cluster",
            {
                *("compute-reads-inputs", "compute-writes-artifacts", "compute-uses-queues"),
                *("compute-uses-tables", "compute-pulls-images"),
            },
            id="a cluster, after the roles of its identity",
        ),
        pytest.param(
            {},
            "blob-created-subscription",
            {
                *("blob-created-writes-dead-letters", "invoker-invokes", "invoker-reads-inputs"),
                *("on-blob-workflow", "scoring-default", "scoring-deployment-digits"),
            },
            id="events, after everything that they need",
        ),
        pytest.param(
            {"invoker.kind": "managed_identity"},
            "blob-created-subscription",
            {"on-blob-workflow", "on-blob-invokes", "on-blob-reads-inputs"},
            id="events, after the roles of the workflow's identity",
        ),
        pytest.param(
            KEPT,
            "scoring-deployment-digits",
            {"ml-pushes-images", "ml-looks-at-inputs", "ml-reads-inputs"},
            id="a deployment, after the workspace's identity may build images",
        ),
        pytest.param(
            {"blob_events.predictions_beside_inputs": True},
            "blob-created-subscription",
            {"ml-inputs"},
            id="events whose predictions lie beside them, after the datastore",
        ),
        pytest.param(
            PIPELINES, "pipelines-score", {"ml-inputs"}, id="a pipeline, after the datastore"
        ),
    ],
)
def test_what_needs_something_waits_for_it(
    changes: dict[str, Any], later: str, before: set[str]
) -> None:
    assert run(changed(changes)).everything_before(later) >= before


def test_uploads_wait_for_the_rights_of_the_publishers() -> None:
    deployed = run()
    publisher = f"publishers-{PUBLISHER}"
    for kind in ("ModelVersion", "CodeVersion"):
        assert publisher in deployed.everything_before(deployed.one(kind).name)


def test_with_a_managed_identity_there_is_no_application_and_no_secret() -> None:
    deployed = run(changed({"invoker.kind": "managed_identity"}))

    assert [each for each in deployed.types() if each.startswith("azuread:")] == []
    assert deployed.exports["invoker_object_id"] == "workflow-principal"
    assert "invoker_client_id" not in deployed.exports


@pytest.mark.parametrize(
    ("kind", "invoker"),
    [("service_principal", "sp-object-id"), ("managed_identity", "workflow-principal")],
)
def test_while_the_invoker_changes_both_are_there_with_their_roles(kind: str, invoker: str) -> None:
    deployed = run(changed({"invoker.kind": kind, "invoker.changing": True}))
    grants = {grant.name for grant in deployed.all("RoleAssignment")}

    assert grants >= {"invoker-invokes", "on-blob-invokes"}
    assert len(deployed.all("ApplicationPassword")) == 2
    assert deployed.exports["invoker_object_id"] == invoker


def test_the_outputs_are_what_a_caller_needs() -> None:
    workspace = f"{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/ml-workspace"
    topic = f"{GROUP}/providers/Microsoft.EventGrid/systemTopics/blob-created-topic"
    identity = (
        f"{SUBSCRIPTION}/resourcegroups/rg/providers/Microsoft.ManagedIdentity"
        "/userAssignedIdentities/compute-identity"
    )
    deployed = run()
    secret = deployed.all("ApplicationPassword")[0].inputs
    assert deployed.exports == {
        "resource_group_name": "rg",
        "storage_account_name": "stinputs0a1b2c3d4e",
        "input_container": "inputs",
        "input_folder": "incoming/",
        "input_url": "https://stinputs0a1b2c3d4e.blob.core.windows.net/inputs/incoming/",
        "dead_letter_account": "dlinputs0a1b2c3d4e",
        "dead_letter_container": "dead-letters",
        "upload_command": (
            "az storage blob upload --auth-mode login --account-name stinputs0a1b2c3d4e"
            " --container-name inputs --name incoming/FILE --file FILE"
        ),
        "workspace_name": "ml-workspace",
        "workspace_id": workspace,
        "endpoint_name": "scoring0a1b2c3d4e",
        "input_name": "mnistinput",
        "deployment_names": ["digits"],
        "default_deployment": "digits",
        "scoring_uri": "https://scoring0a1b2c3d4e.westeurope.inference.ml.azure.com/jobs",
        "predictions_url": (
            "https://stml.blob.core.windows.net/azureml-blobstore-workspace-guid/azureml/"
        ),
        "event_predictions_url": (
            "https://stml.blob.core.windows.net/azureml-blobstore-workspace-guid/scoring0a1b2c3d4e/"
        ),
        "workflow_id": f"{GROUP}/providers/Microsoft.Logic/workflows/on-blob-workflow",
        "blob_event_subscription_id": f"{topic}/eventSubscriptions/blob-created-subscription",
        "compute_identity_id": identity,
        "compute_identity_client_id": "uami-client",
        "compute_identity_principal_id": "uami-principal",
        "invoker_client_id": "app-client-id",
        "invoker_object_id": "sp-object-id",
        "invoker_secret_ends": secret["endDate"],
        "invoker_secret_renews": deployed.all("ApplicationPassword")[1].inputs["endDate"],
    }


def _in_clear(deployed: Deployment, *secrets: str) -> dict[str, set[str]]:
    """Of each resource the inputs with a secret that are not marked as one."""
    found = {
        r.name: set(_paths_where(lambda value: value in secrets, r.inputs)) - r.secrets
        for r in deployed.resources
    }
    return {name: paths for name, paths in found.items() if paths}


def test_secrets_stand_only_in_inputs_that_are_marked_secret() -> None:
    deployed = run()
    assert _in_clear(deployed, CALLBACK_URL, CLIENT_SECRET) == {}
    assert "SECRET" not in json.dumps([deployed.exports, deployed.outputs])


@pytest.mark.parametrize(
    "form",
    [{}, {"workflows.plan": "standard", "data_factory.authentication": "service_principal"}],
    ids=["a workflow", "a site and pipelines"],
)
def test_what_comes_in_clear_is_a_secret_from_here_on(form: dict[str, Any]) -> None:
    called, url = "components.logic_apps.request_workflow.callback_url", "https://w/?sig=CLEAR"
    principal = {"tenant_id": "t", "client_id": "c", "client_secret": "CLEAR", "login_host": "l"}
    with (
        mock.patch("components.stack.identity.signs_in", return_value=principal),
        mock.patch(called, return_value=url),
    ):
        deployed = run_anew(changed(form))
    assert _in_clear(deployed, "CLEAR", url) == {}


def test_nothing_is_sent_as_null() -> None:
    nulls = {r.name: _paths_where(lambda value: value is None, r.inputs) for r in run().resources}
    assert {name: paths for name, paths in nulls.items() if paths} == {}


def test_everything_that_carries_tags_carries_the_stacks() -> None:
    made = run(changed(OTHERWISE)).resources
    own = {"managed_by": "pulumi", "project": "azureml-batch-events", "stack": "dev"}

    tagged = [each.inputs["tags"] for each in made if "tags" in each.inputs]
    assert tagged
    assert [tags for tags in tagged if tags != {**own, "owner": "team"}] == []


def test_protection_covers_what_holds_data_and_nothing_else() -> None:
    protected = {
        resource.type.removeprefix("azure-native:")
        for resource in run(changed(KEPT)).resources
        if resource.protect and not resource.type.startswith("azureml-batch-events:")
    }
    assert protected == {
        "applicationinsights:Component",
        "containerregistry:Registry",
        "keyvault:Vault",
        "machinelearningservices:Datastore",
        "machinelearningservices:Workspace",
        "operationalinsights:Workspace",
        "random:index/randomString:RandomString",
        "storage:BlobContainer",
        "storage:StorageAccount",
    }


def test_an_unprotected_stack_protects_nothing() -> None:
    assert [resource.name for resource in run().resources if resource.protect] == []


def test_no_container_is_made_for_outputs_in_an_adopted_workspaces_own_account() -> None:
    answers = {
        "azure-native:machinelearningservices:Workspace": {"storageAccount": ACCOUNT.upper()}
    }
    written = {"data_factory.output_container": "predictions"}
    settings = changed({**IN_WORKSPACE, **IN_ACCOUNT, **written})
    with pytest.raises(pulumi.RunError, match="output_container has to be left out"):
        run(settings, answers)


@pytest.mark.parametrize(("folder", "refused"), [("incoming/", True), ("scores/", False)])
def test_copies_into_what_is_watched_of_the_stacks_own_account_are_refused_once_it_has_a_name(
    folder: str, *, refused: bool
) -> None:
    own = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/stinputs0a1b2c3d4e"
    after = {"account_id": own, "container": "inputs", "folder": folder}
    settings = changed({"data_factory.copy_after": after})
    if not refused:
        assert run(settings)
        return

    with pytest.raises(pulumi.RunError, match="a place apart from inputs/incoming/"):
        run(settings)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (changed(), "5.00 US dollars a month (container registry 5.00) and 0.02 a GB stored"),
        (changed(OTHERS_READ), "0.00 US dollars a month and 0.02 a GB"),
        (
            changed(
                {
                    "workflows.plan": "standard",
                    "cluster.min_nodes": 1,
                    "hardening": {"enabled": True, "locks": False},
                },
                monitoring={"logs": True, "notify": {"emails": ["a@example.com"]}},
            ),
            (
                "185.70 US dollars a month (container registry 5.00, alerts of a time series each"
                " 0.70, Standard Logic App 180.00, and 1 Standard_DS3_v2 by the hour)"
                " and 0.025 a GB in three zones stored (public"
            ),
        ),
    ],
    ids=["dev", "adopted", "all that is public"],
)
def test_what_a_stack_costs_before_anything_runs_is_told(settings: Settings, told: str) -> None:
    assert told in run(settings).costs


def test_an_existing_resource_group_is_used_and_none_is_made() -> None:
    deployed = run(changed(IN_A_GROUP))
    assert deployed.all("ResourceGroup") == []
    assert deployed.named("ml-workspace").inputs["resourceGroupName"] == "Data-Group"


def test_a_stack_that_watches_the_whole_account_lets_jobs_read_the_whole_account() -> None:
    deployed = run(changed(OTHERWISE))
    account = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/stinputs0a1b2c3d4e"
    assert deployed.named("invoker-reads-inputs").inputs["scope"] == account
    assert deployed.named("compute-reads-inputs").inputs["scope"] == account


@pytest.mark.parametrize(
    ("sftp", "keys"), [(False, ["data.api", "data.contentLength"]), (True, ["data.api"])]
)
def test_no_file_is_skipped_as_empty_where_sftp_may_tell_no_length(
    *, sftp: bool, keys: list[str]
) -> None:
    deployed = run(
        changed(IN_ACCOUNT), {"azure-native:storage:StorageAccount": {"isSftpEnabled": sftp}}
    )
    chosen = deployed.one("SystemTopicEventSubscription").inputs["filter"]["advancedFilters"]
    assert [each["key"] for each in chosen] == keys


PUSHES = {"ml-pushes-images": ("8311e382-0749-4cb8-b61a-304f252e45ec", "crml")}
LOOKS = {
    "ml-looks-at-inputs": ("acdd72a7-3385-48ef-bd42-f606fba81ae7", "data"),
    "ml-reads-inputs": ("2a2b9908-6ea1-4ae2-8e65-a410df84e7d1", "data"),
}


@pytest.mark.parametrize(
    ("changes", "grants"),
    [
        pytest.param({}, {}, id="an image alone"),
        pytest.param(MLFLOW, PUSHES, id="an MLflow model"),
        pytest.param(IN_ACCOUNT, LOOKS, id="inputs in another group"),
        pytest.param(IN_A_GROUP, {}, id="inputs in the workspace's group"),
    ],
)
def test_the_workspaces_identity_gets_roles_only_where_it_needs_them(
    changes: dict[str, Any], grants: dict[str, tuple[str, str]]
) -> None:
    made = [r for r in run(changed(changes)).all("RoleAssignment") if r.name.startswith("ml-")]
    told = {r.name: (r.inputs["roleDefinitionId"], r.inputs["scope"]) for r in made}
    assert {
        name: tuple(id_.rpartition("/")[2] for id_ in ids) for name, ids in told.items()
    } == grants
    assert {r.inputs["principalId"] for r in made} <= {"workspace-principal"}


def test_copies_are_told_which_kind_an_existing_account_is_of() -> None:
    copied = {"account_id": f"{ACCOUNT}2", "container": "exports", "folder": "eu/"}
    deployed = run(
        changed({**IN_ACCOUNT, "data_factory.copy_before": copied}),
        {"azure-native:storage:StorageAccount": {"kind": "BlockBlobStorage"}},
    )
    kinds = {
        each.inputs["linkedServiceName"]: each.inputs["properties"].get("accountKind")
        for each in deployed.all("LinkedService")
    }
    assert kinds == {"InputStorage": "BlockBlobStorage", "SourceStorage": "StorageV2"}


def test_what_a_stack_registers_in_a_shared_workspace_has_its_name() -> None:
    deployed = _in_workspace()
    assert deployed.one("Datastore").inputs["name"] == "batch_inputs_dev"
    assert deployed.one("ModelVersion").inputs["name"] == "digits_dev"


def test_an_existing_workspace_gets_the_endpoint_and_the_cluster_in_its_own_group() -> None:
    deployed = _in_workspace()
    assert deployed.named("ml-workspace").read_id == WORKSPACE
    assert deployed.all("keyvault:Vault") == []
    code = deployed.one("CodeVersion").name
    for name in ("cluster-compute-batch-cluster", "scoring-endpoint", "scoring-default", code):
        assert deployed.named(name).inputs["resourceGroupName"] == "ml-group"


def test_deployments_wait_until_an_existing_cluster_has_the_identity() -> None:
    body = {"properties": {"computeType": "AmlCompute", "properties": {"vmSize": "Big"}}}
    deployed = run(
        changed(IN_WORKSPACE, cluster={"existing": "cpu-cluster"}),
        {"azure-native:machinelearningservices:getCompute": body},
    )
    assert "cluster-identity" in deployed.everything_before("scoring-deployment-digits")


def test_an_existing_endpoint_is_invoked_as_it_is() -> None:
    deployed = run(changed(TEAM_ENDPOINT))
    endpoint = deployed.named("scoring-endpoint").read_id
    assert (endpoint, deployed.exports["endpoint_name"]) == (
        f"{WORKSPACE}/batchEndpoints/team-endpoint",
        "team-endpoint",
    )
    assert deployed.named("invoker-invokes").inputs["scope"] == WORKSPACE


def test_beside_an_existing_endpoint_nothing_is_made_that_runs_jobs() -> None:
    deployed = run(changed(TEAM_ENDPOINT))
    kinds = ("BatchDeployment", "Compute", "resources:Deployment")
    assert [each.name for kind in kinds for each in deployed.all(kind)] == []
    assert "compute_identity_id" not in deployed.exports


def test_with_every_custom_role_given_by_id_none_is_made() -> None:
    role = f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{CALLER}"
    train = {"kind": "data_factory_pipeline", "pipeline": "Train"}
    deployed = run(
        changed(
            {
                "invoker.existing_role_id": role,
                "workflows.existing_pipeline_starter_role_id": role,
                "data_factory.existing_runner_role_id": role,
                "operators": STACK_FILE["callers"],
                "existing_operator_role_id": role,
            },
            blob_events={"marker_name": "_SUCCESS", "extension_filter": None},
            workspace_events={"rules": [rule("retrain", destination=train)]},
        )
    )

    assert deployed.all("RoleDefinition") == []
    for name in (
        "pipelines-invokes",
        "on-marker-starts",
        "handle-retrain-starts",
        f"callers-run-{CALLER}",
        f"operators-workspace-{CALLER}",
    ):
        assert deployed.named(name).inputs["roleDefinitionId"] == role


def _paths_where(found: Callable[[object], bool], value: object, path: str = "") -> list[str]:
    """Where in nested inputs a value is that the question is true of."""
    if isinstance(value, dict):
        inner = [(f"{path}.{key}" if path else key, item) for key, item in value.items()]
    elif isinstance(value, list):
        inner = [(f"{path}[{index}]", item) for index, item in enumerate(value)]
    else:
        return [path] if found(value) else []
    return [each for where, item in inner for each in _paths_where(found, item, where)]
