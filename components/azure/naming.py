"""Azure's rules for the names that a stack file says, and one function that checks a name by them.

Whether a name is still free, in Azure or in a region, only Azure knows. Source of the rules, where
a line does not say otherwise: D:azure-resource-manager/management/resource-name-rules. That of
resource groups was not looked up there: UNVERIFIED.
"""

import re
from dataclasses import dataclass

# What names consist of: a pattern, and the same in words.
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


RULES = {
    "Microsoft.DataFactory/factories": Rule("a data factory", 3, 63, *_SINGLE_HYPHENS),
    "Microsoft.EventGrid/domains/topics": Rule("a domain topic", 3, 50, *_HYPHENS),
    # The same as for other topics: UNVERIFIED.
    "Microsoft.EventGrid/systemTopics": Rule("a system topic", 3, 50, *_HYPHENS),
    "Microsoft.EventGrid/systemTopics/eventSubscriptions": Rule(
        "an event subscription", 3, 64, *_HYPHENS
    ),
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
    # The pattern of the type Microsoft.MachineLearningServices/workspaces/computes@2025-12-01.
    "Microsoft.MachineLearningServices/workspaces/computes": Rule(
        "a compute",
        3,
        24,
        r"[A-Za-z](?![A-Za-z0-9-]*-\d+$)[A-Za-z0-9-]+",
        "letters, digits and hyphens, the first a letter,"
        " the end no hyphen with digits only after it",
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
    "Microsoft.Resources/resourceGroups": Rule(
        "a resource group",
        1,
        90,
        r"[\w().-]*[\w()-]",
        "letters, digits and any of '-', '_', '.', '()', no '.' at the end",
    ),
    "Microsoft.Storage/storageAccounts": Rule(
        "a storage account", 3, 24, "[a-z0-9]+", "lower-case letters and digits"
    ),
    "Microsoft.Storage/storageAccounts/blobServices/containers": Rule(
        "a blob container", 3, 63, *_LOWER_CASE_AND_HYPHENS
    ),
}
"""Rules by the Resource Manager's name of the type."""


def check(kind: str, name: str) -> str | None:
    """What is wrong with a name.

    Args:
        kind: type of the Resource Manager, such as `Microsoft.Storage/storageAccounts`.
        name: the name without those of its parents.

    Returns:
        The rule that the name breaks, as a sentence; None if it breaks none.
    """
    rule = RULES[kind]
    fits = rule.shortest <= len(name) <= rule.longest
    return None if fits and re.fullmatch(rule.pattern, name) else str(rule)
