# A script beside its data, not a package.
# ruff: noqa: INP001
"""Trains the sample model: drawn digits of 8 by 8 pixels, told apart.

    python samples/digits/train.py

The data is made here: each digit has a drawing, and each image is that drawing moved by up to a
pixel, with strokes of varied darkness and noise. The model is multinomial logistic regression,
trained in plain Python from a fixed seed, so every run writes the same files: the weights, and a
few images that the training has not seen. This is a sample to try the batch endpoint with, not a
benchmark.
"""

import json
import math
import random
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
SIDE = 8
WHITE = 255
SEED = 7
TRAINING_IMAGES = 1500
HELD_OUT_IMAGES = 500
PASSES = 12
LEARNING_RATE = 0.1

DRAWINGS = {
    0: " #### /##  ##/##  ##/##  ##/##  ##/ #### ",
    1: "  ##  / ###  /  ##  /  ##  /  ##  /######",
    2: " #### /##  ##/   ## /  ##  / ##   /######",
    3: "##### /    ##/ #### /    ##/    ##/##### ",
    4: "   ## /  ### / # ## /######/   ## /   ## ",
    5: "######/##    /##### /    ##/    ##/##### ",
    6: " #### /##    /##### /##  ##/##  ##/ #### ",
    7: "######/    ##/   ## /  ##  / ##   /##    ",
    8: " #### /##  ##/ #### /##  ##/##  ##/ #### ",
    9: " #### /##  ##/ #####/    ##/   ## / ###  ",
}

Image = list[int]
Sample = tuple[Image, int]
Weights = list[list[float]]


def draw(digit: int, chance: random.Random) -> Image:
    """One image of a digit: rows of pixels from 0 (black) to 255 (white)."""
    left, top = chance.randint(0, 2), chance.randint(0, 2)
    darkness = chance.uniform(0.6, 1.0)
    pixels = [0.0] * (SIDE * SIDE)
    for y, row in enumerate(DRAWINGS[digit].split("/")):
        for x, mark in enumerate(row):
            if mark == "#":
                pixels[(y + top) * SIDE + x + left] = darkness
    return [_pixel(ink + chance.gauss(0, 0.15)) for ink in pixels]


def samples(count: int, chance: random.Random) -> list[Sample]:
    """Images with their digits, all digits equally often."""
    return [(draw(number % 10, chance), number % 10) for number in range(count)]


def train(data: list[Sample], chance: random.Random) -> Weights:
    """One row of weights for each digit; the last weight of a row is its bias."""
    weights = [[0.0] * (SIDE * SIDE + 1) for _ in DRAWINGS]
    order = list(data)
    for _ in range(PASSES):
        chance.shuffle(order)
        for image, digit in order:
            _step(weights, ink_of(image), digit)
    return weights


def probabilities(weights: Weights, ink: list[float]) -> list[float]:
    """How sure the model is of each digit; together 1."""
    scores = [sum(w * x for w, x in zip(row, ink, strict=True)) for row in weights]
    highest = max(scores)
    powers = [math.exp(score - highest) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]


def ink_of(image: Image) -> list[float]:
    """Pixels as the model takes them, 1 for ink and 0 for paper, and a 1 for the bias."""
    return [1 - pixel / WHITE for pixel in image] + [1.0]


def accuracy(weights: Weights, data: list[Sample]) -> float:
    """The part of the images whose digit is the likeliest one."""
    right = 0
    for image, digit in data:
        chances = probabilities(weights, ink_of(image))
        right += chances.index(max(chances)) == digit
    return right / len(data)


def to_pgm(image: Image) -> str:
    """The image as a plain PGM file, which any image viewer opens."""
    rows = [image[start : start + SIDE] for start in range(0, len(image), SIDE)]
    lines = [" ".join(f"{pixel:3}" for pixel in row) for row in rows]
    return "\n".join([f"P2\n{SIDE} {SIDE}\n{WHITE}", *lines, ""])


def main() -> None:
    """Trains, writes the weights and ten images, and prints how good the model is."""
    # A fixed seed is the point: the same model comes out of every run.
    chance = random.Random(SEED)  # noqa: S311
    weights = train(samples(TRAINING_IMAGES, chance), chance)
    held_out = samples(HELD_OUT_IMAGES, chance)
    score = accuracy(weights, held_out)
    model = {
        "side": SIDE,
        "white": WHITE,
        "held_out_accuracy": score,
        "weights": [[round(weight, 3) for weight in row] for row in weights],
    }
    (FOLDER / "model" / "digits.json").write_text(_readable(model), encoding="utf-8")
    for image, digit in held_out[:10]:
        path = FOLDER / "inputs" / f"digit-{digit}.pgm"
        path.write_text(to_pgm(image), encoding="utf-8")
    print(f"{score:.1%} of {HELD_OUT_IMAGES} held-out images told right")  # noqa: T201 - a script


def _step(weights: Weights, ink: list[float], digit: int) -> None:
    for label, chance in enumerate(probabilities(weights, ink)):
        error = chance - (1.0 if label == digit else 0.0)
        row = weights[label]
        for place, value in enumerate(ink):
            row[place] -= LEARNING_RATE * error * value


def _pixel(ink: float) -> int:
    return round(WHITE * (1 - min(max(ink, 0.0), 1.0)))


def _readable(model: dict[str, object]) -> str:
    """JSON with one row of weights a line."""
    return json.dumps(model).replace("[[", "[\n[").replace("], [", "],\n[") + "\n"


if __name__ == "__main__":
    main()
