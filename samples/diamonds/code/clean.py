# A folder that the service puts on the path, not a package.
# ruff: noqa: INP001
"""The first step of the sample pipeline: leaves out the rows that miss a value.

python clean.py DATA_FOLDER CLEAN_FOLDER
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path


def main(data: Path, clean: Path) -> None:
    """Writes each list of a folder into another one, without its incomplete rows."""
    for path in sorted(data.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            columns = list(rows.fieldnames or [])
            whole = [row for row in rows if all(row[column] for column in columns)]
        with (clean / path.name).open("w", encoding="utf-8", newline="") as file:
            written = csv.DictWriter(file, columns, lineterminator="\n")
            written.writeheader()
            written.writerows(whole)
        print(f"{path.name}: {len(whole)} whole rows")  # noqa: T201 - the step's log


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
