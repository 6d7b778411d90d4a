# A script beside its data, not a package.
# ruff: noqa: INP001
"""Trains the second sample: the price of a diamond from its four Cs.

    python samples/diamonds/train.py

The data is made here: stones of random carat, cut, colour and clarity, priced by a rule of the
author's own with noise on it; it is no market data. The model is linear regression of the price's
logarithm, solved in plain Python from a fixed seed, so every run writes the same files: the
weights, and two lists of stones that the training has not seen.
"""

import csv
import json
import math
import random
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
SEED = 4
TRAINING_STONES = 2000
HELD_OUT_STONES = 12

CUTS = ("Fair", "Good", "Very Good", "Premium", "Ideal")
COLOURS = ("J", "I", "H", "G", "F", "E", "D")
CLARITIES = ("I1", "SI2", "SI1", "VS2", "VS1", "VVS2", "VVS1", "IF")
COLUMNS = ("carat", "cut", "color", "clarity")

Stone = dict[str, str]


def stone(chance: random.Random) -> Stone:
    """A stone, as a row of a CSV file has it."""
    return {
        "carat": f"{math.exp(chance.gauss(-0.4, 0.5)):.2f}",
        "cut": chance.choice(CUTS),
        "color": chance.choice(COLOURS),
        "clarity": chance.choice(CLARITIES),
    }


def price(each: Stone, chance: random.Random) -> float:
    """What it costs, in dollars, by the rule and some noise."""
    rule = 8.1 + 1.75 * math.log(float(each["carat"]))
    rule += 0.04 * CUTS.index(each["cut"]) + 0.08 * COLOURS.index(each["color"])
    rule += 0.12 * CLARITIES.index(each["clarity"])
    return math.exp(rule + chance.gauss(0, 0.08))


def features(each: Stone) -> list[float]:
    """What the model sees: a 1, the carat's logarithm, and the place of each grade."""
    return [
        1.0,
        math.log(float(each["carat"])),
        float(CUTS.index(each["cut"])),
        float(COLOURS.index(each["color"])),
        float(CLARITIES.index(each["clarity"])),
    ]


def train(stones: list[Stone], prices: list[float]) -> list[float]:
    """The weights of least squares, by the normal equations."""
    rows = [features(each) for each in stones]
    targets = [math.log(each) for each in prices]
    size = len(rows[0])
    matrix = [
        [sum(row[i] * row[j] for row in rows) for j in range(size)]
        + [sum(row[i] * target for row, target in zip(rows, targets, strict=True))]
        for i in range(size)
    ]
    return _solved(matrix)


def main() -> None:
    """Trains, writes the weights and the lists, and prints how good the model is."""
    # A fixed seed is the point: the same model comes out of every run.
    chance = random.Random(SEED)  # noqa: S311
    stones = [stone(chance) for _ in range(TRAINING_STONES)]
    weights = train(stones, [price(each, chance) for each in stones])
    model = {
        "cuts": CUTS,
        "colours": COLOURS,
        "clarities": CLARITIES,
        "weights": [round(weight, 4) for weight in weights],
    }
    path = FOLDER / "code" / "model" / "diamonds.json"
    path.write_text(json.dumps(model, indent=1) + "\n", encoding="utf-8")
    held_out = [stone(chance) for _ in range(HELD_OUT_STONES)]
    for number, part in enumerate((held_out[:6], held_out[6:]), 1):
        _write(FOLDER / "inputs" / f"diamonds-{number}.csv", part)
    error = _error(weights, chance)
    print(f"{error:.1%} off on average, with 8 % of noise")  # noqa: T201 - a script


def _error(weights: list[float], chance: random.Random) -> float:
    stones = [stone(chance) for _ in range(500)]
    off = 0.0
    for each in stones:
        logarithm = sum(w * x for w, x in zip(weights, features(each), strict=True))
        off += abs(math.exp(logarithm) / price(each, chance) - 1)
    return off / len(stones)


def _solved(matrix: list[list[float]]) -> list[float]:
    """The solution of linear equations, by Gauss and Jordan; the last column is the right side."""
    size = len(matrix)
    for column in range(size):
        pivot = max(range(column, size), key=lambda row: abs(matrix[row][column]))
        matrix[column], matrix[pivot] = matrix[pivot], matrix[column]
        matrix[column] = [value / matrix[column][column] for value in matrix[column]]
        for row in range(size):
            if row != column:
                factor = matrix[row][column]
                matrix[row] = [
                    value - factor * other
                    for value, other in zip(matrix[row], matrix[column], strict=True)
                ]
    return [row[size] for row in matrix]


def _write(path: Path, stones: list[Stone]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        rows.writeheader()
        rows.writerows(stones)


if __name__ == "__main__":
    main()
