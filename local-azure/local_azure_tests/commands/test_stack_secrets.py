"""What this place puts into its copy of a stack file: secret values and people of its own."""

import subprocess
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from local_azure.commands import stacks
from local_azure.home import Home

THEIRS: dict[str, Any] = {"secure": "v1:THEIRS"}
OURS: dict[str, Any] = {"secure": "v1:OURS"}


@pytest.mark.parametrize(
    ("theirs", "ours", "merged"),
    [
        pytest.param(THEIRS, OURS, OURS, id="whole"),
        pytest.param({"on-model": THEIRS}, {"on-model": OURS}, {"on-model": OURS}, id="nested"),
        pytest.param([{"url": THEIRS}], [{"url": OURS}], [{"url": OURS}], id="in a list"),
        pytest.param({"on-model": THEIRS}, None, None, id="not set here"),
        pytest.param(None, {"on-model": OURS}, {"on-model": OURS}, id="nested, set here alone"),
        pytest.param(None, OURS, OURS, id="whole, set here alone"),
        pytest.param(
            {"theirs": THEIRS, "clear": "a"},
            {"on-model": OURS},
            {"clear": "a", "on-model": OURS},
            id="beside another",
        ),
        pytest.param({}, {"on-model": OURS}, {"on-model": OURS}, id="in an empty one"),
        pytest.param({}, {"old": "clear"}, {}, id="emptied"),
        pytest.param(None, {"old": "clear"}, None, id="gone"),
        pytest.param(None, [{"url": OURS}], None, id="a list that is gone"),
        pytest.param([{"name": "new"}], [{"name": "old"}], [{"name": "new"}], id="in clear"),
    ],
)
def test_an_encrypted_value_is_the_one_that_was_set_here_and_all_else_is_theirs(
    theirs: object, ours: object, merged: object
) -> None:
    def config(key: object) -> dict[str, Any]:
        return {} if key is None else {"p:key": key}

    said = {"config": {"p:location": "westeurope", **config(theirs)}}
    found = stacks._merged(said, {"encryptionsalt": "v1:salt", "config": config(ours)})

    assert found["config"] == {"p:location": "westeurope", **config(merged)}


def test_a_destroy_looks_for_what_is_protected_before_it_deletes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ran: list[list[str]] = []

    def note(command: list[str], **_: object) -> CompletedProcess[str]:
        ran.append(command)
        return CompletedProcess(command, 0)

    monkeypatch.setattr(stacks, "prepare", lambda *_: {"PATH": ""})
    monkeypatch.setattr(stacks, "cli", lambda _: "pulumi")
    monkeypatch.setattr(subprocess, "run", note)

    stacks.run(Home(tmp_path), {}, "prod", "destroy", [])

    assert ran == [["pulumi", "destroy", "--stack", "prod", "--yes"]]


def test_pulumi_ends_by_itself_what_ctrl_c_interrupts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pulumi = tmp_path / "pulumi"
    pulumi.write_text("#!/bin/sh\nkill -INT $PPID\nsleep 1\nexit 7\n")
    pulumi.chmod(0o700)
    monkeypatch.setattr(stacks, "prepare", lambda *_: {})
    monkeypatch.setattr(stacks, "cli", lambda _: str(pulumi))

    assert stacks.run(Home(tmp_path), {}, "prod", "up", []) == 7


PUBLISHERS, CALLERS = "azureml-batch-events:publishers", "azureml-batch-events:callers"


@pytest.mark.parametrize(
    ("theirs", "publishers"),
    [({}, [stacks.SOMEBODY]), ({PUBLISHERS: ["theirs"]}, ["theirs"]), ({PUBLISHERS: []}, [])],
)
def test_somebody_of_this_tenant_publishes_and_calls_where_the_file_names_nobody(
    theirs: dict[str, Any], publishers: list[object]
) -> None:
    assert stacks._peopled({"config": theirs}, [PUBLISHERS, CALLERS])["config"] == {
        PUBLISHERS: publishers,
        CALLERS: [stacks.SOMEBODY],
    }
