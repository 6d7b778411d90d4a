"""Cases that are data: YAML beside the tests that read them, in which no case hides another."""

from pathlib import Path
from typing import Any

import yaml


class _EachOnce(yaml.CSafeLoader):
    """Lets no case disappear behind another one of the same key."""

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:  # noqa: FBT001, FBT002 as the base
        names = [key.value for key, _ in node.value]
        assert len(set(names)) == len(names), names
        return super().construct_mapping(node, deep)


def read_cases(text: str) -> dict[str, Any]:
    """What a text of cases says."""
    told: dict[str, Any] = yaml.load(text, _EachOnce)  # noqa: S506 - it is a safe one
    return told


def cases_beside(test: str, topic: str) -> dict[str, Any]:
    """The cases of a topic, in the folder `cases` beside a test's file."""
    file = Path(test).with_name("cases").joinpath(f"{topic}.yaml")
    return read_cases(file.read_text(encoding="utf-8"))
