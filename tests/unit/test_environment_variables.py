"""Environment variables, from a stack file to the deployment that Azure gets."""

from __future__ import annotations

from dataclasses import replace

from components.settings import read
from components.settings.model import DeploymentSettings
from tests.unit.program import run
from tests.unit.sample_settings import SETTINGS, changed
from tests.unit.test_settings import BASE


def test_those_of_one_deployment_stand_in_place_of_the_common_ones() -> None:
    settings = read(
        BASE
        | {
            "environment_variables": {"COMMON": "1"},
            "deployments": [
                {"name": "one"},
                {"name": "two", "environment_variables": {"OWN": "2"}},
                {"name": "none", "environment_variables": {}},
            ],
            "default_deployment": "one",
        }
    )

    models = [each for each in settings.deployments if isinstance(each, DeploymentSettings)]
    assert [each.environment_variables for each in models] == [
        {"COMMON": "1"},
        {"OWN": "2"},
        {},
    ]


def test_the_deployment_is_made_with_them() -> None:
    (digits,) = SETTINGS.deployments
    assert isinstance(digits, DeploymentSettings)

    deployed = run(changed(deployments=(replace(digits, environment_variables={"THREADS": "1"}),)))

    properties = deployed.one("BatchDeployment").inputs["properties"]
    assert properties["environmentVariables"] == {"THREADS": "1"}


def test_a_deployment_without_any_says_nothing_of_them() -> None:
    assert "environmentVariables" not in run().one("BatchDeployment").inputs["properties"]
