"""The Logic App that starts a pipeline's run for a marker file."""

import pulumi

from components.azure.templates import load
from components.logic_apps.pipeline_start_workflow import PipelineStartWorkflow
from tests.unit.azure import CALLBACK_URL, GROUP
from tests.unit.engine import Deployment, deploy

FACTORY = f"{GROUP}/providers/Microsoft.DataFactory/factories/pipes"
ACCOUNT = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/inputs"


def _deployed() -> Deployment:
    def program() -> None:
        made = PipelineStartWorkflow(
            "on-marker",
            {
                "resource_group_name": "rg",
                "location": "westeurope",
                "factory_id": FACTORY,
                "pipeline_name": "Score-Folder",
                "arm_host": "management.chinacloudapi.cn",
                "storage_account_id": ACCOUNT,
                "watched_url": "https://inputs/images/",
                "marker_name": "_DONE",
                "role_display_name": "p-dev pipeline starter",
                "allowed_callers": ["10.0.0.0/8"],
            },
        )
        pulumi.export("url", made.callback_url)

    return deploy(program)


def test_the_template_is_deployed_as_it_lies_with_the_clouds_host() -> None:
    workflow = _deployed().one("logic:Workflow").inputs
    assert workflow["definition"] == load("start_pipeline_run")
    assert {name: each["value"] for name, each in workflow["parameters"].items()} == {
        "factory_id": FACTORY,
        "pipeline_name": "Score-Folder",
        "arm_uri": "https://management.chinacloudapi.cn",
        "audience": "https://management.chinacloudapi.cn",
        "storage_account_id": ACCOUNT,
        "watched_url": "https://inputs/images/",
        "marker_name": "_DONE",
    }
    assert workflow["accessControl"]["triggers"]["allowedCallerIpAddresses"] == [
        {"addressRange": "10.0.0.0/8"}
    ]


def test_its_identity_may_start_runs_of_the_factory_and_nothing_else() -> None:
    deployed = _deployed()
    role, grant = deployed.one("RoleDefinition").inputs, deployed.one("RoleAssignment").inputs
    assert role["permissions"] == [
        {
            "actions": ["Microsoft.DataFactory/factories/pipelines/createrun/action"],
            "notActions": [],
            "dataActions": [],
        }
    ]
    assert role["assignableScopes"] == [GROUP]
    assert role["roleName"] == "p-dev pipeline starter 0a1b2c3d4e"
    assert (grant["principalId"], grant["scope"]) == ("workflow-principal", FACTORY)


def test_the_callback_url_is_a_secret() -> None:
    deployed = _deployed()
    assert deployed.exports == {"url": CALLBACK_URL}
    assert deployed.secret_exports == {"url"}
