"""The real engine and a throw-away program: what each operation does, and what it leaves.

One stack lives through the whole file, so the tests build on each other, in their order.
"""

import json
from dataclasses import replace
from typing import Any

import pytest

from local_azure.catalogue import TYPES
from local_azure_tests.conftest import Running
from tests.stack.small_program.project import Project

RESOURCES = 10
"""What the program makes, without the stack itself and the providers."""


@pytest.fixture(scope="module")
def project(running: Running, tmp_path_factory: pytest.TempPathFactory) -> Project:
    return Project(tmp_path_factory.mktemp("small"), running, "program")


def container_ids(running: Running) -> list[str]:
    kind = "Microsoft.Storage/storageAccounts/blobServices/containers"
    return [one.id for one in running.call(running.azure.resources.select, kind)]


def test_a_preview_creates_nothing(running: Running, project: Project) -> None:
    told = project.pulumi("preview", "--json")
    steps = [step["op"] for step in json.loads(told)["steps"]]
    assert steps == ["create"] * (RESOURCES + 1)
    assert container_ids(running) == []


def test_an_up_creates_everything(running: Running, project: Project) -> None:
    told = project.up(cold=True)
    assert f"+ {RESOURCES + 1} created" in told
    assert container_ids(running) == [project.output("container_id")]
    assert project.output("blob_endpoint").endswith(".blob.core.windows.net/")


def test_a_preview_and_a_look_for_drift_write_no_state_and_take_no_lock(
    running: Running, project: Project
) -> None:
    backend = running.home.folder / "pulumi"
    # A folder's time tells of a file that came and went, as a lock does.
    before = {path: path.stat().st_mtime_ns for path in [backend, *backend.rglob("*")]}

    project.pulumi("preview", MINIMUM_TLS_VERSION="TLS1_1")
    project.pulumi("refresh", "--preview-only")

    assert {path: path.stat().st_mtime_ns for path in [backend, *backend.rglob("*")]} == before


def test_a_changed_setting_is_updated_in_place(project: Project) -> None:
    told = project.up("--json", MINIMUM_TLS_VERSION="TLS1_1")
    assert summary(told) == {"same": RESOURCES, "update": 1}


def test_a_resource_that_can_not_be_changed_is_replaced(running: Running, project: Project) -> None:
    told = project.up("--json", CONTAINER="others", MINIMUM_TLS_VERSION="TLS1_1")
    # The role on the container goes with it.
    assert summary(told) == {"same": RESOURCES - 1, "replace": 2}
    assert container_ids(running) == [project.output("container_id")]
    assert project.output("container_id").endswith("/containers/others")


def summary(told: str) -> dict[str, int]:
    """How many resources an update changed, by kind of change."""
    events = [json.loads(line) for line in told.splitlines()]
    [found] = [event["summaryEvent"] for event in events if "summaryEvent" in event]
    return dict(found["resourceChanges"])


def test_drift_is_found_and_undone(running: Running, project: Project) -> None:
    resources = running.azure.resources
    [account] = running.call(resources.select, "Microsoft.Storage/storageAccounts")
    weaker = {**account.properties, "minimumTlsVersion": "TLS1_0"}
    running.call(resources.put, replace(account, properties=weaker))
    project.pulumi("refresh", "--preview-only", "--expect-no-changes", exit_code=7)
    project.pulumi("refresh", "--yes", "--skip-preview")
    project.up()
    [account] = running.call(resources.select, "Microsoft.Storage/storageAccounts")
    assert account.properties["minimumTlsVersion"] == "TLS1_2"


def test_a_wrong_value_is_refused_in_the_preview_already(project: Project) -> None:
    told = project.pulumi("preview", MINIMUM_TLS_VERSION="TLS9", exit_code=1)
    assert "minimumTlsVersion" in told
    assert "found 'TLS9', accepted: 'TLS1_0', 'TLS1_1'" in told


def test_a_destroy_leaves_nothing(running: Running, project: Project) -> None:
    project.pulumi("destroy", "--yes", "--skip-preview")
    left: list[Any] = [
        one for kind in TYPES for one in running.call(running.azure.resources.select, kind.arm_type)
    ]
    assert left == []
    principals = running.call(running.azure.state.rows, "SELECT name FROM principals")
    assert [row["name"] for row in principals] == ["deployer"]
