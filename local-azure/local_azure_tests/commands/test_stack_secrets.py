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
    ("theirs", "ours"),
    [
        (THEIRS, OURS),
        ({"on-model": THEIRS}, {"on-model": OURS}),
        ([{"url": THEIRS}], [{"url": OURS}]),
    ],
)
def test_an_encrypted_value_is_the_one_that_was_set_here(theirs: object, ours: object) -> None:
    said = {"config": {"p:location": "westeurope", "p:key": theirs}}
    before = {"encryptionsalt": "v1:salt", "config": {"p:key": ours}}

    merged = stacks._merged(said, before)

    assert merged["config"] == {"p:location": "westeurope", "p:key": ours}


def test_an_encrypted_value_that_was_not_set_here_is_left_out() -> None:
    said = {"config": {"p:location": "westeurope", "p:key": {"on-model": THEIRS}}}

    assert stacks._merged(said, {})["config"] == {"p:location": "westeurope"}


@pytest.mark.parametrize(
    ("theirs", "ours", "merged"),
    [
        ({}, {"p:secrets": {"on-model": OURS}}, {"p:secrets": {"on-model": OURS}}),
        ({}, {"p:token": OURS}, {"p:token": OURS}),
        (
            {"p:secrets": {"theirs": THEIRS, "clear": "a"}},
            {"p:secrets": {"on-model": OURS}},
            {"p:secrets": {"clear": "a", "on-model": OURS}},
        ),
        ({"p:secrets": {}}, {"p:secrets": {"on-model": OURS}}, {"p:secrets": {"on-model": OURS}}),
        ({"p:tags": {}}, {"p:tags": {"old": "clear"}}, {"p:tags": {}}),
        ({}, {"p:rules": [{"url": OURS}], "p:tags": {"old": "clear"}}, {}),
    ],
    ids=["nested", "whole", "beside", "in an empty one", "emptied", "gone rules and values"],
)
def test_a_secret_that_a_person_set_here_is_kept(
    theirs: dict[str, Any], ours: dict[str, Any], merged: dict[str, Any]
) -> None:
    assert stacks._merged({"config": theirs}, {"config": ours})["config"] == merged


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


def test_a_value_in_clear_is_theirs() -> None:
    said = {"config": {"p:rules": [{"name": "new"}]}}

    merged = stacks._merged(said, {"config": {"p:rules": [{"name": "old"}]}})

    assert merged["config"] == {"p:rules": [{"name": "new"}]}


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
