"""Who invokes the endpoint, and by which role."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pulumi
import pytest

from components.identity.batch_endpoint_invoker_role import (
    BatchEndpointInvokerRole,
    BatchEndpointInvokerRoleArgs,
)
from components.identity.invoker_service_principal import InvokerServicePrincipal
from tests.unit.azure import GROUP
from tests.unit.engine import Deployment, deploy
from tests.unit.program import run
from tests.unit.sample_settings import changed

SECRET = "azuread:index/applicationPassword:ApplicationPassword"
ML = "Microsoft.MachineLearningServices/workspaces"
WORKSPACE = f"{GROUP}/providers/{ML}/ws"
DOCUMENTED = """
read data/versions/write datasets/registered/read datasets/registered/write
datasets/unregistered/read datasets/unregistered/write datastores/read datastores/write
datastores/listsecrets/action listStorageAccountKeys/action batchEndpoints/read
batchEndpoints/write batchEndpoints/deployments/read batchEndpoints/deployments/write
batchEndpoints/jobs/write batchEndpoints/deployments/jobs/write computes/read
computes/listKeys/action metadata/secrets/read metadata/snapshots/read metadata/artifacts/read
metadata/artifacts/write experiments/read experiments/runs/read experiments/runs/write
experiments/runs/submit/action metrics/resource/write modules/read models/read
endpoints/pipelines/read endpoints/pipelines/write environments/read environments/write
environments/build/action environments/readSecrets/action
"""
"""D:machine-learning/how-to-authenticate-batch-endpoint, as of 2026."""


def _invoker(rotation: str = "1", *, ends: datetime | None = None) -> Deployment:
    answers = {} if ends is None else {SECRET: {"endDate": ends.strftime("%Y-%m-%dT%H:%M:%SZ")}}
    return deploy(
        lambda: InvokerServicePrincipal(
            "invoker",
            {
                "display_name": "events-dev-invoker",
                "owners": ["deployer"],
                "secret_lifetime_days": 90.0,  # type: ignore[typeddict-item]
                "secret_rotation": rotation,
                "role_definition_id": "/role",
                "workspace_id": WORKSPACE,
                "input_scope": f"{GROUP}/providers/Microsoft.Storage/storageAccounts/inputs",
            },
        ),
        answers=answers,
    )


def test_the_application_is_of_this_tenant_alone() -> None:
    assert _invoker().one("Application").inputs == {
        "displayName": "events-dev-invoker",
        "owners": ["deployer"],
        "signInAudience": "AzureADMyOrg",
    }


def test_application_and_service_principal_keep_the_owners_that_they_were_made_with() -> None:
    made = [_invoker().one(kind) for kind in ("Application", "servicePrincipal:ServicePrincipal")]

    assert [(each.inputs["owners"], each.ignore_changes) for each in made] == [
        (["deployer"], ("owners",))
    ] * 2


def test_the_secret_ends_after_its_lifetime_and_keeps_that_end() -> None:
    secret = _invoker().one("ApplicationPassword")
    end = datetime.strptime(secret.inputs["endDate"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert abs(end - datetime.now(UTC) - timedelta(days=90)) < timedelta(minutes=1)
    assert secret.ignore_changes == ("endDate",)


@pytest.mark.parametrize(
    ("days", "told"),
    [(31, []), (29, ["ends in 28 days"]), (-1, ["has ended: nothing is invoked"])],
)
def test_the_end_of_a_secret_is_told_thirty_days_before(
    monkeypatch: pytest.MonkeyPatch, days: int, told: list[str]
) -> None:
    warned: list[str] = []
    monkeypatch.setattr(pulumi, "warn", warned.append)

    _invoker(ends=datetime.now(UTC) + timedelta(days=days))

    assert [each.partition(" secret ")[2].partition(" (")[0] for each in warned] == told
    assert all("Set invoker.secret_rotation to another text" in each for each in warned)


def test_a_rotation_is_another_secret_with_an_end_of_its_own() -> None:
    assert _invoker("1").one("ApplicationPassword").name == "invoker-secret-1"
    assert _invoker("2026-q2").one("ApplicationPassword").name == "invoker-secret-2026-q2"


def _role() -> dict[str, Any]:
    args: BatchEndpointInvokerRoleArgs = {
        "workspace_id": WORKSPACE,
        "display_name": "events-dev invoker",
    }
    return _role_of(deploy(lambda: BatchEndpointInvokerRole("role", args)))


def _role_of(deployed: Deployment) -> dict[str, Any]:
    return deployed.one("RoleDefinition").inputs


def _actions(role: dict[str, Any]) -> set[str]:
    (permissions,) = role["permissions"]
    return {action.removeprefix(f"{ML}/") for action in permissions["actions"]}


def test_the_role_can_be_given_in_the_group_and_has_no_data_actions() -> None:
    role = _role()
    assert role["roleName"] == "events-dev invoker 0a1b2c3d4e"
    assert role["scope"] == GROUP
    assert role["assignableScopes"] == [GROUP]
    (permissions,) = role["permissions"]
    assert (permissions["notActions"], permissions["dataActions"]) == ([], [])


def test_the_role_is_the_documented_list_and_reads_jobs() -> None:
    reading = {"batchEndpoints/jobs/read", "batchEndpoints/deployments/jobs/read"}
    assert _actions(_role()) == set(DOCUMENTED.split()) | reading


def test_the_narrow_role_lacks_what_leads_the_endpoint_elsewhere_alone() -> None:
    narrow = changed({"invoker.role": "narrow"})
    leading = {"batchEndpoints/write", "batchEndpoints/deployments/write"}
    assert _actions(_role()) - _actions(_role_of(run(narrow))) == leading
