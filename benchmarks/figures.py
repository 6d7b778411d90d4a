"""A measured figure, its floor, and tables of them."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One line of the results.

    Attributes:
        name: what was measured.
        values: the measurements, in ``unit``.
        unit: such as ``s``, ``ms`` or ``1/s``.
        floor: the measurements of what it is compared with, in the same unit.
        against: what that is.
        aim: the ratio of the medians that is aimed at, if there is one.
    """

    name: str
    values: tuple[float, ...]
    unit: str
    floor: tuple[float, ...] = ()
    against: str = ""
    aim: str = ""

    @property
    def ratio(self) -> float | None:
        """Median over the floor's median."""
        if not self.floor:
            return None
        return statistics.median(self.values) / statistics.median(self.floor)

    def cells(self) -> tuple[str, ...]:
        """The line's cells, as text."""
        return (
            self.name,
            f"{_spread(self.values)} {self.unit}",
            f"{_spread(self.floor)} {self.unit}, {self.against}" if self.floor else "",
            "" if self.ratio is None else f"{self.ratio:.2f}",
            self.aim,
        )


HEADINGS = ("what", "min/median/max", "against", "ratio", "aim")


def seconds(step: Callable[[], object]) -> float:
    """How long a step takes."""
    began = time.perf_counter()
    step()
    return time.perf_counter() - began


def markdown(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table."""
    lines = [_line(HEADINGS), _line(["---"] * len(HEADINGS))]
    return "\n".join([*lines, *(_line(figure.cells()) for figure in figures)])


def plain(figures: Sequence[Figure]) -> str:
    """The figures as a table for a terminal."""
    rows = [HEADINGS, *(figure.cells() for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    padded = [[cell.ljust(width) for cell, width in zip(r, widths, strict=True)] for r in rows]
    return "\n".join("  ".join(row).rstrip() for row in padded)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _spread(values: Sequence[float]) -> str:
    if len(values) == 1:
        return f"{values[0]:.4g}"
    chosen = (min(values), statistics.median(values), max(values))
    return "/".join(f"{value:.4g}" for value in chosen)
