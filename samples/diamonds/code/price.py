# A folder that the service puts on the path, not a package.
# ruff: noqa: INP001
"""The second step of the sample pipeline: prices the lists that the first one has cleaned.

python price.py CLEAN_FOLDER PREDICTIONS_FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

import score


def main(clean: Path, predictions: Path) -> None:
    """Writes the predictions of each list, by the model that lies beside this script."""
    score.load(Path(__file__).resolve().parent / "model")
    for path in sorted(clean.glob("*.csv")):
        print(f"{path.name}: {score.price_file(path, predictions)} priced")  # noqa: T201 - the step's log


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
