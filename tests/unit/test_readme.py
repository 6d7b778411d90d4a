"""The README tells what the program has: every key, every output."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from local_azure.stacks import rights
from tests.unit.program import run
from tests.unit.sample_event_settings import EVENTS
from tests.unit.sample_settings import FACTORY, changed
from tools.readme_tables import with_tables

PROJECT = Path(__file__).resolve().parents[2]
README = (PROJECT / "README.md").read_text()


def test_the_table_of_keys_is_the_schema() -> None:
    project = yaml.safe_load((PROJECT / "Pulumi.yaml").read_text())
    assert with_tables(README, project) == README, "run `python -m tools.readme_tables`"


def _section(title: str) -> str:
    return README.partition(f"\n### {title}\n")[2].partition("\n### ")[0]


def test_the_rights_of_up_are_those_that_local_stacks_are_deployed_with() -> None:
    section = _section("What `up` needs to be allowed")
    told = [line.split("|")[1].strip() for line in section.splitlines() if line.startswith("| ")]
    up, given = rights("up"), rights("up_with_given_roles")

    graph = [f"{permission} (Microsoft Graph)" for permission in up["graph"]]
    assert told == ["Right", *up["roles"], *graph, "to be one of `publishers`"]
    for role in given["roles"]:
        assert role in " ".join(section.split())


def test_the_right_to_subscribe_to_a_workspace_is_told() -> None:
    told = " or ".join(rights("workspace_events")["roles"])
    section = README.partition("## Workspace events")[2].partition("\n## ")[0]
    assert f"**{told} on that workspace**" in section


def test_the_rights_of_a_preview_are_those_that_a_test_previews_with() -> None:
    section, preview = _section("What a preview in CI needs"), rights("preview")
    for right in (*preview["roles"], *preview["actions"]):
        assert right in section


def test_the_table_of_outputs_is_what_the_program_exports() -> None:
    section = README.partition("## Outputs")[2].partition("\n## ")[0]
    told = {
        name
        for line in section.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`([a-z_]+)`", line.split("|")[1])
    }
    assert told == set(run(changed(**EVENTS, factory=FACTORY)).exports)
