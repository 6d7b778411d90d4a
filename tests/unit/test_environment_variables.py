"""Environment variables, from a stack file to the deployment that Azure gets."""

from components.settings import read
from tests.unit.program import run
from tests.unit.sample_settings import BASE, changed


def test_each_deployment_has_those_that_it_says() -> None:
    settings = read(
        BASE
        | {
            "deployments": [
                {"name": "one"},
                {"name": "two", "environment_variables": {"OWN": "2"}},
            ],
            "endpoint": {"default_deployment": "one"},
        }
    )

    told = [each.model_dump()["environment_variables"] for each in settings.deployments]
    assert told == [{}, {"OWN": "2"}]


def test_the_deployment_is_made_with_them() -> None:
    deployed = run(changed({"deployments[0].environment_variables": {"THREADS": "1"}}))

    properties = deployed.one("BatchDeployment").inputs["properties"]
    assert properties["environmentVariables"] == {"THREADS": "1"}


def test_a_deployment_without_any_says_nothing_of_them() -> None:
    assert "environmentVariables" not in run().one("BatchDeployment").inputs["properties"]
