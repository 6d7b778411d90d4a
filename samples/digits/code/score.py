# A folder that the service puts on the path, not a package.
# ruff: noqa: INP001
"""Scores images of digits in an Azure Machine Learning batch deployment.

The batch contract (D:machine-learning/how-to-batch-scoring-script): `init` runs once in each
process, `run` gets the paths of a mini-batch and returns one row for each file that it scored.
Only the standard library is used, so any image with Python 3.10 or newer runs it.
"""

from __future__ import annotations

import json
import math
import os
from pathlib import Path
from typing import Any

MODEL: dict[str, Any] = {}


def init() -> None:
    """Loads the weights from the folder that the service mounts the model in."""
    folder = Path(os.environ["AZUREML_MODEL_DIR"])
    # The service puts the registered folder's own name in between; a local run may not.
    found = sorted(folder.rglob("digits.json"))
    if not found:
        message = f"There is no digits.json under {folder}"
        raise FileNotFoundError(message)
    MODEL.update(json.loads(found[0].read_text(encoding="utf-8")))


def run(mini_batch: list[str]) -> list[str]:
    """One line for each image: its file, the digit, how sure the model is.

    A file whose name begins with an underscore, such as `_SUCCESS`, only tells that a folder is
    complete: it stays without a line.
    """
    return [predict(path) for path in map(Path, mini_batch) if not path.name.startswith("_")]


def predict(path: Path) -> str:
    """The row of one image, as JSON: names with commas or quotes stay whole."""
    chances = probabilities(read_pgm(path))
    surest = max(chances)
    row = {"file": path.name, "digit": chances.index(surest), "confidence": round(surest, 4)}
    return json.dumps(row, ensure_ascii=False)


def read_pgm(path: Path) -> list[int]:
    """The pixels of a plain PGM image with the model's size.

    Raises:
        ValueError: the file is something else.
    """
    words = path.read_text(encoding="ascii", errors="replace").split()
    side = str(MODEL["side"])
    header = ["P2", side, side, str(MODEL["white"])]
    if words[:4] != header or len(words) != len(header) + MODEL["side"] ** 2:
        message = f"{path.name} is no plain PGM image of {side} by {side} pixels"
        raise ValueError(message)
    return [int(word) for word in words[4:]]


def probabilities(pixels: list[int]) -> list[float]:
    """How sure the model is of each digit, from 0 to 9; together 1."""
    ink = [1 - pixel / MODEL["white"] for pixel in pixels] + [1.0]
    scores = [sum(w * x for w, x in zip(row, ink, strict=True)) for row in MODEL["weights"]]
    highest = max(scores)
    powers = [math.exp(score - highest) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]
