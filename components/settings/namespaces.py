"""Keys of a stack file beside the program's own: slips in a namespace, or in a provider's key.

Neither the engine nor a provider tells: a value under a wrong name is read by nobody.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

from components.settings import azure_lists
from components.settings.problems import Problem
from components.settings.settings import Settings

NAMESPACE = "azureml-batch-events"
"""The namespace in the stack files of this repository, which `pulumi new` copies as they are."""

READ = ("azure-native", "azuread", "random", "pulumi")
"""Namespaces, beside the program's own, that something reads."""


def slips(namespace: str, names: Iterable[str]) -> list[Problem]:
    """Keys that were meant otherwise.

    Args:
        namespace: the program's own.
        names: keys of other namespaces, with them.
    """
    meant = {name: _meant(namespace, name) for name in names}
    return [
        Problem(
            name,
            "a key that nothing reads (value not shown)",
            f"a key of {namespace} or of a provider; did you mean {right}?",
            f"{right}: (the same value)",
        )
        for name, right in meant.items()
        if right
    ]


def outside(namespace: str, file: Path) -> Iterator[Problem]:
    """Keys of a stack file that stand beside `config:`, where the engine reads none of them.

    Args:
        namespace: the program's own.
        file: the stack file; where there is none nothing is told.
    """
    said = yaml.safe_load(file.read_text(encoding="utf-8")) if file.is_file() else None
    names = [name for name in said or () if str(name).partition(":")[0] == namespace]
    if names:
        yield Problem(
            str(file),
            f"{', '.join(names)} outside of `config:` (values not shown)",
            "each key below `config:`, and further in than it",
            f"config: above {names[0]}, and two spaces before each line that follows",
        )


def unread(names: Iterable[str]) -> list[str]:
    """Sentences about keys of namespaces that are like none that is read."""
    return [
        f"{name}: nothing reads this key; the namespaces of the providers are {', '.join(READ)}."
        for name in names
        if name.partition(":")[0] not in READ
    ]


def _meant(namespace: str, name: str) -> str:
    """The key that was meant, with its namespace; empty where it is right, or like no other."""
    given, _, key = name.partition(":")
    if given in ("azure-native", "azuread"):
        right = azure_lists.near(key, azure_lists.of(given))
        return f"{given}:{right}" if right not in ("", key) else ""
    if given in READ:
        return ""
    # `azure` is a provider that other programs use, and others have a `location` too.
    right = azure_lists.near(given, (namespace, *READ), cutoff=0.85)
    ours = given == NAMESPACE or "_" in key
    if not right and ours and key in Settings.model_fields:
        right = namespace
    return f"{right}:{key}" if right else ""
