"""The embedded Azure as a wheel, away from this repository: another project comes up on it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests import PROJECT
from tests.commands import printed

pytestmark = pytest.mark.long

PROGRAM = PROJECT / "tests" / "stack" / "small_program" / "program.py"
READ = """
import os, sys
from azure.identity import EnvironmentCredential
from azure.storage.blob import ContainerClient
account, credential = sys.argv[1], EnvironmentCredential()
with credential, ContainerClient(account, "inputs", credential) as there:
    there.upload_blob("seven.txt", b"7")
    print(there.download_blob("seven.txt").readall().decode())
"""
ROLE = """
authorization.RoleAssignment(
    "writes",
    role_assignment_name=RandomUuid("writes-name").result,
    principal_id=client.object_id,
    principal_type="User",
    role_definition_id=pulumi.Output.concat(
        "/subscriptions/",
        client.subscription_id,
        "/providers/Microsoft.Authorization/roleDefinitions/ba92f5b4-2d11-453d-a403-e96b0029c9fe",
    ),
    scope=container.id,
)
"""


@pytest.fixture
def project(installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A Pulumi project that knows nothing of this repository but its Python and its CLI."""
    monkeypatch.delenv("LOCAL_AZURE_HOME", raising=False)
    options = {"toolchain": "pip", "virtualenv": str(PROJECT / "venv")}
    (tmp_path / "Pulumi.yaml").write_text(
        f"name: small\nruntime: {{ name: python, options: {options} }}\n"
    )
    (tmp_path / "Pulumi.dev.yaml").write_text("config: {}\n")
    (tmp_path / "pyproject.toml").write_text(
        f"[tool.local-azure]\npath = ['{PROJECT / '.tools' / 'bin'}']\n"
    )
    (tmp_path / "__main__.py").write_text(PROGRAM.read_text() + ROLE)
    yield tmp_path
    _local_azure(installed, tmp_path, "stop")


def _local_azure(installed: Path, folder: Path, *arguments: str) -> str:
    command = [installed / "bin" / "local-azure", *arguments]
    return printed(command, {"PYTHONPATH": str(installed)}, folder=folder)


def test_another_project_comes_up_and_a_real_client_writes_a_blob(
    installed: Path, project: Path
) -> None:
    _local_azure(installed, project, "stack", "up", "--stack", "dev")
    shell = _local_azure(installed, project, "env", "--stack", "dev")
    asked = f'{shell}\n"{sys.executable}" -c "$READ" "$(pulumi stack output blob_endpoint)"'

    assert printed(["bash", "-c", asked], {"READ": READ}, folder=project) == "7\n"
    assert (project / ".local" / "azure" / "state.db").is_file()
    assert "No file has landed yet." in _page(_local_azure(installed, project, "page").strip())


def _page(address: str) -> str:
    with requests.Session() as session:
        session.trust_env = False
        session.get(address, timeout=10)
        return session.get(address.partition("?")[0], timeout=10).text
