"""The README's table of configuration keys, made from the schema in Pulumi.yaml.

``python -m tools.readme_tables`` writes it anew; a test refuses a README that is behind.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import yaml

PROJECT = Path(__file__).resolve().parent.parent
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


def with_tables(readme: str, project: dict[str, Any]) -> str:
    """The README with its table as the schema has it now.

    Raises:
        ValueError: when the place for the table is missing.
    """
    table = f"{_BEGIN}\n\n{configuration(project['config'])}\n\n{_END}"
    place = re.compile(f"{re.escape(_BEGIN)}.*?{re.escape(_END)}", re.DOTALL)
    if not place.search(readme):
        message = f"README.md lacks the lines {_BEGIN} and {_END}; put them back."
        raise ValueError(message)
    return place.sub(lambda _: table, readme)


def main() -> None:
    """Write the table into README.md."""
    readme = PROJECT / "README.md"
    project = yaml.safe_load((PROJECT / "Pulumi.yaml").read_text())
    readme.write_text(with_tables(readme.read_text(), project))


if __name__ == "__main__":
    main()
