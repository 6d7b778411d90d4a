# A folder that the service puts on the path, not a package.
# ruff: noqa: INP001
"""Prices lists of diamonds in an Azure Machine Learning batch deployment.

Each `<name>.csv` becomes `<name>_predictions.csv` beside the job's other outputs: the same columns,
and the price in dollars. Only the standard library is used.
"""

from __future__ import annotations

import csv
import json
import math
import os
from pathlib import Path
from typing import Any

MODEL: dict[str, Any] = {}


def init() -> None:
    """Loads the weights from the folder that the service mounts the model in."""
    load(Path(os.environ["AZUREML_MODEL_DIR"]))


def run(mini_batch: list[str]) -> list[str]:
    """Writes the predictions of each list; one line a list, with how many stones were priced.

    A file whose name begins with an underscore, such as `_SUCCESS`, only tells that a folder is
    complete: it stays without a line.
    """
    folder = Path(os.environ["AZUREML_BI_OUTPUT_PATH"])
    lists = [path for path in map(Path, mini_batch) if not path.name.startswith("_")]
    return [json.dumps({"file": path.name, "priced": price_file(path, folder)}) for path in lists]


def load(folder: Path) -> None:
    """Loads the weights, which lie somewhere below a folder.

    Raises:
        FileNotFoundError: they don't.
    """
    found = sorted(folder.rglob("diamonds.json"))
    if not found:
        message = f"There is no diamonds.json under {folder}"
        raise FileNotFoundError(message)
    MODEL.update(json.loads(found[0].read_text(encoding="utf-8")))


def price_file(path: Path, folder: Path) -> int:
    """Writes the predictions of one list into a folder; how many stones were priced.

    Raises:
        ValueError: a row that is no diamond; file, line and what is wrong with it.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for line, row in enumerate(rows, 2):
        try:
            row["price"] = str(round(price(row)))
        except (KeyError, TypeError, ValueError) as error:
            message = (
                f"{path.name}, line {line}: no diamond with carat, cut, color, clarity: {error}"
            )
            raise ValueError(message) from None
    target = folder / f"{path.stem}_predictions.csv"
    with target.open("w", encoding="utf-8", newline="") as file:
        written = csv.DictWriter(file, list(rows[0]) if rows else ["price"], lineterminator="\n")
        written.writeheader()
        written.writerows(rows)
    return len(rows)


def price(row: dict[str, str]) -> float:
    """The price of one stone, in dollars."""
    features = [
        1.0,
        math.log(float(row["carat"])),
        MODEL["cuts"].index(row["cut"]),
        MODEL["colours"].index(row["color"]),
        MODEL["clarities"].index(row["clarity"]),
    ]
    return math.exp(sum(w * x for w, x in zip(MODEL["weights"], features, strict=True)))
