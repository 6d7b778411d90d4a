"""Azure's rules for names: what they let through, and what they do not."""

import pytest

from components.azure import naming

ALLOWED = [
    ("Microsoft.Authorization/roleAssignments", "0f9fad5b-d9cb-469f-a165-70867728950e"),
    ("Microsoft.Authorization/roleDefinitions", "0F9FAD5B-D9CB-469F-A165-70867728950E"),
    ("Microsoft.ContainerRegistry/registries", "crml4k2p9"),
    ("Microsoft.DataFactory/factories", "adf-dev-1"),
    ("Microsoft.DataFactory/factories/credentials", "scorer-identity"),
    ("Microsoft.DataFactory/factories/datasets", "Folder of blobs"),
    ("Microsoft.DataFactory/factories/linkedServices", "Key Vault"),
    ("Microsoft.DataFactory/factories/pipelines", "Run-BatchEndpoint"),
    ("Microsoft.DataFactory/factories/triggers", "nightly"),
    ("Microsoft.EventGrid/domains", "models"),
    ("Microsoft.EventGrid/domains/topics", "model-1"),
    ("Microsoft.EventGrid/eventSubscriptions", "a" * 64),
    ("Microsoft.EventGrid/systemTopics", "inputs-topic"),
    ("Microsoft.EventGrid/systemTopics/eventSubscriptions", "abc"),
    ("Microsoft.EventGrid/topics", "abc"),
    ("Microsoft.EventHub/namespaces", "events"),
    ("Microsoft.EventHub/namespaces/eventhubs", "models.1_a-b"),
    ("Microsoft.Insights/components", "insights (dev)"),
    ("Microsoft.KeyVault/vaults", "kv-ml-4k2p9"),
    ("Microsoft.KeyVault/vaults/secrets", "client-secret"),
    ("Microsoft.Logic/workflows", "LA-TravelTime_(1).x"),
    ("Microsoft.MachineLearningServices/workspaces", "ml_dev-1"),
    ("Microsoft.MachineLearningServices/workspaces/batchEndpoints", "a-" * 15 + "ab"),
    ("Microsoft.MachineLearningServices/workspaces/batchEndpoints/deployments", "digits"),
    ("Microsoft.MachineLearningServices/workspaces/codes", "score.v1"),
    ("Microsoft.MachineLearningServices/workspaces/computes", "batch-cluster"),
    ("Microsoft.MachineLearningServices/workspaces/computes", "my-batch-cluster1-for-gpu"[:24]),
    ("Microsoft.MachineLearningServices/workspaces/datastores", "batch_inputs"),
    ("Microsoft.MachineLearningServices/workspaces/environments", "sklearn-1.5"),
    ("Microsoft.MachineLearningServices/workspaces/models", "digits_1"),
    ("Microsoft.ManagedIdentity/userAssignedIdentities", "id_compute-1"),
    ("Microsoft.Network/virtualNetworks", "vnet.hub_1"),
    ("Microsoft.Network/virtualNetworks/subnets", "e"),
    ("Microsoft.OperationalInsights/workspaces", "logs"),
    ("Microsoft.Resources/deployments", "default(1)"),
    ("Microsoft.Resources/resourceGroups", "übung.(1)_x"),
    ("Microsoft.ServiceBus/namespaces", "a" * 50),
    ("Microsoft.ServiceBus/namespaces/queues", "q"),
    ("Microsoft.ServiceBus/namespaces/topics", "a" * 260),
    ("Microsoft.Storage/storageAccounts", "a1b"),
    ("Microsoft.Storage/storageAccounts/blobServices/containers", "dead-letters"),
    ("Microsoft.Storage/storageAccounts/queueServices/queues", "events-1"),
    ("Microsoft.Web/serverfarms", "plan"),
    ("Microsoft.Web/sites", "my-site"),
]

