"""The README tells what the program has: every key, every output."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from tests.unit.program import run
from tests.unit.sample_event_settings import EVENTS
from tests.unit.sample_settings import FACTORY, changed
from tools.readme_tables import with_tables

PROJECT = Path(__file__).resolve().parents[2]
README = (PROJECT / "README.md").read_text()


def test_the_table_of_keys_is_the_schema() -> None:
    project = yaml.safe_load((PROJECT / "Pulumi.yaml").read_text())
    assert with_tables(README, project) == README, "run `python -m tools.readme_tables`"


def test_the_table_of_outputs_is_what_the_program_exports() -> None:
    section = README.partition("## Outputs")[2].partition("\n## ")[0]
    told = {
        name
        for line in section.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`([a-z_]+)`", line.split("|")[1])
    }
    assert told == set(run(changed(**EVENTS, factory=FACTORY)).exports)
