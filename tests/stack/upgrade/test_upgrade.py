"""A stack of the last release, on the embedded Azure of that release, brought up by this checkout.

The release's program and embedded Azure come from the repository's history, with today's packages.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from components.settings.namespaces import NAMESPACE
from local_azure.project import OWNER
from tests import PROJECT
from tests.commands import printed
from tests.stack.event_path.deployed import Deployed, on_its_own

pytestmark = pytest.mark.long

RELEASE, COMMIT = "0.1.0", "e3768667ad04e29e17b1d3746db3d168ca067986"
DEPLOYER = {"object_id": "9b110000-0000-4000-8000-000000009b12", "type": "ServicePrincipal"}
PEOPLE = {"publishers": [DEPLOYER], "callers": [DEPLOYER]}


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state folder of an embedded Azure of the release, on which its dev stack is up."""
    folder, home = tmp_path_factory.mktemp("release"), tmp_path_factory.mktemp("azure")
    archive = subprocess.run(
        ["git", "archive", COMMIT],  # noqa: S607 the checkout's own
        cwd=PROJECT,
        capture_output=True,
        check=False,
    )
    if archive.returncode:
        pytest.skip(f"the history here ends before {RELEASE}: git fetch --unshallow")
    subprocess.run(["tar", "-x"], cwd=folder, input=archive.stdout, check=True)  # noqa: S607
    for part in ("venv", ".tools"):
        (folder / part).symlink_to(PROJECT / part)
    file = folder / "Pulumi.dev.yaml"
    said = yaml.safe_load(file.read_text())
    said["config"] |= {f"{NAMESPACE}:{key}": value for key, value in PEOPLE.items()}
    file.write_text(yaml.safe_dump(said))
    _local_azure(folder, home, "up", "--stack", "dev")
    _local_azure(folder, home, "stop")
    return home


@pytest.fixture(scope="module")
def stack(released: Path) -> Iterator[Deployed]:
    """The dev stack's own file of today, on what the release has left."""
    with on_its_own(released) as stack:
        stack.configure(PEOPLE | {"operators": []})
        [known] = stack.console.post("/principals", [DEPLOYER | OWNER])
        stack.sign_in(known["client_id"], known["client_secret"])
        yield stack


def test_client_secret_and_versions_are_others_and_the_invoker_may_read_more(
    stack: Deployed,
) -> None:
    """It rotates by the calendar since, they stay since, and a job is found in its workspace."""
    steps = json.loads(stack.succeeds("preview", "--json"))["steps"]

    kinds = {
        (step["op"], step["urn"].split("::")[2].rpartition("$")[2])
        for step in steps
        if step["op"] != "same"
    }
    secret = "azuread:index/applicationPassword:ApplicationPassword"
    versions = ("Code", "Environment", "Model")
    assert kinds == {
        *(("replace", f"azure-native:machinelearningservices:{each}Version") for each in versions),
        ("create", "random:index/randomString:RandomString"),
        ("update", "azure-native:machinelearningservices:BatchDeployment"),
        ("create", secret),
        ("delete", secret),
        ("update", "azure-native:authorization:RoleDefinition"),
        # the callback URL speaks the version that it is asked for in
        ("update", "azure-native:eventgrid:SystemTopicEventSubscription"),
        ("update", "azure-native:logic:Workflow"),
        ("update", "azure-native:storage:StorageAccount"),
    }
    changed = [each["diffReasons"] for each in steps if each["urn"].endswith("-account")]
    assert changed == [["allowCrossTenantReplication"]] * 2


def test_what_was_dropped_is_kept_and_what_is_dropped_is_scored(
    stack: Deployed, digit: bytes
) -> None:
    stack.drop("elsewhere/before.pgm", content=digit)

    stack.up()

    assert stack.job_of("incoming/after.pgm", digit)["status"] == "Completed"
    with stack.container() as container:
        assert [*container.list_blob_names()] == ["elsewhere/before.pgm", "incoming/after.pgm"]


def _local_azure(folder: Path, home: Path, *arguments: str) -> None:
    own = {
        "LOCAL_AZURE_HOME": str(home),
        "PYTHONPATH": str(folder / "local-azure"),
        "PATH": f"{folder / '.tools' / 'bin'}:{os.environ['PATH']}",
    }
    printed([sys.executable, "-m", "local_azure", *arguments], own, folder=folder)
