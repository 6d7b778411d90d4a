"""The management SDKs make, read, change, list and delete what the program creates."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tools import azure_clients

if TYPE_CHECKING:
    from tests.stack.event_path.deployed import Deployed

CLIENT = Path(__file__).with_name("management_client.py")
TAGGED = ["made", "changed", True, False]


@pytest.fixture(scope="module")
def told(deployed: Deployed) -> Any:
    outputs, variables = deployed.outputs, deployed.variables
    arguments = [
        variables["AZURE_SUBSCRIPTION_ID"],
        outputs["resource_group_name"],
        outputs["workspace_id"],
        variables["AZURE_TENANT_ID"],
    ]
    done = subprocess.run(
        [str(azure_clients.sdk_python()), str(CLIENT), *arguments],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    "kind", ["identity", "storage account", "vault", "factory", "workflow", "system topic"]
)
def test_a_resource_is_made_read_changed_listed_and_deleted(told: Any, kind: str) -> None:
    assert told[kind] == TAGGED


def test_a_role_is_given_found_and_taken_back(told: Any) -> None:
    assert told["role assignment"] == [None, None, True, False]


def test_a_workspace_is_refused_in_the_version_of_the_newest_management_sdk(told: Any) -> None:
    """It is of 2020; azure-ai-ml has newer ones, and clients of its own here."""
    assert "API version '2020-08-01' for type 'workspaces'" in told["workspace"]
