"""What every stack holds to: each stack file as it is shipped does, and each rule can be broken."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from components.settings import read
from components.settings.reading import NAMESPACE
from policy.made import Made
from policy.rules import RULES, TAGGED, diagnostics, violations
from tests.unit.program import run
from tests.unit.sample_event_settings import EVENTS
from tests.unit.sample_settings import PUBLISHER, changed

if TYPE_CHECKING:
    from components.settings import Settings

STACK_FILES = sorted(Path(__file__).parents[2].glob("Pulumi.*.yaml"))


def made(settings: Settings) -> list[Made]:
    """What a stack would create."""
    return [
        Made(each.type, each.name, each.inputs, each.secrets)
        for each in run(settings).resources
        if not each.read_id
    ]


@pytest.mark.parametrize("path", STACK_FILES, ids=lambda path: path.name)
def test_a_stack_file_as_it_is_shipped_breaks_no_rule(path: Path) -> None:
    prefix, config = f"{NAMESPACE}:", yaml.safe_load(path.read_text())["config"]
    said = {key.removeprefix(prefix): value for key, value in config.items() if prefix in key}
    stack = path.name.split(".")[1]
    settings = read({"publishers": [{"object_id": PUBLISHER, "type": "User"}], **said}, stack=stack)

    assert violations(stack, made(settings)) == []


def test_a_stack_with_everything_breaks_no_rule() -> None:
    seen = {"logs": True, "workbook": True, "notify": {"emails": ["team@example.com"]}}
    settings = changed(**EVENTS, monitoring=seen, data_factory={"enabled": True})

    assert violations("production", made(settings)) == []


def test_everything_that_takes_tags_is_held_to_have_them() -> None:
    settings = changed(**EVENTS, data_factory={"enabled": True})
    tagged = {each.kind for each in made(settings) if each.at("tags")}

    assert tagged <= set(TAGGED)


ACCOUNT, SUBSCRIPTION = "inputs-account", "blob-created-subscription"
BROKEN: list[tuple[str, str, dict[str, Any]]] = [
    ("tls", ACCOUNT, {"minimumTlsVersion": "TLS1_0"}),
    ("tls", ACCOUNT, {"enableHttpsTrafficOnly": False}),
    ("tls", SUBSCRIPTION, {"destination": {"endpointType": "WebHook"}}),
    ("public-access", ACCOUNT, {"allowBlobPublicAccess": True}),
    ("public-access", "inputs-container", {"publicAccess": "Blob"}),
    ("public-access", "ml-registry", {"anonymousPullEnabled": True}),
    ("keys", "ml-registry", {"adminUserEnabled": True}),
    ("keys", "scoring-endpoint", {"properties": {"authMode": "Key"}}),
    ("vaults-are-kept", "ml-vault", {"properties": {"enableRbacAuthorization": True}}),
    ("identities", "ml-workspace", {"identity": {"type": "None"}}),
    ("roles", "compute-reads-inputs", {"scope": "/subscriptions/s/resourceGroups/rg"}),
    (
        "roles",
        "compute-reads-inputs",
        {"roleDefinitionId": "/x/b24988ac-6180-42a0-ab88-20f7382dd24c"},
    ),
    ("roles", "invoker-role-role", {"permissions": [{"actions": ["Microsoft.Storage/*"]}]}),
    ("dead-letters", SUBSCRIPTION, {"deadLetterWithResourceIdentity": None}),
    ("tags", ACCOUNT, {"tags": {"project": "p", "stack": "s"}}),
    ("secrets", ACCOUNT, {"tags": {"url": "https://x/?sig=in-clear"}}),
]


@pytest.mark.parametrize(("rule", "name", "inputs"), BROKEN)
def test_a_resource_that_breaks_a_rule_is_found(
    rule: str, name: str, inputs: dict[str, Any]
) -> None:
    (sound,) = [each for each in made(changed()) if each.name == name]
    broken = replace(sound, inputs={**sound.inputs, **inputs})

    assert list(RULES[rule](sound)) == []
    assert len(list(RULES[rule](broken))) == 1


def test_a_stack_whose_workspace_takes_keys_is_found() -> None:
    found = violations("dev", made(changed({"workspace.storage_keys": True})))

    assert found == ["keys: ml-storage: allowSharedKeyAccess: found True, accepted: False"]


def test_a_secret_that_lost_its_mark_is_found_by_its_place_and_never_told() -> None:
    (workflow,) = [each for each in made(changed()) if each.name == "on-blob-workflow"]
    unmarked = replace(workflow, secrets=frozenset())

    assert list(RULES["secrets"](unmarked)) == [
        "parameters.client_secret.value: found in clear, accepted: a secret"
    ]


def test_production_without_logs_is_found_and_another_stack_is_not() -> None:
    every = made(changed())

    assert [name for name, _ in diagnostics("prod", every)] == [
        "ml-workspace",
        "blob-created-topic",
        "on-blob-workflow",
    ]
    assert list(diagnostics("dev", every)) == []
