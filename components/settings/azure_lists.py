"""What Azure and its providers knew on a day: `azure_lists.yaml`, which says from where."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_FILE: dict[str, str] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text())


def of(name: str) -> tuple[str, ...]:
    """A list of the file, with `{1,2}` written out."""
    return tuple(each for told in _FILE[name].split() for each in _written_out(told))


def near(name: str, known: tuple[str, ...], cutoff: float = 0.8) -> str:
    """The name that was meant, if one is like it; its case does not count. Empty without one."""
    lowered = {each.lower(): each for each in known}
    found = difflib.get_close_matches(name.lower(), lowered, n=1, cutoff=cutoff)
    return lowered[found[0]] if found else ""


def advice(values: Mapping[str, Any]) -> Iterator[str]:
    """Sentences about a region or a size of machine that Azure did not have on that day."""
    if values["location"] not in of("regions"):
        yield _unknown("location", values["location"], "regions", of("regions"))
    sizes = tuple(f"Standard_{size}" for size in of("sizes"))
    if values["vm_size"].lower() not in map(str.lower, sizes):
        yield _unknown("vm_size", values["vm_size"], "sizes of machine", sizes)


def _unknown(key: str, given: str, what: str, known: tuple[str, ...]) -> str:
    meant = near(given, known)
    question = f"; did you mean {meant}?" if meant else "."
    return (
        f"{key}: {given} is none of the {what} that Azure had in May 2026"
        f" (components/settings/azure_lists.yaml){question}"
    )


def _written_out(told: str) -> Iterator[str]:
    before, _, rest = told.partition("{")
    choices, _, after = rest.partition("}")
    for choice in choices.split(","):
        yield f"{before}{choice}{after}"
