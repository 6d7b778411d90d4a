"""What is made from the schema in Pulumi.yaml: the table of keys, and what editors complete by.

``python -m tools.configuration`` writes docs/configuration.md and stack.schema.json anew; tests
refuse files that are behind.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import yaml

PROJECT = Path(__file__).resolve().parent.parent
PAGE = PROJECT / "docs" / "configuration.md"
SCHEMA = PROJECT / "stack.schema.json"
_BEGIN, _END = "<!-- configuration keys -->", "<!-- end of configuration keys -->"


def configuration(schema: dict[str, Any]) -> str:
    """The Markdown table of a project's ``config`` section, in its order."""
    rows = ["| Key | Type | Default | Meaning |", "|---|---|---|---|"]
    for key, entry in schema.items():
        default = entry.get("default", "")
        shown = f"`{json.dumps(default)}`" if default not in ("", [], {}) else ""
        secret = " (secret)" if entry.get("secret") else ""
        meaning = " ".join(entry["description"].split()).replace("|", "\\|")
        rows.append(f"| `{key}` | {entry['type']}{secret} | {shown} | {meaning} |")
    return "\n".join(rows)


def with_table(page: str, project: dict[str, Any]) -> str:
    """The page with its table as the schema has it now.

    Raises:
        ValueError: when the place for the table is missing.
    """
    table = f"{_BEGIN}\n\n{configuration(project['config'])}\n\n{_END}"
    place = re.compile(f"{re.escape(_BEGIN)}.*?{re.escape(_END)}", re.DOTALL)
    if not place.search(page):
        message = f"{PAGE.name} lacks the lines {_BEGIN} and {_END}; put them back."
        raise ValueError(message)
    return place.sub(lambda _: table, page)


def stack_schema(project: dict[str, Any]) -> dict[str, Any]:
    """The JSON Schema of a stack file: our keys with their types, any of other namespaces."""
    ours, known = f"{project['name']}:", project["config"]
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"Stack file of {project['name']}",
        "type": "object",
        "properties": {
            "config": {
                "type": "object",
                "properties": {ours + key: _described(entry) for key, entry in known.items()},
                # A key of ours that there is not is underlined.
                "patternProperties": {f"^{ours}(?!({'|'.join(known)})$)": False},
            }
        },
    }


def _described(entry: dict[str, Any]) -> dict[str, Any]:
    said = {"description": " ".join(entry["description"].split()), "type": entry["type"]}
    items = {"items": {"type": entry["items"]["type"]}} if "items" in entry else {}
    return said | items | ({"default": entry["default"]} if entry.get("default") else {})


def main() -> None:
    """Write the table into the page, and the schema."""
    project = yaml.safe_load((PROJECT / "Pulumi.yaml").read_text())
    PAGE.write_text(with_table(PAGE.read_text(), project))
    SCHEMA.write_text(json.dumps(stack_schema(project), indent=2) + "\n")


if __name__ == "__main__":
    main()
