"""`Pulumi.yaml` says what the code says, and every stack file is valid."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from components.settings import Settings, read
from components.settings.cloud import ENVIRONMENTS
from components.settings.declared import fields_of
from components.settings.problems import SettingsError
from components.settings.section import Section
from tests import PROJECT
from tests.unit.test_settings_values import every_section
from tools.configuration import meanings, written
from tools.stack_rules import in_clear

NAMESPACE = "azureml-batch-events:"
PUBLISHER = {"object_id": "6f2f7a35-5d0e-4b0c-9f6e-2f4f1a9c7d10", "type": "User"}
ENCRYPTED = {
    f"{NAMESPACE}location": "westeurope",
    f"{NAMESPACE}workspace_events": {
        "rules": [
            {
                "name": "on-model",
                "event_types": ["ModelRegistered"],
                "destination": {"kind": "webhook"},
            }
        ]
    },
    f"{NAMESPACE}event_secrets": {"on-model": {"secure": "v1:TEXT"}},
}
"""A webhook's URL has a form, which an encrypted one can't show."""

WHO = {"location": "westeurope", "publishers": [PUBLISHER]}
SCHEMA = Draft7Validator(json.loads((PROJECT / "stack.schema.json").read_text()))
STACK_FILES = sorted(PROJECT.glob("Pulumi.*.yaml"))


EVERY: list[type[Section]] = [Settings, *every_section()]
SECTIONS = [
    pytest.param(each, id=each.__name__)
    for each in EVERY
    if not each.__name__.startswith("_") and each.__module__.startswith("components.")
]


def test_what_is_made_from_the_models_is_as_they_are() -> None:
    differing = [path.name for path, text in written().items() if path.read_text() != text]
    assert differing == [], "run `python -m tools.configuration`"


@pytest.mark.parametrize("section", SECTIONS)
def test_every_field_of_every_section_has_a_meaning_in_sentences(section: type[Section]) -> None:
    told = meanings(section)

    assert told.keys() == fields_of(section).keys()
    assert {name: text for name, text in told.items() if not text.endswith(".")} == {}


KEYS = yaml.safe_load((PROJECT / "Pulumi.yaml").read_text())["config"]


def test_every_key_has_a_default_because_the_engine_would_refuse_a_missing_one_apart() -> None:
    assert list(KEYS) == list(Settings.model_fields)
    assert [name for name, told in KEYS.items() if "default" not in told] == []
    assert read({name: told["default"] for name, told in KEYS.items()} | WHO) == read(WHO)


def test_no_key_has_a_type_of_which_the_engine_would_tell_the_first_wrong_one_alone() -> None:
    """Nor is one marked secret: none holds one."""
    assert [name for name, told in KEYS.items() if told.keys() - {"default", "description"}] == []


@pytest.mark.parametrize("path", STACK_FILES, ids=lambda path: path.name)
def test_the_schema_accepts_a_stack_file(path: Path) -> None:
    assert list(SCHEMA.iter_errors(yaml.safe_load(path.read_text()))) == []


def test_the_schema_accepts_each_form_of_a_section_and_the_keys_of_providers() -> None:
    said = {f"{NAMESPACE}cluster": {"existing": "cpu"}, "azure-native:location": "westeurope"}

    assert SCHEMA.is_valid({"config": said})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("clustr", {}),
        ("clusters", {}),
        ("cluster", {"max_node": 3}),
        ("cluster", {"existing": "batch-cluster", "max_nodes": 3}),
        ("cluster", {"max_nodes": 0}),
        ("cluster", {"max_nodes": "four"}),
        ("cloud", "mars"),
        ("deployments", [{"name": "one", "modl": "x"}]),
        ("workspace_events", {"notify_by_email": {"to": "me"}}),
        ("workspace_events", {"rules": [{"name": "one", "destination": {"kind": "webhok"}}]}),
    ],
)
def test_the_schema_underlines_what_the_program_refuses(key: str, value: Any) -> None:
    assert not SCHEMA.is_valid({"config": {f"{NAMESPACE}{key}": value}})


@pytest.mark.parametrize("stack", ["dev", "prod", "test"])
def test_a_stack_file_shows_where_whoever_deploys_and_verifies_is_named(stack: str) -> None:
    text = (PROJECT / f"Pulumi.{stack}.yaml").read_text()
    for people in ("publishers", "callers"):
        assert f"{NAMESPACE}{people}:\n" in text


def test_a_deployment_tells_before_up_that_nobody_is_named(tmp_path: Path) -> None:
    workflow = yaml.safe_load((PROJECT / ".github" / "workflows" / "deploy.yml").read_text())
    steps = workflow["jobs"]["deploy"]["steps"]
    at = next(i for i, each in enumerate(steps) if "publishers callers" in each.get("run", ""))
    (tmp_path / "Pulumi.x.yaml").write_text(
        f"config:\n  {NAMESPACE}publishers:\n  # {NAMESPACE}callers:\n"
    )

    said = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", steps[at]["run"]],  # noqa: S607 - as the runner does
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "STACK": "x"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert said.startswith("::warning file=Pulumi.x.yaml::callers names nobody;")
    assert said.count("::warning") == 1
    assert at < next(i for i, each in enumerate(steps) if "pulumi/" in each.get("uses", ""))


def _read(path: Path, **more: Any) -> Settings:
    config = yaml.safe_load(path.read_text())["config"]
    environments = {key: config.pop(key) for key in ENVIRONMENTS if key in config}
    theirs = {key.removeprefix(NAMESPACE): value for key, value in config.items()}
    given = {key: in_clear(value) for key, value in theirs.items()}
    encrypted = [key for key, value in theirs.items() if value != given[key]]
    return read({**given, **more}, secret=encrypted, environments=environments)


@pytest.mark.parametrize("path", STACK_FILES, ids=lambda path: path.name)
def test_every_stack_file_is_valid_once_it_says_who_publishes(path: Path) -> None:
    assert _read(path, publishers=[PUBLISHER]).location


def test_encrypted_secrets_are_as_good_as_plain_ones(tmp_path: Path) -> None:
    path = tmp_path / "Pulumi.own.yaml"
    path.write_text(yaml.safe_dump({"config": ENCRYPTED}))

    (rule,) = _read(path, publishers=[PUBLISHER]).event_rules

    assert rule.name == "on-model"


@pytest.mark.parametrize("path", STACK_FILES, ids=lambda path: path.name)
def test_a_stack_file_as_it_is_shipped_gives_nobody_a_role(path: Path) -> None:
    with pytest.raises(SettingsError) as refusal:
        _read(path)

    told = str(refusal.value)
    assert told.startswith("The configuration has 1 problem. Nothing was changed.")
    assert "publishers" in told
    assert "az ad signed-in-user show --query id" in told


def test_production_protects_and_hardens_its_data_and_the_others_do_not() -> None:
    kept = {
        name: (settings.protect, settings.hardening.enabled)
        for name in ("dev", "test", "prod")
        for settings in [_read(PROJECT / f"Pulumi.{name}.yaml", publishers=[PUBLISHER])]
    }

    assert kept == {"dev": (False, False), "test": (False, False), "prod": (True, True)}
