"""A stack that somebody made by `pulumi stack init`, in the shell of another one."""

from pathlib import Path

import pytest

from local_azure.commands import stacks
from local_azure_tests.conftest import Running
from tests.stack.small_program.project import Project


def test_a_stack_that_is_there_already_gets_its_shell(
    running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = Project(tmp_path, running, "program")
    (tmp_path / "Pulumi.test.yaml").write_text("config: {}\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", project.variables["PATH"])

    told = {"ports": running.azure.ports.now}
    variables = stacks.prepare(running.home, told, "test")
    copy = variables["PULUMI_OPTION_CONFIG_FILE"]
    setting = ("config", "set", "--secret", "key", "hunter2")
    project.pulumi(*setting, PULUMI_OPTION_CONFIG_FILE=copy)

    kept = Path(copy).read_text()
    assert "encryptionsalt: v1:" in kept
    assert "secure: v1:" in kept