REFUSED = [
    (kind, name)
    for kind, names in {
        "Microsoft.Authorization/roleAssignments": ["0f9fad5b-d9cb-469f-a165-70867728950"],
        "Microsoft.ContainerRegistry/registries": ["cr-ml"],
        "Microsoft.DataFactory/factories": ["adf--dev", "adf-"],
        "Microsoft.DataFactory/factories/credentials": ["scorer:identity", "-a", "a" * 128],
        "Microsoft.DataFactory/factories/datasets": ["folder-of-blobs"],
        "Microsoft.DataFactory/factories/linkedServices": ["Key-Vault"],
        "Microsoft.DataFactory/factories/pipelines": ["Run:BatchEndpoint", " Run"],
        "Microsoft.EventGrid/systemTopics": ["ab", "a" * 51, "inputs_topic"],
        "Microsoft.EventGrid/systemTopics/eventSubscriptions": ["a" * 65],
        "Microsoft.EventHub/namespaces": ["hubs1", "1-events"],
        "Microsoft.EventHub/namespaces/eventhubs": ["models."],
        "Microsoft.Insights/components": ["insights."],
        "Microsoft.KeyVault/vaults": ["1kv", "kv--1", "kv-1-"],
        "Microsoft.Logic/workflows": ["a" * 81],
        "Microsoft.MachineLearningServices/workspaces": ["-ml", "a" * 34],
        "Microsoft.MachineLearningServices/workspaces/batchEndpoints": [
            "1-endpoint",
            "endpoint-",
            "a" * 33,
        ],
        "Microsoft.MachineLearningServices/workspaces/computes": ["ab", "a" * 25, "1cpu", "cpu-1"],
        "Microsoft.Network/virtualNetworks": ["v", "vnet-"],
        "Microsoft.Network/virtualNetworks/subnets": ["_endpoints", "a" * 81],
        "Microsoft.OperationalInsights/workspaces": ["logs-"],
        "Microsoft.Resources/resourceGroups": ["group."],
        "Microsoft.ServiceBus/namespaces": ["events-"],
        "Microsoft.ServiceBus/namespaces/queues": ["-queue"],
        "Microsoft.ServiceBus/namespaces/topics": ["a" * 261],
        "Microsoft.Storage/storageAccounts": ["MyAccount", "my-account", "a" * 25],
        "Microsoft.Storage/storageAccounts/blobServices/containers": [
            "-inputs",
            "in--puts",
            "$root",
        ],
        "Microsoft.Storage/storageAccounts/queueServices/queues": ["Events", "in--puts"],
    }.items()
    for name in names
]

HOSTILE = ["", "a\nb", "abc\n", "a\x00b", "a/b", "a%2fb", "a?b", "a\\b", "x" * 10_000]
OTHER_LETTERS = ["a'b", 'a"b', "a b", "日本語", "ａｂｃ", "a\u0301bc"]  # noqa: RUF001 (full width)


def ours(names: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those of the types that a stack file names; the embedded Azure is tried with all."""
    return [each for each in names if each[0] in naming.RULES]


@pytest.mark.parametrize(("kind", "name"), ours(ALLOWED))
def test_a_name_that_follows_the_rule_is_allowed(kind: str, name: str) -> None:
    assert naming.check(kind, name) is None


@pytest.mark.parametrize(("kind", "name"), ours(REFUSED))
def test_a_name_that_breaks_the_rule_is_refused(kind: str, name: str) -> None:
    assert naming.check(kind, name) == str(naming.RULES[kind])


def test_every_rule_is_tried() -> None:
    assert {kind for kind, _ in ours(ALLOWED)} == set(naming.RULES)


@pytest.mark.parametrize("kind", naming.RULES)
def test_no_type_takes_a_hostile_name(kind: str) -> None:
    # of them a group's name alone has letters of other alphabets
    hostile = HOSTILE if kind == "Microsoft.Resources/resourceGroups" else HOSTILE + OTHER_LETTERS
    assert [name for name in hostile if naming.check(kind, name) is None] == []


def test_a_refusal_tells_length_and_characters() -> None:
    refusal = naming.check("Microsoft.Storage/storageAccounts", "My Account")

    assert refusal == (
        "The name of a storage account has 3 to 24 characters: lower-case letters and digits."
    )
