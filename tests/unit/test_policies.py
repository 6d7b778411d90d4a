"""What every stack holds to: each stack file as it is shipped does, and each rule can be broken."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.settings import Settings, read
from components.settings.namespaces import NAMESPACE
from policy.made import Made
from policy.rules import RULES, TAGGED, diagnostics, hardening, violations
from tests.unit.program import run
from tests.unit.sample_event_settings import EVENTS
from tests.unit.sample_ids import PRIVATE
from tests.unit.sample_settings import BASE, PUBLISHER, STACK_FILE, changed, sections

EVERYTHING = {**EVENTS, "data_factory": {"enabled": True}, "operators": STACK_FILE["callers"]}
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
    kept: dict[str, Any] = {"protect": True, "hardening": {"enabled": True}}
    settings = changed(**EVERYTHING, monitoring=seen, **kept)

    assert violations("production", made(settings)) == []


def test_everything_that_takes_tags_is_held_to_have_them() -> None:
    tagged = {each.kind for each in made(changed(**EVERYTHING)) if each.at("tags")}

    assert tagged <= set(TAGGED)


ACCOUNT, SUBSCRIPTION = "inputs-account", "blob-created-subscription"
CLUSTER, DOMAIN_SUBSCRIPTION = "cluster-compute-batch-cluster", "domain-events-to-on-domain-model"
WEBHOOK = {"endpointType": "WebHook"}
OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
BROKEN: list[tuple[str, str, dict[str, Any]]] = [
    ("tls", ACCOUNT, {"minimumTlsVersion": "TLS1_0"}),
    ("tls", ACCOUNT, {"enableHttpsTrafficOnly": False}),
    ("tls", "events-domain", {"minimumTlsVersionAllowed": "1.0"}),
    ("tls", SUBSCRIPTION, {"destination": WEBHOOK}),
    ("tls", DOMAIN_SUBSCRIPTION, {"destination": WEBHOOK}),
    (
        "tls",
        SUBSCRIPTION,
        {"destination": None, "deliveryWithResourceIdentity": {"destination": WEBHOOK}},
    ),
    ("public-access", ACCOUNT, {"allowBlobPublicAccess": True}),
    ("public-access", "inputs-container", {"publicAccess": "Blob"}),
    ("public-access", "ml-registry", {"anonymousPullEnabled": True}),
    (
        "public-access",
        CLUSTER,
        {"properties": {"properties": {"remoteLoginPortPublicAccess": "Enabled"}}},
    ),
    ("keys", CLUSTER, {"properties": {"disableLocalAuth": False}}),
    ("keys", "events-domain", {"disableLocalAuth": False}),
    ("keys", "ml-vault", {"properties": {"enablePurgeProtection": True}}),
    ("keys", "ml-registry", {"adminUserEnabled": True}),
    ("keys", "scoring-endpoint", {"properties": {"authMode": "Key"}}),
    ("vaults-are-kept", "ml-vault", {"properties": {"enableRbacAuthorization": True}}),
    *(
        ("identities", name, {"identity": {"type": "None"}})
        for name in ("ml-workspace", "blob-created-topic", "events-domain", "pipelines-factory")
    ),
    ("identities", CLUSTER, {"identity": None}),
    ("roles", "compute-reads-inputs", {"scope": "/subscriptions/s/resourceGroups/rg"}),
    (
        "roles",
        "compute-reads-inputs",
        {"roleDefinitionId": "/x/b24988ac-6180-42a0-ab88-20f7382dd24c"},
    ),
    ("roles", "compute-reads-inputs", {"roleDefinitionId": f"/x/{OWNER.upper()}"}),
    (
        "roles",
        "invoker-role-role",
        {"permissions": [{"actions": ["Microsoft.Storage/*", "*/read"]}]},
    ),
    ("roles", "invoker-role-role", {"permissions": [{"dataActions": ["Microsoft.Storage/*"]}]}),
    ("dead-letters", DOMAIN_SUBSCRIPTION, {"deadLetterWithResourceIdentity": None}),
    ("dead-letters", SUBSCRIPTION, {"deadLetterWithResourceIdentity": None}),
    ("tags", ACCOUNT, {"tags": {"project": "p", "stack": "s"}}),
    *(
        ("secrets", ACCOUNT, {"tags": {"text": text}})
        for text in ("https://x/?sig=in-clear", "https://x/?a=b&token=t", "a;AccountKey=k")
    ),
]


@pytest.fixture(scope="module")
def sound() -> dict[str, Made]:
    """What a stack with everything would create, by name."""
    return {each.name: each for each in made(changed(**EVERYTHING))}


@pytest.mark.parametrize(("rule", "name", "inputs"), BROKEN)
def test_a_resource_that_breaks_a_rule_is_found(
    rule: str, name: str, inputs: dict[str, Any], sound: dict[str, Made]
) -> None:
    broken = replace(sound[name], inputs={**sound[name].inputs, **inputs})

    assert list(RULES[rule](sound[name])) == []
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


@pytest.mark.parametrize(
    ("kind", "inputs", "place"),
    [
        ("keyvault:Secret", {"properties": {"value": "x"}}, "properties.value"),
        (
            "monitor:ActionGroup",
            {"webhookReceivers": [{"serviceUri": "https://x"}]},
            "webhookReceivers[0].serviceUri",
        ),
    ],
)
def test_what_is_a_secret_by_its_place_is_marked_there_or_above(
    kind: str, inputs: dict[str, Any], place: str
) -> None:
    clear = Made(f"azure-native:{kind}", "it", inputs, frozenset())
    (above,) = inputs

    assert list(RULES["secrets"](clear)) == [f"{place}: found in clear, accepted: a secret"]
    assert list(RULES["secrets"](replace(clear, secrets=frozenset({above})))) == []


def test_production_without_logs_is_found_and_another_stack_is_not() -> None:
    every = made(changed(**EVERYTHING))

    assert {name for name, _ in diagnostics("prod", every)} == {
        *("ml-workspace", "pipelines-factory", "events-domain"),
        *("blob-created-topic", "workspace-events-topic"),
        *("on-blob-workflow", "handle-to-pipeline-workflow"),
    }
    assert list(diagnostics("dev", every)) == []


LOSES = ["inputs-account", "inputs-dead-letters-account", "ml-storage"]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"hardening.enabled": True}, []),
        ({"hardening.enabled": True, "hardening.locks": False}, LOSES),
        ({}, LOSES),
        ({**PRIVATE, "hardening.enabled": True, "hardening.locks": False}, []),
        (PRIVATE, LOSES),
    ],
    ids=["hardened", "unlocked", "as it comes", "private", "private, as it comes"],
)
def test_production_that_can_lose_its_data_is_found_and_another_stack_is_not(
    said: dict[str, Any], found: list[str]
) -> None:
    every = made(read(BASE | sections({"protect": True, **said})))

    assert sorted(name for name, _ in hardening("prod", every)) == found
    assert list(hardening("dev", every)) == []
