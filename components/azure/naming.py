"""Azure's rules for names, as data, and one function that checks a name by them.

Whether a name is still free, in Azure or in a region, only Azure knows. Source of the rules, where
a line does not say otherwise: D:azure-resource-manager/management/resource-name-rules. Those of
registries, Application Insights, vault secrets, deployments and resource groups were not looked up
there: UNVERIFIED.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# What names consist of: a pattern, and the same in words.
_LETTERS_AND_DIGITS = ("[A-Za-z0-9]+", "letters and digits")
_HYPHENS = ("[A-Za-z0-9-]+", "letters, digits and hyphens")
_SINGLE_HYPHENS = (
    "[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*",
    "letters, digits and single hyphens between them",
)
_LOWER_CASE_AND_HYPHENS = (
    "[a-z0-9]+(?:-[a-z0-9]+)*",
    "lower-case letters, digits and single hyphens between them",
)
_FROM_A_LETTER = (
    "[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?",
    "letters, digits and hyphens, the first a letter, the last no hyphen",
)
_GUID = ("[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", "a GUID")
_PIPELINE = (
    r"[A-Za-z0-9_][^<>*#.%&:\\+?/\x00-\x1f]*",
    r"none of < > * # . % & : \ + ? /, the first a letter, a digit or '_'",
)
_LINKED_SERVICE = (
    r"[A-Za-z0-9_][^<>*#.%&:\\+?/\x00-\x1f-]*",
    r"none of < > * # . % & : \ + ? / -, the first a letter, a digit or '_'",
)
_ENTITY = (
    "[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?",
    "letters, digits and any of '-', '_', '.', the first and the last a letter or a digit",
)
_ASSET = (
    "[A-Za-z0-9][A-Za-z0-9._-]*",
    "letters, digits, '-', '_' and '.', the first a letter or a digit",
)
_NETWORKED = (
    "[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?",
    "letters, digits and any of '-', '_', '.', the first a letter or digit, the last no '-' or '.'",
)
_PARENTHESES = ("[A-Za-z0-9._()-]+", "letters, digits and any of '-', '_', '.', '()'")


@dataclass(frozen=True)
class Rule:
    """What Azure allows as the name of one type of resource."""

    what: str
    """The type in words, with its article."""

    shortest: int
    """Characters at least."""

    longest: int
    """Characters at most."""

    pattern: str
    """What the whole name has to match; lengths are told apart."""

    characters: str
    """The pattern in words."""

    def __str__(self) -> str:
        """The rule as a sentence."""
        size = f"{self.shortest} to {self.longest} characters"
        return f"The name of {self.what} has {size}: {self.characters}."


_MESSAGING_NAMESPACE = Rule("a namespace", 6, 50, *_FROM_A_LETTER)

RULES = {
    "Microsoft.Authorization/roleAssignments": Rule("a role assignment", 36, 36, *_GUID),
    "Microsoft.Authorization/roleDefinitions": Rule("a role definition", 36, 36, *_GUID),
    "Microsoft.ContainerRegistry/registries": Rule(
        "a container registry", 5, 50, *_LETTERS_AND_DIGITS
    ),
    "Microsoft.DataFactory/factories": Rule("a data factory", 3, 63, *_SINGLE_HYPHENS),
    # From D:data-factory/naming-rules.
    "Microsoft.DataFactory/factories/pipelines": Rule("a pipeline", 1, 260, *_PIPELINE),
    "Microsoft.DataFactory/factories/triggers": Rule("a trigger", 1, 260, *_PIPELINE),
    "Microsoft.DataFactory/factories/linkedServices": Rule(
        "a linked service", 1, 260, *_LINKED_SERVICE
    ),
    "Microsoft.DataFactory/factories/datasets": Rule("a dataset", 1, 260, *_LINKED_SERVICE),
    # The pattern of the type Microsoft.DataFactory/factories/credentials@2018-06-01.
    "Microsoft.DataFactory/factories/credentials": Rule(
        "a credential",
        1,
        127,
        "[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?",
        "letters, digits, '-' and '_', no hyphen at either end",
    ),
    "Microsoft.EventGrid/domains": Rule("an Event Grid domain", 3, 50, *_HYPHENS),
    "Microsoft.EventGrid/domains/topics": Rule("a domain topic", 3, 50, *_HYPHENS),
    "Microsoft.EventGrid/eventSubscriptions": Rule("an event subscription", 3, 64, *_HYPHENS),
    # The same as for other topics: UNVERIFIED.
    "Microsoft.EventGrid/systemTopics": Rule("a system topic", 3, 50, *_HYPHENS),
    "Microsoft.EventGrid/systemTopics/eventSubscriptions": Rule(
        "an event subscription", 3, 64, *_HYPHENS
    ),
    "Microsoft.EventGrid/topics": Rule("a topic", 3, 50, *_HYPHENS),
    "Microsoft.EventHub/namespaces": _MESSAGING_NAMESPACE,
    "Microsoft.EventHub/namespaces/eventhubs": Rule("an event hub", 1, 256, *_ENTITY),
    "Microsoft.Insights/components": Rule(
        "an Application Insights component",
        1,
        260,
        r"[^%&\\?/\x00-\x1f]*[^%&\\?/\x00-\x1f .]",
        r"none of % & \ ? /, no space or '.' at the end",
    ),
    "Microsoft.KeyVault/vaults": Rule(
        "a key vault",
        3,
        24,
        "[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*",
        "letters, digits and single hyphens between them, the first a letter",
    ),
    "Microsoft.KeyVault/vaults/secrets": Rule("a secret", 1, 127, *_HYPHENS),
    "Microsoft.Logic/workflows": Rule("a logic app", 1, 80, *_PARENTHESES),
    # AML120: the pattern of the Resource Manager's model.
    "Microsoft.MachineLearningServices/workspaces": Rule(
        "a workspace",
        3,
        33,
        "[A-Za-z0-9][A-Za-z0-9_-]*",
        "letters, digits, '-' and '_', the first a letter or a digit",
    ),
    # AML: a constant of azure-ai-ml. Unique in its region (D:how-to-deploy-batch-with-rest).
    "Microsoft.MachineLearningServices/workspaces/batchEndpoints": Rule(
        "a batch endpoint", 3, 32, *_FROM_A_LETTER
    ),
    # The same as the endpoint's: UNVERIFIED.
    "Microsoft.MachineLearningServices/workspaces/batchEndpoints/deployments": Rule(
        "a batch deployment", 3, 32, *_FROM_A_LETTER
    ),
    # The rule of all assets: UNVERIFIED.
    "Microsoft.MachineLearningServices/workspaces/codes": Rule("a code asset", 1, 255, *_ASSET),
    # The pattern of the type Microsoft.MachineLearningServices/workspaces/computes@2025-12-01.
    "Microsoft.MachineLearningServices/workspaces/computes": Rule(
        "a compute",
        3,
        24,
        r"[A-Za-z](?![A-Za-z0-9-]*-\d+$)[A-Za-z0-9-]+",
        "letters, digits and hyphens, the first a letter,"
        " the end no hyphen with digits only after it",
    ),
    # UNVERIFIED.
    "Microsoft.MachineLearningServices/workspaces/datastores": Rule(
        "a datastore", 1, 255, "[A-Za-z0-9_]+", "letters, digits and '_'"
    ),
    "Microsoft.MachineLearningServices/workspaces/environments": Rule(
        "an environment", 1, 255, *_ASSET
    ),
    "Microsoft.MachineLearningServices/workspaces/models": Rule("a model", 1, 255, *_ASSET),
    "Microsoft.ManagedIdentity/userAssignedIdentities": Rule(
        "a user-assigned identity", 3, 128, "[A-Za-z0-9_-]+", "letters, digits, '-' and '_'"
    ),
    "Microsoft.Network/virtualNetworks": Rule("a virtual network", 2, 64, *_NETWORKED),
    "Microsoft.Network/virtualNetworks/subnets": Rule("a subnet", 1, 80, *_NETWORKED),
    "Microsoft.OperationalInsights/workspaces": Rule(
        "a Log Analytics workspace",
        4,
        63,
        "[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9]",
        "letters, digits and hyphens, no hyphen at either end",
    ),
    "Microsoft.Resources/deployments": Rule("a deployment", 1, 64, *_PARENTHESES),
    "Microsoft.Resources/resourceGroups": Rule(
        "a resource group",
        1,
        90,
        r"[\w().-]*[\w()-]",
        "letters, digits and any of '-', '_', '.', '()', no '.' at the end",
    ),
    "Microsoft.ServiceBus/namespaces": _MESSAGING_NAMESPACE,
    # Azure allows slashes inside, too; a resource id can't have them.
    "Microsoft.ServiceBus/namespaces/queues": Rule("a Service Bus queue", 1, 260, *_ENTITY),
    "Microsoft.ServiceBus/namespaces/topics": Rule("a Service Bus topic", 1, 260, *_ENTITY),
    "Microsoft.Storage/storageAccounts": Rule(
        "a storage account", 3, 24, "[a-z0-9]+", "lower-case letters and digits"
    ),
    "Microsoft.Storage/storageAccounts/blobServices/containers": Rule(
        "a blob container", 3, 63, *_LOWER_CASE_AND_HYPHENS
    ),
    "Microsoft.Storage/storageAccounts/queueServices/queues": Rule(
        "a storage queue", 3, 63, *_LOWER_CASE_AND_HYPHENS
    ),
    "Microsoft.Web/serverfarms": Rule("an App Service plan", 1, 40, *_HYPHENS),
    "Microsoft.Web/sites": Rule("a web site", 2, 60, *_HYPHENS),
}
"""Rules by the Resource Manager's name of the type."""

_BY_LOWER_CASE = {kind.lower(): rule for kind, rule in RULES.items()}


def rule(kind: str) -> Rule | None:
    """The rule for a type of the Resource Manager, whose case does not matter; None if unknown."""
    return _BY_LOWER_CASE.get(kind.lower())


def check(kind: str, name: str) -> str | None:
    """What is wrong with a name.

    Args:
        kind: type of the Resource Manager, such as `Microsoft.Storage/storageAccounts`.
        name: the name without those of its parents.

    Returns:
        The rule that the name breaks, as a sentence; None if it breaks none.

    Raises:
        ValueError: a type that has no rule here.
    """
    found = rule(kind)
    if found is None:
        raise ValueError(f"There is no rule for names of {kind!r}.")
    fits = found.shortest <= len(name) <= found.longest
    return None if fits and re.fullmatch(found.pattern, name) else str(found)
