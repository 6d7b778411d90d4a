"""Settings of a stack as the tests know them, and changes to them."""

import json
from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Any

import pytest

from components.settings import Settings, SettingsError, read
from components.settings.problems import Problem, loc_of, unwritten
from components.settings.telling import REMOVE
from tests.cases import read_cases
from tests.unit import sample_ids

PUBLISHER = "11111111-1111-4111-8111-111111111111"
CALLER = "22222222-2222-4222-8222-222222222222"

BASE: dict[str, Any] = {
    "location": "westeurope",
    "publishers": [{"object_id": PUBLISHER, "type": "User"}],
}
"""The least that a stack file says."""

STACK_FILE: dict[str, Any] = {
    **BASE,
    "callers": [{"object_id": CALLER, "type": "Group"}],
    "blob_events": {"extension_filter": ".pgm"},
    "cluster": {"node_priority": "low_priority"},
    "deployments": [{"name": "digits", "max_concurrency_per_instance": 2}],
}


def cases(topic: str) -> dict[str, Any]:
    """The cases of a topic, as people write stack files: YAML, here with what sample_ids names."""
    known = {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in vars(sample_ids).items()
        if name.isupper()
    }
    file = Path(__file__).with_name("cases") / f"{topic}.yaml"
    return read_cases(Template(file.read_text(encoding="utf-8")).substitute(known))


def sections(fields: Mapping[str, Any]) -> dict[str, Any]:
    """A stack file's sections from their fields: `{"cluster.max_nodes": 3}`.

    A field of `deployments[0]` is one of the only deployment, digits.
    """
    found: dict[str, Any] = {}
    for name, value in fields.items():
        key, _, field = name.partition(".")
        if not field:
            found[key] = value
        elif key == "deployments[0]":
            (only,) = found.setdefault("deployments", [{"name": "digits"}])
            only[field] = value
        else:
            found.setdefault(key, {})[field] = value
    return found


def changed(fields: Mapping[str, Any] | None = None, **keys: Any) -> Settings:
    """The settings with changes: `changed({"storage.folder": "in/"})`, or section by section."""
    config = dict(STACK_FILE)
    for key, value in {**sections(fields or {}), **keys}.items():
        merged = isinstance(value, dict) and key in config and "existing" not in value
        config[key] = {**config[key], **value} if merged else value
    return read(config, secret={"event_secrets"} & config.keys(), stack="dev")


SETTINGS = changed()


def problems(fields: Mapping[str, Any], **more: Any) -> tuple[Problem, ...]:
    """What is told about an otherwise valid configuration."""
    with pytest.raises(SettingsError) as caught:
        read(BASE | sections(fields), **more)
    return caught.value.problems


def line_of(key: str, value: str) -> str:
    """The line to add that sets a field; an empty value is one with more in it than is wrong."""
    above, _, name = key.rpartition(".")
    if not value:
        return unwritten("azureml-batch-events", loc_of(key))
    if value == REMOVE:
        return REMOVE
    namespace = "azureml-batch-events"
    said = f"{name}: {value}"
    return f"{said}, below {namespace}:{above}" if above else f"{namespace}:{said}"
