"""The table of keys in docs/configuration.md, made from the schema in Pulumi.yaml.

``python -m tools.configuration_table`` writes it anew; a test refuses a page that is behind.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import yaml

PROJECT = Path(__file__).resolve().parent.parent
PAGE = PROJECT / "docs" / "configuration.md"
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


def main() -> None:
    """Write the table into the page."""
    project = yaml.safe_load((PROJECT / "Pulumi.yaml").read_text())
    PAGE.write_text(with_table(PAGE.read_text(), project))


if __name__ == "__main__":
    main()
