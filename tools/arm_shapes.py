"""Cut from Azure's public types what the embedded Azure's are held against: where each key stands.

    venv/bin/python -m tools.arm_shapes FOLDER > local-azure/local_azure_tests/core/arm_shapes.json

FOLDER holds Bicep's public types of Azure (github.com/Azure/bicep-types-az, which the Terraform
provider azapi carries): `index.json`, from type and version to a file and a place in it, and those.
For each type that the embedded Azure knows: the version, what stands beside `properties`, and what
below it. A type that lacks azure-native's version is told at the newest that there is.
"""

import json
import sys
from pathlib import Path
from typing import Any

from local_azure.catalogue import TYPES


def shapes(folder: Path) -> dict[str, dict[str, Any]]:
    """For each type: ``version``, ``beside`` and ``below``."""
    index = json.loads((folder / "index.json").read_text())
    return {kind.arm_type: _shape(folder, index, kind.arm_type, kind.api_version) for kind in TYPES}


def _shape(folder: Path, index: dict[str, str], arm_type: str, version: str) -> dict[str, Any]:
    known = {name.lower(): place for name, place in index.items()}
    spoken = sorted(each for each in known if each.startswith(f"{arm_type.lower()}@"))
    wanted = f"{arm_type}@{version}".lower()
    name = wanted if wanted in known else spoken[-1]
    file, _, number = known[name].partition("#")
    types = json.loads((folder / file).read_text())
    top = _keys(types, types[_at(types[int(number)]["body"])])
    inner = types[_at(top["properties"]["type"])]
    beside = sorted(set(top) - {"apiVersion", "id", "name", "properties", "type"})
    return {
        "version": name.partition("@")[2],
        "beside": beside,
        "below": sorted(_keys(types, inner)),
    }


def _at(reference: dict[str, str]) -> int:
    return int(reference["$ref"].rpartition("/")[2])


def _keys(types: list[dict[str, Any]], kind: dict[str, Any]) -> dict[str, Any]:
    if kind["$type"] == "DiscriminatedObjectType":
        found = dict(kind.get("baseProperties", {}))
        for element in kind["elements"].values():
            found |= types[_at(element)].get("properties", {})
        return found
    return dict(kind.get("properties", {}))


if __name__ == "__main__":
    print(json.dumps(shapes(Path(sys.argv[1])), indent=1))
