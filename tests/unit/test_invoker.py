"""Who invokes the endpoint, and by which role."""

from datetime import date, timedelta
from typing import Any

import pytest

from components.identity.client_secrets import held
from tests.unit.azure import DEPLOYER, GROUP
from tests.unit.engine import Deployment
from tests.unit.program import run
from tests.unit.sample_settings import changed

ML = "Microsoft.MachineLearningServices/workspaces"
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


def _invoker(rotation: str = "1", today: str = "2026-11-29") -> Deployment:
    said = {"secret_rotation": rotation, "as_of": today, "secret_lifetime_days": 90}
    return run(changed(invoker=said))


def test_the_application_is_of_this_tenant_alone() -> None:
    assert _invoker().one("Application").inputs == {
        "displayName": "azureml-batch-events-dev-invoker",
        "owners": [DEPLOYER],
        "signInAudience": "AzureADMyOrg",
    }


def test_application_and_service_principal_keep_the_owners_that_they_were_made_with() -> None:
    made = [_invoker().one(kind) for kind in ("Application", "servicePrincipal:ServicePrincipal")]

    assert [(each.inputs["owners"], each.ignore_changes) for each in made] == [
        ([DEPLOYER], ("owners",))
    ] * 2


def test_a_secret_is_made_again_while_entra_writes_something_else_of_its_application() -> None:
    for secret in _invoker().all("ApplicationPassword"):
        assert secret.error_hooks == (f"{secret.name}-propagation",)


def _secrets(deployed: Deployment) -> dict[str, str]:
    return {each.name: each.inputs["endDate"] for each in deployed.all("ApplicationPassword")}


def test_two_secrets_are_held_and_each_ends_with_the_period_after_its_own() -> None:
    assert _secrets(_invoker(today="2026-11-29")) == {
        "invoker-secret-1-2026-11-15": "2027-02-13T00:00:00Z",
        "invoker-secret-1-2026-10-01": "2026-12-30T00:00:00Z",
    }


def test_the_former_secret_stays_for_a_period_when_another_comes() -> None:
    before, after = (_secrets(_invoker(today=day)) for day in ("2026-12-29", "2026-12-30"))

    kept = ("invoker-secret-1-2026-11-15", "2027-02-13T00:00:00Z")
    assert (before.keys() & after.keys(), before.items() & after.items()) == ({kept[0]}, {kept})


def test_a_rotation_is_other_secrets() -> None:
    first, second = _secrets(_invoker("1")), _secrets(_invoker("2026-q2"))

    assert {each.replace("-2026-q2-", "-1-") for each in second} == first.keys()
    assert first.keys() & second.keys() == set()


def test_secrets_follow_from_the_day_that_a_stack_file_gives() -> None:
    settings = changed({"invoker.as_of": "2027-03-01", "invoker.secret_lifetime_days": 20})

    assert {each.inputs["endDate"][:10] for each in run(settings).all("ApplicationPassword")} == {
        "2027-03-10",
        "2027-03-20",
    }


@pytest.mark.parametrize("lifetime", [2, 3, 7, 90, 730])
def test_no_secret_in_use_ends_before_the_period_after_its_own(lifetime: int) -> None:
    first = date(2026, 11, 29)
    for day in (first + timedelta(days=each) for each in range(2 * lifetime)):
        term, former = held(day, lifetime)

        assert term.since <= day < term.renews == term.ends - (term.renews - term.since)
        assert (former.renews, former.ends) == (term.since, term.renews)


def _role(role: str = "documented") -> dict[str, Any]:
    return run(changed({"invoker.role": role})).one("RoleDefinition").inputs


def _actions(role: dict[str, Any]) -> set[str]:
    (permissions,) = role["permissions"]
    return {action.removeprefix(f"{ML}/") for action in permissions["actions"]}


def test_the_role_can_be_given_in_the_group_and_has_no_data_actions() -> None:
    role = _role()
    assert role["roleName"] == "azureml-batch-events-dev batch endpoint invoker 0a1b2c3d4e"
    assert (role["scope"], role["assignableScopes"]) == (GROUP, [GROUP])
    (permissions,) = role["permissions"]
    assert (permissions["notActions"], permissions["dataActions"]) == ([], [])


def test_the_role_is_the_documented_list_and_reads_jobs() -> None:
    reading = {"batchEndpoints/jobs/read", "batchEndpoints/deployments/jobs/read", "jobs/read"}
    assert _actions(_role()) == set(DOCUMENTED.split()) | reading


def test_the_narrow_role_lacks_what_leads_the_endpoint_elsewhere_alone() -> None:
    leading = {"batchEndpoints/write", "batchEndpoints/deployments/write"}
    assert _actions(_role()) - _actions(_role("narrow")) == leading
