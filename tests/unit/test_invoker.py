"""Who invokes the endpoint, and by which role."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from components.batch_endpoint_invoker_role import ACTIONS, BatchEndpointInvokerRole
from components.invoker_service_principal import InvokerServicePrincipal
from tests.unit.azure import GROUP
from tests.unit.engine import Deployment, deploy

WORKSPACE = f"{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/ws"


def _invoker(rotation: str = "1") -> Deployment:
    return deploy(
        lambda: InvokerServicePrincipal(
            "invoker",
            {
                "display_name": "events-dev-invoker",
                "secret_lifetime_days": 90.0,  # type: ignore[typeddict-item]
                "secret_rotation": rotation,
                "role_definition_id": "/role",
                "workspace_id": WORKSPACE,
                "input_scope": f"{GROUP}/providers/Microsoft.Storage/storageAccounts/inputs",
            },
        )
    )


def test_the_application_is_of_this_tenant_alone() -> None:
    assert _invoker().one("Application").inputs == {
        "displayName": "events-dev-invoker",
        "signInAudience": "AzureADMyOrg",
    }


def test_the_secret_ends_after_its_lifetime_and_keeps_that_end() -> None:
    secret = _invoker().one("ApplicationPassword")
    end = datetime.strptime(secret.inputs["endDate"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert abs(end - datetime.now(UTC) - timedelta(days=90)) < timedelta(minutes=1)
    assert secret.ignore_changes == ("endDate",)


def test_a_rotation_is_another_secret_with_an_end_of_its_own() -> None:
    assert _invoker("1").one("ApplicationPassword").name == "invoker-secret-1"
    assert _invoker("2026-q2").one("ApplicationPassword").name == "invoker-secret-2026-q2"


def test_the_role_starts_and_follows_jobs_and_has_no_data_actions() -> None:
    role = deploy(
        lambda: BatchEndpointInvokerRole(
            "role", {"workspace_id": WORKSPACE, "display_name": "events-dev invoker"}
        )
    ).one("RoleDefinition")
    assert role.inputs["roleName"] == "events-dev invoker 0a1b2c3d4e"
    assert role.inputs["scope"] == GROUP
    assert role.inputs["assignableScopes"] == [GROUP]
    assert role.inputs["permissions"] == [{"actions": ACTIONS, "notActions": [], "dataActions": []}]


def test_the_role_lists_the_operations_on_jobs_that_the_documentation_lacks() -> None:
    prefix = "Microsoft.MachineLearningServices/workspaces/batchEndpoints"
    assert {
        f"{prefix}/jobs/write",
        f"{prefix}/jobs/read",
        f"{prefix}/deployments/jobs/write",
        f"{prefix}/deployments/jobs/read",
    } <= set(ACTIONS)


def test_the_role_has_no_wildcards() -> None:
    assert [action for action in ACTIONS if "*" in action] == []
